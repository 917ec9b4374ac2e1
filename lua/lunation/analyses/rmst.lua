-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "rmst", title = "Restricted mean survival",
  doc = "Mean survival up to a time, and its difference and ratio between groups; if asked for, \z
    adjusted for covariates.",
  fields = {
    rmst = fields.endpoint(), by = fields.by,
    tau = { type = "number", min = 0,
      doc = "up to this time; else the last to which every group is followed" },
    adjust = { type = "text", doc = "terms that differences and ratios are also adjusted for" },
    weights = { type = "text", role = "column", doc = "column of sampling weights" },
    conf_level = fields.conf_level,
  },
  calls = function(opt)
    return { fields.call("rmst", opt.rmst,
      "rmst", { by = opt.by, tau = opt.tau, adjust = opt.adjust, weights = opt.weights,
      conf_level = opt.conf_level }) }
  end,
  show = function(doc, r, opt, study, id)
    show.put(doc, r.rmst:table(show.named(doc, study, opt.by)), id .. "-rmst")
  end,
}
