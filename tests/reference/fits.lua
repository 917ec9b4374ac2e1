-- SPDX-License-Identifier: GPL-3.0-or-later
-- fits: Cox models in the shapes of the reference files.
local core = require "lunation.core"

local M = {}

local function test(x) return x and { stat = x.statistic, df = x.df, p = x.p } end

--- cox_out of a fit. A redundant column has variance 0 in R.
function M.shape(f)
  local hr, lower, upper, log_p, ses, naive = {}, {}, {}, {}, {}, {}
  local z = core.dist.norm_quantile(0.975)
  for j = 1, #f.coef do
    local b, se = f.coef[j], f.se[j]
    ses[j], naive[j] = se or f.status[j] == "aliased" and 0 or nil,
      f.naive_se[j] or f.status[j] == "aliased" and 0 or nil
    if b then hr[j], lower[j], upper[j] = math.exp(b), se and math.exp(b - z * se),
      se and math.exp(b + z * se) end
    log_p[j] = f.log10_p[j] and f.log10_p[j] * math.log(10)
  end
  return { n = f.n, n_event = f.events, coef = f.coef, se = ses, z = f.z, p = f.p, log_p = log_p,
    hr = hr, hr_lower95 = lower,
    hr_upper95 = upper, naive_se = naive, vcov = f.vcov, loglik_null = f.loglik_null,
      loglik = f.loglik, lr_test = test(f.lr),
    wald_test = test(f.wald), score_test = test(f.score), robust_score_test = test(f.robust_score) }
end

-- Columns as rows.
local function rows(columns)
  local out = {}
  for i = 1, #columns[1] do
    out[i] = {}
    for j, c in ipairs(columns) do out[i][j] = c[i] end
  end
  return out
end

--- resid_all.
function M.residuals(f)
  return { martingale = f:residuals(), deviance = f:residuals "deviance",
    score = rows(f:residuals "score"),
    schoenfeld = rows(f:residuals "schoenfeld"),
      scaled_schoenfeld = rows(f:residuals "scaled_schoenfeld"),
    dfbeta = rows(f:residuals "dfbeta"), dfbetas = rows(f:residuals "dfbetas"),
      schoenfeld_times = (f:event_rows()) }
end

--- zph_out of one transform. terms: the number of each column's term.
function M.zph(f, transform, terms)
  local z = f:zph_tests(transform, terms)
  local out, n = { chisq = {}, df = {}, p = {} }, #f.coef
  if terms then n = terms[#terms] end
  for j = 1, n + 1 do
    local q = z[j] or z.global
    out.chisq[j], out.df[j], out.p[j] = q.statistic, q.df, q.p
  end
  return out
end

--- cox_out of a fit of a script. weights: a column; plain: without concordance.
function M.outcome_of(fit, weights, plain)
  local out = M.shape(fit.fit)
  if plain then return out end
  local c = core.concord.new(fit.endpoint.surv, fit:_linear(),
    { strata = fit.design.strata, cluster = fit.design.cluster,
    weights = weights })
  out.harrell_c = { concordant = c.concordant, discordant = c.discordant, tied_x = c.tied_marker,
    tied_y = c.tied_time, C = c.estimate, se = c.se }
  return out
end

-- The time that a row's own was merged with.
local function merged(surv, t)
  local times, lo, hi = surv.times, 1, #surv.times
  while lo < hi do
    local mid = (lo + hi + 1) // 2
    if times[mid] <= t then lo = mid else hi = mid - 1 end
  end
  return times[lo]
end

--- basehaz as R gives it: at every time of a row of the stratum.
function M.baseline(fit, centred)
  local endpoint, strata, out = fit.endpoint, fit.design.strata, {}
  for k, b in ipairs(fit.fit:baseline(centred)) do
    local seen, times, hazard = {}, {}, {}
    for _, i in ipairs(fit.fit.used) do
      local t = merged(endpoint.surv, endpoint.time[i])
      if not seen[t] and (not strata or strata[i] == strata.levels[b.stratum or k]) then
        seen[t], times[#times + 1] = true, t
      end
    end
    table.sort(times)
    local e = 0
    for i, t in ipairs(times) do
      while e < #b.time and b.time[e + 1] <= t do e = e + 1 end
      hazard[i] = e > 0 and b.cumhaz[e] or 0
    end
    out[k] = { time = times, cumhaz = hazard }
  end
  return out
end

--- The same at the last time of any row up to each of the times, for x = 0.
function M.baseline_at(fit, times)
  local out, b = { time = {}, cumhaz = {} }, M.baseline(fit, false)[1]
  for i, t in ipairs(times) do
    local k = 0
    while k < #b.time and b.time[k + 1] <= t do k = k + 1 end
    out.time[i], out.cumhaz[i] = b.time[k] or 0, b.cumhaz[k] or 0
  end
  return out
end

return M
