-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local format = require "lunation.format"
local call = fields.call

local UNIVARIABLE = "univariable: "

-- Odds ratios by term, in the order of the terms.
local function estimates(fit, into, order)
  for _, row in ipairs(fit:rows()) do
    if row.statistic == "odds_ratio" and row.term ~= "(intercept)" then
      if not order[row.term] then
        order[#order + 1] = row.term
        order[row.term] = true
      end
      into[row.term] = row
    end
  end
end

local function univariable(results, opt)
  local found, order = {}, {}
  for _, one in ipairs(opt.univariable and fields.one_by_one(opt.terms, opt.also) or {}) do
    estimates(results[UNIVARIABLE .. one.name], found, order)
  end
  return found, order
end

local function odds_ratio(row)
  if not row then return "" end
  return row.warning and not row.lower and format.missing or format.hr(row.value, row.lower, row.upper)
end

local function p_value(row) return row and row.p and format.p_value(row.p) or "" end

local function regression_table(doc, results, opt, id)
  local alone, order = univariable(results, opt)
  local together, rows = {}, {}
  estimates(results.model, together, order)
  for i, term in ipairs(order) do
    local u, m = alone[term], together[term]
    rows[i] = { term = term, n = (m or u).n, events = (m or u).events, m = odds_ratio(m), mp = p_value(m) }
    if opt.univariable then rows[i].u, rows[i].up = odds_ratio(u), p_value(u) end
  end
  local ci = ("OR (%g%% CI)"):format(100 * opt.conf_level)
  local columns = { { key = "term", label = "Covariate" }, { key = "n", label = "n", align = "right" },
    { key = "events", label = "Events", align = "right" } }
  local function add(key, label)
    columns[#columns + 1] = { key = key, label = label, align = "decimal" }
    columns[#columns + 1] = { key = key .. "p", label = "p", align = "decimal" }
  end
  if opt.univariable then add("u", "Univariable " .. ci) end
  add("m", #order > 1 and "Multivariable " .. ci or ci)
  doc:table { id = id .. "-regression", caption = "Logistic regression of " .. opt.logistic, columns = columns, rows = rows,
    notes = { results.model.convention } }
end

local function forest(doc, model, opt, id)
  local rows = {}
  for _, row in ipairs(model:rows()) do
    if row.statistic == "odds_ratio" and row.term ~= "(intercept)" then
      rows[#rows + 1] = { label = row.term, n = row.n, events = row.events, hr = row.lower and row.value, lower = row.lower,
        upper = row.upper, p = row.p, not_estimable = not row.lower and row.warning or nil }
    end
  end
  doc:figure { id = id .. "-forest", caption = "Odds ratios of the model.",
    figure = require("lunation.figure").forest { id = id, title = opt.title or opt.logistic, effect = "OR", rows = rows } }
end

return require("lunation.analyses").define {
  kind = "logistic", title = "Logistic regression",
  doc = "Odds ratios of a yes-no outcome: several covariates in one model and, if asked for, each alone.",
  fields = {
    logistic = { type = "text", required = true, doc = "the outcome: a condition, or a column with two levels" },
    terms = { type = "text", required = true, doc = fields.terms.doc },
    univariable = fields.flag "also a model for each covariate alone",
    also = { type = "text", doc = "covariates that are shown univariably only" },
    firth = fields.flag "Firth's penalised likelihood, for few events and separated groups",
    limits = { type = "text", choices = { "wald", "profile" },
      doc = "limits: wald, or profile likelihood (the default with firth)" },
    profile_rule = { type = "text", choices = { "spline", "exact" },
      doc = "profile limits as R's confint() (spline: the default without firth) or solved (exact)" },
    conf_level = fields.conf_level,
    figure = { type = "text", choices = { "forest", "none" }, default = "none", doc = "figure of the odds ratios" },
  },
  calls = function(opt)
    local options = { firth = opt.firth or nil, limits = opt.limits, profile_rule = opt.profile_rule,
      conf_level = opt.conf_level }
    local function model(as, terms) return call(as, "cohort", "logistic", opt.logistic .. " ~ " .. terms, options) end
    local calls = { model("model", opt.terms) }
    for _, one in ipairs(opt.univariable and fields.one_by_one(opt.terms, opt.also) or {}) do
      calls[#calls + 1] = model(UNIVARIABLE .. one.name, one.terms)
    end
    return calls
  end,
  show = function(doc, results, opt, _, id)
    if opt.figure == "forest" then forest(doc, results.model, opt, id) end
    regression_table(doc, results, opt, id)
    if results.model.why ~= "" then doc:note("warning", results.model.why) end
  end,
}
