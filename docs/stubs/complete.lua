-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.complete
---the patients of an endpoint who have everything that several models read.
---@class lunation.surv.complete
local M = {}

---The endpoint of those patients: see endpoint:complete.
---@param endpoint any?
---@param models any?
---@return any
function M.of(endpoint, models) end

return M
