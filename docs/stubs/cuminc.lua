-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cuminc
---cumulative incidence of competing causes (Aalen & Johansen 1978) by group.
---@class lunation.surv.cuminc
local M = {}

---@class lunation.surv.cuminc.options
---@field by? any
---@field by_name? string
---@field cluster? any
---@field conf_level? number
---@field conf_type? "log"|"log-log"|"plain"
---@field times? any
---@field variance? "jackknife"|"aalen"
---@field weights? any
---@field cause? any
---@field rho? number
---@field strata? any

---Curves of an endpoint with causes 1, 2, ... opt: by, times (for rows()), conf_type ("log",
---"log-log", "plain"), conf_level, variance ("jackknife" as survival, "aalen" as cmprsk), weights
---(sampling weights) and cluster (a factor), with the jackknife summed over rows or clusters.
---@param endpoint any?
---@param given lunation.surv.cuminc.options?
---@return any
function M.fit(endpoint, given) end

---Gray's test that the incidence of a cause is the same in all groups. opt: by (factor), strata
---(factor), cause (its name or number; the first), rho (0; the weight is (1 - incidence)^rho).
---Weights and clusters are refused: no source gives its variance with them.
---@param endpoint any?
---@param given lunation.surv.cuminc.options?
---@return lun.gray
function M.gray(endpoint, given) end

---@class lun.cuminc
---@field convention any A sentence naming the options that decide the numbers.
local cuminc = {}

---The curve of a group (nil when there is one) and a cause (its name or number).
---@param label any?
---@param cause any?
---@return any
function cuminc:curve(label, cause) end

---Incidence of a cause by time t: { time, incidence, se, lower, upper }. After the group's last
---time all but time are nil.
---@param t any
---@param label any?
---@param cause any?
---@return any
function cuminc:at(t, label, cause) end

---The curves as lunation.figure.cuminc takes them: { causes =, groups =, unit =, conf_type =,
---conf_level = }.
---@return any
function cuminc:drawing() end

---One plain table for each estimate, as of every result.
---@return table[]
function cuminc:rows() end

---The table of groups and causes. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function cuminc:table(opt) end

---@class lun.gray
---@field convention any A sentence naming the options that decide the numbers.
local gray = {}

---One plain table for each estimate, as of every result.
---@return table[]
function gray:rows() end

return M
