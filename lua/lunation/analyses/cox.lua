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
    conf_level = fields.conf_level, ph_test = fields.flag "test of proportional hazards",
    figure = { type = "text", choices = { "forest", "none" }, default = "none", doc = "figure of the hazard ratios" },
  },
  calls = function(opt)
    local cox = { ties = opt.ties, robust = opt.robust or nil, cause = opt.cause, conf_level = opt.conf_level }
    local calls = { call("model", opt.cox, "cox", opt.terms, cox) }
    if opt.univariable then
      for _, one in ipairs(fields.one_by_one(opt.terms, opt.also)) do
        calls[#calls + 1] = call("univariable: " .. one.name, opt.cox, "cox", one.terms, cox)
      end
    end
    if opt.cause_specific then
      calls[#calls + 1] = call("causes", opt.cox, "cause_specific", opt.terms,
        { ties = opt.ties, robust = opt.robust or nil, conf_level = opt.conf_level })
    end
    if opt.ph_test then calls[#calls + 1] = fields.then_call("ph", "model", "zph") end
    return calls
  end,
  show = show.cox,
}
