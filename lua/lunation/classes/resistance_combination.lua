-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

local rules = require "lunation.classes.resistance_rules"

return classify.define {
  name = "resistance_combination", version = "2",
  title = "Resistance to a checkpoint inhibitor in combination (SITC)",
  levels = { "primary", "secondary", "no class: exposure under 6 months", "no progression" },
  doc = "SITC, checkpoint inhibitor with chemotherapy: progression up to `months` from the start "
    .. "is primary, with `primary_weeks` of exposure (any, when `rapid`); later secondary, with "
    .. "more than `months` of exposure; whatever the best response, without a confirmatory scan. "
    .. "Later progression after less exposure is in neither class and is shown as such. (Rizvi "
    .. "2023, table 3.)",
  columns = rules.COLUMNS,
  options = { months = { type = "number", default = 6, min = 0 },
    primary_weeks = { type = "number", default = 6, min = 0 } },
  derive = function(patient, opt)
    local progression, exposure = rules.times(patient)
    if not exposure then return nil, "no dates of treatment" end
    if not progression then return "no progression", "no progression" end
    local long, day = opt.months * 30.4375, ("PD on day %d"):format(progression)
    if progression > long then
      return exposure > long and "secondary" or "no class: exposure under 6 months", day
    end
    if exposure < 7 * opt.primary_weeks and not rules.rapid(patient) then
      return nil, "exposure too short"
    end
    return "primary", day
  end,
}
