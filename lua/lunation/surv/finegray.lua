-- SPDX-License-Identifier: GPL-3.0-or-later
-- finegray: proportional subdistribution hazards of one cause of an endpoint (Fine & Gray 1999).
local causes = require "lunation.surv.causes"
local core = require "lunation.core"
local errors = require "lunation.errors"
local incidence = require "lunation.surv.predicted_incidence"
local options = require "lunation.base.options"
local suggest = require "lunation.base.suggest"
local tables = require "lunation.report.tables"
local to_factor = require "lunation.data.factor"

local M = {}
local FineGray = require("lunation.base.result").class("finegray", { "wald", "lr" })
local methods, getters = FineGray.methods, FineGray.getters

local OPTIONS = {
  cause = { type = "any" }, method = { type = "string", choices = { "crr", "survival" } },
  ties = { type = "string", choices = { "breslow", "efron" } },
  variance = { type = "string", choices = { "censoring", "robust" } },
  censoring = { type = "any" }, cluster = { type = "any" }, weights = { type = "any" },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
}

-- --- the fit -------------------------------------------------------------------------------------

-- The convention: what was asked for, else that of crr, or of survival where crr has none.
local function convention_of(endpoint, opt)
  opt.method = opt.method or (endpoint.surv.delayed and "survival" or "crr")
  opt.ties = opt.ties or (opt.method == "crr" and "breslow" or "efron")
  opt.variance = opt.variance or (opt.method == "crr" and "censoring" or "robust")
end

local function cause_of(endpoint, names, cause)
  if cause ~= nil then return causes.number("finegray", names, cause) end
  if #names == 1 then return 1 end
  errors.raise("usage.cause", "finegray: say which cause the model is about",
    { hint = ('cause = "%s"; known: %s'):format(names[1], table.concat(names, ", ")) })
end

-- One factor out of the columns with these names.
local function cells(endpoint, names)
  local out
  for _, name in ipairs(type(names) == "string" and { names } or names or {}) do
    local f = to_factor(endpoint.cohort:column(name))
    out = out and core.factor.cross(out, f) or f
  end
  return out
end

-- Weights with the zeros missing, so that their rows are left out; how many there are.
local function positive(endpoint, v)
  local weights = require("lunation.stat.weights").column(endpoint, v)
  if not weights then return nil, 0 end
  local values, zero, some = { n = endpoint.n }, 0, false
  for i = 1, endpoint.n do
    local w = weights[i]
    if w == 0 then zero = zero + 1 else values[i] = w end
    some = some or w ~= nil and w ~= 0
  end
  if not some then
    errors.raise("data.weight", "finegray: all weights are 0 or missing",
      { hint = "check the column of the weights" })
  end
  return core.column.number(values), zero
end

local function only_rows(endpoint)
  if not endpoint.split_on then return end
  errors.raise("usage.finegray-split",
    "finegray: a covariate that changes has no value after a competing event",
    { hint = "use cause-specific Cox models: endpoint:cox(terms, { cause = ... })" })
end

