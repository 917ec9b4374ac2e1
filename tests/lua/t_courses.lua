-- SPDX-License-Identifier: GPL-3.0-or-later
-- Courses of patients from columns, the flow as a result, and pairs of groups that share patients.
-- The p-values are those of R's survdiff (survival 3.5-3) on the stacked rows, adjusted by
-- p.adjust.
local t = dofile "tests/lua/tap.lua"
local lun, testing = require "lunation", require "lunation.testing"

local cohort = testing.cohort {
  patients = {
    { id = "a", start = "2024-01-01", operated = "2024-03-01", stop = "2024-07-01",
      death = "2024-07-01", arm = "x", months = 6 },
    { id = "b", start = "2024-01-01", stop = "2024-04-01", arm = "y", months = 3 },
    { id = "c", start = "2024-01-01", operated = "2024-01-01", stop = "2024-02-01", arm = "x",
      months = 1 },
    { id = "d", start = "2024-01-01", operated = "2024-02-01", arm = "y", months = 2 },
  },
  columns = { start = "date", operated = "date", stop = "date", death = "date", arm = { "y", "x" },
    months = "number" },
}

local PHASES = { { from = "start", name = "drug" }, { from = "operated", name = "after surgery" } }
local s = cohort:swimmer { start = "start", stop = "stop", phases = PHASES, events = { "death" },
  by = "arm", unit = "days" }
t.is(#s.patients, 3, "a lane for each patient with an end")
t.is(s.missing, 1, "the other is counted")
t.is(s.patients[1].id .. s.patients[2].id .. s.patients[3].id, "bac",
  "in the order of the groups' levels")
local a = s.patients[2]
t.is(#a.segments, 2, "two phases")
t.is(a.segments[1].to, 60, "the first until the second begins")
t.is(a.segments[2].to, 182, "the second until the end")
t.is(a.ongoing, false, "a death on the last day ends the lane")
t.is(s.patients[1].ongoing, true, "no event on it: the lane goes on")
t.is(s.patients[3].segments[1].to, 0,
  "a phase that begins on the first day leaves none of the first")
local function row(result, statistic, name)
  for _, r in ipairs(result:rows()) do
    if r.statistic == statistic and (r.term or r.group) == name then return r end
  end
  return {}
end
t.is(row(s, "events", "after surgery").value, 2,
  "patients of a phase: who has no lane is in none")
t.is(row(s, "events", "death").value, 1, "patients with an event")
t.is(row(s, "ongoing").value, 2, "lanes that go on")
t.is(row(s, "median").value, 91, "their median length")
-- Phases that begin on one day keep their order; without a group a lane comes last; only what has a
-- lane is counted.
local more = testing.cohort {
  patients = {
    { id = "a", start = "2024-01-01", stop = "2024-03-01", death = "2024-03-01" },
    { id = "b", start = "2024-01-01", stop = "2024-02-01", arm = "x" },
    { id = "c", start = "2024-01-01", death = "2024-02-01", arm = "y" },
    { id = "d", start = "2024-01-01", stop = "2024-02-01", arm = "y" },
  },
  columns = { start = "date", stop = "date", death = "date", arm = { "y", "x" } },
}:swimmer { start = "start", stop = "stop", by = "arm", unit = "days", events = { "death" },
  phases = { { from = "start", name = "first" }, { from = "start", name = "second" } } }
t.is(more.patients[1].id .. more.patients[2].id .. more.patients[3].id, "dba",
  "a patient without a group is last")
t.is(more.patients[1].segments[1].phase .. " " .. more.patients[1].segments[2].phase,
  "first second", "phases that begin together")
t.is(row(more, "events", "death").value, 1, "the event of a patient without a lane is not counted")
t.is(row(more, "events", "first").value, 3, "nor a phase")
t.is(#cohort:swimmer { stop = "months" }.patients, 4, "without a start the columns are times")
t.fails(function() cohort:swimmer { stop = "stop" } end, "holds dates", "dates need a start")
t.fails(function()
  cohort:swimmer { start = "operated", stop = "stop", phases = { { from = "start", name = "x" } } }
end,
  "before the start", "a phase before the start")
t.fails(function() cohort:swimmer { start = "start", stop = "operated", events = { "death" } } end,
  "after the end", "an event after the end")

local flow = cohort:where("months > 1", "longer than a month"):where("arm == 'y'", "arm y"):flow()
t.is(#flow, 2, "the steps are its elements")
t.is(flow[1].kept, 3, "each with its count")
t.is(row(flow, "n", "read").value, 4, "patients read")
t.is(row(flow, "excluded", "longer than a month").value, 1, "left out by a step")
t.near(row(flow, "proportion", "arm y").value, 2 / 3, 1e-15, "the share that a step keeps")
t.near(row(flow, "proportion", "arm y").lower, 0.0942993, 1e-6,
  "with exact limits (R: binom.test(2, 3))")

-- the 60 operated patients of the first study
local patients = lun.read("examples/conversion-surgery/patients.csv", {
  key = "id", columns = { start = "date", surgery = { "no", "yes" },
  viable = "number", pathology_class = { "pCR", "pPR", "pNR" }, death_date = "date",
  last_contact = "date" } })
local os = lun.cohort(patients):where("surgery == 'yes'"):endpoint("os", {
  origin = "start", event = "death_date", censor = "last_contact",
  unit = "months", month = "calendar" })
local groups = { { name = "MPR", where = "viable <= 30" }, { name = "pCR",
  where = "pathology_class == 'pCR'" },
  { name = "pPR", where = "pathology_class == 'pPR'" },
  { name = "pNR", where = "pathology_class == 'pNR'" } }
local pairs_ = os:pairwise { groups = groups, adjust = "holm" }
t.is(pairs_.shared, 34, "patients in more than one group")
t.near(row(pairs_, "p", "MPR vs pCR").value, 0.113781344706, 1e-10, "a group and its part")
t.near(row(pairs_, "p", "MPR vs pPR").value, 0.228564623325, 1e-10, "groups that overlap")
t.near(row(pairs_, "p_adjusted", "MPR vs pNR").value, 0.003071387784060, 1e-10, "adjusted")
t.is(os:pairwise({ groups = { groups[1], { name = "2", where = "viable <= 30" },
  { name = "3", where = "viable <= 30" } } }).shared, 34,
  "a patient of three groups is shared once")
t.is(row(pairs_, "p", "MPR vs pCR").n, 55, "a shared patient counts in both")
t.ok(pairs_.convention:find "34 patients are in more than one group", "which is said")
t.fails(function() os:pairwise { by = "surgery", groups = groups } end, "one of them",
  "by and groups are two ways")
t.fails(function() os:pairwise { groups = { { name = "x", where = "viable > 200" },
  groups[1] } } end, "no patient", "an empty group")
t.done()
