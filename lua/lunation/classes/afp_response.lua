-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

return classify.define {
  name = "afp_response", version = "1", title = "AFP response",
  levels = { "response", "no response" },
  doc = "Decline of alpha-fetoprotein from baseline by `decline` or more, among patients whose "
    .. "baseline is at least `evaluable_from` (ng/mL).",
  columns = {
    baseline = { type = "number", required = true, doc = "AFP at baseline, ng/mL" },
    best = { type = "number", required = true, doc = "lowest AFP on treatment, ng/mL" },
  },
  options = { decline = { type = "number", default = 0.5, min = 0, max = 1 },
    evaluable_from = { type = "number", default = 20, min = 0 } },
  derive = function(patient, opt)
    local from, to = patient.baseline, patient.best
    if not from then return nil, "no AFP at baseline" end
    if from < opt.evaluable_from then return nil, "AFP at baseline too low" end
    if not to then return nil, "no AFP on treatment" end
    local change = (to - from) / from
    local enough = change <= -opt.decline + 1e-12 -- 80 of 100 is a decline of 20% in decimals
    return enough and "response" or "no response", ("%+.0f%%"):format(100 * change)
  end,
}
