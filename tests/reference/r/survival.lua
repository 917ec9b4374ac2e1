-- SPDX-License-Identifier: GPL-3.0-or-later
-- survival: R's survfit, survdiff and what is asked of them, computed by this program.
local args_of = require "tests.reference.r.args"
local core = require "lunation.core"
local cuminc = require "lunation.surv.cuminc"
local eval = require "tests.reference.r.eval"
local km = require "lunation.surv.km"
local model = require "tests.reference.r.model"
local shapes = dofile("tests/reference/shapes.lua")
local value = require "tests.reference.r.value"

local fn, scalar = args_of.fn, args_of.scalar
local map, one, new = value.map, value.one, value.new
local F = {}
local M = { functions = F }

-- --- calls of models
-- ------------------------------------------------------------------------------------

--- The nodes of a model's call by parameter.
function M.nodes(params, nodes)
  local list, args, names = {}, { n = #nodes }, {}
  for p in params:gmatch "%S+" do list[#list + 1] = p end
  for i, a in ipairs(nodes) do args[i], names[i] = a.node, a.name end
  return args_of.match(list, args, names)
end

--- A function of a formula: f(model, nodes by parameter, env). Another first argument goes to
--- otherwise.
function M.of_formula(params, f, otherwise)
  return { special = function(nodes, env)
    local a = M.nodes(params, nodes)
    local formula = eval.eval(a.formula, env)
    if not formula.formula then return otherwise(formula, a, env) end
    local data = a.data and eval.eval(a.data, env)
    return f(model.of(formula, data, env), a, env, formula)
  end }
end

local function of(node, env, otherwise)
  if node == nil then return otherwise end
  return scalar(eval.eval(node, env))
end
M.option = of

--- How near times are tied: R's rule, or none where the call says so.
function M.timefix(a, env)
  if a.timefix and of(a.timefix, env) == false then return "none" end
  local control = a.control and eval.eval(a.control, env)
  local fix = control and value.is(control) and control.list and control:field "timefix"
  return fix and fix[1] == false and "none" or "r"
end

-- --- survfit
-- --------------------------------------------------------------------------------------------

local CONF = { arcsin = "arcsine" }
local SHORT = { f = "fh", fh = "fh", ["fleming-harrington"] = "fh", fh2 = "fh2" }

local function fractional(w)
  for i = 1, w.n do if w[i] and w[i] ~= w[i] // 1 then return true end end
  return false
end

local Fit = {}
Fit.__index = Fit

local function states_fit(m, a, env, endpoint, by)
  return setmetatable({ endpoint = endpoint, by = by, conf_type = of(a["conf.type"], env, "log"),
    level = of(a["conf.int"], env, 0.95),
    states = m.left.states }, Fit)
end

F.survfit = M.of_formula("formula data weights subset na.action stype ctype conf.type conf.int",
  function(m, a, env, formula)
  local subset = a.subset and m:eval(a.subset)
  local endpoint = m:endpoint(M.timefix(a, env), subset)
  local by = m:groups(formula.right)
  if m.left.states and #m.left.states > 1 then return states_fit(m, a, env, endpoint, by) end
  local weights, type = m:eval(a.weights), SHORT[of(a.type, env, "")]
  local cluster = m.cluster or m:eval(a.cluster)
  local robust = of(a.robust, env)
  if robust == nil then robust = cluster ~= nil or weights ~= nil and fractional(weights) end
  local w = m:gather(weights)
  if robust and not w then w = core.column.number(map(endpoint.n, function() return 1 end)) end
  local level = of(a["conf.int"], env, 0.95)
  local fit = km.fit(endpoint, { by = by, conf_type = CONF[of(a["conf.type"], env)]
    or of(a["conf.type"], env, "log"),
    conf_level = level ~= false and level or nil,
    survival = (of(a.stype, env) == 2 or type) and "fleming-harrington" or "kaplan-meier",
    hazard = (of(a.ctype, env) == 2 or type == "fh2") and "break-ties" or "nelson-aalen",
      from = of(a["start.time"], env, 0),
    weights = w, weight_type = robust and "sampling" or "frequency",
      cluster = robust and cluster and m:gather(args_of.as_factor(cluster)) or nil,
      beyond = "extend" })
  return setmetatable({ km = fit, endpoint = endpoint, by = by, weights = w, robust = robust,
    rows = m.rows }, Fit)
end, function(fit, a, env) return fit:survfit(a, env) end)

local FIELDS = { time = "time", surv = "survival", cumhaz = "cumhaz", ["std.chaz"] = "se_cumhaz",
  ["n.risk"] = "n_risk",
  ["n.event"] = "n_event", ["n.censor"] = "n_censor", lower = "lower", upper = "upper",
    ["std.err"] = "se_log" }

function Fit:get(name)
  local out = { n = 0 }
  for _, c in self.km:curves() do
    local x = name == "n" and { c.n } or c[FIELDS[name]
      or error("survfit: there is no field " .. name, 0)]
    for i = 1, #x do out.n, out[out.n + 1] = out.n + 1, x[i] end
  end
  return new(out)
end

function Fit:quantile(a)
  local probs, rows = a.probs or new { 0.25, 0.5, 0.75 }, {}
  for label in self.km:curves() do
    rows[#rows + 1] = map(probs.n, function(i) return self.km:quantile(probs[i],
      label).estimate end)
  end
  if #rows == 1 then return rows[1] end
  return value.matrix(#rows, probs.n, function(i, j) return rows[i][j] end)
end

-- The rows of print(survfit).
local function counts_and_medians(fit)
  local names = { "records", "n.max", "n.start", "events", "median", "0.95LCL", "0.95UCL" }
  local rows, labels = {}, {}
  for label, c in fit.km:curves() do
    local m = fit.km:median(label)
    labels[#labels + 1] = label
    rows[#rows + 1] = { c.n, c.n, c.n_risk[1], c.events, m.estimate, m.lower, m.upper }
  end
  if #rows > 1 then return value.matrix(#rows, 7, function(i, j) return rows[i][j] end, labels,
    names) end
  local out = new(rows[1], 7)
  out.names = names
  return out
end

local SUMMARY = { surv = "survival", ["std.err"] = "se", lower = "lower", upper = "upper",
  ["n.risk"] = "n_risk", cumhaz = "cumhaz" }

-- At times (default: those of events), curve after curve.
function Fit:summary(a)
  local columns, names, n = { time = {} }, require("lunation.base.suggest").keys(SUMMARY), 0
  for label, c in self.km:curves() do
    local times = a.times
    if not times then
      times = new {}
      for i = 1, #c.time do
        if c.n_event[i] > 0 then times.n, times[times.n + 1] = times.n + 1, c.time[i] end
      end
    end
    for i = 1, times.n do
      n = n + 1
      columns.time[n] = times[i]
      local p = self.km:at(times[i], label)
      for _, name in ipairs(names) do
        columns[name] = columns[name] or {}
        columns[name][n] = p[SUMMARY[name]]
      end
      columns["n.risk"][n] = shapes.next_at_risk(c, times[i], p.n_risk)
    end
  end
  local list = { { "table", counts_and_medians(self) }, { "time", new(columns.time, n) } }
  for _, name in ipairs(names) do list[#list + 1] = { name, new(columns[name] or {}, n) } end
  return value.list(list)
end

F.summary = fn("object times extend", function(a) return a.object:summary(a) end)

-- The matrix of print(survfit, rmean =): mean and standard error up to tau. Of weighted curves R's
-- is the formula of
-- Greenwood with the weighted counts.
local function mean_and_se(fit, g, label, tau)
  if not fit.weights then return fit.km:_mean(g, tau) end
  local c, sum, area = fit.km:curve(label), 0, 0
  for i = #c.time, 1, -1 do
    if c.time[i] <= tau then
      area = area + (math.min(tau, c.time[i + 1] or tau) - c.time[i]) * c.survival[i]
      if c.n_event[i] > 0 and c.n_risk[i] > c.n_event[i] then
        sum = sum + area ^ 2 * c.n_event[i] / (c.n_risk[i] * (c.n_risk[i] - c.n_event[i]))
      end
    end
  end
  return (fit.km:_mean(g, tau)), math.sqrt(sum)
end

F.survmean = fn("x scale rmean", function(a)
  local rows, labels = {}, {}
  for g, label in ipairs(a.x.km.labels) do
    if a.x.km:curve(label).n > 0 then
      local mean, se = mean_and_se(a.x, g, label, a.rmean[1])
      rows[#rows + 1], labels[#labels + 1] = { mean, se }, label
    end
  end
  local cols = { "rmean", "se(rmean)" }
  local matrix = value.matrix(#rows, 2, function(i, j) return rows[i][j] end, labels, cols)
  if #rows == 1 then
    matrix = new { table.unpack(rows[1]) }
    matrix.names = cols
  end
  return value.list { { "matrix", matrix } }
end)

--- What resid() of a curve gives: influence of each row on the restricted mean or survival.
function Fit:residuals(a)
  local area = scalar(a.type) == "rmst" or scalar(a.type) == "auc"
  local x = core.km.influence(self.km, self.endpoint.surv, a.times[1], area, self.by)
  return map(#x, function(i) return x[i] and x[i] * (scalar(a.weighted) and self.weights
    and self.weights[i] or 1) end)
end

F.pseudo = fn("fit times type", function(a)
  local x = a.fit.km:pseudo(a.times[1], (scalar(a.type) == "rmst" or scalar(a.type) == "auc")
    and "rmst" or nil)
  return map(#x, function(i) return x[i] end)
end)

-- --- answers in the reference's shapes
-- --------------------------------------------------------------------

-- The robust error is that of S itself: where S is 0 that of log S is 0 / 0.
F.km_tab = fn("f", function(a)
  local out = shapes.table(a.f.km)
  for _, c in pairs(a.f.robust and out or {}) do
    local se = {}
    for i = 1, #c.time do se[i] = c.surv[i] > 0 and c.se_logsurv[i] or 0 / 0 end
    c.se_logsurv = se
  end
  return value.plain_table(out)
end)
F.km_q = fn("f", function(a) return value.plain_table(shapes.quantiles(a.f.km)) end)
F.km_at = fn("f times", function(a) return value.plain_table(shapes.at(a.f.km,
  { table.unpack(a.times, 1, a.times.n) })) end)

-- The five transformations of the limits.
F.five = function(args, _, env)
  local out = {}
  for _, type in ipairs { "plain", "log", "log-log", "logit", "arcsin" } do
    local fit = F.survfit.special({ { node = { kind = "constant" } } }, env, args[1], args[2], type)
    out[type] = { ci = shapes.table(fit.km), quantiles = shapes.quantiles(fit.km) }
  end
  return value.plain_table(out)
end
F.five = { special = function(nodes, env)
  local out = {}
  for _, type in ipairs { "plain", "log", "log-log", "logit", "arcsin" } do
    local fit = F.survfit.special({ nodes[1], { name = "data", node = nodes[2].node },
      { name = "conf.type", node = { kind = "constant", value = type } } }, env)
    out[type] = { ci = shapes.table(fit.km), quantiles = shapes.quantiles(fit.km) }
  end
  return value.plain_table(out)
end }

-- The states of a group side by side, "no event yet" first: it is the Kaplan-Meier curve of any
-- event.
local function states_at(fit, times)
  local conf = fit.conf_type
  local r = cuminc.fit(fit.endpoint, { by = fit.by, conf_type = conf, conf_level = fit.level })
  local any = km.fit(fit.endpoint, { by = fit.by, conf_type = conf, conf_level = fit.level,
    beyond = "extend" })
  local out = {}
  for _, label in ipairs(r.labels) do
    local g = { time = times, pstate = {}, se = {}, lower = {}, upper = {}, n_risk = {} }
    local last = 0
    for _, c in any:curves() do last = math.max(last, c.time[#c.time]) end
    local own = any:curve(label)
    for i, t in ipairs(times) do
      local s = any:at(t, label)
      g.pstate[i], g.se[i], g.lower[i], g.upper[i] = { s.survival }, { s.se }, { s.lower },
        { s.upper }
      g.n_risk[i] = { shapes.next_at_risk(own, t, s.n_risk) }
      for cause = 1, r.causes do
        local p = r:at(math.min(t, own.time[#own.time]), label, cause)
        g.pstate[i][cause + 1], g.se[i][cause + 1], g.lower[i][cause + 1],
          g.upper[i][cause + 1] = p.incidence, p.se, p.lower, p.upper
        g.n_risk[i][cause + 1] = 0
      end
    end
    out[label ~= "" and label or "all"] = g
  end
  return out
end

F.aj_out = fn("f times", function(a) return value.plain_table(states_at(a.f,
  { table.unpack(a.times, 1, a.times.n) })) end)

-- --- tests
-- ------------------------------------------------------------------------------------------------

local Test = {}
Test.__index = Test

function Test:get(name)
  local r = self.result
  if name == "chisq" then return one(r.chisq) end
  if name == "pvalue" then return one(r.p) end
  if name == "obs" or name == "exp" then
    local x = name == "obs" and r.observed or r.expected
    return map(#r.labels, function(i) return x[i] end)
  end
  local k = #r.labels
  if name == "var" then return value.matrix(k, k,
    function(i, j) return r.variance[(i - 1) * k + j] end) end
  if name == "n" then return map(k, function(i) return r.n[i] end) end
  error("survdiff: there is no field " .. name, 0)
end

F.survdiff = M.of_formula("formula data subset na.action rho timefix", function(m, a, env, formula)
  local endpoint = m:endpoint(M.timefix(a, env), a.subset and m:eval(a.subset))
  local by, strata = m:groups(formula.right)
  local rho = of(a.rho, env, 0)
  -- Groups without rows have no part in R's test.
  return setmetatable({ result = core.logrank.test(endpoint.surv,
    { by = core.factor.droplevels(by), strata = strata,
    test = rho ~= 0 and "fleming-harrington" or "logrank", rho = rho }) }, Test)
end)

F.sd_out = fn("s", function(a) return value.plain_table(shapes.logrank(a.s.result)) end)

local TESTS = { logrank = "logrank", gehan = "gehan", tarone = "tarone-ware", peto = "peto",
  modpeto = "modified-peto",
  fh = "fleming-harrington" }

-- Times as they are, an endpoint without near ties.
local function plain_surv(a)
  return core.surv.new { time = model.column(a.time), status = model.column(a.status),
    timefix = "none" }
end

F.wlr = fn("time status group w rho gamma scores strata", function(a)
  local group, test = value.factor(a.group), TESTS[scalar(a.w, "logrank")]
  local scores = a.scores and { table.unpack(a.scores, 1, a.scores.n) }
  local fh = test == "fleming-harrington"
  local r = core.logrank.test(plain_surv(a), { by = model.column(group), test = test,
    rho = fh and scalar(a.rho, 0) or 0,
    gamma = fh and scalar(a.gamma, 0) or 0, scores = scores,
      strata = a.strata and model.column(value.factor(a.strata)) })
  local out = shapes.logrank(r)
  if scores then
    out.trend = { scores = scores, chisq = r.trend_z[1] ^ 2, df = 1,
      p = 2 * core.dist.norm_upper(math.abs(r.trend_z[1])) }
  end
  return value.plain_table(out)
end)

F.maxcombo = fn("time status group", function(a)
  local r = require("lunation.surv.logrank").maxcombo({ surv = plain_surv(a), title = "",
    unit = "days" }, { by = model.column(value.factor(a.group)) })
  return value.plain_table({ pairs = r.tests, U = r.difference, z = r.z, corr = r.correlation,
    max_abs_z = r.statistic, p_two_sided = r.p })
end)

return M
