-- SPDX-License-Identifier: GPL-3.0-or-later
-- rates: proportions and their contrasts, tables, location tests, distribution tails.
local core = require "lunation.core"

local prop, crosstab, ranktest, dist = core.prop, core.crosstab, core.ranktest, core.dist
local M = {}

-- f of each argument list (or value).
local function each(list, f)
  local out = {}
  for i, v in ipairs(list) do out[i] = type(v) == "table" and f(table.unpack(v)) or f(v) end
  return out
end

local function limits(x, n, method)
  local _, lower, upper = prop.limits(x, n, method)
  return { lower, upper }
end

M["orr-ci"] = function()
  return each({ { 7, 25 }, { 0, 14 }, { 14, 14 }, { 1, 2 }, { 123, 411 } }, function(x, n)
    local out = { x = x, n = n, est = x / n }
    for _, m in ipairs { "wald", "clopper_pearson", "wilson", "wilson_cc", "agresti_coull", "jeffreys", "mid_p" } do
      out[m] = limits(x, n, m)
    end
    return out
  end)
end

-- --- two groups and more ------------------------------------------------------------------------

-- Responders as a factor "0", "1", beside a column as a factor.
local function response_of(d)
  local best, values = d:column "best_response", { n = #d }
  for i = 1, #d do values[i] = (best[i] == "CR" or best[i] == "PR") and "1" or "0" end
  return core.column.factor(values, { "0", "1" })
end

local factor = require "lunation.factor"

local function contrast(x1, n1, x0, n0)
  local function pair(name)
    local _, lower, upper = prop.compare(x1, n1, x0, n0, name)
    return { lower, upper }
  end
  return { diff = x1 / n1 - x0 / n0, wald = pair "difference_wald", newcombe = pair "difference_newcombe",
    miettinen_nurminen = pair "difference_miettinen_nurminen", rr = (x1 / n1) / (x0 / n0), rr_ci = pair "ratio_wald",
    ["or"] = (prop.compare(x1, n1, x0, n0, "odds_wald")), or_ci_woolf = pair "odds_wald" }
end

-- One 2 x 2 table for each center.
local function by_center(d, arm, response)
  local centers, tables = factor(d:column "center"), {}
  for k, level in ipairs(centers.levels) do
    local a, b = { n = #d }, { n = #d }
    for i = 1, #d do
      if centers[i] == level then a[i], b[i] = arm[i], response[i] end
    end
    tables[k] = crosstab.count(core.column.factor(a, arm.levels), core.column.factor(b, response.levels))
  end
  return tables
end

M["orr-compare"] = function(s)
  local d = s.data "hcc_sim"
  local response, arm, regimen = response_of(d), factor(d:column "haic"), factor(d:column "regimen")
  local T, R = crosstab.count(arm, response), crosstab.count(regimen, response)
  -- R's odds ratio and limits have the tolerance of its root finder
  local f, chi, yates = crosstab.fisher(T, 0.95, true), crosstab.chisq(T), crosstab.chisq(T, true)
  local tables = by_center(d, arm, response)
  local cmh, corrected = crosstab.cmh(tables), crosstab.cmh(tables, true)
  local x, n, scores = {}, {}, {}
  for i, row in ipairs(R) do x[i], n[i], scores[i] = row[2], row[1] + row[2], i end
  local trend, rxc = crosstab.trend(x, n, scores), crosstab.count(regimen, d:column "best_response")
  local rxc_chi = crosstab.chisq(rxc)
  return { table = T, fisher = { p = f.p, ["or"] = f.odds_ratio, ci = { f.lower, f.upper } }, fisher_less = f.less,
    chisq = { stat = chi.stat, p = chi.p }, chisq_yates = { stat = yates.stat, p = yates.p },
    diff = contrast(T[2][2], T[2][1] + T[2][2], T[1][2], T[1][1] + T[1][2]),
    cmh = { stat = cmh.stat, p = cmh.p, ["or"] = cmh.odds_ratio, or_ci = { cmh.lower, cmh.upper } },
    cmh_cc = { stat = corrected.stat, p = corrected.p },
    cochran_armitage = { scores = scores, chisq = trend.stat, p = trend.p }, rxc_fisher_p = crosstab.fisher_rxc(rxc),
    rxc_chisq = { stat = rxc_chi.stat, p = rxc_chi.p, df = rxc_chi.df } }
end

-- --- location -----------------------------------------------------------------------------------

local function t_test(x, g, opt)
  local r = ranktest.ttest(x, g, opt)
  return { t = r.t, df = r.df, p = r.p, ci = { r.lower, r.upper }, means = { r.mean_x, r.mean_y } }
end

local function small_samples()
  local x, y = { 1.1, 2.3, 3.7, 5.9, 8.2 }, { 2.2, 4.1, 6.6, 9.4, 10.5, 12.1 }
  local r = ranktest.mann_whitney(x, y, { exact = "yes", limits = true })
  return { x = x, y = y, W = r.stat, p = r.p, hl = r.estimate, ci = { r.lower, r.upper } }
end

local function signed_rank()
  local a, b = { 1.8, 0.5, 1.6, 2.5, 1.7, 1.9, 1.1, 3.1, 1.3 }, { 0.9, 0.6, 1.1, 2, 1.1, 1.3, 1.06, 1.29, 1.06 }
  local d = {}
  for i = 1, #a do d[i] = a[i] - b[i] end
  local r = ranktest.signed(d)
  return { V = r.stat, p = r.p }
end

M["location-tests"] = function(s)
  local d = s.data "hcc_sim"
  local x, g, regimen, nlr = core.expr.parse("log(afp)"):eval(d), factor(d:column "haic"), factor(d:column "regimen"), d:column "nlr"
  -- R's Hodges-Lehmann estimate stops at 1e-4
  local mw = ranktest.mann_whitney(nlr, g, { exact = "no", limits = true, tolerance = 1e-4 })
  local plain = ranktest.mann_whitney(nlr, g, { exact = "no", correct = false })
  local kruskal, anova, welch = ranktest.kruskal(nlr, regimen), ranktest.anova(x, regimen), ranktest.anova(x, regimen, true)
  local spearman = ranktest.correlation(d:column "age", d:column "size_cm", "spearman")
  return { welch = t_test(x, g), pooled = t_test(x, g, { pooled = true }),
    mann_whitney = { W = mw.stat, p_cc = mw.p, p_nocc = plain.p, hl = mw.estimate, hl_ci = { mw.lower, mw.upper } },
    exact_mw = small_samples(), kruskal = { stat = kruskal.stat, p = kruskal.p, df = kruskal.df },
    anova = { F = anova.stat, df = { anova.df, anova.df2 }, p = anova.p },
    anova_welch = { F = welch.stat, df = { welch.df, welch.df2 }, p = welch.p },
    spearman = { rho = spearman.r, p = spearman.p }, signed_rank = signed_rank() }
end

-- --- tails --------------------------------------------------------------------------------------

-- Rows x, columns k, as R's outer().
local function outer(xs, ks, f)
  local out = {}
  for i, x in ipairs(xs) do
    out[i] = each(ks, function(k) return f(x, k) end)
  end
  return out
end

M["dist-tails"] = function()
  return { pnorm_upper = each({ 1, 5, 10, 20, 37, 38.5 }, dist.norm_upper),
    pnorm_upper_log = each({ 1, 5, 10, 37, 100, 10000 }, dist.norm_log_upper),
    pchisq_upper = outer({ 0.01, 1, 10, 100, 700, 1500 }, { 1, 2, 5, 30 }, dist.chisq_upper),
    pchisq_upper_log = outer({ 1, 100, 1500, 1e5 }, { 1, 3, 30 }, dist.chisq_log_upper),
    pt_upper = each({ { 0.5, 3 }, { 2, 10 }, { 10, 50 }, { 40, 200 } }, dist.t_upper),
    pt_frac_df = each({ { 2.1, 3.7 }, { 2.1, 47.3 }, { 2.1, 910947.995 } }, dist.t_upper),
    pf_upper = each({ { 1, 3, 10 }, { 4, 5, 40 }, { 30, 2, 117 } }, dist.f_upper),
    qnorm = each({ 1e-300, 1e-10, 0.025, 0.5, 0.975, 1 - 1e-12 }, dist.norm_quantile),
    qchisq = each({ { 0.95, 1 }, { 0.99, 3 }, { 0.5, 7 }, { 1e-8, 2 } }, dist.chisq_quantile),
    qt = each({ { 0.975, 4.2 }, { 0.995, 30 }, { 0.9, 1000 } }, dist.t_quantile),
    qbeta = each({ { 0.025, 1, 25 }, { 0.975, 8, 18 }, { 0.5, 0.5, 0.5 } }, dist.beta_quantile),
    pbinom = each({ { 3, 20, 0.3 }, { 50, 411, 0.12 }, { 400, 411, 0.97 } }, dist.binom_cdf),
    phyper_upper = each({ { 4, 12, 20, 10 }, { 30, 80, 100, 60 } }, dist.hyper_upper) }
end

return M
