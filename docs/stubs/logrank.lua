-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.logrank
---weighted log-rank tests of an endpoint's groups, and all pairs with adjusted p-values.
---@class lunation.surv.logrank
local M = {}

---Test of an endpoint's groups. opt: by (factor), strata (factor), test, rho, gamma, trend (true
---for scores 1, 2, ..., or a list of scores), weights (sampling weights: robust score variance,
---over clusters when `cluster` is given) with ties ("efron": means and hazards at ties as
---survey::svylogrank; "breslow": those of the test).
---@param endpoint any?
---@param given table?
---@return any
function M.fit(endpoint, given) end

---The largest of several Fleming-Harrington tests of two groups, its p-value from their joint
---normal distribution (Lee 2007; Karrison 2016). opt: by (factor of two levels), strata, tests
---(list of { rho, gamma }, at most four of them independent; the log-rank test and those that
---weigh late, middle and early differences), weights, cluster and ties as of the log-rank test.
---@param endpoint any?
---@param given table?
---@return lun.maxcombo
function M.maxcombo(endpoint, given) end

---Adjusts a list of p-values (Holm 1979, Hochberg 1988, Hommel 1988, Benjamini & Hochberg 1995,
---Benjamini & Yekutieli 2001, Bonferroni, none).
---@param p any?
---@param method any?
---@return any
function M.adjust(p, method) end

---All pairs of an endpoint's groups. opt: by, strata, test, adjust; weights, cluster and ties as
---of the log-rank test.
---@param endpoint any?
---@param given table?
---@return lun.pairwise
function M.pairwise(endpoint, given) end

---@class lun.logrank
---@field convention any A sentence naming the options that decide the numbers.
local logrank = {}

---One plain table for each estimate, as of every result.
---@return table[]
function logrank:rows() end

---@class lun.maxcombo
---@field convention any A sentence naming the options that decide the numbers.
local maxcombo = {}

---One plain table for each estimate, as of every result.
---@return table[]
function maxcombo:rows() end

---@class lun.pairwise
---@field convention any A sentence naming the options that decide the numbers.
local pairwise = {}

---One plain table for each estimate, as of every result.
---@return table[]
function pairwise:rows() end

---The pairs as a table. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function pairwise:table(opt) end

return M
