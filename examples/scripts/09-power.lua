-- SPDX-License-Identifier: CC0-1.0
-- How many patients does my trial need? Simulated trials, analysed as the real one will be.
local core = require "lunation.core"
local lun = require "lunation"

local MEDIAN, HR, ACCRUAL, FOLLOWUP, TRIALS = 12, 0.65, 18, 18, 300 -- months

local function exponential(rate) return -math.log(1 - math.random()) / rate end

-- One trial of n patients: p of the log-rank test and number of deaths.
local function trial(n)
  local arm, time, event = { n = n }, { n = n }, { n = n }
  for i = 1, n do
    local treated = i % 2 == 0
    local death = exponential(math.log(2) / MEDIAN * (treated and HR or 1))
    local observed = FOLLOWUP + ACCRUAL * math.random()
    arm[i], time[i], event[i] = treated and "new" or "control", math.min(death, observed),
      death <= observed and 1 or 0
  end
  local surv = core.surv.new { time = core.column.number(time),
    status = core.column.integer(event) }
  local test = core.logrank.test(surv, { by = core.column.factor(arm, { "control", "new" }),
    test = "logrank" })
  local deaths = 0
  for i = 1, n do deaths = deaths + event[i] end
  return test.p, deaths
end

math.randomseed(2026) -- the same trials every time
print("patients  deaths  power, % (95% CI)")
for _, n in ipairs { 150, 200, 250, 300 } do
  local significant, deaths = 0, 0
  for _ = 1, TRIALS do
    local p, d = trial(n)
    significant, deaths = significant + (p < 0.05 and 1 or 0), deaths + d
  end
  local ci = { core.prop.limits(significant, TRIALS, "wilson", 0.95) }
  print(("%8d  %6.0f  %.1f (%.1f to %.1f)"):format(n, deaths / TRIALS, 100 * ci[1], 100 * ci[2],
    100 * ci[3]))
end

-- Schoenfeld's formula for comparison: deaths for 80% power at the two-sided 5% level.
local z = core.dist.norm_quantile(0.975) + core.dist.norm_quantile(0.8)
print(("Schoenfeld (1981): %.0f deaths for 80%%"):format(math.ceil(4 * z ^ 2 / math.log(HR) ^ 2)))
