-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.evalue
---how strong unmeasured confounding would have to be to explain an estimate away
---(VanderWeele & Ding 2017).
---@class lunation.stat.evalue
local M = {}

---E-value of an estimate and of its limit nearer to 1 (1 when the limits enclose 1). measure:
---"rr", "hr" or "or"; opt: lower, upper, common (the outcome is common, over 15%: hazard and odds
---ratios are first brought to the scale of a risk ratio).
---@param measure any?
---@param estimate any?
---@param opt table?
---@return any
function M.of(measure, estimate, opt) end

return M
