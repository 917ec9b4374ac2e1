-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call, then_call = fields.call, fields.then_call

return require("lunation.analyses").define {
  kind = "landmark", title = "Landmark analysis",
  doc = "Patients still observed after the landmark, grouped by what was known then, with the \z
    clock restarted there.",
  fields = fields.with_curves {
    landmark = fields.endpoint(), at = { type = "number", min = 0, required = true,
      doc = "the landmark, in the endpoint's unit" },
    by = fields.by_required, strata = fields.strata, times = fields.times,
    conf_type = fields.conf_type,
    conf_level = fields.conf_level, median_rule = fields.median_rule, ties = fields.ties,
    figure = fields.flag("draw the curves", true),
  },
  calls = function(opt)
    local terms = fields.stratified(opt.by, opt.strata)
    return {
      fields.hidden(call("landmark", opt.landmark, "landmark", opt.at)),
      then_call("km", "landmark", "km", { by = opt.by, times = opt.times, conf_type = opt.conf_type,
        conf_level = opt.conf_level, median_rule = opt.median_rule }),
      then_call("logrank", "landmark", "logrank", { by = opt.by, strata = opt.strata }),
      then_call("cox", "landmark", "cox", terms, { ties = opt.ties, conf_level = opt.conf_level }),
    }
  end,
  show = show.landmark,
}
