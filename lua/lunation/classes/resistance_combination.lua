-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

local rules = require "lunation.classes.resistance_rules"

return classify.define {
  name = "resistance_combination", version = "1", title = "Resistance to a checkpoint inhibitor in combination (SITC)",
  levels = { "primary", "secondary", "no progression" },
  doc = "SITC, checkpoint inhibitor with chemotherapy: progression up to `months` from the start is primary, later "
    .. "secondary; `primary_weeks` of exposure or more; no confirmatory scan.",
  columns = rules.COLUMNS,
  options = { months = { type = "number", default = 6, min = 0 }, primary_weeks = { type = "number", default = 6, min = 0 } },
  derive = function(patient, opt)
    local progression, exposure = rules.times(patient)
    if not exposure then return nil, "no dates of treatment" end
    if not progression then return "no progression", "no progression" end
    if exposure < 7 * opt.primary_weeks then return nil, "exposure too short" end
    if progression <= opt.months * 30.4375 then return "primary", ("PD on day %d"):format(progression) end
    return "secondary", ("PD on day %d"):format(progression)
  end,
}
