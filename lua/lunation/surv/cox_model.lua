-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox_model: a Cox model fitted to an endpoint, and its fields. Its rows, tests and predictions are
-- added by cox_rows, cox_tests and cox_predict.
local causes = require "lunation.surv.causes"
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local suggest = require "lunation.base.suggest"

local M = {}
local Cox = class("cox", { "lr", "score", "wald", "robust_score", "transforms" })
M.class = Cox
local methods, getters = Cox.methods, Cox.getters

local OPTIONS = {
  ties = { type = "string", default = "efron", choices = { "efron", "breslow", "exact" } },
  robust = { type = "boolean" }, weights = { type = "any" }, frequency = { type = "any" },
  cause = { type = "any" }, conf_level = { type = "number", default = 0.95, min = 0.01,
    max = 0.9999 },
  tt = { type = "any" },
}

local number_column = require("lunation.stat.weights").column

local function cause_number(endpoint, cause)
  return cause ~= nil and causes.number("cox", causes.names(endpoint), cause) or nil
end

--- Values by coefficient name; an unknown name is an error with a suggestion.
function M.by_name(what, names, value)
  local out = {}
  for j, name in ipairs(names) do out[name] = value(j) end
  return setmetatable(out, { __index = function(_, name)
    for _, known in ipairs(names) do if known == name then return nil end end
    errors.raise("usage.term", ('the model has no %s of "%s"'):format(what, tostring(name)),
      { hint = suggest.hint(tostring(name), names) })
  end })
end
local by_name = M.by_name

-- --- terms ---------------------------------------------------------------------------------------

-- { name, from, to (its columns), levels (of one factor), variables, at (its number) } of each
-- term.
local function terms_of(design)
  local out, columns, from = {}, {}, 1
  for _, t in ipairs(design.term) do columns[t] = (columns[t] or 0) + 1 end
  local names, variables = design.terms, design.formula.terms
  for t, name in ipairs(names) do
    local to = from + (columns[t] or 0) - 1
    out[t] = { name = name, from = from, to = to, levels = design:levels(t),
      variables = variables[t], at = t }
    from = to + 1
  end
  return out
end

