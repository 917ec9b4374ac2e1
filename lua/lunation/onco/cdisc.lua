-- SPDX-License-Identifier: GPL-3.0-or-later
-- cdisc: lesions from SDTM's TU and TR, and responses in the shape of ADaM's ADRS, ADTR and ADTTE.
local core = require "lunation.core"
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local suggest = require "lunation.base.suggest"

local M = {}

-- --- SDTM in -----------------------------------------------------------------------------------

local OPTIONS = { baseline = { type = "string" }, reader = { type = "string" },
  accepted = { type = "boolean", default = false } }
local ROLES = { TARGET = "target", ["NON-TARGET"] = "nontarget", NEW = "new" }
local STATES = { PRESENT = "present", ABSENT = "absent",
  ["UNEQUIVOCAL PROGRESSION"] = "progression", ["NOT EVALUABLE"] = "ne",
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
  local subject, link, loc = reader_of(tu, "USUBJID", true), reader_of(tu, "TULNKID", true),
    reader_of(tu, "TULOC")
  local eval, id, organs = reader_of(tu, "TUEVAL"), reader_of(tu, "TUEVALID"), {}
  for i = 1, #tu do
    organs[table.concat({ subject(i), reader_name(eval(i), id(i)), link(i) }, "\0")] = loc(i)
  end
  return organs
end

local function text(v) return v ~= nil and tostring(v) or nil end

-- The rows of TR that say something: diameters (the short axis of nodes) and states.
local function entry(test, node, get, i)
  if test == "LDIAM" and not node or test == "LPERP" and node then
    return text(get.result(i)), nil
  end
  if test == "TUMSTATE" then
    local word = get.result(i)
    local state = word and (STATES[word:upper()] or word:lower())
    return nil, state, true
  end
end

local NAMES = { "USUBJID", "reader", "visit", "date", "lesion", "role", "organ", "node", "mm",
  "state", "baseline" }

local function table_of(values, n, opt)
  local columns = {}
  for _, name in ipairs(NAMES) do
    values[name].n = n
    local make = name == "visit" and core.column.number or core.column.text
    if name == "organ" or name == "lesion" or name == "reader" then make = core.column.factor end
    if name ~= "baseline" or opt.baseline then
      columns[#columns + 1] = { name, make(values[name]) }
    end
  end
  return require("lunation.data.table").new(core.table.new(columns), { key = "USUBJID" })
end

--- The lesion table (for cohort:recist; key USUBJID) of SDTM's TU and TR. Nodes (TULOC "LYMPH
--- NODE") are measured by LPERP, other targets by LDIAM; TUMSTATE is the state of the others. opt:
--- baseline (the VISIT that is the baseline; else the last one up to the start), reader (only this
--- one: "INVESTIGATOR", "INDEPENDENT ASSESSOR: RADIOLOGIST 1"), accepted (only rows whose TRACPTFL
--- is Y). Rows that repeat another one are taken once and counted in the table's notes.
function M.lesions(tu, tr, opt)
  opt = options.check("recist.from_sdtm", opt, OPTIONS)
  local organs, values, n, seen, repeated = organs_of(tu), {}, 0, {}, 0
  for _, name in ipairs(NAMES) do values[name] = {} end
  local get = { subject = reader_of(tr, "USUBJID", true), link = reader_of(tr, "TRLNKID", true),
    group = reader_of(tr, "TRGRPID", true),
    test = reader_of(tr, "TRTESTCD", true), result = reader_of(tr, "TRSTRESC", true),
    date = reader_of(tr, "TRDTC", true),
    number = reader_of(tr, "VISITNUM", true), visit = reader_of(tr, "VISIT"),
    eval = reader_of(tr, "TREVAL"),
    id = reader_of(tr, "TREVALID"), accepted = reader_of(tr, "TRACPTFL") }
  for i = 1, #tr do
    local reader = reader_name(get.eval(i), get.id(i))
    local organ = organs[table.concat({ get.subject(i), reader, get.link(i) }, "\0")]
    local role, node = ROLES[get.group(i) or ""], organ == "LYMPH NODE"
    if not role then
      errors.raise("data.bad-role", ('TR row %d: TRGRPID "%s" is not known'):format(i,
        tostring(get.group(i))),
        { hint = "known: " .. table.concat(suggest.keys(ROLES), ", ") })
    end
    local mm, state, is_state = entry(get.test(i), node, get, i)
    local wanted = (not opt.reader or opt.reader == reader)
      and (not opt.accepted or get.accepted(i) == "Y")
      and (mm or is_state)
    local key = wanted and table.concat({ get.subject(i), reader, tostring(get.number(i)),
      text(get.date(i)) or "",
      get.group(i), get.link(i), mm or "", state or "" }, "\0")
    if wanted and seen[key] then
      repeated = repeated + 1
    elseif wanted then
      seen[key] = true
      n = n + 1
      local row = { USUBJID = get.subject(i), reader = reader, visit = get.number(i),
        date = text(get.date(i)), lesion = get.link(i),
        role = role, organ = organ, node = node and "yes" or "no", mm = mm, state = state,
        baseline = get.visit(i) == opt.baseline and "yes" or "no" }
      if row.baseline == "yes" and role == "nontarget" then row.state = nil end
      for _, name in ipairs(NAMES) do values[name][n] = row[name] end
    end
  end
  local out = table_of(values, n, opt)
  if repeated > 0 then
    out.notes[1] =
      ("TR: %d rows repeat another one in everything that is read; each fact was taken once"):format(repeated)
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

--- Responses visit by visit (for recist.from_responses; key USUBJID) of SDTM's RS: RSSTRESC of the
--- rows whose RSTESTCD is opt.test. opt: reader, accepted as for lesions; partial ("stop": a date
--- such as 2014-02 is an error; "exclude": its patient is left out as a whole and counted in the
--- table's notes).
function M.responses(rs, opt)
  opt = options.check("recist.responses_from_sdtm", opt, RESPONSE_OPTIONS)
  local get = { subject = reader_of(rs, "USUBJID", true), test = reader_of(rs, "RSTESTCD", true),
    result = reader_of(rs, "RSSTRESC", true), date = reader_of(rs, "RSDTC", true),
    eval = reader_of(rs, "RSEVAL"),
    id = reader_of(rs, "RSEVALID"), accepted = reader_of(rs, "RSACPTFL") }
  local rows = {}
  for i = 1, #rs do
    local reader = reader_name(get.eval(i), get.id(i))
    if get.test(i) == opt.test and (not opt.reader or opt.reader == reader)
      and (not opt.accepted or get.accepted(i) == "Y") then
      rows[#rows + 1] = { row = i, subject = get.subject(i), date = text(get.date(i)),
        response = get.result(i) }
    end
  end
  local refused, n_refused, first = partial_dates(rows)
  if first and opt.partial == "stop" then
    errors.raise("data.date", ('RS row %d: RSDTC "%s" is not a whole date'):format(first.row,
      tostring(first.date)),
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
  local out = require("lunation.data.table").new(core.table.new {
    { "USUBJID", core.column.text(subject) },
    { "date", core.column.date(date) }, { "response", core.column.text(response) } },
      { key = "USUBJID" })
  if n_refused > 0 then
    out.notes[1] = ("RS: %d patient(s) with a partial date left out"):format(n_refused)
  end
  return out
end

-- --- ADaM out ----------------------------------------------------------------------------------

local function ids_of(response) return response.cohort:column(response.cohort.patients.key) end

-- The criteria as ADaM's PARAM names them.
local CRITERIA = { recist = "RECIST 1.1", mrecist = "mRECIST", irecist = "iRECIST",
  imrecist = "imRECIST" }

-- A difference of sizes, which are whole millionths of a millimetre.
local function change(from, to) return math.floor((to - from) * 1e6 + 0.5) / 1e6 end

local function study_day(day) return day and day + (day >= 0 and 1 or 0) end

--- ADTR: a row for each visit with a sum: USUBJID, PARAM, PARAMCD SDIAM, ADT, ADY, AVAL, AVALU,
--- BASE, CHG, PCHG, NADIR, CHGNAD, PCHGNAD, ANL01FL (all targets assessed), PDFL, CRFL.
function M.adtr(response)
  local v, p, ids, out = response:visits(), response:patients(), ids_of(response), {}
  local param = "Sum of Diameters by " .. CRITERIA[response.criteria]
  for i = 1, response.core.n_visits do
    local who, sum = v.patient[i], v.sum[i]
    if sum then
      local base, whole = p.baseline_sum[who], v.complete[i] == "yes"
      out[#out + 1] = { USUBJID = ids[who], PARAM = param, PARAMCD = "SDIAM", ADT = v.date[i],
        ADY = study_day(v.day[i]),
        AVAL = sum, AVALU = "mm", BASE = base, CHG = whole and change(base, sum) or nil,
        PCHG = v.percent[i], NADIR = v.nadir[i],
        CHGNAD = whole and change(v.nadir[i], sum) or nil, PCHGNAD = v.percent_nadir[i],
        ANL01FL = whole and "Y" or nil,
        PDFL = v.target[i] == "PD" and "Y" or nil, CRFL = v.target[i] == "CR" and "Y" or nil }
    end
  end
  return out
end

local CODES = { CR = 1, PR = 2, SD = 3, ["NON-CR/NON-PD"] = 4, PD = 5, NE = 6, MISSING = 7,
  Y = 1, N = 0 }
local PARAMS = { OVR = "Overall Response", BOR = "Best Overall Response",
  CBOR = "Best Confirmed Overall Response",
  RSP = "Response", CRSP = "Confirmed Response", PD = "Disease Progression" }

--- ADRS: OVR for each visit; BOR, CBOR, RSP, CRSP and PD for each patient. Columns USUBJID, PARAM,
--- PARAMCD, ADT, ADY, AVALC, AVAL: CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7 (no
--- assessment); Y 1, N 0.
function M.adrs(response)
  local v, p, ids, out = response:visits(), response:patients(), ids_of(response), {}
  local start, by = core.cohort.raw(p.start), " by " .. CRITERIA[response.criteria]
  local function add(i, param, date, day, value)
    out[#out + 1] = { USUBJID = ids[i], PARAM = PARAMS[param] .. by, PARAMCD = param, ADT = date,
      ADY = study_day(day),
      AVALC = value, AVAL = CODES[value] }
  end
  for i = 1, response.core.n_visits do
    if v.overall[i] then add(v.patient[i], "OVR", v.date[i], v.day[i], v.overall[i]) end
  end
  local dated = { { "RSP", p.first }, { "CRSP", p.first_confirmed }, { "PD", p.progression } }
  for _, d in ipairs(dated) do d[3] = core.cohort.raw(d[2]) end
  for i = 1, #ids do
    if p.best[i] then
      local none = p.visits[i] == 0 and "MISSING"
      add(i, "BOR", nil, nil, none or p.best[i])
      add(i, "CBOR", nil, nil, none or p.confirmed[i])
      for _, d in ipairs(dated) do
        local day = d[3][i]
        add(i, d[1], d[2][i], day and start[i] and day - start[i], day and "Y" or "N")
      end
    end
  end
  return out
end

-- The words of the core's reasons as sentences; a user's own reasons are their own sentences.
local function says(reason)
  for _, r in ipairs(core.rules.tables().reasons) do
    if r.reason == reason then return r.says end
  end
  return reason
end

local function iso(day) return core.column.date({ n = 1, math.tointeger(day) })[1] end

--- ADTTE of an endpoint: a row for each patient: USUBJID, PARAM, PARAMCD (its name, upper case, at
--- most 8 letters), STARTDT, ADT, AVAL = ADT - STARTDT + 1 in AVALU days, CNSR (0: event; else the
--- code of the censoring rule), EVNTDESC (the event, or why it was censored), CNSDTDSC (what the
--- date of censoring is).
function M.adtte_of(endpoint)
  local a, ids, out, sentences = endpoint._adtte,
    endpoint.cohort:column(endpoint.cohort.patients.key), {}, {}
  if #a.days == 0 then
    errors.raise("usage.adtte",
      "ADTTE needs the dates of an endpoint: this one was made from times, or is a part of another",
      { hint = "export it before landmark, split or where" })
  end
  local code = endpoint.name:upper():gsub("[^%w]", ""):sub(1, 8)
  for i = 1, #endpoint do
    local from, days, reason, cnsr, place = endpoint.from[i], a.days[i], endpoint.reason[i],
      a.cnsr[i], a.place[i]
    if reason and not sentences[reason] then sentences[reason] = says(reason) end
    out[i] = { USUBJID = ids[i], PARAM = endpoint.title, PARAMCD = code, STARTDT = from
      and iso(from), ADT = from and iso(from + days),
      AVAL = math.tointeger(days + 1) or days + 1, AVALU = "DAYS", CNSR = cnsr,
      EVNTDESC = sentences[reason],
      CNSDTDSC = cnsr ~= 0 and (place or reason):gsub("-", " "):upper() or nil }
  end
  return out
end

local ADTTE = { censoring = { type = "string", choices = { "fda", "ema" } } }

--- ADTTE of responses: PFS, TTP and DOR (responders), each as of adtte_of. opt: censoring ("fda",
--- "ema"; default: the response's).
function M.adtte(response, opt)
  opt = options.check("adtte", opt, ADTTE)
  local out = {}
  for _, name in ipairs { "pfs", "ttp", "dor" } do
    local e = response.cohort:endpoint(name, { response = response, censoring = opt.censoring })
    if #e > 0 then table.move(M.adtte_of(e), 1, #e, #out + 1, out) end
  end
  return out
end

-- --- as tables of a report ----------------------------------------------------------------------

local ADAM = {
  adrs = { "USUBJID", "PARAM", "PARAMCD", "ADT", "ADY", "AVALC", "AVAL" },
  adtr = { "USUBJID", "PARAM", "PARAMCD", "ADT", "ADY", "AVAL", "AVALU", "BASE", "CHG", "PCHG",
    "NADIR", "CHGNAD", "PCHGNAD",
    "ANL01FL", "PDFL", "CRFL" },
  adtte = { "USUBJID", "PARAM", "PARAMCD", "STARTDT", "ADT", "AVAL", "AVALU", "CNSR", "EVNTDESC",
    "CNSDTDSC" },
}

--- The columns of a data set ("adrs", "adtr", "adtte") as a report's table has them.
function M.columns(name)
  local out = {}
  for i, key in ipairs(ADAM[name]) do out[i] = { key = key, label = key } end
  return out
end

return M
