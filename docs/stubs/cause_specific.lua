-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cause_specific
---Cox models of each cause of an endpoint, side by side.
---@class lunation.surv.cause_specific
local M = {}

---A model of each cause of an endpoint, the other causes censoring. Fields: models (a list),
---causes (their names). opt: as for endpoint:cox, without cause.
---@param endpoint any?
---@param formula any?
---@param given table?
---@return any
function M.fit(endpoint, formula, given) end

return M
