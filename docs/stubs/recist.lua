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
---@field reader? string
---@field reader_column? string
---@field refused? "stop"|"exclude"
---@field start? string
---@field table? string
---@field therapy? string
---@field therapy_day_counts? boolean

---What the options mean, in a sentence.
---@param opt lunation.onco.recist.options?
---@return string
function M.convention(opt) end

---Responses of a cohort from its linked table of lesions (cohort:recist), or of responses that
---somebody assigned (a table without lesions, with columns date and response). opt: reader (only
---the rows of this one; column reader_column), criteria ("recist", "mrecist", "irecist",
---"imrecist"), table (default "lesions"), columns ({ mm = "diameter" }: roles whose column has
---another name), start, death, therapy (date columns of the patients; default: those names),
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

---Responses that somebody assigned, visit by visit: a linked table (opt.table, default
---"responses") with columns date and response (CR, PR, SD, NON-CR/NON-PD, PD, NE, NED). Options as
---for cohort:recist.
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

return M
