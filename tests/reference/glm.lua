-- SPDX-License-Identifier: GPL-3.0-or-later
-- glm: logistic and multinomial regression, propensity-score weights and what is done with them,
-- bootstrap.
local shapes = dofile("tests/reference/shapes.lua")
local cox = dofile("tests/reference/cox.lua")
local core = require "lunation.core"
local lun = require "lunation"

local M = {}
local PROPENSITY = "haic ~ age + size_cm + pvtt + child + ecog"
local ESTIMANDS = { ATE = "ATE", ATT = "ATT", ATC = "ATC", ATO = "overlap", ATM = "matching" }

local function cohort_of(s)
  return lun.cohort(lun.read(s.folder .. "/data/hcc_sim.csv", {
    key = "id", columns = { haic = { "0", "1" }, surgery = { "0", "1" },
    pvtt = { "none", "Vp1-2", "Vp3", "Vp4" }, child = { "A5", "A6", "B7" },
    regimen = { "TKI+PD1", "HAIC+TKI+PD1", "TACE+TKI+PD1" } } }))
end

local function list(n, f)
  local out = {}
  for i = 1, n do out[i] = f(i) end
  return out
end

local function first(x, n) return list(n, function(i) return x[i] end) end

local function square(v, m)
  return list(m, function(i) return list(m, function(j) return v[(i - 1) * m + j] end) end)
end

-- --- regression ----------------------------------------------------------------------------------

M["logistic-hcc"] = function(s)
  local cohort, formula = cohort_of(s), "surgery ~ haic + age + size_cm + child + log(afp)"
  local fit = cohort:logistic(formula, { limits = "profile" })
  local f, test = fit.fit, fit:hosmer_lemeshow()
  local p = cohort:logistic(formula, { firth = true }).fit
  local out = { coef = f.coef, se = f.se, z = {}, p = {}, vcov = square(f.vcov, 7),
    deviance = -2 * f.loglik,
    null_deviance = -2 * f.loglik_null, aic = 2 * 7 - 2 * f.loglik, loglik = f.loglik,
    auc = fit:auc(), brier = fit:brier(),
    hosmer_lemeshow_g10 = { stat = test.statistic, df = test.df, p = test.p },
    profile_ci = list(7, function(i) return { f.lower[i], f.upper[i] } end),
    firth = { coef = p.coef, se = p.se, lower = p.lower, upper = p.upper,
      loglik = { p.loglik, p.loglik_null },
      p = list(7, function(i) return core.dist.chisq_upper(p.lr[i], 1) end) } }
  for i = 1, 7 do
    out.z[i] = f.coef[i] / f.se[i]
    out.p[i] = 2 * core.dist.norm_upper(math.abs(out.z[i]))
  end
  return out
end

M["multinom-hcc"] = function(s)
  local fit = cohort_of(s):multinomial "regimen ~ age + size_cm + pvtt + ecog"
  local f, sum, squares = fit.fit, { 0, 0, 0 }, { 0, 0, 0 }
  local function probability(i, k) return f.fitted[3 * (i - 1) + k] end
  for i = 1, fit.n do
    for k, level in ipairs(fit.levels) do
      if fit.outcome[i] == level then
        local w = 1 / probability(i, k)
        sum[k], squares[k] = sum[k] + w, squares[k] + w * w
      end
    end
  end
  local function equations(x)
    return list(2, function(e) return list(7, function(j) return x[7 * (e - 1) + j] end) end)
  end
  return { coef = equations(f.coef), se = equations(f.se), deviance = -2 * f.loglik,
    weight_sum_by_arm = sum,
    ps_first3 = list(3, function(i) return list(3, function(k) return probability(i, k) end) end),
    ess = list(3, function(k) return sum[k] ^ 2 / squares[k] end) }
end

-- --- weights -------------------------------------------------------------------------------------

