-- SPDX-License-Identifier: GPL-3.0-or-later
-- Hard data: every estimator has a stated answer for each of these cohorts. An answer: the code of
-- an error ("data.weight"), or a list of what its rows must show, by statistic: a number, "none"
-- (not estimable), "infinite", "zero", "redundant" (a warning), "absent" (no such row), "finite".
-- Whatever stands in no list must print and write, or refuse with a code of the data or of use. The
-- numbers of times 1e-9 and 1e9: survdiff and coxph of R with times 1 to 4.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local lun = require "lunation"

local COLUMNS = { start = "number", time = "number", died = "integer", arm = { "a", "b" },
  x = "number", z = "number", w = "number",
  y = { "no", "yes" } }

local function cohort_of(rows)
  local name = os.tmpname()
  local f = io.open(name, "w")
  f:write("id,start,time,died,arm,x,z,w,y\n")
  for i, row in ipairs(rows) do f:write(i, ",", row, "\n") end
  f:close()
  local ok, made = pcall(function()
    return lun.cohort(lun.read(name, { key = "id", columns = COLUMNS }))
  end)
  os.remove(name)
  if not ok then error(made, 0) end
  return made
end

local RUN = {
  km = function(e) return e:km { by = "arm", times = { 2 } } end,
  weighted_km = function(e) return e:km { by = "arm", weights = "w" } end,
  logrank = function(e) return e:logrank { by = "arm" } end,
  weighted_logrank = function(e) return e:logrank { by = "arm", weights = "w" } end,
  maxcombo = function(e) return e:maxcombo { by = "arm" } end,
  pairwise = function(e) return e:pairwise { by = "arm" } end,
  rmst = function(e) return e:rmst { by = "arm", tau = 3 } end,
  rmst_beyond = function(e) return e:rmst { by = "arm", tau = 1e12 } end,
  cox = function(e) return e:cox "x" end,
  cox_two = function(e) return e:cox "x + z" end,
  cox_arm = function(e) return e:cox "arm" end,
  weighted_cox = function(e) return e:cox("x", { weights = "w", robust = true }) end,
  cuminc = function(e) return e:cuminc { by = "arm", times = { 2 } } end,
  gray = function(e) return e:gray { by = "arm" } end,
  followup = function(e) return e:followup { by = "arm" } end,
  concordance = function(e) return e:cox("x"):concordance() end,
  bootstrap = function(e) return e:bootstrap { statistic = "median", replicates = 20 } end,
  late_landmark = function(e) return e:landmark(1e12):km { by = "arm" } end,
  logistic = function(_, c) return c:logistic "y ~ x" end,
  logistic_two = function(_, c) return c:logistic "y ~ x + z" end,
  firth = function(_, c) return c:logistic("y ~ x", { firth = true }) end,
  propensity = function(_, c) return c:weights "arm ~ x" end,
}

local EMPTY = { chisq = "none", p = "none" }
local FOUR = { "0,5,1,a,1,2,1,yes", "0,6,1,b,2,3,1,no", "0,7,1,a,3,1,1,no", "0,8,1,b,4,5,1,no" }

local function with(first, ...)
  local rows = { first, ... }
  for i = #rows + 1, 4 do rows[i] = FOUR[i] end
  return rows
end

