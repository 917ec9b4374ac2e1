-- SPDX-License-Identifier: GPL-3.0-or-later
-- text: tables and documents for a terminal.
local metrics = require("lunation.figure.metrics")
local inline = require("lunation.report.inline")
local document = require("lunation.report.document")

local cell, text = document.cell, {}

local function pad(s, width, align)
  local room = width - metrics.columns(s)
  if room <= 0 then return s end
  if align == "right" then return (" "):rep(room) .. s end
  if align == "center" then return (" "):rep(room // 2) .. s .. (" "):rep(room - room // 2) end
  return s .. (" "):rep(room)
end

--- Where the decimals of a cell begin: the part up to the first digit group, and the rest.
text.split_decimal = require("lunation.core").text.split_decimal

-- Pads the cells of a decimal column so that the points stand below each other.
local function align_decimals(cells)
  local before = 0
  for _, s in ipairs(cells) do
    before = math.max(before, metrics.columns((text.split_decimal(s))))
  end
  for i, s in ipairs(cells) do
    local head = text.split_decimal(s)
    if head ~= "" then cells[i] = (" "):rep(before - metrics.columns(head)) .. s end
  end
end

local function column_cells(column, rows)
  local cells = {}
  for i, row in ipairs(rows) do
    cells[i] = row.heading and "" or inline.plain(cell(row[column.key], column))
  end
  if column.align == "decimal" then align_decimals(cells) end
  return cells
end

-- The heads of the groups above the columns that they span.
local function group_line(groups, widths)
  local parts, at = {}, 1
  for _, group in ipairs(groups) do
    while at < group.first do parts[#parts + 1] = (" "):rep(widths[at]) at = at + 1 end
    local width = -2
    for j = group.first, group.last do width = width + widths[j] + 2 end
    parts[#parts + 1] = pad(group.label, width, "center")
    at = group.last + 1
  end
  return (table.concat(parts, "  "):gsub(" +$", ""))
end

-- What a terminal has for a table, in its columns; nil where there is no terminal.
local limit
local GAP, CUT = "  ", "…"

--- fn(...) while tables are cut to the width of a terminal: the columns that do not fit are left
--- out from the right and named below the table. nil: whole tables.
function text.within(width, fn, ...)
  local before = limit
  limit = width
  local result = table.pack(pcall(fn, ...))
  limit = before
  if not result[1] then error(result[2], 0) end
  return table.unpack(result, 2, result.n)
end

local function shortened(s, width)
  if metrics.columns(s) <= width then return s end
  local out, at = {}, 0
  for _, code in utf8.codes(s, true) do
    at = at + metrics.columns(utf8.char(code))
    if at >= width then break end
    out[#out + 1] = utf8.char(code)
  end
  return table.concat(out) .. CUT
end

-- How many columns fit beside the sign that some do not; the first one always, if need be
-- shortened.
local function fitting(widths)
  local total = -#GAP
  for _, width in ipairs(widths) do total = total + #GAP + width end
  if not limit or total <= limit then return #widths end
  local n, used = 1, widths[1] + #GAP + 1
  while used + #GAP + widths[n + 1] <= limit do
    n = n + 1
    used = used + #GAP + widths[n]
  end
  return n
end

local function groups_within(n, groups)
  local out = {}
  for _, g in ipairs(groups) do
    if g.first <= n then
      out[#out + 1] = { label = g.label, first = g.first, last = math.min(g.last, n) }
    end
  end
  return out
end

-- Takes the columns after the first n away; returns the sentence that says so.
local function leave_out(n, labels, widths, cells)
  local left_out = {}
  for j = n + 1, #cells do
    if labels[j] ~= "" then left_out[#left_out + 1] = labels[j] end
    widths[j], labels[j] = nil, nil
  end
  widths[1] = math.min(widths[1], math.max(limit - #GAP - 1, 1))
  labels[1] = shortened(labels[1], widths[1])
  for i, s in ipairs(cells[1]) do cells[1][i] = shortened(s, widths[1]) end
  return ("%s not shown for want of width: %s"):format(CUT, table.concat(left_out, ", "))
end

--- A table as lines: text.table(columns, rows, groups). Columns as in document:table.
function text.table(columns, rows, groups)
  local cells, widths, aligns, labels = {}, {}, {}, {}
  for j, column in ipairs(columns) do
    cells[j] = column_cells(column, rows)
    if j == 1 then
      for i, row in ipairs(rows) do cells[1][i] = ("  "):rep(row.indent or 0) .. cells[1][i] end
    end
    labels[j] = inline.plain(column.label or column.key)
    widths[j] = metrics.columns(labels[j])
    for i = 1, #rows do widths[j] = math.max(widths[j], metrics.columns(cells[j][i])) end
    aligns[j] = column.align == "decimal" and "left" or column.align or "left"
  end
  groups = document.span_groups { columns = columns, groups = groups }
  local out, shown = {}, fitting(widths)
  local left_out
  if shown < #columns then
    left_out = leave_out(shown, labels, widths, cells)
    groups = groups_within(shown, groups)
  end
  local function line(get, mark)
    local parts = {}
    for j = 1, shown do parts[j] = pad(get(j), widths[j], aligns[j]) end
    if left_out and mark then parts[shown + 1] = CUT end
    out[#out + 1] = table.concat(parts, GAP):gsub(" +$", "")
  end
  if #groups > 0 then out[1] = group_line(groups, widths) end
  line(function(j) return labels[j] end, true)
  local rule = {}
  for j, width in ipairs(widths) do rule[j] = ("─"):rep(width) end
  out[#out + 1] = table.concat(rule, GAP)
  for i, row in ipairs(rows) do
    if row.heading then
      out[#out + 1] = inline.plain(cell(row[columns[1].key]))
    else
      line(function(j) return cells[j][i] end)
    end
  end
  out[#out + 1] = left_out
  return table.concat(out, "\n")
end

local writers = {}

local function write_blocks(doc, blocks, out)
  for _, block in ipairs(blocks) do
    writers[block.kind](block, out, doc)
  end
end

function writers.section(b, out)
  out[#out + 1] = b.title .. "\n" .. (b.level == 2 and "═" or "─"):rep(metrics.columns(b.title))
end
function writers.paragraph(b, out) out[#out + 1] = inline.plain(b.text) end
function writers.code(b, out) out[#out + 1] = "    " .. b.text:gsub("\n", "\n    ") end
function writers.list(b, out)
  local lines = {}
  for i, item in ipairs(b.items) do lines[i] = "- " .. inline.plain(item) end
  out[#out + 1] = table.concat(lines, "\n")
end
function writers.facts(b, out)
  local columns, rows = { { key = "label", label = "" }, { key = "value", label = "" } }, {}
  for i, pair in ipairs(b.pairs) do rows[i] = { label = pair[1], value = pair[2] } end
  out[#out + 1] = text.table(columns, rows):gsub("^[^\n]*\n[^\n]*\n", "")
end
function writers.note(b, out, doc)
  out[#out + 1] = doc.words[b.note] .. ": " .. inline.plain(b.text)
end
function writers.table(b, out, doc)
  local parts = { doc.words.table_ .. " " .. b.number .. ". " .. inline.plain(b.caption), "",
    text.table(b.columns, b.rows, b.groups) }
  for _, note in ipairs(b.notes) do parts[#parts + 1] = inline.plain(note) end
  out[#out + 1] = table.concat(parts, "\n")
end
function writers.figure(b, out, doc)
  out[#out + 1] = doc.words.figure .. " " .. b.number .. ". " .. inline.plain(b.caption) .. "\n"
    .. b.figure.description
end
function writers.details(b, out, doc)
  out[#out + 1] = b.title
  write_blocks(doc, b.blocks, out)
end

--- The document as plain text.
function text.write(doc)
  local out = { doc.title }
  if doc.simulated then out[#out + 1] = doc.simulated end
  write_blocks(doc, doc.blocks, out)
  return table.concat(out, "\n\n") .. "\n"
end

return text
