-- SPDX-License-Identifier: GPL-3.0-or-later
-- planning: sample sizes and power, E-values: cases without data.
local evalue = require "lunation.stat.evalue"
local power = require "lunation.stat.power"

local M = {}

M["power-schoenfeld"] = function()
  local function events(opt) return power.survival(opt).events end
  local plan = power.survival { hr = 0.7, power = 0.8, median = 12, accrual = 24, follow_up = 12 }
  return { schoenfeld_hr07 = events { hr = 0.7, power = 0.8 },
    schoenfeld_hr05_90 = events { hr = 0.5, power = 0.9 },
    schoenfeld_2to1 = events { hr = 0.7, power = 0.8, share = 2 / 3 },
    cox_r2 = events { hr = 0.7, power = 0.8, r2 = 0.2 },
    freedman_hr07 = events { hr = 0.7, power = 0.8, method = "freedman" },
    p_event_control = plan.p_control, p_event_treated = plan.p_treated, n_total = plan.n,
    power_from_180_events = power.survival({ hr = 0.7, events = 180 }).power,
    two_prop_n_per_arm = power.proportions({ p1 = 0.25, p2 = 0.4, power = 0.8 }).n / 2 }
end

M["e-value"] = function()
  local rr = evalue.of("rr", 1.8, { lower = 1.2, upper = 2.7 })
  local rare = evalue.of("hr", 0.55, { lower = 0.41, upper = 0.74 })
  local common = evalue.of("hr", 0.55, { lower = 0.41, upper = 0.74, common = true })
  return { rr_2 = evalue.of("rr", 2).estimate, rr_0_6 = evalue.of("rr", 0.6).estimate,
    rr_ci = { est = 1.8, lo = 1.2, hi = 2.7, e = rr.estimate, e_ci = rr.limit },
    hr_rare = { hr = 0.55, lo = 0.41, hi = 0.74, e = rare.estimate, e_ci = rare.limit },
    hr_common = { hr = 0.55, lo = 0.41, hi = 0.74, rr = common.rr, e = common.estimate,
      e_ci = common.limit },
    or_common = { ["or"] = 2.5, e = evalue.of("or", 2.5, { common = true }).estimate },
    ci_crosses_one = evalue.of("rr", 1.5, { lower = 0.9 }).limit }
end

return M
