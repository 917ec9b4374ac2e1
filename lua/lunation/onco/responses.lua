-- SPDX-License-Identifier: GPL-3.0-or-later
-- responses: the responses of a cohort, visit by visit and patient by patient, by one of the
-- criteria. What they lead to stands in best (best response and rates), courses (data of figures),
-- roles (endpoints and classes) and cdisc.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local Response = class("response")
local methods = Response.methods

--- Columns of the visits: see core.recist's visits.
function methods:visits() return self.core:visits(self.measure) end

--- Columns of the patients: see core.recist's patients.
function methods:patients() return self.core:patients(self.measure) end

-- The column that holds the best response by the criteria and the option confirm.
function methods:_best()
  local p = self:patients()
  if self.criteria == "irecist" then return p.ibest end
  if self.criteria == "imrecist" then return p.imbest end
  return self.confirm and p.confirmed or p.best
end

local COLUMNS = { best = methods._best }

--- A column with a row for each patient of the cohort, to derive with: cohort:derive("orr",
--- response:column("best")). Names: best (by the option confirm), and those of patients().
function methods:column(name)
  if COLUMNS[name] then return COLUMNS[name](self) end
  local column = self:patients()[name]
  if column == nil then
    errors.raise("usage.field", ('responses have no column "%s"'):format(tostring(name)),
      { hint = suggest.hint(tostring(name), suggest.keys(self:patients())) })
  end
  return column
end

-- Column of the visits that holds the response by the criteria.
function methods:_response(visits)
  if self.criteria == "irecist" then return visits.irecist end
  if self.criteria == "imrecist" then return visits.imrecist end
  return visits.overall
end

--- Patients that could not be assessed: { { patient, id, code, row, lesion, message }, ... }.
function methods:refused()
  local list = self.core:refused()
  local ids = self.cohort:column(self.cohort.patients.key)
  for _, r in ipairs(list) do r.id = ids[r.patient] end
  return list
end

--- One row for each visit: id, date, day, sum, nadir, percent, target, nontarget, new, response,
--- reason.
function methods:rows()
  local v, ids = self:visits(), self.cohort:column(self.cohort.patients.key)
  local response, out = self:_response(v), {}
  for i = 1, self.core.n_visits do
    out[i] = { id = ids[v.patient[i]], date = v.date[i], day = v.day[i], sum = v.sum[i],
      nadir = v.nadir[i],
      percent = v.percent[i], complete = v.complete[i], target = v.target[i],
      nontarget = v.nontarget[i], new = v.new[i],
      response = response[i], reason = self.core:reason(i, self.measure),
      ireason = self.criteria == "irecist" and self.core:ireason(i) or nil }
  end
  return out
end

--- Best response of every patient: see lunation.best.
function methods:best() return require("lunation.onco.best").of(self) end

-- The best response of the patients who were assessed after baseline, with the levels of the
-- criteria.
local function seen_best(self)
  local best, visits, out = self:_best(), self:patients().visits, {}
  for i = 1, #best do out[i] = visits[i] > 0 and best[i] or nil end
  out.n = #best
  return core.column.factor(out, best.levels)
end

--- How far other responses (another reader's, or by other criteria) of the same cohort agree: see
--- lunation.agreement.
function methods:agreement(other, opt)
  if other.cohort ~= self.cohort and #other.cohort ~= #self.cohort then
    errors.raise("usage.argument", "agreement: the two responses are of different cohorts")
  end
  return require("lunation.onco.agreement").of(seen_best(self), seen_best(other),
    self.cohort:column(self.cohort.patients.key), opt)
end

--- Depth of response of every patient who has one: see lunation.courses.
function methods:waterfall() return require("lunation.onco.courses").waterfall(self) end
--- Change of the sum over time: see lunation.courses.
function methods:spider() return require("lunation.onco.courses").spider(self) end
--- The course of every patient: see lunation.courses.
function methods:swimmer() return require("lunation.onco.courses").swimmer(self) end

--- Dates that the responses know: see lunation.roles.
function methods:dates(name, cohort)
  return require("lunation.onco.roles").dates(self, name, cohort)
end
--- Fills the roles of an endpoint or class: see lunation.roles.
function methods:attach(cohort, roles, definition)
  return require("lunation.onco.roles").attach(self, cohort, roles, definition)
end
--- What rules need to know of the assessments: see lunation.roles.
function methods:course(cohort, input)
  return require("lunation.onco.roles").course(self, cohort, input)
end

Response.meta.__len = function(self) return self.core.n end

Response.meta.__tostring = function(self)
  local refused = #self.core:refused()
  return ("responses of %d patients at %d visits (%s)%s"):format(self.core.n - refused,
    self.core.n_visits, self.convention,
    refused > 0 and ("; refused: " .. refused) or "")
end

--- Tables in the shape of CDISC's ADRS, ADTR and ADTTE: see lunation.cdisc.
function methods:adrs() return require("lunation.onco.cdisc").adrs(self) end
--- Tumour sums in the shape of ADaM's ADTR: see lunation.cdisc.
function methods:adtr() return require("lunation.onco.cdisc").adtr(self) end
--- Times to events in the shape of ADaM's ADTTE: see lunation.cdisc.
function methods:adtte(opt) return require("lunation.onco.cdisc").adtte(self, opt) end

return Response
