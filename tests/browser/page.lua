-- SPDX-License-Identifier: GPL-3.0-or-later
-- page FILE [LANG | variants]: a report with every kind of block, every example figure and every hard
-- variant, for the
-- browser. A figure that lunation.figure knows and no example draws is an error, so that a new
-- kind is looked at.
local examples = dofile("tests/golden/examples.lua")
local variants = dofile("tests/golden/variants.lua")
local kinds = require("lunation.figure.options").KINDS
local document = require("lunation.report.document")
local report = require("lunation.report")

local function all_kinds()
  local drawn = {}
  for _, kind in pairs(examples.kinds) do drawn[kind] = true end
  for kind in pairs(kinds) do
    if kind ~= "xy" then assert(drawn[kind], "tests/golden/examples.lua draws no " .. kind) end
  end
end

-- Nothing but the variants: what is the same for every figure is looked at on the other page.
local function variants_page()
  local doc = document.new { title = "Every hard variant" }
  doc:section("variants", "Variants")
  for _, name in ipairs(variants.names) do
    doc:figure { id = "v-" .. name, caption = "The variant " .. name .. ".",
      figure = variants[name]() }
  end
  return doc
end

local function make(lang)
  all_kinds()
  local doc = document.new { title = "Every block and every figure",
    subtitle = "For the browser tests", lang = lang, simulated = "Simulated data: no patients",
    footer = "Made by the browser tests." }
  doc:section("summary", "Summary")
  doc:facts({ { "Patients", 120 }, { "Deaths", "64 (53.3%)" },
    { "Median, months (95% CI)", "36 (25–NE)" } }, "cards")
  doc:paragraph("Survival was **longer** after surgery (*p* < 0.001); see [the curves](#km) and \z
    `os-by-surgery`.")
  doc:list { "one", "two" }
  doc:note("design", "Surgery becomes known later.")
  doc:note("warning", "Few events.")
  doc:note("info", "Ties by Efron.")
  doc:section("figures", "Figures")
  for _, name in ipairs(examples.names) do
    doc:subsection("about-" .. name, "Figure: " .. name)
    doc:figure { id = name, caption = "The example " .. name .. ".", figure = examples[name](),
      notes = { "A note." } }
    doc:how { method = "By formula.", n = 120, options = { { "ties", "efron" } },
      excluded = { { "no date", 0 } }, recipe = name .. ": { km: os }",
      warnings = { "Only an example." } }
  end
  doc:section("tables", "Tables")
  doc:table { id = "regression", caption = "A wide table.",
    columns = { { key = "v", label = "Variable" },
    { key = "n", label = "N", align = "right" },
    { key = "u", label = "HR (95% CI)", align = "decimal" },
    { key = "up", label = "*p*", align = "decimal" },
    { key = "m", label = "HR (95% CI)", align = "decimal" },
    { key = "mp", label = "*p*", align = "decimal" } },
    groups = { { label = "Univariable", from = "u", to = "up" },
    { label = "Multivariable", from = "m", to = "mp" } },
    rows = { { v = "Surgery", heading = true },
    { v = "no", indent = 1, n = 60, u = "Reference", m = "Reference", muted = true },
      { v = "yes", indent = 1, n = 60, u = "0.15 (0.08–0.28)", up = "<0.001",
      m = "0.23 (0.11–0.48)", mp = "<0.001" },
      { v = "Diameter, per cm", n = 120, u = "10.06 (1.01–111.10)", up = "0.031", m = "NE",
      strong = true } },
    notes = { "HR, hazard ratio." } }
  doc:flow { id = "flow-again", caption = "Flow.",
    steps = { { label = "Read", n = 120, excluded = { { "ECOG 2", 2 } } },
    { label = "Analysed", n = 118 } } }
  doc:provenance { { "Recipe", "example 1.0.0" }, { "Data", ("0123456789abcdef"):rep(4) } }
  return doc
end

report.save(arg[2] == "variants" and variants_page() or make(arg[2]), arg[1])
