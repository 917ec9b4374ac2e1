-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local names = require "lunation.report.names"
local call = fields.call

local UNIVARIABLE = "univariable: "

local function forest(doc, model, opt, study, id)
  local rows, label = {}, show.labels(doc, study)
  local level = names.labels(study.cohort.patients)
  for _, row in ipairs(model:rows()) do
    if row.statistic == "odds_ratio" and row.term ~= "(intercept)" then
      rows[#rows + 1] = { label = (row.level and level or label)(row.term), n = row.n,
        events = row.events, hr = row.lower
        and row.value, lower = row.lower,
        upper = row.upper, p = row.p, not_estimable = not row.lower and row.warning or nil }
    end
  end
  doc:figure { id = id .. "-forest", exact = true, caption = "Odds ratios of the model.",
    figure = require("lunation.figure").forest(fields.looks(doc, opt, { id = id,
      title = opt.title or opt.logistic, effect = "OR", rows = rows })) }
end

return require("lunation.analyses").define {
  kind = "logistic", title = "Logistic regression",
  doc = "Odds ratios of a yes-no outcome: several covariates in one model and, if asked for, each \z
    alone.",
  fields = {
    logistic = { type = "text", required = true,
      doc = "the outcome: a condition, or a column with two levels" },
    terms = { type = "text", required = true, doc = fields.terms.doc },
    univariable = fields.flag "also a model for each covariate alone",
    also = { type = "text", doc = "covariates that are shown univariably only" },
    firth = fields.flag "Firth's penalised likelihood, for few events and separated groups",
    limits = { type = "text", choices = { "wald", "profile" }, usual = function(opt)
      return opt.firth and "profile" or "wald"
    end,
      doc = "limits: wald, or profile likelihood (the default with firth)" },
    profile_rule = { type = "text", choices = { "spline", "exact" },
      usual = function(opt)
        return opt.firth and opt.limits ~= "wald" and "exact" or opt.limits == "profile"
          and "spline"
      end,
      doc = "profile limits as R's confint() (spline: the default without firth) or solved (exact)" },
    conf_level = fields.conf_level,
    draw = fields.draw "forest",
    figure = { type = "text", choices = { "forest", "none" }, default = "none",
      doc = "figure of the odds ratios" },
  },
  calls = function(opt)
    local options = { firth = opt.firth or nil, limits = opt.limits,
      profile_rule = opt.profile_rule,
      conf_level = opt.conf_level }
    local function model(as, terms)
      return call(as, "cohort", "logistic", opt.logistic .. " ~ " .. terms, options)
    end
    local calls = { model("model", opt.terms) }
    for _, one in ipairs(opt.univariable and fields.one_by_one(opt.terms, opt.also) or {}) do
      calls[#calls + 1] = model(UNIVARIABLE .. one.name, one.terms)
    end
    return calls
  end,
  show = function(doc, results, opt, study, id)
    if opt.figure == "forest" then forest(doc, results.model, opt, study, id) end
    show.regression(doc, results, study, id, opt.title or opt.logistic)
    if results.model.why ~= "" then doc:note("warning", results.model.why) end
  end,
}