-- What stands in the brackets of the strata(), cluster() or offset() of a formula, joined by sep;
-- nil without.
local function special(design, kind, sep)
  local out = {}
  for _, v in ipairs(design.formula.variables) do
    if v.kind == kind then out[#out + 1] = v.inner end
  end
  return #out > 0 and table.concat(out, sep) or nil
end

--- The design of a formula over all rows of an endpoint: factors keep all their levels, and a row
--- with a missing value its place.
function M.design(endpoint, formula)
  return core.design.new(formula, endpoint.cohort.patients.data, { all_rows = true, tt = true })
end

--- The columns of a design, as a list.
function M.columns(design)
  local out = {}
  for j = 1, design.p do out[j] = design:x(j) end
  return out
end

-- --- fit -----------------------------------------------------------------------------------------

local function fit_of(endpoint, design, how, tt)
  for _, v in ipairs(design.formula.variables) do
    if v.kind == "tt" then return require("lunation.surv.cox_tt").fit(endpoint, design, how, tt) end
  end
  if tt ~= nil then
    errors.raise("usage.tt", "cox: the option tt needs a term tt(x)",
      { hint = 'write "age + tt(age)"' })
  end
  return core.cox.fit(endpoint.surv, design, how)
end

--- Fits terms to an endpoint. opt: ties, robust (default: with clusters or sampling weights),
--- weights (sampling weights: a column, its name, or cohort weights), frequency, cause, conf_level,
--- tt (what the terms tt(x) are multiplied by: see lunation.surv.cox_tt).
function M.fit(endpoint, formula, given)
  local opt = options.check("cox", given, OPTIONS)
  local design = M.design(endpoint, formula)
  local weights, frequency = number_column(endpoint, opt.weights),
    number_column(endpoint, opt.frequency)
  local cluster = design.cluster
  local robust = opt.robust
  if robust == nil then robust = cluster ~= nil or weights ~= nil end
  local fit, transforms = fit_of(endpoint, design, { ties = opt.ties, strata = design.strata,
    cluster = cluster,
    offset = design.offset, weights = weights, frequency = frequency, robust = robust,
    cause = cause_number(endpoint, opt.cause) }, opt.tt)
  return Cox.new { fit = fit, design = design, endpoint = endpoint, opt = opt, names = design.names,
    weighted = weights ~= nil,
    clustered = cluster ~= nil, terms = terms_of(design), formula = formula, title = endpoint.title,
    transforms = transforms,
    _z_level = core.dist.norm_quantile(0.5 + opt.conf_level / 2) }
end

-- --- fields --------------------------------------------------------------------------------------

for _, name in ipairs { "n", "events", "missing", "zero_weight", "loglik", "loglik_null", "wald",
  "robust_score",
  "iterations", "converged", "robust", "ties", "vcov", "naive_vcov", "rank", "status" } do
  getters[name] = function(self) return self.fit[name] end
end

getters.coef = function(self)
  return by_name("coefficient", self.names, function(j) return self:_value(j) end)
end
getters.se = function(self)
  return by_name("standard error", self.names, function(j) return self.fit.se[j] end)
end
getters.p = function(self)
  return by_name("p-value", self.names, function(j) return self.fit.p[j] end)
end
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

-- Of the fit, for a second one: the frequency column, the number of the cause.
function methods:_frequency() return number_column(self.endpoint, self.opt.frequency) end
function methods:_cause() return cause_number(self.endpoint, self.opt.cause) end

function methods:_limits(j)
  local b, se = self:_value(j), self.fit.se[j]
  if not b or not se then return { lower = nil, upper = nil } end
  return { lower = math.exp(b - self._z_level * se), upper = math.exp(b + self._z_level * se) }
end

-- The likelihood ratio test and the model-based score test are nil with sampling weights or
-- clusters, where the likelihood is not that of independent patients.
for _, name in ipairs { "lr", "score" } do
  getters[name] = function(self)
    if not self.weighted and not self.clustered then return self.fit[name] end
  end
end

-- The key of each row where a patient may have several rows, else nil.
function methods:_keys()
  local key = self.endpoint.start and self.endpoint.cohort.patients.key
  return key and self.endpoint.cohort:column(key)
end

--- Patients used: distinct keys where patients have several (start, stop] rows, else the rows, n.
getters.patients = function(self)
  local keys = self:_keys()
  if not keys or self.opt.frequency then return self.n end
  local seen, n = {}, 0
  for _, row in ipairs(self.fit.used) do
    local key = keys[row]
    if key == nil or not seen[key] then n = n + 1 end
    if key ~= nil then seen[key] = true end
  end
  return n
end

--- What is doubtful about the fit, as sentences.
getters.warnings = function(self)
  local out, fit = {}, self.fit
  for j, name in ipairs(self.names) do
    if fit.status[j] == "aliased" then
      out[#out + 1] = ("%s is redundant: it is constant among the patients at risk or determined \z
        by the terms before it."):format(name)
    elseif fit.status[j] == "infinite" then
      out[#out + 1] = ("%s: the hazard ratio is %s (all or no events on one side); no Wald \z
        limits. fit:firth() gives a finite one.")
        :format(name, fit.coef[j] > 0 and "infinite" or "zero")
    end
  end
  for _, term in ipairs(self.terms) do
    if term.levels and #term.levels < 2 then
      out[#out + 1] = ("%s has one level only: there is nothing to compare."):format(term.name)
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
  local fit, strata, offset = self.fit, special(self.design, "strata", ", "),
    special(self.design, "offset", " + ")
  local parts = { ("Cox proportional-hazards regression, %s ties"):format(TIES[fit.ties]) }
  if strata then parts[#parts + 1] = "stratified by " .. strata end
  if offset then parts[#parts + 1] = "offset " .. offset end
  for _, t in ipairs(self.transforms or {}) do
    parts[#parts + 1] = ("%s a function of time: %s"):format(t.name, t.text)
  end
  if self.weighted then parts[#parts + 1] = "sampling weights" end
  if fit.robust then
    parts[#parts + 1] = self.clustered
      and "robust variance, clusters of " .. special(self.design, "cluster", ", ")
      or "robust (sandwich) variance"
  end
  local out = ("%s; Wald limits (%g%%) and p-values."):format(table.concat(parts, ", "),
    100 * self.opt.conf_level)
  if fit.missing > 0 then
    out = out .. (" %d %s%s with a missing value left out."):format(fit.missing, self.endpoint.start
      and "row" or "patient",
      fit.missing == 1 and "" or "s")
  end
  return out
end

return M
