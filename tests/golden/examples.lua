-- SPDX-License-Identifier: GPL-3.0-or-later
-- examples: one specification for each figure, from fixed numbers. The golden drawings, the report
-- of the browser tests and the speed test are made from them.
local examples = { names = {}, kinds = {} }

-- examples[name](more): the figure, with further fields.
local function example(name, kind, make)
  examples.names[#examples.names + 1] = name
  examples.kinds[name] = kind
  examples[name] = function(more)
    local s = make()
    for key, value in pairs(more or {}) do s[key] = value end
    return require("lunation.figure." .. kind)(s)
  end
end

-- A Kaplan-Meier curve of times; a negative time is censored. Log limits.
local function curve(label, signed)
  table.sort(signed, function(a, b)
    local x, y = math.abs(a), math.abs(b)
    return x < y or x == y and a > b
  end)
  local c = { label = label, time = {}, survival = {}, lower = {}, upper = {}, n_risk = {},
    n_event = {}, n_censor = {}, n = #signed, events = 0, median = {} }
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
    c.lower[k], c.upper[k] = s > 0 and s * math.exp(-half) or 0 / 0,
      s > 0 and math.min(1, s * math.exp(half)) or 0 / 0
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
    times[i] = event < follow_up and math.floor(event * 10) / 10 + 0.1
      or -math.floor(follow_up * 10) / 10
  end
  return curve(label, times)
end
examples.steady = steady

example("km", "km", function()
  return { curves = { steady("Surgery", 120, 70), steady("No surgery", 110, 22) },
    conf_type = "log", annotation = { "HR 0.31 (95% CI 0.22–0.44)", "log-rank p < 0.001" },
    title = "Overall survival by surgery" }
end)
example("km-aml", "km", function()
  local a, b = examples.aml()
  return { curves = { a, b }, unit = "weeks", table = "at_risk",
    annotation = { "log-rank p = 0.065" } }
end)
example("km-single", "km", function()
  return { curves = { steady("Surgery", 120, 70), steady("No surgery", 110, 22) },
    width = "single" }
end)
example("km-landmark", "km", function()
  return { curves = { steady("Operated by month 6", 60, 60), steady("Not operated", 80, 30),
    steady("Unresectable throughout", 40, 12) }, landmark = 6, from_landmark = true }
end)
example("km-cumhaz", "km", function()
  return { curves = { steady("Surgery", 120, 70), steady("No surgery", 110, 22) }, view = "cumhaz" }
end)
example("km-grid", "grid", function()
  local km = require("lunation.figure.km")
  local function panel(heading, a, b)
    return { heading = heading,
      figure = km { curves = { steady("Surgery", 40, a), steady("None", 45, b) },
      width = "single", last = 60, table = "at_risk" } }
  end
  return { panels = { panel("BCLC: B", 80, 40), panel("BCLC: C", 40, 15) } }
end)
example("km-zh", "km", function()
  return { curves = { steady("手术", 60, 60), steady("未手术", 80, 20) }, lang = "zh", view = "failure" }
end)

example("forest", "forest", function()
  return { models = { "Univariable", "Multivariable" }, favours = { "surgery", "no surgery" },
    rows = {
    { label = "Surgery", level = "no", n = 60, events = 50,
    models = { { reference = true }, { reference = true } } },
    { level = "yes", n = 60, events = 14,
    models = { { hr = 0.152, lower = 0.083, upper = 0.277, p = 1e-8 },
      { hr = 0.23, lower = 0.11, upper = 0.483, p = 1e-4 } } },
    { label = "Largest diameter, per cm", n = 120, events = 64, models = {
      { hr = 1.055, lower = 1.005, upper = 1.107, p = 0.031 },
      { hr = 1.02, lower = 0.95, upper = 1.09, p = 0.57 } } },
    { label = "Margin", level = "R0", n = 58, events = 14,
    models = { { reference = true }, { reference = true } } },
    { level = "R1", n = 2, events = 0,
    models = { { not_estimable = "no events" }, { not_estimable = "no events" } } },
  } }
end)
example("forest-subgroups", "forest", function()
  return { interaction = true, favours = { "sintilimab plus lenvatinib", "lenvatinib alone" },
    rows = {
    { label = "All patients", n = 227, events = 164, hr = 0.61, lower = 0.45, upper = 0.82,
    p = 0.001, overall = true },
    { label = "Sex", level = "Male", n = 137, events = 111, hr = 0.55, lower = 0.37, upper = 0.81,
    p = 0.003, p_interaction = 0.62 },
    { level = "Female", n = 90, events = 53, hr = 0.66, lower = 0.4, upper = 1.1, p = 0.11 },
    { label = "AFP, ng/mL", level = "≤ 400", n = 120, events = 80, hr = 0.7, lower = 0.5, upper = 1,
    p = 0.05, p_interaction = 0.041 },
    { level = "> 400", n = 107, events = 84, hr = 0.4, lower = 0.02, upper = 0.66, p = 0.0002 },
    { label = "ECOG", level = "0–1", n = 176, events = 119, hr = 0.72, lower = 0.45, upper = 1.6,
    p = 0.7, p_interaction = 0.2 },
    { level = "2", n = 51, events = 45, hr = 0.9, lower = 0.4, upper = 25.6, p = 0.8 },
  } }
end)
example("flow", "flow", function()
  return { steps = {
    { label = "Screened for eligibility", n = 286,
    excluded = { { "Child-Pugh B or C", 52 }, { "Outside the criteria", 114 },
      { "Declined", 0 } } },
    { label = "Treated", n = 120, excluded = { { "No imaging after baseline", 0 } } },
  }, arms = {
    { label = "Hepatectomy", n = 60, excluded = { { "R1 margin", 2 } },
    steps = { { label = "Recurrence-free survival", n = 58 } } },
    { label = "No hepatectomy", n = 60, steps = { { label = "Overall survival", n = 60 } } },
  } }
end)
example("waterfall", "waterfall", function()
  local patients = {}
  for i = 1, 60 do
    local change = i == 60 and 143 or math.max(-100, -105 + (i / 60) ^ 1.6 * 150)
    local best = change == -100 and "CR" or change <= -30 and "PR" or change < 20 and "SD" or "PD"
    patients[i] = { id = "P" .. i, change = change, best = best, marks = change < -30 and i % 3 > 0
      and { "Surgery" } or {} }
  end
  patients[61] = { id = "P61", best = "NE" }
  return { patients = patients, marks = { "Surgery" } }
end)

-- --- competing risks -----------------------------------------------------------------------------

-- A group whose two causes have steady hazards; the counts are whole patients.
local function competing(label, n, hazard1, hazard2)
  local g = { label = label, time = {}, n_risk = {}, n = n, causes = {} }
  for j = 1, 2 do
    g.causes[j] = { incidence = {}, lower = {}, upper = {}, n_event = {}, events = 0 }
  end
  local risk, survival, incidence = n, 1, { 0, 0 }
  for t = 1, 48 do
    local events = { math.floor(risk * hazard1 + 0.5), math.floor(risk * hazard2 + 0.5) }
    g.time[t], g.n_risk[t] = t, risk
    for j, c in ipairs(g.causes) do
      incidence[j] = incidence[j] + survival * events[j] / risk
      local half = 1.96 * math.sqrt(incidence[j] * (1 - incidence[j]) / n)
      c.incidence[t], c.lower[t], c.upper[t] = incidence[j], math.max(0, incidence[j] - half),
        incidence[j] + half
      c.n_event[t], c.events = events[j], c.events + events[j]
    end
    survival = survival * (1 - (events[1] + events[2]) / risk)
    risk = risk - events[1] - events[2] - (t > 30 and 1 or 0)
  end
  return g
end
examples.competing = competing

example("cuminc", "cuminc", function()
  return { groups = { competing("Surgery", 120, 0.013, 0.006),
    competing("No surgery", 110, 0.03, 0.012) }, causes = { "Recurrence", "Death" },
    annotation = { "Gray p < 0.001 (recurrence)", "Gray p = 0.041 (death)" } }
end)
example("cuminc-one", "cuminc", function()
  return { groups = { competing(nil, 120, 0.013, 0.006) },
    causes = { "Recurrence", "Death without recurrence" } }
end)

-- --- courses of patients
-- ---------------------------------------------------------------------------

example("spider", "spider", function()
  local patients = {}
  for i = 1, 30 do
    local time, change, slope = {}, {}, (i * 13 % 30) / 15 - 1
    for v = 1, 2 + i % 6 do
      time[v], change[v] = v * 2 + i % 3 * 0.3, math.max(-100, 20 * v * slope - 6 * v)
      if i % 9 == 0 and v == 2 then change[v] = 0 / 0 end
    end
    patients[i] = { id = i, time = time, change = change, group = slope < -0.3 and "PR"
      or slope < 0.5 and "SD" or "PD",
      marks = i % 8 == 0 and { { time = time[#time] * 0.8, label = "conversion surgery" } } or nil }
  end
  return { patients = patients, groups = { "PR", "SD", "PD" } }
end)
example("swimmer", "swimmer", function()
  local patients = {}
  for i = 1, 20 do
    local a = 2 + i * 5 % 7
    local b = a + 3 + i * 3 % 20
    local operated = i % 2 == 0
    local segments = operated and { { from = 0, to = a, phase = "TKI + ICI" },
      { from = a, to = a + 1, phase = "TACE" },
      { from = a + 1, to = b, phase = "TKI + ICI" } }
      or { { from = 0, to = a, phase = "TKI + ICI" }, { from = a, to = b, phase = "Follow-up" } }
    local events = { { time = a * 0.6, event = "Response" } }
    if operated then events[2] = { time = a + 2.2, event = "Conversion surgery" } end
    if i % 3 == 0 then events[#events + 1] = { time = b, event = "Death" } end
    if i == 20 then events[#events + 1] = { time = a + 2.3, event = "Progression" } end
    patients[i] = { id = "P" .. 100 + i, group = operated and "Operated" or "Not operated",
      segments = segments, events = events, ongoing = i % 3 ~= 0 }
  end
  return { patients = patients, phases = { "TKI + ICI", "TACE", "Follow-up" },
    cutoff = "2024-06-30", events = { "Response", "Conversion surgery", "Progression", "Death" } }
end)
example("sankey", "sankey", function()
  local names = { "CR", "PR", "SD", "PD", "NE" }
  return { stages = { { title = "mRECIST", nodes = names },
    { title = "RECIST 1.1", nodes = names } }, flows = {
    { from = "CR", to = "CR", n = 3 }, { from = "CR", to = "PR", n = 22 },
    { from = "PR", to = "PR", n = 28 },
    { from = "PR", to = "SD", n = 17 }, { from = "SD", to = "SD", n = 28 },
    { from = "SD", to = "PD", n = 2 },
    { from = "PD", to = "PD", n = 14 }, { from = "NE", to = "NE", n = 6 } } }
end)
example("sankey-three", "sankey", function()
  return { stages = { { title = "First line", nodes = { "TKI + ICI", "HAIC + TKI + ICI" } },
    { title = "Second", nodes = { "Surgery", "TACE", "None" } },
    { title = "Now", nodes = { "Alive", "Dead" } } }, flows = {
    { from = "TKI + ICI", to = "Surgery", n = 40 }, { from = "TKI + ICI", to = "TACE", n = 15 },
    { from = "TKI + ICI", to = "None", n = 10 },
    { from = "HAIC + TKI + ICI", to = "Surgery", n = 20 },
    { from = "HAIC + TKI + ICI", to = "None", n = 35 },
    { stage = 2, from = "Surgery", to = "Alive", n = 46 },
    { stage = 2, from = "Surgery", to = "Dead", n = 14 },
    { stage = 2, from = "TACE", to = "Alive", n = 3 },
    { stage = 2, from = "TACE", to = "Dead", n = 12 },
    { stage = 2, from = "None", to = "Alive", n = 7 },
    { stage = 2, from = "None", to = "Dead", n = 38 } } }
end)

-- --- balance and diagnostics
-- -------------------------------------------------------------------------

example("love", "love", function()
  return { samples = { "Unadjusted", "Weighted (ATE)" },
    rule = "Pooled standard deviation of the unweighted groups.",
    ess = "Effective sample size: 48.2 of 60 and 51.0 of 60.",
    rows = { { label = "Age", smd = { -0.31, 0.04 } },
      { label = "AFP > 400 ng/mL", smd = { 0.52, 0.08 } },
      { label = "Portal vein thrombus: Vp4", smd = { 0.44, -0.12 } },
      { label = "ECOG 1", smd = { 0.12, 0.02 } }, { label = "Sex: male", smd = { 0.05, 0.07 } } } }
end)
example("love-ratios", "love", function()
  return { rule = "Pooled standard deviation of the unweighted groups.",
    rows = { { label = "Age", smd = { -0.31, 0.04 }, ratio = { 0.72, 0.95 } },
      { label = "AFP", smd = { 0.52, 0.08 }, ratio = { 2.6, 1.2 } },
      { label = "Sex: male", smd = { 0.05, 0.07 } } } }
end)
example("overlap", "overlap", function()
  local a, b = {}, {}
  for i = 1, 150 do a[i], b[i] = ((i - 0.5) / 150) ^ 0.6, ((i - 0.5) / 150) ^ 1.7 end
  return { groups = { { label = "Surgery", score = a }, { label = "No surgery", score = b } } }
end)
example("schoenfeld", "schoenfeld", function()
  local time, residual, smooth = {}, {}, { x = {}, y = {}, lower = {}, upper = {} }
  for i = 1, 80 do time[i], residual[i] = i * 0.75, ((i * 37) % 80) / 20 - 2 - i / 80 end
  for i = 1, 30 do
    smooth.x[i], smooth.y[i] = 2 * i, -i / 30
    smooth.lower[i], smooth.upper[i] = smooth.y[i] - 0.5, smooth.y[i] + 0.5
  end
  return { time = time, residual = residual, smooth = smooth, term = "surgery", p = 0.004,
    estimate = -0.5 }
end)
example("loglog", "loglog", function()
  return { curves = { steady("Surgery", 120, 70), steady("No surgery", 110, 22) } }
end)
example("rmst", "rmst", function()
  local time, d, lower, upper = {}, {}, {}, {}
  for i = 1, 60 do
    time[i], d[i], lower[i], upper[i] = i, i * i / 200, i * i / 200 - i / 12, i * i / 200 + i / 12
  end
  return { time = time, difference = d, lower = lower, upper = upper,
    groups = { "surgery", "no surgery" }, tau = 36 }
end)
example("calibration", "calibration", function()
  local groups = {}
  for i = 1, 9 do
    local observed = (i / 10) ^ 1.25
    groups[i] = { predicted = i / 10, observed = observed, lower = math.max(0, observed - 0.09),
      upper = math.min(1, observed + 0.09) }
  end
  return { groups = groups, annotation = { "Slope 1.10 (0.85–1.35)" } }
end)
example("roc", "roc", function()
  local x, a, b = {}, {}, {}
  for i = 0, 50 do x[i + 1], a[i + 1], b[i + 1] = i / 50, (i / 50) ^ 0.4, (i / 50) ^ 0.6 end
  return { curves = { { label = "12 months", fpr = x, tpr = a,
    auc = { estimate = 0.714, lower = 0.65, upper = 0.78 } },
    { label = "36 months", fpr = x, tpr = b,
    auc = { estimate = 0.625, lower = 0.55, upper = 0.7 } } } }
end)

return examples
