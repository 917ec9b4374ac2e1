-- SPDX-License-Identifier: GPL-3.0-or-later
-- patient: what an endpoint's or a class's derive function sees. One view for the whole run, moved from
-- patient to patient; it is read only, shows nothing but the columns that were declared, and dates are
-- day numbers, so that a difference of two dates is a number of days. Built-in functions look at the view
-- itself (lunation.sandbox.view); a plug-in's sandbox gets slices of the same data.
local core = require "lunation.core"
local errors = require "lunation.errors"

local build = require("lunation.sandbox.view")(function(code, message, hint) errors.raise(code, message, { hint = hint }) end)

local M = {}

-- Rows of every patient in a linked table, in order of date (then of the file).
local function grouped(cohort, linked, date)
  local ids, by_id, groups = linked:column(linked.key or cohort.patients.key), {}, {}
  for i = 1, #linked do
    local g = by_id[ids[i]]
    if not g then g = {} by_id[ids[i]] = g end
    g[#g + 1] = i
  end
  if date then
    for _, g in pairs(by_id) do
      table.sort(g, function(a, b)
        local x, y = date[a] or math.huge, date[b] or math.huge
        if x ~= y then return x < y end
        return a < b
      end)
    end
  end
  local keys = cohort.patients:column(cohort.patients.key)
  for i = 1, #cohort do groups[i] = by_id[keys[i]] end
  return groups
end

local function linked_data(cohort, name, columns)
  local linked, raw, date = cohort:linked_table(name), {}, nil
  for _, c in ipairs(columns) do
    local column = linked:column(c)
    raw[c] = core.cohort.raw(column)
    if column.type == "date" and not date then date = raw[c] end
  end
  return { columns = raw, date = date, groups = grouped(cohort, linked, date) }
end

--- The data of a view. columns: names, or { role = name } to show a column under another name.
--- linked: { table = { columns } }.
function M.data(cohort, columns, linked)
  local data = { columns = {}, linked = {} }
  for role, name in pairs(columns) do
    data.columns[type(role) == "string" and role or name] = core.cohort.raw(cohort.patients:column(name))
  end
  for name, wanted in pairs(linked or {}) do data.linked[name] = linked_data(cohort, name, wanted) end
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

--- A view over the cohort's patients: view:at(i) moves it to patient i and returns it. columns: names, or
--- { role = name }; linked: { table = { columns } }.
function M.view(cohort, columns, linked) return M.over(M.data(cohort, columns, linked)) end

-- Patients from..to of a linked table, renumbered from 1.
local function linked_slice(t, from, to)
  local out, k = { columns = {}, groups = {} }, 0
  local rows = {}
  for i = from, to do
    local g = {}
    for j, row in ipairs(t.groups[i] or {}) do
      k = k + 1
      rows[k], g[j] = row, k
    end
    out.groups[i - from + 1] = g
  end
  for name, values in pairs(t.columns) do
    local c = { n = k }
    for j = 1, k do c[j] = values[rows[j]] end
    out.columns[name] = c
    if values == t.date then out.date = c end
  end
  return out
end

--- The data of patients from..to alone, renumbered from 1, as plain tables.
function M.slice(data, from, to)
  local out = { columns = {}, linked = {}, absent = data.absent }
  for name, values in pairs(data.columns) do
    local c = table.move(values, from, to, 1, {})
    c.n = to - from + 1
    out.columns[name] = c
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
