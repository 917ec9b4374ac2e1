-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.endpoint
---the registry of time-to-event endpoints, and their derivation for every patient of a
---cohort. Built-in endpoints (lunation/endpoints/*.lua) are written with the same define.
---@class lunation.endpoint
local M = {}

---Registers an endpoint. definition:
---  name, version, title, doc      words
---  kind                           "time_to_event"
---  needs = { patient = { "start" }, lesions = { "date", "mm" } }   columns used under their own names
---  columns = { origin = { type = "date", required = true, doc = "..." } }
---                                 roles that the user binds to columns: { origin = "start" }
---  options = { depth = { default = 0.8, min = 0, max = 1 } }
---  derive(patient, opt)           returns { time = days, event = true|false|"cause", reason = "..." },
---                                 or { from = day, to = day, event =, reason = }, or nil and a
---                                 reason, which leaves the patient out and is counted
---  rules                          instead of derive: a table of event and censoring rules, see lunation.rules
---@param definition any?
---@return any
function M.define(definition) end

---The definition of that name; an unknown name is an error with a suggestion.
---@param name any
---@return any
function M.get(name) end

---Names of all endpoints, sorted.
---@return string[]
function M.names() end

---Derives endpoint `name` for every patient of the cohort and returns the endpoint object
---(lunation.surv.endpoint_data). given: roles (origin = "start"), the endpoint's options, and
---unit ("days", "weeks", "months", "years"), month (days in a month, or "calendar"), title,
---response (responses that fill roles), table (name of the linked table, when it is not the one
---that the endpoint names); of an endpoint by rules, censoring ("fda", "ema" or a list of rules);
---rules: a table of rules stated here, for which no endpoint need be defined.
---@param cohort any?
---@param name any?
---@param given table?
---@return lun.endpoint
function M.derive(cohort, name, given) end

---An endpoint from columns: opt = { time =, event =, is = value or list, start = (delayed entry),
---unit =, title = }. Which value is the event is never guessed. Competing events: causes = {
---relapse = value or list, death = ... } in place of is.
---@param cohort any?
---@param given table?
---@return any
function M.from_columns(cohort, given) end

---Distinct values of a column as text, at most ten.
---@param column any?
---@return any
function M.values_seen(column) end

return M
