-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.km
---Kaplan-Meier curves of an endpoint.
---@class lunation.surv.km
local M = {}

---@class lunation.surv.km.options
---@field beyond? "na"|"extend"
---@field by? any
---@field by_name? string
---@field cause? integer
---@field cluster? any
---@field conf_level? number
---@field conf_type? "log"|"log-log"|"plain"|"arcsine"|"logit"|"none"
---@field from? number
---@field hazard? "nelson-aalen"|"break-ties"
---@field median_rule? "r"|"sas"|"first"|"below"|"spss"
---@field reverse? any
---@field strata? any
---@field survival? "kaplan-meier"|"fleming-harrington"
---@field ties? "deaths-first"|"plain"
---@field times? any
---@field weight_type? "sampling"|"frequency"
---@field weights? any

---Curves of an endpoint. opt: by (factor column), strata (factor: a curve for each cell of by and
---strata), conf_type, conf_level, median_rule, times (for rows()), survival ("kaplan-meier";
---"fleming-harrington" is exp(-hazard)), hazard ("nelson-aalen"; "break-ties" adds 1/n + 1/(n-1) +
---... at ties), from (curves given survival up to this time), cause (the status that counts;
---others are censorings), weights with weight_type ("sampling": robust variance, over clusters if
---`cluster` is given; "frequency": copies of the row), reverse (for follow-up), ties (of the
---reverse curve), beyond ("na": no rate after a group's last time, "extend": the last one is
---carried on).
---@param endpoint any?
---@param given lunation.surv.km.options?
---@return any
function M.fit(endpoint, given) end

---@class lun.km
---@field convention any A sentence naming the options that decide the numbers.
local km = {}

---The curve of a group: time, survival, lower, upper, n_risk, n_event, n_censor, cumhaz,
---se_cumhaz, se_log (columns), n, events. n_risk, n_event and n_censor are weighted; raw_risk,
---raw_event and raw_censor count rows.
---@param label any?
---@return any
function km:curve(label) end

---for label, curve in km:curves() do ... end; groups without rows are passed over.
---@return any
function km:curves() end

---The curve at time t: { time, survival, lower, upper, se, cumhaz, se_cumhaz, n_risk (just before
---t), events and censored (up to t), entered (before t) }. Before the first time survival is 1.
---After the last one it is nil unless it is 0 already or beyond is "extend".
---@param t any
---@param label any?
---@return any
function km:at(t, label) end

---The time by which a fraction p has had the event: { estimate, lower, upper }, nil where not
---estimable.
---@param p any?
---@param label any?
---@param rule any?
---@return any
function km:quantile(p, label, rule) end

---The median: quantile(0.5).
---@param label any?
---@param rule any?
---@return any
function km:median(label, rule) end

---Numbers under a figure at the times: for each group { at_risk, censored, events } before the
---time, and `entered` with delayed entry, `weighted` (at risk) with sampling weights. at_risk +
---censored + events = entered or n.
---@param times any?
---@return any
function km:risk_table(times) end

---Survival of group b minus that of group a at time t (a and b may be left out when there are two
---groups): { difference, se, lower, upper, z, p } by the plain comparison, { cloglog_z, cloglog_p
---} on the complementary log-log scale (Klein, Logan, Harhoff & Andersen 2007). Fields are nil
---where a survival is not known; the cloglog ones also where it is 0 or 1.
---@param t any
---@param a any?
---@param b any?
---@return any
function km:milestone(t, a, b) end

---Pseudo-values by the infinitesimal jackknife (as survival::pseudo): theta + n influence, for
---theta the survival at t or (what = "rmst") the restricted mean up to t of each row's group. A
---column in the order of the rows.
---@param t any
---@param what any?
---@return any
function km:pseudo(t, what) end

---One row for each estimate: n, events, median, and at the times that were asked for survival and
---event (one minus survival).
---@return table[]
function km:rows() end

---The table of groups: n, events, median, the rates at the times. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function km:table(opt) end

return M
