-- SPDX-License-Identifier: GPL-3.0-or-later
-- core.text: what the writers do to every cell.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local text = core.text

t.is(text.html 'a < b & "c" > d', "a &lt; b &amp; &quot;c&quot; &gt; d", "entities")
t.is(text.html "Größe\0x", "Größe\0x", "nothing to replace, a zero byte kept")
t.is(text.uri '50% <a href="#x">\r\n', "50%25 %3Ca href=%22%23x%22%3E%0D%0A", "bytes of an address")
t.is(text.json 'a"b\\c\n\1\127é', [["a\"b\\c\n\u0001\u007fé"]], "a JSON string")
t.ok(text.has("a*b", "*`["), "a byte of the set occurs")
t.ok(not text.has("abc", "*`["), "none occurs")
t.ok(text.has("a\0b[", "*`["), "behind a zero byte too")

local function halves(s) return table.concat({ text.split_decimal(s) }, "|") end
t.is(halves "12,345.6 (1.0–2.0)", "12,345|.6 (1.0–2.0)", "cut behind the first digits")
t.is(halves "<0.001", "<0|.001", "a sign belongs to the head")
t.is(halves "NE", "NE|", "not estimable stands where numbers end")
t.is(halves "NE (3–NE)", "NE| (3–NE)", "with limits too")
t.is(halves "Reference", "|Reference", "no digit: all is tail")

local rows = { { a = "x,y", n = 3, v = 0.1 }, { a = "=1+1", v = 0 / 0 },
  { n = 2, v = math.huge, a = true } }
local fields = { "a", "n", "v" }
t.is(text.rows(rows, fields, "csv"), '"x,y",3,0.1\n\'=1+1,,\ntrue,2,\n',
  "rows as CSV; a formula made harmless")
t.is(text.rows(rows, fields, "json"),
  '[{"a":"x,y","n":3,"v":0.1},{"a":"=1+1","n":null,"v":null},{"a":true,"n":2,"v":null}]\n',
  "rows as JSON")
t.is(text.rows({ { a = "x", v = 1 / 3 } }, fields, "digest"), "x|0.3333333333|\n|",
  "rows for a digest")
t.is(text.rows({}, fields, "json"), "[]\n", "no rows")
t.is(text.rows({ { a = "**b**" }, { a = "c" } }, { "a" }, "csv",
  function(s) return s:gsub("%*", "") end), "b\nc\n",
  "markup taken out by the caller's function")
t.is(text.width "Hazard", 722 + 556 + 500 + 556 + 333 + 556,
  "widths of Helvetica (Adobe's metrics)")
t.is(text.width("A", true), 722, "and of its bold")
t.is(text.width "中−e\u{301}", 1000 + 584 + 556, "wide, sign, combining")
t.is(text.columns "中a\u{301}\xFF", 4, "columns of a terminal; a stray byte is one")

local columns = { { key = "a" }, { key = "p", align = "decimal", decimals = 2 },
  { key = "n", align = "right" } }
local html, widths = core.html.rows({
  { a = "x < y", p = 0.125, n = 12345 }, { a = "Group", heading = true },
  { p = "10.5 (1–2)", n = 0 / 0, strong = true, indent = 1 } }, columns, function(s)
    return "[" .. s .. "]"
  end)
t.is(html, '<tr><th scope="row">x &lt; y</th><td class="d">0<i>.12</i></td><td \z
  class="r">12,345</td></tr>'
  .. '<tr class="h"><th scope="row" colspan="3">Group</th></tr>'
  .. '<tr class="s i1"><td></td><td class="d">10<i>.5 (1–2)</i></td><td class="r">NE</td></tr>',
  "rows of a table")
t.is(widths[1], false, "no width for a column of texts")
t.near(widths[2], (278 + 556 + 278 + 333 + 556 * 3 + 333) / 556, 1e-12,
  "width of the widest rest, in digits")
t.is((core.html.rows({ { a = "**x**" } }, { { key = "a" } },
  function(s) return "[" .. s .. "]" end)),
  '<tr><th scope="row">[**x**]</th></tr>', "marks go to the caller's function")
t.is(core.num.count(1234567.4), "1,234,567", "a count")
t.is(core.num.count(-1e4), "−10,000", "with the printed minus")
t.is(core.num.count(1.7e308) .. core.num.count(-1e300), "1.7e+308−1e+300",
  "what is no count is short")
t.is((core.html.rows({ { n = 1e300 } }, { { key = "n" } }, tostring)),
  '<tr><th scope="row">1e+300</th></tr>', "in a table too")
local hint = require("lunation.base.suggest").hint
t.is(hint("tmes", { "ties", "times" }), 'did you mean "times"?',
  "of two as near, the one with every letter typed")
t.is(hint("TITEL", { "times", "title" }), 'did you mean "title"?', "letters exchanged, in any case")
t.is(hint("zzz", { "b", "a" }), "known: b, a", "nothing near: all are listed")
t.fails(function() text.rows({ 1 }, fields, "csv") end, "row 1 is no table",
  "a row that is no table")
t.fails(function() text.rows({}, { 1 }, "csv") end, "list of names", "a field that is no name")
t.done()