local CASES = {
  { "no rows", {}, read = "data.no-rows" },
  { "one row", { "0,5,1,a,1,2,1,yes" }, km = { median = 5 }, weighted_km = { median = 5 },
    logrank = EMPTY, weighted_logrank = EMPTY,
    maxcombo = { max_z = "none", p = "none" }, pairwise = { p = "absent" }, rmst = { rmst = 3 },
    rmst_beyond = { rmst = 5 }, cox = { hr = "redundant" },
    cox_two = { hr = "redundant" }, cox_arm = { hr = "redundant" },
    weighted_cox = { hr = "redundant" }, cuminc = { incidence = 0 }, gray = EMPTY,
    followup = { median = "none" }, concordance = "data.no-pairs", bootstrap = { median = 5 },
    late_landmark = "data.landmark",
    logistic = "data.outcome", logistic_two = "data.outcome", firth = "data.outcome",
    propensity = "data.outcome" },
  { "one event", { "0,5,1,a,1,2,1,yes", "0,6,0,b,2,3,1,no", "0,7,0,a,3,1,1,no",
    "0,8,0,b,4,5,1,no" }, km = { median = 6 }, logrank = { p = "finite" },
    weighted_logrank = { p = "finite" }, maxcombo = { max_z = "finite", p = "none" },
    cox = { hr = "zero" }, cox_two = { hr = "zero" },
    weighted_cox = { hr = "zero" }, cox_arm = { hr = "zero" }, rmst_beyond = { rmst = "none" },
    gray = { p = "finite" },
    bootstrap = { median = "none" }, logistic = { odds_ratio = "infinite" },
    firth = { odds_ratio = "finite" } },
  { "no events", { "0,5,0,a,1,2,1,no", "0,6,0,b,2,3,1,no" }, survival = "data.no-events" },
  { "a group without events", { "0,5,1,a,1,2,1,yes", "0,6,0,b,2,3,1,no", "0,7,1,a,3,1,1,no",
    "0,8,0,b,4,5,1,no" }, km = { median = 6 },
    logrank = { p = "finite" }, cox_arm = { hr = "zero" }, rmst_beyond = { rmst = 6 },
    gray = { p = "finite" } },
  { "a weight of 0", with "0,5,1,a,1,2,0,yes", weighted_km = "data.weight",
    weighted_logrank = "data.weight", weighted_cox = { hr = "zero" } },
  { "a negative weight", with "0,5,1,a,1,2,-1,yes", weighted_km = "data.weight",
    weighted_logrank = "data.weight", weighted_cox = "data.weight" },
  { "start after stop", with "6,5,1,a,1,2,1,yes", delayed = true, km = "data.empty-interval",
    logrank = "data.empty-interval",
    cox = "data.empty-interval", rmst = "data.empty-interval" },
  { "start at stop", with "5,5,1,a,1,2,1,yes", delayed = true, km = "data.empty-interval",
    cox = "data.empty-interval" },
  { "times without anybody at risk", { "0,5,1,a,1,2,1,yes", "0,6,1,b,2,3,1,no",
    "10,17,1,a,3,1,1,no", "10,18,1,b,4,5,1,no" }, delayed = true,
    km = { median = 5 }, logrank = { p = "finite" }, cox = { hr = "zero" } },
  { "times of 1e-9", { "0,1e-9,1,a,1,2,1,yes", "0,2e-9,1,b,2,3,1,no", "0,3e-9,1,a,3,1,1,no",
    "0,4e-9,0,b,1,5,1,yes" }, km = { median = 2e-9 },
    logrank = { chisq = 0.615384615384616 }, cox = { hr = 1.11160602039456 },
    late_landmark = "data.landmark" },
  { "times of 1e9", { "0,1e9,1,a,1,2,1,yes", "0,2e9,1,b,2,3,1,no", "0,3e9,1,a,3,1,1,no",
    "0,4e9,0,b,1,5,1,yes" }, km = { median = 2e9 },
    logrank = { chisq = 0.615384615384616 }, cox = { hr = 1.11160602039456 },
    rmst_beyond = { rmst = 2e9 } },
  { "a constant covariate", { "0,1,1,a,1,2,1,yes", "0,2,1,b,1,3,1,no", "0,3,1,a,1,1,1,no",
    "0,4,0,b,1,5,1,yes" }, cox = { hr = "redundant" },
    weighted_cox = { hr = "redundant" }, logistic = { odds_ratio = "not estimable" },
    concordance = { concordance = 0.5 },
    propensity = { effective_n = 2 } },
  { "collinear covariates", { "0,1,1,a,1,2,1,yes", "0,2,1,b,2,4,1,no", "0,3,1,a,4,8,1,no",
    "0,4,0,b,3,6,1,yes" }, cox_two = { hr = "redundant" },
    logistic_two = { odds_ratio = "not estimable" } },
  { "separated covariates", { "0,1,1,a,4,2,1,yes", "0,2,1,b,3,4,1,yes", "0,3,1,a,2,8,1,no",
    "0,4,0,b,1,6,1,no" }, cox = { hr = "infinite" },
    cox_two = { hr = "infinite" }, weighted_cox = { hr = "infinite" },
    logistic = { odds_ratio = "infinite" }, logistic_two = { odds_ratio = "infinite" },
    firth = { odds_ratio = "finite" } },
  { "all values missing", { "0,1,1,,,,1,", "0,2,1,,,,1,", "0,3,1,,,,1,", "0,4,0,,,,1," },
    km = { median = "absent" }, logrank = EMPTY, gray = EMPTY,
    maxcombo = { p = "none" }, rmst = { rmst = "absent" }, cox = "data.empty",
    cox_arm = "data.empty", weighted_cox = "data.empty",
    logistic = "data.no-rows", firth = "data.no-rows", propensity = "data.no-rows",
    concordance = "data.empty" },
  { "a level without rows", { "0,1,1,a,1,2,1,yes", "0,2,1,a,2,3,1,no", "0,3,1,a,3,1,1,no",
    "0,4,0,a,1,5,1,yes" }, km = { median = 2.5 }, logrank = EMPTY,
    weighted_logrank = EMPTY, maxcombo = { p = "none" }, pairwise = { p = "absent" },
    rmst = { rmst = 2.25, rmst_difference = "absent" }, gray = EMPTY,
    cox_arm = { hr = "redundant" }, propensity = "data.outcome" },
  { "a landmark after the last time", FOUR, late_landmark = "data.landmark" },
  { "tau beyond follow-up", { "0,5,1,a,1,2,1,yes", "0,6,0,b,2,3,1,no", "0,7,0,a,3,1,1,no",
    "0,8,1,b,4,5,1,no" },
    rmst_beyond = { rmst = "none", rmst_difference = "absent" }, rmst = { rmst = 3 } },
}