--- Fits terms to an endpoint with causes. opt: cause (name or number; needed when there are
--- several), method ("crr", the default, or "survival": how censorings tied with events count),
--- ties ("breslow", or "efron", the default of survival), variance ("censoring": includes the
--- estimation of the censoring distribution, the default of crr; "robust"), censoring (columns:
--- strata of the censoring distribution, crr's cengroup), cluster (columns), weights (sampling
--- weights), conf_level. strata() among the terms gives each stratum its own baseline. weighted and
--- clustered say whether there were weights and clusters.
function M.fit(endpoint, text, given)
  local opt = options.check("finegray", given, OPTIONS)
  only_rows(endpoint)
  local names = causes.names(endpoint)
  local cause = cause_of(endpoint, names, opt.cause)
  convention_of(endpoint, opt)
  local weights, zero = positive(endpoint, opt.weights)
  local own = { weights = weights, censoring = cells(endpoint, opt.censoring),
    cluster = cells(endpoint, opt.cluster) }
  local also = {}
  for _, name in ipairs { "weights", "censoring", "cluster" } do
    if own[name] then also[#also + 1] = { name, own[name] } end
  end
  local design = core.design.new(text, endpoint.cohort.patients.data,
    { intercept = false, also = also })
  local function gather(column) return column and column:gather(design.rows) end
  local columns = {}
  for j = 1, design.p do columns[j] = design:x(j) end
  local surv = core.surv.new { time = gather(endpoint.time), status = gather(endpoint.status),
    start = gather(endpoint.start) }
  local how = { cause = cause, method = opt.method, weights = gather(weights),
    offset = design.offset, strata = design.strata, censoring = gather(own.censoring),
    cluster = gather(own.cluster) or design.cluster, efron = opt.ties == "efron",
    robust = opt.variance == "robust" }
  return FineGray.new { fit = core.finegray.fit(surv, columns, how), columns = columns, how = how,
    design = design, formula = core.design.parse(text), opt = opt, endpoint = endpoint,
    title = endpoint.title, unit = endpoint.unit, surv = surv,
    names = design.names, number = cause, cause = names[cause], causes = names,
    clustered = own.cluster ~= nil or design.cluster ~= nil, zero_weight = zero,
    dropped = design.dropped - zero, conf_level = opt.conf_level,
    _z_level = core.dist.norm_quantile(0.5 + opt.conf_level / 2) }
end

-- --- fields --------------------------------------------------------------------------------------

for _, name in ipairs { "n", "events", "competing", "loglik", "loglik_null", "lr", "wald", "vcov",
  "iterations", "converged", "rank", "status" } do
  getters[name] = function(self) return self.fit[name] end
end

-- Values by coefficient name; an unknown name is an error with a suggestion.
local function by_name(what, value)
  return function(self)
    local out = {}
    for j, name in ipairs(self.names) do out[name] = value(self, j) end
    return setmetatable(out, { __index = function(_, name)
      for _, known in ipairs(self.names) do if known == name then return nil end end
      errors.raise("usage.term", ('the model has no %s of "%s"'):format(what, tostring(name)),
        { hint = suggest.hint(tostring(name), self.names) })
    end })
  end
end

local function finite(self, j) return self.fit.status[j] == "finite" and self.fit.coef[j] or nil end

local function limits(self, j)
  local b, se = finite(self, j), self.fit.se[j]
  if not b or not se then return {} end
  return { lower = math.exp(b - self._z_level * se), upper = math.exp(b + self._z_level * se) }
end

getters.coef = by_name("coefficient", finite)
getters.se = by_name("standard error", function(self, j) return self.fit.se[j] end)
getters.p = by_name("p-value", function(self, j) return self.fit.p[j] end)
getters.shr = by_name("subdistribution hazard ratio", function(self, j)
  local b = finite(self, j)
  return b and math.exp(b)
end)
getters.ci = by_name("limits", limits)

--- What is doubtful about the fit, as sentences.
getters.warnings = function(self)
  local out, fit = {}, self.fit
  for j, name in ipairs(self.names) do
    if fit.status[j] == "aliased" then
      out[#out + 1] = ("%s is redundant: it is constant or determined by the terms before it.")
        :format(name)
    elseif fit.status[j] == "infinite" then
      out[#out + 1] = ("%s: the subdistribution hazard ratio is %s (all or no events on one side); "
        .. "no Wald limits."):format(name, fit.coef[j] > 0 and "infinite" or "zero")
    end
  end
  if not fit.converged then out[#out + 1] = "The fit did not converge: " .. fit.why .. "." end
  if fit.events < fit.rank then
    out[#out + 1] = ("%d events for %d coefficients."):format(fit.events, fit.rank)
  end
  if fit.competing == 0 then
    out[#out + 1] = "No competing event: the subdistribution hazard is the hazard, "
      .. "and this is a Cox model."
  end
  return out
end

getters.why = function(self) return table.concat(self.warnings, " ") end

local WEIGHTS = { crr = "as cmprsk's crr", survival = "as survival's finegray" }

getters.convention = function(self)
  local opt = self.opt
  local ties = opt.ties == "efron" and "Efron's" or "Breslow's"
  local parts = { ("Fine-Gray model of %s, weights %s, %s ties"):format(self.cause,
    WEIGHTS[opt.method], ties) }
  if self.design.strata then parts[#parts + 1] = "stratified baseline" end
  if opt.censoring then parts[#parts + 1] = "censoring distribution by stratum" end
  if opt.weights then parts[#parts + 1] = "sampling weights" end
  parts[#parts + 1] = opt.variance == "robust"
    and "robust variance (censoring distribution taken as known)"
    or "variance with the estimated censoring distribution"
  if self.clustered then parts[#parts + 1] = "clustered" end
  local out = ("%s; Wald limits (%g%%) and p-values."):format(table.concat(parts, ", "),
    100 * self.conf_level)
  if self.dropped > 0 then
    out = out .. (" %d patient%s with a missing value left out."):format(self.dropped,
      self.dropped == 1 and "" or "s")
  end
  if self.zero_weight > 0 then
    out = out .. (" %d with weight 0 left out."):format(self.zero_weight)
  end
  return out
end

-- --- rows ----------------------------------------------------------------------------------------

-- The factor of a term that is one variable coded by levels, else nil.
local function factor_of(self, variable)
  if variable.kind ~= "plain" and variable.kind ~= "factor" then return nil end
  local text = variable.text:match("^factor%s*(%b())$") or variable.text:match("^I%s*(%b())$")
    or variable.text
  local column = core.expr.parse(text):eval(self.endpoint.cohort.patients.data)
  local coded = column.type == "factor" or column.type == "text" or column.type == "logical"
  if variable.kind == "plain" and not coded then return nil end
  return to_factor(column)
end

-- Each term: { label, factor or nil, columns = numbers }.
local function terms_of(self)
  local out, formula = {}, self.formula
  for t, label in ipairs(self.design.terms) do out[t] = { label = label, columns = {} } end
  for j, t in ipairs(self.design.term) do table.insert(out[t].columns, j) end
  for t, variables in ipairs(formula.terms) do
    if #variables == 1 then
      local v = formula.variables[variables[1]]
      out[t].label, out[t].factor = v.label, factor_of(self, v)
    end
  end
  return out
end

-- Rows and events of the cause where column j is 1.
local function level_counts(self, j)
  local x, status, n, events = self.design:x(j), self.endpoint.status, 0, 0
  for i, row in ipairs(self.design.rows) do
    if x[i] == 1 then
      n = n + 1
      if status[row] == self.number then events = events + 1 end
    end
  end
  return n, events
end

local WARNINGS = { aliased = function() return "redundant" end, finite = function() end,
  infinite = function(b) return b > 0 and "infinite" or "zero" end }

local function coefficient_row(self, j, variable, level)
  local b, ci = finite(self, j), limits(self, j)
  local row = { statistic = "shr", term = self.names[j], variable = variable, level = level,
    value = b and math.exp(b), lower = ci.lower, upper = ci.upper, p = self.fit.p[j], log_shr = b,
    se = self.fit.se[j], n = self.n, events = self.events, conf_level = self.conf_level,
    warning = WARNINGS[self.fit.status[j]](self.fit.coef[j]) }
  if level then row.n, row.events = level_counts(self, j) end
  return row
end

-- The first level of a term's factor that has no column.
local function reference_row(self, term, rows)
  local n, events, coded = self.n, self.events, {}
  for _, row in ipairs(rows) do
    n, events, coded[row.level] = n - row.n, events - row.events, true
  end
  local values = term.factor:gather(self.design.rows)
  local occurs = {}
  for i = 1, #values do if values[i] ~= nil then occurs[values[i]] = true end end
  for _, level in ipairs(term.factor.levels) do
    if occurs[level] and not coded[level] then
      return { statistic = "reference", term = term.label .. ": " .. level, value = 1,
        variable = term.label, level = level, n = n, events = events }
    end
  end
end

--- One row for each coefficient (statistic "shr", with log_shr, se, p, n, events; variable and
--- level for factors), one for each reference level, and the tests of the model (p_lr of the
--- pseudo-likelihood, p_wald).
function methods:rows()
  local out = {}
  for _, term in ipairs(terms_of(self)) do
    local rows = {}
    for k, j in ipairs(term.columns) do
      local level = term.factor and self.names[j]:sub(#term.label + 3) or nil
      rows[k] = coefficient_row(self, j, term.label, level)
    end
    if term.factor then out[#out + 1] = reference_row(self, term, rows) end
    table.move(rows, 1, #rows, #out + 1, out)
  end
  for _, name in ipairs { "lr", "wald" } do
    local t = self.fit[name]
    if t then
      out[#out + 1] = { statistic = "p_" .. name, value = t.p, chisq = t.statistic, df = t.df,
        n = self.n, events = self.events }
    end
  end
  return out
end

--- The regression table. opt: see lunation.report.tables.
function methods:table(opt)
  local o = { notes = self.warnings,
    caption = ("%s: %s, %d patients, events = %d, competing = %d"):format(self.title, self.cause,
    self.n, self.events, self.competing) }
  for k, v in pairs(opt or {}) do o[k] = v end
  return tables.regression({ { "", self } }, o)
end

-- --- predictions ---------------------------------------------------------------------------------

-- The columns that the terms read: { name, kind of the variable }, each once.
local function columns_read(self)
  local out, seen = {}, {}
  for _, v in ipairs(self.formula.variables) do
    for _, name in ipairs(v.columns) do
      if not seen[name] then out[#out + 1] = { name = name, kind = v.kind } end
      seen[name] = true
    end
  end
  return out, seen
end

local function check_subjects(subjects, known)
  for i, x in ipairs(subjects) do
    for _, key in ipairs(suggest.keys(x)) do
      if not known[key] then
        local text = ('predict: subject %d: the model reads no "%s"'):format(i, key)
        errors.raise("usage.newdata", text, { hint = suggest.hint(key, suggest.keys(known)) })
      end
    end
  end
end

-- A column like `column` with these values.
local function same_type(column, values)
  if column.type == "factor" then return core.column.factor(values, column.levels) end
  return column.type == "text" and core.column.text(values) or core.column.number(values)
end

-- The subjects' values as a table. A cluster has no part in a prediction: any will do.
local function newdata(self, subjects)
  local read, known = columns_read(self)
  local out = {}
  check_subjects(subjects, known)
  for k, about in ipairs(read) do
    local column = self.endpoint.cohort.patients.data:column(about.name)
    local values = { n = #subjects }
    for i, x in ipairs(subjects) do
      values[i] = x[about.name]
      if about.kind == "cluster" then values[i] = column[self.design.rows[1]] end
      if values[i] == nil then
        errors.raise("usage.newdata", ("predict: subject %d has no %s"):format(i, about.name),
          { hint = "give a value of each covariate" })
      end
    end
    out[k] = { about.name, same_type(column, values) }
  end
  return core.table.new(out)
end

local function stratum_of(self, design, i)
  if not design.strata then return 1 end
  for k, level in ipairs(self.design.strata.levels) do
    if level == design.strata[i] then return k end
  end
end

-- Cumulative hazards and their standard errors: by subject, then time.
local function hazards(self, subjects, times)
  local design, stratum, columns = self.design:like(newdata(self, subjects)), nil, {}
  for j = 1, design.p do columns[j] = design:x(j) end
  if design.strata then
    stratum = {}
    for i = 1, #subjects do stratum[i] = stratum_of(self, design, i) end
  end
  return self.fit:predict(self.surv, self.columns, self.how, columns, { n = #subjects,
    times = times, offset = design.offset, stratum = stratum })
end

--- Cumulative incidence of the cause by time: { x = { column = value }, times = { ... } }, or a
--- list of subjects under x. 1 - exp(-H(t) exp(x b)) with H the baseline of Breslow's kind (of
--- Efron's with those ties); nil after the last time that was observed. Fields incidence, se, lower
--- and upper, by subject and time. The standard error is that of the patients' influence on the
--- baseline, the coefficients and, with the variance "censoring", the censoring distribution.
--- conf_type: "cloglog" (log(-log(1 - F))), "log", "plain".
function methods:predict(given)
  local opt = options.check("predict", given, { x = { type = "list", required = true },
    times = { type = "numbers", required = true }, conf_type = { type = "string",
      default = "cloglog", choices = incidence.CONF_TYPES } })
  local subjects, out, errs = #opt.x > 0 and opt.x or { opt.x }, {}, {}
  local cumhaz, se = hazards(self, subjects, opt.times)
  for i = 1, #subjects do
    out[i], errs[i] = {}, {}
    for k, t in ipairs(opt.times) do
      local at = (i - 1) * #opt.times + k
      if t <= self.surv.last then
        local survival = math.exp(-cumhaz[at])
        out[i][k], errs[i][k] = 1 - survival, se[at] and survival * se[at]
      end
    end
  end
  return incidence.new { x = subjects, model = "Fine-Gray model", times = opt.times,
    incidence = out, se = errs, cause = self.cause,
    n = self.n, unit = self.unit, conf_level = self.conf_level, conf_type = opt.conf_type,
    convention = self.convention }
end

return M
