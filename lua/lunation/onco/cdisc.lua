-- SPDX-License-Identifier: GPL-3.0-or-later
-- cdisc: lesions from SDTM's TU and TR, and responses in the shape of ADaM's ADRS, ADTR and ADTTE.
local core = require "lunation.core"
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local suggest = require "lunation.base.suggest"

local M = {}

-- --- SDTM in -----------------------------------------------------------------------------------

local OPTIONS = { baseline = { type = "string" }, reader = { type = "string" }, accepted = { type = "boolean", default = false } }
local ROLES = { TARGET = "target", ["NON-TARGET"] = "nontarget", NEW = "new" }
local STATES = { PRESENT = "present", ABSENT = "absent", ["UNEQUIVOCAL PROGRESSION"] = "progression", ["NOT EVALUABLE"] = "ne",
  NE = "ne", UNEQUIVOCAL = "unequivocal", EQUIVOCAL = "equivocal", INCREASED = "increase" }

-- A function of the row; nil everywhere when the table has no such column.
local function reader_of(tbl, name, required)
  if not tbl:has(name) then
    if required then tbl:column(name) end -- raises with a suggestion
    return function() return nil end
  end
  local column = tbl:column(name)
  return function(i) return column[i] end
end

local function reader_name(eval, id) return id and id ~= "" and eval .. ": " .. id or eval or "" end

-- Organ of each lesion by subject, reader and link, from TU.
local function organs_of(tu)
  local subject, link, loc = reader_of(tu, "USUBJID", true), reader_of(tu, "TULNKID", true), reader_of(tu, "TULOC")
  local eval, id, organs = reader_of(tu, "TUEVAL"), reader_of(tu, "TUEVALID"), {}
  for i = 1, #tu do
    organs[table.concat({ subject(i), reader_name(eval(i), id(i)), link(i) }, "\0")] = loc(i)
  end
  return organs
end

local function text(v) return v ~= nil and tostring(v) or nil end

-- The rows of TR that say something: diameters (the short axis of nodes) and states.
local function entry(test, node, get, i)
  if test == "LDIAM" and not node or test == "LPERP" and node then return text(get.result(i)), nil end
  if test == "TUMSTATE" then
    local word = get.result(i)
    local state = word and (STATES[word:upper()] or word:lower())
    return nil, state, true
  end
end

local NAMES = { "USUBJID", "reader", "visit", "date", "lesion", "role", "organ", "node", "mm", "state", "baseline" }

