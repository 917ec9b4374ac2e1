-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox_predict: what a Cox model says of its own and of other rows.
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local newdata = require "lunation.surv.cox_newdata"
local options = require "lunation.base.options"
local result = require "lunation.base.result"
local suggest = require "lunation.base.suggest"
local tt = require "lunation.surv.cox_tt"

local methods = require("lunation.surv.cox_model").class.methods

-- The linear predictor by row of the endpoint; missing for rows not used.
function methods:_linear()
  local values, linear = { n = self.endpoint.n }, self.fit:linear()
  for u, row in ipairs(self.fit.used) do values[row] = linear[u] end
  return core.column.number(values)
end

--- Harrell's C of the linear predictor (or Uno's with timewt = "n/G2"; until: a time limit), within
--- strata.
function methods:concordance(given)
  local opt = options.check("concordance", given, {
    timewt = { type = "string", default = "n", choices = { "n", "S", "S/G", "n/G2", "I" } },
    ["until"] = { type = "number" } })
  return require("lunation.surv.concord").new(self.endpoint, self:_linear(), {
    timewt = opt.timewt, ["until"] = opt["until"],
    strata = self.design.strata, cluster = self.design.cluster,
    weights = require("lunation.stat.weights").column(self.endpoint, self.opt.weights) }, opt)
end

--- Gonen and Heller's concordance probability.
function methods:gonen_heller() return core.concord.gonen_heller(self:_linear()) end

-- --- rows to predict -----------------------------------------------------------------------------

