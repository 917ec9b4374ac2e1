-- SPDX-License-Identifier: GPL-3.0-or-later
-- Responses: the reference vectors where they are, cases of the guideline's text, refusals, and
-- properties that any correct classifier has.
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local core = require "lunation.core"
local recist = require "lunation.onco.recist"
local tables = require "lunation.data.table"
local c = core.column

-- rows: { patient, date, lesion, role, mm, state, organ }
local function lesions_of(rows)
  local names = { "id", "date", "lesion", "role", "mm", "state", "organ" }
  local make = { c.text, c.date, c.text, c.text, c.number, c.text, c.text }
  local columns = {}
  for k, name in ipairs(names) do
    local values = { n = #rows }
    for i, row in ipairs(rows) do values[i] = row[k] end
    columns[k] = { name, make[k](values) }
  end
  return tables.new(core.table.new(columns), { key = "id" })
end

local function cohort_of(rows, patients)
  local start, death = { n = #patients }, { n = #patients }
  for i, p in ipairs(patients) do start[i], death[i] = "2024-01-01", p.death end
  local ids = {}
  for i, p in ipairs(patients) do ids[i] = p.id end
  local people = tables.new(core.table.new { { "id", c.text(ids) }, { "start", c.date(start) },
    { "death", c.date(death) } },
    { key = "id" })
  return lun.cohort(people, { lesions = lesions_of(rows) })
end

local function target(id, date, lesion, mm)
  return { id, date, lesion, "target", mm, nil, lesion }
end

local function course(id, ...)
  local days, rows = { "2023-12-25", "2024-02-26", "2024-04-22", "2024-06-17", "2024-08-12" }, {}
  for i, mm in ipairs { ... } do rows[i] = target(id, days[i], "T1", mm) end
  return rows
end

local function responses(rows, opt, measure)
  local r = cohort_of(rows, { { id = "a" } }):recist(opt)
  local out, v = {}, r.core:visits(measure or "recist")
  for i = 1, r.core.n_visits do out[i] = v.overall[i] or "-" end
  return table.concat(out, " "), r
end

-- --- the reference vectors ---------------------------------------------------------------------

local shared = t.shared()
if shared then
  local pipe = io.popen(("%s/lunation tests/reference/run.lua %s/reference/recist/open.json")
    :format(os.getenv("B") or "build", shared))
  local last
  for line in pipe:lines() do last = line end
  pipe:close()
  t.match(last, "matched %d%d%d%d, wrong 0, missing 0", "all reference vectors")
else
  t.skip("../shared is missing")
end

-- --- exact boundaries (Eisenhauer 2009, section 4.3.1) -------------------------------------------

t.is(responses(course("a", 14.0, 9.8)), "PR", "9.8 of 14.0 mm is -30% exactly")
t.is(responses(course("a", 27.0, 32.4)), "PD", "32.4 of 27.0 mm is +20% exactly")
t.is(responses(course("a", 30.3, 36.36)), "PD", "36.36 of 30.3 mm is +20% exactly")
t.is(responses(course("a", 50, 35.000001)), "SD", "a millionth of a millimetre above -30%")
t.is(responses(course("a", 25, 29.999999)), "SD", "a millionth below 5 mm")
t.is(responses(course("a", 20, 12, 15, 17)), "PR SD PD", "both conditions of progression")
t.is(responses(course("a", 20, 12, 15, 17), { pr_persist = true }), "PR PR PD",
  "an earlier PR may last")
t.is(responses(course("a", 40, 10, 12.5), { pd_min_mm = 0 }), "PR PD",
  "the 5 mm condition is an option")

local text, r = responses(course("a", 50, 48, 60))
t.is(text, "SD PD", "progression from the nadir")
t.match(r.core:reason(2), "25%.0%% %+12 mm from the nadir", "a reason with its numbers")
t.is(r:patients().pfs_fda.reason[1], "progression", "the event's reason")
t.is(r:patients().pfs_fda.cnsr[1], 0, "CNSR 0 is an event")

-- --- mRECIST in the same pass --------------------------------------------------------------------

do
  local rows = course("a", 40, 38)
  local cohort = cohort_of(rows, { { id = "a" } })
  local with = cohort.linked.lesions:with("viable_mm", c.number { 40, 0 })
  local both = lun.cohort(cohort.patients, { lesions = with })
  t.is(both:recist().core:visits("mrecist").overall[1], "CR", "no viable tumour: CR by mRECIST")
  t.is(both:recist().core:visits("recist").overall[1], "SD", "and SD by RECIST, from one pass")
  t.is(both:recist { criteria = "mrecist" }:rows()[1].response, "CR", "rows follow the criteria")
end

-- --- iRECIST and imRECIST (Seymour 2017, Hodi 2018) ----------------------------------------------

do
  local function course_of(column, rows)
    local r_ = cohort_of(rows, { { id = "a" } }):recist { criteria = column }
    local v, out = r_:visits(), {}
    for i = 1, r_.core.n_visits do out[i] = v[column][i] or "-" end
    return table.concat(out, " "), r_:best().column[1]
  end
  local function with_new(state, ...)
    local rows = course("a", 50, 48, 48)
    for i, mm in ipairs { ... } do
      rows[#rows + 1] = { "a", rows[i + 1][2], "N1", "new", mm, state, "lung" }
    end
    return rows
  end
  t.is(course_of("imrecist", with_new("unequivocal", 10, 10)), "SD SD",
    "imRECIST adds a new lesion to the sum")
  t.is(course_of("imrecist", with_new("unequivocal", 12, 12)), "PD PD", "and the sum decides")
  t.is(responses(with_new("unequivocal", 10, 10)), "PD -", "where RECIST has progression")
  local text_, best = course_of("imrecist", course("a", 50, 62, 40))
  t.is(text_, "NE SD", "a PD is annulled by a later scan")
  t.is(best, "SD", "and the best response may come after it")
  text_, best = course_of("irecist", course("a", 50, 62, 30, 29))
  t.is(text_, "iUPD iPR iPR", "the bar is reset")
  t.is(best, "iPR", "the best iRECIST response")
  t.is(course_of("irecist", with_new("unequivocal", 10, 15)), "iUPD iCPD",
    "a new lesion grows by 5 mm: confirmed")
  t.is(course_of("irecist", with_new("unequivocal", 10, 14)), "iUPD iUPD", "by 4 mm: not confirmed")
end

-- Rules that the reference vectors do not touch: each by hand from ../shared/RECIST.md.
do
  local function visits_of(rows, opt)
    local r_ = cohort_of(rows, { { id = "a" } }):recist(opt)
    return r_:visits(), r_
  end
  local function words(column, n)
    local out = {}
    for i = 1, n do out[i] = column[i] or "-" end
    return table.concat(out, " ")
  end
  local function new_at(rows, k, lesion, role, mm, state, organ)
    rows[#rows + 1] = { "a", ({ "2024-02-26", "2024-03-08", "2024-04-22" })[k], lesion, role, mm,
      state, organ or "lung" }
  end
  -- an early scan, 11 days after the first iUPD
  local function early(...)
    local rows = { target("a", "2023-12-25", "T1", 50), target("a", "2024-02-26", "T1", 48),
      target("a", "2024-03-08", "T1", 48) }
    new_at(rows, 1, "N1", "new", 12)
    new_at(rows, 2, "N1", "new", 12)
    for _, more in ipairs { ... } do rows[#rows + 1] = more end
    return rows
  end
  local second = { "a", "2024-03-08", "N2", "new", 11, nil, "bone" }
  local worse = { "a", "2024-03-08", nil, "visit", nil, "symptoms" }
  t.is(words(visits_of(early(second)).irecist, 2), "iUPD iUPD",
    "iRECIST: a further new lesion on day 11 does not confirm")
  t.is(words(visits_of(early(worse)).irecist, 2), "iUPD iUPD", "nor do symptoms alone")
  t.is(words(visits_of(early(second, worse)).irecist, 2), "iUPD iCPD", "both together do")

  local function followed(role, first, then_, state)
    local rows = course("a", 50, 48)
    rows[#rows + 1] = target("a", "2024-04-22", "T1", 48)
    new_at(rows, 1, "N1", role, first)
    new_at(rows, 3, "N1", role, then_, state)
    return words(visits_of(rows).irecist, 2)
  end
  t.is(followed("new", 10, 13, "increase"), "iUPD iUPD",
    "a measured new lesion that grows by 3 mm does not confirm, whatever it is called")
  t.is(followed("new-nontarget", nil, nil, "increase"), "iUPD iCPD",
    "any increase of one not measured does")
  t.is(followed("new", 10, 0), "iUPD iSD", "a new lesion that has gone resets the bar")

  local rows = course("a", 50, 40)
  new_at(rows, 1, "N1", "new", 8, "unequivocal")
  new_at(rows, 3, "N1", "new", 8, "benign")
  rows[#rows + 1] = target("a", "2024-04-22", "T1", 30)
  t.is(responses(rows), "SD PR",
    "a new lesion that proves benign is dropped from its first appearance on")

  -- mRECIST: what is complete by total diameters need not be by viable ones
  rows = { target("a", "2023-12-25", "T1", 40), target("a", "2023-12-25", "T2", 40),
    target("a", "2024-02-26", "T1", 40),
    target("a", "2024-02-26", "T2", 40), target("a", "2024-04-22", "T1", 40),
    target("a", "2024-04-22", "T2", 40) }
  local cohort = cohort_of(rows, { { id = "a" } })
  local partly = lun.cohort(cohort.patients,
    { lesions = cohort.linked.lesions:with("viable_mm",
      c.number { 30, 30, 10, nil, 20, 20, n = 6 }) })
  local m = partly:recist { criteria = "mrecist" }
  t.is(words(m:visits().overall, 2), "NE PR", "mRECIST: a viable diameter that is missing")
  t.is(m:visits().percent[1], nil, "gives no change in percent")
  t.near(m:patients().depth[1], -100 / 3, 1e-12, "and no depth")
  t.near(m:visits().nadir[2], 60, 0, "and is no nadir")
  t.is(words(partly:recist():visits().complete, 2), "yes yes", "while RECIST is complete")

  local grown = course("a", 40, 40, 40)
  grown[#grown + 1] = { "a", "2024-02-26", "N1", "new", nil, "equivocal", "liver" }
  grown[#grown + 1] = { "a", "2024-04-22", "N1", "new", 12, "equivocal", "liver" }
  local g = cohort_of(grown, { { id = "a" } })
  local atypical = { n = #grown, [#grown - 1] = "atypical", [#grown] = "atypical" }
  g = lun.cohort(g.patients,
    { lesions = g.linked.lesions:with("pattern", c.text(atypical)) }):recist {
      criteria = "mrecist" }
  t.is(words(g:visits().overall, 2), "SD SD", "mRECIST: growth needs a first size")

  -- words with underscores; a fragment that was not assessed
  local frag = { target("a", "2023-12-25", "T1", 30), { "a", "2024-02-26", "T1", "target", 20,
    "fragment" },
    { "a", "2024-02-26", "T1", "target", nil, "fragment" },
    { "a", "2023-12-25", "N1", "nontarget" },
    { "a", "2024-02-26", "N1", "nontarget", nil, "further_increase" } }
  local v_ = visits_of(frag)
  t.is(v_.target[1], "NE", "a lesion of which one fragment was not assessed is not assessed")
  t.is(v_.nontarget[1], "PD", "further_increase is further-increase")

  -- after complete response: nodes
  local node = { { "a", "2023-12-25", "L1", "target", 20, nil, "neck" }, { "a", "2024-02-26", "L1",
    "target", 4, nil, "neck" },
    { "a", "2024-04-22", "L1", "target", 9, nil, "neck" }, { "a", "2024-06-17", "L1", "target", 10,
      nil, "neck" } }
  local nodes = cohort_of(node, { { id = "a" } })
  nodes = lun.cohort(nodes.patients,
    { lesions = nodes.linked.lesions:with("node", c.text { "yes", "yes", "yes", "yes" }) }):recist()
  t.is(words(nodes:visits().overall, 3), "CR CR PD",
    "a node of 9 mm in CR is normal, of 10 mm it is back")
  -- no overall CR: a lesion that disappears and returns is added to the sum
  local there = { target("a", "2023-12-25", "T1", 30), target("a", "2023-12-25", "T2", 20),
    target("a", "2024-02-26", "T1", 20),
    target("a", "2024-02-26", "T2", 0), target("a", "2024-04-22", "T1", 20),
    target("a", "2024-04-22", "T2", 3) }
  t.is(responses(there), "PR PR",
    "a lesion that returns while the response is PR is added to the sum")
end

do
  local empty = cohort_of({}, { { id = "a", death = "2024-03-01" } }):recist()
  t.is(empty:patients().best[1], "NE", "no assessment at all is NE")
  t.is(empty:patients().pfs_ema.event[1], "death", "and death still counts for EMA")
end

-- --- refusals ------------------------------------------------------------------------------------

local function refusal(rows, patients)
  return cohort_of(rows, patients or { { id = "a" } }):recist { refused = "exclude" }
end

local function refused(rows, patients)
  local list = refusal(rows, patients):refused()
  return list[1] and list[1].code
end

t.is(refused(course("a", 20, -3)), "negative-size", "negative size")
t.is(refused(course("a", 20, 5000)), "size-out-of-range", "absurd size")
t.is(refused(course("a", 8, 8)), "baseline-target-not-measurable", "too small at baseline")
t.is(refused { target("a", "2023-12-25", "T1", 20), target("a", "2024-02-26", "T2", 9) },
  "unknown-lesion", "a target from nowhere")
t.is(refused { target("a", "2023-12-25", "T1", 20), target("a", "2023-12-25", "T1", 20) },
  "duplicate-lesion", "twice at baseline")
t.is(refused { target("a", "2023-12-25", "T1") }, "baseline-target-missing", "no size at baseline")
t.is(refused { target("a", "2023-12-25", "T1", 20), target("a", "2024-02-26", "T1", 20),
  target("a", "2024-02-26", "T1", 21) },
  "duplicate-conflict", "two sizes on one day")
t.is(refused { target("a", "2023-12-25", "T1", 20), target("a", "2024-02-26", "T1", 20),
  target("a", "2024-02-26", "T1", 20) },
  nil, "the same twice is no conflict")
t.is(refused({ target("a", "2023-12-25", "T1", 20), target("a", "2024-02-26", "T1", 20) },
  { { id = "a", death = "2024-02-01" } }),
  "assessment-after-death", "assessment after death")
local e = t.fails(function() cohort_of(course("a", 20, -3), { { id = "a" } }):recist() end,
  "patient a, row 2, lesion T1: the size %-3 mm is negative",
    "a refusal stops the run and says where")
t.is(e.code, "data.negative-size", "with its code")
local two = course("a", 20, -3)
for _, row in ipairs(course("b", 20, 10)) do two[#two + 1] = row end
local pair = refusal(two, { { id = "a" }, { id = "b" } })
t.is(pair:best():counts().n, 1, "a refused patient is no denominator")
t.is(pair:best():counts().refused, 1, "and is counted apart")
t.is(pair:best():rows()[1].best, nil, "and is never half used")
local people = cohort_of(two, { { id = "a" }, { id = "b", death = "2024-09-01" } })
local without = people:recist { refused = "exclude" }
local pfs_ = people:endpoint("pfs", { response = without })
t.is(pfs_.excluded[1].reason, "refused by the criteria: negative-size",
  "an endpoint names the refusal")
t.is(pfs_:left_out()[1].code, "data.negative-size", "with its code")
t.is(pfs_:left_out()[1].id, "a", "and its patient")
t.is(pfs_.n, 1, "the other is used")
local classes = people:classify("resistance_exhaustive", { response = without })
t.is(classes.excluded[1].reason, "refused by the criteria: negative-size", "so does a class")
t.is(classes:left_out()[1].id, "a", "which would have been durable without")
t.fails(function() cohort_of(course("a", 20, 10), { { id = "a" } }):recist { min_sd = 3 } end,
  "unknown option", "unknown options")
t.fails(function() cohort_of(course("a", 20, 10), { { id = "a" } }):recist {
  columns = { size = "mm" } } end, "no column",
  "unknown roles")

-- --- properties ----------------------------------------------------------------------------------

local seed = 12345
local function random(n) -- a small generator of our own: the same cases everywhere
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end

local DAYS = { "2023-12-25", "2024-02-26", "2024-04-22", "2024-06-17", "2024-08-12", "2024-10-07" }
local STATES = { "present", "absent", "present", "ne", "progression" }

local function random_patient(id)
  local rows = {}
  for v = 1, random(5) + 1 do
    for k = 1, 2 do
      local mm = v == 1 and 10 + random(40) or (random(6) == 1 and 0 or random(60))
      if v == 1 or random(8) > 1 then rows[#rows + 1] = target(id, DAYS[v], "T" .. k, mm) end
    end
    rows[#rows + 1] = { id, DAYS[v], "N1", "nontarget", nil, v > 1 and STATES[random(5)]
      or nil, "bone" }
  end
  return rows
end

local function answers(rows, opt)
  local text, r_ = responses(rows, opt)
  local p, v = r_:patients(), r_:visits()
  local i = {}
  for k = 1, r_.core.n_visits do i[k] = v.irecist[k] or "-" end
  return table.concat({ text, p.best[1], p.confirmed[1], p.ibest[1], table.concat(i, " "),
    p.pfs_fda.date[1], p.pfs_ema.event[1] }, "|")
end

local function shuffled(rows)
  local out = { table.unpack(rows) }
  for i = #out, 2, -1 do
    local k = random(i)
    out[i], out[k] = out[k], out[i]
  end
  return out
end

local ORDER = { CR = 1, PR = 2, SD = 3, ["NON-CR/NON-PD"] = 4, NED = 4, PD = 5, NE = 5 }
local equivocal, order, tighter, split = true, true, true, true
local many, patients = {}, {}
local singles = {}
for i = 1, 200 do
  local rows = random_patient("a")
  local before = answers(rows)
  local with = { table.unpack(rows) }
  with[#with + 1] = { "a", rows[#rows][2], "X", "new", 7, "equivocal", "lung" }
  equivocal = equivocal and answers(with) == before
  order = order and answers(shuffled(rows)) == before
  local _, loose = responses(rows)
  for _, opt in ipairs { { confirm_days = 60 }, { min_sd_days = 120 }, { max_ne = 0 },
    { pr_percent = 40 } } do
    local _, tight = responses(rows, opt)
    tighter = tighter
      and ORDER[tight:patients().confirmed[1]] >= ORDER[loose:patients().confirmed[1]]
  end
  singles[i] = before
  local id = "p" .. i
  for _, row in ipairs(rows) do
    many[#many + 1] = { id, row[2], row[3], row[4], row[5], row[6], row[7] }
  end
  patients[i] = { id = id }
end
t.ok(equivocal, "an equivocal new lesion changes nothing")
t.ok(order, "the order of the rows does not matter")
t.ok(tighter, "a tighter rule never improves a response")

local all = cohort_of(many, patients):recist()
local p, v = all:patients(), all:visits()
for i = 1, 200 do
  local text_ = {}
  for k = 1, all.core.n_visits do
    if v.patient[k] == i then text_[#text_ + 1] = v.overall[k] or "-" end
  end
  local whole = table.concat(text_, " ") .. "|" .. p.best[i] .. "|" .. p.confirmed[i]
  split = split and singles[i]:sub(1, #whole) == whole
end
t.ok(split, "a patient has the same answer alone and among others")

-- --- responses that were given -------------------------------------------------------------------

do
  local table_ = tables.new(core.table.new { { "id", c.text { "a", "a", "a", "b" } },
    { "date", c.date { "2024-04-22", "2024-02-26", "2024-06-17", "2024-02-26" } },
    { "response", c.text { "PR", "PR", "PD", "SD" } } }, { key = "id" })
  local people = cohort_of({}, { { id = "a" }, { id = "b", death = "2024-03-01" } }).patients
  local given = recist.from_responses(lun.cohort(people, { responses = table_ }))
  t.is(given:patients().confirmed[1], "PR", "given responses are confirmed")
  t.is(given:patients().pfs_ema.event[2], "death", "and lead to endpoints")
  t.is(given:best():counts():of("objective response").x, 1, "and to rates")
  local pfs = given.cohort:endpoint("pfs", { response = given })
  t.is(pfs.events, 2, "PFS from given responses: two events")
  t.is(given.cohort:endpoint("dor", { response = given }).time[1], 112,
    "duration of response runs to progression")
  local clash = tables.new(core.table.new {
    { "id", c.text { "a", "a" } }, { "date", c.date { "2024-04-22", "2024-04-22" } },
    { "response", c.text { "PR", "SD" } } }, { key = "id" })
  t.fails(function() recist.from_responses(lun.cohort(people, { responses = clash })) end,
    "patient a: two different responses on 2024%-04%-22",
      "two responses on one day name the patient")
  t.is(given.cohort:endpoint("ttr", { response = given }).time[1], 56, "time to response")
end

-- --- figures' data -------------------------------------------------------------------------------

local w = all:waterfall()
t.ok(#w > 0 and w[1].percent >= w[#w].percent, "a waterfall falls")
t.is(all:spider()[1].percent[1], 0, "a spider begins at 0")
t.is(#all:swimmer(), 200, "a swimmer for each patient")
t.match(tostring(all), "responses of 200 patients", "prints")
t.match(tostring(all:best()), "objective response", "the best response prints as a table")

for _, name in ipairs { "target", "nontarget", "overall", "reasons" } do
  t.ok(#core.rules.tables()[name] > 5, "the table " .. name)
end

-- The page shows the tables that the code has: each row of them, word for word.
local page = core.file.read("docs/methods/recist.md")
local shown = true
local function row(...)
  shown = shown and page:find("| " .. table.concat({ ... }, " | ") .. " |", 1, true) ~= nil
end
local rules = core.rules.tables()
for _, name in ipairs { "target", "nontarget" } do
  for i, rule in ipairs(rules[name]) do row(i, rule.when, rule.response, rule.why) end
end
for i, rule in ipairs(rules.overall) do
  row(i, rule.target, rule.nontarget, rule.new, rule.response, rule.why)
end
for _, reason in ipairs(rules.reasons) do row(reason.reason, reason.says, reason.cnsr) end
t.ok(shown, "docs/methods/recist.md has the tables of the code")

-- Nothing is held once the responses are gone, refused ones included.
do
  collectgarbage() collectgarbage()
  local before = core.blocks()
  for i = 1, 20 do
    pcall(function() return cohort_of(course("a", 20, -3), { { id = "a" } }):recist() end)
    cohort_of(course("a", 20, 10), { { id = "a" } }):recist():rows()
  end
  collectgarbage() collectgarbage()
  t.is(core.blocks(), before, "the core holds no more than before")
end
t.done()
