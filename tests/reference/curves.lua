-- SPDX-License-Identifier: GPL-3.0-or-later
-- curves: Kaplan-Meier curves, follow-up, restricted means, milestones, pseudo-values.
local shapes = dofile("tests/reference/shapes.lua")
local core = require "lunation.core"
local km = require "lunation.surv.km"
local rmst = require "lunation.surv.rmst"

local at, quantiles, of, named = shapes.at, shapes.quantiles, shapes.of, shapes.named
local M = {}

M["km-aml-all-ci"] = function(s)
  local aml, by_type = s.data "aml", {}
  local by = named(aml:column "x", "x")
  for name, conf_type in pairs { plain = "plain", log = "log", ["log-log"] = "log-log",
    logit = "logit", arcsin = "arcsine" } do
    local k = km.fit(of(aml), { by = by, conf_type = conf_type })
    by_type[name] = { ci = shapes.table(k), quantiles = quantiles(k) }
  end
  return { table = shapes.table(km.fit(of(aml), { by = by })), by_conf_type = by_type }
end

M["km-lung-sex"] = function(s)
  local lung = s.data "lung"
  local by = named(lung:column "sex", "sex")
  local k = km.fit(of(lung), { by = by, beyond = "extend" })
  local k99 = km.fit(of(lung), { by = by, conf_type = "log-log", conf_level = 0.99 })
  return { at = at(k, { 0, 180, 365, 730, 1100 }), at99_loglog = at(k99, { 180, 365, 730 }),
    quantiles = quantiles(k),
    quantiles99_loglog = quantiles(k99) }
end

M["km-veteran-celltype"] = function(s)
  local d = s.data "veteran"
  local k = km.fit(of(d), { by = named(d:column "celltype", "celltype"), conf_type = "log-log",
    conf_level = 0.9, beyond = "extend" })
  return { at = at(k, { 30, 90, 180, 365 }), quantiles = quantiles(k) }
end

