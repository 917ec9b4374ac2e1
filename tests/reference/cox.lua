-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox: Cox regression, its residuals, predicted curves, tests of proportionality, concordance.
local shapes = dofile("tests/reference/shapes.lua")
local core = require "lunation.core"
local fits = dofile("tests/reference/fits.lua")
local km = require "lunation.surv.km"

local M = {}

-- --- shapes --------------------------------------------------------------------------------------

-- harrell_c. Rows that the model leaves out have no linear predictor and no part.
local function concordance(surv, fit, opt)
  local lp, marker = fit:linear(), { n = surv.n }
  for i = 1, surv.n do marker[i] = 0 / 0 end
  for u, row in ipairs(fit.used) do marker[row] = lp[u] end
  return core.concord.new(surv, marker, opt), marker
end

local function harrell(surv, fit, opt)
  local c = concordance(surv, fit, { weights = opt.weights or opt.frequency, strata = opt.strata,
    cluster = opt.cluster })
  return { concordant = c.concordant, discordant = c.discordant, tied_x = c.tied_marker,
    tied_y = c.tied_time, C = c.estimate, se = c.se }
end

--- cox_out: a fit with its concordance. opt: of core.cox.fit, and concordance = false where the
--- case has none.
function M.outcome(surv, x, opt)
  opt = opt or {}
  local fit = core.cox.fit(surv, x, opt)
  local out = fits.shape(fit)
  if opt.ties ~= "exact" then out.harrell_c = harrell(surv, fit, opt) end
  return out, fit
end

local outcome = M.outcome

-- Curve values at given times, one list for each of them with the curves side by side.
local function at(curves, times)
  local out = { time = times, surv = {}, se_surv = {}, lower = {}, upper = {}, cumhaz = {} }
  local z = core.dist.norm_quantile(0.975)
  for i, t in ipairs(times) do
    for _, name in ipairs { "surv", "se_surv", "lower", "upper", "cumhaz" } do out[name][i] = {} end
    for c, curve in ipairs(curves) do
      local k = 0
      for q = 1, #curve.time do if curve.time[q] <= t then k = q end end
      local s, h, se = k > 0 and curve.survival[k] or 1, k > 0 and curve.cumhaz[k] or 0, k > 0
        and curve.se[k] or 0
      out.surv[i][c], out.cumhaz[i][c], out.se_surv[i][c] = s, h, s * se
      out.lower[i][c], out.upper[i][c] = s * math.exp(-z * se), math.min(1, s * math.exp(z * se))
    end
  end
  return out
end

-- --- columns -------------------------------------------------------------------------------------

local function map(n, f)
  local out = { n = n }
  for i = 1, n do out[i] = f(i) end
  return out
end

