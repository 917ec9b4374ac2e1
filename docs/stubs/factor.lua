-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.factor
---any column as a factor. Texts become levels in bytewise order, numbers in increasing
---order.
---@class lunation.data.factor
local M = {}

return M
