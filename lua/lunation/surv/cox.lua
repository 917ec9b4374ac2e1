-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox: proportional-hazards regression of an endpoint.
local causes = require "lunation.surv.causes"
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"
local result = require "lunation.base.result"
local suggest = require "lunation.base.suggest"
local terms = require "lunation.surv.terms"

local M = {}
local Cox = class("cox", { "wald", "robust_score" })
local methods, getters = Cox.methods, Cox.getters

local OPTIONS = {
  ties = { type = "string", default = "efron", choices = { "efron", "breslow", "exact" } },
  robust = { type = "boolean" }, weights = { type = "any" }, frequency = { type = "any" },
  cause = { type = "any" }, conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
}

local number_column = require("lunation.stat.weights").column

local function cause_number(endpoint, cause)
  return cause ~= nil and causes.number("cox", causes.names(endpoint), cause) or nil
end

-- Values by coefficient name; an unknown name is an error with a suggestion.
local function by_name(what, names, value)
  local out = {}
  for j, name in ipairs(names) do out[name] = value(j) end
  return setmetatable(out, { __index = function(_, name)
    for _, known in ipairs(names) do if known == name then return nil end end
    errors.raise("usage.term", ('the model has no %s of "%s"'):format(what, tostring(name)),
      { hint = suggest.hint(tostring(name), names) })
  end })
end

--- Fits terms to an endpoint. opt: ties, robust (default: with clusters or sampling weights), weights
--- (sampling weights: a column, its name, or cohort weights), frequency, cause, conf_level.
function M.fit(endpoint, formula, given)
  local opt = options.check("cox", given, OPTIONS)
  local design = terms.design(endpoint.cohort.patients.data, formula)
  local weights, frequency = number_column(endpoint, opt.weights), number_column(endpoint, opt.frequency)
  local robust = opt.robust
  if robust == nil then robust = design.cluster ~= nil or weights ~= nil end
  local fit = core.cox.fit(endpoint.surv, design.columns, { ties = opt.ties, strata = design.strata, cluster = design.cluster,
    offset = design.offset, weights = weights, frequency = frequency, robust = robust, cause = cause_number(endpoint, opt.cause) })
  return Cox.new { fit = fit, design = design, endpoint = endpoint, opt = opt, names = design.names, weighted = weights ~= nil,
    terms = design.terms, formula = formula, title = endpoint.title, z_level = core.dist.norm_quantile(0.5 + opt.conf_level / 2) }
end

-- --- fields ---------------------------------------------------------------------------------------

for _, name in ipairs { "n", "events", "missing", "zero_weight", "loglik", "loglik_null", "lr", "wald", "score", "robust_score",
  "iterations", "converged", "robust", "ties", "vcov", "naive_vcov", "rank", "status" } do
  getters[name] = function(self) return self.fit[name] end
end

getters.coef = function(self) return by_name("coefficient", self.names, function(j) return self:_value(j) end) end
getters.se = function(self) return by_name("standard error", self.names, function(j) return self.fit.se[j] end) end
getters.p = function(self) return by_name("p-value", self.names, function(j) return self.fit.p[j] end) end
getters.z = function(self) return by_name("z", self.names, function(j) return self.fit.z[j] end) end
getters.hr = function(self)
  return by_name("hazard ratio", self.names, function(j)
    local b = self:_value(j)
    return b and math.exp(b)
  end)
end
getters.ci = function(self)
  return by_name("limits", self.names, function(j) return self:_limits(j) end)
end

-- The log hazard ratio where it is finite.
function methods:_value(j)
  if self.fit.status[j] == "finite" then return self.fit.coef[j] end
end

function methods:_limits(j)
  local b, se = self:_value(j), self.fit.se[j]
  if not b or not se then return { lower = nil, upper = nil } end
  return { lower = math.exp(b - self.z_level * se), upper = math.exp(b + self.z_level * se) }
end

