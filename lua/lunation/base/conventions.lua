-- SPDX-License-Identifier: GPL-3.0-or-later
-- conventions: where R, SAS, Stata and SPSS differ. The one table of what each does when nothing is
-- said; docs/methods/conventions.md has its rows and their sources.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

M.NAMES = { "r", "sas", "stata", "spss" }
M.TITLES = { r = "R", sas = "SAS", stata = "Stata", spss = "SPSS" }
M.MONTH = 30.4375

-- key: the option that says it; of: what it decides; then each program's way. not_of: functions
-- whose option of that name is another thing, or for which the programs agree.
M.ROWS = {
  { key = "ties", of = "tied event times in Cox regression and in the weighted log-rank test",
    r = "efron", sas = "breslow", stata = "breslow",
    spss = "breslow" },
  { key = "conf_type", of = "scale of the limits of a survival curve", r = "log", sas = "log-log",
    stata = "log-log", spss = "log",
    not_of = { curve = true } },
  { key = "median_rule", of = "median where a curve stays at one half", r = "r", sas = "sas",
    stata = "first", spss = "spss" },
  { key = "profile_rule", of = "profile-likelihood limits of a logistic model", r = "spline",
    sas = "exact", stata = "exact", spss = "exact" },
  { key = "quantiles", of = "quantiles of a sample", r = "r", sas = "sas", stata = "sas",
    spss = "spss" },
  { key = "month", of = "days in a month", r = 30.4375, sas = 30.4375, stata = 30.4375,
    spss = 30.4375 },
  { key = "rounding", of = "a printed number halfway between two", r = "half-even",
    sas = "half-away", stata = "half-even", spss = "half-away" },
}

-- Named, not chosen: the estimates here are exact to rounding, whatever the others stop at.
M.CONVERGENCE = {
  r = "relative change of the log-likelihood below 1e-9 (coxph), of the deviance below 1e-8 (glm)",
  sas = "relative gradient below 1e-8",
  stata = "relative change of the log-likelihood below 1e-7 and scaled gradient below 1e-5",
  spss = "relative change of the log-likelihood below 1e-5, of the coefficients below 1e-4" }

--- What a key may be set to, for schemas: { type, choices } or { type, min, max }.
M.VALUES = {
  ties = { type = "text", choices = { "efron", "breslow", "exact" } },
  conf_type = { type = "text", choices = { "log", "log-log", "plain", "arcsine", "logit" } },
  median_rule = { type = "text", choices = { "r", "sas", "first", "below", "spss" } },
  profile_rule = { type = "text", choices = { "spline", "exact" } },
  quantiles = { type = "text", choices = { "r", "sas", "spss" } },
  month = { type = "number", min = 28, max = 31 },
  rounding = { type = "text", choices = { "half-even", "half-away" } },
}

local function rows_by_key()
  local out = {}
  for _, row in ipairs(M.ROWS) do out[row.key] = row end
  return out
end
local ROW = rows_by_key()

--- A field of an analysis for a key: its values, and what is done when nothing is said (R's way).
function M.field(key, doc)
  local rule = M.VALUES[key]
  return { type = rule.type, choices = rule.choices, min = rule.min, max = rule.max,
    usual = ROW[key].r, doc = doc }
end

local function check_key(key, value)
  local rule = M.VALUES[key]
  if not rule then
    errors.raise("usage.convention", ('there is no convention "%s"'):format(tostring(key)),
      { hint = suggest.hint(tostring(key), suggest.keys(M.VALUES)) })
  end
  for _, choice in ipairs(rule.choices or {}) do if choice == value then return end end
  if not rule.choices and type(value) == "number" and value >= rule.min and value <= rule.max then
    return
  end
  errors.raise("usage.convention", ("conventions: %s cannot be %s"):format(key, tostring(value)),
    { hint = rule.choices and suggest.hint(tostring(value), rule.choices)
      or ("a number from %g to %g"):format(rule.min, rule.max) })
end

--- The conventions of a program ("sas"), or of { follow = "sas", month = 30 }: its ways with
--- changes. Returns key -> value, and `follow`.
function M.of(given)
  if type(given) ~= "table" then given = { follow = given } end
  local name = given.follow or "r"
  if not M.TITLES[name] then
    errors.raise("usage.convention", ('there are no conventions of "%s"'):format(tostring(name)),
      { hint = suggest.hint(tostring(name), M.NAMES) })
  end
  local out = { follow = name }
  for _, row in ipairs(M.ROWS) do out[row.key] = row[name] end
  for key, value in pairs(given) do
    if key ~= "follow" and type(key) == "string" then
      check_key(key, value)
      out[key] = value
    end
  end
  return out
end

local current = M.of "r"

--- Sets what estimators do where a script says nothing, and how numbers are printed; given as of().
--- Without an argument nothing changes. Returns the conventions in force.
function M.use(given)
  if given then
    current = M.of(given)
    require("lunation.format").rounding(current.rounding)
  end
  return current
end

--- The value for an option that was not given, or nil where the conventions have none for it. what:
--- the function; choices: what its option may be.
function M.default(what, key, choices)
  local row, value = ROW[key], current[key]
  if not row or value == row.r or (row.not_of and row.not_of[what]) then return nil end
  for _, choice in ipairs(choices or {}) do if choice == value then return value end end
end

--- A sentence for the methods of a report; nil for R's ways unchanged.
function M.sentence(conventions)
  local changed = {}
  for _, row in ipairs(M.ROWS) do
    local v = conventions[row.key]
    if v ~= row.r then
      changed[#changed + 1] = ("%s: %s"):format(row.of, type(v) == "number"
        and ("%g"):format(v) or v)
    end
  end
  if #changed == 0 then return nil end
  return ("Conventions of %s where an analysis says nothing (%s)."):format(
    M.TITLES[conventions.follow], table.concat(changed, "; "))
end

return M
