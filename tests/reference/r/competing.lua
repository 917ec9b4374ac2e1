-- SPDX-License-Identifier: GPL-3.0-or-later
-- competing: what calls ask of cmprsk and of survival::finegray, computed by this program.
local args_of = require "tests.reference.r.args"
local core = require "lunation.core"
local cuminc = require "lunation.surv.cuminc"
local eval = require "tests.reference.r.eval"
local model = require "tests.reference.r.model"
local survival = require "tests.reference.r.survival"
local value = require "tests.reference.r.value"

local fn, scalar = args_of.fn, args_of.scalar
local map, new, one = value.map, value.new, value.one
local F = {}
local M = { functions = F }

-- --- incidence
-- ---------------------------------------------------------------------------------------

-- Rows without a time or status are left out, and with a group those without one.
local function endpoint_of(a)
  local codes, at, cencode = value.distinct(a.fstatus), {}, scalar(a.cencode, 0)
  local number, k = { [cencode] = 0 }, 0
  for _, c in ipairs(codes) do
    if c ~= cencode then
      k = k + 1
      number[c] = k
    end
  end
  for i = 1, a.ftime.n do
    if a.ftime[i] and a.fstatus[i] ~= nil and (not a.group or a.group[i] ~= nil)
      and (not a.strata or a.strata[i] ~= nil) then
      at[#at + 1] = i
    end
  end
  local status = map(#at, function(i) return number[a.fstatus[at[i]]] end)
  local endpoint = { surv = core.surv.new { time = model.column(value.pick(a.ftime, at)),
    status = status, timefix = "none" },
    title = "", unit = "days" }
  local function factor(x) return x and model.column(value.factor(value.pick(x, at))) end
  return endpoint, factor(a.group), factor(a.strata), number, at
end

local function tests_of(r, rho)
  local out = {}
  for cause = 1, r.causes do
    out[cause] = cuminc.gray(r.endpoint, { by = r.by, strata = r.strata, rho = rho, cause = cause })
  end
  return out
end

local Incidence = {}
Incidence.__index = Incidence

F.cuminc = fn("ftime fstatus group strata rho cencode subset na.action", function(a)
  local endpoint, by, strata = endpoint_of(a)
  local fit = cuminc.fit(endpoint, { by = by, variance = "aalen" })
  local self = setmetatable({ fit = fit, endpoint = endpoint, by = by, strata = strata,
    causes = fit.causes }, Incidence)
  self.tests = by and #by.levels > 1 and tests_of(self, scalar(a.rho, 0)) or nil
  return self
end)

function Incidence:get(name)
  if name ~= "Tests" then error("cuminc: there is no field " .. name, 0) end
  local fields = { "chisq", "p", "df" }
  return value.matrix(self.causes, 3, function(i, j) return self.tests[i][fields[j]] end, nil,
    { "stat", "pv", "df" })
end

F.ci_out = fn("x times", function(a)
  local self, times = a.x, { table.unpack(a.times, 1, a.times.n) }
  local out = { times = times, est = {}, var = {} }
  for cause = 1, self.causes do
    for _, label in ipairs(self.fit.labels) do
      local k = #out.est + 1
      out.est[k], out.var[k] = {}, {}
      for i, t in ipairs(times) do
        local p = self.fit:at(t, label, cause)
        out.est[k][i], out.var[k][i] = p.incidence, p.se and p.se ^ 2
      end
    end
  end
  if self.tests then
    out.gray = { stat = {}, p = {}, df = {}, cause = {} }
    for cause, t in ipairs(self.tests) do
      out.gray.stat[cause], out.gray.p[cause], out.gray.df[cause], out.gray.cause[cause] = t.chisq,
        t.p, t.df, cause
    end
  end
  return value.plain_table(out)
end)

-- --- Fine and Gray
-- -------------------------------------------------------------------------------------

local function columns_of(x)
  local out = {}
  for j = 1, x.ncol or 1 do out[j] = map(x.nrow or x.n,
    function(i) return x[(j - 1) * (x.nrow or x.n) + i] end) end
  return out
end

local Crr = {}
Crr.__index = Crr

-- Incomplete rows are left out, as crr does.
F.crr = fn("ftime fstatus cov1 cov2 tf cengroup failcode cencode", function(a)
  local columns, keep = columns_of(a.cov1), {}
  local endpoint, _, _, number, at = endpoint_of(a)
  for _, i in ipairs(at) do
    local ok = true
    for _, c in ipairs(columns) do ok = ok and c[i] ~= nil end
    if ok and (not a.cengroup or a.cengroup[i] ~= nil) then keep[#keep + 1] = i end
  end
  if #keep < #at then
    endpoint = endpoint_of { ftime = value.pick(a.ftime, keep),
      fstatus = value.pick(a.fstatus, keep), cencode = a.cencode }
  end
  for j, c in ipairs(columns) do columns[j] = model.column(value.pick(c, keep)) end
  local fit = core.finegray.fit(endpoint.surv, columns, { cause = number[scalar(a.failcode, 1)],
    censoring = a.cengroup and model.column(value.factor(value.pick(a.cengroup, keep))) or nil })
  return setmetatable({ fit = fit }, Crr)
end)

F.fg_out = fn("f", function(a)
  local f = a.f.fit
  return value.plain_table({ coef = f.coef, se = f.se, var = f.vcov, loglik_null = f.loglik_null,
    loglik = f.loglik })
end)

function Crr:get(name)
  local f = self.fit
  if name == "coef" then return map(#f.coef, function(j) return f.coef[j] end) end
  if name == "var" then return value.matrix(#f.coef, #f.coef,
    function(i, j) return f.vcov[i][j] end) end
  if name == "loglik" then return one(f.loglik) end
  if name == "loglik.null" then return one(f.loglik_null) end
  error("crr: there is no field " .. name, 0)
end

-- A row for each event time: the time and the incidence of each subject.
function Crr:predict(a)
  local f, rows = self.fit, a.newdata
  local time, cumhaz = f:baseline()
  return value.matrix(#time, rows.nrow + 1, function(k, c)
    if c == 1 then return time[k] end
    local eta = 0
    for j = 1,
      #f.coef do eta = eta + f.coef[j] * (rows[(j - 1) * rows.nrow + c - 1] - f.means[j]) end
    return 1 - math.exp(-cumhaz[k] * math.exp(eta))
  end)
end

-- --- survival::finegray
-- -----------------------------------------------------------------------------------

-- The rows and weights of the expanded data: a competing event's row is cut after each censoring
-- that lies before an
-- event. Here they are counted; the model itself needs no expanded data.
local function expanded(time, status, fit)
  local when, probability = fit:censoring()
  local is_event, at, levels, weights = {}, {}, {}, { n = #time }
  for i = 1, #time do if status[i] == 1 then is_event[time[i]] = true end end
  for t = 1, #when do
    at[when[t]] = probability[t]
    if is_event[when[t]]
      and levels[#levels] ~= probability[t] then levels[#levels + 1] = probability[t] end
  end
  for i = 1, #time do weights[i] = 1 end
  for i = 1, #time do
    if status[i] == 2 then
      for _, level in ipairs(levels) do
        if level < at[time[i]] then weights.n, weights[weights.n + 1] = weights.n + 1,
          level / at[time[i]] end
      end
    end
  end
  return new(weights)
end

F.finegray = survival.of_formula("formula data weights subset na.action etype", function(m, a, env)
  local s, etype = m.left, survival.option(a.etype, env)
  local cause = 1
  for k, state in ipairs(s.states or {}) do if state == etype then cause = k end end
  local status = map(s.n, function(i) return s.status[i] == cause and 1 or s.status[i] ~= 0 and 2
    or 0 end)
  local endpoint = { surv = core.surv.new { time = model.column(s.time),
    status = model.column(status), timefix = "none" } }
  local first = core.finegray.fit(endpoint.surv, { map(s.n, function(i) return i end) },
    { method = "survival" })
  local weights = expanded(s.time, status, first)
  local out = value.frame({ { "fgwt", weights } }, weights.n)
  out.finegray = { endpoint = endpoint, data = m.data }
  return out
end)

-- A Cox model of the expanded data.
require("tests.reference.r.regression").expanded = function(a, own, env)
  local columns = {}
  local inner = model.of({ right = eval.eval(a.formula, env).right }, own.data, env)
  local design_data = {}
  for _, name in ipairs(inner.order) do design_data[#design_data + 1] = { name,
    model.column(inner.columns[name]) } end
  local design = core.design.new(inner.text, core.table.new(design_data), { intercept = false })
  for j = 1, design.p do columns[j] = design:x(j) end
  local ties = survival.option(a.ties or a.method, env, "efron")
  local fit = core.finegray.fit(own.endpoint.surv, columns,
    { method = "survival", robust = true, efron = ties == "efron" })
  return setmetatable({ fit = fit, get = function(self, name)
    if name == "coefficients" then return map(design.p, function(j) return self.fit.coef[j] end) end
    if name == "var" then return value.matrix(design.p, design.p,
      function(i, j) return self.fit.vcov[i][j] end) end
    error("coxph of finegray: there is no field " .. name, 0)
  end }, {})
end

-- The competing events of mgus2: progression to PCM first, else death.
F.mg = fn("d", function(a)
  local d = a.d
  local pstat, ptime, futime, death = d:field "pstat", d:field "ptime", d:field "futime",
    d:field "death"
  local etime = map(d.frame, function(i) return pstat[i] == 0 and futime[i] or ptime[i] end)
  local ev = map(d.frame, function(i) return pstat[i] == 0 and 2 * death[i] or 1 end)
  return d:with("etime", etime):with("ev", ev):with("event",
    value.factor(ev, { 0, 1, 2 }, { "censor", "pcm", "death" }))
end)

return M
