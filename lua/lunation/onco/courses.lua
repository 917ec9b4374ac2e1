-- SPDX-License-Identifier: GPL-3.0-or-later
-- courses: what waterfall, spider and swimmer show of responses.
local core = require "lunation.core"

local M = {}

--- Depth of response of every patient who has one, deepest last: { { id, percent, best }, ... }.
function M.waterfall(self)
  local p, ids, out = self:patients(), self.cohort:column(self.cohort.patients.key), {}
  local best = self:_best()
  for i = 1, #ids do
    if p.depth[i] then
      out[#out + 1] = { id = ids[i], percent = p.depth[i], best = best[i], row = i }
    end
  end
  table.sort(out, function(a, b)
    if a.percent ~= b.percent then return a.percent > b.percent end
    return a.row < b.row
  end)
  return out
end

--- Change of the sum over time: { { id, day = { 0, ... }, percent = { 0, ... } }, ... }.
function M.spider(self)
  local v, p, ids = self:visits(), self:patients(), self.cohort:column(self.cohort.patients.key)
  local by, out = {}, {}
  for i = 1, #ids do
    if p.baseline_sum[i] then
      by[i] = { id = ids[i], day = { 0 }, percent = { 0 } }
      out[#out + 1] = by[i]
    end
  end
  for i = 1, self.core.n_visits do
    local line = by[v.patient[i]]
    if line and v.percent[i] then
      line.day[#line.day + 1], line.percent[#line.percent + 1] = v.day[i], v.percent[i]
    end
  end
  return out
end

--- The course of every patient, in days since the start: { { id, ends, event, response,
--- progression, visits = { { day, response }, ... } }, ... }.
function M.swimmer(self)
  local v, p, ids = self:visits(), self:patients(), self.cohort:column(self.cohort.patients.key)
  local start, first = core.cohort.raw(p.start), core.cohort.raw(self.confirm and p.first_confirmed
    or p.first)
  local progression, outcome = core.cohort.raw(p.progression), p["pfs_" .. self.censoring]
  local ends, response, out = core.cohort.raw(outcome.date), self:_response(v), {}
  local function since(i, day) return day and start[i] and day - start[i] end
  for i = 1, #ids do
    out[i] = { id = ids[i], ends = since(i, ends[i]), event = outcome.event[i],
      response = since(i, first[i]),
      progression = since(i, progression[i]), visits = {} }
  end
  for i = 1, self.core.n_visits do
    local visits = out[v.patient[i]].visits
    visits[#visits + 1] = { day = v.day[i], response = response[i] }
  end
  return out
end

return M
