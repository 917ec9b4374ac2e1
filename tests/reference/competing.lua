-- SPDX-License-Identifier: GPL-3.0-or-later
-- competing: cumulative incidence, Gray's test, Fine-Gray regression.
local shapes = dofile("tests/reference/shapes.lua")
local core = require "lunation.core"
local cuminc = require "lunation.surv.cuminc"
local km = require "lunation.surv.km"

local M = {}

-- mg: progression to PCM first, else death. Returns the endpoint, sex and age.
local function mgus2(s)
  local d = s.data "mgus2"
  local progressed = function(i) return d:column "pstat"[i] == 1 end
  local time = shapes.rows(#d, function(i)
    return progressed(i) and d:column "ptime"[i] or d:column "futime"[i]
  end)
  local status = shapes.rows(#d, function(i)
    return progressed(i) and 1 or d:column "death"[i] == 1 and 2 or 0
  end)
  local endpoint = shapes.endpoint(time, status)
  endpoint.time, endpoint.status = time, status
  return endpoint, shapes.named(d:column "sex", "sex"), d
end

-- Gray's test of each cause, side by side.
local function gray(endpoint, opt)
  local out = { stat = {}, p = {}, df = {} }
  for cause = 1, 2 do
    local r = cuminc.gray(endpoint, { by = opt.by, strata = opt.strata, rho = opt.rho,
      cause = cause })
    out.stat[cause], out.p[cause], out.df[cause] = r.chisq, r.p, r.df
  end
  out.cause = { 1, 2 }
  return out
end

-- ci_out: curves by cause, then group, with Gray's test of each cause.
local function curves(endpoint, by, times)
  local r = cuminc.fit(endpoint, { by = by, variance = "aalen" })
  local out = { times = times, est = {}, var = {}, gray = gray(endpoint, { by = by }) }
  for cause = 1, r.causes do
    for _, label in ipairs(r.labels) do
      local k = #out.est + 1
      out.est[k], out.var[k] = {}, {}
      for i, t in ipairs(times) do
        local p = r:at(t, label, cause)
        out.est[k][i], out.var[k][i] = p.incidence, p.se ^ 2
      end
    end
  end
  return out
end

-- aj_out: the states of a group side by side. The first one, no event yet, is 1 less the others; it
-- is the Kaplan-Meier curve of any event, with its limits on the given scale.
local function states(endpoint, by, times, conf_type)
  local r = cuminc.fit(endpoint, { by = by, conf_type = conf_type })
  local any = km.fit(endpoint, { by = by, conf_type = conf_type })
  local out = {}
  for _, label in ipairs(r.labels) do
    local g = { time = times, pstate = {}, se = {}, lower = {}, upper = {}, n_risk = {} }
    for i, t in ipairs(times) do
      local s = any:at(t, label)
      g.pstate[i], g.se[i], g.lower[i], g.upper[i] = { s.survival }, { s.se }, { s.lower },
        { s.upper }
      g.n_risk[i] = { s.n_risk, 0, 0 }
      for cause = 1, r.causes do
        local p = r:at(t, label, cause)
        g.pstate[i][cause + 1], g.se[i][cause + 1], g.lower[i][cause + 1],
          g.upper[i][cause + 1] = p.incidence, p.se, p.lower, p.upper
      end
    end
    out[label] = g
  end
  return out
end

M["cif-mgus2"] = function(s)
  local endpoint, sex = mgus2(s)
  local times = { 60, 120, 240 }
  return { cuminc = curves(endpoint, sex, times), aj = states(endpoint, sex, times, "log"),
    aj_loglog_ci = states(endpoint, sex, times, "log-log"),
    naive_one_minus_km = shapes.at(km.fit(endpoint, { by = sex, cause = 1 }), times) }
end

