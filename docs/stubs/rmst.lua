-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.rmst
---restricted mean survival time (RMST) and time lost (RMTL) by group, differences and ratios
---against the first group (Uno et al. 2014; Klein & Moeschberger 2003, eq. 4.5.2; as survRM2).
---@class lunation.surv.rmst
local M = {}

---@class lunation.surv.rmst.options
---@field adjust? string
---@field by? any
---@field by_name? string
---@field cause? integer
---@field conf_level? number
---@field tau? number
---@field weights? any

---RMST of an endpoint's groups up to tau. opt: by, tau (default: the last time to which every
---curve is known), conf_level, weights (sampling weights, robust variance), adjust (terms: also
---the contrasts adjusted for these covariates, field adjusted, see lunation.surv.rmst_adjusted). A
---group not followed to tau has no mean: its fields are nil and its row has a warning; a curve
---that has reached 0 is known for ever.
---@param endpoint any?
---@param given lunation.surv.rmst.options?
---@return any
function M.fit(endpoint, given) end

---@class lun.rmst
---@field convention any A sentence naming the options that decide the numbers.
local rmst = {}

---One plain table for each estimate, as of every result.
---@return table[]
function rmst:rows() end

---The estimates as a table. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function rmst:table(opt) end

return M
