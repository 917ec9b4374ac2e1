-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local scored = require "lunation.analyses.scored"

local function figure(doc, r, opt, id)
  local curves = {}
  for _, score in ipairs(scored.list(opt)) do
    for _, curve in ipairs(r[score.name]:curves(score.label)) do curves[#curves + 1] = curve end
  end
  doc:figure { id = id .. "-figure", caption = "Time-dependent ROC curves.",
    figure = require("lunation.figure").roc(fields.looks(doc, opt, { id = id, curves = curves })) }
end

return require("lunation.analyses").define {
  kind = "roc", title = "Time-dependent ROC curves",
  doc = "How well Cox models or markers tell who will have the event by a time: the area under the "
    .. "ROC curve with limits, and the differences to the first, on the patients who have "
    .. "everything.",
  fields = scored.fields {
    roc = fields.endpoint(),
    times = { type = "list", of = { type = "number", min = 0 }, single = true, required = true,
      doc = "times by which the event has or has not happened" },
    markers = { type = "list", of = { type = "text" }, single = true, role = "column",
      doc = "columns of numbers, larger for an earlier event" },
    variance = { type = "text", choices = { "jackknife", "timeroc" }, usual = "jackknife",
      doc = "timeroc: as R's timeROC, which separates ties by the order of rows" },
    figure = fields.flag("draw the curves", true), draw = fields.draw "roc",
  },
  calls = function(opt)
    return scored.calls(opt, "roc", { variance = opt.variance })
  end,
  show = function(doc, r, opt, _, id)
    if opt.figure then figure(doc, r, opt, id) end
    scored.show(doc, r, opt, id)
  end,
}
