-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.figure
---`lun.figure.km { ... }` and its siblings. Each is a function of one table that returns a
---figure: svg, width, height, title, description, data(), inline(id), save(path).
---@class lunation.figure
local M = {}

---Kaplan-Meier curves with bands, censoring marks, medians, the extended risk table, and fading
---where few patients remain.
---@param spec any?
---@param options table?
---@return lun.figure
function M.km(spec, options) end

---cumulative incidence of competing causes (Aalen-Johansen), with the patients at risk and
---the events of each cause below. A curve is a group's and a cause's.
---@param spec any?
---@param options table?
---@return lun.figure
function M.cuminc(spec, options) end

---a table with the estimates drawn in it. One model, several in one panel, or subgroups
---with their p for interaction. The axis is logarithmic; limits beyond it end in arrows and stay in
---full in the table; a row that cannot be estimated says why.
---@param spec any?
---@param options table?
---@return lun.figure
function M.forest(spec, options) end

---the patients from the first look to the analyses, every box counted. Reasons that excluded
---nobody are shown too. Counts that do not add up are refused.
---@param spec any?
---@param options table?
---@return lun.figure
function M.flow(spec, options) end

---the best change of each patient, sorted, with the response below each bar. Patients
---without a measurement are listed, not dropped.
---@param spec any?
---@param options table?
---@return lun.figure
function M.waterfall(spec, options) end

---the change of each patient's tumour over time from baseline.
---@param spec any?
---@param options table?
---@return lun.figure
function M.spider(spec, options) end

---one lane for each patient: the phases of treatment, what happened and when, an arrow
---where treatment or follow-up goes on at the data cut-off.
---@param spec any?
---@param options table?
---@return lun.figure
function M.swimmer(spec, options) end

---how far the groups differ in each covariate, before and after weighting or matching.
---@param spec any?
---@param options table?
---@return lun.figure
function M.love(spec, options) end

---the distribution of the propensity score in each group; where only one of them has
---patients, nothing can be compared.
---@param spec any?
---@param options table?
---@return lun.figure
function M.overlap(spec, options) end

---scaled Schoenfeld residuals of a term over time with a smooth: a slope is a hazard
---ratio that changes with time (Grambsch and Therneau 1994).
---@param spec any?
---@param options table?
---@return lun.figure
function M.schoenfeld(spec, options) end

---log(−log S(t)) of the groups against log time: parallel curves speak for proportional
---hazards.
---@param spec any?
---@param options table?
---@return lun.figure
function M.loglog(spec, options) end

---the difference of restricted mean survival times over the horizon, with its band.
---@param spec any?
---@param options table?
---@return lun.figure
function M.rmst(spec, options) end

---observed against predicted probabilities in groups of patients, with the ideal line.
---@param spec any?
---@param options table?
---@return lun.figure
function M.calibration(spec, options) end

---receiver operating characteristic, one curve for each time or model, with its area.
---@param spec any?
---@param options table?
---@return lun.figure
function M.roc(spec, options) end

---where patients go from one stage to the next: sequences of treatment, or the response by
---two criteria. Ribbons have the colour of their origin and carry their counts.
---@param spec any?
---@param options table?
---@return lun.figure
function M.sankey(spec, options) end

---one panel of lines, steps, points and bands over two numeric axes; the ground of the
---diagnostic figures. Series carry colour, dash or mark, and a place in the legend.
---@param spec any?
---@param options table?
---@return lun.figure
function M.xy(spec, options) end

return M
