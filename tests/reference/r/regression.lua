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
function FIELDS.coefficients(f) return vector(f.coef) end
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

function Cox:get(name) return (FIELDS[name] or error("coxph: there is no field " .. name,
  0))(self.core) end

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

-- --- other rows
-- -----------------------------------------------------------------------------------------------

-- The model's variables over newdata, by name; a variable that newdata does not have is left out.
local function newdata_of(self, nd)
  local env, out = eval.frame_env(nd, self.env), {}
  for _, name in ipairs(self.model.order) do
    local ok, x = pcall(eval.eval, self.model.nodes[name], env)
    if ok and value.is(x) and x.n == nd.frame then
      local own = self.model.columns[name]
      if own.levels and not x.levels then x = value.factor(x, own.levels) end
      out[name] = map(x.n, function(i) return args_of.number(x[i]) end)
    end
  end
  return out, env
end

local function times_of(self, env, out)
  local args = self.model.left_node.args
  local n = #args >= 3 and 2 or 1
  for k = 1, n do
    local ok, x = pcall(eval.eval, args[k].node, env)
    if ok then out[k == n and "..time" or "..start"] = x end
  end
end

local function columns_of(nd)
  local out = {}
  for name, x in pairs(nd) do out[name] = { n = x.n, table.unpack(x, 1, x.n) } end
  return out
end

F.predict = fn("object newdata type se.fit reference", function(a)
  local self = a.object
  if self.predict then return self:predict(a) end
  local type, given = scalar(a.type, "lp"), nil
  if a.newdata then
    local nd, env = newdata_of(self, a.newdata)
    times_of(self, env, nd)
    given = columns_of(nd)
  end
  local p = self.fit:predict { type = type, newdata = given, reference = scalar(a.reference),
    se = true, time = "..time", start = "..start" }
  -- Rows that the model leaves out have no place in R's predictions of its own rows.
  local rows = given and value.positions(nil, p.n) or self.core.used
  local function pick(x) return map(#rows, function(i) return x[rows[i]] end) end
  local fit, se
  if type == "terms" then
    local terms = self.fit.design.terms
    fit = value.matrix(#rows, #terms, function(i, j) return p.fit[terms[j]][rows[i]] end)
    se = value.matrix(#rows, #terms, function(i, j) return p.se[terms[j]][rows[i]] end)
  else
    fit, se = pick(p.fit), pick(p.se)
    -- What R prints as the error of a risk is sqrt(risk) se(lp).
    if type == "risk" then se = map(#rows, function(i) return se[i]
      and se[i] / math.sqrt(fit[i]) end) end
  end
  if not scalar(a["se.fit"]) then return fit end
  return value.list { { "fit", fit }, { "se.fit", se } }
end)

-- --- predicted curves
-- ------------------------------------------------------------------------------------------

local Curves = {}
Curves.__index = Curves

local function at_row(nd, i)
  local x = {}
  for name, v in pairs(nd) do x[name] = v[i] end
  return x
end

-- The strata of a row of newdata: its own, or all of them.
local function strata_for(self, nd, i)
  local strata = self.fit.design.strata
  if not strata then return { false } end
  local names, words = {}, {}
  for _, v in ipairs(self.fit.design.formula.variables) do if v.kind == "strata" then names = v.columns end end
  for k, name in ipairs(names) do
    if not nd[name] then return strata.levels end
    words[k] = nd[name][i]
  end
  return { table.concat(words, ", ") }
end

local function path_of(self, nd, frame, env, opt)
  local path, times = {}, {}
  times_of(self, env, times)
  for i = 1, frame.frame do path[i] = { times["..start"][i], times["..time"][i],
    x = at_row(nd, i) } end
  return { self.fit:curve { path = path, conf_type = opt.conf_type, conf_level = opt.conf_level } }
end

function Cox:survfit(a, env)
  local opt = { conf_type = option(a["conf.type"], env, "log"),
    conf_level = option(a["conf.int"], env) }
  if opt.conf_type == "arcsin" then opt.conf_type = "arcsine" end
  local given = a.newdata or a.data
  local out = setmetatable({ curves = {}, stacked = false, fit = self.fit }, Curves)
  if not given then
    for _, s in ipairs(strata_for(self, {}, 1)) do
      out.curves[#out.curves + 1] = self.fit:curve { stratum = s or nil, conf_type = opt.conf_type,
        conf_level = opt.conf_level }
    end
    out.stacked = self.fit.design.strata ~= nil
    return out
  end
  local frame = eval.eval(given, env)
  local nd, inner = newdata_of(self, frame)
  if a.id then
    out.curves = path_of(self, nd, frame, inner, opt)
    return out
  end
  for i = 1, frame.frame do
    for _, s in ipairs(strata_for(self, nd, i)) do
      local x = at_row(nd, i)
      for _, v in ipairs(self.fit.design.formula.variables) do
        if v.kind == "strata" then for _, name in ipairs(v.columns) do x[name] = nil end end
      end
      out.curves[#out.curves + 1] = self.fit:curve { x = x, stratum = s or nil,
        conf_type = opt.conf_type, conf_level = opt.conf_level }
    end
  end
  out.stacked = self.fit.design.strata ~= nil
  return out
end

local VALUES = { surv = "survival", se_surv = "se", lower = "lower", upper = "upper",
  cumhaz = "cumhaz" }

local function shown(self, times)
  local out = { time = {}, median = {}, median_lower = {}, median_upper = {} }
  for name in pairs(VALUES) do out[name] = {} end
  for c, curve in ipairs(self.curves) do
    for i, t in ipairs(times) do
      local v, row = curve:at(t), self.stacked and (c - 1) * #times + i or i
      out.time[row] = t
      for name, field in pairs(VALUES) do
        out[name][row] = out[name][row] or {}
        out[name][row][self.stacked and 1 or c] = v[field]
      end
    end
    local m = curve:median()
    out.median[c], out.median_lower[c], out.median_upper[c] = #self.curves > 1 and { m.estimate }
      or m.estimate, m.lower, m.upper
  end
  return out
end

F.sf_out = { special = function(nodes, env)
  local fit = eval.eval(nodes[1].node, env)
  local curves = fit:survfit({ newdata = nodes[2].node, ["conf.type"] = nodes[4] and nodes[4].node,
    ["conf.int"] = nil }, env)
  local times = eval.eval(nodes[3].node, env)
  return value.plain_table(shown(curves, { table.unpack(times, 1, times.n) }))
end }

function Curves:summary(a)
  local list, curve = {}, self.curves[1]
  for name, field in pairs { surv = "survival", ["std.err"] = "se", lower = "lower",
    upper = "upper", cumhaz = "cumhaz", time = "time" } do
    list[#list + 1] = { name, map(a.times.n, function(i) return curve:at(a.times[i])[field] end) }
  end
  return value.list(list)
end

function Curves:get(name)
  local curve, field = self.curves[1], ({ surv = "survival", cumhaz = "cumhaz", time = "time",
    ["std.err"] = "se_cumhaz" })[name]
  return vector(curve[field or error("survfit: there is no field " .. name, 0)])
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