M["cif-gray-strata"] = function(s)
  local endpoint, sex, d = mgus2(s)
  local old = shapes.rows(#d, function(i) return d:column "age"[i] >= 70 and 2 or 1 end)
  return { strat = gray(endpoint, { by = sex, strata = old }),
    rho1 = gray(endpoint, { by = sex, rho = 1 }) }
end

-- fg_out: coefficients with crr's variance.
local function crr(fit)
  return { coef = fit.coef, se = fit.se, var = fit.vcov, loglik_null = fit.loglik_null,
    loglik = fit.loglik }
end

local function sandwich(endpoint, x, efron)
  local fit = core.finegray.fit(endpoint.surv, x,
    { method = "survival", robust = true, efron = efron })
  return { coef = fit.coef, robust_se = fit.se }, fit
end

-- The rows and weights of survival::finegray: a competing event's row is cut after each censoring
-- that lies before an event.
local function expanded(fit, endpoint)
  local time, probability = fit:censoring()
  local rows, sum, at = fit.n, fit.n, {}
  local is_event, competing = {}, {}
  for i = 1, fit.n do
    if endpoint.status[i] == 1 then is_event[endpoint.time[i]] = true end
    if endpoint.status[i] == 2 then competing[#competing + 1] = endpoint.time[i] end
  end
  -- The levels of the probability at which an event happens, each once, from its last time.
  for t = 1, #time do at[time[t]] = probability[t] end
  local levels = {}
  for t = 1, #time do
    if is_event[time[t]] and (#levels == 0 or levels[#levels] ~= probability[t]) then
      levels[#levels + 1] = probability[t]
    end
  end
  for _, x in ipairs(competing) do
    for _, level in ipairs(levels) do
      if level < at[x] then rows, sum = rows + 1, sum + level / at[x] end
    end
  end
  return rows, sum
end

local function predicted(fit, subjects, times)
  local time, cumhaz = fit:baseline()
  local out = {}
  for k, t in ipairs(times) do
    local e = 0
    while e < #time and time[e + 1] <= t do e = e + 1 end
    out[k] = {}
    for i, x in ipairs(subjects) do
      local eta = 0
      for j, v in ipairs(x) do eta = eta + fit.coef[j] * (v - fit.means[j]) end
      out[k][i] = 1 - math.exp(-cumhaz[e] * math.exp(eta))
    end
  end
  return out
end

M["finegray-mgus2"] = function(s)
  local all, _, d = mgus2(s)
  local time, status, x = {}, {}, { {}, {}, {} }
  for i = 1, #d do
    local spike = d:column "mspike"[i]
    if spike then
      local k = #time + 1
      time[k], status[k] = all.time[i], all.status[i]
      x[1][k], x[2][k], x[3][k] = d:column "age"[i], d:column "sex"[i] == "M" and 1 or 0, spike
    end
  end
  local endpoint = shapes.endpoint(time, status)
  endpoint.time, endpoint.status = time, status
  local function specific(cause)
    local mine = shapes.rows(#time, function(i) return status[i] == cause and 1 or 0 end)
    return (dofile("tests/reference/cox.lua").outcome(shapes.endpoint(time, mine).surv, x))
  end
  local fit = core.finegray.fit(endpoint.surv, x)
  local efron, survival = sandwich(endpoint, x, true)
  local rows, sum = expanded(survival, endpoint)
  local subjects, times = { { 60, 1, 1 }, { 80, 0, 2 } }, { 60, 120, 240 }
  return { n = fit.n, crr = crr(fit), fg_rows = rows, fg_weight_sum = sum, fg_coxph_efron = efron,
    fg_coxph_breslow = sandwich(endpoint, x, false),
    predicted_cif = { times = times, x = subjects, cif = predicted(fit, subjects, times) },
    cause_specific_pcm = specific(1), cause_specific_death = specific(2) }
end

M["cif-hcc"] = function(s)
  local d, x = s.data "hcc_sim", {}
  local endpoint = shapes.of(d, "cr_day", "cr_status")
  local function is(name, value)
    return shapes.rows(#d, function(i) return d:column(name)[i] == value and 1 or 0 end)
  end
  x[1] = shapes.rows(#d, function(i) return d:column "haic"[i] end)
  for _, level in ipairs { "Vp1-2", "Vp3", "Vp4" } do x[#x + 1] = is("pvtt", level) end
  return { cuminc = curves(endpoint, d:column "regimen", { 90, 180, 365 }),
    crr = crr(core.finegray.fit(endpoint.surv, x)) }
end

return M
