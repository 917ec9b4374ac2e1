-- SPDX-License-Identifier: GPL-3.0-or-later
-- stats: regression of outcomes, propensity weights, restricted means, dated rows: what calls ask
-- of stats, logistf, nnet, survey, survRM2 and tmerge, computed by this program.
local args_of = require "tests.reference.r.args"
local core = require "lunation.core"
local eval = require "tests.reference.r.eval"
local lun = require "lunation"
local model = require "tests.reference.r.model"
local survival = require "tests.reference.r.survival"
local tables = require "tests.reference.r.tables"
local value = require "tests.reference.r.value"

local dist = core.dist
local fn, scalar, of_formula = args_of.fn, args_of.scalar, survival.of_formula
local map, new, one = value.map, value.new, value.one
local F = {}
local M = { functions = F }

local function vector(x, n) return map(n or #x, function(i) return x[i] end) end
local function named(x, names)
  x.names = names
  return x
end
local function array(x)
  x.array = true
  return x
end

-- --- logistic and multinomial regression
-- ---------------------------------------------------------------

-- A formula's outcome and variables as a cohort; the outcome is a factor.
local function cohort_of(m)
  local columns = { { "..y", model.column(args_of.as_factor(m.left)) } }
  for _, name in ipairs(m.order) do columns[#columns + 1] = { name,
    model.column(m.columns[name]) } end
  return lun.cohort(require("lunation.data.table").new(core.table.new(columns)))
end

local Logistic = {}
Logistic.__index = Logistic

local function logistic(options)
  return of_formula("formula family data weights subset", function(m)
    local cohort = cohort_of(m)
    local fit = cohort:logistic("`..y` ~ " .. m.text, options)
    return setmetatable({ fit = fit, f = fit.fit, cohort = cohort, text = m.text, model = m },
      Logistic)
  end)
end

F.glm, F.logistf = logistic(), logistic { firth = true }

function Logistic:k() return self.f.p + 1 end

local function vcov(f, k) return value.matrix(k, k,
  function(i, j) return f.vcov[(i - 1) * k + j] end) end

local LOGISTIC = {}
function LOGISTIC.coefficients(s) return vector(s.f.coef, s:k()) end
function LOGISTIC.var(s) return vcov(s.f, s:k()) end
function LOGISTIC.y(s)
  local _, y = s.fit:predictions()
  return vector(y)
end
LOGISTIC["fitted.values"] = function(s) return vector((s.fit:predictions())) end
function LOGISTIC.deviance(s) return one(-2 * s.f.loglik) end
LOGISTIC["null.deviance"] = function(s) return one(-2 * s.f.loglik_null) end
function LOGISTIC.aic(s) return one(2 * s.f.rank - 2 * s.f.loglik) end
function LOGISTIC.loglik(s) return new { s.f.loglik, s.f.loglik_null } end
function LOGISTIC.prob(s) return map(s:k(), function(i) return dist.chisq_upper(s.f.lr[i],
  1) end) end
LOGISTIC["ci.lower"] = function(s) return vector(s.f.lower, s:k()) end
LOGISTIC["ci.upper"] = function(s) return vector(s.f.upper, s:k()) end

function Logistic:get(name) return (LOGISTIC[name]
  or error("glm: there is no field " .. name, 0))(self) end

F.fitted = function(args) return args[1]:get "fitted.values" end
F["logistf.control"], F["logistpl.control"], F["glm.control"] = tables["data.frame"],
  tables["data.frame"], tables["data.frame"]
F.binomial = function() return one(0) end

F.confint = function(args)
  local s = args[1]
  if s.confint then return s:confint() end
  local f = s.cohort:logistic("`..y` ~ " .. s.text, { limits = "profile" }).fit
  return value.matrix(s:k(), 2, function(i, j) return f[j == 1 and "lower" or "upper"][i] end)
end

F.glm_out = fn("f", function(a)
  local s, f, k = a.f, a.f.f, a.f:k()
  local z = map(k, function(i) return f.coef[i] and f.se[i] and f.coef[i] / f.se[i] end)
  return value.list { { "coef", array(vector(f.coef, k)) }, { "se", array(vector(f.se, k)) },
    { "z", array(z) },
    { "p", array(map(k, function(i) return z[i] and 2 * dist.norm_upper(math.abs(z[i])) end)) },
      { "vcov", vcov(f, k) },
    { "deviance", s:get "deviance" }, { "null_deviance", s:get "null.deviance" },
      { "aic", s:get "aic" }, { "loglik", one(f.loglik) } }
end)

local Multinom = {}
Multinom.__index = Multinom

F.multinom = of_formula("formula data weights", function(m)
  local fit = cohort_of(m):multinomial("`..y` ~ " .. m.text)
  return setmetatable({ fit = fit, f = fit.fit, levels = fit.levels }, Multinom)
end)

local function equations(s, x)
  local k = s.f.p + 1
  return value.matrix(s.f.equations, k, function(e, j) return x[(e - 1) * k + j] end)
end

function Multinom:get(name)
  if name == "coefficients" then return equations(self, self.f.coef) end
  if name == "standard.errors" then return equations(self, self.f.se) end
  if name == "deviance" then return one(-2 * self.f.loglik) end
  if name == "fitted.values" then
    local n = #self.levels
    return value.matrix(self.fit.n, n, function(i, k) return self.f.fitted[n * (i - 1) + k] end,
      nil, self.levels)
  end
  error("multinom: there is no field " .. name, 0)
end
function Multinom:summary() return self end

-- --- weights
-- ---------------------------------------------------------------------------------------------

F.psw = fn("a p", function(a)
  local w, n, treated = {}, a.p.n, 0
  for i = 1, n do treated = treated + args_of.number(a.a[i]) end
  local function make(name, f)
    w[#w + 1] = { name, map(n, function(i) return f(args_of.number(a.a[i]), a.p[i]) end) }
  end
  make("ATE", function(t, p) return t == 1 and 1 / p or 1 / (1 - p) end)
  make("ATT", function(t, p) return t == 1 and 1 or p / (1 - p) end)
  make("ATC", function(t, p) return t == 1 and (1 - p) / p or 1 end)
  make("ATO", function(t, p) return t == 1 and 1 - p or p end)
  make("ATM", function(t, p) return math.min(p, 1 - p) / (t == 1 and p or 1 - p) end)
  make("stabilised", function(t, p) return t == 1 and treated / n / p
    or (1 - treated / n) / (1 - p) end)
  return value.list(w)
end)

F.ess = fn("w", function(a)
  local sum, squares = 0, 0
  for i = 1, a.w.n do sum, squares = sum + a.w[i], squares + a.w[i] ^ 2 end
  return one(sum ^ 2 / squares)
end)

F.smd = fn("X a w scale", function(a)
  local group = model.column(value.factor(a.a))
  return map(a.X.ncol, function(j)
    local x = model.column(map(a.X.nrow, function(i) return a.X[(j - 1) * a.X.nrow + i] end))
    return core.summary.balance(x, group, a.w and { table.unpack(a.w, 1, a.w.n) },
      scalar(a.scale, "pooled")).smd
  end)
end)

local ESTIMANDS = { ATE = "ATE", ATT = "ATT", ATC = "ATC", ATO = "overlap", ATM = "matching" }

local function weights_of(m, estimand)
  return cohort_of(m):weights("`..y` ~ " .. m.text, { estimand = estimand })
end

F.weightit = of_formula("formula data method estimand", function(m, a, env)
  return value.list { { "weights", vector(weights_of(m,
    ESTIMANDS[survival.option(a.estimand, env, "ATE")]).values) } }
end)

-- Which estimand a weight w(a, p) is.
local function estimand_of(f, env)
  local function at(t) return eval.call(f, { one(t), one(0.3) }, {}, env)[1] end
  local known = { ATE = { 1 / 0.3, 1 / 0.7 }, ATT = { 1, 0.3 / 0.7 }, ATC = { 0.7 / 0.3, 1 },
    overlap = { 0.7, 0.3 },
    matching = { 1, 0.3 / 0.7 } }
  for _, name in ipairs { "ATE", "ATT", "ATC", "overlap", "matching" } do
    if math.abs(at(1) - known[name][1]) + math.abs(at(0) - known[name][2]) < 1e-12 then return name end
  end
  error("ipw_cox_stacked: unknown weights", 0)
end

-- Breslow's fit with weights whose estimation counts.
F.ipw_cox_stacked = fn("d time status formula weight", function(a, env)
  local m = model.of(a.formula, a.d, env)
  m.left = args_of.as_factor(m.left)
  local cohort = cohort_of(m)
  cohort = cohort:derive("..time", model.column(a.d:field(a.time[1]))):derive("..status",
    model.column(a.d:field(a.status[1])))
  local os = cohort:survival { time = "..time", event = "..status", is = 1 }
  local w = cohort:weights("`..y` ~ " .. m.text, { estimand = estimand_of(a.weight, env) })
  local fit = os:cox("`..y`", { ties = "breslow", weights = w, robust = true })
  return { plain = { coef = fit.fit.coef[1], naive_se = math.sqrt(fit.naive_vcov[1][1]),
    robust_se = fit.fit.se[1],
    stacked_se = fit:stacked().se[fit.names[1]] } }
end)

F.svydesign = { special = function(nodes, env)
  local a = survival.nodes("ids probs strata variables fpc data", nodes)
  local data = eval.eval(a.data, env)
  local ids = model.of(eval.eval(a.ids or a.id, env), data, env)
  local w = model.of(eval.eval(a.weights, env), data, env)
  return { data = data, weights = w.columns[w.order[1]], ids = ids.columns[ids.order[1]] }
end }

F.svylogrank = fn("formula design rho gamma", function(a, env)
  local m = model.of(a.formula, a.design.data, env)
  local endpoint = m:endpoint()
  local by = m:groups(a.formula.right)
  local r = core.logrank.test(endpoint.surv, { by = by, weights = m:gather(a.design.weights),
    cluster = m:gather(a.design.ids), efron = true,
    test = (a.rho or a.gamma) and "fleming-harrington" or "logrank", rho = scalar(a.rho),
      gamma = scalar(a.gamma) })
  local k = #r.labels
  local rows = value.matrix(k - 1, 4, function(i, j)
    local u, se = r.observed[i + 1] - r.expected[i + 1], math.sqrt(r.variance[i * k + i + 1])
    return ({ u, se, u / se, 2 * dist.norm_upper(math.abs(u / se)) })[j]
  end)
  return new({ list = true, rows, new { r.chisq, r.p } }, 2)
end)

-- --- restricted means
-- --------------------------------------------------------------------------------------

local LINKS = { { "RMST.difference.adjusted", "difference" }, { "RMST.ratio.adjusted", "ratio" },
  { "RMTL.ratio.adjusted", "loss_ratio" } }

-- The tables of survRM2: coef, se, z, p, for ratios exp(coef), and limits.
local function adjusted(surv, columns, by, tau, link)
  local r, z, rows = core.rmst.regression(surv, columns, { tau = tau, by = by, link = link }),
    dist.norm_quantile(0.975), {}
  local scale = link == "difference" and function(x) return x end or math.exp
  for j = 1, #r.coef do
    local b, se = r.coef[j], r.se[j]
    rows[j] = { b, se, r.z[j], r.p[j], scale(b - z * se), scale(b + z * se) }
    if link ~= "difference" then table.insert(rows[j], 5, scale(b)) end
  end
  return value.matrix(#rows, #rows[1], function(i, j) return rows[i][j] end)
end

local function arm_of(g)
  local function four(x) return named(new { x.estimate, x.se, x.lower, x.upper },
    { "Est.", "se", "lower .95", "upper .95" }) end
  return value.list { { "rmst", four(g.rmst) }, { "rmtl", four(g.rmtl) } }
end

F.rmst2 = fn("time status arm tau covariates", function(a)
  local surv = core.surv.new { time = model.column(a.time), status = model.column(a.status),
    timefix = "none" }
  local by = model.column(value.factor(a.arm))
  local r = require("lunation.surv.rmst").fit({ surv = surv, unit = "days" },
    { by = by, tau = scalar(a.tau) })
  local out = { { "RMST.arm0", arm_of(r.groups[1]) }, { "RMST.arm1", arm_of(r.groups[2]) } }
  local c, fields = r.contrasts[1], { "estimate", "lower", "upper", "p" }
  local rows = { c.difference, c.ratio, c.rmtl_ratio }
  out[3] = { "unadjusted.result", value.matrix(3, 4, function(i, j) return rows[i][fields[j]] end) }
  if a.covariates then
    local columns = { model.column(a.arm) }
    if a.covariates.frame then for j = 1,
      a.covariates.n do columns[j + 1] = model.column(a.covariates[j]) end
    else
      for j = 1, a.covariates.ncol do
        columns[j + 1] = model.column(map(a.covariates.nrow,
          function(i) return a.covariates[(j - 1) * a.covariates.nrow + i] end))
      end
    end
    for _, l in ipairs(LINKS) do out[#out + 1] = { l[1],
      adjusted(surv, columns, by, r.tau, l[2]) } end
  end
  return value.list(out)
end)

-- --- model matrices and dated rows
-- ----------------------------------------------------------------------------------------

F["model.matrix"] = of_formula("formula data", function(m)
  local columns = {}
  for _, name in ipairs(m.order) do columns[#columns + 1] = { name,
    model.column(m.columns[name]) } end
  local only = m.text:match "^(`[^`]+`) %- 1$"
  if only then -- a factor alone, without intercept: an indicator of each level
    local f = args_of.as_factor(m.columns[only:sub(2, -2)])
    return value.matrix(f.n, #f.levels, function(i, j) return f[i]
      and (f[i] == f.levels[j] and 1 or 0) end, nil, f.levels)
  end
  local design = core.design.new(m.text, core.table.new(columns),
    { intercept = true, all_rows = true })
  return value.matrix(design.n, design.p, function(i, j) return design:x(j)[i] end, nil,
    design.names)
end)

-- tmerge of one row for each id with an event and one change: rows (tstart, tstop].
F.tmerge = { special = function(nodes, env)
  local a, made = survival.nodes("data1 data2 id", nodes), {}
  local base_data, data = eval.eval(a.data1, env), eval.eval(a.data2, env)
  local inner = eval.frame_env(data, env)
  inner.vars.event = function(args) return { event = true, time = args[1], status = args[2] } end
  inner.vars.tdc = function(args) return { tdc = true, time = args[1] } end
  local event_name, event, change_name, change
  for i = 3, #nodes do
    if nodes[i].name ~= "id" then
      local v = eval.eval(nodes[i].node, inner)
      if v.event then event_name, event = nodes[i].name, v else change_name,
        change = nodes[i].name, v end
    end
  end
  local rows, start, stop, status, x = {}, {}, {}, {}, {}
  local function add(i, from, to, e, t)
    local k = #rows + 1
    rows[k], start[k], stop[k], status[k], x[k] = i, from, to, e, t
  end
  for i = 1, data.frame do
    local t, cut = event.time[i], change.time[i]
    local e = event.status and args_of.number(event.status[i]) or 1
    if cut and cut <= 0 then add(i, 0, t, e, 1)
    elseif cut and cut < t then
      add(i, 0, cut, 0, 0)
      add(i, cut, t, e, 1)
    else add(i, 0, t, e, 0) end
  end
  made = value.rows(base_data, rows)
  return made:with("tstart", new(start)):with("tstop", new(stop)):with(event_name,
    new(status)):with(change_name, new(x))
end }

return M
