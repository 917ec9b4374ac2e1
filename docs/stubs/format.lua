-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.format
---numbers as a reader of a journal wants them. Minus sign, en dash, fixed decimals, rounded
---half to even on the exact binary value, or half away from zero. A number that is missing (nil,
---NaN) shows as NE, "not estimable".
---@class lunation.format
local M = {}

---How numbers are rounded from now on: "half-even" (R: on the exact binary value) or "half-away"
---(SAS: away from zero, a number that is within 4e-15 of a half being one).
---@param rule any?
---@return any
function M.rounding(rule) end

---The share of itself that a number gets before it is cut; 0 unless halves go away from zero.
---@return any
function M.nudge() end

---v with exactly `decimals` digits after the point, in ASCII; never "-0.00". For machines.
---@param v any?
---@param decimals any?
---@return any
function M.fixed(v, decimals) end

---v with fixed decimals (default 2) for people. Infinity is ∞, a missing value NE.
---@param v any?
---@param decimals any?
---@return any
function M.number(v, decimals) end

---A count. From 10,000 on with commas.
---@param v any?
---@return any
function M.integer(v) end

---A fraction as a percentage: percent(0.708) = "70.8%".
---@param fraction any?
---@param decimals any?
---@return any
function M.percent(fraction, decimals) end

---"67 (55.8%)"; 100 n / of is rounded, not the fraction, so that halves are exact.
---@param n any?
---@param of any?
---@param decimals any?
---@return any
function M.count(n, of, decimals) end

---The value alone: "0.013", "<0.001", ">0.999".
---@param p any?
---@return any
function M.p_value(p) end

---For a sentence: "p = 0.013", "p < 0.001".
---@param p any?
---@return any
function M.p(p) end

---"0.41–0.80"; "−1.2 to 3.4" when a limit is negative, since a dash would read as a minus.
---@param lower any?
---@param upper any?
---@param decimals any?
---@return any
function M.ci(lower, upper, decimals) end

---"0.58 (0.41–0.80)"
---@param v any?
---@param lower any?
---@param upper any?
---@param decimals any?
---@return any
function M.estimate(v, lower, upper, decimals) end

---A hazard (or odds, risk, subdistribution hazard) ratio with its limits, two decimals.
---@param v any?
---@param lower any?
---@param upper any?
---@return any
function M.hr(v, lower, upper) end

---"70.8% (63.2–79.5)" from fractions.
---@param v any?
---@param lower any?
---@param upper any?
---@param decimals any?
---@return any
function M.rate(v, lower, upper, decimals) end

---A median or mean time: one decimal, none when every part is whole.
---@param v any?
---@param lower any?
---@param upper any?
---@return any
function M.time(v, lower, upper) end

return M
