-- SPDX-License-Identifier: GPL-3.0-or-later
-- glm: logistic and multinomial regression of a cohort.
local coding = require "lunation.stat.coding"
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local format = require "lunation.format"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"
local result = require("lunation.base.result").class

local M = {}
local Logistic = result("logistic")

local OPTIONS = { firth = { type = "boolean", default = false }, weights = { type = "any" },
  limits = { type = "string", choices = { "wald", "profile" } },
  profile_rule = { type = "string", choices = { "spline", "exact" } },
  conf_level = { type = "number", default = 0.95, min = 0.5, max = 0.9999 } }

-- The outcome on the left of ~ as a factor: a column, or a condition (false, true).
local function outcome(cohort, formula)
  if not formula.response then
    errors.raise("usage.formula", "a regression needs an outcome: response ~ terms")
  end
  return factor(core.expr.parse(formula.response):eval(cohort.patients.data))
end

local function gather(column, rows) return column and column:gather(rows) end

local function weights_of(cohort, v)
  if type(v) == "string" then return cohort:column(v) end
  return type(v) == "table" and v.values or v
end

--- The outcome and the model matrix of the complete rows: { y, columns, names, design }.
function M.model(cohort, text, weights)
  local formula = core.design.parse(text)
  local y = outcome(cohort, formula)
  local also = { { formula.response, y } }
  if weights then also[2] = { "weights", weights } end
  local design = core.design.new(formula, cohort.patients.data, { intercept = false, also = also })
  local columns = {}
  for j = 1, design.p do columns[j] = design:x(j) end
  return { y = gather(y, design.rows), columns = columns, names = design.names, design = design,
    weights = gather(weights, design.rows) }
end

local LIMITS = { wald = "Wald limits and p-values",
  spline = "profile-likelihood limits from a spline through the profile, as R's confint(); \z
    likelihood-ratio p-values",
  exact = "profile-likelihood limits, solved; likelihood-ratio p-values" }

-- wald, spline or exact. R has the spline for glm only: logistf solves, and multinom has no
-- profile.
local function limits_rule(opt, what)
  if (opt.limits or opt.firth and "profile") ~= "profile" then return "wald" end
  return opt.profile_rule or (opt.firth or what == "multinomial") and "exact" or "spline"
end

local function fit(cohort, text, opt, what)
  opt = options.check(what, opt, OPTIONS)
  local m = M.model(cohort, text, weights_of(cohort, opt.weights))
  local rule = limits_rule(opt, what)
  local f = core.glm.logit(m.y, m.columns, { firth = opt.firth, weights = m.weights,
    offset = m.design.offset,
    profile = rule ~= "wald" and opt.conf_level or nil, spline = rule == "spline" })
  local events = 0
  for i = 1, f.n do if m.y[i] == m.y.levels[2] then events = events + 1 end end
  local how = opt.firth and "Firth's penalised likelihood" or "maximum likelihood"
  return Logistic.new { fit = f, names = m.names, levels = m.y.levels, n = f.n, events = events,
    dropped = m.design.dropped, formula = text, outcome = m.y, coding = coding.of(m.design, m.y),
    conf_level = opt.conf_level, converged = f.converged, why = f.why, loglik = f.loglik,
    loglik_null = f.loglik_null, rows_used = m.design.rows,
    convention = how .. (opt.weights and ", frequency weights" or "") .. "; " .. LIMITS[rule]
      .. "; reference level " .. m.y.levels[1] .. "." }
end

