-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.facets
---the curves of an endpoint within each level of a second column.
---@class lunation.surv.facets
local M = {}

---Kaplan-Meier curves within each level of a column: facets.of(endpoint, "bclc", { by = "arm",
---logrank = true }). opt: those of endpoint:km, and logrank (the test of the groups within each
---level). Levels without patients are passed over; patients without a value are counted. Fields:
---panels = { { level, km, logrank } ... }.
---@param endpoint any?
---@param name any?
---@param opt table?
---@return any
function M.of(endpoint, name, opt) end

---@class lun.facets
---@field convention any A sentence naming the options that decide the numbers.
local facets = {}

return M
