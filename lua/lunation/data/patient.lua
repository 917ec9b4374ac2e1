-- SPDX-License-Identifier: GPL-3.0-or-later
-- patient: what an endpoint's or a class's derive function sees. One view for the whole run, moved
-- from patient to patient; it is read only, shows nothing but the columns that were declared, and
-- dates are day numbers, so that a difference of two dates is a number of days. Built-in functions
-- look at the view itself (lunation.sandbox.view); a plug-in's sandbox gets slices of the same
-- data.
local core = require "lunation.core"
local errors = require "lunation.errors"

local build = require("lunation.sandbox.view")(function(code, message, hint)
  errors.raise(code, message, { hint = hint })
end)

local M = {}

-- The columns of a linked table with the rows of one patient after the other, in order of the first
-- date column.
local function linked_data(cohort, name, columns)
  local linked, raw, date = cohort:linked_table(name), {}, nil
  for _, c in ipairs(columns) do
    if not date and linked:column(c).type == "date" then date = c end
  end
  local rows, first = core.cohort.grouped(linked:column(linked.key or cohort.patients.key),
    cohort.patients:column(cohort.patients.key), date and linked:column(date) or nil)
  for _, c in ipairs(columns) do raw[c] = core.cohort.raw(linked:column(c):gather(rows)) end
  return { columns = raw, date = date and raw[date], first = first }
end

--- The data of a view. columns: names, or { role = name } to show a column under another name.
--- linked: { table = { columns } }.
function M.data(cohort, columns, linked)
  local data = { columns = {}, linked = {} }
  for role, name in pairs(columns) do
    data.columns[type(role) == "string" and role or name] =
      core.cohort.raw(cohort.patients:column(name))
  end
  for name, wanted in pairs(linked or {}) do
    data.linked[name] = linked_data(cohort, name, wanted)
  end
  return data
end

--- A view over the cohort's patients: view:at(i) moves it to patient i and returns it.
function M.over(data)
  local state = { row = 0 }
  local patient = build(data, state)
  return { patient = patient, at = function(_, i)
    state.row = i
    return patient
  end }
end

--- A view over the cohort's patients: view:at(i) moves it to patient i and returns it. columns:
--- names, or { role = name }; linked: { table = { columns } }.
function M.view(cohort, columns, linked) return M.over(M.data(cohort, columns, linked)) end

-- Patients from..to of a linked table, renumbered from 1.
local function linked_slice(t, from, to)
  local first, last = t.first[from], t.first[to + 1] - 1
  local out = { columns = {}, first = core.cohort.slice(t.first, from, to + 1, 1 - first) }
  for name, values in pairs(t.columns) do
    local c = core.cohort.slice(values, first, last)
    out.columns[name] = c
    if values == t.date then out.date = c end
  end
  return out
end

--- The data of patients from..to alone, renumbered from 1, as plain tables.
function M.slice(data, from, to)
  local out = { columns = {}, linked = {}, absent = data.absent }
  for name, values in pairs(data.columns) do
    out.columns[name] = core.cohort.slice(values, from, to)
  end
  for name, t in pairs(data.linked) do out.linked[name] = linked_slice(t, from, to) end
  return out
end

--- Name of patient i for a message: the id where there is one, else the row.
function M.name(cohort, i)
  local key = cohort.patients.key
  if key then return tostring(cohort.patients:column(key)[i]) end
  return "row " .. i
end

return M
