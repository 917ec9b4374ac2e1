-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.causes
---the causes of an endpoint by name and by number.
---@class lunation.surv.causes
local M = {}

---The names of an endpoint's causes; "cause 1", ... where they have none.
---@param endpoint any?
---@return string[]
function M.names(endpoint) end

---The number of a cause given by name or number. Errors: usage.cause, with a suggestion.
---@param what any?
---@param names any?
---@param cause any?
---@return any
function M.number(what, names, cause) end

return M
