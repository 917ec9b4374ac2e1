-- SPDX-License-Identifier: GPL-3.0-or-later
-- regression: R's coxph and what is asked of it, computed by this program.
local args_of = require "tests.reference.r.args"
local core = require "lunation.core"
local fits = dofile("tests/reference/fits.lua")
local eval = require "tests.reference.r.eval"
local model = require "tests.reference.r.model"
local survival = require "tests.reference.r.survival"
local value = require "tests.reference.r.value"

local fn, scalar, of_formula, option = args_of.fn, args_of.scalar, survival.of_formula,
  survival.option
local map, one, new = value.map, value.one, value.new
local F = {}
local M = { functions = F }

local function vector(x, n) return map(n or #x, function(i) return x[i] end) end
local function square(rows, n) return value.matrix(n, n, function(i, j) return rows[i][j] end) end

-- --- fits
-- ------------------------------------------------------------------------------------------------

local Cox = {}
Cox.__index = Cox
M.class = Cox

local function transform(f, env)
  return f and function(x, t)
    return model.column(eval.call(f, { model.vector(x), model.vector(t), n = 2 }, {}, env))
  end
end

local cox_of = of_formula("formula data weights subset na.action init control ties singular.ok robust", function(m, a, env)
  local endpoint = m:endpoint(survival.timefix(a, env), a.subset and m:eval(a.subset))
  local cluster = m.cluster or m:eval(a.cluster)
  local text, robust = m.text, option(a.robust, env)
  if cluster then
    endpoint.cohort = endpoint.cohort:derive("..cluster", m:gather(cluster))
    text = text .. " + cluster(`..cluster`)"
  end
  local weights = m:gather(m:eval(a.weights))
  if robust == nil and weights and not cluster then
    robust = false
    for i = 1, #weights do robust = robust or weights[i] and weights[i] ~= weights[i] // 1
      or false end
  end
  local ties = option(a.ties or a.method, env, "efron")
  local opt = { ties = ties, weights = weights, robust = robust,
    tt = transform(a.tt and eval.eval(a.tt, env), env) }
  local fit = require("lunation.surv.cox").fit(endpoint, text, opt)
  local at = a.init and option(a["iter.max"], env) == 0 and { table.unpack(eval.eval(a.init, env)) }
  return setmetatable({ fit = fit, core = at and core.cox.fit(endpoint.surv, fit.design,
    { ties = ties, at = at }) or fit.fit,
    model = m, weights = weights, env = env, node = a }, Cox)
end)

--- Fits to the rows of survival::finegray, set by competing.lua: f(nodes by parameter, data, env).
M.expanded = false

F.coxph = { special = function(nodes, env)
  local a = survival.nodes("formula data", nodes)
  local data = a.data and eval.eval(a.data, env)
  if data and data.finegray then return M.expanded(a, data.finegray, env) end
  return cox_of.special(nodes, env)
end }

local FIELDS = {}
function FIELDS.means(f) return vector(f.means) end
function FIELDS.loglik(f) return new { f.loglik_null, f.loglik } end
function FIELDS.n(f) return one(f.n) end
function FIELDS.nevent(f) return one(f.events) end
function FIELDS.score(f) return one(f.score.statistic) end
function FIELDS.rscore(f) return one(f.robust_score.statistic) end
function FIELDS.var(f) return square(f.vcov, #f.coef) end
FIELDS["wald.test"] = function(f) return one(f.wald.statistic) end
FIELDS["naive.var"] = function(f) return f.robust and square(f.naive_vcov, #f.coef)
  or new({ list = true }, 0) end
FIELDS["linear.predictors"] = function(f) return vector(f:linear()) end
FIELDS.residuals = function(f) return vector(f:residuals()) end

-- The coefficients by R's names: a level stands right behind its factor.
function FIELDS.coefficients(f, names)
  local out = vector(f.coef)
  out.names = {}
  for j, name in ipairs(names) do
    out.names[j] = name:gsub("`", ""):gsub(": ", ""):gsub(" × ", ":")
  end
  return out
end

function Cox:get(name) return (FIELDS[name] or error("coxph: there is no field " .. name,
  0))(self.core, self.fit.names) end

function F.coef(args) return args[1]:get "coefficients" end
F.coefficients = F.coef
function F.vcov(args) return args[1]:get "var" end

local function rank(f) return f.core.rank end
function F.AIC(args) return one(2 * rank(args[1]) - 2 * args[1].core.loglik) end
function F.BIC(args) return one(rank(args[1]) * math.log(args[1].core.events) - 2 * args[1].core.loglik) end
function F.logLik(args) return one(args[1].core.loglik) end

-- Models one within the next.
function F.anova(args)
  local out = { { "loglik", {} }, { "Chisq", {} }, { "Df", {} }, { "P", {} } }
  for i = 1, args.n do
    local f, before = args[i].core, i > 1 and args[i - 1].core
    out[1][2][i] = f.loglik
    if before then
      out[2][2][i], out[3][2][i] = math.abs(2 * (f.loglik - before.loglik)),
        math.abs(f.rank - before.rank)
      out[4][2][i] = core.dist.chisq_upper(out[2][2][i], out[3][2][i])
    end
  end
  for _, c in ipairs(out) do c[2] = new(c[2], args.n) end
  return value.list(out)
end

F["coxph.control"] = function(args, names)
  local out = {}
  for i = 1, args.n do out[i] = { names[i] or "eps", args[i] } end
  return value.list(out)
end

-- --- residuals
-- ---------------------------------------------------------------------------------------------

local MATRIX = { score = true, schoenfeld = true, scaledsch = true, dfbeta = true, dfbetas = true }
local OURS = { scaledsch = "scaled_schoenfeld" }

F.resid = fn("object type collapse weighted times", function(a)
  if a.object.residuals then return a.object:residuals(a) end
  local type, f = scalar(a.type, "martingale"), a.object.core
  local x = f:residuals(OURS[type] or type)
  local out = MATRIX[type] and value.matrix(#x[1], #x, function(i, j) return x[j][i] end)
    or vector(x)
  if out.ncol == 1 then out.nrow, out.ncol = nil, nil end
  if not a.collapse then return out end
  local sums, at, order = {}, {}, value.distinct(a.collapse)
  for k, v in ipairs(order) do sums[k], at[v] = 0, k end
  for i = 1, out.n do sums[at[a.collapse[i]]] = sums[at[a.collapse[i]]] + out[i] end
  return new(sums)
end)
F.residuals = F.resid

F.resid_all = fn("f", function(a)
  local x, list = fits.residuals(a.f.core), {}
  for _, name in ipairs(require("lunation.base.suggest").keys(x)) do
    local v = x[name]
    if type(v) == "table" and type(v[1]) == "table" then
      local rows = { list = true }
      for i, row in ipairs(v) do rows[i] = new { array = true, table.unpack(row) } end
      v = new(rows)
    else v = vector(v) end
    v.array = true
    list[#list + 1] = { name, v }
  end
  return value.list(list)
end)

-- --- answers in the reference's shapes
-- ------------------------------------------------------------------------

F.cox_out = fn("f conc", function(a)
  return value.plain_table(fits.outcome_of(a.f.fit, a.f.weights,
    scalar(a.conc) == false or a.f.core.ties == "exact" or a.f.fit.transforms ~= nil))
end)

F.zph_out = fn("f transforms", function(a)
  local out = {}
  for _, transform_name in ipairs(a.transforms or { "km", "identity", "rank", "log" }) do
    out[transform_name] = fits.zph(a.f.core, transform_name, a.f.fit.design.term)
  end
  return value.plain_table(out)
end)

F["cox.zph"] = fn("fit transform terms", function(a)
  local by = scalar(a.terms, true) and a.fit.fit.design.term or nil
  local z = fits.zph(a.fit.core, scalar(a.transform, "km"), by)
  local cols = { "chisq", "df", "p" }
  return value.list { { "table", value.matrix(#z.chisq, 3, function(i, j) return z[cols[j]][i] end,
    nil, cols) } }
end)

local function centred(a) return scalar(a.centered, true) end
F.basehaz = fn("fit centered", function(a)
  local time, hazard = {}, {}
  for _, b in ipairs(fits.baseline(a.fit.fit, centred(a))) do
    for i, t in ipairs(b.time) do time[#time + 1], hazard[#hazard + 1] = t, b.cumhaz[i] end
  end
  return value.frame { { "hazard", new(hazard) }, { "time", new(time) } }
end)

-- The baseline at all times (centred, as basehaz is), or at given times (not centred).
F.bh = fn("fit times", function(a)
  if not a.times then
    local out = { time = {}, cumhaz = {} }
    for _, b in ipairs(fits.baseline(a.fit.fit, true)) do
      for i, t in ipairs(b.time) do out.time[#out.time + 1], out.cumhaz[#out.cumhaz + 1] = t,
        b.cumhaz[i] end
    end
    return value.plain_table(out)
  end
  return value.plain_table(fits.baseline_at(a.fit.fit, { table.unpack(a.times, 1, a.times.n) }))
end)

-- --- what summary() of a model shows
-- ----------------------------------------------------------------

local function tested(x)
  local out = new({ x and x.statistic, x and x.df, x and x.p }, 3)
  out.names = { "test", "df", "pvalue" }
  return out
end

function Cox:summary()
  local f, o = self.core, fits.outcome_of(self.fit, self.weights, self.fit.transforms ~= nil)
  local p = #f.coef
  local cols = { { "coef", o.coef }, { "exp(coef)", o.hr },
    { "se(coef)", f.robust and o.naive_se or o.se } }
  if f.robust then cols[4] = { "robust se", o.se } end
  cols[#cols + 1], cols[#cols + 2] = { "z", o.z }, { "Pr(>|z|)", o.p }
  local names, limits = {}, { "exp(coef)", "exp(-coef)", "lower .95", "upper .95" }
  for j, c in ipairs(cols) do names[j] = c[1] end
  local c = o.harrell_c and new { o.harrell_c.C, o.harrell_c.se } or new({}, 2)
  c.names = { "C", "se(C)" }
  return value.list { { "n", one(f.n) }, { "nevent", one(f.events) },
    { "coefficients", value.matrix(p, #cols, function(i, j) return cols[j][2][i] end, nil, names) },
    { "conf.int", value.matrix(p, 4, function(i, j)
      return ({ o.hr[i], o.hr[i] and 1 / o.hr[i], o.hr_lower95[i], o.hr_upper95[i] })[j]
    end, nil, limits) },
    { "concordance", c }, { "logtest", tested(f.lr) }, { "waldtest", tested(f.wald) },
    { "sctest", tested(f.score) }, { "robscore", tested(f.robust_score) } }
end

--- Wald limits of the coefficients.
function Cox:confint()
  local z = core.dist.norm_quantile(0.975)
  return value.matrix(#self.core.coef, 2, function(i, j)
    local b, se = self.core.coef[i], self.core.se[i]
    return b and se and b + (j == 1 and -z or z) * se
  end)
end

-- --- concordance
-- ----------------------------------------------------------------------------------------------

local function concordance_list(c)
  local counts = new { c.concordant, c.discordant, c.tied_marker, c.tied_time, c.tied_both }
  return value.list { { "concordance", one(c.estimate) }, { "var", one(c.variance) },
    { "count", counts } }
end

-- Of a fit, or of a formula: there larger means later unless reversed.
F.concordance = of_formula("formula data weights subset", function(m, a, env)
  local endpoint = m:endpoint()
  local x, sign = m.columns[m.order[1]], option(a.reverse, env) and 1 or -1
  local marker = m:gather(map(x.n, function(i) return x[i] and sign * args_of.number(x[i]) end))
  return concordance_list(core.concord.new(endpoint.surv, marker,
    { timewt = option(a.timewt, env, "n"), ["until"] = option(a.ymax, env),
    weights = m:gather(m:eval(a.weights)) }))
end, function(fit, a, env)
  return concordance_list(core.concord.new(fit.fit.endpoint.surv, fit.fit:_linear(),
    { timewt = option(a.timewt, env, "n"),
    ["until"] = option(a.ymax, env), strata = fit.fit.design.strata,
      cluster = fit.fit.design.cluster, weights = fit.weights }))
end)

-- --- Firth's penalty
-- ---------------------------------------------------------------------------------------------

F.coxphf = of_formula("formula data pl", function(m, a, env)
  local endpoint = m:endpoint()
  local f = core.cox.fit(endpoint.surv, require("lunation.surv.cox_model").design(endpoint,
    m.text), { ties = "breslow" }):firth()
  local n = #f.coef
  local z = core.dist.norm_quantile(0.975)
  local pl = option(a.pl, env, true)
  local function limit(side, sign) return map(n,
    function(j) return math.exp(pl and f[side][j] or f.coef[j] + sign * z * f.se[j]) end) end
  return value.list { { "coefficients", vector(f.coef, n) },
    { "var", value.matrix(n, n, function(i, j) return i == j and f.se[i] ^ 2 or 0 / 0 end) },
    { "ci.lower", limit("lower", -1) }, { "ci.upper", limit("upper", 1) },
    { "prob", map(n, function(j) return pl and f.p[j]
      or core.dist.chisq_upper((f.coef[j] / f.se[j]) ^ 2, 1) end) },
    { "loglik", new { f.loglik_null, f.loglik } } }
end)

-- --- performance
-- ----------------------------------------------------------------------------------

local function at_time(fit, t, roc, brier, thresholds)
  local c = fit:calibration { at = t, groups = 5, thresholds = thresholds }
  local groups, of_model, of_all = {}, {}, {}
  for g, v in ipairs(c.groups) do groups[g] = { v.n, v.predicted, v.observed } end
  for i, b in ipairs(c.net_benefit) do of_model[i], of_all[i] = b.model, b.all end
  return { time = t, auc_ipcw = roc.auc, brier = brier.brier, brier_null_km = brier.null,
    mean_pred_risk = c.predicted, observed_risk = c.observed.observed,
    calibration_quintiles = groups, dca_thresholds = thresholds, net_benefit_model = of_model,
    net_benefit_all = of_all }
end

-- Of a model on its own rows.
F.perf = fn("f d time status times thresholds", function(a)
  local fit, times, out = a.f.fit, { table.unpack(a.times) }, {}
  local roc, brier = fit:roc { times = times }, fit:brier { times = times }
  for k, t in ipairs(times) do
    out["t" .. value.text(t)] = at_time(fit, t, roc.points[k], brier.points[k],
      { table.unpack(a.thresholds) })
  end
  return value.plain_table(out)
end)

F.timeROC = fn("T delta marker", function(a)
  local surv = core.surv.new { time = model.column(a.T), status = model.column(a.delta) }
  local marker, points = model.column(a.marker), { auc = {}, se = {} }
  for k = 1, a.times.n do
    local p = core.performance.auc(surv, marker, { time = a.times[k], cause = 0,
      variance = "timeroc" })
    points.auc[k], points.se[k] = p.auc, p.se
  end
  return value.list { { "AUC", new(points.auc) },
    { "inference", value.list { { "vect_sd_1", new(points.se) } } } }
end)

return M