-- The first row of a statistic, but for intercepts.
local function first(rows, statistic)
  for _, row in ipairs(rows) do
    if row.statistic == statistic and row.term ~= "(intercept)" then return row end
  end
end

local WARNINGS = { infinite = true, zero = true, redundant = true, ["not estimable"] = true }

local function some_warning(rows, statistic, word)
  for _, row in ipairs(rows) do
    if row.statistic == statistic and row.warning and row.warning:find(word, 1, true) then
      return true
    end
  end
  return false
end

local function check(name, result, answer)
  local rows = result:rows()
  t.ok(#tostring(result) > 0, name .. ": prints")
  t.ok(not core.text.rows(rows, { "value", "lower", "upper", "p", "se" },
    "json"):lower():find "nan", name .. ": writes")
  for statistic, wanted in pairs(answer) do
    local what, row = name .. ", " .. statistic, first(rows, statistic)
    if wanted == "absent" then t.is(row, nil, what .. ": absent")
    elseif wanted == "none" then t.is(row and row.value, nil, what .. ": not estimable")
    elseif wanted == "finite" then t.ok(row and row.value and row.value > 0 and row.value < 1e6,
      what .. ": finite")
    elseif WARNINGS[wanted] then t.ok(some_warning(rows, statistic, wanted), what .. ": " .. wanted)
    else t.near(row and row.value or 0 / 0, wanted, 1e-9, what) end
  end
end

local function code_of(e) return type(e) == "table" and e.code or tostring(e) end

local function run(case)
  local name = case[1]
  local ok, cohort = pcall(cohort_of, case[2])
  if case.read then
    return t.is(not ok and code_of(cohort), case.read, name .. ": refused when read")
  end
  local made, endpoint = pcall(cohort.survival, cohort, { time = "time", event = "died", is = 1,
    unit = "days",
    start = case.delayed and "start" or nil })
  if case.survival then
    return t.is(not made and code_of(endpoint), case.survival, name .. ": refused as an endpoint")
  end
  for _, estimator in ipairs(require("lunation.base.suggest").keys(RUN)) do
    local what = name .. ", " .. estimator
    local fine, result = pcall(RUN[estimator], endpoint, cohort)
    local answer = case[estimator]
    if type(answer) == "string" then t.is(not fine and code_of(result), answer, what .. ": refused")
    elseif fine then check(what, result, answer or {})
    else t.ok(answer == nil and code_of(result):find "^[du]%l+%.", what .. ": a clear refusal, not "
      .. code_of(result)) end
  end
end

for _, case in ipairs(CASES) do run(case) end

-- Groups are the levels of one column, so a patient is in one only; a patient with two rows is
-- refused when read.
local name = os.tmpname()
local f = io.open(name, "w")
f:write "id,time,died\n1,2,1\n1,3,0\n"
f:close()
t.fails(function() lun.cohort(lun.read(name, { key = "id" })) end, "the id of line 3",
  "a patient in two rows")
os.remove(name)
t.done()
