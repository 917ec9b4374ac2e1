-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local format = require("lunation.format")
local inline = require("lunation.report.inline")
local document = require("lunation.report.document")
local text = require("lunation.report.text")
local html = require("lunation.report.html")
local markdown = require("lunation.report.markdown")
local csv = require("lunation.report.csv")
local examples = dofile("tests/golden/examples.lua")

-- numbers
t.is(format.number(-0.001, 2), "0.00", "no negative zero")
t.is(format.number(-1.25, 2), "−1.25", "a true minus sign")
t.is(format.number(0.125, 2), "0.12", "half to even")
t.is(format.number(0 / 0), "NE", "missing")
t.is(format.number(1 / 0), "∞", "infinite")
t.is(format.integer(9999), "9999", "no comma below 10,000")
t.is(format.integer(1234567), "1,234,567", "commas")
t.is(format.integer(-123456), "−123,456", "negative with commas")
t.is(format.percent(0.708), "70.8%", "percent")
t.is(format.count(67, 120), "67 (55.8%)", "count and percent")
t.is(format.count(1, 8, 0), "1 (12%)", "an exact half goes to even")
t.is(format.count(0, 0), "0 (–)", "nothing of nothing")
t.is(format.p(0.01312), "p = 0.013", "p")
t.is(format.p(0.00049), "p < 0.001", "small p")
t.is(format.p(0.99999), "p > 0.999", "large p")
t.is(format.p_value(0.9994), "0.999", "p alone")
t.is(format.hr(0.154, 0.08, 0.277), "0.15 (0.08–0.28)", "hazard ratio")
t.is(format.ci(-1.2, 3.4, 1), "−1.2 to 3.4", "no dash beside a minus")
t.is(format.rate(0.7083, 0.632, 0.7949), "70.8% (63.2–79.5)", "rate")
t.is(format.time(36, 25, 0 / 0), "36 (25–NE)", "whole months")
t.is(format.time(12.34, 10, 25), "12.3 (10.0–25.0)", "one decimal")
t.is(format.shortest(0.1), "0.1", "shortest")
t.is(format.shortest(227), "227", "shortest integer")

-- markup
t.is(inline.html("a **b *c*** <d> `x<y`"), "a <strong>b *c</strong>* &lt;d&gt; <code>x&lt;y</code>",
  "nested marks end at the first")
t.is(inline.html("3 * 4 * 5"), "3 * 4 * 5", "a star between blanks is a star")
t.is(inline.html("[a](#b) [c](javascript:d)"), '<a href="#b">a</a> c', "only safe links")
t.is(inline.plain("**a** *b* `c` [d](#e) \\*f\\*"), "a b c d *f*", "plain")

-- a document
local function make()
  local d = document.new { title = "A <study>", simulated = true, footer = "End." }
  d:section("results", "Results")
  d:paragraph("Survival was *longer*.")
  d:table { id = "cox", caption = "Cox.", columns = { { key = "v", label = "Variable" },
    { key = "hr", label = "HR (95% CI)", align = "decimal" },
    { key = "p", label = "*p*", align = "decimal" } },
    rows = { { v = "Surgery", heading = true },
    { v = "yes", indent = 1, hr = "0.15 (0.08–0.28)", p = "<0.001" },
      { v = "Diameter | cm", hr = "12.06 (1.01–14.11)", p = "0.031" },
      { v = "Margin", hr = "NE" } },
    groups = { { label = "Multivariable", from = "hr", to = "p" } }, notes = { "Efron ties." } }
  d:figure { id = "os", caption = "Survival.", figure = examples.km() }
  d:how { method = "Kaplan-Meier.", n = 120, options = { { "ties", "efron" } },
    excluded = { { "no date", 0 } }, recipe = "os: {km: os}", warnings = { "few events" } }
  d:note("design", "Immortal time.")
  d:provenance { { "Seed", 1 } }
  return d
