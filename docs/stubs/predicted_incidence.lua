-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.predicted_incidence
---cumulative incidences that a model predicts for subjects, with limits.
---@class lunation.surv.predicted_incidence
local M = {}

---Predictions. fields: incidence and se, by subject and time (nil: not known); times, cause, n,
---unit, conf_type (of M.CONF_TYPES), conf_level, convention (of the model). lower and upper are
---added.
---@param fields any?
---@return any
function M.new(fields) end

return M
