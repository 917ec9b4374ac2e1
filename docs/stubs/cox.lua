-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox
---proportional-hazards regression of an endpoint.
---@class lunation.surv.cox
local M = {}

return M
