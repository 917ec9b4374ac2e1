-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox_tt: Cox models with terms tt(x) whose covariate changes with time: x log(t), x from a time
-- on. Each risk set is written out, the covariate takes its value at the time of the set, and the
-- sets are the strata of an ordinary fit (Therneau & Grambsch 2000, section 3.7; tt() of R's
-- coxph).
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

local EXAMPLE = 'say what time does: tt = "log(t)", "t", "t > 6" (the covariate times that), "x * \z
  log(t + 20)", a function of '
  .. 'x and t, or one of these for each variable: { age = "log(t)" }'

-- What the option says of the variable in the brackets of tt().
local function asked(tt, name)
  if type(tt) ~= "table" then return tt end
  for key in pairs(tt) do
    if key == name then return tt[key] end
  end
end

local function check_keys(tt, names)
  for _, key in ipairs(type(tt) == "table" and suggest.keys(tt) or {}) do
    local known = false
    for _, name in ipairs(names) do known = known or name == key end
    if not known then
      errors.raise("usage.tt", ('cox: tt: there is no term tt(%s)'):format(key),
        { hint = suggest.hint(key, names) })
    end
  end
end

-- An expression of t (times x), or of x and t, as a function of two columns; whether it names x.
local function of_expression(text)
  local names, uses_x = core.expr.parse(text):names(), false
  for _, name in ipairs(names) do
    if name ~= "t" and name ~= "x" then
      errors.raise("usage.tt",
        ('cox: tt: "%s" reads %s: it can read t (the time) and x (the covariate)'):format(text,
          name))
    end
    uses_x = uses_x or name == "x"
  end
  local condition = core.expr.parse(text):eval(core.table.new { { "t", core.column.number { 1 } },
    { "x", core.column.number { 1 } } })
    .type == "factor"
  local g = condition and ("if(%s, 1, 0)"):format(text) or text
  local whole = core.expr.parse(uses_x and g or ("x * (%s)"):format(g))
  return function(x, t) return whole:eval(core.table.new { { "x", x }, { "t", t } }) end, uses_x
end

local function of_function(f, name)
  return function(x, t)
    local out = f(x, t)
    if type(out) == "table" then out = core.column.number(out) end
    if type(out) ~= "userdata" or #out ~= #x then
      errors.raise("usage.tt",
        ("cox: tt: the function for %s returns a column with a value for each of the %d rows"):format(name, #x))
    end
    return out
  end
end

-- The transform of each tt() variable, by its number in the formula: { name, text, apply, uses_x }.
local function transforms_of(variables, tt)
  local out, list, names = {}, {}, {}
  for i, v in ipairs(variables) do
    if v.kind == "tt" then
      local what = asked(tt, v.inner)
      local t = { name = v.text, text = type(what) == "string" and what or "a function" }
      if type(what) == "string" then t.apply, t.uses_x = of_expression(what)
      elseif type(what) == "function" then t.apply = of_function(what, v.text)
      else errors.raise("usage.tt", ("cox: the term %s has no transform"):format(v.text),
        { hint = EXAMPLE }) end
      out[i], list[#list + 1], names[#names + 1] = t, t, v.inner
    end
  end
  check_keys(tt, names)
  return out, list
end

-- The transform of a term, nil when time has no part in it.
local function transform_of(list, transforms, name)
  local found
  for _, i in ipairs(list) do
    local t = transforms[i]
    if t and (found or (#list > 1 and (t.uses_x or t.text == "a function"))) then
      errors.raise("usage.tt", ("cox: %s: in an interaction only one factor is a function of \z
        time, and it is one of t alone"):format(name))
    end
    found = t or found
  end
  return found
end

local REFUSED = {}
for name in (
  "residuals event_rows linear zph_tests baseline path means_by expected"):gmatch "%S+" do
  REFUSED[name] = true
end

--- Raises: the model has no fixed linear predictor.
function M.refuse()
  errors.raise("usage.tt", "a model with tt() has no fixed linear predictor: there are no "
    .. "residuals, predictions or tests of proportional hazards of it",
    { hint = "the coefficient of tt(x) is itself the test of proportional hazards" })
end

-- The fit to the risk sets, counted in rows of the endpoint: n, used and missing are those of the
-- fit `rows`.
local function counted_in_rows(sets, rows)
  local own = { n = rows.n, events = rows.events, used = rows.used, missing = rows.missing,
    rows_used = rows.rows_used,
    zero_weight = rows.zero_weight, means = rows.means }
  return setmetatable(own, { __index = function(_, key)
    if REFUSED[key] then M.refuse() end
    local v = sets[key]
    if type(v) ~= "function" then return v end
    return function(_, ...) return v(sets, ...) end
  end })
end

local function gathered(column, rows) return column and column:gather(rows) end

--- Fits a design with tt() terms. how: as core.cox.fit takes it; tt: the transform. Returns the fit
--- and a list of the transforms, { name, text }.
function M.fit(endpoint, design, how, tt)
  local transforms, list = transforms_of(design.formula.variables, tt)
  local zero = { n = design.p }
  for j = 1, design.p do zero[j] = 0.0 end
  local rows = core.cox.fit(endpoint.surv, design, { strata = how.strata, cluster = how.cluster,
    offset = how.offset,
    weights = how.weights, frequency = how.frequency, cause = how.cause, at = zero,
    robust = false })
  local sets = core.cox.expand(endpoint.surv, { used = rows.used, strata = how.strata,
    cause = how.cause })
  local columns, terms = {}, design.formula.terms
  for j, term in ipairs(design.term) do
    local x, t = design:x(j):gather(sets.row),
      transform_of(terms[term], transforms, design.terms[term])
    columns[j] = t and t.apply(x, sets.time) or x
  end
  local response = core.surv.new { time = sets.time, status = sets.event }
  local cluster = gathered(how.cluster, sets.row) or (how.robust and sets.row or nil)
  local fit = core.cox.fit(response, columns, { ties = how.ties, strata = sets.set,
    cluster = cluster,
    offset = gathered(how.offset, sets.row), weights = gathered(how.weights, sets.row),
    frequency = gathered(how.frequency, sets.row), robust = how.robust })
  return counted_in_rows(fit, rows), list
end

return M
