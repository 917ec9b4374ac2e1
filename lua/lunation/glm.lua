-- SPDX-License-Identifier: GPL-3.0-or-later
-- glm: logistic and multinomial regression of a cohort.
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.factor"
local format = require "lunation.format"
local options = require "lunation.options"
local result = require("lunation.result").class

local M = {}
local Logistic = result("logistic")

local OPTIONS = { firth = { type = "boolean", default = false }, weights = { type = "any" },
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

local function fit(cohort, text, opt, what)
  opt = options.check(what, opt, OPTIONS)
  local m = M.model(cohort, text, weights_of(cohort, opt.weights))
  local f = core.glm.logit(m.y, m.columns, { firth = opt.firth, weights = m.weights, offset = m.design.offset })
  local events = 0
  for i = 1, f.n do if m.y[i] == m.y.levels[2] then events = events + 1 end end
  return Logistic.new { fit = f, names = m.names, levels = m.y.levels, n = f.n, events = events, dropped = m.design.dropped, formula = text,
    conf_level = opt.conf_level, converged = f.converged, why = f.why, loglik = f.loglik, loglik_null = f.loglik_null,
    rows_used = m.design.rows, convention = (opt.firth and "Firth's penalised likelihood" or "maximum likelihood")
      .. (opt.weights and ", frequency weights" or "") .. "; Wald limits; reference level " .. m.y.levels[1] }
end

--- Logistic regression: "response in {'CR', 'PR'} ~ age + bclc". The first level of the outcome is the
--- reference. opt: firth, weights (frequencies), conf_level. Incomplete rows are left out and counted.
function M.logistic(cohort, text, opt)
  local f = fit(cohort, text, opt, "logistic")
  if #f.levels ~= 2 then
    errors.raise("data.outcome", ("logistic: the outcome has %d levels"):format(#f.levels), { hint = "use multinomial" })
  end
  return f
end

--- Multinomial logistic regression of a factor against its first level. opt: weights, conf_level.
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

function Logistic.methods:rows()
  local z, out = core.dist.norm_quantile(0.5 + self.conf_level / 2), {}
  for i, term, level in each(self) do
    local b, se, status = self.fit.coef[i], self.fit.se[i], self.fit.status[i]
    local row = { statistic = "odds_ratio", term = term, group = #self.levels > 2 and level or nil, n = self.n,
      events = #self.levels == 2 and self.events or nil }
    if status == "infinite" then
      row.value = b > 0 and math.huge or 0.0
      row.warning = "infinite: " .. self.why
    elseif b and se then
      row.value, row.lower, row.upper = math.exp(b), math.exp(b - z * se), math.exp(b + z * se)
      row.p = 2 * core.dist.norm_upper(math.abs(b / se))
    else
      row.warning = "not estimable: determined by the other terms"
    end
    out[#out + 1] = row
  end
  return out
end

function Logistic.methods:table()
  local rows = {}
  for _, r in ipairs(self:rows()) do
    if r.term ~= "(intercept)" then
      rows[#rows + 1] = { term = r.term, group = r.group, p = r.p and format.p_value(r.p) or "",
        value = r.lower and format.hr(r.value, r.lower, r.upper) or format.number(r.value) }
    end
  end
  local columns = { { key = "term", label = "" }, { key = "value", label = ("Odds ratio (%g%% CI)"):format(100 * self.conf_level), align = "decimal" },
    { key = "p", label = "p", align = "decimal" } }
  if #self.levels > 2 then table.insert(columns, 2, { key = "group", label = "Level" }) end
  local notes = { self.convention, ("n = %d; left out because a value is missing: %d"):format(self.n, self.dropped) }
  if self.why ~= "" then notes[3] = self.why end
  return { columns = columns, rows = rows, notes = notes }
end

return M
