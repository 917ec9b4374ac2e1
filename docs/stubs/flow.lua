-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.flow
---the steps from the patients read to those analysed, each counted, as a result: what share
---of those before it a step keeps. Its elements are the steps themselves.
---@class lunation.data.flow
local M = {}

---The flow of a cohort: read (patients of the file), steps = { { label, kind, before, kept,
---excluded, missing } ... }.
---@param read any?
---@param steps any?
---@return any
function M.of(read, steps) end

return M
