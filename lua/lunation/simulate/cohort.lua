-- SPDX-License-Identifier: GPL-3.0-or-later
-- cohort: the patients while they are made: named lists of values with their types, and what is
-- asked of them (expressions, masks). Dates are days since 1970-01-01.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local schema = require "lunation.recipe.schema"

local Cohort = class("simulated_cohort")
local M = { class = Cohort }

local methods = Cohort.methods

--- n patients without variables.
function M.new(spec, n)
  return Cohort.new { spec = spec, n = n, order = {}, values = {}, about = {}, columns = {},
    bound = false, limit = false }
end

--- Adds or replaces a variable. about: type, levels, label, unit, hidden.
function methods:set(name, values, about)
  if not self.values[name] then self.order[#self.order + 1] = name end
  values.n = self.n
  self.values[name], self.about[name], self.columns[name] = values, about or self.about[name], nil
  self.bound = false
end

function methods:has(name) return self.values[name] ~= nil end

--- The core's column of a variable.
function methods:column(name)
  local about = self.about[name]
  local c = self.columns[name] or core.column[about.type](self.values[name], about.levels)
  self.columns[name] = c
  return c
end

--- All variables as a table of the core.
function methods:table()
  if not self.bound then
    local list = {}
    for i, name in ipairs(self.order) do list[i] = { name, self:column(name) } end
    self.bound = core.table.new(list)
  end
  return self.bound
end

-- Dates read as texts by way of the column: their days back.
local function plain(column, n)
  local out = { n = n }
  if column.type == "date" then
    local days = core.cohort.raw(column)
    for i = 1, n do if column[i] ~= nil then out[i] = math.tointeger(days[i]) end end
  else
    for i = 1, n do out[i] = column[i] end
  end
  return out
end

M.plain = plain

-- f(...); what it raises about an expression gets the place of the specification's path.
local function at(self, path, f, ...)
  local ok, out = pcall(f, ...)
  if ok then return out end
  local node = self.spec.places[path or ""]
  if not path or not node or not errors.is(out) or out.file then error(out, 0) end
  error(errors.new(out.code, ("%s: %s"):format(path, out.message),
    schema.place(node, path, { hint = out.hint })), 0)
end

--- Values and type of an expression, one for each patient. path: where it stands, for errors.
function methods:evaluate(text, path)
  local column = at(self, path, function() return core.expr.parse(text):eval(self:table()) end)
  return plain(column, self.n), column.type, column.type == "factor" and column.levels or nil
end

--- Patients for whom a condition is true: a list of row numbers in order, all without one. path:
--- where it stands, for errors.
function methods:rows(condition, path)
  local out = {}
  if not condition then
    for i = 1, self.n do out[i] = i end
    return out
  end
  local rows = at(self, path, core.expr.mask, self:table(), condition)
  for i = 1, #rows do out[i] = rows[i] end
  return out
end

--- A generator of its own for each name.
function methods:rng(stream) return core.rng.new(self.spec.value.seed, "simulate " .. stream) end

return M
