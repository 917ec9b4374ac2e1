-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.responses
---the responses of a cohort, visit by visit and patient by patient, by one of the
---criteria. What they lead to stands in best (best response and rates), courses (data of figures),
---roles (endpoints and classes) and cdisc.
---@class lunation.onco.responses
local M = {}

---@class lun.response
local response = {}

---Columns of the visits: see core.recist's visits.
---@return any
function response:visits() end

---Columns of the patients: see core.recist's patients.
---@return any
function response:patients() end

---A column with a row for each patient of the cohort, to derive with: cohort:derive("orr",
---response:column("best")). Names: best (by the option confirm), and those of patients().
---@param name any
---@return lun.column
function response:column(name) end

---Patients that could not be assessed: { { patient, id, code, row, lesion, message }, ... }.
---@return any
function response:refused() end

---One row for each visit: id, date, day, sum, nadir, percent, target, nontarget, new, response,
---reason.
---@return table[]
function response:rows() end

---Best response of every patient: see lunation.best.
---@return any
function response:best() end

---How far other responses (another reader's, or by other criteria) of the same cohort agree: see
---lunation.agreement.
---@param other any?
---@param opt lunation.onco.agreement.options?
---@return lun.agreement
function response:agreement(other, opt) end

---Depth of response of every patient who has one: see lunation.courses.
---@return lun.waterfall
function response:waterfall() end

---Change of the sum over time: see lunation.courses.
---@return any
function response:spider() end

---The course of every patient: see lunation.courses.
---@return lun.swimmer
function response:swimmer() end

---Dates that the responses know: see lunation.roles.
---@param name any
---@param cohort any?
---@return any
function response:dates(name, cohort) end

---Fills the roles of an endpoint or class: see lunation.roles.
---@param cohort any?
---@param roles any?
---@param definition any?
---@return any
function response:attach(cohort, roles, definition) end

---What rules need to know of the assessments: see lunation.roles.
---@param cohort any?
---@param input any?
---@return any
function response:course(cohort, input) end

---Tables in the shape of CDISC's ADRS, ADTR and ADTTE: see lunation.cdisc.
---@return any
function response:adrs() end

---Tumour sums in the shape of ADaM's ADTR: see lunation.cdisc.
---@return any
function response:adtr() end

---Times to events in the shape of ADaM's ADTTE: see lunation.cdisc.
---@param opt table?
---@return any
function response:adtte(opt) end

return M
