-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call = fields.call

return require("lunation.analyses").define {
  kind = "cox", title = "Cox regression",
  doc = "Hazard ratios of several covariates in one model and, if asked for, each alone.",
  fields = {
    cox = fields.endpoint(), terms = { type = "text", required = true, doc = fields.terms.doc },
    univariable = fields.flag "also a model for each covariate alone",
    also = { type = "text", doc = "covariates that are shown univariably only" },
    cause = { type = "text", doc = "only events of this cause count; the others censor" },
    cause_specific = fields.flag "also the models of each cause side by side",
    ties = fields.ties, robust = fields.flag "robust (sandwich) standard errors",
    tt = { type = "text",
      doc = "what time t does to the terms tt(x): log(t), t, t > 6, x * log(t + 20)" },
    conf_level = fields.conf_level, ph_test = fields.flag "test of proportional hazards",
    term_tests = fields.flag "a test of each term as a whole, and of the nonlinearity of splines",
    effect = { type = "text", role = "column",
      doc = "a number whose hazard ratios along its values are shown: of splines" },
    effect_at = { type = "list", of = { type = "number" }, single = true,
      doc = "the values; default ten over its range" },
    effect_reference = { type = "number",
      doc = "the value they are compared with; default the median" },
    draw = fields.draw("forest", "schoenfeld"),
    ph_figure = fields.flag "with ph_test: draw each coefficient's scaled Schoenfeld residuals",
    figure = { type = "text", choices = { "forest", "none" }, default = "none",
      doc = "figure of the hazard ratios" },
  },
  calls = function(opt)
    local function model_of(name, terms)
      return call(name, opt.cox, "cox", terms, { ties = opt.ties, robust = opt.robust or nil,
        cause = opt.cause,
        conf_level = opt.conf_level, tt = terms:find("tt%s*%(") and opt.tt or nil })
    end
    local calls = { model_of("model", opt.terms) }
    if opt.univariable then
      for _, one in ipairs(fields.one_by_one(opt.terms, opt.also)) do
        calls[#calls + 1] = model_of("univariable: " .. one.name, one.terms)
      end
    end
    if opt.cause_specific then
      calls[#calls + 1] = call("causes", opt.cox, "cause_specific", opt.terms,
        { ties = opt.ties, robust = opt.robust or nil, conf_level = opt.conf_level })
    end
    if opt.ph_test then calls[#calls + 1] = fields.then_call("ph", "model", "zph") end
    if opt.term_tests then
      calls[#calls + 1] = fields.then_call("term tests", "model", "term_tests")
    end
    if opt.effect then
      calls[#calls + 1] = fields.then_call("effect", "model", "effect", opt.effect, {
        at = opt.effect_at,
        reference = opt.effect_reference, points = not opt.effect_at and 10 or nil })
    end
    return calls
  end,
  show = show.cox,
}