end
local page = html.write(make())
t.ok(page:find("<title>A &lt;study&gt;</title>", 1, true), "the title is escaped")
t.ok(page:find("default-src 'none'", 1, true), "no network by policy")
t.ok(not page:find("<script", 1, true), "no script")
t.ok(not page:find('src="http', 1, true) and not page:find("url(", 1, true), "nothing is fetched")
t.ok(page:find('@top-center{content:"Simulated data: no patients"', 1, true),
  "printed pages say simulated")
t.ok(page:find("0<i>.15 (0.08–0.28)</i>", 1, true) and page:find("12<i>.06 (1.01–14.11)</i>", 1,
  true), "decimals are split")
t.ok(page:find('<th scope="row" colspan="3">Surgery</th>', 1, true),
  "a heading row spans the table")
t.ok(page:find('<a href="#results">Results</a>', 1, true), "contents")
t.ok(page:find("Excluded: no date</dt><dd>0</dd>", 1, true), "an exclusion of none is said")
t.ok(page:find('<svg class="lf"', 1, true) and page:find('aria-labelledby="os-svg-t os-svg-d"', 1,
  true), "figure with a name")
t.ok(page == html.write(make()), "the same bytes twice")

local plain = text.write(make())
t.match(plain, "yes           0%.15 %(0%.08–0%.28%)   <0%.001",
  "decimal points below each other in text")
t.match(plain, "Diameter | cm  12%.06", "decimal points below each other in text, wide")
local md = markdown.write(make())
t.ok(md:find("| Diameter \\| cm | 12.06 (1.01–14.11) | 0.031 |", 1, true),
  "a bar in a cell is escaped")
t.ok(md:find("| Variable | Multivariable: HR (95% CI) |", 1, true), "group heads in Markdown")
t.ok(md:find("![Overall survival by surgery](figures/os.svg)", 1, true), "figure in Markdown")
t.is(csv.table { columns = { { key = "a", label = "A" }, { key = "b" } },
  rows = { { a = "x, \"y\"", b = 0.1 }, { a = "*z*", b = 0 / 0 } } }, 'A,b\n"x, ""y""",0.1\nz,\n',
  "CSV")
t.is(text.table({ { key = "g", label = "组" }, { key = "n", label = "N", align = "right" } },
  { { g = "手术", n = 60 }, { g = "a", n = 7 } }),
  "组     N\n────  ──\n手术  60\na      7", "wide characters count two columns")

-- what is refused
t.fails(function() document.new { titel = "x" } end, "no field 'titel'",
  "unknown field of a document")
t.fails(function() document.new { title = "x", lang = "fr" } end, "no fixed words in language 'fr'",
  "unknown language")
local d = make()
t.fails(function() d:section("cox", "Again") end, "two blocks have the id 'cox'", "an id twice")
t.fails(function() d:note("danger", "x") end, "not 'danger'", "unknown note")
t.fails(function() d:table { columns = { { key = "a" } }, rows = { { b = 1 } } } end,
  "row 1: there is no column 'b'", "unknown cell")
t.fails(function() d:table { columns = { { key = "indent" } }, rows = {} } end,
  "may not be called 'indent'", "reserved key")
t.fails(function()
  d:table { columns = { { key = "a" } }, rows = {},
    groups = { { label = "g", from = "a", to = "c" } } }
end,
  "group 'g' must run over columns", "group over no column")
t.fails(function() d:figure { id = "f", figure = {} } end, "is not a figure", "no figure")

-- as a script reaches it
local lun = require("lunation")
local path = os.tmpname()
os.remove(path)
lun.report.save(make(), path .. ".html")
local file = io.open(path .. ".html", "rb")
t.ok(file:read("a") == page, "saved as the ending says")
file:close()
os.remove(path .. ".html")
t.fails(function() lun.report.save(make(), "x.pdf") end, "cannot be written as 'pdf'",
  "unknown form")
t.fails(function() return lun.figure.forrest end, "no figure 'forrest'.*did you mean \"forest\"",
  "unknown figure")
t.is(#make():tables() + #make():figures(), 2, "tables and figures are listed")

t.done()
