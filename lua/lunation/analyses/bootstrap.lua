-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "bootstrap", title = "Bootstrap",
  doc = "Resampling limits of a median, a survival rate, a restricted mean (and their differences "
    .. "between groups) or of the hazard ratios of a model.",
  fields = {
    bootstrap = fields.endpoint(),
    statistic = { type = "text", required = true, choices = { "median", "survival", "rmst", "hr" },
      doc = "what is resampled" },
    at = { type = "number", min = 0,
      doc = "time of the survival rate, or up to which the mean is restricted" },
    by = fields.by, terms = { type = "text", doc = "the model of the hazard ratios" },
    ties = fields.ties,
    strata = { type = "list", of = { type = "text" }, single = true, role = "column",
      doc = "columns within whose cells patients are drawn" },
    cluster = { type = "text", role = "column",
      doc = "column that names clusters, which are drawn whole" },
    replicates = { type = "integer", default = 2000, min = 2, max = 10000000,
      doc = "how many times" },
    limits = { type = "text", choices = { "percentile", "basic", "bca" },
      doc = "how limits are made of the replicates; percentile unless stated" },
    seed = { type = "integer", min = 0, max = 999999999999999,
      doc = "made of the recipe's seed and the analysis's name unless stated" },
    conf_level = fields.conf_level,
  },
  calls = function(opt)
    local args = { conf_level = opt.conf_level }
    for _, key in ipairs { "statistic", "at", "by", "terms", "strata", "cluster", "replicates",
      "limits", "seed" } do args[key] = opt[key] end
    if opt.statistic == "hr" then args.ties = opt.ties end
    return { fields.call("bootstrap", opt.bootstrap, "bootstrap", args) }
  end,
  show = function(doc, r, _, _, id)
    show.generic(doc, r.bootstrap.title, r.bootstrap, id .. "-bootstrap")
  end,
}
