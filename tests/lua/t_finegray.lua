-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local lun = require "lunation"

local n = 20
local start = { 0, 0, 1, 0, 2, 0, 3, 1, 0, 4, 2, 0, 5, 0, 1, 0, 2, 3, 0, 1 }
local time = { 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 12, 12, 13 }
local status = { 1, 2, 0, 1, 2, 1, 0, 2, 1, 0, 1, 2, 0, 1, 2, 1, 0, 1, 2, 0 }
local x = { 0.5, 1.2, -0.3, 0.8, 1.5, -1.1, 0.2, 0.9, -0.7, 0.4, 1.1, -0.2, 0.6, 1.9, -0.9, 0.1,
  0.3, -1.4, 0.7, 0.0 }
local weights = { 1, 2, .5, 1.5, 1, 1, 2, .7, 1.2, 1, .8, 1, 1.6, 1, .9, 1.1, 1, 2, 1, .6 }
local g, cluster = {}, {}
for i = 1, n do g[i], cluster[i] = (i - 1) % 2 + 1, (i - 1) % 5 + 1 end


local plain = core.surv.new { time = time, status = status }
local late = core.surv.new { time = time, status = status, start = start }

-- --- against finegray() and coxph() of R's survival 3.5-3 ----------------------------------------
local function as_survival(surv, columns, opt)
  opt.method, opt.robust, opt.cluster = "survival", true, cluster
  local f = core.finegray.fit(surv, columns, opt)
  return f, { f.coef[1], f.coef[#columns], f.se[1], f.se[#columns], f.loglik_null, f.loglik }
end
local function same(found, expected, name)
  for k, v in ipairs(expected) do t.near(found[k], v, 1e-9, name .. ", number " .. k) end
end
local _, r = as_survival(plain, { x, g }, { efron = true })
same(r, { -0.128164042687, 0.291095406446, 0.13275739388, 0.435443081201, -20.4040488753,
  -20.2565511675 }, "Efron")
_, r = as_survival(plain, { x, g }, { efron = true, weights = weights })
same(r, { -0.162916340786, 0.395768112108, 0.190549537854, 0.469498261199, -25.1876402871,
  -24.8464183598 }, "sampling weights")
_, r = as_survival(late, { x, g }, {})
same(r, { -0.144047012276, 0.205459161531, 0.145156109956, 0.504338096149, -19.9571945469,
  -19.843575997 }, "delayed entry")
_, r = as_survival(plain, { x }, { efron = true, strata = g, censoring = g })
same(r, { -0.1333154646, -0.1333154646, 0.19646380605, 0.19646380605, -15.667513624,
  -15.611755304 }, "strata")

-- Ties among the events of the cause: Efron's sums differ from Breslow's, also in the sandwich.
local thirds = {}
for i = 1, n do thirds[i] = math.ceil(time[i] / 3) end
_, r = as_survival(core.surv.new { time = thirds, status = status }, { x, g }, { efron = true })
same(r, { -0.1372986786384, 0.3634957771777, 0.1977601500561, 0.4341558849205, -20.84828953393,
  -20.65445811334 }, "Efron with tied events")

-- crr's variance: the formulas of Fine & Gray (1999), sections 2 and 3 (eta + psi, all double
-- sums), written out in R for times without ties; without psi the first error would be 0.33485.
local apart = {}
for i = 1, n do apart[i] = i end
local crr = core.finegray.fit(core.surv.new { time = apart, status = status }, { x, g })
same({ crr.coef[1], crr.coef[2], crr.se[1], crr.se[2] }, { -0.1326031253116, 0.2439153766718,
  0.3319722907856, 0.704038053704 }, "crr, with the estimated distribution of censoring")

-- --- what must hold ------------------------------------------------------------------------------
local f = core.finegray.fit(plain, { x, g })
local twice = { time = {}, status = {}, x = {}, g = {}, id = {} }
for k = 1, 2 * n do
  local i = (k - 1) // 2 + 1
  twice.time[k], twice.status[k], twice.x[k], twice.g[k], twice.id[k] = time[i], status[i], x[i],
    g[i], i
end
local doubled = core.surv.new { time = twice.time, status = twice.status }
local two = core.finegray.fit(doubled, { twice.x, twice.g }, { cluster = twice.id })
t.near(two.coef[1], f.coef[1], 1e-12, "every row twice: the same estimate")
t.near(two.se[1], f.se[1], 1e-12, "and, clustered, the same standard error")
local half = {}
for i = 1, 2 * n do half[i] = 0.5 end
t.near(core.finegray.fit(doubled, { twice.x, twice.g }, { cluster = twice.id,
  weights = half }).se[2], f.se[2], 1e-12,
  "weights of a half undo it")
local shifted = {}
for i = 1, n do shifted[i] = 1e9 + x[i] end
t.near(core.finegray.fit(plain, { shifted, g }).coef[1], f.coef[1], 1e-6, "a covariate far from 0")
local reversed = { {}, {}, {}, {} }
for i = 1, n do
  for k, v in ipairs { time, status, x, g } do reversed[k][i] = v[n + 1 - i] end
end
local back = core.finegray.fit(core.surv.new { time = reversed[1], status = reversed[2] },
  { reversed[3], reversed[4] })
t.near(back.coef[1], f.coef[1], 1e-12, "the order of the rows does not matter")
t.near(back.se[2], f.se[2], 1e-12, "nor for the standard errors")

-- Without a competing event the model is Cox's, with Breslow's ties and the sandwich.
local alone = {}
for i = 1, n do alone[i] = status[i] == 1 and 1 or 0 end
local one_cause = core.surv.new { time = time, status = alone }
local cox = core.cox.fit(one_cause, { x, g }, { ties = "breslow", robust = true })
local fg = core.finegray.fit(one_cause, { x, g })
t.near(fg.coef[2], cox.coef[2], 1e-12, "no competing event: Cox's estimate")
t.near(fg.se[2], cox.se[2], 1e-10,
  "and its robust standard error: nothing depends on the censorings")

-- --- from an endpoint ----------------------------------------------------------------------------
local function endpoint(columns, events, times, starts)
  local data = {}
  for name, c in pairs(columns) do data[#data + 1] = { name, c } end
  table.sort(data, function(a, b) return a[1] < b[1] end)
  local series = { rows = {}, time = {}, event = {}, reason = {}, from = {}, excluded = {},
    start = starts and {} }
  for i = 1, #times do
    series.rows[i], series.time[i], series.event[i] = i, times[i], events[i]
    if starts then series.start[i] = starts[i] end
  end
  local cohort = lun.cohort(require("lunation.data.table").new(core.table.new(data), {}))
  return require("lunation.surv.endpoint_data").new(cohort, series, { name = "e",
    title = "Relapse or death", unit = "months" })
end
local NAMES = { [0] = false, "relapse", "death" }
local events, groups = {}, { n = n }
for i = 1, n do events[i], groups[i] = NAMES[status[i]], g[i] == 1 and "no" or "yes" end
local columns = { x = core.column.number(x), g = core.column.factor(groups, { "no", "yes" }),
  cl = core.column.integer(cluster),
  w = core.column.number(weights), none = core.column.number((function()
    local out = {}
    for i = 1, n do out[i] = 0 end
    return out
  end)()) }
local e = endpoint(columns, events, time)
local fit = e:finegray("x + g", { cause = "relapse" })
t.near(fit.coef["g: yes"], f.coef[2], 1e-9, "the same model by names")
t.near(fit.shr.x, math.exp(f.coef[1]), 1e-9, "subdistribution hazard ratio")
t.is(fit.competing, 6, "competing events are counted")
local rows = fit:rows()
t.is(rows[1].statistic .. rows[1].term .. rows[2].statistic .. rows[2].term, "shrxreferenceg: no",
  "rows")
t.is(rows[2].n + rows[3].n, n, "every patient is in one level")
t.match(tostring(fit), "Fine%-Gray model of relapse, weights as cmprsk's crr, Breslow's ties",
  "the convention is named")
t.near(e:finegray("x + g + cluster(cl)", { cause = "relapse", method = "survival" }).se.x,
  0.13275739388, 1e-9, "clusters by a term")
t.near(e:finegray("x + g", { cause = "relapse", method = "survival", cluster = "cl",
  weights = "w" }).se.x, 0.190549537854, 1e-9,
  "weights and clusters by name")
local entered = endpoint(columns, events, time, start)
t.near(entered:finegray("x + g", { cause = "relapse", ties = "breslow", cluster = "cl" }).se.x,
  0.145156109956, 1e-9,
  "delayed entry takes survival's convention")
t.fails(function() entered:finegray("x", { cause = "relapse", method = "crr" }) end,
  "crr knows no entry", "and not crr's")

local p = fit:predict { x = { { x = 1, g = "yes" }, { x = 0, g = "no" } }, times = { 1, 12, 20 } }
t.is(p.incidence[1][1], 0, "nothing before the first event")
t.near(math.log(1 - p.incidence[1][2]) / math.log(1 - p.incidence[2][2]),
  math.exp(fit.coef.x + fit.coef["g: yes"]), 1e-12,
  "subdistribution hazards are proportional")
t.is(p.incidence[1][3], nil, "and is not carried on after the last time")
t.fails(function() fit:predict { x = { x = 1 }, times = { 1 } } end, "has no g",
  "a covariate without a value")
t.fails(function() fit:predict { x = { x = 1, g = "no", h = 2 }, times = { 1 } } end,
  'reads no "h"', "a value that the model does not know")

-- --- competing events of a column ----------------------------------------------------------------
local cohort = lun.cohort(require("lunation.data.table").new(core.table.new { { "time",
  core.column.number(time) },
  { "status", core.column.integer(status) }, { "x", core.column.number(x) } }, {}))
local named = cohort:survival { time = "time", event = "status", causes = { relapse = 1,
  death = { 2, 3 } } }
t.is(table.concat(named.causes, " "), "death relapse", "causes of a column's values")
t.near(named:finegray("x", { cause = "relapse" }).coef.x, e:finegray("x",
  { cause = "relapse" }).coef.x, 0, "the same model")
t.fails(function() cohort:survival { time = "time", event = "status" } end,
  "name competing events with causes", "neither is nor causes")
t.fails(function() cohort:survival { time = "time", event = "status", causes = { a = 1, b = { 1,
  2 } } } end, "1 is both a and b",
  "a value of two causes")
t.fails(function() cohort:survival { time = "time", event = "status", causes = { a = 7,
  b = 8 } } end, "no row has status = 7 or 8",
  "values that do not occur")

-- --- input that has no answer, or a special one --------------------------------------------------
t.fails(function() e:finegray("x") end, "say which cause", "several causes: one must be named")
t.fails(function() e:finegray("x", { cause = "relaps" }) end, 'did you mean "relapse"',
  "unknown cause")
t.fails(function() e:finegray("x", { cause = "relapse", weights = "none" }) end,
  "all weights are 0", "all weights zero")
t.fails(function() e:finegray("x + h", { cause = "relapse" }) end, "h", "unknown covariate")
t.match(fit.convention, "p%-values%.$", "nobody left out: nothing is said")
local only = {}
for i = 1, n do only[i] = status[i] == 1 end
local single = endpoint(columns, only, time):finegray("x")
t.match(single.why, "No competing event", "one cause only is said")
local late_cause = {}
for i = 1, n do late_cause[i] = i == 1 and "relapse" or (status[i] ~= 0 and "death") end
local x_missing = { n = n }
for i = 2, n do x_missing[i] = x[i] end
local no_event = endpoint({ x = core.column.number(x_missing) }, late_cause, time)
t.fails(function() no_event:finegray("x", { cause = "relapse" }) end,
  "none of the 19 rows has an event", "no event of the cause is left")
local apart = { n = n }
for i = 1, n do apart[i] = status[i] == 1 and "b" or "a" end
local separated = endpoint({ x = core.column.factor(apart, { "a", "b" }) }, events,
  time):finegray("x", { cause = "relapse" })
t.is(separated.status[1], "infinite", "a separated covariate has no finite ratio")
t.match(separated.why, "infinite %(all or no events on one side%)", "and that is said")
t.is(separated.shr["x: b"], nil, "no number is made up")
local redundant = endpoint({ x = core.column.number(x), y = core.column.number(x) }, events,
  time):finegray("x + y", { cause = "relapse" })
t.match(redundant.why, "y is redundant", "a collinear covariate is named")
local patient = endpoint({ x = core.column.number { 1 } }, { "relapse" }, { 3 }):finegray("x")
t.match(patient.why, "x is redundant", "one patient: nothing to compare")
t.is(patient.shr.x, nil, "and no ratio")

-- --- cause-specific models -----------------------------------------------------------------------
local both = e:cause_specific("x + g")
t.is(table.concat(both.causes, " "), "death relapse", "a model of each cause")
t.near(both.models[2].coef.x, e:cox("x + g", { cause = "relapse" }).coef.x, 0,
  "is the Cox model of that cause")
t.is(both:rows()[1].group, "death", "rows carry the cause")
t.match(tostring(both), "death%s+relapse", "side by side")
t.fails(function() endpoint(columns, only, time):cause_specific("x") end, "one kind of event",
  "one cause: nothing to put side by side")
t.fails(function() e:cox("x", { cause = "deth" }) end, 'did you mean "death"', "cox: unknown cause")
t.done()