-- The strata of other rows by the levels of the fit.
local function strata_of(self, strata)
  local own, known, out = self.design.strata, {}, { n = #strata }
  for _, level in ipairs(own.levels) do known[level] = true end
  for i = 1, #strata do
    if strata[i] ~= nil and not known[strata[i]] then
      errors.raise("usage.stratum", ('there is no stratum "%s"'):format(strata[i]),
        { hint = suggest.hint(strata[i], own.levels) })
    end
    out[i] = strata[i]
  end
  return core.column.factor(out, own.levels)
end

local function centred(offset)
  local sum, n, out = 0, 0, { n = #offset }
  for i = 1, #offset do if offset[i] then sum, n = sum + offset[i], n + 1 end end
  for i = 1, #offset do out[i] = offset[i] and offset[i] - sum / n end
  return core.column.number(out)
end

-- { design, n, strata, offset (of the linear predictor), table (of newdata) }.
local function rows_of(self, given)
  if given == nil then
    local offset = self.design.offset
    return { design = self.design, n = self.design.n, strata = self.design.strata,
      raw_offset = offset,
      offset = offset and centred(offset) }
  end
  local data = newdata.table(self, given)
  local design = self.design:like(data, { all_rows = true })
  return { design = design, n = design.n, strata = self.design.strata
    and strata_of(self, design.strata), raw_offset = design.offset,
    offset = design.offset, table = data }
end

-- The point that linear predictors are counted from: { reference, stratum } as core.cox takes them.
local function reference_of(self, rows, name)
  if name == "zero" then return {} end
  if name == "strata" and rows.strata then
    return { reference = self.fit:means_by(self.design, self.design.strata), stratum = rows.strata }
  end
  return { reference = self.fit.means }
end

-- --- types ---------------------------------------------------------------------------------------

local function linear(self, rows, reference, columns)
  local how = reference_of(self, rows, reference)
  how.n, how.columns = rows.n, columns
  return self.fit:linear_of(rows.design, how)
end

-- A column of f(a[i], b[i]), missing where one is.
local function map(f, a, b)
  local out = { n = #a }
  for i = 1, #a do if a[i] and (not b or b[i]) then out[i] = f(a[i], b and b[i]) end end
  return core.column.number(out)
end

local TYPES = {}

function TYPES.lp(self, rows, opt)
  local lp, se = linear(self, rows, opt.reference)
  if rows.offset then lp = map(function(a, b) return a + b end, lp, rows.offset) end
  return lp, se
end

-- se by the delta method: risk se(lp). R prints sqrt(risk) se(lp).
function TYPES.risk(self, rows, opt)
  local lp, se = TYPES.lp(self, rows, opt)
  local risk = map(math.exp, lp)
  return risk, map(function(a, b) return a * b end, risk, se)
end

local function time_column(self, rows, name, wanted)
  if not rows.table then return name == "start" and self.endpoint.start or self.endpoint.time end
  if rows.table:has(wanted) then return rows.table:column(wanted) end
  if name == "start" then return nil end
  errors.raise("usage.newdata",
    ('newdata has no column "%s", the time up to which events are expected'):format(wanted),
    { hint = "name it: time = \"column\"" })
end

function TYPES.expected(self, rows, opt)
  local start = (rows.table or self.endpoint.start) and time_column(self, rows, "start", opt.start)
    or nil
  return self.fit:expected(rows.design, {
    n = rows.n, start = start, stop = time_column(self, rows, "time", opt.time),
    stratum = rows.strata, offset = rows.raw_offset })
end

function TYPES.survival(self, rows, opt)
  local expected, se = TYPES.expected(self, rows, opt)
  local survival = map(function(h) return math.exp(-h) end, expected)
  return survival, map(function(s, e) return s * e end, survival, se)
end

function TYPES.terms(self, rows, opt)
  local fit, se = {}, {}
  for _, term in ipairs(self.terms) do
    local columns = {}
    for j = term.from, term.to do columns[#columns + 1] = j end
    fit[term.name], se[term.name] = linear(self, rows, opt.reference, columns)
  end
  return fit, se
end

-- --- predict -------------------------------------------------------------------------------------

local Prediction = result.class("cox_prediction", { "se" })
local PREDICT_OPTIONS = {
  type = { type = "string", default = "lp", choices = { "lp", "risk", "expected", "survival",
    "terms" } },
  reference = { type = "string", choices = { "sample", "strata", "zero" } },
  newdata = { type = "any" },
  se = { type = "boolean", default = true }, time = { type = "string", default = "time" },
  start = { type = "string", default = "start" } }

--- Predictions, as R's predict.coxph. opt: type = "lp" (linear predictor), "risk" (its
--- exponential), "expected" (number of events up to each row's time), "survival" (exp(-expected))
--- or "terms" (the share of each term); reference, from which lp, risk and terms are counted:
--- "strata" (mean of the stratum; default), "sample" (fit.means, default of terms), "zero";
--- newdata: a table, a cohort, lists by name or a list of rows (default: the rows of the fit); time
--- and start: names of newdata's columns for expected and survival; se. Fields fit and se (columns;
--- by term for "terms"). A missing value gives a missing prediction. The standard error of risk is
--- risk se(lp) (delta method).
function methods:predict(given)
  local opt = options.check("predict", given, PREDICT_OPTIONS)
  if self.transforms then tt.refuse() end
  opt.reference = opt.reference or (opt.type == "terms" and "sample" or "strata")
  local rows = rows_of(self, opt.newdata)
  local fit, se = TYPES[opt.type](self, rows, opt)
  return Prediction.new { type = opt.type, reference = opt.reference, fit = fit, se = opt.se and se
    or nil, n = rows.n,
    terms = self.terms, _z_level = self._z_level, conf_level = self.opt.conf_level }
end

local NAMES = { lp = "Linear predictor", risk = "Relative risk", expected = "Expected events",
  survival = "Survival probability",
  terms = "Share of each term in the linear predictor" }

Prediction.getters.convention = function(self)
  local from = (self.type == "expected" or self.type == "survival") and "" or ", counted from "
    .. ({ sample = "the means of the sample", strata = "the means of the stratum",
      zero = "zero" })[self.reference]
  return ("%s%s; normal limits (%g%%)."):format(NAMES[self.type], from, 100 * self.conf_level)
end

local function limits_of(self, v, se)
  if not v or not se then return nil, nil end
  local d = self._z_level * se
  if self.type ~= "risk" then return v - d, v + d end
  return v * math.exp(-d / v), v * math.exp(d / v)
end

--- One row for each prediction: statistic (the type), group (number of the row), term for "terms",
--- value, se, lower, upper.
function Prediction.methods:rows()
  local out = {}
  local function add(fit, se, term)
    for i = 1, self.n do
      local v, e = fit[i], se and se[i]
      local lower, upper = limits_of(self, v, e)
      out[#out + 1] = { statistic = self.type, group = tostring(i), term = term, value = v, se = e,
        lower = lower, upper = upper }
    end
  end
  if self.type ~= "terms" then add(self.fit, self.se) end
  for _, term in ipairs(self.type == "terms" and self.terms or {}) do
    add(self.fit[term.name], self.se and self.se[term.name], term.name)
  end
  return out
end

function Prediction.methods:table()
  local rows = {}
  for i, r in ipairs(self:rows()) do
    rows[i] = { row = r.group, term = r.term, value = r.value and format.number(r.value, 3) or "–",
      se = r.se and format.number(r.se, 3) or "–" }
  end
  local columns = { { key = "row", label = "Row", align = "right" }, { key = "value",
    label = NAMES[self.type], align = "decimal" },
    { key = "se", label = "SE", align = "decimal" } }
  if self.type == "terms" then table.insert(columns, 2, { key = "term", label = "Term" }) end
  return { columns = columns, rows = rows, notes = { self.convention } }
end

--- The probability of the event by time t of each row: a column; missing where a value is. newdata:
--- as of predict (default: the rows of the fit's endpoint).
function methods:probability(t, given)
  if self.transforms then tt.refuse() end
  local rows = rows_of(self, given)
  local stop = { n = rows.n }
  for i = 1, rows.n do stop[i] = t end
  local expected = self.fit:expected(rows.design, { n = rows.n, stop = core.column.number(stop),
    stratum = rows.strata, offset = rows.raw_offset })
  return map(function(h) return 1 - math.exp(-h) end, expected)
end

--- Survival of the levels of a factor, adjusted by the model (g-formula): see
--- lunation.surv.standardised. opt: by, times, tau, conf_level.
function methods:standardised(opt) return require("lunation.surv.standardised").of(self, opt) end

--- Time-dependent ROC curves of the model on its own patients (apparent performance): see
--- endpoint:roc, which also takes the model on other patients, as do brier and calibration.
function methods:roc(opt) return self.endpoint:roc(self, opt) end

--- Brier scores of the model on its own patients: see endpoint:brier.
function methods:brier(opt) return self.endpoint:brier(self, opt) end

--- Calibration of the model on its own patients: see endpoint:calibration.
function methods:calibration(opt) return self.endpoint:calibration(self, opt) end

-- --- the effect of one variable ------------------------------------------------------------------

local Effect = result.class("cox_effect")
local EFFECT_OPTIONS = { at = { type = "numbers" }, points = { type = "integer", default = 50,
  min = 2, max = 10000 },
  reference = { type = "number" }, x = { type = "table", default = {} } }

-- The columns of the terms that read the variable; other variables in them need a value in x.
local function columns_reading(self, name, x)
  local out = {}
  for _, term in ipairs(self.terms) do
    local reads, others = false, {}
    for _, column in ipairs(newdata.read_by(self, term)) do
      if column == name then reads = true else others[#others + 1] = column end
    end
    for _, other in ipairs(reads and others or {}) do
      if x[other] == nil then
        errors.raise("usage.effect",
          ("effect: %s acts together with %s: say at which value"):format(name, other),
          { hint = ("x = { %s = ... }"):format(other) })
      end
    end
    for _, v in ipairs(reads and term.variables or {}) do
      if self.design.formula.variables[v].kind == "tt" then tt.refuse() end
    end
    for j = term.from, reads and term.to or term.from - 1 do out[#out + 1] = j end
  end
  if #out == 0 then
    errors.raise("usage.term", ('no term of the model reads "%s"'):format(tostring(name)))
  end
  return out
end

-- Evenly spaced over the values used, which are returned sorted.
local function grid(values, points)
  local out = {}
  for i = 0, points - 1 do
    out[i + 1] = values[1] + (values[#values] - values[1]) * i / (points - 1)
  end
  return out
end

local function used_values(self, name)
  local column, out = self.endpoint.cohort:column(name), {}
  if column.type == "factor" or column.type == "text" then
    errors.raise("usage.effect",
      ("effect: %s is no number: its levels are the model's rows"):format(name))
  end
  for _, row in ipairs(self.fit.used) do out[#out + 1] = column[row] end
  table.sort(out)
  return out
end

--- The log hazard ratio of values of a variable against a reference, over all terms that read it
--- (splines, powers, interactions): fit:effect("age", { at = { 40, 70 }, reference = 60 }). opt: at
--- (default: points, 50, evenly over the values), reference (default: the median), x (values of
--- variables in interaction with it). Fields at, log_hr, se, lower, upper (limits of the hazard
--- ratio), reference.
function methods:effect(name, given)
  local opt = options.check("effect", given, EFFECT_OPTIONS)
  local columns, values = columns_reading(self, name, opt.x), used_values(self, name)
  local at = opt.at or grid(values, opt.points)
  local reference = opt.reference or core.summary.quantile(values, 0.5)
  local n, x = #at + 1, {}
  for key, v in pairs(opt.x) do x[key] = v end
  x[name] = table.move(at, 1, #at, 1, {})
  x[name][n] = reference
  local design, from = self.design:like(newdata.one(self, x, n), { all_rows = true }), {}
  for j = 1, design.p do from[j] = design:x(j)[n] end
  local lp, se = self.fit:linear_of(design, { n = n, reference = from, columns = columns })
  local out = { name = name, at = at, reference = reference, log_hr = {}, se = {}, lower = {},
    upper = {}, conf_level = self.opt.conf_level,
    convention = ("Hazard ratio against %s = %g; Wald limits (%g%%)."):format(name, reference,
      100 * self.opt.conf_level) }
  for i = 1, #at do
    local v, e = lp[i], se[i]
    out.log_hr[i], out.se[i] = v, e
    if v and e then
      out.lower[i], out.upper[i] = math.exp(v - self._z_level * e), math.exp(v + self._z_level * e)
    end
  end
  return Effect.new(out)
end

--- One row for each value: statistic "hr", term ("age: 70 vs 60"), value, lower, upper, log_hr, se.
function Effect.methods:rows()
  local out = {}
  for i, v in ipairs(self.at) do
    out[i] = { statistic = "hr", term = ("%s: %g vs %g"):format(self.name, v, self.reference),
      value = self.log_hr[i] and math.exp(self.log_hr[i]),
      lower = self.lower[i], upper = self.upper[i], log_hr = self.log_hr[i], se = self.se[i] }
  end
  return out
end

function Effect.methods:table()
  local rows = {}
  for i, r in ipairs(self:rows()) do
    rows[i] = { x = format.number(self.at[i]), hr = r.value and format.hr(r.value, r.lower, r.upper)
      or "–" }
  end
  return { columns = { { key = "x", label = self.name, align = "decimal" },
    { key = "hr", label = ("HR (%g%% CI)"):format(100 * self.conf_level), align = "decimal" } },
      rows = rows, notes = { self.convention } }
end
