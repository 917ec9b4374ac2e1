-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: reference case ps-weights-hcc (R glm, WeightIt, cobalt).
local t = dofile("tests/lua/tap.lua")
local shared = t.shared()
if not shared then
  t.skip("../shared is missing")
  t.done()
end
local core = require "lunation.core"
local lun = require "lunation"
local patients = lun.read(shared .. "/reference/stats/data/hcc_sim.csv", {
  key = "id", columns = { haic = { "0", "1" }, surgery = { "0", "1" },
  pvtt = { "none", "Vp1-2", "Vp3", "Vp4" }, child = { "A5", "A6", "B7" },
  best_response = { "CR", "PR", "SD", "PD" },
  regimen = { "TKI+PD1", "HAIC+TKI+PD1", "TACE+TKI+PD1" }, center = { "A", "B", "C", "D", "E" } } })
local cohort = lun.cohort(patients)
local formula = "haic ~ age + size_cm + pvtt + child + ecog"
local FIRST = {
  ATE = { 1.62127600161877, 2.47704695587945, 2.66262227339377, 1.90554901070173,
    1.73112905787577 },
  ATT = { 1, 1, 1.66262227339377, 0.905549010701734, 1 },
  ATC = { 0.621276001618768, 1.47704695587945, 1, 1, 0.731129057875773 },
  overlap = { 0.383201873708396, 0.596293482597725, 0.62443039330344, 0.475216856462935,
    0.422342317315685 },
  matching = { 0.621276001618768, 1, 1, 0.905549010701734, 0.731129057875773 },
}
local ESS = { ATE = { 191.337045589562, 157.841927163587 }, ATT = { 175.365126177172, 164 },
  ATC = { 196, 144.973180449498 },
  overlap = { 189.727683579086, 159.989385988143 },
  matching = { 185.361563475044, 161.305092620096 } }
for _, e in ipairs { "ATE", "ATT", "ATC", "overlap", "matching" } do
  local w = cohort:weights(formula, { estimand = e })
  for i, v in ipairs(FIRST[e]) do t.near(w.values[i], v, 1e-8, e .. " weight " .. i) end
  local ess = w:ess()
  t.near(ess[1], ESS[e][1], 1e-8, e .. ": effective n, control")
  t.near(ess[2], ESS[e][2], 1e-8, e .. ": effective n, treated")
end
local s = cohort:weights(formula, { stabilised = true })
t.near(s.values[1], 0.738581289626328, 1e-8, "stabilised")
t.near(cohort:weights(formula, { trim = 0.99 }).cut, 3.25029151946722, 1e-8,
  "trimmed at the 99% quantile")
local b = cohort:weights(formula):balance().entries
t.near(b[1].before.smd, -0.295978418397539, 1e-8, "SMD of age before")
t.near(b[2].before.smd, 0.0577333645371663, 1e-8, "SMD of size before")
t.near(b[3].before.smd, -0.0762962422836732, 1e-8, "SMD of a binary column before")
t.near(b[1].after.smd, 0.00330622430773195, 1e-6, "SMD of age after")
t.near(b[3].after.smd, 0.00439959178578753, 1e-6, "SMD of a binary column after")
t.near(b[1].before.ks, 0.145594823295172, 1e-8, "KS of age before")
t.near(b[2].after.ks, 0.107698689367655, 1e-8, "KS of size after")
t.near(b[2].before.variance_ratio, 0.712299568345992, 1e-8, "variance ratio of size before")
t.near(cohort:weights(formula, { estimand = "ATT" }):balance().entries[1].after.smd,
  -0.0103346709542902, 1e-6, "ATT: the treated group's SD")
for _, e in ipairs(cohort:weights(formula, { estimand = "overlap" }):balance().entries) do
  t.ok(math.abs(e.after.smd) < 1e-10, "overlap weights balance exactly: " .. e.name)
end
t.match(cohort:weights(formula), "Effective n", "prints")
t.match(cohort:weights(formula):balance(), "SMD before", "balance prints")
local fit = cohort:logistic("surgery ~ haic + age + size_cm + child + log(afp)")
t.near(fit:rows()[3].value, math.exp(0.397056818962977), 1e-8, "logistic: odds ratio")
t.near(fit:rows()[3].p, 0.133716927963565, 1e-7, "logistic: Wald p")
t.match(fit, "child\n  A5%s+%d+%s+%d+%s+Reference", "logistic prints levels and reference")
t.near(fit:auc(), 0.610822831727205, 1e-12, "logistic: AUC")
t.near(fit:brier(), 0.162818495877595, 1e-9, "logistic: Brier score")
t.near(fit:test().statistic, 371.106067645025 - 364.003098861566, 1e-9,
  "logistic: likelihood ratio")
t.near(fit:hosmer_lemeshow().statistic, 7.5794910599702, 1e-8, "logistic: Hosmer and Lemeshow")
t.near(fit:hosmer_lemeshow().p, 0.475585044995189, 1e-8, "logistic: its p-value")
local firth = cohort:logistic("surgery ~ haic + age + size_cm + child + log(afp)", { firth = true })
t.near(math.log(firth:rows()[1].lower), -3.42528747669033, 1e-8,
  "Firth: profile limit of the intercept")
t.near(math.log(firth:rows()[8].upper), 0.295017057238239, 1e-8, "Firth: profile limit")
t.near(firth:rows()[8].p, 0.202557376746106, 1e-8, "Firth: penalised likelihood ratio")
t.near(firth.loglik, -166.196944243285, 1e-9,
  "Firth: penalised likelihood in the units of the data")
