-- SPDX-License-Identifier: GPL-3.0-or-later
-- names: what a reader calls an estimate: "Survival at 36 months, no", "HR, Hepatectomy: yes".
local format = require "lunation.format"

local M = {}

local STATISTICS = { hr = "HR", shr = "SHR", odds_ratio = "OR", p = "*p*",
  p_adjusted = "adjusted *p*", rmst = "Restricted mean", smd = "SMD", sd = "SD", n = "N",
  q1 = "Lower quartile", q3 = "Upper quartile", event = "Event by", incidence = "Incidence",
  se = "SE" }

--- The word of a statistic.
function M.statistic(name)
  return STATISTICS[name] or (name:gsub("_", " "):gsub("^%l", string.upper))
end

--- A function that labels terms by the data dictionary: "afp_over_400: yes" is "AFP over 400: yes".
function M.labels(patients)
  return function(term)
    local variable, rest = term:match "^([%w_]+)(.*)$"
    if not variable or not patients.data:has(variable) then return term end
    return patients:label(variable) .. rest
  end
end

--- A link to an analysis of the plan, in its report.
function M.link(analysis)
  return ("[%s](#%s)"):format(analysis.opt.title or analysis.id, analysis.id)
end

-- The results that are said beside a statistic, since several of them have it.
local RESULTS = { logrank = "log-rank", follow_up = "follow-up", rmst = "restricted mean" }

--- The name of a row of results. label: of M.labels.
function M.estimate(row, label)
  local name = M.statistic(row.statistic)
  if row.time then
    local unit = row.unit and " " .. row.unit or ""
    name = ("%s at %s%s"):format(name, format.shortest(row.time), unit)
  end
  local of = {}
  if row.statistic == "proportion" and row.term then
    return row.group and label(row.term) .. ": " .. row.group or label(row.term)
  end
  if RESULTS[row.result] and not row.time then of[1] = RESULTS[row.result] end
  if row.term then of[#of + 1] = label(row.term) end
  if row.group then of[#of + 1] = row.group end
  return #of > 0 and name .. ", " .. table.concat(of, ", ") or name
end

return M
