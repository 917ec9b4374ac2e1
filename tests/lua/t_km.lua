-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local ref = dofile("tests/lua/reference.lua")(t)
local core = require "lunation.core"
local km = require "lunation.km"

local function endpoint(time, status, start)
  return { surv = core.surv.new { time = time, status = status, start = start }, title = "OS", unit = "days" }
end

local function of(d, time, status, start) return endpoint(d:column(time or "time"), d:column(status or "status"), start) end

-- A grouping column of numbers as a factor named as R does.
local function named(column, prefix)
  local levels, values, seen = {}, { n = #column }, {}
  for i = 1, #column do
    local v = column.type == "factor" and column[i] or ("%g"):format(column[i])
    values[i] = prefix .. "=" .. v
    seen[values[i]] = true
  end
  for _, l in ipairs(column.levels or {}) do levels[#levels + 1] = prefix .. "=" .. l end
  if #levels == 0 then
    for l in pairs(seen) do levels[#levels + 1] = l end
    table.sort(levels)
  end
  return core.column.factor(values, levels)
end

local function label_of(label) return label ~= "" and label or "all" end

local function tables(k)
  local out = {}
  for label, c in k:curves() do
    local se = {}
    for i = 1, #c.time do se[i] = c.survival[i] > 0 and c.survival[i] * c.se_log[i] or 0 / 0 end
    out[label_of(label)] = { time = c.time, n_risk = c.n_risk, n_event = c.n_event, n_censor = c.n_censor, surv = c.survival,
      se_logsurv = c.se_log, se_surv = se, cumhaz = c.cumhaz, se_cumhaz = c.se_cumhaz, lower = c.lower, upper = c.upper }
    for name, column in pairs(out[label_of(label)]) do
      if type(column) ~= "table" then out[label_of(label)][name] = column:totable() end
    end
  end
  return out
end

local function quantiles(k)
  local out = {}
  for label in k:curves() do
    local q = { quantile = {}, lower = {}, upper = {} }
    for i, p in ipairs { 0.25, 0.5, 0.75 } do
      local r = k:quantile(p, label)
      q.quantile[i], q.lower[i], q.upper[i] = r.estimate, r.lower, r.upper
    end
    out[label_of(label)] = q
  end
  return out
end

local function at(k, times)
  local out = {}
  for label in k:curves() do
    local a = { n_risk = {}, surv = {}, se_surv = {}, lower = {}, upper = {} }
    for i, time in ipairs(times) do
      local r = k:at(time, label)
      a.n_risk[i], a.surv[i], a.se_surv[i], a.lower[i], a.upper[i] = r.n_risk, r.survival, r.se, r.lower, r.upper
    end
    out[label_of(label)] = a
  end
  return out
end

if ref then
  local aml, lung, veteran = ref.data "aml", ref.data "lung", ref.data "veteran"
  local by_x, by_sex = named(aml:column "x", "x"), named(lung:column "sex", "sex")
  local os = of(lung)

  local conf = {}
  for name, conf_type in pairs { plain = "plain", log = "log", ["log-log"] = "log-log", logit = "logit", arcsin = "arcsine" } do
    local k = km.fit(of(aml), { by = by_x, conf_type = conf_type })
    conf[name] = { ci = tables(k), quantiles = quantiles(k) }
  end
  ref.agree("km-aml-all-ci", ref.expected "km-aml-all-ci", { table = tables(km.fit(of(aml), { by = by_x })), by_conf_type = conf }, 500)

  local k = km.fit(os, { by = by_sex, beyond = "extend" })
  local k99 = km.fit(os, { by = by_sex, conf_type = "log-log", conf_level = 0.99 })
  ref.agree("km-lung-sex", ref.expected "km-lung-sex", { at = at(k, { 0, 180, 365, 730, 1100 }), at99_loglog = at(k99, { 180, 365, 730 }),
    quantiles = quantiles(k), quantiles99_loglog = quantiles(k99) }, 90)

  k = km.fit(of(veteran), { by = named(veteran:column "celltype", "celltype"), conf_type = "log-log", conf_level = 0.9, beyond = "extend" })
  ref.agree("km-veteran-celltype", ref.expected "km-veteran-celltype", { at = at(k, { 30, 90, 180, 365 }), quantiles = quantiles(k) }, 100)

  local fh = {}
  for s = 1, 2 do
    for c = 1, 2 do
      k = km.fit(os, { survival = s == 2 and "fleming-harrington" or "kaplan-meier", hazard = c == 2 and "break-ties" or "nelson-aalen" })
      local curve = k:curve()
      fh[("stype%d_ctype%d"):format(s, c)] = { at = at(k, { 100, 250, 500, 800 }), cumhaz_last = curve.cumhaz[#curve.time],
        se_cumhaz_last = curve.se_cumhaz[#curve.time] }
    end
  end
  ref.agree("fh-lung", ref.expected "fh-lung", fh, 80)

  local plain = km.fit(os, { reverse = true, ties = "plain" })
  local first = km.fit(os, { reverse = true })
  local g = {}
  for i, time in ipairs { 200, 400, 800 } do g[i] = first:at(time).survival end
  ref.agree("reverse-km-lung", ref.expected "reverse-km-lung", { overall = quantiles(plain),
    by_sex = quantiles(km.fit(os, { reverse = true, ties = "plain", by = by_sex })), plain_G = at(plain, { 200, 400, 800 }),
    deaths_first_G_at_200_400_800 = g, deaths_first_median = { first:median().estimate } }, 40)

  local frequency, sampling = {}, {}
  for i = 1, #lung do frequency[i], sampling[i] = 1 + i % 3, ({ 0.5, 1, 1.7 })[1 + i % 3] end
  local a = km.fit(os, { by = by_sex, weights = frequency, weight_type = "frequency" })
  local b = km.fit(os, { by = by_sex, weights = sampling, weight_type = "sampling" })
  local c = km.fit(os, { by = by_sex, weights = sampling, weight_type = "frequency" })
  local times = { 100, 300, 600 }
  ref.agree("km-weights-lung", ref.expected "km-weights-lung", { integer_model = at(a, times), integer_q = quantiles(a),
    fractional_robust = at(b, times), fractional_robust_q = quantiles(b), fractional_model = at(c, times) }, 100)

  local gap = ref.data "gap_open"
  k = km.fit(of(gap, "exit", "status", gap:column "entry"))
  ref.agree("km-lefttrunc-small", ref.expected "km-lefttrunc-small", { table = tables(k), quantiles = quantiles(k) }, 60)

  local mgus2 = ref.data "mgus2"
  local entry, exit, death, sex = {}, {}, {}, {}
  for i = 1, #mgus2 do
    local e = mgus2:column "age"[i]
    local x = e + mgus2:column "futime"[i] / 12
    if x > e then
      entry[#entry + 1], exit[#exit + 1] = e, x
      death[#death + 1], sex[#sex + 1] = mgus2:column "death"[i], "sex=" .. mgus2:column "sex"[i]
    end
  end
  k = km.fit(endpoint(exit, death, entry), { by = core.column.factor(sex, { "sex=F", "sex=M" }), from = 60 })
  local ages = at(k, { 65, 75, 85, 95 })
  -- One woman enters at 95 exactly: start < t <= stop leaves her out; R counts those at risk at the next event.
  t.is(ages["sex=F"].n_risk[4], 38.0, "an entry at t is not at risk at t")
  ages["sex=F"].n_risk[4] = 39
  ref.agree("km-lefttrunc-mgus2-age", ref.expected "km-lefttrunc-mgus2-age", { n_used = #exit, at = ages, quantiles = quantiles(k) }, 58)

  local near = ref.data "nearties_open"
  local fixed = km.fit(of(near))
  local unfixed = km.fit { surv = core.surv.new { time = near:column "time", status = near:column "status", timefix = "none" },
    title = "", unit = "" }
  ref.agree("km-timefix-open", ref.expected "km-timefix-open", { fixed = tables(fixed), unfixed = tables(unfixed) }, 170)
  t.match(fixed.convention, "3 nearly equal times", "merged times are counted in the convention")

  local e = ref.expected "km-median-plateau"
  local pa = km.fit(endpoint(e.data_time, e.status_a), { conf_type = "log-log" })
  local pb = km.fit(endpoint(e.data_time, e.status_b), { conf_type = "log-log" })
  ref.agree("km-median-plateau", e, { r_median_a = pa:median().estimate, r_quantiles_a = quantiles(pa), r_median_b = pb:median().estimate,
    r_quantiles_b = quantiles(pb), first_time_le_half = pa:median(nil, "first").estimate,
    first_time_lt_half_a = pa:median(nil, "sas").estimate, first_time_lt_half_b = pb:median(nil, "sas").estimate }, 22)
  t.is(pa:median(nil, "sas").estimate, nil, "km-median-plateau: SAS has no median")

  k = km.fit(os, { by = by_sex })
  local m = k:milestone(365)
  ref.agree("milestone-lung", ref.expected "milestone-lung", { diff = m.difference, se_diff = m.se, ci95 = { m.lower, m.upper }, z = m.z,
    p = m.p, cloglog_z = m.cloglog_z, cloglog_chisq = m.cloglog_z ^ 2, cloglog_p = m.cloglog_p }, 8)

  k = km.fit(of(aml))
  ref.agree("pseudo-aml", ref.expected "pseudo-aml", { surv18 = k:pseudo(18):totable(), rmst30 = k:pseudo(30, "rmst"):totable() }, 46)
end

-- Degenerate input: each has a stated answer.
local one = km.fit(endpoint({ 5 }, { 0 }))
t.is(one:at(5).survival, 1.0, "one censored row: survival 1 at its time")
t.is(one:at(6).survival, nil, "beyond the last time there is no rate")
t.is(one:median().estimate, nil, "all censored: no median")
t.is(km.fit(endpoint({ 5 }, { 1 })):median().estimate, 5.0, "one death: the median is its time")
t.is(km.fit(endpoint({ 5 }, { 1 })):at(9).survival, 0.0, "survival that is 0 stays 0")
t.is(km.fit(endpoint({ 0, 2 }, { 1, 0 })):at(0).survival, 0.5, "a death at time 0")
local empty = km.fit(endpoint({}, {}))
t.is(#empty:rows(), 0, "no rows, no estimates")
local grouped = km.fit(endpoint({ 1, 2 }, { 1, 0 }), { by = core.column.factor({ "a", "a" }, { "a", "b" }) })
t.is(grouped:at(1, "b").survival, nil, "a group without rows has no rate")
t.is(grouped:median("b").estimate, nil, "and no median")
local w = km.fit(endpoint({ 1, 2, 3 }, { 1, 1, 0 }), { weights = { 2, 1, 1 }, weight_type = "frequency" })
t.near(w:at(1).survival, 0.5, 1e-15, "frequency weights count copies")
local err = t.fails(function() km.fit(endpoint({ 1, 2 }, { 1, 1 }), { weights = { 1, 0 } }) end, "row 2: weight is 0", "a weight of 0")
t.is(err.code, "data.weight", "its code")
t.done()
