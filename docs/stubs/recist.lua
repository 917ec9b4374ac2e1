-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.recist
---from a table of lesions, or of responses, to the response of every visit and patient. The
---core classifies (core.recist); this binds it to a cohort, prints it, and leads to endpoints.
---@class lunation.onco.recist
local M = {}

---@class lunation.onco.recist.options
---@field censoring? "fda"|"ema"
---@field columns? table
---@field confirm? boolean
---@field criteria? "recist"|"mrecist"|"irecist"|"imrecist"
---@field death? string
---@field pr_persist? boolean
---@field refused? "stop"|"exclude"
---@field start? string
---@field table? string
---@field therapy? string
---@field therapy_day_counts? boolean

---What the options mean, in a sentence.
---@param opt lunation.onco.recist.options?
---@return string
function M.convention(opt) end

---Responses of a cohort from its linked table of lesions (cohort:recist). opt: criteria ("recist",
---"mrecist", "irecist", "imrecist"), table (default "lesions"), columns ({ mm = "diameter" }: roles whose
---column has another name), start, death, therapy (date columns of the patients; default: those names),
---confirm, censoring ("fda", "ema"), refused ("stop", "exclude"), and the criteria's own: see
---docs/methods/recist.md.
---@param cohort any?
---@param opt lunation.onco.recist.options?
---@return any
function M.assess(cohort, opt) end

---The same for a table that is not linked under a name (the rows of one reader); opt is checked.
---@param cohort any?
---@param linked any?
---@param opt lunation.onco.recist.options?
---@return any
function M.assess_table(cohort, linked, opt) end

---Responses that somebody assigned, visit by visit: a linked table (opt.table, default "responses") with
---columns date and response (CR, PR, SD, NON-CR/NON-PD, PD, NE, NED). Options as for cohort:recist.
---@param cohort any?
---@param opt lunation.onco.recist.options?
---@return any
function M.from_responses(cohort, opt) end

---Options of cohort:recist with their defaults filled in; unknown ones are errors.
---@param opt lunation.onco.recist.options?
---@return lun.options
function M.options(opt) end

---Lesions from SDTM's TU and TR: see lunation.cdisc.
---@param tu any?
---@param tr any?
---@param opt lunation.onco.recist.options?
---@return any
function M.from_sdtm(tu, tr, opt) end

---Responses visit by visit from SDTM's RS, for from_responses: see lunation.cdisc.
---@param rs any?
---@param opt lunation.onco.recist.options?
---@return any
function M.responses_from_sdtm(rs, opt) end

---Several readers of the same patients, and how far they agree: see lunation.readers.
---@param cohort any?
---@param opt lunation.onco.recist.options?
---@return any
function M.by_reader(cohort, opt) end

---@class lun.response
local response = {}

---Columns of the visits: see core.recist's visits.
---@return any
function response:visits() end

---Columns of the patients: see core.recist's patients.
---@return any
function response:patients() end

---A column with a row for each patient of the cohort, to derive with: cohort:derive("orr",
---response:column("best")). Names: best (by the option confirm), and those of patients().
---@param name any
---@return lun.column
function response:column(name) end

---Patients that could not be assessed: { { patient, id, code, row, lesion, message }, ... }.
---@return any
function response:refused() end

---One row for each visit: id, date, day, sum, nadir, percent, target, nontarget, new, response, reason.
---@return table[]
function response:rows() end

---Best response of every patient.
---@return any
function response:best() end

---Depth of response of every patient who has one, deepest last: { { id, percent, best }, ... }.
---@return lun.waterfall
function response:waterfall() end

---Change of the sum over time: { { id, day = { 0, ... }, percent = { 0, ... } }, ... }.
---@return any
function response:spider() end

---The course of every patient, in days since the start: { { id, ends, event, response, progression,
---visits = { { day, response }, ... } }, ... }.
---@return any
function response:swimmer() end

---The dates of that name that the responses know, for the patients of a cohort: progression, death, therapy, response,
---or a date of patients(); nil when they know none. By the criteria and the option confirm.
---@param name any
---@param cohort any?
---@return any
function response:dates(name, cohort) end

---For lunation.data.derivation: the cohort with the columns that the roles need, the roles, and a function of the
---patient's number that gives the reason and the code of a refusal. Roles that the user names himself stay. Censoring
---follows the option censoring.
---@param cohort any?
---@param roles any?
---@param definition any?
---@return any
function response:attach(cohort, roles, definition) end

---Adds to the input of core.timeline.run what the responses know of the patients of a cohort: assessments, baseline, and
---the options of the rules that look at them.
---@param cohort any?
---@param input any?
---@return any
function response:course(cohort, input) end

---Tables in the shape of CDISC's ADRS, ADTR and ADTTE: see lunation.cdisc.
---@return any
function response:adrs() end

---Tumour sums in the shape of ADaM's ADTR: see lunation.cdisc.
---@return any
function response:adtr() end

---Times to events in the shape of ADaM's ADTTE: see lunation.cdisc.
---@param opt table?
---@return any
function response:adtte(opt) end

---@class lun.best_response
local best_response = {}

---One row for each patient: id, best, confirmed, depth, first, progression.
---@return table[]
function best_response:rows() end

---How many have each best response, with exact limits; objective response and disease control.
---Percentages are of the patients assessed; refused patients are counted apart. opt: method (of
---prop.ci), conf_level.
---@param opt table?
---@return any
function best_response:counts(opt) end

return M
