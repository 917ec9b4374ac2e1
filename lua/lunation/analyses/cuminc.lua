-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call = fields.call

return require("lunation.analyses").define {
  kind = "cuminc", title = "Cumulative incidence",
  doc = "Cumulative incidence of each cause of an endpoint with competing events (Aalen-Johansen), "
    .. "overall or by group, with Gray's test of the groups.",
  fields = {
    cuminc = fields.endpoint "an endpoint whose events name their cause", by = fields.by,
    times = fields.times,
    conf_type = { type = "text", choices = { "log", "log-log", "plain" }, usual = "log",
      doc = "transformation of the limits" },
    conf_level = fields.conf_level,
    variance = { type = "text", choices = { "jackknife", "aalen" }, usual = "jackknife",
      doc = "jackknife as R's survival, aalen as cmprsk" },
    weights = { type = "text", role = "column", doc = "column of sampling weights" },
    cluster = { type = "text", role = "column", doc = "column that names the clusters" },
    gray = fields.flag "Gray's test of the groups", strata = fields.strata,
    cause = { type = "text",
      doc = "the cause that Gray's test is about; the first in alphabetical order" },
    rho = { type = "number", min = 0, usual = 0,
      doc = "weight of Gray's test: (1 - incidence)^rho" },
    figure = fields.flag("draw the curves", true),
    draw = fields.draw "cuminc",
  },
  calls = function(opt)
    local calls = {
      call("cuminc", opt.cuminc, "cuminc", {
        by = opt.by, times = opt.times, conf_type = opt.conf_type,
        conf_level = opt.conf_level, variance = opt.variance, weights = opt.weights,
        cluster = opt.cluster }) }
    if opt.gray then
      calls[2] = call("gray", opt.cuminc, "gray",
        { by = opt.by, strata = opt.strata, cause = opt.cause, rho = opt.rho,
          weights = opt.weights, cluster = opt.cluster })
    end
    return calls
  end,
  show = show.cuminc,
}
