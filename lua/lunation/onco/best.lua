-- SPDX-License-Identifier: GPL-3.0-or-later
-- best: the best response of every patient, and how many have each.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class

local M = {}
local Best = class("best_response")
local Counts = result("response_counts")

--- The best response of every patient of the responses, by their criteria and their option confirm.
function M.of(response)
  return Best.new { response = response, column = response:_best(),
    convention = response.convention }
end

--- One row for each patient: id, best, confirmed, depth, first, progression.
function Best.methods:rows()
  local r, out = self.response, {}
  local p, ids = r:patients(), r.cohort:column(r.cohort.patients.key)
  for i = 1, #ids do
    out[i] = { id = ids[i], best = p.best[i], confirmed = p.confirmed[i], response = self.column[i],
      depth = p.depth[i],
      first = r.confirm and p.first_confirmed[i] or p.first[i], progression = p.progression[i] }
  end
  return out
end

local COUNTS = { method = { type = "string", default = "exact" },
  conf_level = { type = "number", default = 0.95, min = 0.5, max = 0.9999 } }
local RATES = {
  recist = { { "objective response", { "CR", "PR" } },
    { "disease control", { "CR", "PR", "SD", "NON-CR/NON-PD" } } },
  irecist = { { "objective response", { "iCR", "iPR" } },
    { "disease control", { "iCR", "iPR", "iSD", "NON-iCR/NON-iUPD" } } },
}

--- How many have each best response, with exact limits; objective response and disease control.
--- Percentages are of the patients assessed; refused patients are counted apart. opt: method (of
--- prop.ci), conf_level.
function Best.methods:counts(opt)
  opt = options.check("counts", opt, COUNTS)
  local column, by, n = self.column, {}, 0
  for i = 1, #column do
    local level = column[i]
    if level then
      n = n + 1
      by[level] = (by[level] or 0) + 1
    end
  end
  local self_ = Counts.new { n = n, refused = #column - n, entries = {}, by = by,
    convention = self.convention,
    conf_level = opt.conf_level, method = opt.method }
  local function add(label, x)
    local e = { label = label, x = x }
    if n > 0 then
      e.estimate, e.lower, e.upper = core.prop.limits(x, n, opt.method, opt.conf_level)
    end
    self_.entries[#self_.entries + 1] = e
    return e
  end
  for _, level in ipairs(column.levels) do
    if level ~= "NA" and (by[level] or not level:find("N[OE][ND]")) then
      add(level, by[level] or 0)
    end
  end
  for _, rate in ipairs(RATES[self.response.criteria] or RATES.recist) do
    local x = 0
    for _, level in ipairs(rate[2]) do x = x + (by[level] or 0) end
    add(rate[1], x)
  end
  return self_
end

--- The entry of a level or rate: { x, estimate, lower, upper }.
function Counts.methods:of(label)
  for _, e in ipairs(self.entries) do if e.label == label then return e end end
  errors.raise("usage.level", ('no patient can have the response "%s"'):format(tostring(label)))
end

function Counts.methods:rows()
  local out = {}
  for i, e in ipairs(self.entries) do
    out[i] = { statistic = "proportion", term = "best response", group = e.label,
      value = e.estimate, lower = e.lower,
      upper = e.upper, events = e.x, n = self.n }
  end
  return out
end

--- The table of counts with limits; the rates stand below the levels. opt: see report.tables.
function Counts.methods:table(opt)
  local words = require("lunation.report.words").get(opt and opt.lang)
  local t = require("lunation.report.tables").proportions({ { label = words.best_response,
    entries = self.entries, n = self.n, conf_level = self.conf_level,
    convention = self.convention } }, opt)
  if self.refused > 0 then t.notes[#t.notes + 1] = words.not_assessed:format(self.refused) end
  return t
end

Best.meta.__len = function(self) return #self.column end
Best.meta.__tostring = function(self) return tostring(self:counts()) end

return M
