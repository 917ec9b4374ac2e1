-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.overlap
---groups that may share patients (a major response contains the complete ones): the
---patients of each group stacked, so that a pair of groups is compared with a shared patient in
---both.
---@class lunation.surv.overlap
local M = {}

---Stacks the groups { { name, where } ... }. Returns the endpoint of all their rows, the groups as
---a factor over it, and how many patients are in more than one.
---@param endpoint any?
---@param groups any?
---@return any
function M.stack(endpoint, groups) end

return M
