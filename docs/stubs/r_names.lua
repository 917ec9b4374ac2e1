-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.r_names
---what to write here for names that R's users know.
---@class lunation.base.r_names
local M = {}

return M
