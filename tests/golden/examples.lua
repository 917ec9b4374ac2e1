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

example("forest", "forest", function()
  return { models = { "Univariable", "Multivariable" }, favours = { "surgery", "no surgery" }, rows = {
    { label = "Surgery", level = "no", n = 60, events = 50, models = { { reference = true }, { reference = true } } },
    { level = "yes", n = 60, events = 14, models = { { hr = 0.152, lower = 0.083, upper = 0.277, p = 1e-8 },
      { hr = 0.23, lower = 0.11, upper = 0.483, p = 1e-4 } } },
    { label = "Largest diameter, per cm", n = 120, events = 64, models = {
      { hr = 1.055, lower = 1.005, upper = 1.107, p = 0.031 }, { hr = 1.02, lower = 0.95, upper = 1.09, p = 0.57 } } },
    { label = "Margin", level = "R0", n = 58, events = 14, models = { { reference = true }, { reference = true } } },
    { level = "R1", n = 2, events = 0, models = { { not_estimable = "no events" }, { not_estimable = "no events" } } },
  } }
end)
example("forest-subgroups", "forest", function()
  return { interaction = true, favours = { "sintilimab plus lenvatinib", "lenvatinib alone" }, rows = {
    { label = "All patients", n = 227, events = 164, hr = 0.61, lower = 0.45, upper = 0.82, p = 0.001, overall = true },
    { label = "Sex", level = "Male", n = 137, events = 111, hr = 0.55, lower = 0.37, upper = 0.81, p = 0.003, p_interaction = 0.62 },
    { level = "Female", n = 90, events = 53, hr = 0.66, lower = 0.4, upper = 1.1, p = 0.11 },
    { label = "AFP, ng/mL", level = "≤ 400", n = 120, events = 80, hr = 0.7, lower = 0.5, upper = 1, p = 0.05, p_interaction = 0.041 },
    { level = "> 400", n = 107, events = 84, hr = 0.4, lower = 0.02, upper = 0.66, p = 0.0002 },
    { label = "ECOG", level = "0–1", n = 176, events = 119, hr = 0.72, lower = 0.45, upper = 1.6, p = 0.7, p_interaction = 0.2 },
    { level = "2", n = 51, events = 45, hr = 0.9, lower = 0.4, upper = 25.6, p = 0.8 },
  } }
end)
example("flow", "flow", function()
  return { steps = {
    { label = "Screened for eligibility", n = 286, excluded = { { "Child-Pugh B or C", 52 }, { "Outside the criteria", 114 },
      { "Declined", 0 } } },
    { label = "Treated", n = 120, excluded = { { "No imaging after baseline", 0 } } },
  }, arms = {
    { label = "Hepatectomy", n = 60, excluded = { { "R1 margin", 2 } }, steps = { { label = "Recurrence-free survival", n = 58 } } },
    { label = "No hepatectomy", n = 60, steps = { { label = "Overall survival", n = 60 } } },
  } }
end)
example("waterfall", "waterfall", function()
  local patients = {}
  for i = 1, 60 do
    local change = i == 60 and 143 or math.max(-100, -105 + (i / 60) ^ 1.6 * 150)
    local best = change == -100 and "CR" or change <= -30 and "PR" or change < 20 and "SD" or "PD"
    patients[i] = { id = "P" .. i, change = change, best = best, marks = change < -30 and i % 3 > 0 and { "Surgery" } or {} }
  end
  patients[61] = { id = "P61", best = "NE" }
  return { patients = patients, marks = { "Surgery" } }
end)

return examples
