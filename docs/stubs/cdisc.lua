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

---The lesion table (for cohort:recist; key USUBJID) of SDTM's TU and TR. Nodes (TULOC "LYMPH NODE") are
---measured by LPERP, other targets by LDIAM; TUMSTATE is the state of the others. opt: baseline (the VISIT
---that is the baseline; else the last one up to the start), reader (only this one: "INVESTIGATOR",
---"INDEPENDENT ASSESSOR: RADIOLOGIST 1"), accepted (only rows whose TRACPTFL is Y).
---Rows that repeat another one are taken once and counted in the table's notes.
---@param tu any?
---@param tr any?
---@param opt lunation.onco.cdisc.options?
---@return any
function M.lesions(tu, tr, opt) end

---Responses visit by visit (for recist.from_responses; key USUBJID) of SDTM's RS: RSSTRESC of the rows whose
---RSTESTCD is opt.test. opt: reader, accepted as for lesions; partial ("stop": a date such as 2014-02 is an
---error; "exclude": its patient is left out as a whole and counted in the table's notes).
---@param rs any?
---@param opt lunation.onco.cdisc.options?
---@return any
function M.responses(rs, opt) end

---ADTR: a row for each visit with a sum: USUBJID, PARAMCD SDIAM, ADT, ADY, AVAL, BASE, CHG, PCHG, NADIR,
---CHGNAD, PCHGNAD, ANL01FL (all targets assessed), PDFL, CRFL.
---@param response any?
---@return any
function M.adtr(response) end

---ADRS: OVR for each visit; BOR, CBOR, RSP, CRSP and PD for each patient. AVAL: CR 1, PR 2, SD 3,
---NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7 (no assessment).
---@param response any?
---@return any
function M.adrs(response) end

---ADTTE: PFS, TTP and DOR (responders) for each patient: STARTDT, ADT, AVAL = ADT - STARTDT + 1 days, CNSR (0:
---event; 1 last assessment, 2 missed assessments, 3 new therapy, 4 no baseline, 5 no assessment), EVNTDESC,
---CNSDTDSC. opt: censoring ("fda", "ema"; default: the response's).
---@param response any?
---@param opt lunation.onco.cdisc.options?
---@return any
function M.adtte(response, opt) end

return M