-- 1 where the factor has the level.
local function is(column, level)
  return map(#column, function(i) return column[i] == level and 1 or 0 end)
end
local function times(a, b) return map(#a, function(i) return a[i] and b[i] and a[i] * b[i] end) end

local function factor(column) return shapes.named(column, "=") end

local function surv(d, time, status, start)
  return core.surv.new { time = d:column(time or "time"), status = d:column(status or "status"),
    start = start and d:column(start) }
end

local function columns(d, names)
  local out = {}
  for i, name in ipairs(names) do out[i] = d:column(name) end
  return out
end

-- --- the cases -----------------------------------------------------------------------------------

-- The median of a predicted curve, with the limits of its log band.
local function median(c)
  local z = core.dist.norm_quantile(0.975)
  local lower, upper = {}, {}
  for i = 1, #c.time do lower[i], upper[i] = core.cox.limits("log", c.survival[i], c.se[i], z) end
  local function first(y)
    for i = 1, #c.time do if y[i] and y[i] <= 0.5 + 1.5e-8 then return c.time[i] end end
  end
  return { estimate = first(c.survival), lower = first(lower), upper = first(upper) }
end

M["cox-test1-byhand"] = function(s)
  local d, out = s.data "test1", {}
  local y, x = surv(d), { d:column "x" }
  for _, ties in ipairs { "breslow", "efron" } do
    local fit
    out[ties], fit = outcome(y, x, { ties = ties })
    out[ties .. "_resid"] = fits.residuals(fit)
    out[ties .. "_beta_closed_form"] = fit.coef[1]
    local curve = fit:path { x = { 0 } }
    local x0, m = at({ curve }, { 1, 6, 9 }), median(curve)
    x0.median, x0.median_lower, x0.median_upper = { m.estimate }, { m.lower }, { m.upper }
    out[ties .. "_surv_x0"] = x0
  end
  out.exact_loglik_limit = core.cox.fit(y, x, { ties = "exact" }).loglik
  out.exact_coef = core.cox.fit(y, x, { ties = "exact" }).status[1] == "infinite"
    and math.huge or nil
  local zero = core.cox.fit(y, x, { ties = "efron", at = { 0 } })
  local score = zero:residuals("score")[1]
  out.efron_resid_at_0 = { martingale = zero:residuals("martingale"), score = score }
  local total = 0
  for i = 1, #score do total = total + score[i] end
  out.efron_score_vector_at_0 = total
  -- the score test is U^2 / I
  out.efron_information_at_0 = total ^ 2 / core.cox.fit(y, x, { ties = "efron" }).score.statistic
  return out
end

M["cox-test2-byhand"] = function(s)
  local d, out = s.data "test2", {}
  for _, ties in ipairs { "breslow", "efron" } do
    local fit
    out[ties], fit = outcome(surv(d, "stop", "event", "start"), { d:column "x" }, { ties = ties })
    out[ties .. "_resid"] = fits.residuals(fit)
    local all, b = { time = {}, cumhaz = {} }, fit:baseline(true)[1]
    out[ties .. "_basehaz"] = all
    local fixed = core.cox.fit(surv(d, "stop", "event", "start"), { d:column "x" },
      { ties = ties, at = { math.log(2) } })
    if ties == "breslow" then
      out.breslow_score_resid_at_log2, out.schoenfeld_at_log2 = fixed:residuals("score")[1],
        fixed:residuals("schoenfeld")[1]
    end
    -- basehaz has the times of all rows; ours has those of events.
    local stops = {}
    for i = 1, #d do stops[d:column "stop"[i]] = true end
    for t in pairs(stops) do all.time[#all.time + 1] = t end
    table.sort(all.time)
    for i, t in ipairs(all.time) do
      all.cumhaz[i] = 0
      for k = 1, #b.time do if b.time[k] <= t then all.cumhaz[i] = b.cumhaz[k] end end
    end
  end
  return out
end

M["cox-test3-weights-byhand"] = function(s)
  local d = s.data "test3"
  local y, x, w = surv(d), { d:column "x" }, d:column "wt"
  local out, fb, fe = {}, nil, nil
  out.breslow_weighted, fb = outcome(y, x, { ties = "breslow", weights = w })
  out.efron_weighted, fe = outcome(y, x, { weights = w })
  out.breslow_mart, out.efron_mart = fb:residuals(), fe:residuals()
  -- The rows written out, as R does: a comparison with frequency weights is in t_cox.
  local time, status, copies = {}, {}, {}
  for i = 1, #d do
    for _ = 1, w[i] do
      time[#time + 1], status[#status + 1], copies[#copies + 1] = d:column "time"[i],
        d:column "status"[i], x[1][i]
    end
  end
  local written = core.surv.new { time = time, status = status }
  out.efron_replicated = outcome(written, { copies })
  out.breslow_replicated = outcome(written, { copies }, { ties = "breslow" })
  out.efron_robust = outcome(y, x, { weights = w, robust = true })
  return out
end

M["cox-lung-ties"] = function(s)
  local d, out, fit = s.data "lung", {}, nil
  for _, ties in ipairs { "efron", "breslow", "exact" } do
    out[ties], fit = outcome(surv(d), columns(d, { "age", "sex", "ph.ecog" }), { ties = ties })
  end
  out.n_dropped = fit.missing
  return out
end

M["cox-lung-zph"] = function(s)
  local d, out = s.data "lung", {}
  for _, ties in ipairs { "efron", "breslow" } do
    local fit = core.cox.fit(surv(d), columns(d, { "age", "sex", "ph.karno", "wt.loss" }),
      { ties = ties })
    out[ties] = {}
    for _, transform in ipairs { "km", "identity", "rank", "log" } do
      out[ties][transform] = fits.zph(fit, transform)
    end
  end
  return out
end

M["cox-lung-resid"] = function(s)
  local d = s.data "lung"
  return fits.residuals(core.cox.fit(surv(d), columns(d, { "age", "sex" })))
end

M["cox-veteran-strata"] = function(s)
  local d = s.data "veteran"
  local out, fit = outcome(surv(d), columns(d, { "trt", "karno", "age" }),
    { strata = d:column "celltype" })
  out = { fit = out, zph = { km = fits.zph(fit, "km"), identity = fits.zph(fit, "identity") } }
  local first = at({ fit:path { x = { 1, 60, 55 }, stratum = 1 } }, { 50, 100, 200 })
  local second = at({ fit:path { x = { 2, 80, 65 }, stratum = 3 } }, { 50, 100, 200 })
  for name, values in pairs(second) do
    for _, v in ipairs(values) do table.insert(first[name], v) end
  end
  first.time = { 50, 100, 200, 50, 100, 200 }
  first.median, first.median_lower, first.median_upper = {}, {}, {}
  for i, subject in ipairs { { { 1, 60, 55 }, 1 }, { { 2, 80, 65 }, 3 } } do
    local m = median(fit:path { x = subject[1], stratum = subject[2] })
    first.median[i], first.median_lower[i], first.median_upper[i] = { m.estimate }, m.lower, m.upper
  end
  out.surv_newdata = first
  out.lp_zero, out.lp_strata_centered = {}, {}
  local names, cell = { "trt", "karno", "age" }, d:column "celltype"
  local function stratum_mean(name, level)
    local x, sum, n = d:column(name), 0, 0
    for i = 1, #d do if cell[i] == level then sum, n = sum + x[i], n + 1 end end
    return sum / n
  end
  for i, subject in ipairs { { { 1, 60, 55 }, 1 }, { { 2, 80, 65 }, 3 } } do
    local lp = 0
    for j, name in ipairs(names) do
      lp = lp + fit.coef[j] * (subject[1][j] - stratum_mean(name, cell.levels[subject[2]]))
    end
    out.lp_strata_centered[i] = lp
  end
  for i, x in ipairs { { 1, 60, 55 }, { 2, 80, 65 } } do
    out.lp_zero[i] = fit.coef[1] * x[1] + fit.coef[2] * x[2] + fit.coef[3] * x[3]
  end
  return out
end

M["cox-veteran-factor-tests"] = function(s)
  local d = s.data "veteran"
  local y, karno, cell = surv(d), d:column "karno", d:column "celltype"
  local arm = map(#d, function(i) return d:column "trt"[i] - 1 end)
  local small, adeno, large = is(cell, "smallcell"), is(cell, "adeno"), is(cell, "large")
  local fits, out = {}, { loglik = {}, lr_chisq = {}, lr_df = {}, lr_p = {}, aic = {},
    bic_with_events = {} }
  fits[1] = core.cox.fit(y, { karno })
  out.model2, fits[2] = outcome(y, { karno, small, adeno, large })
  out.model3, fits[3] = outcome(y, { karno, small, adeno, large, arm, times(small, arm),
    times(adeno, arm), times(large, arm) })
  local wald = fits[2]:wald_of { 2, 3, 4 }
  out.celltype_wald = { stat = wald.statistic, df = wald.df, p = wald.p }
  for i, f in ipairs(fits) do
    out.loglik[i], out.aic[i] = f.loglik, 2 * f.rank - 2 * f.loglik
    out.bic_with_events[i] = f.rank * math.log(f.events) - 2 * f.loglik
    if i > 1 then
      out.lr_chisq[i], out.lr_df[i] = 2 * (f.loglik - fits[i - 1].loglik), f.rank - fits[i - 1].rank
      out.lr_p[i] = core.dist.chisq_upper(out.lr_chisq[i], out.lr_df[i])
    end
  end
  return out
end

M["cox-heart-startstop"] = function(s)
  local d = s.data "heart"
  local y = surv(d, "stop", "event", "start")
  local age, surgery, transplant = d:column "age", d:column "surgery", d:column "transplant"
  local x, out, fit = columns(d, { "age", "year", "surgery", "transplant" }), {}, nil
  out.efron, fit = outcome(y, x)
  out.cluster = outcome(y, x, { cluster = factor(d:column "id") })
  out.breslow_interaction = outcome(y, { age, surgery, transplant, times(age, transplant),
    times(surgery, transplant) },
    { ties = "breslow" })
  local when = { 30, 60, 61, 100, 300 }
  local p = at({ fit:path { x = { 3, 3, 0, 0, 3, 3, 0, 1 }, from = { 0, 60 }, to = { 60, 500 } } },
    when)
  out.path = { time = when, surv = {}, se = {} }
  for i = 1, #when do out.path.surv[i], out.path.se[i] = p.surv[i][1], p.se_surv[i][1] end
  local sums, martingale = {}, fit:residuals()
  for i = 1, #d do
    local id = d:column "id"[i]
    if id <= 5 then sums[id] = (sums[id] or 0) + martingale[i] end
  end
  out.martingale_sum_by_first5_id = sums
  return out
end

M["cox-bladder-wlw"] = function(s)
  local d = s.data "bladder"
  local y, opt = surv(d, "stop", "event"),
    { strata = factor(d:column "enum"), cluster = factor(d:column "id") }
  local x = columns(d, { "rx", "size", "number" })
  local out = { common = outcome(y, x, opt) }
  local all = { table.unpack(x) }
  for j = 1, 3 do
    for k = 2, 4 do
      all[#all + 1] = map(#d, function(i) return d:column "enum"[i] == k and x[j][i] or 0 end)
    end
  end
  out.full = outcome(y, all, opt)
  return out
end

M["cox-offset-weights"] = function(s)
  local d = s.data "lung"
  local y, sex, age = surv(d), d:column "sex", d:column "age"
  local copies = map(#d, function(i) return 1 + i % 3 end)
  local shares = map(#d, function(i) return ({ 0.5, 1, 1.7 })[1 + i % 3] end)
  return { offset = outcome(y, { sex }, {
    offset = map(#d, function(i) return 0.02 * (age[i] - 60) end) }),
    weights_robust = outcome(y, { sex, age }, { weights = shares, robust = true }),
    integer_model = outcome(y, { sex, age }, { weights = copies }),
    unweighted_robust = outcome(y, { sex, age }, { robust = true }) }
end

-- The endpoint of a data set as a script has it.
local function endpoint(d, time, status, where)
  local cohort = require("lunation").cohort(require("lunation.data.table").new(d))
  if where then cohort = cohort:where(where) end
  return cohort:survival { time = time or "time", event = status or "status", is = 1 }
end

local function fit_se(p) return { fit = p.fit, se = p.se } end

-- sf_out of the curves of several subjects. median: with the limits of the curve's own band.
local function curves_of(fit, subjects, times, conf_type)
  local out = { time = times, surv = {}, se_surv = {}, lower = {}, upper = {}, cumhaz = {},
    median = {}, median_lower = {}, median_upper = {} }
  for c, x in ipairs(subjects) do
    local curve = fit:curve { x = x, conf_type = conf_type }
    for i, t in ipairs(times) do
      local v = curve:at(t)
      for name, value in pairs { surv = v.survival, se_surv = v.se, lower = v.lower,
        upper = v.upper, cumhaz = v.cumhaz } do
        out[name][i] = out[name][i] or {}
        out[name][i][c] = value
      end
    end
    local m = curve:median()
    out.median[c], out.median_lower[c], out.median_upper[c] = { m.estimate }, m.lower, m.upper
  end
  return out
end

-- ph.ecog as a factor; level 3 has one patient and is left out.
M["cox-predict-lung"] = function(s)
  local d = s.data "lung"
  local fit = endpoint(d, "time", "status", "`ph.ecog` < 3"):cox("age + factor(`ph.ecog`)")
  local new = { age = { 50, 70, 60 }, ["ph.ecog"] = { 0, 1, 2 }, time = { 300, 300, 500 } }
  local function predict(type, reference)
    return fit_se(fit:predict { type = type, newdata = new, reference = reference, se = true })
  end
  local subjects = {}
  for i = 1, 3 do subjects[i] = { age = new.age[i], ["ph.ecog"] = new["ph.ecog"][i] } end
  local out = { means = fit.fit.means, lp = predict "lp", lp_zero = predict("lp", "zero"),
    risk = predict "risk", expected = predict "expected",
    survival = predict "survival", surv = curves_of(fit, subjects, { 100, 300, 600 }),
    surv_loglog = curves_of(fit, subjects, { 100, 300, 600 }, "log-log"),
    base0 = fits.baseline_at(fit, { 100, 300, 600 }), fit = fits.outcome_of(fit) }
  out.risk.se_delta = out.risk.se
  -- What R prints is not the delta method's: sqrt(risk) in place of risk.
  out.risk.se, out.risk.se_R_prints = nil, {}
  for i = 1, 3 do out.risk.se_R_prints[i] = out.risk.se_delta[i] / math.sqrt(out.risk.fit[i]) end
  return out
end

M["cox-spline-rcs"] = function(s)
  local e = endpoint(s.data "rotterdam", "dtime", "death")
  local fit = e:cox("rcs(age, {35, 50, 60, 75}) + nodes")
  local test, effect = fit:nonlinearity("rcs(age, {35, 50, 60, 75})"),
    fit:effect("age", { at = { 70 }, reference = 40 })
  local ns = e:cox("ns(age, {45, 55, 65}, {30, 80}) + nodes")
  local lp = ns:predict { newdata = { age = { 40, 55, 70 }, nodes = 0 }, reference = "zero" }
  return { rcs = fits.outcome_of(fit), nonlinear_wald = test.statistic, nonlinear_lr = test.lr.statistic,
    loghr_70_vs_40 = effect.log_hr[1],
    se_loghr = effect.se[1], ns_loglik = ns.loglik, ns_lp_age_40_55_70 = lp.fit }
end

M["cox-tt"] = function(s)
  local e, out = endpoint(s.data "veteran"), {}
  for _, ties in ipairs { "efron", "breslow" } do
    out[ties] = fits.shape(e:cox("trt + karno + tt(karno)", { ties = ties, tt = "x * log(t + 20)" }).fit)
  end
  return out
end

M["cox-concordance"] = function(s)
  local d = s.data "lung"
  local y, x = surv(d), columns(d, { "age", "sex", "ph.ecog" })
  local fit = core.cox.fit(y, x)
  local function shown(opt)
    local c = concordance(y, fit, opt)
    return { C = c.estimate, var = c.variance, counts = { c.concordant, c.discordant, c.tied_marker,
      c.tied_time, c.tied_both } }
  end
  local out = { n_ymax500 = shown { ["until"] = 500 } }
  for name, weight in pairs { n = "n", S = "S", S_over_G = "S/G", n_over_G2 = "n/G2", I = "I" } do
    out[name] = shown { timewt = weight }
  end
  local ecog = d:column "ph.ecog"
  local kept = { time = {}, status = {} }
  local age, sex, strata = {}, {}, {}
  for i = 1, #d do
    if ecog[i] then
      local k = #age + 1
      kept.time[k], kept.status[k], age[k], sex[k] = d:column "time"[i], d:column "status"[i],
        x[1][i], x[2][i]
      strata[k] = math.tointeger(ecog[i] + 1)
    end
  end
  local ys = core.surv.new(kept)
  out.stratified = concordance(ys, core.cox.fit(ys, { age, sex }, { strata = strata }),
    { strata = strata }).estimate
  local _, marker = concordance(y, fit)
  out.gonen_heller = core.concord.gonen_heller(marker)
  return out
end

-- Immortal time: surgery as a baseline group, from a landmark, as a time-dependent covariate.
M["landmark-hcc"] = function(s)
  local d = s.data "hcc_sim"
  local day, died, cut = d:column "os_day", d:column "os", d:column "surgery_day"
  local out = { naive = (outcome(surv(d, "os_day", "os"), { d:column "surgery" })), n_with_ge = 0,
    n_surgery_day_equals_os_day = 0 }
  local kept, group, x, operated = { time = {}, status = {} }, {}, {}, 0
  local rows_of = { start = {}, time = {}, status = {} }
  local tx, haic, ecog, arm = {}, {}, {}, {}
  local function add(i, from, to, event, treated)
    local k = #tx + 1
    rows_of.start[k], rows_of.time[k], rows_of.status[k], tx[k], arm[k] = from, to, event, treated,
      "tx=" .. treated
    haic[k], ecog[k] = d:column "haic"[i], d:column "ecog"[i]
  end
  for i = 1, #d do
    local changed = cut[i] and cut[i] < day[i]
    if day[i] >= 120 then out.n_with_ge = out.n_with_ge + 1 end
    if cut[i] == day[i] then
      out.n_surgery_day_equals_os_day = out.n_surgery_day_equals_os_day + 1
    end
    if changed then
      add(i, 0, cut[i], 0, 0)
      add(i, cut[i], day[i], died[i], 1)
    else
      add(i, 0, day[i], died[i], 0)
    end
    if day[i] > 120 then
      local k = #x + 1
      kept.time[k], kept.status[k], x[k] = day[i] - 120, died[i], cut[i]
        and cut[i] <= 120 and 1 or 0
      group[k], operated = "s=" .. x[k], operated + x[k]
    end
  end
  local y, by = core.surv.new(kept), core.column.factor(group, { "s=0", "s=1" })
  local function at_times(response, factor_of, when)
    return shapes.at(km.fit({ surv = response, title = "", unit = "days" },
      { by = factor_of, beyond = "extend" }), when)
  end
  out.landmark_gt = { n = #x, n_surg = operated, cox = (outcome(y, { x })),
    logrank = shapes.logrank(core.logrank.test(y, { by = by })),
    km = at_times(y, by, { 180, 365 }) }
  local split = core.surv.new(rows_of)
  out.tdc_rows, out.tdc = #tx, (outcome(split, { tx, haic, ecog }))
  out.simon_makuch = at_times(split, core.column.factor(arm, { "tx=0", "tx=1" }), { 180, 365, 730 })
  return out
end

-- coxphf stops early; the case's tolerance knows it.
M["cox-firth"] = function(s)
  local d = s.data "monotone_open"
  local fit = core.cox.fit(surv(d), columns(d, { "x", "z" }), { ties = "breslow" })
  local f = fit:firth()
  local out = { coef = f.coef, se = f.se, pl_p = f.p, pl_lower_hr = {}, pl_upper_hr = {},
    penalised_loglik = { f.loglik_null, f.loglik } }
  local ml = core.cox.fit(surv(d), columns(d, { "x", "z" }))
  out.ml, out.wald_p = { loglik = ml.loglik, loglik_null = ml.loglik_null }, {}
  for j = 1, 2 do
    out.pl_lower_hr[j], out.pl_upper_hr[j] = math.exp(f.lower[j]), math.exp(f.upper[j])
    out.wald_p[j] = core.dist.chisq_upper((f.coef[j] / f.se[j]) ^ 2, 1)
  end
  return out
end

return M
