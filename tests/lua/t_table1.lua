-- SPDX-License-Identifier: GPL-3.0-or-later
-- table1 and summary: numbers by hand and from R 4.2.2 (quantile, wilcox.test, fisher.test).
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local table1 = require "lunation.stat.table1"
local summary = require "lunation.stat.summary"

local columns = {
  age = core.column.number { 61, 48, 70, 55, 66, 52, 59, 63, n = 8 },
  afp = core.column.number { 3.5, 400, nil, 12.25, 88, 1210.5, 7, 20, n = 8 },
  bclc = core.column.factor({ "B", "C", "C", "B", "C", "B", "B", nil, n = 8 }, { "A", "B", "C" }),
  male = core.column.factor({ "yes", "no", "yes", "yes", "yes", "no", "yes", "yes" },
    { "no", "yes" }),
  surgery = core.column.factor({ "no", "no", "yes", "yes", "no", "yes", "no", "yes" },
    { "no", "yes" }),
  start = core.column.date { 1, 2, 3, 4, 5, 6, 7, 8 },
}
local labels = { age = "Age", afp = "AFP", bclc = "BCLC", male = "Male", surgery = "Hepatectomy" }
local cohort = { column = function(_, name) return columns[name] end,
  patients = { label = function(_, n) return labels[n] or n end,
    about = function(_, n) return n == "age" and { unit = "years" } or {} end } }

local names = { "age", "afp", "bclc", "male" }
local t1 = table1.of(cohort, { columns = names, by = "surgery", tests = true, smd = true })
local shown = t1:table()
t.is(#shown.columns, 6, "columns: name, two groups, all, p, SMD")
t.is(shown.columns[2].label, "no (n = 4)", "group sizes in the heads")
t.is(shown.columns[4].label, "All (n = 8)", "and of all")
t.is(shown.rows[1].name, "Age, years, median (IQR)", "unit and statistic in the label")
t.is(shown.rows[1].all, "60 (54–64)", "median and quartiles, R type 7")
t.is(shown.rows[3].name, "missing", "a row for the missing")
t.is(shown.rows[3].g2, "1 (25.0%)", "counted by group")
t.is(shown.rows[4].name, "BCLC", "a factor has a head")
t.is(shown.rows[5].all, "0 (0.0%)", "a level without patients")
t.is(shown.rows[6].all, "4 (57.1%)", "percentages of the known")
t.is(shown.rows[#shown.rows].name, "Male", "a yes/no factor takes one line")
t.is(shown.rows[#shown.rows].all, "6 (75.0%)", "with the yes")
t.match(t1.convention, "Mann%-Whitney", "the tests are named")
t.match(t1.convention, "Fisher's exact test", "both of them")
t.match(t1, "BCLC", "prints")

local p, smd, missing = {}, {}, 0
for _, row in ipairs(t1:rows()) do
  if row.statistic == "p" then p[row.term] = row.value end
  if row.statistic == "smd" then smd[row.term] = row.value end
  if row.statistic == "missing" then missing = missing + 1 end
end
t.near(p.age, core.ranktest.mann_whitney({ 61, 48, 66, 59 }, { 70, 55, 52, 63 }).p, 1e-14,
  "p of age")
t.near(p.male, 1, 1e-12, "p of sex: Fisher, 3 of 4 against 3 of 4")
-- by hand: means 58.5 and 60, variances 177/3... of {61,48,66,59} = 173/3 and {70,55,52,63} = 198/3
t.near(smd.age, 1.5 / math.sqrt((173 / 3 + 198 / 3) / 2), 1e-12, "SMD of age by hand")
t.near(smd.male, 0.0, 1e-12, "SMD of sex")
t.is(missing, 4, "missing: AFP in one group and overall, BCLC in one group and overall")

local mean = table1.of(cohort, { columns = { "age" }, mean = { "age" } }):table()
t.is(mean.rows[1].all, "59.2 (7.3)", "mean (SD)")
t.is(#mean.columns, 2, "no groups: one column")
t.fails(function() table1.of(cohort, { columns = { "age" }, tests = true }) end, "compare groups",
  "tests without groups")
t.fails(function() table1.of(cohort, { columns = { "start" } }) end, "holds dates",
  "a date is not a baseline number")
t.fails(function() table1.of(cohort, { columns = { "age" }, group = "x" }) end, "unknown option",
  "an unknown option")

-- Weights by glm() of R, the weighted mean, sd, quantiles and effective size by hand in R 4.2.
do
  local lun = require "lunation"
  local study = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" }))
  local w = study:weights("arm ~ age + ecog")
  local both = study:table1 { columns = { "age", "sex" }, mean = { "age" }, weights = w }
  local known = {}
  for _, row in ipairs(both:rows()) do
    known[row.statistic .. "|" .. (row.term or "") .. "|" .. (row.group or "")] = row
  end
  t.near(known["weighted_mean|age|A"].value, 63.91446979745422, 1e-8, "weighted mean")
  t.near(known["weighted_sd|age|B"].value, 8.628830367836626, 1e-8, "weighted standard deviation")
  t.near(known["weighted_mean|age|A"].n, 160.42995299026452, 1e-8, "sum of weights")
  t.near(known["effective_n||B"].value, 84.586911331401879, 1e-8, "effective sample size")
  t.near(known["weighted_proportion|sex: F|A"].value, 0.3933731015651874, 1e-8, "weighted share")
  t.near(known["weighted_smd|age|"].value, 0.004926647453758757, 1e-6,
    "difference over the unweighted deviation")
  t.is(known["smd|age|"].value, study:table1 { columns = { "age" }, mean = { "age" }, by = "arm",
    smd = true }.variables[1].smd,
    "beside the one before weighting")
  local printed = both:table()
  t.is(printed.groups[2].label, "arm, weighted", "side by side")
  t.is(printed.columns[2].label, "A (n = 74)", "patients before")
  t.is(printed.columns[5].label, "A (ESS = 71.8)", "effective size after")
  local median = study:table1 { columns = { "age" }, weights = w }
  t.is(median:table().rows[1].w1, "63 (56–71)", "weighted median and quartiles")
  t.is(median:table().rows[1].w2, "63 (58–70)", "of each group")
  t.is(#lun.figure.love(both):data().rows, 2, "a love plot of the table")
  t.is(#lun.figure.love(w:balance()):data().columns, 5, "and of the balance with variance ratios")
  t.match(lun.figure.overlap(w).description, "A: n = 74", "overlap of the scores")
  t.fails(function() lun.figure.love(study:table1 { columns = { "age" }, by = "arm" }) end,
    "needs its weights", "a table without weights")
  t.fails(function() study:where("age > 60"):table1 { columns = { "age" }, weights = w } end,
    "of other patients", "weights of others")
end

local s = summary.of(cohort, { "age", "afp" })
t.is(s:rows()[3].value, 60.0, "summary: median")
t.is(s:table().rows[2].missing, 1, "summary: missing")
t.is(summary.of(cohort, "age", { quantiles = "sas" }):rows()[4].value, 53.5,
  "summary: SAS quartile")
t.fails(function() summary.of(cohort, "bclc") end, "no numbers", "summary of a factor")
t.match(s, "AFP", "summary prints")
local empty = core.summary.describe({})
t.is(empty.n, 0, "nothing to describe")
t.is(empty.mean, nil, "has no mean")
collectgarbage()
t.done()
