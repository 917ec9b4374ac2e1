-- SPDX-License-Identifier: GPL-3.0-or-later
-- waterfall: the best change of each patient from a column, with its response.
local class = require "lunation.base.class"
local options = require "lunation.base.options"

local M = {}
local Waterfall = class("waterfall")

local OPTIONS = { change = { type = "string", required = true }, response = { type = "string" } }

--- opt: change (column: best change in per cent, negative for shrinkage), response (factor).
--- Patients without a change are kept and listed. Fields: patients ({ id, change, best }), counts,
--- categories (levels of the response).
function M.of(cohort, given)
  local opt = options.check("waterfall", given, OPTIONS)
  local change, response = cohort:column(opt.change):totable(), opt.response
    and cohort:column(opt.response)
  local key, patients, counts = cohort.patients.key, {},
    { n = 0, shrank = 0, by30 = 0, missing = 0 }
  local ids, best = key and cohort:column(key):totable(), response and response:totable() or {}
  for i = 1, #cohort do
    local v = change[i]
    patients[i] = { id = ids and ids[i] or i, change = v, best = best[i] }
    if v == nil then
      counts.missing = counts.missing + 1
    else
      counts.n = counts.n + 1
      if v < 0 then counts.shrank = counts.shrank + 1 end
      if v <= -30 then counts.by30 = counts.by30 + 1 end
    end
  end
  return Waterfall.new { patients = patients, counts = counts,
    label = cohort.patients:label(opt.change),
    categories = response and response.levels or {} }
end

Waterfall.getters.convention = function(self)
  return ("Best change of %d patients; %d without a measurement are listed, not dropped."):format(
    self.counts.n, self.counts.missing)
end

--- Shares of the measured patients: any shrinkage, and shrinkage by 30% or more.
function Waterfall.methods:rows()
  local c = self.counts
  local function row(statistic, x)
    return { statistic = statistic, value = c.n > 0 and x / c.n or nil, events = x, n = c.n }
  end
  return { row("shrank", c.shrank), row("shrank_30", c.by30) }
end

Waterfall.meta.__tostring = function(self)
  local c = self.counts
  return ("%s: %d of %d shrank, %d by 30%% or more; %d without a measurement"):format(self.label,
    c.shrank, c.n, c.by30, c.missing)
end

return M
