-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.readers
---the same patients assessed by several readers, and how far they agree.
---@class lunation.onco.readers
local M = {}

---Responses by reader. opt: reader (column of the lesion table, default "reader"), and the options of
---cohort:recist.
---@param cohort any?
---@param opt table?
---@return any
function M.assess(cohort, opt) end

---@class lun.readers
local readers = {}

---Agreement of two readers on the best response, among patients whom both assessed: n, observed, kappa, se, lower, upper, and the patients on
---whom they differ: { { id, [reader] = response }, ... }.
---@param first any?
---@param second any?
---@return any
function readers:agreement(first, second) end

return M
