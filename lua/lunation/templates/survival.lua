-- SPDX-License-Identifier: GPL-3.0-or-later
-- Two treatments, overall survival from dates. What it writes is CC0.
local core = require "lunation.core"

local RECIPE = [[
# SPDX-License-Identifier: CC0-1.0
#
# Question   Do patients who had B live longer than patients who had A?
# Design     Both treatments are known at the start, so that no group is immortal.
# Data       patients.csv is simulated. Put your own file in its place, or keep both:
#            lunation run study.yaml --data patients=mine.csv
#            lunation data mine.csv prints the columns: block for your file.
lunation: 1
id: my-study
version: 0.1.0
title: Survival after two treatments
simulated: Simulated data. No patient is in this report.
data:
  patients:
    file: patients.csv
    key: id
    columns:
      treatment: { type: factor, levels: [A, B], label: Treatment }
      age: { type: number, unit: years, min: 18, max: 100, label: Age }
      sex: { type: factor, levels: [female, male], label: Sex }
      bclc: { type: factor, levels: [A, B, C], label: BCLC stage }
      afp: { type: number, unit: ng/mL, min: 0, label: AFP, missing: ["ND"] }
      start: { type: date, label: First treatment }
      death: { type: date, label: Death }
      last_contact: { type: date, label: Last contact }
cohort:
  - include: { where: age >= 18, as: Adults }
  - derive:
      log_afp: { value: log10(afp + 1), label: "AFP, log10" }
endpoints:
  os: { origin: start, event: death, censor: last_contact, unit: months }
analyses:
  baseline: { table1: [age, sex, bclc, afp], by: treatment, tests: true, smd: true, title: Patients at the start }
  survival: { km: os, by: treatment, times: [12, 24, 36], follow_up: true, logrank: true, cox: true, title: Overall survival }
  model: { cox: os, terms: treatment + age + bclc + log_afp, univariable: true, ph_test: true, figure: forest, title: "Overall survival, several covariates" }
]]

local N, SEED = 120, 20240101
local ORIGIN, ACCRUAL, CLOSE = 17532, 900, 1900 -- 2018-01-01 as days since 1970; days after it
local MEDIAN = 780 -- days, of an average patient on A

local function iso(days) return core.column.date({ days })[1] end

-- Weibull times with proportional hazards: treatment 0.6, BCLC 1.6 for each stage, AFP 1.3 for each
-- power of ten.
local function patient(rng, i)
  local treatment, sex = rng:below(2), rng:below(4)
  local stage, age = rng:below(3), math.floor(58 + 11 * rng:normal() + 0.5)
  local afp = math.exp(4 + 2 * rng:normal())
  local start = rng:below(ACCRUAL)
  local hazard = 0.6 ^ treatment * 1.6 ^ (stage - 1) * 1.3 ^ (math.log(afp, 10) - 1.7)
  local time = 1 + math.floor(MEDIAN * (rng:exponential() / math.log(2) / hazard) ^ (1 / 1.2))
  local seen = math.min(CLOSE, start + 200 + rng:below(1700))
  local dead = start + time <= seen
  return table.concat({ ("P%03d"):format(i), treatment == 1 and "B" or "A",
    math.max(18, math.min(90, age)),
    sex == 0 and "female" or "male", ("ABC"):sub(stage + 1, stage + 1), rng:below(40) == 0 and "ND"
      or ("%.1f"):format(afp),
    iso(ORIGIN + start), dead and iso(ORIGIN + start + time)
      or "", iso(ORIGIN + (dead and start + time or seen)) }, ",")
end

local function patients()
  local lines = { "id,treatment,age,sex,bclc,afp,start,death,last_contact" }
  local rng = core.rng.new(SEED, "template survival")
  for i = 1, N do lines[#lines + 1] = patient(rng, i) end
  return table.concat(lines, "\n") .. "\n"
end

return {
  title = "two treatments, overall survival from dates",
  files = function() return { { "study.yaml", RECIPE }, { "patients.csv", patients() } } end,
}
