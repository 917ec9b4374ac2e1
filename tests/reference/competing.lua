-- SPDX-License-Identifier: GPL-3.0-or-later
-- competing: cumulative incidence, Gray's test, Fine-Gray regression.
local shapes = dofile("tests/reference/shapes.lua")
local cuminc = require "lunation.surv.cuminc"
local km = require "lunation.surv.km"

local M = {}

-- mg: progression to PCM first, else death. Returns the endpoint, sex and age.
local function mgus2(s)
  local d = s.data "mgus2"
  local progressed = function(i) return d:column "pstat"[i] == 1 end
  local time = shapes.rows(#d, function(i) return progressed(i) and d:column "ptime"[i] or d:column "futime"[i] end)
  local status = shapes.rows(#d, function(i) return progressed(i) and 1 or d:column "death"[i] == 1 and 2 or 0 end)
  return shapes.endpoint(time, status), shapes.named(d:column "sex", "sex"), d
end

-- Gray's test of each cause, side by side.
local function gray(endpoint, opt)
  local out = { stat = {}, p = {}, df = {} }
  for cause = 1, 2 do
    local r = cuminc.gray(endpoint, { by = opt.by, strata = opt.strata, rho = opt.rho, cause = cause })
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

-- aj_out: the states of a group side by side. The first one, no event yet, is 1 less the others; it is the
-- Kaplan-Meier curve of any event, with its limits on the given scale.
local function states(endpoint, by, times, conf_type)
  local r = cuminc.fit(endpoint, { by = by, conf_type = conf_type })
  local any = km.fit(endpoint, { by = by, conf_type = conf_type })
  local out = {}
  for _, label in ipairs(r.labels) do
    local g = { time = times, pstate = {}, se = {}, lower = {}, upper = {}, n_risk = {} }
    for i, t in ipairs(times) do
      local s = any:at(t, label)
      g.pstate[i], g.se[i], g.lower[i], g.upper[i] = { s.survival }, { s.se }, { s.lower }, { s.upper }
      g.n_risk[i] = { s.n_risk, 0, 0 }
      for cause = 1, r.causes do
        local p = r:at(t, label, cause)
        g.pstate[i][cause + 1], g.se[i][cause + 1], g.lower[i][cause + 1], g.upper[i][cause + 1] = p.incidence, p.se, p.lower, p.upper
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
  return { strat = gray(endpoint, { by = sex, strata = old }), rho1 = gray(endpoint, { by = sex, rho = 1 }) }
end

M["cif-hcc"] = function(s)
  local d = s.data "hcc_sim"
  return { cuminc = curves(shapes.of(d, "cr_day", "cr_status"), d:column "regimen", { 90, 180, 365 }) }
end

return M
