-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox_tt
---Cox models with terms tt(x) whose covariate changes with time: x log(t), x from a time
---on. Each risk set is written out, the covariate takes its value at the time of the set, and the
---sets are the strata of an ordinary fit (Therneau & Grambsch 2000, section 3.7; tt() of R's
---coxph).
---@class lunation.surv.cox_tt
local M = {}

---Raises: the model has no fixed linear predictor.
---@return any
function M.refuse() end

---Fits a design with tt() terms. how: as core.cox.fit takes it; tt: the transform. Returns the fit
---and a list of the transforms, { name, text }.
---@param endpoint any?
---@param design any?
---@param how any?
---@param tt any?
---@return any
function M.fit(endpoint, design, how, tt) end

return M
