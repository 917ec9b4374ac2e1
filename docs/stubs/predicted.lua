-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.predicted
---what is judged against an endpoint, a column of its cohort or a Cox model, as numbers
---of the patients for whom they are known.
---@class lunation.surv.predicted
local M = {}

---{ label, n, dropped, surv, rows, at(t) -> column of surv's rows, endpoint }: what (a column's
---name, a list of names beside the times, a Cox model) of the patients for whom it is known at all
---times. kind: "risk" (probability of the event by t) or "marker" (any number, larger for an
---earlier event). Errors: usage.marker, data.empty, usage.start.
---@param endpoint any?
---@param what any?
---@param times any?
---@param kind any?
---@return any
function M.of(endpoint, what, times, kind) end

---A sentence on who was left out, "" if nobody.
---@param predicted any?
---@return any
function M.dropped(predicted) end

return M
