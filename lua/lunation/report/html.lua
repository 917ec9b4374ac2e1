-- SPDX-License-Identifier: GPL-3.0-or-later
-- html: a document as one file that needs nothing else: no network, no script, no fonts.
local core = require("lunation.core")
local document = require("lunation.report.document")
local format = require("lunation.format")
local inline = require("lunation.report.inline")
local style = require("lunation.report.style")
local svg = require("lunation.figure.svg")
local csv = require("lunation.report.csv")

local html = {}

local escape, markup, cell = inline.escape, inline.html, document.cell
local MOST_ROWS = 100 -- of the numbers behind a figure; the CSV has all

local CLASS = { right = ' class="r"', decimal = ' class="d"', center = ' class="c"' }

local function head_cell(label, class, span)
  if label == "" then return "<td" .. class .. span .. "></td>" end
  -- "(n = 60)" in one line
  local text = markup(label):gsub("%([^()]*%)", '<span class="w">%0</span>')
  return '<th scope="col' .. (span ~= "" and "group" or "") .. '"' .. class .. span .. ">"
    .. text .. "</th>"
end

local function table_head(out, t)
  out[#out + 1] = "<thead>"
  if #t.groups > 0 then
    out[#out + 1] = "<tr>"
    local at = 1
    for _, group in ipairs(t.groups) do
      if group.first > at then out[#out + 1] = '<td colspan="' .. group.first - at .. '"></td>' end
      out[#out + 1] = head_cell(group.label, ' class="g"',
        ' colspan="' .. group.last - group.first + 1 .. '"')
      at = group.last + 1
    end
    if at <= #t.columns then out[#out + 1] = '<td colspan="' .. #t.columns - at + 1 .. '"></td>' end
    out[#out + 1] = "</tr>"
  end
  out[#out + 1] = "<tr>"
  for _, column in ipairs(t.columns) do
    out[#out + 1] = head_cell(column.label or column.key, CLASS[column.align] or "", "")
  end
  out[#out + 1] = "</tr></thead>"
end

-- The boxes of decimal columns are as wide as their widest content, so that the points stand below
-- each other. In ch, which is the width of a digit.
local function decimal_style(id, widths)
  local out = {}
  for j, width in ipairs(widths) do
    if width then
      out[#out + 1] = ("#%s td:nth-child(%d) i{min-width:%.2fch}"):format(id:gsub("%.", "\\."), j,
        width * 1.03)
    end
  end
  return #out > 0 and "<style>" .. table.concat(out) .. "</style>" or ""
end

-- The <table> of a table block; t.id names it for its decimal widths.
local function table_element(out, t)
  local rows, widths = core.html.rows(t.rows, t.columns, markup, format.nudge())
  out[#out + 1] = decimal_style(t.id, widths) .. "<table>"
  table_head(out, t)
  out[#out + 1] = "<tbody>"
  out[#out + 1] = rows
  out[#out + 1] = "</tbody></table>"
end

local function scroll_box(out, label, style_attribute)
  out[#out + 1] = '<div class="x" tabindex="0" role="region" aria-label="'
    .. escape(inline.plain(label)) .. '"'
    .. (style_attribute or "") .. ">"
end

local function notes(out, list)
  for _, note in ipairs(list) do out[#out + 1] = '<p class="n">' .. markup(note) .. "</p>" end
end

local function data_link(kind, text, name, label)
  return '<a download="' .. escape(name) .. '" href="data:' .. kind .. ";charset=utf-8,"
    .. core.text.uri(text) .. '">' .. label .. "</a>"
end

local function figure_numbers(out, doc, b)
  local data, w = b.figure:data(), doc.words
  if not data then return end
  local shown = #data.rows <= MOST_ROWS and data.rows or table.move(data.rows, 1, MOST_ROWS, 1, {})
  out[#out + 1] = '<details class="data"><summary>' .. w.data_behind .. "</summary>"
  local id = b.id .. "-data"
  scroll_box(out, w.data_behind .. " " .. b.number, ' id="' .. id .. '"')
  table_element(out, { id = id, columns = data.columns, rows = shown, groups = {} })
  out[#out + 1] = "</div>"
  if #shown < #data.rows then
    out[#out + 1] = '<p class="n">' .. w.rows_shown:format(#shown, #data.rows) .. "</p>"
  end
  out[#out + 1] = "</details>"
end

local function downloads(out, doc, b)
  local data, w = b.figure:data(), doc.words
  out[#out + 1] = '<p class="get">' .. data_link("image/svg+xml", b.figure.svg, b.id .. ".svg",
    w.download_svg)
  if data then
    out[#out + 1] = data_link("text/csv", csv.table(data), b.id .. ".csv", w.download_csv)
  end
  out[#out + 1] = "</p>"
end

local writers = {}

local function write_blocks(doc, blocks, out)
  for _, block in ipairs(blocks) do writers[block.kind](block, out, doc) end
end

function writers.section(b, out)
  out[#out + 1] = ('<h%d id="%s">%s</h%d>'):format(b.level, b.id, markup(b.title), b.level)
end
function writers.paragraph(b, out) out[#out + 1] = "<p>" .. markup(b.text) .. "</p>" end
function writers.code(b, out)
  out[#out + 1] = '<pre tabindex="0">' .. escape((b.text:gsub("\n$", ""))) .. "</pre>"
end
function writers.list(b, out)
  out[#out + 1] = "<ul>"
  for _, item in ipairs(b.items) do out[#out + 1] = "<li>" .. markup(item) .. "</li>" end
  out[#out + 1] = "</ul>"
end
function writers.facts(b, out)
  local open, close = "<dt>", "</dd>"
  if b.style == "cards" then open, close = "<div><dt>", "</dd></div>" end
  out[#out + 1] = '<dl class="' .. b.style .. '">'
  for _, pair in ipairs(b.pairs) do
    out[#out + 1] = open .. markup(pair[1]) .. "</dt><dd>" .. markup(cell(pair[2])) .. close
  end
  out[#out + 1] = "</dl>"
end
function writers.note(b, out, doc)
  out[#out + 1] = '<p class="note ' .. b.note .. '"><b>' .. doc.words[b.note] .. ".</b>"
    .. markup(b.text) .. "</p>"
end
function writers.table(b, out, doc)
  out[#out + 1] = '<figure class="t" id="' .. b.id .. '"><figcaption><b>' .. doc.words.table_ .. " "
    .. b.number
    .. ".</b>" .. markup(b.caption) .. "</figcaption>"
  scroll_box(out, doc.words.table_ .. " " .. b.number)
  table_element(out, b)
  out[#out + 1] = "</div>"
  notes(out, b.notes)
  out[#out + 1] = "</figure>"
end
function writers.figure(b, out, doc)
  out[#out + 1] = '<figure id="' .. b.id .. '"><figcaption><b>' .. doc.words.figure .. " "
    .. b.number .. ".</b>"
    .. markup(b.caption) .. "</figcaption>"
  scroll_box(out, doc.words.figure .. " " .. b.number, ' style="--w:' .. b.figure.width .. 'px"')
  out[#out + 1] = b.figure:inline(b.id .. "-svg") .. "</div>"
  notes(out, b.notes)
  downloads(out, doc, b)
  figure_numbers(out, doc, b)
  out[#out + 1] = "</figure>"
end
function writers.details(b, out, doc)
  out[#out + 1] = '<details class="how"><summary>' .. markup(b.title) .. "</summary>"
  write_blocks(doc, b.blocks, out)
  out[#out + 1] = "</details>"
end

local function contents(out, doc)
  local any = false
  for _, block in ipairs(doc.blocks) do
    if block.kind == "section" then
      if not any then
        out[#out + 1] = '<nav aria-label="' .. doc.words.contents .. '"><details open><summary>'
          .. doc.words.contents
          .. "</summary><ol>"
        any = true
      end
      out[#out + 1] = ('<li class="l%d"><a href="#%s">%s</a></li>'):format(block.level, block.id,
        markup(block.title))
    end
  end
  if any then out[#out + 1] = "</ol></details></nav>" end
end

local CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \z
  form-action 'none'"

local function page_head(out, doc)
  out[#out + 1] = '<!DOCTYPE html>\n<html lang="' .. doc.lang .. '"><head><meta charset="utf-8">'
    .. '<meta name="viewport" content="width=device-width,initial-scale=1">'
    .. '<meta http-equiv="Content-Security-Policy" content="' .. CSP .. '"><title>'
    .. escape(inline.plain(doc.title))
    .. "</title><style>" .. style.REPORT .. svg.STYLE
  local running = doc.simulated or doc.banner
  if running then out[#out + 1] = style.running_head(inline.plain(running)) end
  out[#out + 1] = "</style></head><body>"
end

--- The document as the text of one HTML file.
function html.write(doc)
  local out = {}
  page_head(out, doc)
  if doc.simulated or doc.banner then
    out[#out + 1] = '<aside class="sim" aria-label="' .. doc.words.note .. '">'
      .. markup(doc.simulated or "")
      .. (doc.simulated and doc.banner and "<br>" or "") .. markup(doc.banner or "") .. "</aside>"
  end
  out[#out + 1] = "<header><h1>" .. markup(doc.title) .. "</h1>"
  if doc.subtitle then out[#out + 1] = '<p class="sub">' .. markup(doc.subtitle) .. "</p>" end
  out[#out + 1] = "</header>"
  contents(out, doc)
  out[#out + 1] = "<main>"
  write_blocks(doc, doc.blocks, out)
  out[#out + 1] = "</main>"
  if doc.footer then out[#out + 1] = "<footer><p>" .. markup(doc.footer) .. "</p></footer>" end
  out[#out + 1] = "</body></html>\n"
  return table.concat(out)
end

return html
