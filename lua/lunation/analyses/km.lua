-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call = fields.call

return require("lunation.analyses").define {
  kind = "km", title = "Kaplan-Meier",
  doc = "Survival curves, overall or by group, with rates at stated times, medians, follow-up, "
    .. "log-rank test and the hazard ratio of the groups.",
  fields = fields.with_curves {
    km = fields.endpoint(), by = fields.by, times = fields.times, conf_type = fields.conf_type,
    conf_level = fields.conf_level, median_rule = fields.median_rule,
    follow_up = fields.flag "median follow-up by reverse Kaplan-Meier",
    follow_up_rule = { type = "text", choices = fields.median_rule.choices,
      doc = "as median_rule, of the median follow-up",
      usual = function(opt) return opt.follow_up and opt.median_rule end },
    follow_up_ties = { type = "text", choices = { "deaths-first", "plain" }, usual = "deaths-first",
      doc = "deaths at the time of a censoring: leave first, or as R's 1 - status" },
    logrank = fields.flag "log-rank test of the groups", strata = fields.strata,
    cox = fields.flag "hazard ratio of the groups by Cox regression", ties = fields.ties,
    pairwise = fields.flag "every pair of groups by log-rank", adjust = fields.adjust,
    rmst = { type = "number", min = 0, doc = "restricted mean survival up to this time" },
    rmst_adjust = { type = "text",
      doc = "terms: also differences and ratios of the restricted means adjusted for these" },
    facet = { type = "text", role = "column",
      doc = "column whose values get a panel each, with the groups in it" },
    figure = fields.flag("draw the curves", true),
  },
  calls = function(opt)
    local km = { by = opt.by, times = opt.times, conf_type = opt.conf_type,
      conf_level = opt.conf_level,
      median_rule = opt.median_rule }
    local calls = { call("km", opt.km, "km", km) }
    if opt.follow_up then
      calls[#calls + 1] = call("follow_up", opt.km, "followup", {
        by = opt.by, conf_type = opt.conf_type,
        conf_level = opt.conf_level, median_rule = opt.follow_up_rule or opt.median_rule,
        ties = opt.follow_up_ties })
    end
    if opt.logrank then
      calls[#calls + 1] = call("logrank", opt.km, "logrank", { by = opt.by, strata = opt.strata })
    end
    if opt.cox then
      calls[#calls + 1] = call("cox", opt.km, "cox", fields.stratified(opt.by, opt.strata),
        { ties = opt.ties, conf_level = opt.conf_level })
    end
    if opt.pairwise then
      calls[#calls + 1] = call("pairwise", opt.km, "pairwise",
        { by = opt.by, strata = opt.strata, adjust = opt.adjust })
    end
    if opt.facet then
      calls[#calls + 1] = call("facets", opt.km, "facets", opt.facet, {
        by = opt.by, times = opt.times,
        conf_type = opt.conf_type, conf_level = opt.conf_level, median_rule = opt.median_rule,
        logrank = opt.logrank and opt.by and true or nil })
    end
    if opt.rmst then
      calls[#calls + 1] = call("rmst", opt.km, "rmst",
        { by = opt.by, tau = opt.rmst, adjust = opt.rmst_adjust })
    end
    return calls
  end,
  show = show.km,
}
