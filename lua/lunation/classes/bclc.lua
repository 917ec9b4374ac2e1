-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

local function flag(v)
  if v == nil then return nil end
  if v == "yes" or v == 1 or v == true then return 1 end
  return 0
end

return classify.define {
  name = "bclc", version = "1", title = "BCLC stage", levels = { "0", "A", "B", "C", "D" },
  doc = "BCLC 2022 (Reig 2022): 0 single to 2 cm; A single, or up to three to 3 cm; B beyond that; "
    .. "C portal invasion, extrahepatic disease or ECOG 1-2; D end-stage liver function or ECOG "
    .. "3-4.",
  columns = {
    nodules = { type = "number", doc = "number of nodules" },
    largest_mm = { type = "number", doc = "largest diameter, mm" },
    invasion = { doc = "macrovascular invasion: yes or no" },
    extrahepatic = { doc = "extrahepatic disease: yes or no" },
    ecog = { type = "number", doc = "ECOG performance status" },
    end_stage = { doc = "end-stage liver function: yes or no" },
  },
  derive = function(patient)
    local stage = classify.liver.bclc { nodules = patient.nodules, largest_mm = patient.largest_mm,
      invasion = flag(patient.invasion), extrahepatic = flag(patient.extrahepatic),
      ecog = patient.ecog,
      end_stage = flag(patient.end_stage) }
    if not stage then return nil, "a component that decides is missing" end
    return stage, "BCLC 2022"
  end,
}
