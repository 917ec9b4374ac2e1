-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.cdisc
---lesions from SDTM's TU and TR, and responses in the shape of ADaM's ADRS, ADTR and ADTTE.
---@class lunation.onco.cdisc
local M = {}

---@class lunation.onco.cdisc.options
---@field accepted? boolean
---@field baseline? string
---@field reader? string

---The lesion table (for cohort:recist; key USUBJID) of SDTM's TU and TR. Nodes (TULOC "LYMPH
---NODE") are measured by LPERP, other targets by LDIAM; TUMSTATE is the state of the others. opt:
---baseline (the VISIT that is the baseline; else the last one up to the start), reader (only this
---one: "INVESTIGATOR", "INDEPENDENT ASSESSOR: RADIOLOGIST 1"), accepted (only rows whose TRACPTFL
---is Y). Rows that repeat another one are taken once and counted in the table's notes.
---@param tu any?
---@param tr any?
---@param opt lunation.onco.cdisc.options?
---@return any
function M.lesions(tu, tr, opt) end

---Responses visit by visit (for recist.from_responses; key USUBJID) of SDTM's RS: RSSTRESC of the
---rows whose RSTESTCD is opt.test. opt: reader, accepted as for lesions; partial ("stop": a date
---such as 2014-02 is an error; "exclude": its patient is left out as a whole and counted in the
---table's notes).
---@param rs any?
---@param opt lunation.onco.cdisc.options?
---@return any
function M.responses(rs, opt) end

---ADTR: a row for each visit with a sum: USUBJID, PARAM, PARAMCD SDIAM, ADT, ADY, AVAL, AVALU,
---BASE, CHG, PCHG, NADIR, CHGNAD, PCHGNAD, ANL01FL (all targets assessed), PDFL, CRFL.
---@param response any?
---@return any
function M.adtr(response) end

---ADRS: OVR for each visit; BOR, CBOR, RSP, CRSP and PD for each patient. Columns USUBJID, PARAM,
---PARAMCD, ADT, ADY, AVALC, AVAL: CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7 (no
---assessment); Y 1, N 0.
---@param response any?
---@return any
function M.adrs(response) end

---ADTTE of an endpoint: a row for each patient: USUBJID, PARAM, PARAMCD (its name, upper case, at
---most 8 letters), STARTDT, ADT, AVAL = ADT - STARTDT + 1 in AVALU days, CNSR (0: event; else the
---code of the censoring rule), EVNTDESC (the event, or why it was censored), CNSDTDSC (what the
---date of censoring is).
---@param endpoint any?
---@return any
function M.adtte_of(endpoint) end

---ADTTE of responses: PFS, TTP and DOR (responders), each as of adtte_of. opt: censoring ("fda",
---"ema"; default: the response's).
---@param response any?
---@param opt lunation.onco.cdisc.options?
---@return any
function M.adtte(response, opt) end

---The columns of a data set ("adrs", "adtr", "adtte") as a report's table has them.
---@param name any
---@return any
function M.columns(name) end

return M
