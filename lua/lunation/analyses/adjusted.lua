-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "adjusted", title = "Adjusted survival",
  doc = "Survival of groups adjusted by a Cox model (direct standardisation, g-formula): the mean "
    .. "over all patients of what the model predicts were all of them in one group, at times and "
    .. "as restricted mean, with differences to the first group.",
  fields = {
    adjusted = fields.endpoint(), by = fields.by_required,
    terms = { type = "text", required = true,
      doc = "terms of the model; the groups are one of them" },
    times = fields.times,
    tau = { type = "number", min = 0, doc = "restricted means up to this time" },
    ties = fields.ties, conf_level = fields.conf_level,
  },
  calls = function(opt)
    if not opt.times and not opt.tau then
      errors.raise("recipe.option", "adjusted: state times, tau, or both")
    end
    local fit = fields.call("model", opt.adjusted, "cox", opt.terms, { ties = opt.ties })
    return { fields.hidden(fit), fields.then_call("adjusted", "model", "standardised",
      { by = opt.by, times = opt.times, tau = opt.tau, conf_level = opt.conf_level }) }
  end,
  show = function(doc, r, _, _, id) show.put(doc, r.adjusted:table(), id .. "-adjusted") end,
}
