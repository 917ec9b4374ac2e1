-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox_newdata: other rows for a Cox model, from what a script writes down.
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

--- The columns of the data that a term reads.
function M.read_by(self, term)
  local out, variables = {}, self.design.formula.variables
  for _, v in ipairs(term.variables) do
    for _, name in ipairs(variables[v].columns) do out[#out + 1] = name end
  end
  return out
end

-- Values as a column of the kind that the model's data have under that name.
local function column_of(data, name, values)
  local like = data:has(name) and data:column(name)
  local text = false
  for i = 1, values.n do
    text = text or type(values[i]) == "string" or type(values[i]) == "boolean"
  end
  if like and like.type == "date" and text then
    errors.raise("usage.newdata", ("newdata: %s is a date: give it as a column"):format(name))
  end
  if not (text or like and (like.type == "factor" or like.type == "text")) then
    return core.column.number(values)
  end
  for i = 1, values.n do if values[i] ~= nil then values[i] = tostring(values[i]) end end
  if like and like.type == "factor" then return core.column.factor(values, like.levels) end
  return core.column.text(values)
end

-- Lists by name out of { age = { 50, 70 }, arm = "B" } or { { age = 50, arm = "B" }, ... }, and
-- their length.
local function lists_of(given)
  local lists, n = {}, 1
  if type(given[1]) == "table" then
    n = #given
    for i, row in ipairs(given) do
      for name, v in pairs(row) do
        lists[name] = lists[name] or { n = n }
        lists[name][i] = v
      end
    end
    return lists, n
  end
  for _, v in pairs(given) do
    if type(v) == "table" or type(v) == "userdata" then n = math.max(n, v.n or #v) end
  end
  for name, v in pairs(given) do
    if type(v) ~= "table" then
      lists[name] = type(v) == "userdata" and v or { n = n }
      for i = 1, type(v) ~= "userdata" and n or 0 do lists[name][i] = v end
    else
      lists[name] = { n = v.n or #v, table.unpack(v, 1, v.n or #v) }
    end
  end
  return lists, n
end

--- A core table of newdata: a table, a cohort, lists by name, or a list of rows.
function M.table(self, given)
  if type(given) == "userdata" then return given end
  if type(given) ~= "table" then
    errors.raise("usage.newdata", "newdata: expected a table, found a " .. type(given),
      { hint = 'newdata = { age = { 50, 70 }, arm = "B" }' })
  end
  if getmetatable(given) then return (rawget(given, "patients") or given).data end
  local data, lists, out = self.endpoint.cohort.patients.data, lists_of(given), {}
  for _, name in ipairs(suggest.keys(lists)) do
    local v = lists[name]
    out[#out + 1] = { name, type(v) == "userdata" and v or column_of(data, name, v) }
  end
  return core.table.new(out)
end

--- n equal rows, those of the first patient used but for the columns that are given: values or
--- lists.
function M.one(self, given, n)
  local data, first = self.endpoint.cohort.patients.data, {}
  for i = 1, n do first[i] = self.fit.used[1] end
  local out = data:gather(first)
  for _, name in ipairs(suggest.keys(given)) do
    local v, values = given[name], { n = n }
    for i = 1, n do values[i] = type(v) == "table" and v[i] or v end
    out = out:with(name, column_of(data, name, values))
  end
  return out
end

return M
