-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox_rows
---a Cox model as rows, as a table and as text.
---@class lunation.surv.cox_rows
local M = {}

---@class lun.methods
local methods = {}

---One row for each coefficient (statistic "hr", with log_hr, se, p, n, events; variable and level
---for factors), one for each reference level ("reference"), and the tests of the model (p_lr,
---p_wald, p_score).
---@return table[]
function methods:rows() end

---The regression table. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function methods:table(opt) end

return M
