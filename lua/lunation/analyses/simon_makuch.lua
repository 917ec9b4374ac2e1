-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local then_call = fields.then_call

return require("lunation.analyses").define {
  kind = "simon_makuch", title = "Curves of an exposure that begins during follow-up",
  doc = "Simon and Makuch's curves: a patient is at risk in the first level until the day on which "
    .. "the exposure is known, and in the other from then on; with the log-rank test and hazard "
    .. "ratio of the same rows.",
  fields = fields.with_curves {
    simon_makuch = fields.endpoint(), by = fields.by_required, times = fields.times,
    conf_type = fields.conf_type,
    conf_level = fields.conf_level, median_rule = fields.median_rule, ties = fields.ties,
    from = { type = "number", min = 0, doc = "curves given survival up to this time, for which \z
      patients must have been exposed before" },
    figure = fields.flag("draw the curves", true),
  },
  calls = function(opt)
    return { fields.hidden(fields.call("rows", opt.simon_makuch, "split", opt.by)),
      then_call("km", "rows", "km", { by = opt.by, times = opt.times, conf_type = opt.conf_type,
        conf_level = opt.conf_level,
        median_rule = opt.median_rule, from = opt.from }),
      then_call("logrank", "rows", "logrank", { by = opt.by }),
      then_call("cox", "rows", "cox", opt.by, { ties = opt.ties, conf_level = opt.conf_level }) }
  end,
  show = function(doc, r, opt, study, id)
    show.km(doc, r, opt, study, id)
    doc:note("info", "Patients change curves when they become exposed: numbers at risk can rise, "
      .. "and a curve is not the survival of a group of patients.")
  end,
}