-- Balance of every level of every factor: the model itself leaves out the first levels.
local function smd(cohort, w, weights, scale)
  local columns = {}
  local function numeric(name) columns[#columns + 1] = cohort:column(name) end
  local function levels(name)
    for _, level in ipairs(cohort:column(name).levels) do
      columns[#columns + 1] = shapes.rows(#cohort, function(i)
        return cohort:column(name)[i] == level and 1 or 0
      end)
    end
  end
  numeric "age" numeric "size_cm" levels "pvtt" levels "child" numeric "ecog"
  return list(#columns, function(j)
    return core.summary.balance(columns[j], w.group, weights, scale).smd
  end)
end

M["ps-weights-hcc"] = function(s)
  local cohort, made = cohort_of(s), {}
  for name, estimand in pairs(ESTIMANDS) do
    made[name] = cohort:weights(PROPENSITY, { estimand = estimand })
  end
  made.stabilised = cohort:weights(PROPENSITY, { stabilised = true })
  local ate, trimmed, sum = made.ATE, cohort:weights(PROPENSITY, { trim = 0.99 }), 0
  for i = 1, trimmed.n do sum = sum + trimmed.used[i] end
  local balance, five, ess = ate:balance().entries, {}, {}
  for name, w in pairs(made) do five[name], ess[name] = first(w.used, 5), w:ess() end
  local function two(when, statistic)
    return list(2, function(j) return balance[j][when][statistic] end)
  end
  -- WeightIt's weights are 1 / p and 1 / (1 - p) of a logistic model: here of the fit by its own
  -- function.
  local p, treated = cohort:logistic(PROPENSITY):predictions()
  local apart = 0
  for i = 1, ate.n do
    apart = math.max(apart, math.abs(ate.used[i] - 1 / (treated[i] == 1 and p[i] or 1 - p[i])))
  end
  return { weightit_ate_max_abs_diff = apart, ps_coef = ate.fit.coef,
    ps_first5 = first(ate.score, 5), weights_first5 = five, ess = ess, trim99_cut = trimmed.cut,
    trim99_sum = sum, smd_unweighted_pooled = smd(cohort, ate, nil, "pooled"),
    smd_ate_pooled = smd(cohort, ate, ate.used, "pooled"),
    smd_att_treated = smd(cohort, ate, made.ATT.used, "treated"),
    smd_ato_all = smd(cohort, ate, made.ATO.used, "pooled"),
    ks_unweighted = two("before", "ks"), ks_ate = two("after", "ks"),
    var_ratio_unweighted = two("before", "variance_ratio") }
end

local function stacked(os, w)
  local fit = os:cox("haic", { ties = "breslow", weights = w, robust = true })
  local name = "haic: 1"
  return { coef = fit.coef[name], naive_se = math.sqrt(fit.naive_vcov[1][1]),
    robust_se = fit.se[name], stacked_se = fit:stacked().se[name] }
end

local function weighted_logrank(os, w)
  local r = os:logrank { by = "haic", weights = w }
  local score, se = r.observed[2] - r.expected[2], math.sqrt(r.variance[4])
  return { score = score, se = se, z = score / se, chisq = r.chisq, p = r.p }
end

-- What R prints beside the weighted restricted mean: Greenwood's sum of weighted counts, as if they
-- were patients.
local function printed_se(km, tau)
  local out = {}
  for label, c in km:curves() do
    local sum, area = 0, 0
    for i = #c.time, 1, -1 do
      if c.time[i] <= tau then
        local next_time = math.min(tau, c.time[i + 1] or tau)
        area = area + (next_time - c.time[i]) * c.survival[i]
        if c.n_event[i] > 0 and c.n_risk[i] > c.n_event[i] then
          sum = sum + area ^ 2 * c.n_event[i] / (c.n_risk[i] * (c.n_risk[i] - c.n_event[i]))
        end
      end
    end
    out[#out + 1] = math.sqrt(sum)
  end
  return out
end

-- Curves under R's names of the groups.
local function named(curves)
  return { ["haic=0"] = curves["0"], ["haic=1"] = curves["1"] }
end

M["ipw-cox-km-hcc"] = function(s)
  local cohort = cohort_of(s)
  local os = cohort:survival { time = "os_day", event = "os", is = 1, unit = "days" }
  local ate, att = cohort:weights(PROPENSITY), cohort:weights(PROPENSITY, { estimand = "ATT" })
  local haic = shapes.rows(#cohort, function(i)
    return cohort:column "haic"[i] == "1" and 1 or 0
  end)
  local km, rmst = os:km { by = "haic", weights = ate },
    os:rmst { by = "haic", tau = 730, weights = ate }
  local means, errors = {}, {}
  for _, group in ipairs(rmst.groups) do
    means[#means + 1], errors[#errors + 1] = group.rmst.estimate, group.rmst.se
  end
  local a, b = km:at(365, "0"), km:at(365, "1")
  return { ate = cox.outcome(os.surv, { haic }, { weights = ate.values, robust = true }),
    att = cox.outcome(os.surv, { haic }, { weights = att.values, robust = true }),
    ate_breslow_stacked = stacked(os, ate),
    att_breslow_stacked = stacked(os, att), km = named(shapes.at(km, { 90, 180, 365, 730 })),
    km_q = named(shapes.quantiles(km)),
    rmst730 = means, rmst730_robust_se = errors,
    svylogrank = weighted_logrank(os, ate), rmst730_se_survfit_prints = printed_se(km, 730),
    milestone365 = { diff = b.survival - a.survival, se = math.sqrt(a.se ^ 2 + b.se ^ 2) } }
end

-- --- bootstrap -----------------------------------------------------------------------------------

M["bootstrap-aml-given-indices"] = function(s)
  local aml = lun.cohort(lun.read(s.folder .. "/data/aml.csv")):survival { time = "time",
    event = "status", is = 1 }
  local given = {}
  for line in core.file.read(s.folder .. "/data/boot_idx_aml.csv"):gmatch("[^\r\n]+") do
    local rows = {}
    for cell in line:gmatch("[^,]+") do rows[#rows + 1] = math.tointeger(core.num.parse(cell)) end
    given[#given + 1] = rows
  end
  local mean = aml:bootstrap { statistic = "rmst", at = 40, given = given,
    limits = "bca" }.estimates[1]
  local median = aml:bootstrap { statistic = "median", given = given }.estimates[1]
  local l = mean.limits
  local function pair(x) return { x.lower, x.upper } end
  return { t0 = mean.t0, boot_mean = l.mean, boot_se = l.se, percentile = pair(l.percentile),
    basic = pair(l.basic), bca_z0 = l.z0,
    bca_a = l.acceleration, bca_probs = pair(l.probs), bca = pair(l.bca), median_t0 = median.t0,
    median_n_na = median.limits.undefined, median_percentile = pair(median.limits.percentile) }
end

return M
