-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: reference cases logistic-hcc and multinom-hcc (R glm, logistf, nnet), and by
-- hand.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local glm = core.glm

-- A 2 x 2 table by hand: the slope is the log odds ratio, its variance the sum of reciprocals.
local y, x = {}, {}
local function add(n, yi, xi) for _ = 1, n do y[#y + 1], x[#x + 1] = yi, xi end end
add(20, 1, 0) add(10, 2, 0) add(5, 1, 1) add(15, 2, 1)
local fit = glm.logit(y, { x })
t.near(fit.coef[1], math.log(10 / 20), 1e-12, "intercept by hand")
t.near(fit.coef[2], math.log(15 / 5 * 20 / 10), 1e-12, "log odds ratio by hand")
t.near(fit.se[2], math.sqrt(1 / 20 + 1 / 10 + 1 / 5 + 1 / 15), 1e-10, "Woolf's standard error")
t.near(fit.loglik_null, 25 * math.log(0.5) * 2, 1e-12, "null log-likelihood")
t.ok(fit.converged, "converged")

-- Rows with weights are replicated rows; an offset in x moves the intercept by a known amount.
local w = glm.logit({ 1, 2, 1, 2 }, { { 0, 0, 1, 1 } }, { weights = { 20, 10, 5, 15 } })
t.near(w.coef[2], fit.coef[2], 1e-12, "weights are replicated rows")
t.near(w.se[2], fit.se[2], 1e-12, "also in the standard error")
local far = {}
for i, v in ipairs(x) do far[i] = v + 1e9 end
t.near(glm.logit(y, { far }).coef[2], fit.coef[2], 1e-6, "a covariate far from 0")

-- confint() of R's MASS 7.3-58 interpolates the profile; the tolerance is that of its fit.
do
  local outcome = { 2, 2, 1, 2, 1, 1, 1, 2, 1, 2, 2, 1, 2, 2, 2, 1, 2, 1, 2, 1 }
  local marker = { 0.5, 1.2, -0.3, 0.8, 1.5, -1.1, 0.2, 0.9, -0.7, 0.4, 1.1, -0.2, 0.6, 1.9, -0.9,
    0.1, 0.3, -1.4, 0.7, 0 }
  local f = glm.logit(outcome, { marker }, { profile = 0.95, spline = true })
  for j, v in ipairs { { -1.450027661846, 0.8626257002096 },
    { 0.3074295611157, 3.620942131412 } } do
    t.near(f.lower[j], v[1], 1e-7, "R's lower profile limit " .. j)
    t.near(f.upper[j], v[2], 1e-7, "R's upper profile limit " .. j)
  end
  f = glm.logit(outcome, { marker }, { profile = 0.9, spline = true })
  t.near(f.lower[2], 0.4953075145955, 1e-7, "at 90%, where R's grid is another one")
  t.near(f.upper[2], 3.237734953548, 1e-7, "its upper limit")
end

-- Separation and collinearity are results that say so.
local sep = glm.logit({ 1, 1, 1, 2, 2, 2 }, { { 1, 2, 3, 4, 5, 6 } })
t.is(sep.status[2], "infinite", "separation: the coefficient is infinite")
t.ok(#sep.why > 0, "and a sentence says so")
t.is(sep.se[2], nil, "it has no standard error")
local two = glm.logit(y, { x }, { profile = 0.95 })
-- By hand: half the likelihood-ratio statistic at the limit is 1.92.
local function loglik(b)
  local best = -math.huge
  for a = -3, 3, 1e-3 do
    local p, q = 1 / (1 + math.exp(-a)), 1 / (1 + math.exp(-a - b))
    best = math.max(best,
      20 * math.log(1 - p) + 10 * math.log(p) + 5 * math.log(1 - q) + 15 * math.log(q))
  end
  return best
end
t.near(2 * (two.loglik - loglik(two.lower[2])), 3.841458820694124, 1e-5,
  "lower profile limit by hand")
t.near(2 * (two.loglik - loglik(two.upper[2])), 3.841458820694124, 1e-5,
  "upper profile limit by hand")
t.near(two.lr[2], 2 * (two.loglik - two.loglik_null), 1e-10, "likelihood ratio of the slope")
local half = glm.logit({ 1, 1, 1, 2, 2, 2 }, { { 1, 2, 3, 4, 5, 6 } }, { profile = 0.95 })
t.is(half.upper[2], math.huge, "separation: no upper limit")
t.ok(half.lower[2] > 0 and half.lower[2] < 2, "separation: a finite lower limit")
local splined_half = glm.logit({ 1, 1, 1, 2, 2, 2 }, { { 1, 2, 3, 4, 5, 6 } },
  { profile = 0.95, spline = true })
t.is(splined_half.lower[2], half.lower[2], "separation: solved where the spline has no answer")
local doubled = glm.logit(y, { x, x }, { profile = 0.95 })
t.near(doubled.upper[2], two.upper[2], 1e-9,
  "a repeated column does not take the place of the one that is held")
local firth = glm.logit({ 1, 1, 1, 2, 2, 2 }, { { 1, 2, 3, 4, 5, 6 } }, { firth = true })
t.is(firth.status[2], "finite", "Firth: finite")
t.ok(firth.coef[2] > 0 and firth.coef[2] < 5, "and moderate")
local col = glm.logit(y, { x, x })
t.is(col.status[3], "aliased", "a repeated column is aliased")
t.near(col.coef[2], fit.coef[2], 1e-10, "the first one stays")
t.fails(function() glm.logit({ 1, 1 }, { { 1, 2 } }) end, "one level", "one outcome only")
t.fails(function() glm.logit({ 1, 2 }, { { 1, 0 / 0 } }) end, "row 2, column 1",
  "a missing value is named")
t.fails(function() glm.logit({ 1, 2 }, { { 1 } }) end, "2 outcomes", "lengths")
t.fails(function() glm.logit({ 1, 2, 3 }, { { 1, 2, 3 } }, { firth = true }) end, "two levels",
  "Firth needs two classes")
t.near(glm.auc({ 1, 2, 3, 4 }, { 1, 2, 1, 2 }), 0.75, 1e-15, "AUC by hand")
fit, w, sep, firth, col, two, half = nil
collectgarbage() collectgarbage()

local shared = t.shared()
if not shared then
  t.skip("../shared is missing")
  t.done()
end
local h, names = {}, nil
for line in io.lines(shared .. "/reference/stats/data/hcc_sim.csv") do
  local cells = {}
  for cell in (line .. ","):gmatch("([^,]*),") do cells[#cells + 1] = cell:match('^"?(.-)"?$') end
  if not names then names = cells for _, n in ipairs(names) do h[n] = {} end
  else for i, n in ipairs(names) do table.insert(h[n], cells[i]) end end
end
local function numbers(name, f)
  local out = {}
  for i, v in ipairs(h[name]) do out[i] = f and f(v) or tonumber(v) end
  return out
end
local function is(name, level)
  return numbers(name, function(v) return v == level and 1 or 0 end)
end
local surgery = core.column.factor(h.surgery, { "0", "1" })
local X = { numbers "haic", numbers "age", numbers "size_cm", is("child", "A6"), is("child", "B7"),
  numbers("afp", math.log) }
local function all_near(found, expected, tol, name)
  for i, e in ipairs(expected) do t.near(found[i], e, tol, name .. " " .. i) end
end
local g = glm.logit(surgery, X)
all_near(g.coef, { -1.70846850826751, 0.397056818962977, 0.0124227269662942, 0.002200882997784,
  -0.181256856147796, -0.665822695678346,
  -0.08586026569474 }, 1e-9, "reference: coefficient")
all_near(g.se, { 0.889559228558046, 0.264774389902878, 0.0135807127614688, 0.0349443498388625,
  0.305677301434241, 0.507694924697426,
  0.05859927530731 }, 1e-9, "reference: standard error")
t.near(g.loglik, -182.001549430783, 1e-11, "reference: log-likelihood")
t.near(-2 * g.loglik_null, 371.106067645025, 1e-11, "reference: null deviance")
local p = {}
for i = 1, g.n do p[i] = g.fitted[2 * i] end
t.near(glm.auc(p, surgery), 0.610822831727205, 1e-12, "reference: AUC")
-- R's glm.fit with an offset and the root of its deviance; confint() itself interpolates, to 5e-4
-- here.
local profiled = glm.logit(surgery, X, { profile = 0.95 })
all_near(profiled.lower, { -3.4768849731902, -0.12115401650184, -0.014122430767147,
  -0.066979281990625, -0.79932669055144,
  -1.7798634536018, -0.20233421757322 }, 1e-9, "R's glm.fit: lower profile limit")
all_near(profiled.upper, { 0.019378235487952, 0.91953335048856, 0.039257066416113,
  0.070415132148166, 0.40420629778676,
  0.25040029176348, 0.027999072955105 }, 1e-9, "R's glm.fit: upper profile limit")
-- R's confint(), from reference case logistic-hcc.
local splined = glm.logit(surgery, X, { profile = 0.95, spline = true })
all_near(splined.lower, { -3.47693542624005, -0.121157252096997, -0.0141225470949232,
  -0.0669809117744863, -0.799350278401478,
  -1.77993417247165, -0.202337525778296 }, 1e-9, "R's confint: lower limit")
all_near(splined.upper, { 0.0193676846362929, 0.919543233357874, 0.0392576197279663,
  0.0704154168681945, 0.404193219134531,
  0.250291738793999, 0.0279984927876438 }, 1e-9, "R's confint: upper limit")
local f = glm.logit(surgery, X, { firth = true })
all_near(f.coef, { -1.6791004966577, 0.388331483485965, 0.0121359186588281, 0.00251034113590436,
  -0.167119099512831, -0.588274727938587,
  -0.0831804540974692 }, 1e-7, "reference: Firth coefficient")
all_near(f.se, { 0.870634210623797, 0.259554333486121 }, 1e-6, "reference: Firth standard error")
local regimen = core.column.factor(h.regimen, { "TKI+PD1", "HAIC+TKI+PD1", "TACE+TKI+PD1" })
local m = glm.logit(regimen, { numbers "age", numbers "size_cm", is("pvtt", "Vp1-2"),
  is("pvtt", "Vp3"), is("pvtt", "Vp4"), numbers "ecog" })
all_near(m.coef, { 1.08167232077198, -0.0332890504466622, 0.0102195055169098, 0.1048994626527,
  0.111044205756713, -0.601648606803787,
  -0.311165818263587, 0.0517515448777369, -0.0266125959822653, 0.0215285751865067,
  -0.382518639676463, 0.294386380856471, 0.734391173757012,
  0.159872199426043 }, 1e-5, "reference: multinomial coefficient")
t.near(m.se[1], 0.818172879484149, 1e-5, "reference: multinomial standard error")
t.near(-2 * m.loglik, 699.195760889805, 1e-9, "reference: multinomial deviance")
-- What the columns stand for: levels, patients and their outcomes counted by hand.
do
  local lun = require "lunation"
  local data = require("lunation.data.table").new(core.table.new {
    { "y", core.column.factor({ "no", "yes", "yes", "no", "no", "yes", "no", "yes" },
      { "no", "yes" }) },
    { "arm", core.column.factor({ "a", "a", "b", "b", "b", "c", "c", "a" }, { "a", "b", "c" }) },
    { "age", core.column.number { 3, 1, 4, 1, 5, 9, 2, 6 } },
    { "sex", core.column.factor({ "f", "m", "f", "m", "f", "m", "f", "f" }, { "f", "m" }) } }, {})
  local coding = lun.cohort(data):logistic("y ~ arm + age + sex").coding
  local function said(e)
    return ("%s %s %d %d"):format(e.variable, e.level, e.n, e.cases.yes or 0)
  end
  t.is(said(coding[1]), "arm b 3 1", "the first column is the second level")
  t.is(said(coding[2]), "arm c 2 1", "the next one the third")
  t.is(said(coding[1].reference), "arm a 3 2", "the first level has no column")
  t.is(coding[2].reference, nil, "and is named once")
  t.is(coding[3], nil, "a number has no level")
  t.is(said(coding[4]), "sex m 3 2", "a term behind others")
  t.is(said(coding[4].reference), "sex f 5 2", "with its own reference")
end
t.done()
