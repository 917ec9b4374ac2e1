-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.pvalue
---p-values, with their natural logarithm where the number itself has lost digits or is 0.
---@class lunation.stat.pvalue
local M = {}

---Two-sided p of a standard normal z, and log p when p is below 1e-300. nil for nil or NaN.
---@param z any?
---@return any
function M.normal(z) end

---The same of an upper tail of chi-square; nil without degrees of freedom.
---@param x any?
---@param df any?
---@return any
function M.chisq(x, df) end

---The same, two-sided, of Student's t.
---@param t any
---@param df any?
---@return any
function M.t(t, df) end

---The row with log_p beside a p (or a value that is one) below 1e-300. log_p: the logarithm, known
---already.
---@param row any?
---@param p any?
---@param log_p any?
---@return any
function M.row(row, p, log_p) end

return M
