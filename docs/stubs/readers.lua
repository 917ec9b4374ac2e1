-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.readers
---the same patients assessed by several readers, and how far they agree.
---@class lunation.onco.readers
local M = {}

---Responses by reader. opt: reader (column of the lesion table, default "reader"), and the options
---of cohort:recist.
---@param cohort any?
---@param opt table?
---@return any
function M.assess(cohort, opt) end

---@class lun.readers
local readers = {}

---Agreement of two readers on the best response, among patients whom both assessed: see
---lunation.agreement. The first two readers unless others are named.
---@param first any?
---@param second any?
---@param opt lunation.onco.agreement.options?
---@return lun.agreement
function readers:agreement(first, second, opt) end

return M
