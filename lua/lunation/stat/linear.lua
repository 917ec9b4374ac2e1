-- SPDX-License-Identifier: GPL-3.0-or-later
-- linear: linear regression of a cohort by least squares.
local coding = require "lunation.stat.coding"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class

local M = {}
local Linear = result("linear")

local OPTIONS = { weights = { type = "string" }, conf_level = { type = "number", default = 0.95,
  min = 0.5, max = 0.9999 } }

--- Linear regression: M.fit(cohort, "log(afp) ~ age + bclc", { weights = column of precision
--- weights, conf_level }). Incomplete rows are left out and counted.
function M.fit(cohort, text, opt)
  opt = options.check("linear", opt, OPTIONS)
  local formula = core.design.parse(text)
  if not formula.response then
    errors.raise("usage.formula", "a regression needs an outcome: response ~ terms")
  end
  local y = core.expr.parse(formula.response):eval(cohort.patients.data)
  if y.type == "factor" or y.type == "text" then
    errors.raise("data.outcome", "linear: the outcome is not a number", { hint = "use logistic" })
  end
  local weights = opt.weights and cohort:column(opt.weights)
  local also = { { formula.response, y } }
  if weights then also[2] = { opt.weights, weights } end
  local design = core.design.new(formula, cohort.patients.data, { intercept = false, also = also })
  if design.offset then
    errors.raise("usage.formula", "linear: subtract the offset from the outcome instead")
  end
  local columns = {}
  for j = 1, design.p do columns[j] = design:x(j) end
  local f = core.linear.fit(y:gather(design.rows), columns,
    { weights = weights and weights:gather(design.rows) })
  return Linear.new { fit = f, names = design.names, coding = coding.of(design), n = f.n, df = f.df,
    dropped = design.dropped, sigma = f.sigma, r_squared = f.r_squared, conf_level = opt.conf_level,
    formula = text,
    convention = ("least squares%s; t limits and p-values on %d degrees of freedom."):format(
      weights and ", precision weights" or "", f.df) }
end

--- One row for each coefficient (statistic "coefficient"), then r_squared and p_f.
function Linear.methods:rows()
  local out, f = {}, self.fit
  local q = self.df > 0 and core.dist.t_quantile(0.5 + self.conf_level / 2, self.df)
  for i = 1, #self.names + 1 do
    local b, se = f.coef[i], f.se[i]
    local row = { statistic = "coefficient", term = i == 1 and "(intercept)" or self.names[i - 1],
      value = b, se = se, n = self.n }
    if b and se then
      row.lower, row.upper = b - q * se, b + q * se
      if se > 0 then row.p, row.log_p = require("lunation.stat.pvalue").t(b / se, self.df) end
    elseif not b then row.warning = "not estimable: determined by the other terms" end
    local code = self.coding[i - 1]
    if code then coding.add_level(out, row, code, { value = 0 }) end
    out[#out + 1] = row
  end
  out[#out + 1] = { statistic = "r_squared", value = self.r_squared, n = self.n }
  out[#out + 1] = { statistic = "p_f", value = f.p_f, n = self.n }
  return out
end

--- The regression table. opt: see lunation.report.tables.
function Linear.methods:table(opt)
  local t = require("lunation.report.tables").regression({ { self.formula, self } }, opt)
  table.move({ ("R squared %s, residual standard deviation %s"):format(
    format.number(self.r_squared, 3), format.number(self.sigma, 3)),
    ("n = %d; left out because a value is missing: %d"):format(self.n, self.dropped) },
    1, 2, #t.notes + 1, t.notes)
  return t
end

return M
