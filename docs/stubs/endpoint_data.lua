-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.endpoint_data
---an endpoint of a cohort, derived: time, event and reason of every patient, and the
---estimators that work on them.
---@class lunation.surv.endpoint_data
local M = {}

---series: rows, time, event, reason, from, excluded, start (of lunation.endpoint). about: name,
---title, unit, roles, definition, cohort (that the excluded are rows of).
---@param cohort any?
---@param series any?
---@param about any?
---@return any
function M.new(cohort, series, about) end

---@class lun.endpoint
---@field surv any The core's response object: validated and sorted once, shared by all estimators.
---@field n any 
---@field events any 
---@field censored any 
local endpoint = {}

---One row for each patient: id, time, event, reason.
---@return table[]
function endpoint:rows() end

---Rows in the shape of ADaM's ADTTE: see lunation.cdisc.
---@return any
function endpoint:adtte() end

---Who was left out: a list of { id, reason, code }, in the order of the cohort; code is that of a
---refusal.
---@return any
function endpoint:left_out() end

---Kaplan-Meier curves. opt: by (column), conf_type ("log", "log-log", "plain", "arcsine",
---"logit"), conf_level, median_rule ("r", "sas", "first", "below", "spss"), weights.
---@param opt lunation.surv.km.options?
---@return lun.km
function endpoint:km(opt) end

---Kaplan-Meier curves within each level of a second column, for panels: endpoint:facets("bclc", {
---by = "arm" }). opt: those of km, and logrank (the test within each level).
---@param column any?
---@param opt table?
---@return lun.facets
function endpoint:facets(column, opt) end

---Log-rank test and its relatives. opt: by, strata, test ("logrank", "gehan", ...), rho, gamma,
---trend; weights (of a cohort, or a column) with robust score variance, cluster (column), ties
---("efron", "breslow").
---@param opt table?
---@return lun.logrank
function endpoint:logrank(opt) end

---The largest of several weighted log-rank tests of two groups. opt: by, strata, tests (list of {
---rho, gamma }), weights, cluster, ties.
---@param opt table?
---@return lun.maxcombo
function endpoint:maxcombo(opt) end

---Every pair of groups by log-rank. opt: by, strata, adjust ("holm", "bh", "bonferroni", "none"
---...), weights, cluster, ties. groups = { { name, where = condition }, ... } in place of by:
---groups that may share patients, who then count in both groups of a pair.
---@param opt table?
---@return lun.pairwise
function endpoint:pairwise(opt) end

---Restricted mean survival time by group, with difference and ratio, also adjusted for covariates.
---opt: by, tau, adjust ("age + ph_karno"), weights.
---@param opt lunation.surv.rmst.options?
---@return lun.rmst
function endpoint:rmst(opt) end

---Cumulative incidence of the causes (Aalen-Johansen). opt: by, conf_type.
---@param opt lunation.surv.cuminc.options?
---@return lun.cuminc
function endpoint:cuminc(opt) end

---Gray's test. opt: by, cause, strata, rho.
---@param opt table?
---@return lun.gray
function endpoint:gray(opt) end

---Fine and Gray's regression of a cause's incidence. terms: as for cox. opt: cause, method ("crr",
---"survival"), ties, variance ("censoring", "robust"), censoring, cluster, weights, conf_level.
---@param terms any
---@param opt lunation.surv.finegray.options?
---@return lun.finegray
function endpoint:finegray(terms, opt) end

---Cox regression. terms: "surgery + log2(afp) + strata(bclc)". opt: ties ("efron", "breslow",
---"exact"), robust, cluster, weights, conf_level.
---@param terms any
---@param opt table?
---@return lun.cox
function endpoint:cox(terms, opt) end

---A Cox model of each cause, side by side. opt: as for cox, without cause.
---@param terms any
---@param opt table?
---@return any
function endpoint:cause_specific(terms, opt) end

---Follow-up: reverse Kaplan-Meier (the censoring is the event; at equal times deaths leave first).
---opt: by, median_rule, conf_type, ties ("deaths-first", "plain").
---@param opt table?
---@return lun.km
function endpoint:followup(opt) end

---Bootstrap of a statistic: see lunation.boot.
---@param opt table?
---@return lun.bootstrap
function endpoint:bootstrap(opt) end

---Time-dependent ROC curves of a column or a Cox model: see lunation.surv.performance. opt: times,
---cause, variance.
---@param what any?
---@param opt table?
---@return lun.roc
function endpoint:roc(what, opt) end

---Brier scores of predicted probabilities, or of a Cox model. opt: times, integrated, cause.
---@param what any?
---@param opt table?
---@return lun.brier
function endpoint:brier(what, opt) end

---Calibration of predicted probabilities, or of a Cox model, at a time. opt: at, groups, thresholds.
---@param what any?
---@param opt lunation.surv.calibration.options?
---@return lun.calibration
function endpoint:calibration(what, opt) end

---Concordance of a marker column with the outcome.
---@param column any?
---@param opt table?
---@return lun.concordance
function endpoint:concordance(column, opt) end

---The endpoint of the patients for whom the condition is true, as cohort:where.
---@param condition any
---@param label any?
---@return lun.endpoint
function endpoint:where(condition, label) end

---The endpoint of the patients who have everything that a list of models reads, so that the models
---can be compared: os:complete { "age + sex", "age + sex + log2(afp)" }. How many are left out stands
---in excluded and in the field incomplete. Errors: data.empty.
---@param models any?
---@return any
function endpoint:complete(models) end

---Names of the columns that become known only after the origin, by their declaration `known:`.
---@return string[]
function endpoint:late_columns() end

---Patients still observed after time `at`, with the clock restarted there. A column that is
---declared `known: date` shows what was known at the landmark; later changes do not count. It is
---missing where it says that something has happened and the date is missing.
---@param at any
---@return lun.endpoint
function endpoint:landmark(at) end

---The same endpoint with a row for each state of the column `name` (declared `known: date`):
---before the date the column has its first level, after it its own, in (start, stop] form. For
---time-dependent Cox models and Simon-Makuch curves.
---@param name any
---@return lun.endpoint
function endpoint:split(name) end

return M
