-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"
local fields = require "lunation.analyses.fields"
local format = require "lunation.format"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "calibration", title = "Calibration",
  doc = "Predicted probabilities of the event by a time, of a Cox model or from a column, against "
    .. "what was observed: in groups, as a ratio, by intercept and slope, and as net benefit.",
  fields = {
    calibration = fields.endpoint(),
    at = { type = "number", min = 0, required = true, doc = "the time, in the endpoint's unit" },
    terms = { type = "text", doc = "terms of a Cox model, which is judged on its own patients" },
    risk = { type = "text", role = "column", doc = "column of predicted probabilities, instead" },
    groups = { type = "integer", min = 2, max = 100, default = 5,
      doc = "groups of equal size by predicted risk" },
    thresholds = { type = "list", of = { type = "number", min = 0.001, max = 0.999 }, single = true,
      doc = "predicted risks above which one would act: the net benefit is given" },
    ties = fields.ties, conf_level = fields.conf_level,
    figure = fields.flag("draw observed against predicted", true), draw = fields.draw "calibration",
  },
  calls = function(opt)
    if (opt.terms == nil) == (opt.risk == nil) then
      errors.raise("recipe.option", "calibration: state either terms or risk")
    end
    local how = { at = opt.at, groups = opt.groups, thresholds = opt.thresholds,
      conf_level = opt.conf_level }
    if opt.risk then
      return { fields.call("calibration", opt.calibration, "calibration", opt.risk, how) }
    end
    local fit = fields.call("model", opt.calibration, "cox", opt.terms, { ties = opt.ties })
    return { fields.hidden(fit), fields.then_call("calibration", "model", "calibration", how) }
  end,
  show = function(doc, r, opt, _, id)
    local c = r.calibration
    if opt.figure then
      local drawing = c:drawing()
      drawing.id = id
      doc:figure { id = id .. "-figure", caption = ("Observed against predicted risk at %s %s.")
        :format(format.shortest(c.at), c.unit),
          figure = require("lunation.figure").calibration(fields.looks(doc, opt, drawing)) }
    end
    show.put(doc, c:table(), id .. "-groups")
    local benefits = c:benefits()
    if benefits then show.put(doc, benefits, id .. "-benefit") end
  end,
}