t.near(firth.loglik_null, -169.507607190853, 1e-9, "Firth: the same of the intercept")
t.fails(function() cohort:weights("regimen ~ age") end, "expected 2", "three groups")
t.fails(function() cohort:weights(formula, { estimand = "ATX" }) end, "not known",
  "an unknown estimand")
t.fails(function() cohort:logistic("age + ecog") end, "outcome", "no outcome")

-- Reference case ipw-cox-km-hcc: the weights in an endpoint's estimators.
local os = cohort:survival { time = "os_day", event = "os", is = 1, unit = "days" }
local ate, att = cohort:weights(formula), cohort:weights(formula, { estimand = "ATT" })
local cox = os:cox("haic", { weights = ate, robust = true })
t.near(cox.coef["haic: 1"], -0.5777736270682, 1e-9, "weighted Cox: coefficient")
t.near(cox.se["haic: 1"], 0.137462461722299, 1e-9, "weighted Cox: robust standard error")
t.near(os:cox("haic", { weights = att, robust = true }).se["haic: 1"], 0.137741644057677, 1e-9,
  "ATT: robust standard error")
local km = os:km { by = "haic", weights = ate }
t.near(km:at(365, "1").survival, 0.62918532106308, 1e-9, "weighted curve")
t.near(km:at(365, "1").lower, 0.554813035442044, 1e-8, "its robust lower limit")
t.is(km:median("0").estimate, 312, "weighted median")
t.is(km:median("1").upper, 891, "its upper limit")
t.near(os:rmst { by = "haic", weights = ate, tau = 730 }:rows()[1].value, 384.955577299138, 1e-9,
  "weighted restricted mean")

local stacked = os:cox("haic", { weights = ate, robust = true, ties = "breslow" }):stacked()
t.near(stacked.fit.se["haic: 1"], 0.137324461256498, 1e-9, "Breslow: robust standard error")
t.near(stacked.se["haic: 1"], 0.133510844763457, 1e-8, "ATE: stacked standard error")
t.near(os:cox("haic", { weights = att, robust = true, ties = "breslow" }):stacked().se["haic: 1"],
  0.135047849100555, 1e-8, "ATT: stacked standard error")
t.fails(function() os:cox("haic"):stacked() end, "no weights", "no weights, nothing to include")
t.match(stacked, "includes the estimation", "prints its convention")

-- Derivatives by hand: an influence is the jackknife's to first order.
local function stacked_se(estimand, statistic)
  local w = cohort:weights("haic ~ age + ecog", estimand)
  local loo, sum, mean = {}, 0, 0
  local function value(c)
    local o = c:survival { time = "os_day", event = "os", is = 1, unit = "days" }
    local v = c:weights("haic ~ age + ecog", estimand)
    if statistic == "cox" then
      return o:cox("haic", { weights = v, ties = "breslow" }).coef["haic: 1"]
    end
    local rows = v:curves(o, { statistic = statistic, at = 365 }):rows()
    return rows[3].value
  end
  for i = 1, #cohort do
    local k = 0
    loo[i] = value(cohort:where(function() k = k + 1 return k ~= i end))
    mean = mean + loo[i] / #cohort
  end
  for i = 1, #loo do sum = sum + (loo[i] - mean) ^ 2 end
  local found = statistic == "cox"
    and os:cox("haic", { weights = w, ties = "breslow" }):stacked().se["haic: 1"]
    or w:curves(os, { statistic = statistic, at = 365 }):rows()[3].se
  return found, math.sqrt(sum)
end
for _, case in ipairs { { { estimand = "overlap" }, "cox" }, { { estimand = "ATC" }, "rmst" }, {
  { stabilised = true }, "cox" },
  { { estimand = "ATE" }, "survival" } } do
  local found, jackknife = stacked_se(table.unpack(case))
  t.near(found, jackknife, 0.02,
    ("stacked error against the jackknife: %s %s"):format(case[1].estimand
      or "stabilised", case[2]))
end

-- Weights follow the patients, whatever rows an endpoint uses; rows without a weight are left out.
local part = cohort:where("ecog == 0"):survival { time = "os_day", event = "os", is = 1,
  unit = "days" }
local fit0 = part:cox("haic", { weights = ate })
local own, column = part.cohort:column "id", {}
local of = {}
for i = 1, #cohort do of[cohort:column("id")[i]] = ate.values[i] end
for i = 1, #own do column[i] = of[own[i]] end
t.near(fit0.coef["haic: 1"],
  part:cox("haic", { weights = core.column.number(column) }).coef["haic: 1"], 1e-14,
  "joined by key")
t.near(os:where("ecog == 0"):cox("haic", { weights = ate }).coef["haic: 1"], fit0.coef["haic: 1"],
  1e-14, "a part of an endpoint")
local young = cohort:derive("known_age", function(p) return p.age <= 60 and p.age or nil end)
local some = young:weights("haic ~ known_age")
local survival = young:survival { time = "os_day", event = "os", is = 1, unit = "days" }
t.ok(some.dropped > 0, "some patients have no weight")
t.is(survival:km { by = "haic", weights = some }.missing, some.dropped,
  "they are in no curve, and counted")
t.is(survival:km { weights = some }.missing, some.dropped, "also without groups")
t.is(survival:cox("haic", { weights = some }).n, some.n, "nor in the model")
t.done()
