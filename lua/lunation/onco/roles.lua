-- SPDX-License-Identifier: GPL-3.0-or-later
-- roles: what responses know for endpoints and classes: dates for their roles, assessments for
-- their rules, and who was refused.
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

-- The rows of this response's patients for a cohort that may have lost some since.
local function rows_for(self, cohort)
  if cohort == self.cohort then return nil end
  local at, ids, rows = {}, self.cohort:column(self.cohort.patients.key), {}
  for i = 1, #ids do at[ids[i]] = i end
  local wanted = cohort:column(cohort.patients.key)
  for i = 1, #wanted do
    rows[i] = at[wanted[i]]
    if not rows[i] then
      errors.raise("data.link",
        ("patient %s has no response: assess the cohort that the endpoint uses"):format(
          tostring(wanted[i])))
    end
  end
  return rows
end

-- Date columns that roles can take from the responses, as functions of (self, patients).

-- Date of the first visit of every patient whose response is one of the set.
local function first_visit(self, p, set)
  local v = self:visits()
  local response, date, out = self:_response(v), core.cohort.raw(v.date), { n = #p.start }
  for i = self.core.n_visits, 1, -1 do
    if set[response[i]] then out[v.patient[i]] = date[i] end
  end
  return core.column.date(out)
end

local RESPONDED = { irecist = { iCR = true, iPR = true }, imrecist = { CR = true, PR = true } }

local function first_response(self, p)
  if RESPONDED[self.criteria] then return first_visit(self, p, RESPONDED[self.criteria]) end
  return self.confirm and p.first_confirmed or p.first
end

local function progression(self, p)
  if self.criteria == "irecist" then return p.iprogression end
  if self.criteria == "imrecist" then return first_visit(self, p, { PD = true }) end
  return p.progression
end

local function start(_, p) return p.start end
local function best(self) return self:_best() end
local function given(name)
  return function(self, p) return self._dates[name] or core.column.date { n = #p.start } end
end

local ROLES = { origin = start, start = start, progression = progression, response = first_response,
  best = best,
  death = given("death"), therapy = given("therapy") }
local ORIGINS = { dor = first_response, pps = progression }

local function role_of(name, definition)
  if name == "origin" then return ORIGINS[definition.name] or start end
  if name == "censor" and definition.rules and definition.rules.assessed then
    return function(_, p) return p.last_adequate end
  end
  return ROLES[name]
end

--- The dates of that name that the responses know, for the patients of a cohort: progression,
--- death, therapy, response, or a date of patients(); nil when they know none. By the criteria and
--- the option confirm.
function M.dates(self, name, cohort)
  local p, rows = self:patients(), rows_for(self, cohort)
  local column = ROLES[name] and ROLES[name](self, p) or p[name]
  if type(column) ~= "userdata" or column.type ~= "date" then return nil end
  return rows and column:gather(rows) or column
end

-- Why and by which code patient i was refused: by the row of the cohort.
local function refusals(self, rows)
  local by = {}
  for _, r in ipairs(self.core:refused()) do by[r.patient] = r end
  return function(i)
    local r = by[rows and rows[i] or i]
    if r then return ("refused by the criteria: %s"):format(r.code), "data." .. r.code end
  end
end

--- For lunation.data.derivation: the cohort with the columns that the roles need, the roles, and a
--- function of the patient's number that gives the reason and the code of a refusal. Roles that the
--- user names himself stay. Censoring follows the option censoring.
function M.attach(self, cohort, roles, definition)
  local rows, p, all = rows_for(self, cohort), self:patients(), {}
  for role, name in pairs(roles) do all[role] = name end
  for _, role in ipairs(suggest.keys(definition.columns or {})) do
    local known, column = all[role] == nil and role_of(role, definition), nil
    if known then column = known(self, p)
    elseif all[role] == nil and definition.rules then column = self:dates(role, self.cohort) end
    if column then
      local name = definition.name .. "." .. role
      if rows then column = column:gather(rows) end
      cohort = cohort:derive(name, column)
      all[role] = name
    end
  end
  return cohort, all, refusals(self, rows)
end

-- The visits of the patients in these rows, with the patients' new numbers.
local function gathered_visits(v, rows)
  local patient, first, order, numbers = core.cohort.raw(v.patient), {}, {}, {}
  for i = #v.patient, 1, -1 do first[patient[i]] = i end
  for k, row in ipairs(rows) do
    local i = first[row]
    while i and patient[i] == row do
      order[#order + 1], numbers[#numbers + 1] = i, k
      i = i + 1
    end
  end
  numbers.n = #numbers
  return core.column.integer(numbers), order
end

--- Adds to the input of core.timeline.run what the responses know of the patients of a cohort:
--- assessments, baseline, and the options of the rules that look at them.
function M.course(self, cohort, input)
  local rows, v, p = rows_for(self, cohort), self:visits(), self:patients()
  local a = { patient = v.patient, date = v.last_date, response = self:_response(v) }
  input.baseline = p.has_baseline
  if rows then
    local order
    a.patient, order = gathered_visits(v, rows)
    a.date, a.response, input.baseline = a.date:gather(order), a.response:gather(order),
      input.baseline:gather(rows)
  end
  local opt = self.options
  input.assessments = a
  input.options = { gap_days = math.floor(2 * ((opt.interval_days or 56) + (opt.window_days or 7))),
    after_day_counts = opt.therapy_day_counts ~= false }
end

return M
