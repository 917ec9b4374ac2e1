-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

local rules = require "lunation.classes.resistance_rules"

return classify.define {
  name = "resistance", version = "2", title = "Resistance to a single checkpoint inhibitor (SITC)",
  levels = { "primary", "secondary", "no class: response under 6 months", "no progression" },
  doc = "SITC, single agent: primary: 6 weeks of exposure or more, best response PD, or SD for "
    .. "less than `months`; secondary: `months` of exposure or more, best response CR, PR or "
    .. "longer SD, then PD; both confirmed by a scan at least four weeks later, unless `rapid`. "
    .. "(Kluger 2020, table 1.) A CR or PR that lasts less is in neither class and is shown as "
    .. "such.",
  columns = rules.COLUMNS,
  options = { months = { type = "number", default = 6, min = 0 },
    primary_weeks = { type = "number", default = 6, min = 0 },
    confirm = { type = "boolean", default = true } },
  derive = function(patient, opt)
    local progression, exposure = rules.times(patient)
    local best, long = patient.best, opt.months * 30.4375
    if not exposure then return nil, "no dates of treatment" end
    if best == nil or best == "NE" then return nil, "best response not evaluable" end
    if not progression then return "no progression", "no progression" end
    if not rules.confirmed(patient, opt) then return nil, "progression not confirmed" end
    local early = progression < long
    if best == "PD" or best == "SD" and early then
      if exposure < 7 * opt.primary_weeks and not rules.rapid(patient) then
        return nil, "exposure too short for primary resistance"
      end
      return "primary", best == "PD" and "best response PD" or "SD, then PD early"
    end
    if exposure < long then
      if best == "SD" then return nil, "exposure too short for secondary resistance" end
      return "no class: response under 6 months", best .. ", exposure too short"
    end
    return "secondary", best .. ", then PD"
  end,
}
