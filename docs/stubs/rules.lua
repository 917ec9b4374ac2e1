-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.rules
---an endpoint as a table of event rules and censoring rules, which core.timeline works
---through. The tables of the FDA and the EMA are the core's own; docs/methods/endpoint-rules.md
---prints them.
---@class lunation.surv.rules
local M = {}

---The built-in table of that name ("pfs_fda", "pfs_ema", "ttp_fda", "ttp_ema"): { events,
---censoring }, a copy to edit.
---@param name any
---@return lun.table
function M.table(name) end

---Checks and completes a table of rules:
---  events     { { source = role, reason = words, competing = true|nil }, ... }: the earliest date counts, of two on one
---             day the first in the table. competing: only with the option competing, and then as
---             a cause of its own
---  censoring  { { when =, source =, at =, reason =, cnsr =, none =, none_cnsr = }, ... }, "fda" or "ema": the first
---             whose conditions all hold. when: no-event, no-baseline, after (the date of source
---             has passed and no event up to it), missed (the event came after missed
---             assessments). at: start, last-assessment (none: the reason when there is none, and
---             it is the start), or a role. cnsr: the code of ADTTE, its place in the list unless
---             given
---  assessed   true: with responses the censoring is theirs (fda, ema)
---  no_start, no_end   reasons of those without a start, and of those for whom no rule gives an end
---bad(message, hint) raises.
---@param rules any?
---@param bad any?
---@return any
function M.check(rules, bad) end

---Names of the dates that the rules need.
---@param rules any?
---@return any
function M.sources(rules) end

---The definition of an endpoint that a script or a recipe states as rules alone.
---@param name any
---@param given table?
---@param title any?
---@return any
function M.definition(name, given, title) end

---Works through the rules for every patient of a derivation: take(i, { from, to, event, reason,
---cnsr }); the others are excluded.
---@param d any?
---@param take any?
---@return any
function M.run(d, take) end

return M
