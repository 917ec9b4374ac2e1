-- SPDX-License-Identifier: GPL-3.0-or-later
-- evalue: how strong unmeasured confounding would have to be to explain an estimate away
-- (VanderWeele & Ding 2017).
local errors = require "lunation.errors"
local options = require "lunation.base.options"

local M = {}

local function evalue(rr)
  if rr < 1 then rr = 1 / rr end
  return rr + math.sqrt(rr * (rr - 1))
end

local APPROXIMATE = {
  rr = function(v) return v end,
  hr = function(v, common)
    return common and (1 - 0.5 ^ math.sqrt(v)) / (1 - 0.5 ^ math.sqrt(1 / v)) or v
  end,
  ["or"] = function(v, common) return common and math.sqrt(v) or v end,
}

--- E-value of an estimate and of its limit nearer to 1 (1 when the limits enclose 1). measure:
--- "rr", "hr" or "or"; opt: lower, upper, common (the outcome is common, over 15%: hazard and odds
--- ratios are first brought to the scale of a risk ratio).
function M.of(measure, estimate, opt)
  opt = options.check("evalue", opt, { lower = { type = "number" }, upper = { type = "number" },
    common = { type = "boolean", default = false } })
  local scale = APPROXIMATE[measure]
  if not scale then errors.raise("usage.option", 'evalue: the measure is "rr", "hr" or "or"') end
  for _, v in ipairs { estimate, opt.lower or 1, opt.upper or 1 } do
    if not (v > 0 and v < math.huge) then
      errors.raise("usage.argument", "evalue: ratios are positive and finite")
    end
  end
  local limit
  if estimate < 1 then limit = opt.upper else limit = opt.lower end
  local out = { rr = scale(estimate, opt.common), estimate = evalue(scale(estimate, opt.common)) }
  if limit then
    local crosses = (estimate < 1 and limit >= 1) or (estimate >= 1 and limit <= 1)
    out.limit = crosses and 1.0 or evalue(scale(limit, opt.common))
  end
  return out
end

return M
