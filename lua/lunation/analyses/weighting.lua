-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call, result = fields.call, fields.result

local function group_of(opt) return opt.weights:match("^%s*(.-)%s*~") or opt.weights end

local function figures(doc, r, opt, id)
  local figure, group = require "lunation.figure", group_of(opt)
  doc:figure { id = id .. "-overlap",
    caption = ("Propensity score of the groups of %s."):format(group),
    figure = figure.overlap(r.weights, fields.looks(doc, opt, { id = id .. "-overlap" })) }
  doc:figure { id = id .. "-love",
    caption = ("Differences between the groups of %s before and after weighting."):format(group),
    figure = figure.love(r.balance, fields.looks(doc, opt, { id = id .. "-love" })) }
end

return require("lunation.analyses").define {
  kind = "weighting", title = "Propensity-score weighting",
  doc = "Two groups made alike by propensity-score weights: balance before and after, weighted "
    .. "curves, the weighted log-rank test, and the hazard ratio with a robust standard error, "
    .. "beside the unweighted one.",
  fields = fields.with_curves({
    weighting = fields.endpoint(),
    weights = { type = "text", required = true, doc = "group ~ terms of the propensity score" },
    estimand = fields.estimand, stabilised = fields.stabilised, trim = fields.trim,
    times = fields.times, ties = fields.ties, conf_type = fields.conf_type,
    conf_level = fields.conf_level,
    median_rule = fields.median_rule, figure = fields.flag("draw the curves and the balance", true),
  }, "overlap", "love"),
  calls = function(opt)
    local group, weights, on = group_of(opt), result "weights", opt.weighting
    return {
      call("weights", "cohort", "weights", opt.weights, {
        estimand = opt.estimand, stabilised = opt.stabilised or nil,
        trim = opt.trim }),
      fields.then_call("balance", "weights", "balance"),
      call("km", on, "km", { by = group, weights = weights, times = opt.times,
        conf_type = opt.conf_type,
        conf_level = opt.conf_level, median_rule = opt.median_rule }),
      call("logrank", on, "logrank", { by = group, weights = weights, ties = opt.ties ~= "exact"
        and opt.ties or nil }),
      call("unweighted", on, "cox", group, { ties = opt.ties, conf_level = opt.conf_level }),
      call("weighted", on, "cox", group, { ties = opt.ties, conf_level = opt.conf_level,
        weights = weights, robust = true }),
      fields.then_call("stacked", "weighted", "stacked"),
    }
  end,
  show = function(doc, r, opt, study, id)
    local by = group_of(opt)
    if opt.figure then figures(doc, r, opt, id) end
    show.generic(doc, "Balance", r.balance, id .. "-balance")
    show.generic(doc, "Weights", r.weights, id .. "-weights")
    show.km(doc, { km = r.km, logrank = r.logrank }, setmetatable({ by = by }, { __index = opt }),
      study, id)
    show.models(doc, { { "unweighted", r.unweighted }, { "weighted, robust", r.weighted },
      { "weighted, estimation of the weights included", r.stacked } }, study, id)
    doc:note("info", r.weighted.convention)
  end,
}
