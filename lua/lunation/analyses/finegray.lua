-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call = fields.call

return require("lunation.analyses").define {
  kind = "finegray", title = "Fine-Gray regression",
  doc = "Subdistribution hazard ratios: how covariates act on the cumulative incidence of one "
    .. "cause, in one model and, if asked for, each alone, with the cause-specific hazard ratios "
    .. "of every cause beside them.",
  fields = {
    finegray = fields.endpoint "an endpoint whose events name their cause",
    cause = { type = "text", doc = "the cause; needed when there are several" },
    terms = { type = "text", required = true, doc = fields.terms.doc },
    univariable = fields.flag "also a model for each covariate alone",
    also = { type = "text", doc = "covariates that are shown univariably only" },
    method = { type = "text", choices = { "crr", "survival" },
      doc = "censorings tied with events: as cmprsk, or as R's survival" },
    ties = { type = "text", choices = { "breslow", "efron" },
      doc = "how tied event times are handled" },
    variance = { type = "text", choices = { "censoring", "robust" },
      doc = "censoring includes the estimation of the censoring distribution, "
        .. "robust takes it as known" },
    censoring = { type = "list", of = { type = "text" }, single = true, role = "column",
      doc = "columns whose cells each have their own censoring distribution" },
    cluster = { type = "list", of = { type = "text" }, single = true, role = "column",
      doc = "columns that name the clusters" },
    weights = { type = "text", role = "column", doc = "column of sampling weights" },
    conf_level = fields.conf_level,
    cause_specific = fields.flag "also Cox models of each cause",
    subjects = { type = "list", of = { type = "any" },
      doc = "subjects whose incidence is predicted: a value of each covariate, { age: 60, sex: F }" },
    times = { type = "list", of = { type = "number", min = 0 }, single = true,
      doc = "times of the predicted incidences" },
    draw = fields.draw "forest",
    figure = { type = "text", choices = { "forest", "none" }, default = "none",
      doc = "figure of the hazard ratios" },
  },
  calls = function(opt)
    local how = { cause = opt.cause, method = opt.method, ties = opt.ties, variance = opt.variance,
      censoring = opt.censoring, cluster = opt.cluster, weights = opt.weights,
      conf_level = opt.conf_level }
    local calls = { call("model", opt.finegray, "finegray", opt.terms, how) }
    for _, one in ipairs(opt.univariable and fields.one_by_one(opt.terms, opt.also) or {}) do
      calls[#calls + 1] = call("univariable: " .. one.name, opt.finegray, "finegray", one.terms,
        how)
    end
    if opt.cause_specific then
      calls[#calls + 1] = call("causes", opt.finegray, "cause_specific", opt.terms,
        { conf_level = opt.conf_level })
    end
    if opt.subjects then
      if not opt.times then
        errors.raise("recipe.option", "finegray: subjects need times at which they are predicted")
      end
      local ask = { x = opt.subjects, times = opt.times }
      calls[#calls + 1] = fields.then_call("predicted", "model", "predict", ask)
      if opt.cause_specific and opt.cause then
        calls[#calls + 1] = fields.then_call("predicted by causes", "causes", "predict",
          { x = opt.subjects, times = opt.times, cause = opt.cause })
      end
    end
    return calls
  end,
  show = show.finegray,
}