--- Logistic regression: "response in {'CR', 'PR'} ~ age + bclc". The first level of the outcome is
--- the reference. opt: firth, limits ("wald", or "profile": also likelihood-ratio p-values, the
--- default with firth), profile_rule ("spline": R's confint(), the default; "exact": solved, the
--- default with firth), weights (frequencies), conf_level. Incomplete rows are left out and
--- counted.
function M.logistic(cohort, text, opt)
  local f = fit(cohort, text, opt, "logistic")
  if #f.levels ~= 2 then
    errors.raise("data.outcome", ("logistic: the outcome has %d levels"):format(#f.levels),
      { hint = "use multinomial" })
  end
  return f
end

--- Multinomial logistic regression of a factor against its first level. opt: limits, profile_rule
--- ("exact" unless stated), weights, conf_level.
function M.multinomial(cohort, text, opt) return fit(cohort, text, opt, "multinomial") end

-- Each coefficient with its equation's level.
local function each(self)
  local i, k = 0, #self.names + 1
  return function()
    i = i + 1
    if i > self.fit.equations * k then return nil end
    local j = (i - 1) % k
    return i, j == 0 and "(intercept)" or self.names[j], self.levels[(i - 1) // k + 2]
  end
end

local function profiled(self, i, row)
  row.lower, row.upper = math.exp(self.fit.lower[i]), math.exp(self.fit.upper[i])
  row.p, row.log_p = pvalue.chisq(self.fit.lr[i], 1)
end

--- Likelihood-ratio test of the whole model against the intercepts: { statistic, df, p }.
function Logistic.methods:test()
  local statistic, df = 2 * (self.loglik - self.loglik_null), self.fit.rank - self.fit.rank_null
  local p, log_p = pvalue.chisq(statistic, df)
  return { statistic = statistic, df = df, p = p, log_p = log_p }
end

local function two_levels(self, what)
  if #self.levels ~= 2 then
    errors.raise("usage.levels", what .. ": the outcome has more than two levels")
  end
end

--- Probability of the second level and the outcome (0 or 1) of each row used.
function Logistic.methods:predictions()
  two_levels(self, "predictions")
  local p, y = {}, {}
  for i = 1, self.n do
    p[i], y[i] = self.fit.fitted[2 * i], self.outcome[i] == self.levels[2] and 1 or 0
  end
  return p, y
end

--- Area under the ROC curve of the fitted probabilities, on the patients the model was fitted to.
function Logistic.methods:auc()
  return core.glm.auc((self:predictions()), self.outcome)
end

--- Mean squared difference of the outcome and its fitted probability (Brier 1950).
function Logistic.methods:brier()
  local p, y = self:predictions()
  local sum = 0
  for i = 1, #p do sum = sum + (y[i] - p[i]) ^ 2 end
  return sum / #p
end

-- Number of the interval (cuts[k], cuts[k + 1]] that holds v, the first one closed.
local function interval_of(cuts, v)
  local k = 1
  while k < #cuts - 1 and v > cuts[k + 1] do k = k + 1 end
  return k
end

--- Hosmer and Lemeshow's test (1980): groups by quantiles (R's type 7) of the fitted probability,
--- 10 by default. Returns { statistic, df, p, groups = { { n, observed, expected } ... } }; equal
--- quantiles merge.
function Logistic.methods:hosmer_lemeshow(groups)
  groups = groups or 10
  local p, y = self:predictions()
  local cuts, cells = {}, {}
  for k = 0, groups do
    local cut = core.summary.quantile(p, k / groups)
    if cut ~= cuts[#cuts] then cuts[#cuts + 1] = cut end
  end
  for k = 1, #cuts - 1 do cells[k] = { n = 0, observed = 0, expected = 0 } end
  for i = 1, #cuts > 1 and #p or 0 do
    local c = cells[interval_of(cuts, p[i])]
    c.n, c.observed, c.expected = c.n + 1, c.observed + y[i], c.expected + p[i]
  end
  local statistic, df = 0, #cells - 2
  for _, c in ipairs(cells) do
    statistic = statistic + (c.observed - c.expected) ^ 2 / (c.expected * (1 - c.expected / c.n))
  end
  return { statistic = statistic, df = df, p = (pvalue.chisq(statistic, df)), groups = cells }
end

local function coefficient_row(self, i, term, level, z)
  local b, se, status = self.fit.coef[i], self.fit.se[i], self.fit.status[i]
  local row = { statistic = "odds_ratio", term = term, group = #self.levels > 2 and level or nil,
    n = self.n, events = #self.levels == 2 and self.events or nil, conf_level = self.conf_level }
  if status == "infinite" then
    row.value = b > 0 and math.huge or 0.0
    if self.fit.lr then profiled(self, i, row) end
    row.warning = "infinite: " .. self.why
  elseif b and se then
    row.value, row.lower, row.upper = math.exp(b), math.exp(b - z * se), math.exp(b + z * se)
    row.p, row.log_p = pvalue.normal(b / se)
    if self.fit.lr then profiled(self, i, row) end
  else
    row.warning = "not estimable: determined by the other terms"
  end
  return row
end

--- One row for each coefficient (statistic "odds_ratio"; variable, level, n and events of the level
--- for factors), one for each reference level ("reference"), p_lr of the model, and with an outcome
--- of two levels auc and brier. group: the level of an outcome that has several.
function Logistic.methods:rows()
  local z, out = core.dist.norm_quantile(0.5 + self.conf_level / 2), {}
  local group, columns = #self.levels > 2, #self.names + 1
  for i, term, level in each(self) do
    local code = self.coding[(i - 1) % columns]
    local row = coefficient_row(self, i, term, level, z)
    if code then
      coding.add_level(out, row, code, { group = group and level or nil,
        events = code.reference and code.reference.cases[level] or 0 })
      row.events = code.cases[level] or 0
    end
    out[#out + 1] = row
  end
  local test = self:test()
  out[#out + 1] = { statistic = "p_lr", value = test.p, log_p = test.log_p, chisq = test.statistic,
    df = test.df, n = self.n }
  if #self.levels == 2 then
    out[#out + 1] = { statistic = "auc", value = self:auc(), n = self.n }
    out[#out + 1] = { statistic = "brier", value = self:brier(), n = self.n }
  end
  return out
end

-- The levels of the outcome as models side by side, each against the first.
local function by_level(self)
  local models, all = {}, self:rows()
  for k = 2, #self.levels do
    local rows = {}
    for _, row in ipairs(all) do if row.group == self.levels[k] then rows[#rows + 1] = row end end
    models[k - 1] = { label = self.levels[k], fit = { rows = function() return rows end, n = self.n,
      convention = self.convention, conf_level = self.conf_level } }
  end
  return models
end

--- The regression table. opt: see lunation.report.tables.
function Logistic.methods:table(opt)
  local two = #self.levels == 2
  local models = two and { { self.formula, self } } or by_level(self)
  local t = require("lunation.report.tables").regression(models, opt)
  local notes = t.notes
  notes[#notes + 1] = ("n = %d; left out because a value is missing: %d"):format(self.n,
    self.dropped)
  if two then
    notes[#notes + 1] = ("AUC %s, Brier score %s"):format(format.number(self:auc(), 3),
      format.number(self:brier(), 3))
  end
  if self.why ~= "" then notes[#notes + 1] = self.why end
  return t
end

return M
