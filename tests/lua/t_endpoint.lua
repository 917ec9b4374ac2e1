-- SPDX-License-Identifier: GPL-3.0-or-later
-- endpoint: registration, derivation, landmark and time-dependent rows. Expected values by hand.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local endpoint = require "lunation.endpoint"
local lun = require "lunation"
local table_module = require "lunation.data.table"

local function dates(list, n)
  list.n = n or #list
  return core.column.date(list)
end

-- a dies at 61 days, b is censored at 92, c has no start, d is operated on day 31 and dies on day
-- 122
local patients = table_module.new(core.table.new {
  { "id", core.column.text { "a", "b", "c", "d", n = 4 } },
  { "start", dates({ "2020-01-15", "2020-01-15", nil, "2020-01-15" }, 4) },
  { "death", dates({ "2020-03-16", nil, nil, "2020-05-16" }, 4) },
  { "seen", dates({ "2020-03-16", "2020-04-16", "2020-04-16", "2020-05-16" }, 4) },
  { "operated", dates({ nil, nil, nil, "2020-02-15" }, 4) },
  { "surgery", core.column.factor({ "no", "no", "no", "yes" }, { "no", "yes" }) },
}, { key = "id", dictionary = { surgery = { known = "operated" } } })
local cohort = lun.cohort(patients)
local roles = { origin = "start", event = "death", censor = "seen" }
local function os(more)
  local opt = {}
  for k, v in pairs(roles) do opt[k] = v end
  for k, v in pairs(more or {}) do opt[k] = v end
  return cohort:endpoint("os", opt)
end

