-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.rmst_adjusted
---differences and ratios of restricted means between groups, adjusted for covariates
---by regression (Tian, Zhao & Wei 2014; as survRM2's covariates).
---@class lunation.surv.rmst_adjusted
local M = {}

---Regressions of min(T, tau) on the groups of opt.by and the covariates of opt.adjust:
---{ terms = names, groups = k (the terms 2 .. 1 + k are the groups), n, dropped, difference,
---ratio, rmtl_ratio = lists of { coef, se, z, p, estimate, lower, upper } }; the intercept first.
---@param endpoint any?
---@param opt table?
---@return any
function M.fit(endpoint, opt) end

---One row for each coefficient but the intercept.
---@param adjusted any?
---@param tau any?
---@param unit any?
---@return table[]
function M.rows(adjusted, tau, unit) end

return M
