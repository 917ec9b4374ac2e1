-- SPDX-License-Identifier: GPL-3.0-or-later
-- patient: what an endpoint's or a class's derive function sees. One view for the whole run, moved from
-- patient to patient; it is read only, shows nothing but the columns that were declared, and dates are
-- day numbers, so that a difference of two dates is a number of days.
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.suggest"

local M = {}

local function raw_columns(tbl, names)
  local out = {}
  for _, name in ipairs(names) do out[name] = core.cohort.raw(tbl:column(name)) end
  return out
end

local function undeclared(what, key, columns)
  errors.raise("plugin.column", ('%s has no column "%s" here'):format(what, tostring(key)),
    { hint = "only declared columns are visible; " .. suggest.hint(tostring(key), suggest.keys(columns)) })
end

local function readonly(what)
  return function() errors.raise("plugin.readonly", what .. " is read only") end
end

-- --- the rows of one patient in a linked table ------------------------------------------------

local rows_methods = {}

local function new_visit(columns, state)
  return setmetatable({}, {
    __index = function(_, key)
      local c = columns[key]
      if not c then undeclared("a visit", key, columns) end
      return c[state.row]
    end,
    __newindex = readonly("a visit"), __metatable = "locked" })
end

-- Rows of the current patient, in order of date (then of the file).
local function current(self)
  return self._groups[self._state.id] or {}
end

local function iterate(self, wanted)
  local rows, i, visit = current(self), 0, self._visit
  return function()
    i = i + 1
    while rows[i] and not wanted(self, rows[i]) do i = i + 1 end
    if not rows[i] then return nil end
    self._visit_state.row = rows[i]
    return visit
  end
end

--- for visit in patient.lesions:all() do ... visit.mm ... end
function rows_methods:all() return iterate(self, function() return true end) end

--- Visits after the day (a visit on the day itself is not after it).
function rows_methods:after(day)
  return iterate(self, function(s, row) local d = s._dates[row] return d ~= nil and d > day end)
end

--- Visits up to and including the day.
function rows_methods:until_day(day)
  return iterate(self, function(s, row) local d = s._dates[row] return d ~= nil and d <= day end)
end

--- Value of a column at the last visit on or before the day; nil when there is none.
function rows_methods:baseline(column, day)
  local value
  local c = self._columns[column]
  if not c then undeclared("a visit", column, self._columns) end
  for _, row in ipairs(current(self)) do
    local d = self._dates[row]
    if d and d <= day and c[row] ~= nil then value = c[row] end
  end
  return value
end

function rows_methods:count() return #current(self) end

local function linked_view(cohort, name, columns, state)
  local linked = cohort:linked_table(name)
  local needed, has_date = {}, false
  for _, c in ipairs(columns) do
    needed[#needed + 1] = c
    has_date = has_date or linked:column(c).type == "date"
  end
  local raw = raw_columns(linked, needed)
  local date_name
  for _, c in ipairs(columns) do if linked:column(c).type == "date" then date_name = c break end end
  local dates = date_name and raw[date_name] or {}
  local ids, groups = linked:column(linked.key or cohort.patients.key), {}
  for i = 1, #linked do
    local id = ids[i]
    local g = groups[id]
    if not g then g = {} groups[id] = g end
    g[#g + 1] = i
  end
  if has_date then
    for _, g in pairs(groups) do
      table.sort(g, function(a, b)
        local x, y = dates[a] or math.huge, dates[b] or math.huge
        if x ~= y then return x < y end
        return a < b
      end)
    end
  end
  local visit_state = {}
  local self = { _columns = raw, _dates = dates, _groups = groups, _state = state,
    _visit_state = visit_state, _visit = new_visit(raw, visit_state) }
  return setmetatable(self, { __index = rows_methods, __len = function(s) return #current(s) end,
    __metatable = "locked" })
end

--- A view over the cohort's patients. columns: names, or { role = name } to show a column under
--- another name. linked: { table = { columns } }. view:at(i) moves it to patient i and returns it.
function M.view(cohort, columns, linked)
  local raw, state, tables = {}, { row = 0 }, {}
  for role, name in pairs(columns) do
    raw[type(role) == "string" and role or name] = core.cohort.raw(cohort.patients:column(name))
  end
  local key = cohort.patients.key
  local ids = key and linked and next(linked) and cohort.patients:column(key)
  for name, wanted in pairs(linked or {}) do tables[name] = linked_view(cohort, name, wanted, state) end
  local patient = setmetatable({}, {
    __index = function(_, k)
      local c = raw[k]
      if c then return c[state.row] end
      local t = tables[k]
      if t then return t end
      undeclared("the patient", k, raw)
    end,
    __newindex = readonly("the patient"), __metatable = "locked" })
  return { patient = patient, at = function(_, i)
    state.row = i
    if ids then state.id = ids[i] end
    return patient
  end }
end

--- Name of patient i for a message: the id where there is one, else the row.
function M.name(cohort, i)
  local key = cohort.patients.key
  if key then return tostring(cohort.patients:column(key)[i]) end
  return "row " .. i
end

return M