M["fh-lung"] = function(s)
  local out, os = {}, of(s.data "lung")
  for stype, survival in ipairs { "kaplan-meier", "fleming-harrington" } do
    for ctype, hazard in ipairs { "nelson-aalen", "break-ties" } do
      local k = km.fit(os, { survival = survival, hazard = hazard })
      local c = k:curve()
      out[("stype%d_ctype%d"):format(stype, ctype)] = { at = at(k, { 100, 250, 500, 800 }),
        cumhaz_last = c.cumhaz[#c.time],
        se_cumhaz_last = c.se_cumhaz[#c.time] }
    end
  end
  return out
end

M["reverse-km-lung"] = function(s)
  local lung, g = s.data "lung", {}
  local os = of(lung)
  local plain, first = km.fit(os, { reverse = true, ties = "plain" }),
    km.fit(os, { reverse = true })
  for i, time in ipairs { 200, 400, 800 } do g[i] = first:at(time).survival end
  local by_sex = km.fit(os, { reverse = true, ties = "plain",
    by = named(lung:column "sex", "sex") })
  return { overall = quantiles(plain), by_sex = quantiles(by_sex),
    plain_G = at(plain, { 200, 400, 800 }),
    deaths_first_G_at_200_400_800 = g, deaths_first_median = { first:median().estimate } }
end

M["km-weights-lung"] = function(s)
  local lung = s.data "lung"
  local os, by, times = of(lung), named(lung:column "sex", "sex"), { 100, 300, 600 }
  local copies = shapes.rows(#lung, function(i) return 1 + i % 3 end)
  local shares = shapes.rows(#lung, function(i) return ({ 0.5, 1, 1.7 })[1 + i % 3] end)
  local a = km.fit(os, { by = by, weights = copies, weight_type = "frequency" })
  local b = km.fit(os, { by = by, weights = shares, weight_type = "sampling" })
  local c = km.fit(os, { by = by, weights = shares, weight_type = "frequency" })
  return { integer_model = at(a, times), integer_q = quantiles(a), fractional_robust = at(b, times),
    fractional_robust_q = quantiles(b),
    fractional_model = at(c, times) }
end

M["km-lefttrunc-small"] = function(s)
  local k = km.fit(of(s.data "gap_open", "exit", "status", "entry"))
  return { table = shapes.table(k), quantiles = quantiles(k) }
end

-- On the age scale; those who leave in the month they enter have no time.
M["km-lefttrunc-mgus2-age"] = function(s)
  local d = s.data "mgus2"
  local entry, exit, death, sex = {}, {}, {}, {}
  for i = 1, #d do
    local from = d:column "age"[i]
    local to = from + d:column "futime"[i] / 12
    if to > from then
      local k = #exit + 1
      entry[k], exit[k], death[k], sex[k] = from, to, d:column "death"[i], "sex="
        .. d:column "sex"[i]
    end
  end
  local k = km.fit(shapes.endpoint(exit, death, entry),
    { by = core.column.factor(sex, { "sex=F", "sex=M" }), from = 60 })
  return { n_used = #exit, at = at(k, { 65, 75, 85, 95 }), quantiles = quantiles(k) }
end

M["km-timefix-open"] = function(s)
  local d = s.data "nearties_open"
  local as_they_are = shapes.endpoint(d:column "time", d:column "status", nil, { timefix = "none" })
  local by = named(d:column "x", "x")
  local cox = dofile("tests/reference/cox.lua").outcome
  return { fixed = shapes.table(km.fit(of(d))), unfixed = shapes.table(km.fit(as_they_are)),
    logrank_fixed = shapes.logrank(core.logrank.test(of(d).surv, { by = by })),
    logrank_unfixed = shapes.logrank(core.logrank.test(as_they_are.surv, { by = by })),
    cox_fixed = cox(of(d).surv, { d:column "x" }),
    cox_unfixed = cox(as_they_are.surv, { d:column "x" }) }
end

-- The data are in the case itself.
M["km-median-plateau"] = function(_, e)
  local a = shapes.endpoint(e.data_time, e.status_a)
  local b = shapes.endpoint(e.data_time, e.status_b)
  local ka, kb = km.fit(a, { conf_type = "log-log" }), km.fit(b, { conf_type = "log-log" })
  return { data_time = e.data_time, status_a = e.status_a, status_b = e.status_b,
    r_median_a = ka:median().estimate, r_quantiles_a = quantiles(ka),
    r_median_b = kb:median().estimate,
    r_quantiles_b = quantiles(kb), first_time_le_half = ka:median(nil, "first").estimate,
    first_time_lt_half_a = ka:median(nil, "below").estimate,
    first_time_lt_half_b = kb:median(nil, "below").estimate }
end

local function arm(g)
  return { rmst = g.rmst.estimate, se = g.rmst.se, rmst_ci = { g.rmst.lower, g.rmst.upper },
    rmtl = g.rmtl.estimate,
    rmtl_ci = { g.rmtl.lower, g.rmtl.upper } }
end

-- The tables of survRM2: coef, se, z, p, then (ratios: exp(coef),) limits.
local function regression(surv, columns, by)
  local z, out = core.dist.norm_quantile(0.975), {}
  for _, link in ipairs { "difference", "ratio", "loss_ratio" } do
    local r, rows = core.rmst.regression(surv, columns, { tau = 700, by = by, link = link }), {}
    for j = 1, #r.coef do
      local b, se = r.coef[j], r.se[j]
      local row = { b, se, r.z[j], r.p[j] }
      local scale = link == "difference" and function(x) return x end or math.exp
      if link ~= "difference" then row[5] = scale(b) end
      row[#row + 1], row[#row + 2] = scale(b - z * se), scale(b + z * se)
      rows[j] = row
    end
    out[link] = rows
  end
  return out
end

local function adjusted(lung)
  local time, status, by, x = {}, {}, {}, { {}, {}, {} }
  for i = 1, #lung do
    local age, ecog = lung:column "age"[i], lung:column "ph.ecog"[i]
    if age and ecog then
      local k = #time + 1
      time[k], status[k], by[k] = lung:column "time"[i], lung:column "status"[i],
        lung:column "sex"[i]
      x[1][k], x[2][k], x[3][k] = by[k] - 1, age, ecog
    end
  end
  return regression(core.surv.new { time = time, status = status }, x, by)
end

M["rmst-lung-sex"] = function(s)
  local lung = s.data "lung"
  local a = adjusted(lung)
  local r = rmst.fit(of(lung), { by = named(lung:column "sex", "sex"), tau = 700 })
  local function row(c) return { c.estimate, c.lower, c.upper, c.p } end
  local c, first, second = r.contrasts[1], r.groups[1], r.groups[2]
  return { arm0 = arm(first), arm1 = arm(second), adjusted_difference = { table = a.difference },
    adjusted_ratio = a.ratio, adjusted_rmtl_ratio = a.loss_ratio,
    unadjusted = { row(c.difference), row(c.ratio), row(c.rmtl_ratio) },
    survfit_rmean = { { first.rmst.estimate, first.rmst.se },
      { second.rmst.estimate, second.rmst.se } } }
end

M["milestone-lung"] = function(s)
  local lung, surv, se = s.data "lung", {}, {}
  local k = km.fit(of(lung), { by = named(lung:column "sex", "sex") })
  local m = k:milestone(365)
  for g, label in ipairs { "sex=1", "sex=2" } do
    surv[g], se[g] = k:at(365, label).survival, k:at(365, label).se
  end
  return { surv = surv, se = se, diff = m.difference, se_diff = m.se, ci95 = { m.lower, m.upper },
    z = m.z, p = m.p,
    cloglog_z = m.cloglog_z, cloglog_chisq = m.cloglog_z ^ 2, cloglog_p = m.cloglog_p }
end

M["pseudo-aml"] = function(s)
  local k = km.fit(of(s.data "aml"))
  return { surv18 = k:pseudo(18), rmst30 = k:pseudo(30, "rmst") }
end

return M
