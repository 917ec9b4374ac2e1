-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.terms
---"surgery + log2(afp) + a:b + a*b + strata(bclc) + cluster(id) + offset(x)" as number columns.
---A factor gives an indicator for each level but the first; everything else is an expression.
---@class lunation.surv.terms
local M = {}

---The design of a formula over a core table: columns, names, terms = { { name, from, to, factor } },
---strata, cluster (factors), offset (number column), formula.
---@param data any?
---@param formula any?
---@return any
function M.design(data, formula) end

return M
