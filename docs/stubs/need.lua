-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.need
---arguments without which a call has no meaning.
---@class lunation.base.need
local M = {}

return M
