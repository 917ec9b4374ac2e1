-- SPDX-License-Identifier: GPL-3.0-or-later
-- loglog: log(−log S(t)) of the groups against log time: parallel curves speak for proportional
-- hazards.
local spec = require("lunation.figure.spec")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")
local format = require("lunation.format")

local FIELDS = options.fields("loglog", { curves = "table!", unit = "string" })

-- Ticks of a log axis at 1, 2, 5 times powers of ten, in logs.
local function ticks(low, high)
  local out = {}
  for power = math.floor(low / math.log(10)), math.ceil(high / math.log(10)) do
    for _, m in ipairs { 1, 2, 5 } do
      local v = math.log(m) + power * math.log(10)
      if v >= low - 1e-9 and v <= high + 1e-9 then
        out[#out + 1] = { value = v, label = format.shortest(tonumber(("%de%d"):format(m, power))) }
      end
    end
  end
  return out
end

--- Log-log figure. curves: as the Kaplan-Meier figure's (label, time, survival, n_event); unit;
--- lang.
return function(s)
  spec.check("loglog", s, FIELDS)
  local w, series, low, high, names = words.get(s.lang), {}, math.huge, -math.huge, {}
  for k, curve in ipairs(s.curves) do
    local x, y = {}, {}
    for i = 1, #curve.time do
      local survival, t = curve.survival[i], curve.time[i]
      if curve.n_event[i] > 0 and survival > 0 and survival < 1 and t > 0 then
        x[#x + 1], y[#y + 1] = math.log(t), math.log(-math.log(survival))
        low, high = math.min(low, x[#x]), math.max(high, x[#x])
      end
    end
    names[k] = curve.label or w.all
    series[k] = { label = names[k], kind = "step", x = x, y = y }
  end
  if low > high then spec.fail("loglog", "no curve has an event") end
  return require("lunation.figure.xy")(options.pass("xy", s, { title = s.title or w.loglog,
    series = series, x = { low = low, high = high, ticks = ticks(low, high) },
    ylab = s.ylab or "log(−log S(t))",
    xlab = s.xlab or ("%s, %s (log)"):format(w.time, w[s.unit or "months"] or s.unit),
    description = s.description or w.loglog .. ": " .. table.concat(names, ", ") .. "." }))
end
