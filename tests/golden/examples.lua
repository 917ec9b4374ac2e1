-- SPDX-License-Identifier: GPL-3.0-or-later
-- examples: one specification for each figure, from fixed numbers. The golden drawings, the report of
-- the browser tests and the speed test are made from them.
local examples = { names = {} }

local function example(name, kind, make)
  examples.names[#examples.names + 1] = name
  examples[name] = function() return require("lunation.figure." .. kind)(make()) end
end

-- A Kaplan-Meier curve of times; a negative time is censored. Log limits.
local function curve(label, signed)
  table.sort(signed, function(a, b)
    local x, y = math.abs(a), math.abs(b)
    return x < y or x == y and a > b
  end)
  local c = { label = label, time = {}, survival = {}, lower = {}, upper = {}, n_risk = {}, n_event = {},
    n_censor = {}, n = #signed, events = 0, median = {} }
  local s, v, risk, i = 1, 0, #signed, 1
  while i <= #signed do
    local t, d, z = math.abs(signed[i]), 0, 0
    while i <= #signed and math.abs(signed[i]) == t do
      if signed[i] > 0 then d = d + 1 else z = z + 1 end
      i = i + 1
    end
    s, v = s * (1 - d / risk), v + (risk > d and d / (risk * (risk - d)) or 0)
    local k, half = #c.time + 1, 1.959964 * math.sqrt(v)
    c.time[k], c.survival[k], c.n_risk[k], c.n_event[k], c.n_censor[k] = t, s, risk, d, z
    c.lower[k], c.upper[k] = s > 0 and s * math.exp(-half) or 0 / 0, s > 0 and math.min(1, s * math.exp(half)) or 0 / 0
    if s <= 0.5 then c.median.estimate = c.median.estimate or t end
    if c.lower[k] <= 0.5 then c.median.lower = c.median.lower or t end
    if c.upper[k] <= 0.5 then c.median.upper = c.median.upper or t end
    risk, c.events = risk - d - z, c.events + d
  end
  return c
end
examples.curve = curve

-- Acute myelogenous leukaemia (Miller 1981), weeks; a minus marks a censored time.
function examples.aml()
  return curve("Maintained", { 9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161 }),
    curve("Not maintained", { 5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45 })
end

-- A larger trial by formula: n patients, a steady hazard, follow-up staggered.
local function steady(label, n, mean)
  local times = {}
  for i = 1, n do
    local event = -mean * math.log(1 - (i - 0.5) / n)
    local follow_up = 24 + 36 * ((i * 7) % n) / n
    times[i] = event < follow_up and math.floor(event * 10) / 10 + 0.1 or -math.floor(follow_up * 10) / 10
  end
  return curve(label, times)
end
examples.steady = steady

example("km", "km", function()
  return { curves = { steady("Surgery", 120, 70), steady("No surgery", 110, 22) }, conf_type = "log",
    annotation = { "HR 0.31 (95% CI 0.22–0.44)", "log-rank p < 0.001" }, title = "Overall survival by surgery" }
end)
example("km-aml", "km", function()
  local a, b = examples.aml()
  return { curves = { a, b }, unit = "weeks", table = "at_risk", annotation = { "log-rank p = 0.065" } }
end)
example("km-single", "km", function()
  return { curves = { steady("Surgery", 120, 70), steady("No surgery", 110, 22) }, width = "single" }
end)
example("km-landmark", "km", function()
  return { curves = { steady("Operated by month 6", 60, 60), steady("Not operated", 80, 30),
    steady("Unresectable throughout", 40, 12) }, landmark = 6, from_landmark = true }
end)
example("km-zh", "km", function()
  return { curves = { steady("手术", 60, 60), steady("未手术", 80, 20) }, lang = "zh", view = "failure" }
end)

return examples
