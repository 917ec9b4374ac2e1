-- SPDX-License-Identifier: GPL-3.0-or-later
-- variants: what is hard to draw: few patients and very many, no events, long and wide labels,
-- narrow
-- columns, limits beyond the axis. Not kept as drawings: the geometry of each is checked, in Lua
-- (t_figure_geometry) and in the browser.
local examples = dofile("tests/golden/examples.lua")
local figure = require("lunation.figure")
local curve, steady = examples.curve, examples.steady

local variants = { names = {} }

local function variant(name, make)
  variants.names[#variants.names + 1] = name
  variants[name] = make
end

-- --- Kaplan-Meier --------------------------------------------------------------------------------

local LONG = "Atezolizumab plus bevacizumab after transarterial chemoembolisation"

local function two() return { steady("Surgery", 120, 70), steady("No surgery", 110, 22) } end

-- Patients who are all censored.
local function without_events(label, n)
  local times = {}
  for i = 1, n do times[i] = -(i * 1.5) end
  return curve(label, times)
end

local function km(name, spec)
  variant("km-" .. name, function() return figure.km(spec()) end)
  variant("km-" .. name .. "-single", function()
    local s = spec()
    s.width = "single"
    return figure.km(s)
  end)
end

km("one", function() return { curves = { steady(nil, 120, 40) } } end)
km("four", function()
  return { curves = { steady("BCLC A", 60, 90), steady("BCLC B", 80, 45), steady("BCLC C", 90, 18),
    steady("BCLC D", 20, 6) }, annotation = { "log-rank p < 0.001" } }
end)
km("six", function()
  local curves = {}
  for k = 1, 6 do curves[k] = steady("Cohort " .. k, 40, 80 / k) end
  return { curves = curves, table = "at_risk" }
end)
km("ten-patients", function()
  return { curves = { curve("A", { 2, 5, -7, 11, -20 }), curve("B", { 1, 3, 4, -9, 9 }) } }
end)
km("two-patients", function() return { curves = { curve("A", { 2, -3 }) } } end)
km("10000-patients", function()
  return { curves = { steady("Screened", 6000, 60), steady("Not screened", 4000, 40) } }
end)
km("no-events", function()
  return { curves = { without_events("Operated", 30), steady("Not operated", 40, 20) } }
end)
km("all-censored", function() return { curves = { without_events("Operated", 30) } } end)
km("censored", function()
  local times = {}
  for i = 1, 400 do times[i] = i % 8 == 0 and i / 8 or -(10 + i / 10) end
  return { curves = { curve("Trial", times), steady("Control", 200, 25) } }
end)
km("long-labels", function()
  return { group_title = "First treatment as it was recorded at the tumour board",
    annotation = { "HR for death 0.31 (95% CI 0.22–0.44), stratified by centre and BCLC stage",
      "stratified log-rank p < 0.001" },
    curves = { steady(LONG, 120, 70), steady("Best supportive care", 110, 22) } }
end)
km("long-labels-at-risk", function()
  return { table = "at_risk", curves = { steady(LONG, 120, 70), steady("Best supportive care",
    110, 22) } }
end)
km("chinese", function()
  return { lang = "zh", group_title = "初始治疗方案", annotation = { "HR 0.31（95% CI 0.22–0.44）" },
    curves = { steady("信迪利单抗联合仑伐替尼转化治疗后手术切除", 120, 70), steady("未手术", 110, 22) } }
end)
km("together", function() -- curves that end at one height
  return { curves = { steady("Arm A", 100, 30), steady("Arm B", 101, 30.2), steady("Arm C", 102,
    30.4) } }
end)
km("landmark", function()
  return { curves = { steady("Operated", 60, 60), steady("Not operated", 80, 30) }, landmark = 6,
    from_landmark = true }
end)
km("landmark-late", function()
  return { curves = { steady("Operated", 60, 60), steady("Not operated", 80, 30) }, landmark = 7.5,
    from_landmark = true, table = "at_risk" }
end)
km("days", function()
  local function days(c)
    for i, t in ipairs(c.time) do c.time[i] = math.floor(t * 30.4) end
    for name, t in pairs(c.median) do c.median[name] = math.floor(t * 30.4) end
    return c
  end
  return { unit = "days", curves = { days(steady("Surgery", 120, 70)), days(steady("No surgery",
    110, 22)) } }
end)
km("years", function()
  local c = two()
  for _, one in ipairs(c) do
    for i, t in ipairs(one.time) do one.time[i] = t / 12 end
  end
  return { unit = "years", curves = c, table = "at_risk" }
end)
km("failure", function() return { curves = two(), view = "failure" } end)
km("cumhaz", function() return { curves = two(), view = "cumhaz" } end)
km("loglog", function() return { curves = two(), view = "loglog" } end)
km("suppressed", function() return { curves = two(), suppress_below = 6 } end)

-- --- from fitted results: weights, delayed entry, facets -----------------------------------------

local function study()
  local lun = require("lunation")
  local cohort = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" }))
  return cohort, cohort:survival { time = "time", event = "event", is = 1, unit = "months",
    divide = 30.4375 }
end

local function fitted(name, draw)
  variant(name, function() return draw(figure, study()) end)
end

fitted("km-fitted", function(f, _, os_) return f.km(os_:km { by = "arm" }) end)
fitted("km-weighted", function(f, cohort, os_)
  return f.km(os_:km { by = "arm", weights = cohort:weights("arm ~ age + ecog") })
end)
fitted("km-weighted-single", function(f, cohort, os_)
  return f.km(os_:km { by = "arm", weights = cohort:weights("arm ~ age + ecog") },
    { width = "single" })
end)
fitted("km-facets", function(f, _, os_)
  return f.km(os_:facets("sex", { by = "arm", logrank = true }))
end)
fitted("km-facets-three", function(f, _, os_)
  return f.km(os_:facets("ecog", { by = "arm" }), { table = "at_risk" })
end)
fitted("forest-fitted", function(f, _, os_) return f.forest(os_:cox("arm + age + sex + ecog")) end)

-- --- the others ----------------------------------------------------------------------------------

variant("cuminc-long", function()
  return figure.cuminc { causes = { "Recurrence within the Milan criteria",
    "Death without recurrence, any cause" },
    groups = { examples.competing("Surgery", 120, 0.013, 0.006), examples.competing("No surgery",
      110, 0.03, 0.012) } }
end)
variant("cuminc-rare", function()
  return figure.cuminc { causes = { "Recurrence", "Death" }, bands = false,
    groups = { examples.competing(nil, 400, 0.002, 0.001) } }
end)

local function subgroups(n, spec)
  local rows = { { label = "All patients", n = 2270, events = 1164, hr = 0.61, lower = 0.55,
    upper = 0.68,
    p = 1e-6, overall = true } }
  for i = 1, n do
    rows[#rows + 1] = { label = "Factor " .. i, level = "no", n = 1137, events = 611,
      hr = 0.5 + i / 20,
      lower = 0.3 + i / 30, upper = 0.9 + i / 10, p = 0.03, p_interaction = 0.62 }
    rows[#rows + 1] = { level = "yes", n = 1133, events = 553, hr = 0.66, lower = 0.4,
      upper = 1.1, p = 0.11 }
  end
  spec = spec or {}
  spec.rows, spec.interaction = rows, true
  return spec
end

variant("forest-many", function() return figure.forest(subgroups(12)) end)
variant("forest-clipped", function()
  return figure.forest { low = 0.5, high = 2, favours = { "the new treatment",
    "the old treatment" }, rows = {
    { label = "Both ends", n = 12, events = 9, hr = 1, lower = 0.01, upper = 99.5, p = 0.99 },
    { label = "Beyond the left", n = 12, events = 2, hr = 0.1, lower = 0.02, upper = 0.4,
      p = 0.001 },
    { label = "Beyond the right", n = 12, events = 12, hr = 11, lower = 2.4, upper = 51.5,
      p = 0.002 },
    { label = "Inside", n = 320, events = 212, hr = 0.9, lower = 0.8, upper = 1.01, p = 0.08 } } }
end)
variant("forest-not-estimable", function()
  return figure.forest { rows = {
    { label = "Margin", level = "R0", n = 58, events = 14, reference = true },
    { level = "R1", n = 2, events = 0, not_estimable = "no events" },
    { label = "Vp4", n = 3, events = 3, not_estimable = "separation; a Firth fit can be had" } } }
end)
variant("forest-long", function()
  return figure.forest { favours = { "sintilimab plus lenvatinib followed by hepatectomy",
    "systemic treatment" }, rows = {
    { label = "Largest tumour diameter at the last imaging before surgery, per centimetre",
      n = 12000, events = 6400,
      hr = 1.055, lower = 1.005, upper = 1.107, p = 0.031 },
    { label = "Portal vein tumour thrombus (Cheng)",
      level = "none or in a segment only (Vp0 to Vp2)", n = 6000,
      events = 5000, reference = true },
    { level = "main trunk or contralateral branch (Vp4)", n = 6000, events = 1400, hr = 0.152,
      lower = 0.083,
      upper = 0.277, p = 1e-8 } } }
end)
variant("forest-chinese", function()
  return figure.forest { lang = "zh", rows = {
    { label = "手术", level = "否", n = 60, events = 50, reference = true },
    { level = "是", n = 60, events = 14, hr = 0.152, lower = 0.083, upper = 0.277, p = 1e-8 },
    { label = "肿瘤最大直径（每厘米）", n = 120, events = 64, hr = 1.055, lower = 1.005, upper = 1.107,
      p = 0.031 } } }
end)

local function patients_waterfall(n)
  local patients = {}
  for i = 1, n do
    local change = i % 17 == 0 and 120 + i or -100 + (i * 37 % n) / n * 160
    patients[i] = { id = "P" .. i, change = change,
      best = change <= -99 and "CR" or change <= -30 and "PR" or change < 20 and "SD" or "PD",
      marks = i % 3 == 0 and { "Conversion surgery" } or {} }
  end
  return patients
end

variant("waterfall-300", function()
  return figure.waterfall { patients = patients_waterfall(300), marks = { "Conversion surgery" } }
end)
variant("waterfall-three", function()
  return figure.waterfall { patients = { { id = "a", change = 140, best = "PD" }, { id = "b",
    change = 130, best = "PD" },
    { id = "c", change = -40, best = "PR" } } }
end)
variant("waterfall-own-classes", function()
  local patients = patients_waterfall(40)
  for _, p in ipairs(patients) do
    p.best = p.change < -30 and "Objective response by mRECIST"
      or "No response or not evaluable by mRECIST"
  end
  return figure.waterfall { patients = patients, marks = { "Conversion surgery" } }
end)
variant("spider-groups", function()
  local patients, names = {}, { "Complete response by mRECIST", "Partial response by mRECIST",
    "Stable disease",
    "Progressive disease", "Not evaluable" }
  for i = 1, 40 do
    local k = (i - 1) % 5 + 1
    patients[i] = { id = i, group = names[k], time = { 42, 84, 126, 168 + i },
      change = { -20 + 12 * k - i / 3, -40 + 20 * k - i, -50 + 28 * k - i, -60 + 36 * k - i } }
  end
  return figure.spider { patients = patients, groups = names, unit = "days" }
end)

local function lanes(n, long)
  local patients = {}
  for i = 1, n do
    local b = 6 + i * 7 % 30
    patients[i] = { id = (long and "Centre 12, patient " or "") .. i, ongoing = i % 2 == 0,
      segments = { { from = 0, to = b / 2, phase = "TKI + ICI" }, { from = b / 2, to = b,
        phase = "Follow-up" } },
      events = { { time = b / 3, event = "Response" }, { time = b / 3 + 0.2, event = "Surgery" },
        { time = b / 3 + 0.4, event = "Progression" }, { time = b,
          event = i % 2 == 0 and "TACE" or "Death" } } }
  end
  return { patients = patients, phases = { "TKI + ICI", "Follow-up" },
    events = { "Response", "Surgery", "Progression", "Death", "TACE", "Transplantation" } }
end

variant("swimmer-100", function() return figure.swimmer(lanes(100)) end)
variant("swimmer-three", function() return figure.swimmer(lanes(3, true)) end)

variant("flow-three-arms", function()
  local arms = {}
  for k, name in ipairs { "Sintilimab plus lenvatinib followed by hepatectomy", "HAIC",
    "Supportive care" } do
    arms[k] = { label = name, n = 40,
      excluded = { { "Withdrew consent before the first dose was given", k },
      { "Lost", 0 } }, steps = { { label = "Overall survival", n = 40 - k } } }
  end
  return figure.flow { arms = arms,
    steps = { { label = "Hepatocellular carcinoma in the registry of all centres, 2018 to 2024",
    n = 12860,
    excluded = { { "No measurable lesion by RECIST 1.1 on the baseline scan of the liver", 12740 } } },
    { label = "Analysed", n = 120 } } }
end)
variant("flow-one", function() return figure.flow { steps = { { label = "Read", n = 12 } } } end)

variant("sankey-small-flows", function()
  local names = { "CR", "PR", "SD", "PD" }
  local flows = {}
  for i, a in ipairs(names) do
    for j, b in ipairs(names) do
      flows[#flows + 1] = { from = a, to = b, n = i == j and 60 or (i + j) % 3 + 1 }
    end
  end
  return figure.sankey { stages = { { title = "Investigator", nodes = names },
    { title = "Central", nodes = names } },
    flows = flows }
end)
variant("sankey-long", function()
  return figure.sankey { stages = { { title = "First-line treatment", nodes = { LONG, "HAIC" } },
    { title = "Second-line treatment", nodes = { "Regorafenib", "None" } } },
    flows = { { from = LONG, to = "Regorafenib", n = 30 }, { from = LONG, to = "None", n = 20 },
      { from = "HAIC", to = "None", n = 9 } } }
end)

variant("love-many", function()
  local rows = {}
  for i = 1, 40 do
    rows[i] = { label = i == 7
      and "Portal vein tumour thrombus, Cheng type III or higher, at baseline" or "Covariate " .. i,
      smd = { (i * 17 % 40) / 25 - 0.8, (i * 7 % 40) / 200 - 0.1, (i * 11 % 40) / 300 },
      ratio = i % 2 == 0 and { 0.3 + i / 20, 1.1, 0.9 } or nil }
  end
  return figure.love { rows = rows, rule = "Pooled standard deviation of the unweighted groups.",
    samples = { "Unadjusted", "Weighted (ATE)", "Weighted (overlap)" } }
end)
variant("overlap-three", function()
  local groups = {}
  for k = 1, 3 do
    local score = {}
    for i = 1, 60 do score[i] = (i / 61) ^ (k * k / 2) end
    groups[k] = { label = "Treatment arm number " .. k, score = score }
  end
  return figure.overlap { groups = groups }
end)
variant("calibration-low", function()
  return figure.calibration { high = 0.2, smooth = { x = { 0.01, 0.1, 0.19 }, y = { 0.02, 0.08,
    0.19 } }, groups = {
    { predicted = 0.02, observed = 0.01, lower = 0, upper = 0.05 },
    { predicted = 0.08, observed = 0.1, lower = 0.05, upper = 0.15 },
    { predicted = 0.15, observed = 0.12, lower = 0.06, upper = 0.2 } } }
end)
variant("roc-five", function()
  local curves = {}
  for k = 1, 5 do
    local x, y = {}, {}
    for i = 0, 40 do x[i + 1], y[i + 1] = i / 40, (i / 40) ^ (0.2 + k / 8) end
    curves[k] = { label = "At " .. 12 * k .. " months", fpr = x, tpr = y,
      auc = { estimate = 0.9 - k / 30, lower = 0.8 - k / 30, upper = 0.95 - k / 30 } }
  end
  return figure.roc { curves = curves }
end)
variant("schoenfeld-days", function()
  local time, residual = {}, {}
  for i = 1, 30 do time[i], residual[i] = i * 41, ((i * 7) % 30) / 8 - 2 end
  return figure.schoenfeld { time = time, residual = residual, term = "afp: > 400 ng/mL",
    unit = "days", p = 0.4 }
end)

-- --- options of the looks --------------------------------------------------------------------------

-- Every example in one column, and in large type.
for _, name in ipairs(examples.names) do
  if not name:find("^forest") and not name:find("^km%-grid") then -- tables that need their width
    variant(name .. "-narrow", function() return examples[name] { width = "single" } end)
  end
  if name ~= "km-grid" then
    variant(name .. "-large", function()
      return examples[name] { font_size = 11, heading = "A heading", subtitle = "And what stands under it",
        caption = "And what stands below the figure.", width = "double" }
    end)
  end
end

local function looks(name, spec)
  variant("km-" .. name, function()
    spec.curves, spec.risk_table = two(), nil
    return figure.km(spec)
  end)
end

looks("grey", { palette = "grey" })
looks("own-colours", { palette = { "#7B3294", "#008837" }, linetype = "solid" })
looks("inside", { legend = "inside" })
looks("inside-failure", { legend = "inside", view = "failure" })
looks("no-legend", { legend = "none", annotation = { "log-rank p < 0.001" } })
looks("end", { legend = "end" })
looks("two-years", { last = 24, step = 3 })
looks("in-years", { time_unit = "years", step = 1, table = "at_risk" })
looks("from-half", { y_low = 50 })
looks("from-half-failure", { y_high = 40, view = "failure" })
looks("rows", { table_rows = { "at_risk", "events" }, table_step = 12 })
looks("lines", { hlines = { 80 }, vlines = { 12, 36 }, texts = { { x = 13, y = 3, text = "one year" },
  { x = 36, y = 92, text = "three years", align = "right" } } })
looks("wide-and-low", { width = 250, height = 40 })
looks("small-type", { font_size = 7, width = "single" })

variant("km-beside-another", function()
  return figure.grid { letters = true, heading = "Survival and its difference", panels = {
    { figure = figure.km { curves = two(), width = "single" } },
    { heading = "Overlap", figure = examples.overlap { width = "single", palette = "grey" } } } }
end)
variant("grid-of-scales", function()
  return figure.grid { letters = true, columns = 1, panels = {
    { figure = figure.km { curves = two(), font_size = 7, heading = "Small type" } },
    { figure = figure.km { curves = two(), font_size = 11, palette = "grey" } } } }
end)
variant("cuminc-options", function()
  return examples.cuminc { time_unit = "years", legend = "inside", table_rows = "at_risk", y_high = 100, vlines = { 2 } }
end)
variant("roc-inside", function() return examples.roc { legend = "inside", width = "single" } end)

return variants