local function table_of(values, n, opt)
  local columns = {}
  for _, name in ipairs(NAMES) do
    values[name].n = n
    local make = name == "visit" and core.column.number or core.column.text
    if name == "organ" or name == "lesion" or name == "reader" then make = core.column.factor end
    if name ~= "baseline" or opt.baseline then columns[#columns + 1] = { name, make(values[name]) } end
  end
  return require("lunation.data.table").new(core.table.new(columns), { key = "USUBJID" })
end

--- The lesion table (for cohort:recist; key USUBJID) of SDTM's TU and TR. Nodes (TULOC "LYMPH NODE") are
--- measured by LPERP, other targets by LDIAM; TUMSTATE is the state of the others. opt: baseline (the VISIT
--- that is the baseline; else the last one up to the start), reader (only this one: "INVESTIGATOR",
--- "INDEPENDENT ASSESSOR: RADIOLOGIST 1"), accepted (only rows whose TRACPTFL is Y).
--- Rows that repeat another one are taken once and counted in the table's notes.
function M.lesions(tu, tr, opt)
  opt = options.check("recist.from_sdtm", opt, OPTIONS)
  local organs, values, n, seen, repeated = organs_of(tu), {}, 0, {}, 0
  for _, name in ipairs(NAMES) do values[name] = {} end
  local get = { subject = reader_of(tr, "USUBJID", true), link = reader_of(tr, "TRLNKID", true), group = reader_of(tr, "TRGRPID", true),
    test = reader_of(tr, "TRTESTCD", true), result = reader_of(tr, "TRSTRESC", true), date = reader_of(tr, "TRDTC", true),
    number = reader_of(tr, "VISITNUM", true), visit = reader_of(tr, "VISIT"), eval = reader_of(tr, "TREVAL"),
    id = reader_of(tr, "TREVALID"), accepted = reader_of(tr, "TRACPTFL") }
  for i = 1, #tr do
    local reader = reader_name(get.eval(i), get.id(i))
    local organ = organs[table.concat({ get.subject(i), reader, get.link(i) }, "\0")]
    local role, node = ROLES[get.group(i) or ""], organ == "LYMPH NODE"
    if not role then
      errors.raise("data.bad-role", ('TR row %d: TRGRPID "%s" is not known'):format(i, tostring(get.group(i))),
        { hint = "known: " .. table.concat(suggest.keys(ROLES), ", ") })
    end
    local mm, state, is_state = entry(get.test(i), node, get, i)
    local wanted = (not opt.reader or opt.reader == reader) and (not opt.accepted or get.accepted(i) == "Y")
      and (mm or is_state)
    local key = wanted and table.concat({ get.subject(i), reader, tostring(get.number(i)), text(get.date(i)) or "",
      get.group(i), get.link(i), mm or "", state or "" }, "\0")
    if wanted and seen[key] then
      repeated = repeated + 1
    elseif wanted then
      seen[key] = true
      n = n + 1
      local row = { USUBJID = get.subject(i), reader = reader, visit = get.number(i), date = text(get.date(i)), lesion = get.link(i),
        role = role, organ = organ, node = node and "yes" or "no", mm = mm, state = state,
        baseline = get.visit(i) == opt.baseline and "yes" or "no" }
      if row.baseline == "yes" and role == "nontarget" then row.state = nil end
      for _, name in ipairs(NAMES) do values[name][n] = row[name] end
    end
  end
  local out = table_of(values, n, opt)
  if repeated > 0 then
    out.notes[1] = ("TR: %d rows repeat another one in everything that is read; each fact was taken once"):format(repeated)
  end
  return out
end

local RESPONSE_OPTIONS = { reader = OPTIONS.reader, accepted = OPTIONS.accepted,
  test = { type = "string", default = "OVRLRESP" },
  partial = { type = "string", choices = { "stop", "exclude" }, default = "stop" } }

-- Subjects with a row whose date is not a whole one, and the first such row.
local function partial_dates(rows)
  local subjects, n, first = {}, 0, nil
  for _, r in ipairs(rows) do
    if not (r.date and r.date:match("^%d%d%d%d%-%d%d%-%d%d")) then
      first = first or r
      if not subjects[r.subject] then subjects[r.subject], n = true, n + 1 end
    end
  end
  return subjects, n, first
end

--- Responses visit by visit (for recist.from_responses; key USUBJID) of SDTM's RS: RSSTRESC of the rows whose
--- RSTESTCD is opt.test. opt: reader, accepted as for lesions; partial ("stop": a date such as 2014-02 is an
--- error; "exclude": its patient is left out as a whole and counted in the table's notes).
function M.responses(rs, opt)
  opt = options.check("recist.responses_from_sdtm", opt, RESPONSE_OPTIONS)
  local get = { subject = reader_of(rs, "USUBJID", true), test = reader_of(rs, "RSTESTCD", true),
    result = reader_of(rs, "RSSTRESC", true), date = reader_of(rs, "RSDTC", true), eval = reader_of(rs, "RSEVAL"),
    id = reader_of(rs, "RSEVALID"), accepted = reader_of(rs, "RSACPTFL") }
  local rows = {}
  for i = 1, #rs do
    local reader = reader_name(get.eval(i), get.id(i))
    if get.test(i) == opt.test and (not opt.reader or opt.reader == reader)
      and (not opt.accepted or get.accepted(i) == "Y") then
      rows[#rows + 1] = { row = i, subject = get.subject(i), date = text(get.date(i)), response = get.result(i) }
    end
  end
  local refused, n_refused, first = partial_dates(rows)
  if first and opt.partial == "stop" then
    errors.raise("data.date", ('RS row %d: RSDTC "%s" is not a whole date'):format(first.row, tostring(first.date)),
      { hint = 'complete it, or leave such patients out with partial = "exclude"' })
  end
  local subject, date, response, n = {}, {}, {}, 0
  for _, r in ipairs(rows) do
    if not refused[r.subject] then
      n = n + 1
      subject[n], date[n], response[n] = r.subject, r.date:sub(1, 10), r.response
    end
  end
  subject.n, date.n, response.n = n, n, n
  local out = require("lunation.data.table").new(core.table.new { { "USUBJID", core.column.text(subject) },
    { "date", core.column.date(date) }, { "response", core.column.text(response) } }, { key = "USUBJID" })
  if n_refused > 0 then out.notes[1] = ("RS: %d patient(s) with a partial date left out"):format(n_refused) end
  return out
end

-- --- ADaM out ----------------------------------------------------------------------------------

local function ids_of(response) return response.cohort:column(response.cohort.patients.key) end

local function days_between(from, to)
  local a, b = core.cohort.raw(from), core.cohort.raw(to)
  return function(i) return a[i] and b[i] and b[i] - a[i] end
end

--- ADTR: a row for each visit with a sum: USUBJID, PARAMCD SDIAM, ADT, ADY, AVAL, BASE, CHG, PCHG, NADIR,
--- CHGNAD, PCHGNAD, ANL01FL (all targets assessed), PDFL, CRFL.
function M.adtr(response)
  local v, p, ids, out = response:visits(), response:patients(), ids_of(response), {}
  for i = 1, response.core.n_visits do
    local who, sum = v.patient[i], v.sum[i]
    if sum then
      local base, whole = p.baseline_sum[who], v.complete[i] == "yes"
      out[#out + 1] = { USUBJID = ids[who], PARAMCD = "SDIAM", ADT = v.date[i], ADY = v.day[i] + (v.day[i] >= 0 and 1 or 0),
        AVAL = sum, BASE = base, CHG = whole and sum - base or nil, PCHG = v.percent[i], NADIR = v.nadir[i],
        CHGNAD = whole and sum - v.nadir[i] or nil, PCHGNAD = v.percent_nadir[i], ANL01FL = whole and "Y" or nil,
        PDFL = v.target[i] == "PD" and "Y" or nil, CRFL = v.target[i] == "CR" and "Y" or nil }
    end
  end
  return out
end

local CODES = { CR = 1, PR = 2, SD = 3, ["NON-CR/NON-PD"] = 4, PD = 5, NE = 6, MISSING = 7 }

local function adrs_row(id, param, date, value) return { USUBJID = id, PARAMCD = param, ADT = date, AVALC = value, AVAL = CODES[value] } end

--- ADRS: OVR for each visit; BOR, CBOR, RSP, CRSP and PD for each patient. AVAL: CR 1, PR 2, SD 3,
--- NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7 (no assessment).
function M.adrs(response)
  local v, p, ids, out = response:visits(), response:patients(), ids_of(response), {}
  for i = 1, response.core.n_visits do
    if v.overall[i] then out[#out + 1] = adrs_row(ids[v.patient[i]], "OVR", v.date[i], v.overall[i]) end
  end
  for i = 1, #ids do
    if p.best[i] then
      local none = p.visits[i] == 0 and "MISSING"
      out[#out + 1] = adrs_row(ids[i], "BOR", nil, none or p.best[i])
      out[#out + 1] = adrs_row(ids[i], "CBOR", nil, none or p.confirmed[i])
      out[#out + 1] = adrs_row(ids[i], "RSP", p.first[i], p.first[i] and "Y" or "N")
      out[#out + 1] = adrs_row(ids[i], "CRSP", p.first_confirmed[i], p.first_confirmed[i] and "Y" or "N")
      out[#out + 1] = adrs_row(ids[i], "PD", p.progression[i], p.progression[i] and "Y" or "N")
    end
  end
  return out
end

local SAYS = {}

local function says(reason)
  if not next(SAYS) then
    for _, r in ipairs(core.rules.tables().reasons) do SAYS[r.reason] = r.says end
  end
  return SAYS[reason]
end

local ADTTE = { censoring = { type = "string", choices = { "fda", "ema" } } }

-- One parameter: from a start column and an outcome; rows without a start are left out.
local function adtte_rows(out, response, param, start, outcome)
  local ids, length = ids_of(response), days_between(start, outcome.date)
  for i = 1, #ids do
    local days = length(i)
    if days then
      local event = outcome.cnsr[i] == 0
      out[#out + 1] = { USUBJID = ids[i], PARAMCD = param, STARTDT = start[i], ADT = outcome.date[i], AVAL = days + 1, AVALU = "DAYS",
        CNSR = outcome.cnsr[i], EVNTDESC = says(outcome.reason[i]), CNSDTDSC = not event and outcome.reason[i] or nil }
    end
  end
end

--- ADTTE: PFS, TTP and DOR (responders) for each patient: STARTDT, ADT, AVAL = ADT - STARTDT + 1 days, CNSR (0:
--- event; 1 last assessment, 2 missed assessments, 3 new therapy, 4 no baseline, 5 no assessment), EVNTDESC,
--- CNSDTDSC. opt: censoring ("fda", "ema"; default: the response's).
function M.adtte(response, opt)
  opt = options.check("adtte", opt, ADTTE)
  local censoring, p, out = opt.censoring or response.censoring, response:patients(), {}
  adtte_rows(out, response, "PFS", p.start, p["pfs_" .. censoring])
  adtte_rows(out, response, "TTP", p.start, p["ttp_" .. censoring])
  adtte_rows(out, response, "DOR", response.confirm and p.first_confirmed or p.first, p["pfs_" .. censoring])
  return out
end

return M
