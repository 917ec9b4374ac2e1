-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.power
---events, patients and power of a comparison of two groups, planned: of survival (Schoenfeld
---1981, Freedman 1982) and of two proportions.
---@class lunation.stat.power
local M = {}

---Events, patients or power of a log-rank test: lun.power.survival { hr = 0.7, power = 0.8 }. opt:
---hr; power, or events or n (then power is computed); alpha (0.05), sides (2), share (of patients
---in the treated group, 0.5), method ("schoenfeld", "freedman"), r2 (of the group on other
---covariates, Hsieh and Lavori 2000); for patients: median or hazard of the controls, accrual,
---follow_up (of the last patient), dropout (hazard). Fields: events and n as real numbers, power,
---p_control and p_treated (probability of a seen event).
---@param given table?
---@return lun.endpoint
function M.survival(given) end

---Patients or power of a chi-square test of two proportions, without continuity correction:
---lun.power.proportions { p1 = 0.25, p2 = 0.4, power = 0.8 }. opt: p1, p2; power, or n (of both
---groups); alpha, sides, share (of patients in the second group). Fields n (of both groups),
---power.
---@param given table?
---@return any
function M.proportions(given) end

---@class lun.power_plan
local power_plan = {}

---Rows with the statistics events, n, power, p_control, p_treated.
---@return table[]
function power_plan:rows() end

---Events and patients rounded up, probabilities to three places.
---@return lun.table
function power_plan:table() end

return M
