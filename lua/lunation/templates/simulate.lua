-- SPDX-License-Identifier: GPL-3.0-or-later
-- A specification of a simulated cohort, and the recipe that reads it. What it writes is CC0.
local SPEC = [[
# SPDX-License-Identifier: CC0-1.0
#
# A simulated cohort: lunation simulate cohort.yaml --out .
# No patient is in it, and the data dictionary that is written beside it says so.
# lunation simulate cohort.yaml --n 2000 --seed 2 --out elsewhere    another size, another draw
# lunation schema simulate                                           every key, for editors
simulate: 1
id: my-cohort
title: "Simulated cohort: two treatments"
description: To plan a study, to teach, or to test study.yaml before the data arrive.
seed: 1
n: 200
unit: months               # of every time below

variables:                 # in this order; a later one may use earlier ones
  treatment: { shares: { A: 0.5, B: 0.5 }, label: Treatment }             # exactly half and half
  sex: { counts: { female: 40, male: rest }, label: Sex }                 # exactly 40
  age: { normal: { mean: 60, sd: 10 }, min: 18, max: 90, decimals: 0, label: Age, unit: years, missing: 3 }
  afp: { lognormal: { median: 60, sigma: 2 }, min: 1, max: 100000, decimals: 0, label: AFP, unit: ng/mL }
  bclc:                    # more advanced with a high AFP
    label: BCLC stage
    levels: [A, B, C]
    cases:
      - { where: afp > 400, probabilities: { A: 0.1, B: 0.3, C: 0.6 } }
      - { probabilities: { A: 0.35, B: 0.4, C: 0.25 } }
  start: { dates: { from: 2021-01-01, to: 2022-12-31 }, label: First treatment }

events:                    # medians are those of treatment A, stage A
  progression: { median: 10, hazard_ratios: { treatment: { B: 0.7 }, bclc: { B: 1.3, C: 1.8 } }, label: Progression }
  death: { median: 30, hazard_ratios: { treatment: { B: 0.75 }, bclc: { B: 1.5, C: 2.4 } }, ends: true, label: Death }

follow_up: { origin: start, close: 2025-06-30, loss: 0.04 }   # 4% are lost in each year

outcomes:
  os: { of: death, write: false }
  pfs: { of: [progression, death], write: false }

targets:                   # what the cohort shall return, as it would be printed
  - { of: os, statistic: median, where: treatment == 'A', value: "20.0" }
  - { of: os, statistic: hr, by: treatment, value: "0.70" }
  - { of: pfs, statistic: survival, at: 12, value: "35%" }

search: {}                 # moves event times until it does; without this line: one draw, as it falls

later:                     # what depends on the events
  last_imaging: { value: "if(missing(progression), last_contact, progression)", label: Last imaging }

columns: [id, treatment, sex, age, afp, bclc, start, progression, last_imaging, death, last_contact]
]]

local RECIPE = [[
# SPDX-License-Identifier: CC0-1.0
#
# Question   Do patients on B live longer than patients on A?
# Data       patients.csv is simulated: lunation simulate cohort.yaml --out .
#            Yours: lunation run study.yaml --data patients=mine.csv
lunation: 1
id: my-study
version: 0.1.0
title: Two treatments
simulated: Simulated data. No patient is in this report.
data:
  patients:
    file: patients.csv
    key: id
    columns:
      treatment: { type: factor, levels: [A, B], label: Treatment }
      sex: { type: factor, levels: [female, male], label: Sex }
      age: { type: number, unit: years, min: 18, max: 100, label: Age }
      afp: { type: number, unit: ng/mL, min: 0, label: AFP }
      bclc: { type: factor, levels: [A, B, C], label: BCLC stage }
      start: { type: date, label: First treatment }
      progression: { type: date, label: Progression }
      last_imaging: { type: date, label: Last imaging }
      death: { type: date, label: Death }
      last_contact: { type: date, label: Last contact }
endpoints:
  os: { origin: start, event: death, censor: last_contact, unit: months }
  pfs: { origin: start, progression: progression, death: death, censor: last_imaging, unit: months }
analyses:
  baseline: { table1: [age, sex, bclc, afp], by: treatment, title: Patients at the start }
  survival: { km: os, by: treatment, times: [12, 24], follow_up: true, logrank: true, cox: true, title: Overall survival }
  progression: { km: pfs, by: treatment, times: [6, 12], logrank: true, cox: true, title: Progression-free survival }
  model: { cox: os, terms: treatment + age + bclc, univariable: true, figure: forest, title: "Overall survival, several covariates" }
]]

return {
  title = "a simulated cohort from a specification, and the recipe that reads it",
  files = function() return { { "cohort.yaml", SPEC }, { "study.yaml", RECIPE } } end,
  before = function(dir) return ("lunation simulate %s/cohort.yaml --out %s"):format(dir, dir) end,
}
