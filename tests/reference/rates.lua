-- SPDX-License-Identifier: GPL-3.0-or-later
-- rates: response rates, contingency tables, tests of location, distribution functions.
local shapes = dofile("tests/reference/shapes.lua")
local core = require "lunation.core"
local prop, crosstab, ranktest, dist = core.prop, core.crosstab, core.ranktest, core.dist

local M = {}

M["orr-ci"] = function()
  local out = {}
  for i, c in ipairs { { 7, 25 }, { 0, 14 }, { 14, 14 }, { 1, 2 }, { 123, 411 } } do
    local row = { x = c[1], n = c[2], est = (prop.limits(c[1], c[2])) }
    for _, method in ipairs { "wald", "clopper_pearson", "wilson", "wilson_cc", "agresti_coull",
      "jeffreys", "mid_p" } do
      local _, lower, upper = prop.limits(c[1], c[2], method)
      row[method] = { lower, upper }
    end
    out[i] = row
  end
  return out
end

-- { stat, df, p } of our tests is the shape of R's.
M["orr-compare"] = function(s)
  local d = s.data "hcc_sim"
  local best, regimen, center = d:column "best_response", d:column "regimen", d:column "center"
  local haic = shapes.rows(#d, function(i) return math.tointeger(d:column "haic"[i]) + 1 end)
  local response = shapes.rows(#d, function(i)
    return (best[i] == "CR" or best[i] == "PR") and 2 or 1
  end)
  local t = crosstab.count(haic, response)
  local strata, by_center, x, n = {}, {}, { 0, 0, 0 }, { 0, 0, 0 }
  for i = 1, #d do
    local name = center[i]
    if not by_center[name] then
      by_center[name] = { { 0, 0 }, { 0, 0 } }
      strata[#strata + 1] = by_center[name]
    end
    by_center[name][haic[i]][response[i]] = by_center[name][haic[i]][response[i]] + 1
    for k, level in ipairs(regimen.levels) do
      if regimen[i] == level then x[k], n[k] = x[k] + response[i] - 1, n[k] + 1 end
    end
  end
  local r = crosstab.fisher(t, 0.95, true)
  local function compare(contrast)
    return prop.compare(t[2][2], t[2][1] + t[2][2], t[1][2], t[1][1] + t[1][2], contrast)
  end
  local function limits(contrast)
    local _, lower, upper = compare(contrast)
    return { lower, upper }
  end
  local function cmh(correct)
    local c = crosstab.cmh(strata, correct)
    return { stat = c.stat, p = c.p, ["or"] = c.odds_ratio, or_ci = { c.lower, c.upper } }
  end
  local trend = crosstab.trend(x, n, { 1, 2, 3 })
  local wide = crosstab.count(regimen, best)
  return { table = t, fisher = { p = r.p, ["or"] = r.odds_ratio, ci = { r.lower, r.upper } },
    fisher_less = r.less,
    chisq = crosstab.chisq(t), chisq_yates = crosstab.chisq(t, true),
    diff = { diff = (compare "difference_wald"), wald = limits "difference_wald",
      newcombe = limits "difference_newcombe",
      miettinen_nurminen = limits "difference_miettinen_nurminen", rr = (compare "ratio_wald"),
      rr_ci = limits "ratio_wald",
      ["or"] = (compare "odds_wald"), or_ci_woolf = limits "odds_wald" },
    cmh = cmh(false), cmh_cc = cmh(true), cochran_armitage = { scores = { 1, 2, 3 },
      chisq = trend.stat, p = trend.p },
    rxc_fisher_p = crosstab.fisher_rxc(wide), rxc_chisq = crosstab.chisq(wide) }
end

M["location-tests"] = function(s, e)
  local d = s.data "hcc_sim"
  local log_afp = core.column.number(shapes.rows(#d, function(i)
    return math.log(d:column "afp"[i])
  end))
  local haic, regimen, nlr = shapes.named(d:column "haic", "haic"), d:column "regimen",
    d:column "nlr"
  local function t_test(opt)
    local r = ranktest.ttest(log_afp, haic, opt)
    return { t = r.t, df = r.df, p = r.p, ci = { r.lower, r.upper },
      means = { r.mean_x, r.mean_y } }
  end
  -- R's root finding stops at 1e-4: asked for, it gives R's limits.
  local mw = ranktest.mann_whitney(nlr, haic, { exact = "no", limits = true, tolerance = 1e-4 })
  local x, y = e.exact_mw.x, e.exact_mw.y
  local ex = ranktest.mann_whitney(x, y, { exact = "yes", limits = true })
  local k, a, w = ranktest.kruskal(nlr, regimen), ranktest.anova(log_afp, regimen),
    ranktest.anova(log_afp, regimen, true)
  local sp = ranktest.correlation(d:column "age", d:column "size_cm", "spearman")
  local before = { 1.8, 0.5, 1.6, 2.5, 1.7, 1.9, 1.1, 3.1, 1.3 }
  local after = { 0.9, 0.6, 1.1, 2, 1.1, 1.3, 1.06, 1.29, 1.06 }
  local differences = shapes.rows(#before, function(i) return before[i] - after[i] end)
  differences.n = nil
  -- Two differences are tied: R, asked for an exact p, warns and approximates. Ours refuses unless
  -- it may choose.
  local sr = ranktest.signed(differences, { exact = "auto" })
  return { welch = t_test(), pooled = t_test { pooled = true },
    mann_whitney = { W = mw.stat, p_cc = mw.p,
      p_nocc = ranktest.mann_whitney(nlr, haic, { exact = "no", correct = false }).p,
      hl = mw.estimate, hl_ci = { mw.lower, mw.upper } },
    exact_mw = { x = x, y = y, W = ex.stat, p = ex.p, hl = ex.estimate,
      ci = { ex.lower, ex.upper } },
    kruskal = k, anova = { F = a.stat, df = { a.df, a.df2 }, p = a.p },
    anova_welch = { F = w.stat, df = { w.df, w.df2 }, p = w.p },
    spearman = { rho = sp.r, p = sp.p }, signed_rank = { V = sr.stat, p = sr.p } }
end

-- f of each argument; of each row of arguments; of each pair.
local function each(f, list)
  local out = {}
  for i, x in ipairs(list) do out[i] = f(x) end
  return out
end

local function rows(f, ...)
  local columns, out = { ... }, {}
  for i = 1, #columns[1] do
    local args = {}
    for j, c in ipairs(columns) do args[j] = c[i] end
    out[i] = f(table.unpack(args))
  end
  return out
end

local function outer(f, xs, ys)
  return each(function(x) return each(function(y) return f(x, y) end, ys) end, xs)
end

M["dist-tails"] = function()
  return { pnorm_upper = each(dist.norm_upper, { 1, 5, 10, 20, 37, 38.5 }),
    pnorm_upper_log = each(dist.norm_log_upper, { 1, 5, 10, 37, 100, 10000 }),
    pchisq_upper = outer(dist.chisq_upper, { 0.01, 1, 10, 100, 700, 1500 }, { 1, 2, 5, 30 }),
    pchisq_upper_log = outer(dist.chisq_log_upper, { 1, 100, 1500, 1e5 }, { 1, 3, 30 }),
    pt_upper = rows(dist.t_upper, { 0.5, 2, 10, 40 }, { 3, 10, 50, 200 }),
    pt_frac_df = rows(dist.t_upper, { 2.1, 2.1, 2.1 }, { 3.7, 47.3, 910947.995 }),
    pf_upper = rows(dist.f_upper, { 1, 4, 30 }, { 3, 5, 2 }, { 10, 40, 117 }),
    qnorm = each(dist.norm_quantile, { 1e-300, 1e-10, 0.025, 0.5, 0.975, 1 - 1e-12 }),
    qchisq = rows(dist.chisq_quantile, { 0.95, 0.99, 0.5, 1e-8 }, { 1, 3, 7, 2 }),
    qt = rows(dist.t_quantile, { 0.975, 0.995, 0.9 }, { 4.2, 30, 1000 }),
    qbeta = rows(dist.beta_quantile, { 0.025, 0.975, 0.5 }, { 1, 8, 0.5 }, { 25, 18, 0.5 }),
    pbinom = rows(dist.binom_cdf, { 3, 50, 400 }, { 20, 411, 411 }, { 0.3, 0.12, 0.97 }),
    phyper_upper = rows(dist.hyper_upper, { 4, 30 }, { 12, 80 }, { 20, 100 }, { 10, 60 }) }
end

return M
