-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.boot
---bootstrap of an endpoint's statistics. Replicate i depends on the seed and i alone.
---@class lunation.surv.boot
local M = {}

---@class lunation.surv.boot.options
---@field at? number
---@field by? any
---@field by_name? string
---@field cluster? any
---@field conf_level? number
---@field given? table
---@field limits? "percentile"|"basic"|"bca"
---@field replicates? integer
---@field seed? integer
---@field statistic any
---@field strata? any
---@field terms? string
---@field ties? "efron"|"breslow"|"exact"
---@field weights? any

---Bootstrap of an endpoint. opt: statistic ("median", "survival" or "rmst" with at, by; "hr" with
---terms, ties, weights; or a function of the resampled endpoint that returns a number or nil:
---endpoint.cohort is resampled with it, so that weights can be estimated anew), replicates, seed,
---strata (as many patients from each stratum as it has), cluster (whole clusters), limits
---("percentile", "basic", "bca": BCa, Efron 1987), conf_level, given (lists of rows). Replicates
---in which the statistic is undefined are left out and counted.
---@param endpoint any?
---@param given lunation.surv.boot.options?
---@return lun.endpoint
function M.endpoint(endpoint, given) end

---@class lun.bootstrap
---@field convention any A sentence naming the options that decide the numbers.
local bootstrap = {}

---One row for each estimate: statistic, group or term, value, lower, upper, se, n, and a warning
---that counts the replicates in which it is undefined. Hazard ratios with the standard error of
---their logarithm.
---@return table[]
function bootstrap:rows() end

---The estimates as a table with their standard errors.
---@return lun.table
function bootstrap:table() end

return M
