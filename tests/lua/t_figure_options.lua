-- SPDX-License-Identifier: GPL-3.0-or-later
-- The options of docs/figures.md: each does what it says, in Lua and in a recipe; and what art
-- editors
-- would send back.
local t = dofile("tests/lua/tap.lua")
local geometry = dofile("tests/lua/geometry.lua")
local examples = dofile("tests/golden/examples.lua")
local figure = require("lunation.figure")
local look = require("lunation.figure.look")
local options = require("lunation.figure.options")
local steady = examples.steady

local function km(more)
  local s = { curves = { steady("Surgery", 120, 70), steady("No surgery", 110, 22) } }
  for k, v in pairs(more or {}) do s[k] = v end
  return figure.km(s)
end

local function texts(fig)
  local out = {}
  for _, b in ipairs(geometry.texts(fig)) do out[b.text] = out[b.text] or b end
  return out
end

local function numbers_of(fig)
  local out = {}
  for _, b in ipairs(geometry.texts(fig)) do
    if b.class:find("n", 1, true) and b.class:match("%f[%a]n$") then out[#out + 1] = b.text end
  end
  return table.concat(out, " ")
end

-- Every kind takes every option of its groups, and refuses what it does not know with a suggestion.
local VALUE = { text = "x", number = 10 }
for _, name in ipairs(examples.names) do
  local kind = examples.kinds[name]
  local fig = examples[name] { heading = "Heading", caption = "Caption" }
  t.ok(texts(fig).Heading and texts(fig).Caption, name .. " has a heading and a caption")
  t.fails(function() examples[name] { captoin = "x" } end,
    'unknown field \'captoin\'.*did you mean "caption"',
    name .. " suggests")
  if options.recipe(kind).palette then
    t.match(examples[name] { palette = "grey" }.svg, "#7a7a7a", name .. " in grey")
    t.near(examples[name] { width = 160 }.width, 160 * 96 / 25.4, 1e-9, name .. " 160 mm wide")
  end
  for option, schema in pairs(options.recipe(kind)) do
    if VALUE[schema.type] and not schema.choices and option ~= "width" then
      local ok, err = pcall(examples[name], { [option] = { "wrong" } })
      t.ok(not ok and tostring(err):find("must be a"), name .. " checks the type of " .. option)
    end
  end
end

-- Width and size.
t.is(km { width = "single" }.width, 321, "single")
t.fails(function() km { width = "tripple" } end, "single, double or 40 to 600 millimetres",
  "no such width")
local large = km { font_size = 18 }
t.near(large.width, km().width, 1e-12, "large type leaves the width")
t.match(large.svg, 'viewBox="0 0 329 ', "and is half as many units wide")
t.fails(function() km { font_size = 40 } end, "5 to 18 points", "a size too large")
t.fails(function() km { height = 5 } end, "20 to 300 mm", "a panel too low")

-- Colours and dashes.
t.near(look.contrast("#ffffff", "#000000"), 21, 1e-9, "black on white is 21:1")
t.near(look.contrast("#0072B2", "#ffffff"), 5.19, 1e-3,
  "Okabe-Ito's blue on white, as measured by others")
for _, palette in pairs(look.PALETTES) do
  for i = 1, 6 do
    t.ok(look.contrast(palette.light[i], "#ffffff") >= 3,
      palette.light[i] .. " reaches 3:1 on white")
    t.ok(look.contrast(palette.dark[i], "#15181c") >= 3,
      palette.dark[i] .. " reaches 3:1 in the dark")
  end
end
local own = km { palette = { "#7B3294", "#202020" } }
t.match(own.svg, "%.s1{stroke:#7B3294}", "own colours")
t.ok(look.contrast(own.svg:match("dark%).*%.s2{stroke:(#%x+)}"), "#15181c") >= 3,
  "lightened in the dark")
t.match(own:inline("a"), "<style>%.lf %.p", "which go with the drawing in a page")
t.ok(not km():inline("a"):find("<style>", 1, true), "the usual colours do not")
t.fails(function() km { palette = "gray" } end, 'unknown palette \'gray\'.*did you mean "grey"',
  "palette's name")
t.fails(function() km { palette = { "red" } } end, "unknown palette 'red'", "a name is no colour")
t.fails(function() km { palette = { "#fff", "#0072B2" } } end, "'#fff' is not a colour",
  "a short colour")
t.match(km { linetype = { "solid", "dotted" } }.svg, "%.d2{stroke%-dasharray:2 2%.5}",
  "line types by R's names")
t.fails(function() km { linetype = "doted" } end, 'did you mean "dotted"', "line type's name")

-- Axes.
t.ok(texts(km())["60"], "the axis ends on a tick when the way to it is short")
local two = km { last = 24, step = 12 }
t.is(numbers_of(two), "120 101 85 0 0 0 0 19 35 110 64 37 0 0 0 0 46 73",
  "counts at 0, 12, 24 and no later")
t.ok(not texts(two)["36"], "the axis ends where it is told to")
local half = km { y_low = 50 }
t.match(half.svg, "The vertical axis begins at 50%%", "a broken axis is said")
t.is(table.concat(geometry.outside(half)), "", "curves and bands end at the axis")
t.ok(not texts(half)["25%"], "no tick below")
t.fails(function() km { y_low = 90, y_high = 80 } end, "from 90 to 80", "an axis upside down")
local years = km { time_unit = "years", step = 1 }
t.ok(texts(years)["Time, years"] and texts(years)["Median, years (95% CI)"], "years are said")
t.match(years.description, "median 1%.3 years", "medians in years: 15.5 / 12")
t.is(numbers_of(years), numbers_of(km { step = 12 }), "the same counts at the same times")
t.fails(function() km { unit = "cycles", time_unit = "years" } end,
  "times in cycles cannot be shown in years",
  "no way from cycles")

-- The table under the axis.
t.is(numbers_of(km { table_rows = "events", table_step = 24 }), "0 35 51 0 73 92",
  "events at 0, 24, 48")
t.fails(function() km { step = 10, table_step = 15, last = 20 } end, "make it a multiple of step",
  "columns between the ticks")
t.fails(function() km { table_rows = { "risk" } } end, "at_risk, weighted, censored, events",
  "row's name")

-- Names, lines, texts.
local function count(fig, text)
  local n = 0
  for _, b in ipairs(geometry.texts(fig)) do n = n + (b.text == text and 1 or 0) end
  return n
end
t.is(count(km(), "Surgery"), 3, "named above, at the end and under the axis")
t.is(count(km { legend = "top" }, "Surgery"), 2, "legend: top")
t.is(count(km { legend = "none", table = "none" }, "Surgery"), 0, "legend: none")
t.is(count(km { legend = "inside", table = "none" }, "Surgery"), 1, "legend: inside")
local marked = km { vlines = 12, hlines = { 80 }, texts = { { x = 12, y = 5, text = "one year" } } }
local tick = texts(km())["12"]
t.near(texts(marked)["one year"].x, tick.x + 4, 1e-9, "a text beside its place on the axis")
t.match(marked.svg, ('class="ink dot" d="M%s '):format(("%g"):format(tick.x):gsub("%.", "%%.")),
  "a line at 12")
t.fails(function() km { hlines = { 120 } } end, "at 120 lies outside the axis %(0 to 100%)",
  "a line outside")
t.fails(function() km { texts = { { x = 1, y = 2, txt = "a" } } } end, 'did you mean "text"',
  "a text's field")
t.fails(function() km { view = "loglog", last = 3 } end, "view loglog has no option 'last'",
  "nothing is ignored")

-- Several figures.
local both = figure.grid { letters = true, panels = { { figure = km { width = "single" } },
  { figure = km { width = "single", palette = "grey", font_size = 8 } } } }
t.ok(texts(both).A.x < texts(both).B.x and texts(both).A.y == texts(both).B.y,
  "A and B side by side")
t.match(both.svg, "#7a7a7a", "a panel keeps its colours")
t.match(both.svg, "scale%(0%.88", "and its type")
t.is(both:data().rows[1].panel, "A", "the numbers name the panel")
t.fails(function() figure.grid { panels = { { figur = km() } } } end, 'did you mean "figure"',
  "a panel's field")

-- What was sent back once.
local many = km { curves = { steady("Screened", 6000, 60) } }
local marks, last = many.svg:match('class="line tick s1" d="(.-)"'), -1
for x in marks:gmatch("M([%d.]+)") do
  t.ok(tonumber(x) - last >= 2.5, "marks of the censored stay apart")
  if tonumber(x) - last < 2.5 then break end
  last = tonumber(x)
end
local landmark = km { landmark = 6, from_landmark = true }
t.ok(texts(landmark)["6"], "a tick at the landmark")
t.match(numbers_of(landmark), "^ *120 ", "with all patients at risk")
local clipped = figure.forest { rows = { { label = "x", n = 1200, events = 12, hr = 2, lower = 1,
  upper = 4 },
  { label = "y", n = 2, events = 1, hr = 11, lower = 2.4, upper = 51.5 } } }
local dots = {}
for _, b in ipairs(geometry.texts(clipped)) do
  local whole = b.text:match("^(%d+)%.%d+ %(")
  if whole then dots[#dots + 1] = b.left + require("lunation.figure.metrics").width(whole, 11) end
end
t.near(dots[1], dots[2], 1e-4, "the points of estimates stand under each other")
t.ok(texts(clipped)["HR (log scale)"], "the axis says what it is")
t.match(figure.flow { steps = { { label = "a", n = 2000, excluded = { { "b", 1500 } } } } }.svg,
  "Excluded %(n = 1500%)", "counts are written in one way")
t.match(figure.flow { steps = { { label = "a", n = 20000, excluded = { { "b", 15000 } } } } }.svg,
  "Excluded %(n = 15,000%)", "large ones too")
t.ok(texts(examples.schoenfeld())["0"] and texts(examples.schoenfeld())["12"],
  "a time axis begins at 0, in years' halves")
local wrapped = examples.love { rows = { { label = ("Portal vein tumour thrombus "):rep(3),
  smd = { 0.1, 0.2 } } } }
t.is(select(2, wrapped.svg:gsub("thrombus", "")), 3, "a long covariate is not cut")
for _, event in ipairs { "Response", "Death" } do
  t.ok(texts(examples.swimmer())[event], "an event is in the legend: " .. event)
end
t.ok(not examples.swimmer().body:find('class="f%d" cx'),
  "marks on a lane have no colour of a phase")

-- Residuals of a fitted model: their mean is the estimate; a smooth of a line is the line.
do
  local lun = require("lunation")
  local e = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" })):survival {
    time = "time", event = "event", is = 1, unit = "days" }
  local fit = e:cox("arm + age")
  local rows = figure.schoenfeld(fit:zph(), { term = "age" }):data().rows
  local sum, n = 0, 0
  for _, row in ipairs(rows) do
    if row.series:find("residual") then sum, n = sum + row.y, n + 1 end
  end
  t.is(n, fit.events, "a residual for each event")
  t.ok(math.abs(sum / n - fit.coef.age) < 1e-6, "their mean is the coefficient")
  t.match(figure.schoenfeld(fit:zph(), { term = "arm: B" }).description, "p = ",
    "with the test of its term")
  t.fails(function() figure.schoenfeld(fit:zph(), { term = "arms" }) end, "coefficient.*arms",
    "no such coefficient")
  local x, y = {}, {}
  for i = 1, 40 do x[i], y[i] = i, 3 - i / 4 end
  local line = figure.schoenfeld({ tests = { a = { p = 0.5 } }, names = { "a" },
    time = { totable = function() return x end },
    y = { a = { totable = function() return y end } } }, { term = "a" }):data().rows
  for k = 41, 80, 13 do t.near(line[k].y, 3 - line[k].x / 4, 1e-9,
    "the smooth of a line is the line") end
end

-- From a recipe.
local path = os.tmpname()
local function write(draw)
  local file = assert(io.open(path, "w"))
  file:write(([[
lunation: 1
id: looks
version: 1.0.0
title: Looks
data:
  patients: { file: %s/examples/study160/patients.csv, key: id, columns: { arm: { type: factor,
    levels: [A, B] },
    time: { type: number }, event: { type: integer } } }
endpoints:
  os: { time: time, event: event, is: 1, unit: days }
analyses:
  curves: { km: os, by: arm, draw: { %s } }
  model: { cox: os, terms: arm + age, figure: forest, ph_test: true, ph_figure: true,
    draw: { palette: grey, width: 120,
    caption: From a recipe. } }
]]):format(require("lunation.core").file.real("."), draw))
  file:close()
  return require("lunation.recipe.load").checked(path)
end
local recipe = write("time_unit: years, heading: Overall survival, vlines: [1], \z
  palette: ['#7B3294', '#008837'], \z
  texts: [{ x: 1, y: 90, text: one year }]")
local by_id = {}
local study = require("lunation.recipe.run").complete(recipe)
for _, f in ipairs(require("lunation.report.study").document(study):figures()) do by_id[f.id] =
  f.figure end
local curves = by_id["curves-figure"]
t.ok(texts(curves)["Overall survival"] and texts(curves)["Time, years"]
  and texts(curves)["one year"],
  "draw: reaches the curves")
t.match(curves.svg, "#7B3294", "with its colours")
t.match(by_id["model-forest"].svg, "#7a7a7a", "and the forest")
t.match(by_id["model-schoenfeld"].svg, "#7a7a7a", "and the residuals")
t.near(by_id["model-forest"].width, 120 * 96 / 25.4, 1e-9, "with its width")
t.fails(function() write("pallete: grey") end, 'unknown key "pallete".*',
  "an unknown option is refused by check")
os.remove(path)
t.done()
