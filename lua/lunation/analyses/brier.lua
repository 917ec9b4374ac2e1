-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"
local fields = require "lunation.analyses.fields"
local scored = require "lunation.analyses.scored"

return require("lunation.analyses").define {
  kind = "brier", title = "Brier score",
  doc = "Mean squared difference of outcome and predicted probability, at times and over time, of "
    .. "Cox models or of columns of probabilities, on the patients who have everything.",
  fields = scored.fields {
    brier = fields.endpoint(), times = fields.times,
    markers = { type = "list", of = { type = "text" }, single = true, role = "column",
      doc = "columns of predicted probabilities of the event, at one time" },
    integrated = { type = "number", min = 0,
      doc = "also the mean score up to this time (of models only)" },
  },
  calls = function(opt)
    if not opt.times and not opt.integrated then
      errors.raise("recipe.option", "brier: state times, integrated, or both")
    end
    return scored.calls(opt, "brier", { integrated = opt.integrated })
  end,
  show = function(doc, r, opt, _, id) scored.show(doc, r, opt, id) end,
}
