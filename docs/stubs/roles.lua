-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.roles
---what responses know for endpoints and classes: dates for their roles, assessments for
---their rules, and who was refused.
---@class lunation.onco.roles
local M = {}

---The dates of that name that the responses know, for the patients of a cohort: progression,
---death, therapy, response, or a date of patients(); nil when they know none. By the criteria and
---the option confirm.
---@param self any?
---@param name any?
---@param cohort any?
---@return any
function M.dates(self, name, cohort) end

---For lunation.data.derivation: the cohort with the columns that the roles need, the roles, and a
---function of the patient's number that gives the reason and the code of a refusal. Roles that the
---user names himself stay. Censoring follows the option censoring.
---@param self any?
---@param cohort any?
---@param roles any?
---@param definition any?
---@return any
function M.attach(self, cohort, roles, definition) end

---Adds to the input of core.timeline.run what the responses know of the patients of a cohort:
---assessments, baseline, and the options of the rules that look at them.
---@param self any?
---@param cohort any?
---@param input any?
---@return any
function M.course(self, cohort, input) end

return M
