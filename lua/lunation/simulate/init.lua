-- SPDX-License-Identifier: GPL-3.0-or-later
-- simulate: a cohort from a specification. The order is fixed: given patients, variables, events,
-- what is seen of them, the search for the targets, later variables, visits.
local calibrate = require "lunation.simulate.calibrate"
local cohort = require "lunation.simulate.cohort"
local core = require "lunation.core"
local draw = require "lunation.simulate.draw"
local events = require "lunation.simulate.events"
local lesions = require "lunation.simulate.visits"
local load = require "lunation.simulate.load"
local outcome = require "lunation.simulate.outcome"
local path = require "lunation.base.path"
local schema = require "lunation.recipe.schema"
local write = require "lunation.simulate.write"

local M = {}

local function each(map, f)
  for _, name in ipairs(map and schema.keys(map) or {}) do f(name, map[name]) end
end

local function contains(list, v)
  for _, x in ipairs(list or {}) do if x == v then return true end end
  return false
end

-- The patients of the table that is given, in random order.
local function given(spec)
  local t = spec.value.table
  local file = path.beside(spec.file, t.file)
  local declared = {}
  each(t.columns, function(name, column)
    declared[name] = type(column) == "table"
      and { type = "factor", levels = table.move(column, 1, #column, 1, {}) }
      or { type = column }
  end)
  local data = core.csv.read(file, { columns = declared })
  local n = spec.value.n or #data
  if n ~= #data then
    load.fail(spec, "n", "recipe.simulate",
      ("%s has %d patients, but %d are asked for"):format(file, #data, n),
      "a table that is given fixes the number of patients")
  end
  local c = cohort.new(spec, n)
  spec.inputs[file] = core.digest.file(file)
  local order = t.shuffle and c:rng("rows of the table"):permutation(n) or nil
  for _, name in ipairs(data:names()) do
    local column = data:column(name)
    local values, moved = cohort.plain(column, n), {}
    for i = 1, n do moved[i] = values[order and order[i] or i] end
    c:set(name, moved, { type = column.type, levels = column.type == "factor"
      and column.levels or nil,
      hidden = not contains(t.write, name), part = "table" })
  end
  return c
end

-- Names that the specification's columns name must exist.
local function columns(c)
  local v, out = c.spec.value, {}
  for k, name in ipairs(v.columns or {}) do
    if name ~= v.key and not c:has(name) then
      load.fail(c.spec, ("columns[%d]"):format(k), "recipe.simulate",
        ('columns: there is no variable "%s"'):format(name))
    end
    if name ~= v.key then out[#out + 1] = name end
  end
  if v.columns then return out end
  for _, name in ipairs(c.order) do if not c.about[name].hidden then out[#out + 1] = name end end
  return out
end

-- So many values are left out of the file: the patients are chosen at random.
local function leave_out(c, name)
  local count, out, some = c.about[name].missing or 0, table.move(c.values[name], 1, c.n, 1, {}), {}
  if count == 0 then return out end
  for i = 1, c.n do if out[i] ~= nil then some[#some + 1] = i end end
  if count > #some then
    local where = ("%s.%s.missing"):format(c.about[name].part, name)
    load.fail(c.spec, where, "recipe.simulate",
      ("%s: there are only %d values"):format(where, #some))
  end
  local order = c:rng("missing " .. name):permutation(#some)
  for k = 1, count do out[some[order[k]]] = nil end
  return out
end

-- A file with rows made of the variables: { name, columns, what, rows }.
local function long(c, name, t, ids)
  local out, of, number = { name = name, columns = {}, what = "for each patient", rows = {} }, {},
    {}
  for _, row in ipairs(t.rows) do
    each(row.values, function(column)
      if not number[column] then
        out.columns[#out.columns + 1], number[column] = column, #out.columns + 2
      end
    end)
  end
  for i = 1, c.n do of[i] = {} end
  for r, row in ipairs(t.rows) do
    local path = ("tables.%s.rows[%d]"):format(name, r)
    local kept = c:rows(row.where, path .. ".where")
    for _, i in ipairs(kept) do
      local cells = { ids[i] }
      for k = 1, #out.columns do cells[k + 1] = "" end
      of[i][#of[i] + 1] = cells
    end
    each(row.values, function(column, text)
      local values, type_ = c:evaluate(text, path .. ".values." .. column)
      for _, i in ipairs(kept) do of[i][#of[i]][number[column]] = write.cell(values[i], type_) end
    end)
  end
  for i = 1, c.n do table.move(of[i], 1, #of[i], #out.rows + 1, out.rows) end
  return out
end

--- Makes the cohort of a checked specification (lunation.simulate.load). Returns { spec, n, ids,
--- columns = { { name, about, values } }, files = { { name, columns, what, rows } }, targets, steps
--- (of the search) }.
function M.make(spec)
  local v = spec.value
  spec.inputs = {}
  local c = v.table and given(spec) or cohort.new(spec, v.n)
  local ids, width = {}, math.max(3, #tostring(c.n))
  for i = 1, c.n do ids[i] = ("P%0" .. width .. "d"):format(i) end
  c:set(v.key, ids, { type = "text", hidden = true, part = "key" })
  each(v.variables, function(name, variable) draw.variable(c, "variables", name, variable) end)
  if v.events then events.add(c) end
  local outcomes = outcome.all(c)
  local targets, steps = calibrate.run(c, outcomes)
  c.bound, c.columns = false, {} -- the search has moved values
  if v.events then events.dated(c) end
  outcome.write(c, outcomes)
  each(v.later, function(name, variable) draw.variable(c, "later", name, variable) end)
  local out = { spec = spec, n = c.n, ids = ids, columns = {}, files = {}, targets = targets,
    steps = steps }
  for k, name in ipairs(columns(c)) do
    out.columns[k] = { name = name, about = c.about[name], values = leave_out(c, name) }
  end
  each(v.visits, function(name, visits)
    out.files[#out.files + 1] = { name = name, columns = lesions.COLUMNS,
      what = "one for each lesion at each visit",
      rows = lesions.rows(c, name, visits, ids) }
  end)
  each(v.tables, function(name, t) out.files[#out.files + 1] = long(c, name, t, ids) end)
  return out
end

return M
