-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

return classify.define {
  name = "pathological_response", version = "1", title = "Pathological response",
  levels = { "pCR", "MPR", "pPR", "pNR" },
  doc = "By the share of viable tumour cells in the specimen, in percent: pCR none, MPR up to "
    .. "`mpr`, pPR up to `ppr`, pNR above or a new lesion. With thrombus and extrahepatic "
    .. "specimens pCR needs all without viable cells, and the largest share counts.",
  columns = {
    viable = { type = "number", required = true,
      doc = "viable tumour cells of the primary, percent" },
    viable_thrombus = { type = "number", doc = "the same of the thrombus, if any" },
    viable_extrahepatic = { type = "number", doc = "the same of extrahepatic tumour, if any" },
    new_lesion = { doc = "a new lesion in the specimen: yes or no" },
  },
  options = { mpr = { type = "number", default = 10, min = 0, max = 100 },
    ppr = { type = "number", default = 50, min = 0, max = 100 } },
  derive = function(patient, opt)
    local worst = patient.viable
    if worst == nil then return nil, "no specimen" end
    for _, other in ipairs { "viable_thrombus", "viable_extrahepatic" } do
      local v = patient[other]
      if v and v > worst then worst = v end
    end
    local why = ("%g%% viable"):format(worst)
    if patient.new_lesion == "yes" or patient.new_lesion == 1 then return "pNR", "new lesion" end
    if worst == 0 then return "pCR", why end
    if worst <= opt.mpr then return "MPR", why end
    if worst <= opt.ppr then return "pPR", why end
    return "pNR", why
  end,
}