--- What is doubtful about the fit, as sentences.
getters.warnings = function(self)
  local out, fit = {}, self.fit
  for j, name in ipairs(self.names) do
    if fit.status[j] == "aliased" then
      out[#out + 1] = ("%s is redundant: it is constant among the patients at risk or determined by the terms before it."):format(name)
    elseif fit.status[j] == "infinite" then
      out[#out + 1] = ("%s: the hazard ratio is %s (all or no events on one side); no Wald limits. fit:firth() gives a finite one.")
        :format(name, fit.coef[j] > 0 and "infinite" or "zero")
    end
  end
  if not fit.converged then out[#out + 1] = "The fit did not converge: " .. fit.why .. "." end
  if fit.rank > 0 and fit.events < fit.rank then
    out[#out + 1] = ("%d events for %d coefficients."):format(fit.events, fit.rank)
  end
  return out
end

getters.why = function(self) return table.concat(self.warnings, " ") end

local TIES = { efron = "Efron's", breslow = "Breslow's", exact = "exact (discrete)" }

getters.convention = function(self)
  local d, fit = self.design, self.fit
  local parts = { ("Cox proportional-hazards regression, %s ties"):format(TIES[fit.ties]) }
  if d.strata then parts[#parts + 1] = "stratified by " .. d.strata_name end
  if d.offset then parts[#parts + 1] = "offset " .. d.offset_name end
  if self.weighted then parts[#parts + 1] = "sampling weights" end
  if fit.robust then
    parts[#parts + 1] = d.cluster and ("robust variance, clusters of " .. d.cluster_name) or "robust (sandwich) variance"
  end
  local out = ("%s; Wald limits (%g%%) and p-values."):format(table.concat(parts, ", "), 100 * self.opt.conf_level)
  if fit.missing > 0 then
    out = out .. (" %d patient%s with a missing value left out."):format(fit.missing, fit.missing == 1 and "" or "s")
  end
  return out
end

-- --- rows -----------------------------------------------------------------------------------------

-- Patients and events of each level of a factor among the rows used.
local function level_counts(self, factor)
  local n, events, status, levels = {}, {}, self.endpoint.status:totable(), factor:totable()
  local cause = cause_number(self.endpoint, self.opt.cause)
  for _, i in ipairs(self.fit.used) do
    local level, s = levels[i], status[i]
    n[level] = (n[level] or 0) + 1
    if (cause and s == cause) or (not cause and s ~= 0) then events[level] = (events[level] or 0) + 1 end
  end
  return n, events
end

local function warning_of(self, j)
  local status = self.fit.status[j]
  if status == "aliased" then return "redundant" end
  if status == "infinite" then return self.fit.coef[j] > 0 and "infinite" or "zero" end
end

local function coefficient_row(self, j, fields)
  local b, limits = self:_value(j), self:_limits(j)
  local row = { statistic = "hr", term = self.names[j], value = b and math.exp(b), lower = limits.lower, upper = limits.upper,
    p = self.fit.p[j], log_hr = b, se = self.fit.se[j], n = self.n, events = self.events, conf_level = self.opt.conf_level,
    warning = warning_of(self, j) }
  for k, v in pairs(fields) do row[k] = v end
  local _, log_p = pvalue.normal(self.fit.z[j])
  return pvalue.row(row, row.p, log_p)
end

--- One row for each coefficient (statistic "hr", with log_hr, se, p, n, events; variable and level for
--- factors), one for each reference level ("reference"), and the tests of the model (p_lr, p_wald, p_score).
function methods:rows()
  local out = {}
  for _, term in ipairs(self.terms) do
    local n, events
    if term.factor then
      n, events = level_counts(self, term.factor)
      local level = term.factor.levels[1]
      out[#out + 1] = { statistic = "reference", term = term.name .. ": " .. level, variable = term.name, level = level, value = 1,
        n = n[level] or 0, events = events[level] or 0 }
    end
    for j = term.from, term.to do
      local level = term.factor and term.factor.levels[j - term.from + 2]
      out[#out + 1] = coefficient_row(self, j, level and { variable = term.name, level = level, n = n[level] or 0,
        events = events[level] or 0 } or { variable = term.name })
    end
  end
  for _, test in ipairs { "lr", "wald", "score", "robust_score" } do
    local t = self.fit[test]
    if t then
      local _, log_p = pvalue.chisq(t.statistic, t.df)
      out[#out + 1] = { statistic = "p_" .. test, value = t.p, log_p = log_p, chisq = t.statistic, df = t.df, n = self.n, events = self.events }
    end
  end
  return out
end

--- The regression table. opt: see lunation.report.tables.
function methods:table(opt)
  return require("lunation.report.tables").regression({ { self.title, self } }, opt)
end

Cox.meta.__tostring = function(self)
  local t = self:table()
  t.caption = ("%s: %d patients, events = %d"):format(self.title, self.n, self.events)
  local out, lr = { result.text(t) }, self.lr
  if lr then
    out[#out + 1] = ("Likelihood ratio test: chi-square %s on %d degree%s of freedom, %s"):format(format.number(lr.statistic, 2), lr.df,
      lr.df == 1 and "" or "s", format.p(lr.p))
  end
  for _, w in ipairs(self.warnings) do out[#out + 1] = "Warning: " .. w end
  return table.concat(out, "\n")
end

--- The tests of the whole model: lr, wald, score, robust_score = { statistic, df, p, log10_p }.
function methods:tests()
  local fit = self.fit
  return { lr = fit.lr, wald = fit.wald, score = fit.score, robust_score = fit.robust_score }
end

--- Wald test of a term as a whole: of a factor with several levels, or of a spline.
function methods:term_test(name)
  for _, term in ipairs(self.terms) do
    if term.name == name then
      local columns = {}
      for j = term.from, term.to do columns[#columns + 1] = j end
      return self.fit:wald_of(columns)
    end
  end
  local names = {}
  for i, term in ipairs(self.terms) do names[i] = term.name end
  errors.raise("usage.term", ('the model has no term "%s"'):format(tostring(name)), { hint = suggest.hint(tostring(name), names) })
end

--- Residuals: see core.cox. type: martingale, deviance, score, dfbeta, dfbetas, schoenfeld, scaled_schoenfeld.
function methods:residuals(type) return self.fit:residuals(type) end

--- The model with standard errors that include the estimation of its weights (of cohort:weights).
function methods:stacked() return require("lunation.stat.weights").stacked(self) end

--- The model with Firth's penalty: for each coefficient by name hr, coef, se, p, ci = { lower, upper } (profile limits of
--- the hazard ratio), and loglik. Finite also where the likelihood is monotone.
function methods:firth()
  local f = self.fit:firth(self.opt.conf_level)
  local function named(what, value) return by_name(what, self.names, value) end
  local function ratio(x) return x and math.exp(x) end
  return { loglik = f.loglik, loglik_null = f.loglik_null, converged = f.converged, why = f.why,
    coef = named("coefficient", function(j) return f.coef[j] end), se = named("standard error", function(j) return f.se[j] end),
    p = named("p-value", function(j) return f.p[j] end), hr = named("hazard ratio", function(j) return ratio(f.coef[j]) end),
    ci = named("limits", function(j) return { lower = ratio(f.lower[j]), upper = ratio(f.upper[j]) } end) }
end

--- Likelihood ratio test of this model against a smaller one fitted to the same patients.
function methods:compare(smaller)
  if self.n ~= smaller.n or self.events ~= smaller.events then
    errors.raise("usage.nested", "the two models were fitted to different patients", { hint = "leave rows with missing values out first" })
  end
  local df = self.fit.rank - smaller.fit.rank
  if df < 1 then errors.raise("usage.nested", "the model to compare with is not smaller") end
  local statistic = 2 * (self.loglik - smaller.loglik)
  local p, log_p = pvalue.chisq(statistic, df)
  return { statistic = statistic, df = df, p = p, log_p = log_p }
end

-- --- proportional hazards -------------------------------------------------------------------------

local Zph = class("zph")

--- Score test of proportional hazards (Grambsch and Therneau 1994; R's cox.zph from survival 3). opt: transform
--- ("km", "identity", "rank", "log"). Fields: one test for each term by name in .tests, .global; .time, .x (transformed time)
--- and .y[coefficient] (scaled Schoenfeld residuals) for a figure.
function methods:zph(given)
  local opt = options.check("zph", given, { transform = { type = "string", default = "km", choices = { "km", "identity", "rank", "log" } } })
  local group, names = {}, {}
  for k, term in ipairs(self.terms) do
    names[k] = term.name
    for j = term.from, term.to do group[j] = k end
  end
  local tests = self.fit:zph_tests(opt.transform, group)
  local scaled, y = self.fit:residuals("scaled_schoenfeld"), {}
  for j, name in ipairs(self.names) do y[name] = scaled[j] end
  return Zph.new { transform = opt.transform, names = names, tests = by_name("test", names, function(k) return tests[k] or nil end),
    global = tests.global, x = tests.x, time = (self.fit:event_rows()), y = y, n = self.n, events = self.events }
end

Zph.getters.convention = function(self)
  return ("Score test of proportional hazards against a change with %s time."):format(self.transform == "km" and "Kaplan-Meier transformed"
    or self.transform == "identity" and "untransformed" or self.transform)
end

function Zph.methods:rows()
  local out = {}
  for _, name in ipairs(self.names) do
    local t = self.tests[name]
    out[#out + 1] = { statistic = "ph_test", term = name, value = t and t.statistic, df = t and t.df, p = t and t.p, n = self.n,
      events = self.events }
  end
  local g = self.global
  if g then out[#out + 1] = { statistic = "ph_test", term = "global", value = g.statistic, df = g.df, p = g.p, n = self.n, events = self.events } end
  return out
end

--- The tests as a table. opt: see lunation.report.tables.
function Zph.methods:table(opt) return require("lunation.report.tables").hazards(self, opt) end

Zph.meta.__tostring = function(self) return result.text(self:table()) end

-- --- predictions ----------------------------------------------------------------------------------

-- The linear predictor by row of the endpoint; missing for rows not used.
function methods:_linear()
  local values, linear = { n = self.endpoint.n }, self.fit:linear()
  for u, row in ipairs(self.fit.used) do values[row] = linear[u] end
  return core.column.number(values)
end

--- Harrell's C of the linear predictor (or Uno's with timewt = "n/G2"; until: a time limit), within strata.
function methods:concordance(given)
  local opt = options.check("concordance", given, { timewt = { type = "string", default = "n", choices = { "n", "S", "S/G", "n/G2", "I" } },
    ["until"] = { type = "number" } })
  return require("lunation.surv.concord").new(self.endpoint, self:_linear(), { timewt = opt.timewt, ["until"] = opt["until"],
    strata = self.design.strata, cluster = self.design.cluster, weights = number_column(self.endpoint, self.opt.weights) }, opt)
end

--- Gonen and Heller's concordance probability.
function methods:gonen_heller() return core.concord.gonen_heller(self:_linear()) end

-- One subject's value of each column: x = { [coefficient or variable] = value }.
local function subject(self, x)
  local out, known, means = {}, {}, self.fit.means
  for _, term in ipairs(self.terms) do
    known[term.name] = true
    for j = term.from, term.to do
      local name, level = self.names[j], term.factor and term.factor.levels[j - term.from + 2]
      known[name] = true
      if x[name] ~= nil then
        out[j] = x[name]
      elseif level then
        out[j] = x[term.name] == level and 1 or 0
      else
        out[j] = x[term.name] or means[j]
      end
    end
    local chosen = term.factor and x[term.name]
    if chosen ~= nil and chosen then
      local found = false
      for _, level in ipairs(term.factor.levels) do found = found or level == chosen end
      if not found then
        errors.raise("usage.level", ('%s has no level "%s"'):format(term.name, tostring(chosen)),
          { hint = suggest.hint(tostring(chosen), term.factor.levels) })
      end
    end
  end
  for key in pairs(x) do
    if not known[key] and key ~= "stratum" then
      errors.raise("usage.term", ('the model has no term "%s"'):format(tostring(key)),
        { hint = suggest.hint(tostring(key), suggest.keys(known)) })
    end
  end
  return out
end

local function stratum_number(self, name)
  local strata = self.design.strata
  if not strata then return nil end
  for k, level in ipairs(strata.levels) do if level == name then return k end end
  errors.raise("usage.stratum", name == nil and "the model has strata: say which one (stratum = ...)"
    or ('there is no stratum "%s"'):format(tostring(name)), { hint = suggest.hint(tostring(name or ""), strata.levels) })
end

local Curve = class("cox_curve")
local CURVE_OPTIONS = { x = { type = "any" }, path = { type = "list" }, stratum = { type = "string" }, offset = { type = "number", default = 0 },
  conf_type = { type = "string", default = "log", choices = { "log", "log-log", "plain", "arcsine", "logit" } },
  conf_level = { type = "number", min = 0.01, max = 0.9999 } }

--- Predicted survival of a subject. opt: x = { term = value } (terms not given: their mean, a factor's first level), or
--- path = { { from, to, x = {...} }, ... } for covariates that change; stratum, offset, conf_type ("log"), conf_level.
--- Fields: time, survival, lower, upper, se, cumhaz, se_cumhaz, n_risk, n_event; :at(t), :quantile(p), :median().
function methods:curve(given)
  local opt = options.check("curve", given, CURVE_OPTIONS)
  local x, from, to = {}, nil, nil
  if opt.path then from, to = {}, {} end
  for i, piece in ipairs(opt.path or { { x = opt.x or {} } }) do
    for _, v in ipairs(subject(self, piece.x)) do x[#x + 1] = v end
    if opt.path then from[i], to[i] = piece[1], piece[2] end
  end
  local c = self.fit:path { x = x, from = from, to = to, offset = opt.offset, stratum = stratum_number(self, opt.stratum) }
  local z = core.dist.norm_quantile(0.5 + (opt.conf_level or self.opt.conf_level) / 2)
  local lower, upper, se = {}, {}, {}
  for i = 1, #c.time do
    lower[i], upper[i] = core.cox.limits(opt.conf_type, c.survival[i], c.se[i], z)
    se[i] = c.survival[i] * c.se[i]
  end
  return Curve.new { time = c.time, survival = c.survival, cumhaz = c.cumhaz, se_cumhaz = c.se, n_risk = c.n_risk, n_event = c.n_event,
    lower = lower, upper = upper, se = se, conf_type = opt.conf_type, unit = self.endpoint.unit }
end

--- The curve at time t: survival, lower, upper, se, cumhaz.
function Curve.methods:at(t)
  local lo, hi = 0, #self.time
  while lo < hi do
    local mid = (lo + hi + 1) // 2
    if self.time[mid] <= t then lo = mid else hi = mid - 1 end
  end
  if lo == 0 then return { time = t, survival = 1, lower = 1, upper = 1, se = 0, cumhaz = 0, se_cumhaz = 0 } end
  return { time = t, survival = self.survival[lo], lower = self.lower[lo], upper = self.upper[lo], se = self.se[lo],
    cumhaz = self.cumhaz[lo], se_cumhaz = self.se_cumhaz[lo] }
end

local function cross(time, y, target)
  for i = 1, #time do
    if y[i] and y[i] <= target + 1.5e-8 then
      if y[i] < target - 1.5e-8 then return time[i] end
      local j = i
      while j < #time and y[j] and y[j] >= target - 1.5e-8 do j = j + 1 end
      return (time[i] + time[j]) / 2
    end
  end
end

--- The time by which a fraction p has had the event: { estimate, lower, upper }; nil where not reached.
function Curve.methods:quantile(p)
  return { estimate = cross(self.time, self.survival, 1 - p), lower = cross(self.time, self.lower, 1 - p),
    upper = cross(self.time, self.upper, 1 - p) }
end

--- The median: quantile(0.5).
function Curve.methods:median() return self:quantile(0.5) end

function Curve.methods:rows()
  local out = {}
  for i = 1, #self.time do
    out[i] = { statistic = "survival", time = self.time[i], value = self.survival[i], lower = self.lower[i], upper = self.upper[i],
      se = self.se[i], unit = self.unit }
  end
  return out
end

Curve.meta.__tostring = function(self)
  local m = self:median()
  return ("predicted survival at %d event times, median %s %s"):format(#self.time, format.time(m.estimate, m.lower, m.upper), self.unit)
end

return M
