-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.prop
---counts and percentages with confidence limits, and contrasts of two proportions.
---@class lunation.stat.prop
local M = {}

---x events among n, with limits. opt: method ("exact", "wilson", "wilson_cc", "agresti_coull",
---"jeffreys", "mid_p", "wald", "arcsine", "logit"), conf_level.
---@param x any?
---@param n any?
---@param opt table?
---@return any
function M.ci(x, n, opt) end

---x1 of n1 against x0 of n0. opt: measure ("difference", "ratio", "odds"), method ("wald",
---"newcombe", "newcombe_cc", "miettinen_nurminen", "agresti_caffo"), conf_level.
---@param x1 any?
---@param n1 any?
---@param x0 any?
---@param n0 any?
---@param opt table?
---@return any
function M.compare(x1, n1, x0, n0, opt) end

---Counts and percentages of the levels of a factor. opt: levels (only these), sum ({ response =
---{ "CR", "PR" } }: levels that count together), of ("known": among the patients whose value is
---known; "all"), method, conf_level.
---@param cohort any?
---@param name any?
---@param opt table?
---@return any
function M.of(cohort, name, opt) end

return M
