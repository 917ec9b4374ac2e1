-- SPDX-License-Identifier: GPL-3.0-or-later
-- design: what is wrong with a study's design, said before a reviewer does.
local errors = require "lunation.errors"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

-- Words of a formula that are column names.
local function columns_of(terms, cohort)
  local out = {}
  for word in terms:gmatch("[%a_][%w_]*") do
    if cohort.patients:has(word) then out[word] = true end
  end
  return out
end

-- analyses: the ids that the warning is about.
local function add(list, code, analyses, message, hint)
  local warning = { code = code, analyses = analyses, message = message, hint = hint }
  list[#list + 1] = warning
  return warning
end

-- What a call compares: column names of its groups or its formula; nil when it compares nothing.
local COMPARES = { km = true, logrank = true, cox = true, pairwise = true, rmst = true,
  cuminc = true, gray = true,
  finegray = true, cause_specific = true }

local function compared(call, cohort)
  if not COMPARES[call.method] then return nil end
  local first = call.args[1]
  if type(first) == "string" then return columns_of(first, cohort) end
  return first and first.by and { [first.by] = true }
end

-- Groups or covariates known only after the clock started make patients immortal until then. One
-- warning for each endpoint and variable, with the analyses that it touches.
local function immortal_time(study, list)
  local found, order = {}, {}
  for _, a in ipairs(study.plan.analyses) do
    for _, call in ipairs(a.kind ~= "immortal" and a.calls or {}) do
      local endpoint = not call.local_on and study.env[call.on]
      for _, name in ipairs(suggest.keys(endpoint and compared(call, study.cohort) or {})) do
        local known, roles = study.cohort.patients:about(name).known, endpoint.about.roles or {}
        if known and known ~= roles.origin then
          local key = call.on .. "\0" .. name
          if not found[key] then
            found[key] = { name = name, known = known, origin = roles.origin or "the start",
              on = call.on, analyses = {} }
            order[#order + 1] = found[key]
          end
          local ids = found[key].analyses
          if ids[#ids] ~= a.id then ids[#ids + 1] = a.id end
        end
      end
    end
  end
  for _, f in ipairs(order) do
    local message = ("%s is compared from %s on (%s), but becomes known only at %s: until then its "
      .. "patients cannot have the event (immortal time)"):format(f.name, f.origin,
        table.concat(f.analyses, ", "), f.known)
    local warning = add(list, "design.immortal-time", f.analyses, message,
      ("Use a landmark analysis (landmark: %s, at: ..., by: %s) or the time-dependent form "
        .. "(immortal: %s)"):format(f.on, f.name, f.on))
    local patients = study.cohort.patients
    warning.subject = ("%s, known only from its date on (%s)"):format(patients:label(f.name),
      patients:label(f.known))
  end
end

-- Analyses that place each patient by the day on which a column became known.
local BY_DATE = { landmark = true, immortal = true, simon_makuch = true }

-- The columns that they compare, with the ids of the analyses: { { by, known, analyses }, ... }.
local function compared_by_date(study)
  local out, patients = {}, study.cohort.patients
  for _, a in ipairs(study.plan.analyses) do
    local by = BY_DATE[a.kind] and a.opt.by
    local known = by and patients:has(by) and patients:about(by).known
    if known and not out[by] then
      out[by] = { by = by, known = known, analyses = {} }
      out[#out + 1] = out[by]
    end
    if known then table.insert(out[by].analyses, a.id) end
  end
  return out
end

-- Patients of whom a column says that something has happened, but not when, have no place at a
-- landmark or in a time-dependent model.
local function undated(study, list)
  for _, c in ipairs(compared_by_date(study)) do
    local column, dates, n = study.cohort:column(c.by), study.cohort:column(c.known), 0
    local factor = column.type == "factor"
    local first = factor and column.levels[1] or 0
    for i = 1, #column do
      if column[i] ~= nil and column[i] ~= first and dates[i] == nil then n = n + 1 end
    end
    if n > 0 then
      add(list, "design.undated", c.analyses,
        ("%s: %d patient%s with %s other than %s and no %s: left out, since it is not known when")
          :format(table.concat(c.analyses, ", "), n, n == 1 and "" or "s", c.by, tostring(first),
          c.known),
        ("Find them with where: %s ~= %s and missing(%s)"):format(c.by,
          factor and ("'%s'"):format(first) or "0", c.known))
    end
  end
end

-- A comparison needs two groups.
local function one_group(recipe, a, by, level)
  local path = ("analyses.%s.by"):format(a.id)
  errors.raise("data.one-group", level
    and ("every patient has %s = %s: there is only one group to compare"):format(by, level)
    or ("%s is missing in every patient: there is no group to compare"):format(by),
    schema.place(recipe.places[path] or recipe.places["analyses." .. a.id], path,
      { hint = "leave out by:, or check the data and the steps of the cohort" }))
end

-- Groups with fewer than five patients or no event give unstable estimates.
local function sparse_groups(study, a, list)
  local by = a.opt.by
  local endpoint = study.env[a.opt[a.kind] or ""]
  if not by or type(by) ~= "string" or not endpoint or not study.cohort.patients:has(by) then
    return
  end
  if type(endpoint) ~= "table" or not rawget(endpoint, "status") then return end
  local column, n, events = endpoint.cohort:column(by), {}, {}
  for i = 1, #endpoint.status do
    local level = column[i]
    if level ~= nil then
      n[level] = (n[level] or 0) + 1
      if endpoint.status[i] ~= 0 then events[level] = (events[level] or 0) + 1 end
    end
  end
  local levels = {}
  for level in pairs(n) do levels[#levels + 1] = level end
  table.sort(levels, function(x, y) return tostring(x) < tostring(y) end)
  if #levels < 2 then one_group(study.recipe, a, by, levels[1]) end
  for _, level in ipairs(levels) do
    if n[level] < 5 then
      add(list, "design.sparse", { a.id }, ("%s: the group %s = %s has %d patient%s"):format(a.id,
        by, tostring(level), n[level],
        n[level] == 1 and "" or "s"))
    end
    if not events[level] then
      add(list, "design.no-events", { a.id },
        ("%s: the group %s = %s has no event; its hazard ratio is not finite"):format(a.id,
        by, tostring(level)))
    end
  end
end

-- What the readers of the data noted, in the order of the tables' names.
local function data_notes(study, list)
  for _, name in ipairs(suggest.keys(study.env)) do
    local value = study.env[name]
    for _, note in ipairs(type(value) == "table" and rawget(value, "notes") or {}) do
      add(list, "data.note", {}, name .. ": " .. tostring(note.message or note))
    end
  end
end

--- Warnings about a prepared study: { { code, analyses = { id, ... }, message, hint }, ... }.
--- Errors: data.one-group when a comparison has one group only.
function M.warnings(study)
  local list = {}
  immortal_time(study, list)
  undated(study, list)
  for _, a in ipairs(study.plan.analyses) do sparse_groups(study, a, list) end
  data_notes(study, list)
  return list
end

return M