local days = os()
t.is(days.n, 3, "three patients have a start")
t.is(days.events, 2, "two deaths")
t.is(days.excluded[1].reason, "no start date", "the fourth is left out with a reason")
t.is(days.excluded[1].n, 1, "and counted")
t.is(days.time[1], 61.0, "61 days from 15 January to 16 March of a leap year")
t.is(days.reason[2], "alive at last contact", "each patient has a reason")
t.is(#days:rows(), 3, "a row for each patient")

t.near(os({ unit = "months" }).time[1], 61 / 30.4375, 1e-15, "a month is 30.4375 days")
t.near(os({ unit = "months", month = 30 }).time[1], 61 / 30, 1e-15,
  "unless the study says otherwise")
t.near(os({ unit = "months", month = "calendar" }).time[1], 2 + 1 / 31, 1e-15,
  "calendar months: two, and a day of 31")

-- landmark: later surgery does not count, the clock starts again
local at30, at40 = days:landmark(30), days:landmark(40)
t.is(at30.n, 3, "all are observed after day 30")
t.is(at30.cohort:column("surgery")[3], "no", "not operated yet on day 30")
t.is(at40.cohort:column("surgery")[3], "yes", "operated by day 40")
t.is(at40.time[1], 21.0, "time from the landmark")
t.is(days:landmark(61).n, 2, "an event at the landmark itself is before it")
t.is(days:landmark(61).excluded[1].n, 1, "and is counted")
t.fails(function() days:landmark(500) end, "lies after the last time",
  "a landmark after the last time")

-- split: one row before surgery and one after it
local rows = days:split "surgery"
t.is(rows.n, 4, "the operated patient has two rows")
t.is(rows.start[4], 31.0, "the second begins with surgery")
t.is(rows.status[3], 0, "the first has no event")
t.is(rows.cohort:column("surgery")[3], "no", "before")
t.is(rows.cohort:column("surgery")[4], "yes", "after")
t.is(rows.events, 2, "no event is lost")
t.fails(function() days:split "id" end, "does not say when it becomes known",
  "a column without known:")

-- operated, nobody knows when: neither operated nor not at any time
local undated = table_module.new(core.table.new {
  { "id", core.column.text { "a", "b", "c", n = 3 } },
  { "start", dates({ "2020-01-15", "2020-01-15", "2020-01-15" }, 3) },
  { "death", dates({ "2020-03-16", nil, "2020-05-16" }, 3) },
  { "seen", dates({ "2020-03-16", "2020-04-16", "2020-05-16" }, 3) },
  { "operated", dates({ nil, nil, "2020-02-15" }, 3) },
  { "surgery", core.column.factor({ "no", "yes", "yes" }, { "no", "yes" }) },
  { "drugs", core.column.number { 0, 2, 3, n = 3 } },
}, { key = "id", dictionary = { surgery = { known = "operated" }, drugs = { known = "operated" } } })
local doubtful = lun.cohort(undated):endpoint("os", roles)
local late = doubtful:landmark(40).cohort
t.is(late:column("surgery")[1], "no", "never operated: no date is wanted")
t.is(late:column("surgery")[2], nil, "operated without a date: missing at a landmark")
t.is(late:column("surgery")[3], "yes", "operated with a date")
t.is(late:column("drugs")[2], nil, "so is a number")
local parts = doubtful:split "surgery"
t.is(parts.n, 4, "a row for the first two, two for the third")
t.is(parts.cohort:column("surgery")[2], nil, "missing in a time-dependent model as well")
t.is(parts.events, 2, "with its follow-up kept")

-- columns that exist already
local frame = table_module.new(core.table.new { { "t", core.column.number { 1, 2, 3, n = 3 } },
  { "status", core.column.integer { 1, 2, 1, n = 3 } } })
local raw = lun.cohort(frame):survival { time = "t", event = "status", is = 2 }
t.is(raw.title, "Survival", "a name for an endpoint that has none")
t.is(lun.cohort(frame):survival { time = "t", event = "status", is = 2, name = "rfs" }.title,
  "Recurrence-free survival", "one that is called rfs is called so in a report")
t.is(raw.events, 1, "the event code is named, not guessed")
t.fails(function() lun.cohort(frame):survival { time = "t", event = "status", is = 3 } end,
  "there are no events", "no such code")
t.fails(function() lun.cohort(frame):survival { time = "t", event = "status" } end,
  "say which value is the event", "the code is required")

-- competing events: recurrence and death as causes
local operated = lun.cohort(table_module.new(core.table.new {
  { "id", core.column.text { "a", "b", "c", n = 3 } },
  { "surgery", dates { "2020-01-01", "2020-01-01", "2020-01-01" } },
  { "back", dates({ "2020-02-01", nil, nil }, 3) },
  { "death", dates({ "2020-05-01", "2020-03-01", nil }, 3) },
  { "seen", dates { "2020-02-01", "2020-03-01", "2020-06-01" } },
}, { key = "id" }))
local r = { origin = "surgery", recurrence = "back", death = "death", censor = "seen" }
local alone = operated:endpoint("recurrence", r)
t.is(alone.events, 1, "death does not count as recurrence")
r.competing = true
local both = operated:endpoint("recurrence", r)
t.is(table.concat(both.causes, " "), "death recurrence", "two causes")
t.is(both.status[1], 2, "a recurrence")
t.is(both.status[2], 1, "a death before it")
t.is(both.status[3], 0, "neither")
t.is(operated:endpoint("rfs", { origin = "surgery", recurrence = "back", death = "death",
  censor = "seen" }).events, 2,
  "both are events of recurrence-free survival")

-- registration
t.fails(function() endpoint.define { name = "x", kind = "time_to_event", title = "X" } end,
  "derive is missing", "derive is required")
t.fails(function() endpoint.define { nam = "x" } end, 'did you mean "name"', "an unknown key")
t.fails(function() endpoint.define { name = "os", kind = "time_to_event", title = "X",
  derive = print } end, "exists already",
  "a name that is taken")
t.fails(function() os { orign = "start" } end, 'did you mean "origin"', "an unknown option")
t.fails(function() cohort:endpoint("so", roles) end, 'did you mean "os"', "an unknown endpoint")
t.fails(function() os { origin = "id" } end, "must be a date", "a role of the wrong type")

-- a copy of a built-in endpoint under another name gives the same: built-ins have no back door
local copy = {}
for k, v in pairs(endpoint.get "os") do copy[k] = v end
copy.name = "os_copy"
endpoint.define(copy)
local same = cohort:endpoint("os_copy", roles)
for i = 1, 3 do t.is(same.time[i], days.time[i], "the copy's time of patient " .. i) end

-- what derive returns is checked
local function returns(name, value)
  endpoint.define { name = name, kind = "time_to_event", title = name,
    derive = function() return value end }
  return function() cohort:endpoint(name, {}) end
end
t.fails(returns("bad1", { time = -1, event = true }), "before its start", "a negative time")
t.fails(returns("bad2", { time = 0 / 0, event = true }), "not a number of days", "not a number")
t.fails(returns("bad3", { time = 1, event = 1 }), "event must be",
  "an event that is neither true nor false")
t.fails(returns("bad4", 5), "must return a table", "no table")
endpoint.define { name = "bad5", kind = "time_to_event", title = "X", derive = function(p)
  return p.start.x
end,
  needs = { patient = { "start" } } }
local e = t.fails(function() cohort:endpoint("bad5", {}) end, "patient a",
  "an error names the patient")
t.ok(e.line, "and the line")

local scored = cohort:derive("score", core.column.number { 10, 9, 9, 9 }):endpoint("os", roles)
local labels = {}
for label in scored:km { by = "score" }:curves() do labels[#labels + 1] = label end
t.is(table.concat(labels, " "), "9 10", "a column of numbers makes groups, in increasing order")

t.done()
