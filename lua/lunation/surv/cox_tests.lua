-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox_tests: tests of a Cox model and of its terms, residuals, proportional hazards, Firth's
-- penalty.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"
local result = require "lunation.base.result"
local suggest = require "lunation.base.suggest"
local by_name = require("lunation.surv.cox_model").by_name

local methods = require("lunation.surv.cox_model").class.methods

--- The tests of the whole model: lr, wald, score, robust_score = { statistic, df, p, log10_p }.
function methods:tests()
  return { lr = self.lr, wald = self.wald, score = self.score, robust_score = self.robust_score }
end

local function columns_of(term)
  local out = {}
  for j = term.from, term.to do out[#out + 1] = j end
  return out
end

local function find_term(self, name)
  local names = {}
  for i, term in ipairs(self.terms) do
    if term.name == name then return term end
    names[i] = term.name
  end
  errors.raise("usage.term", ('the model has no term "%s"'):format(tostring(name)),
    { hint = suggest.hint(tostring(name), names) })
end

--- Wald test of a term as a whole: of a factor with several levels, or of a spline.
function methods:term_test(name) return self.fit:wald_of(columns_of(find_term(self, name))) end

-- The likelihood ratio test that these columns do nothing, where there is one.
local function lr_of(self, columns)
  if self.weighted or self.clustered then return nil end
  return self.fit:lr_of(columns)
end

-- The one spline of a term and the column of its variable; nil of other terms.
local function spline_of(self, term)
  local v = #term.variables == 1 and self.design.formula.variables[term.variables[1]]
  if not v or (v.kind ~= "ns" and v.kind ~= "rcs") or term.to == term.from then return nil end
  return v.inner, core.expr.parse(v.inner):eval(self.endpoint.cohort.patients.data)
end

-- The coefficients that make the variable itself out of the spline's columns: it lies in their
-- span.
local function identity_of(self, term, x)
  local used, columns = self.fit.used, {}
  for k, j in ipairs(columns_of(term)) do columns[k] = self.design:x(j):gather(used) end
  local fit, along = core.linear.fit(x:gather(used), columns), {}
  for k = 1, #columns do along[k] = fit.coef[k + 1] or 0 end
  return along
end

-- The same model with the variable in place of its spline.
local function linear_loglik(self, term, x)
  local columns, strata = {}, self.design.strata
  for j = 1, self.design.p do
    if j == term.from then columns[#columns + 1] = x end
    if j < term.from or j > term.to then columns[#columns + 1] = self.design:x(j) end
  end
  local fit = core.cox.fit(self.endpoint.surv, columns, { ties = self.fit.ties, strata = strata,
    cluster = self.design.cluster,
    offset = self.design.offset, frequency = self:_frequency(), robust = false,
    cause = self:_cause() })
  return fit.loglik, fit.rank
end

--- Test that a spline term is a straight line: { statistic, df, p } by Wald's test, and lr = {
--- statistic, df, p } against the model with the variable itself (nil with weights or clusters).
--- term: "rcs(age, 4)".
function methods:nonlinearity(name)
  local term = find_term(self, name)
  local inner, x = spline_of(self, term)
  if not inner then
    errors.raise("usage.term", ('%s is not a spline'):format(name),
      { hint = "write rcs(x, 4) or ns(x, 3)" })
  end
  local out = self.fit:wald_beyond(columns_of(term), identity_of(self, term, x))
  if not out or self.weighted or self.clustered or self.transforms then return out end
  local loglik, rank = linear_loglik(self, term, x)
  local statistic, df = math.max(0, 2 * (self.loglik - loglik)), self.fit.rank - rank
  out.lr = df > 0 and { statistic = statistic, df = df, p = core.dist.chisq_upper(statistic, df) }
    or nil
  return out
end

local TermTests = result.class("cox_term_tests")

--- A test of each term and, below a spline, of its nonlinearity: a result whose rows have term, df,
--- value and p (Wald's chi-square) and chisq_lr and p_lr (likelihood ratio: the model without the
--- term's columns, on the same rows).
function methods:term_tests()
  local out = {}
  local function add(name, statistic, wald, lr)
    out[#out + 1] = { statistic = statistic, term = name, value = wald and wald.statistic, df = wald
      and wald.df or lr and lr.df,
      p = wald and wald.p, chisq_lr = lr and lr.statistic, p_lr = lr and lr.p, n = self.patients,
      events = self.events }
  end
  for _, term in ipairs(self.terms) do
    local columns = columns_of(term)
    if #columns > 0 then
      add(term.name, "term_test", self.fit:wald_of(columns), lr_of(self, columns))
    end
    if spline_of(self, term) then
      local test = self:nonlinearity(term.name)
      add(term.name, "nonlinearity", test, test and test.lr)
    end
  end
  return TermTests.new { list = out, convention = "Wald's chi-square"
    .. ((self.weighted or self.clustered) and "."
      or "; likelihood ratio of the model without the term.") }
end

function TermTests.methods:rows() return self.list end

function TermTests.methods:table()
  local rows = {}
  for i, r in ipairs(self.list) do
    rows[i] = { term = r.statistic == "nonlinearity" and "nonlinear part" or r.term,
      indent = r.statistic == "nonlinearity" and 1 or nil,
      df = r.df and format.integer(r.df) or "", chisq = r.value and format.number(r.value, 2)
        or "", p = r.p and format.p_value(r.p) or "",
      lr = r.chisq_lr and format.number(r.chisq_lr, 2) or "", p_lr = r.p_lr
        and format.p_value(r.p_lr) or "" }
  end
  return { columns = { { key = "term", label = "Term" }, { key = "df", label = "df",
    align = "right" },
    { key = "chisq", label = "Wald chi-square", align = "decimal" },
    { key = "p", label = "p", align = "decimal" },
    { key = "lr", label = "LR chi-square", align = "decimal" },
    { key = "p_lr", label = "p (LR)", align = "decimal" } },
    rows = rows, notes = { self.convention } }
end

--- Residuals: see core.cox. type: martingale, deviance, score, dfbeta, dfbetas, schoenfeld,
--- scaled_schoenfeld.
function methods:residuals(type) return self.fit:residuals(type) end

--- The model with standard errors that include the estimation of its weights (of cohort:weights).
function methods:stacked() return require("lunation.stat.weights").stacked(self) end

--- The model with Firth's penalty: for each coefficient by name hr, coef, se, p, ci = { lower,
--- upper } (profile limits of the hazard ratio), and loglik. Finite also where the likelihood is
--- monotone.
function methods:firth()
  local f = self.fit:firth(self.opt.conf_level)
  local function named(what, value) return by_name(what, self.names, value) end
  local function ratio(x) return x and math.exp(x) end
  return { loglik = f.loglik, loglik_null = f.loglik_null, converged = f.converged, why = f.why,
    coef = named("coefficient", function(j) return f.coef[j] end),
    se = named("standard error", function(j) return f.se[j] end),
    p = named("p-value", function(j) return f.p[j] end), hr = named("hazard ratio", function(j)
      return ratio(f.coef[j])
    end),
    ci = named("limits",
      function(j) return { lower = ratio(f.lower[j]), upper = ratio(f.upper[j]) } end) }
end

--- Likelihood ratio test of this model against a smaller one fitted to the same patients.
function methods:compare(smaller)
  if self.n ~= smaller.n or self.events ~= smaller.events then
    errors.raise("usage.nested", "the two models were fitted to different patients",
      { hint = "leave rows with missing values out first" })
  end
  if self.weighted or self.clustered then
    errors.raise("usage.nested",
      "a likelihood ratio test needs independent rows without sampling weights",
      { hint = "use term_test(name), the Wald test with the robust variance" })
  end
  local df = self.fit.rank - smaller.fit.rank
  if df < 1 then errors.raise("usage.nested", "the model to compare with is not smaller") end
  local statistic = 2 * (self.loglik - smaller.loglik)
  local p, log_p = pvalue.chisq(statistic, df)
  return { statistic = statistic, df = df, p = p, log_p = log_p }
end

-- --- proportional hazards ------------------------------------------------------------------------

local Zph = class("zph")

--- Score test of proportional hazards (Grambsch and Therneau 1994; R's cox.zph from survival 3).
--- opt: transform ("km", "identity", "rank", "log"). Fields: one test for each term by name in
--- .tests, .global; .time, .x (transformed time) and .y[coefficient] (scaled Schoenfeld residuals)
--- for a figure.
function methods:zph(given)
  local opt = options.check("zph", given,
    { transform = { type = "string", default = "km",
      choices = { "km", "identity", "rank", "log" } } })
  local group, names = {}, {}
  for k, term in ipairs(self.terms) do
    names[k] = term.name
    for j = term.from, term.to do group[j] = k end
  end
  local tests = self.fit:zph_tests(opt.transform, group)
  local scaled, y = self.fit:residuals("scaled_schoenfeld"), {}
  for j, name in ipairs(self.names) do y[name] = scaled[j] end
  return Zph.new { transform = opt.transform, names = names,
    tests = by_name("test", names, function(k) return tests[k] or nil end),
    global = tests.global, x = tests.x, time = (self.fit:event_rows()), y = y, n = self.n,
    events = self.events }
end

Zph.getters.convention = function(self)
  return ("Score test of proportional hazards against a change with %s time."):format(
    self.transform == "km" and "Kaplan-Meier transformed"
    or self.transform == "identity" and "untransformed" or self.transform)
end

function Zph.methods:rows()
  local out = {}
  for _, name in ipairs(self.names) do
    local t = self.tests[name]
    out[#out + 1] = { statistic = "ph_test", term = name, value = t and t.statistic, df = t
      and t.df, p = t and t.p, n = self.n,
      events = self.events }
  end
  local g = self.global
  if g then
    out[#out + 1] = { statistic = "ph_test", term = "global", value = g.statistic, df = g.df,
      p = g.p, n = self.n, events = self.events }
  end
  return out
end

--- The tests as a table. opt: see lunation.report.tables.
function Zph.methods:table(opt) return require("lunation.report.tables").hazards(self, opt) end

Zph.meta.__tostring = function(self) return result.text(self:table()) end
