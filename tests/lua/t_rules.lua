-- SPDX-License-Identifier: GPL-3.0-or-later
-- rules: endpoints as tables of event and censoring rules, built in and one's own.
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local core = require "lunation.core"
local endpoint = require "lunation.endpoint"
local rules = require "lunation.surv.rules"
local tables = require "lunation.data.table"
local c = core.column

-- --- the built-in tables -------------------------------------------------------------------------

local fda, ema = rules.table "pfs_fda", rules.table "pfs_ema"
t.is(#fda.events, 2, "PFS has two events")
t.is(#rules.table("ttp_fda").events, 1, "TTP has one")
t.is(table.concat({ fda.censoring[1].reason, fda.censoring[2].reason, fda.censoring[3].reason,
  fda.censoring[4].reason }, " "),
  "no-baseline new-therapy last-assessment missed-assessments", "the FDA's table in its order")
t.is(fda.censoring[2].source, "therapy", "after which date")
t.is(fda.censoring[3].none_cnsr, 5, "and the codes of ADTTE")
t.is(#ema.censoring, 2, "the EMA's table knows neither therapy nor missed assessments")
fda.censoring[2] = nil
t.is(#rules.table("pfs_fda").censoring, 4, "a copy may be changed")
t.fails(function() rules.table "pfs" end, "there is no table", "an unknown table")

-- --- random patients with responses: the tables against what the core's own pass gives
-- --------------

local seed = 7
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end
local WORDS, N = { "CR", "PR", "SD", "NE", "PD" }, 300
local DAY = 19723 -- 2024-01-01
local ids, start, death, therapy, clinical = {}, {}, {}, {}, {}
local vid, vdate, vresponse = {}, {}, {}
for i = 1, N do
  ids[i], start[i] = "p" .. i, DAY + random(100)
  local day = start[i]
  for _ = 1, random(6) - 1 do
    day = day + 40 + random(60) * random(3)
    vid[#vid + 1], vdate[#vdate + 1], vresponse[#vresponse + 1] = ids[i], day, WORDS[random(5)]
  end
  if random(2) == 1 then death[i] = day + random(300) end
  if random(3) == 1 then therapy[i] = start[i] + random(300) end
  if random(4) == 1 then clinical[i] = start[i] + random(300) end
end
for _, list in ipairs { start, death, therapy, clinical } do list.n = N end
local patients = tables.new(core.table.new {
  { "id", c.text(ids) }, { "start", c.date(start) }, { "death", c.date(death) },
  { "therapy", c.date(therapy) }, { "clinical", c.date(clinical) } }, { key = "id" })
local visits = tables.new(core.table.new { { "id", c.text(vid) }, { "date", c.date(vdate) },
  { "response", c.text(vresponse) } }, { key = "id" })
local cohort = lun.cohort(patients, { responses = visits })
local response = require("lunation.onco.recist").from_responses(cohort, {})
local p = response:patients()

local function same(e, outcome, from)
  local raw_from, raw_to = core.cohort.raw(from), core.cohort.raw(outcome.date)
  local at, equal, n = {}, true, 0
  for k, row in ipairs(e:rows()) do at[row.id] = k end
  for i = 1, N do
    local k = at[ids[i]]
    if raw_from[i] and raw_to[i] then
      n = n + 1
      equal = equal and k and e.time[k] == raw_to[i] - raw_from[i]
        and (e.status[k] == 1) == (outcome.event[i] ~= "censored")
        and e.reason[k] == outcome.reason[i]
    else
      equal = equal and not k
    end
  end
  return equal and n == #e
end

for _, name in ipairs { "fda", "ema" } do
  t.ok(same(cohort:endpoint("pfs", { response = response, censoring = name }), p["pfs_" .. name],
    p.start), "PFS, " .. name)
  t.ok(same(cohort:endpoint("ttp", { response = response, censoring = name }), p["ttp_" .. name],
    p.start), "TTP, " .. name)
  t.ok(same(cohort:endpoint("dor", { response = response, censoring = name }), p["pfs_" .. name],
    p.first_confirmed), "DoR, " .. name)
end
t.ok(same(cohort:endpoint("pfs", { response = response }), p.pfs_fda, p.start),
  "the response's censoring unless one is named")

-- A table of one's own that says what the built-in one says gives what it gives, under another name
-- and as it stands.
local mine = rules.table "pfs_fda"
endpoint.define { name = "my_pfs", kind = "time_to_event", title = "Mine", version = "1",
  columns = endpoint.get("pfs").columns, rules = { events = mine.events, censoring = mine.censoring,
    assessed = true } }
t.ok(same(cohort:endpoint("my_pfs", { response = response }), p.pfs_fda, p.start),
  "a copy under another name")
t.ok(same(cohort:endpoint("here", { response = response, origin = "start",
  rules = rules.table "pfs_fda" }), p.pfs_fda, p.start),
  "a table stated where it is used")
t.ok(same(cohort:endpoint("here", { response = response, origin = "start",
  rules = { events = mine.events, censoring = "ema" } }),
  p.pfs_ema, p.start), "with censoring by name")

-- Half of the patients, in another order: the visits go with them.
local half = cohort:where("months(date('2024-01-01'), start) < 2")
local few = half:endpoint("pfs", { response = response })
local by_id, all_same = {}, #few > 0 and #few < N
for _, row in ipairs(cohort:endpoint("pfs", { response = response }):rows()) do
  by_id[row.id] = row
end
for _, row in ipairs(few:rows()) do
  all_same = all_same and by_id[row.id].time == row.time and by_id[row.id].reason == row.reason
end
t.ok(all_same, "patients of a part have the times that they have among all")

-- --- what a user changes: by hand ----------------------------------------------------------------

local function one(dates, visit_rows, opt, endpoint_opt)
  local columns = { { "id", c.text { "a" } } }
  for _, name in ipairs { "start", "death", "therapy", "clinical", "seen" } do
    columns[#columns + 1] = { name, c.date { n = 1, dates[name] } }
  end
  local v = { id = {}, date = {}, response = {} }
  for i, row in ipairs(visit_rows) do v.id[i], v.date[i], v.response[i] = "a", row[1], row[2] end
  local people = lun.cohort(tables.new(core.table.new(columns), { key = "id" }), {
    responses = tables.new(core.table.new {
    { "id", c.text(v.id) }, { "date", c.date(v.date) }, { "response", c.text(v.response) } },
      { key = "id" }) })
  endpoint_opt.response = require("lunation.onco.recist").from_responses(people, opt)
  return people:endpoint("e", endpoint_opt)
end
local COURSE = { { "2024-02-26", "SD" }, { "2024-04-22", "PD" } }
local dates = { start = "2024-01-01", therapy = "2024-03-01", clinical = "2024-03-20" }
local EVENTS = { { source = "progression", reason = "progression" },
  { source = "clinical", reason = "clinical progression" } }
local function rule(list)
  return { origin = "start", rules = { events = EVENTS, censoring = list } }
end

local e = one(dates, COURSE, {}, rule {})
t.is(e.time[1], 79, "an event of one's own: the earliest counts")
t.is(e.reason[1], "clinical progression", "with its words")
e = one(dates, COURSE, {}, rule { { when = "after", source = "therapy", at = "therapy",
  reason = "new therapy" } })
t.is(e.time[1], 60, "censored at the therapy itself")
t.is(e.status[1], 0, "which is no event")
t.is(e.reason[1], "new therapy", "by the rule's reason")
e = one(dates, COURSE, {}, rule { { when = "after", source = "therapy", at = "last-assessment",
  reason = "new therapy" } })
t.is(e.time[1], 56, "or at the last assessment before it")
e = one({ start = "2024-01-01", therapy = "2024-03-20", clinical = "2024-03-20" }, COURSE, {},
  rule { { when = "after", source = "therapy", at = "therapy", reason = "new therapy" } })
t.is(e.status[1], 1, "an event on the day of therapy counts")
e = one({ start = "2024-01-01", therapy = "2024-03-20", clinical = "2024-03-20" }, COURSE,
  { therapy_day_counts = false },
  rule { { when = "after", source = "therapy", at = "therapy", reason = "new therapy" } })
t.is(e.status[1], 0, "unless it is said not to")
e = one({ start = "2024-01-01", death = "2024-12-01" }, { { "2024-02-26", "SD" } }, {}, {
  origin = "start",
  rules = { events = { { source = "death", reason = "death" } },
    censoring = { { when = { "missed" }, at = "start", reason = "gap" } } } })
t.is(e.time[1], 0, "missed assessments may be censored at the start")
e = one({ start = "2024-01-01", death = "2024-06-01" }, { { "2024-02-26", "SD" } }, {}, {
  origin = "start", competing = true,
  rules = { events = { { source = "progression", reason = "progression" },
    { source = "death", reason = "death", competing = true } } } })
t.is(e.causes[1], "death", "death as a cause of its own")

-- Without responses: dates alone.
e = cohort:endpoint("to_clinical", {
  origin = "start", rules = { events = { { source = "clinical", reason = "clinical" } },
  censoring = { { when = "no-event", at = "death", reason = "dead without" } },
  no_end = "never seen again" } })
t.ok(e.n > 50 and e.events > 20, "an endpoint of dates alone")
t.is(e.excluded[1].reason, "never seen again", "who has no end is left out with the reason")

-- --- errors --------------------------------------------------------------------------------------

local function bad(r, pattern, name)
  local err =
    t.fails(function() cohort:endpoint("x", { origin = "start", response = response,
      rules = r }) end, pattern, name)
  t.is(err.code, "recipe.rules", name .. ": its code")
end
local events = { { source = "death", reason = "death" } }
bad({}, "events is missing", "no events")
bad({ events = events, censor = {} }, 'did you mean "censoring"', "an unknown key")
bad({ events = events, censoring = { { when = "no-events", at = "start", reason = "x" } } },
  'did you mean "no%-event"', "an unknown condition")
bad({ events = events, censoring = { { when = "after", at = "start", reason = "x" } } },
  "after which date", "after without a source")
bad({ events = events, censoring = { { when = "no-event", source = "death", at = "start",
  reason = "x" } } }, "goes with when: after",
  "a source that nothing uses")
bad({ events = events, censoring = { { when = "no-event", at = "start" } } }, "reason is missing",
  "no reason")
bad({ events = events, censoring = "fdaa" }, 'did you mean "fda"', "an unknown name of a table")
t.fails(function()
  cohort:endpoint("x", { origin = "start", rules = { events = events, censoring = "fda" } })
end,
  "it needs response", "assessments without responses")
t.fails(function()
  cohort:endpoint("x", { origin = "start",
    rules = { events = { { source = "deth", reason = "x" } } } })
end,
  "deth", "a date that is not there")
t.fails(function()
  endpoint.define { name = "y", kind = "time_to_event", title = "Y", derive = print,
    rules = { events = events } }
end,
  "one of them decides", "derive and rules")
t.fails(function()
  endpoint.define { name = "y", kind = "time_to_event", title = "Y", rules = { events = {} } }
end,
  "events is missing", "define checks the rules")

-- --- every built-in endpoint but none with a function: copies give the same ----------------------

local roles = { origin = "start", event = "death", censor = "seen", progression = "clinical",
  recurrence = "clinical",
  conversion = "clinical", stop = "clinical", death = "death", response = "clinical" }
local seen = { n = N }
for i = 1, N do seen[i] = math.max(death[i] or 0, clinical[i] or 0, start[i] + 400) end
local wide = lun.cohort(patients:with("seen", c.date(seen)))
local copies = 0
for _, name in ipairs(endpoint.names()) do
  local d = endpoint.get(name)
  if d.version == "2" then
    local copy, own = {}, {}
    for k, v in pairs(d) do copy[k] = v end
    copy.name = "copy_of_" .. name
    endpoint.define(copy)
    for role in pairs(d.columns) do own[role] = roles[role] end
    local a, b = wide:endpoint(name, own), wide:endpoint(copy.name, own)
    local equal = a.n == b.n and a.n > 0
    for i = 1, a.n do
      equal = equal and a.time[i] == b.time[i] and a.status[i] == b.status[i]
        and a.reason[i] == b.reason[i]
    end
    t.ok(equal, "a copy of " .. name .. " gives the same")
    copies = copies + 1
  end
end
t.is(copies, 12, "every built-in endpoint is a table of rules")
-- --- the page shows the tables that the code has -------------------------------------------------

local page, shown = core.file.read("docs/methods/endpoint-rules.md"), 0
local function row(...)
  local line = "| " .. table.concat({ ... }, " | ") .. " |"
  if page:find(line, 1, true) then shown = shown + 1 else print("# not on the page: " .. line) end
end
for _, name in ipairs { "pfs_fda", "pfs_ema" } do
  for i, r in ipairs(rules.table(name).censoring) do
    row(i, table.concat(r.when, " and "), r.source or "", r.at, r.none and r.reason .. ", or "
      .. r.none or r.reason,
      r.none and r.cnsr .. ", " .. r.none_cnsr or r.cnsr)
  end
end
t.is(shown, 6, "the FDA's and the EMA's tables are on the page")
for _, name in ipairs(endpoint.names()) do
  local r, e, o = endpoint.get(name).rules, {}, {}
  if endpoint.get(name).version == "2" then
    for i, x in ipairs(r.events) do
      e[i] = x.source .. (x.competing and " (with competing)" or "")
    end
    for i, x in ipairs(r.censoring) do
      o[i] = (x.source and "after " .. x.source .. ": " or "") .. x.reason
    end
    row(name, table.concat(e, ", "), #o > 0 and table.concat(o, "; ") or "left out: " .. r.no_end)
  end
end
t.is(shown, 18, "and the built-in endpoints")
t.done()
