-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.cohort
---patients, the tables linked to them, and the record of who was left out and why.
---Immutable: every step gives a new cohort, and each step is counted.
---@class lunation.cohort
local M = {}

---patients: a table with one row for each patient. linked: { name = table } with many rows for
---each patient, joined by the patients' key.
---@param patients any?
---@param linked any?
---@return any
function M.new(patients, linked) end

---@class lun.cohort
local cohort = {}

---Keeps the patients for whom the condition is true. Those for whom it is false and those for whom
---it cannot be decided (a missing value) are counted separately in the flow.
---@param condition any
---@param label any?
---@return lun.cohort
function cohort:where(condition, label) end

---Leaves out the patients for whom the condition is true; undecided ones stay and are counted.
---@param condition any
---@param label any?
---@return lun.cohort
function cohort:exclude(condition, label) end

---Adds (or replaces) a column: an expression, a column, or a function of the patient.
---@param name any
---@param value any?
---@param about any?
---@return lun.cohort
function cohort:derive(name, value, about) end

---Adds a column with one value for each patient out of a linked table: cohort:aggregate("base",
---"lesions", "first(mm where visit == 'baseline')"). Patients without a row, or without a value,
---are missing.
---@param name any
---@param linked_name any?
---@param value any?
---@param about any?
---@return lun.cohort
function cohort:aggregate(name, linked_name, value, about) end

---The column of that name (also cohort.NAME, unless a method or field has the name).
---@param name any
---@return lun.column
function cohort:column(name) end

---One plain table for each patient, as of a table's rows.
---@return table[]
function cohort:rows() end

---Names of the patients' columns, in order.
---@return string[]
function cohort:names() end

---The steps from patients read to patients analysed: a result (lunation.flow) whose elements are
---{ label, before, kept, excluded, missing }, ...
---@return any
function cohort:flow() end

---An endpoint of the registry ("os", "pfs", or one's own): see lunation.endpoint.
---@param name any
---@param opt table?
---@return lun.endpoint
function cohort:endpoint(name, opt) end

---An endpoint from columns that exist already: time (a number), event (a column) and is (the
---value, or a list of values, that counts as the event; all other values are censored and
---counted). Competing events: causes = { relapse = 1, death = 2 } in place of is.
---@param opt table?
---@return lun.endpoint
function cohort:survival(opt) end

---Response of every patient from a linked table of lesions: see lunation.recist.
---@param opt lunation.onco.recist.options?
---@return any
function cohort:recist(opt) end

---A class for every patient ("resistance", "child_pugh", or one's own): see lunation.classify.
---@param name any
---@param opt table?
---@return any
function cohort:classify(name, opt) end

---Adds the class of every patient as a column; patients that fit no class are missing there, and
---the classes stand in cohort.classified with who was left out and why.
---use: name of the class (the column's own name unless given); opt as of cohort:classify.
---@param name any
---@param use any?
---@param opt table?
---@return lun.cohort
function cohort:with_class(name, use, opt) end

---Baseline table: see lunation.table1.
---@param opt lunation.stat.table1.options?
---@return any
function cohort:table1(opt) end

---n, mean, standard deviation, quartiles and range of numeric columns: see lunation.summary.
---@param names any?
---@param opt table?
---@return any
function cohort:summary(names, opt) end

---Counts and percentages of a factor, with exact or Wilson limits.
---@param name any
---@param opt table?
---@return any
function cohort:proportions(name, opt) end

---Two factors against each other: counts, Fisher's exact test, chi-square.
---@param rows any?
---@param columns any?
---@param opt table?
---@return any
function cohort:crosstab(rows, columns, opt) end

---Best change of each patient from a column of per cent: see lunation.waterfall.
---@param opt lunation.onco.waterfall.options?
---@return lun.waterfall
function cohort:waterfall(opt) end

---The course of each patient from columns of dates or times: see lunation.swimmer.
---@param opt lunation.onco.swimmer.options?
---@return lun.swimmer
function cohort:swimmer(opt) end

---Logistic regression: cohort:logistic("response == 'CR' ~ age + bclc").
---@param formula any
---@param opt table?
---@return lun.logistic
function cohort:logistic(formula, opt) end

---Multinomial regression of a factor.
---@param formula any
---@param opt table?
---@return any
function cohort:multinomial(formula, opt) end

---Linear regression: cohort:linear("log(afp) ~ age + bclc").
---@param formula any
---@param opt lunation.stat.linear.options?
---@return any
function cohort:linear(formula, opt) end

---Propensity-score weights: cohort:weights("surgery ~ age + bclc", { estimand = "ATE" }).
---@param formula any
---@param opt lunation.stat.weights.options?
---@return any
function cohort:weights(formula, opt) end

---The rows of a linked table that belong to the patients of this cohort.
---@param name any
---@return any
function cohort:linked_table(name) end

return M
