-- SPDX-License-Identifier: GPL-3.0-or-later
-- fields: schema pieces that several kinds of analysis share.
--
-- usual: what the estimator does when a recipe says nothing: a value, or a function of the options.
-- It is written out in locks and reports, and passed to no one.
local conventions = require "lunation.base.conventions"
local options = require "lunation.figure.options"
local suggest = require "lunation.base.suggest"

local M = {}

function M.endpoint(doc)
  return { type = "text", required = true, role = "endpoint", doc = doc
    or "an endpoint of this recipe" }
end

M.by = { type = "text", role = "column", doc = "column whose values are the groups" }
M.by_required = { type = "text", required = true, role = "column",
  doc = "column whose values are the groups" }
M.strata = { type = "list", of = { type = "text" }, single = true, role = "column",
  doc = "columns whose cells are the strata" }
M.times = { type = "list", of = { type = "number", min = 0 }, single = true,
  doc = "times at which the rate is given" }
M.conf_level = { type = "number", min = 0.5, max = 0.9999, default = 0.95,
  doc = "confidence level" }
M.conf_type = conventions.field("conf_type", "transformation of the limits")
M.median_rule = conventions.field("median_rule",
  "the median where the curve is at one half for a while, see "
  .. "docs/methods/kaplan-meier.md; spss has symmetric limits")
M.ties = conventions.field("ties", "how tied event times are handled")
M.adjust = { type = "text", choices = { "holm", "hochberg", "hommel", "bh", "by", "bonferroni",
  "none" }, default = "holm",
  doc = "adjustment of several p-values" }
M.estimand = { type = "text", choices = { "ATE", "ATT", "ATC", "overlap", "matching" },
  default = "ATE",
  doc = "with weights: whom the effect is about" }
M.stabilised = { type = "boolean", default = false,
  doc = "ATE weights times the share of the group" }
M.trim = { type = "number", min = 0.5, max = 1, doc = "weights above this quantile are set to it" }
M.columns = { type = "list", of = { type = "text" }, single = true, required = true,
  role = "column", doc = "columns" }
M.terms = { type = "text", doc = "model terms in R's notation: a + b + strata(c)" }
-- How Kaplan-Meier curves are drawn: options of lun.figure.km under the same names.
M.curves = {
  view = { type = "text", choices = { "survival", "failure", "cumhaz", "loglog" },
    doc = "what is drawn: survival, 1 - survival, the cumulative hazard, or log(-log S) against \z
      log time" },
  table = { type = "text", choices = { "kmunicate", "at_risk", "none" },
    doc = "under the curves: at risk, censored and events (Morris 2019), at risk only, or nothing" },
  fade_below = { type = "integer", min = 0,
    doc = "curves are faded where fewer patients remain (10)" },
  bands = { type = "boolean", doc = "draw confidence bands (true)" },
  width = { type = "text", choices = { "double", "single" }, doc = "174 mm or 85 mm" },
}

--- The options of the curves that an analysis states, for the figure.
function M.drawn(opt)
  local out = {}
  for name in pairs(M.curves) do out[name] = opt[name] end
  return out
end

--- The field `draw`: what figures of these kinds may be told about their looks, where every one of
--- them knows it (lunation.figure.options).
function M.draw(...)
  local shared
  for _, kind in ipairs { ... } do
    local own = options.recipe(kind)
    for name in pairs(shared or {}) do if not own[name] then shared[name] = nil end end
    shared = shared or own
  end
  return { type = "map", fields = shared, doc = "looks of the figure, see docs/figures.md: "
    .. table.concat(suggest.keys(shared), ", ") }
end

--- A figure's specification with the report's language and what the analysis says under `draw`.
function M.looks(doc, opt, spec)
  spec.lang = doc.lang
  for name, value in pairs(opt.draw or {}) do
    if type(name) == "string" then spec[name] = value end
  end
  return spec
end

--- fields with those of the curves; also: kinds of the other figures of the analysis.
function M.with_curves(fields, ...)
  for name, field in pairs(M.curves) do fields[name] = field end
  fields.draw = M.draw("km", ...)
  for name in pairs(M.curves) do fields.draw.fields[name] = nil end
  return fields
end

M.flag = function(doc, default)
  return { type = "boolean", default = default or false, doc = doc }
end

--- A call of the plan.
function M.call(as, on, method, ...)
  return { as = as, on = on, method = method, args = { ... } }
end

--- A call on an earlier result of the same analysis.
function M.then_call(as, on, method, ...)
  return { as = as, on = on, method = method, args = { ... }, local_on = true }
end

--- The call, whose result is for the calls after it and not for the reader.
function M.hidden(call)
  call.hidden = true
  return call
end

--- A call that makes the endpoint of the patients who have what all of the models read: the result
--- "patients".
function M.complete(endpoint, models)
  return M.hidden(M.call("patients", endpoint, "complete", models))
end

--- A sentence on who was left out by complete, as a list of notes.
function M.incomplete(patients)
  local n = patients.incomplete
  return n > 0 and { ("%d patient%s with a missing value in one of the models left out of all."):format(n,
    n == 1 and "" or "s") } or {}
end

--- An earlier result of the same analysis, as an argument of a call.
function M.result(name) return require("lunation.recipe.plan").result(name) end

--- The terms of a sum: "a + b*c + strata(d)" -> { "a", "b*c", "strata(d)" }; an empty text has
--- none.
function M.split_terms(formula)
  local out, depth, from = {}, 0, 1
  for i = 1, #formula + 1 do
    local c = formula:sub(i, i)
    if c == "(" then depth = depth + 1 elseif c == ")" then depth = depth - 1 end
    if (c == "+" and depth == 0) or c == "" then
      local term = formula:sub(from, i - 1):match("^%s*(.-)%s*$")
      if term ~= "" then out[#out + 1] = term end
      from = i + 1
    end
  end
  return out
end

--- The terms with columns as strata; nil adds none.
function M.stratified(terms, columns)
  for _, column in ipairs(columns or {}) do terms = terms .. " + strata(" .. column .. ")" end
  return terms
end

local SPECIAL = { strata = true, cluster = true, offset = true }

--- Formulas with one covariate each: those of terms, then those of also; strata, clusters and
--- offset go with every one. Returns { { name = covariate, terms = formula }, ... }.
function M.one_by_one(terms, also)
  local own, common, out = {}, {}, {}
  for _, term in ipairs(M.split_terms(terms)) do
    local list = SPECIAL[term:match("^(%a+)%s*%(") or ""] and common or own
    list[#list + 1] = term
  end
  table.move(M.split_terms(also or ""), 1, #M.split_terms(also or ""), #own + 1, own)
  for i, term in ipairs(own) do
    out[i] = { name = term, terms = table.concat({ term, table.unpack(common) }, " + ") }
  end
  return out
end

return M
