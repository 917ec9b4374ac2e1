-- SPDX-License-Identifier: GPL-3.0-or-later
-- word: a table of a document as a table of Word (WordprocessingML), for a raw block in pandoc's
-- Markdown: as wide as the page, heads that repeat on each page and span their groups, columns as
-- wide as what they hold, numbers below each other.
local document = require "lunation.report.document"
local inline = require "lunation.report.inline"
local metrics = require "lunation.figure.metrics"
local text = require "lunation.report.text"

local M = {}

local escape, cell = inline.escape, document.cell

local FIGURE_SPACE = "\u{2007}" -- as wide as a digit
local CHARACTERS = 88           -- on a line of the page at 9 points
local LONG = 26                 -- numbers that are longer may be broken
local FIFTIETHS = 5000          -- of a per cent: the width of the page
local MARKS = { strong = "<w:b/>", emphasis = "<w:i/>" }

-- --- cells ---------------------------------------------------------------------------------------

local function runs(s, properties, size)
  local out = {}
  inline.pieces(s, function(kind, piece)
    out[#out + 1] = "<w:r><w:rPr>" .. properties .. (MARKS[kind] or "")
      .. '<w:sz w:val="' .. (size or 18) .. '"/></w:rPr><w:t xml:space="preserve">'
      .. escape(piece) .. "</w:t></w:r>"
  end)
  return table.concat(out)
end

local JUSTIFY = { right = "right", center = "center" }

-- how: align, indent, strong, muted, span, low, width (in fiftieths of a per cent), top, bottom (widths
-- of rules in eighths of a point).
local function one_cell(s, how)
  local borders = ""
  for _, side in ipairs { "top", "bottom" } do
    if how[side] then
      borders = borders .. ('<w:%s w:val="single" w:sz="%d"/>'):format(side, how[side])
    end
  end
  local style = (how.strong and "<w:b/>" or "")
    .. (how.muted and '<w:color w:val="595959"/>' or "")
  return '<w:tc><w:tcPr><w:tcW w:type="pct" w:w="' .. how.width .. '"/>'
    .. (how.span and '<w:gridSpan w:val="' .. how.span .. '"/>' or "")
    .. (borders ~= "" and "<w:tcBorders>" .. borders .. "</w:tcBorders>" or "")
    .. (how.low and '<w:vAlign w:val="bottom"/>' or "")
    .. '</w:tcPr><w:p><w:pPr><w:spacing w:before="30" w:after="30"/>'
    .. (how.indent and '<w:ind w:left="' .. 200 * how.indent .. '"/>' or "")
    .. (JUSTIFY[how.align] and '<w:jc w:val="' .. JUSTIFY[how.align] .. '"/>' or "")
    .. "</w:pPr>" .. runs(s, style) .. "</w:p></w:tc>"
end

-- --- columns -------------------------------------------------------------------------------------

-- The texts of a column; in a decimal one the numbers are padded to stand below each other.
local function column_texts(t, column)
  local cells, before = {}, 0
  for i, row in ipairs(t.rows) do
    cells[i] = row.heading and "" or cell(row[column.key], column)
    if column.align == "decimal" then
      before = math.max(before, metrics.columns((text.split_decimal(inline.plain(cells[i])))))
    end
  end
  for i, s in ipairs(column.align == "decimal" and cells or {}) do
    local head = text.split_decimal(inline.plain(s))
    if head ~= "" then cells[i] = FIGURE_SPACE:rep(before - metrics.columns(head)) .. s end
  end
  return cells
end

local function longest_word(s)
  local longest = 0
  for word in s:gmatch "%S+" do longest = math.max(longest, metrics.columns(word)) end
  return longest
end

local function measure(t, j, cells)
  local label = inline.plain(t.columns[j].label or t.columns[j].key)
  local widest, word = 4, longest_word(label)
  for i, s in ipairs(cells[j]) do
    local plain, indent = inline.plain(s), j == 1 and 2 * (t.rows[i].indent or 0) or 0
    widest = math.max(widest, metrics.columns(plain) + indent)
    word = math.max(word, longest_word(plain) + indent)
  end
  return widest, word
end

-- Columns of numbers are as wide as their numbers, the others share what is left by what they hold,
-- and are no narrower than their longest word.
local function widths_of(t, cells)
  local wanted, least, fixed, texts = {}, {}, 0, 0
  for j, column in ipairs(t.columns) do
    local widest, word = measure(t, j, cells)
    if (column.align or "left") == "left" or widest > LONG then
      least[j], wanted[j] = word + 2, math.max(word, math.min(widest, 60)) + 2
      texts = texts + wanted[j]
    else
      wanted[j] = math.max(widest, word) + 2
      fixed = fixed + wanted[j]
    end
  end
  local share, sum = texts > 0 and math.max(CHARACTERS - fixed, 8) / texts or 1, 0
  for j in ipairs(wanted) do
    if least[j] and share < 1 then wanted[j] = math.max(least[j], wanted[j] * share) end
    sum = sum + wanted[j]
  end
  local all = math.max(sum, math.min(CHARACTERS, 1.3 * sum))
  for j, w in ipairs(wanted) do wanted[j] = math.floor(FIFTIETHS * w / all) end
  return wanted
end

-- --- rows ----------------------------------------------------------------------------------------

local function open_row(head)
  return "<w:tr><w:trPr><w:cantSplit/>" .. (head and "<w:tblHeader/>" or "") .. "</w:trPr>"
end

local function total(widths, from, to)
  local sum = 0
  for j = from, to do sum = sum + widths[j] end
  return sum
end

local function group_row(t, widths)
  if #t.groups == 0 then return "" end
  local out, at = { open_row(true) }, 1
  local function add(label, first, last, ruled)
    out[#out + 1] = one_cell(label, { span = last - first + 1, width = total(widths, first, last),
      align = "center", strong = true, top = 8, bottom = ruled and 4 or nil })
  end
  for _, group in ipairs(t.groups) do
    if group.first > at then add("", at, group.first - 1) end
    add(group.label, group.first, group.last, true)
    at = group.last + 1
  end
  if at <= #t.columns then add("", at, #t.columns) end
  return table.concat(out) .. "</w:tr>"
end

local function head_row(t, widths)
  local out = { open_row(true) }
  for j, column in ipairs(t.columns) do
    out[#out + 1] = one_cell(column.label or column.key, { width = widths[j], align = column.align,
      strong = true, low = true, top = #t.groups == 0 and 8 or nil, bottom = 4 })
  end
  return table.concat(out) .. "</w:tr>"
end

local function body_row(t, widths, cells, i)
  local row, last = t.rows[i], i == #t.rows and 8 or nil
  local out = { open_row() }
  if row.heading then
    out[2] = one_cell(cell(row[t.columns[1].key]), { width = total(widths, 1, #widths),
      span = #widths, strong = true, bottom = last })
    return table.concat(out) .. "</w:tr>"
  end
  for j, column in ipairs(t.columns) do
    out[#out + 1] = one_cell(cells[j][i], { width = widths[j], align = column.align,
      strong = row.strong, muted = row.muted, indent = j == 1 and row.indent or nil,
      bottom = last })
  end
  return table.concat(out) .. "</w:tr>"
end

--- The paragraph above a table, on the page where the table begins.
function M.caption(number, caption)
  return '<w:p><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/></w:pPr>'
    .. runs("**" .. number .. "** " .. caption, "", 20) .. "</w:p>"
end

--- The table as XML.
function M.table(t)
  local cells, grid = {}, {}
  for j, column in ipairs(t.columns) do cells[j] = column_texts(t, column) end
  local widths = widths_of(t, cells)
  for j, w in ipairs(widths) do
    grid[j] = ('<w:gridCol w:w="%d"/>'):format(w * 9360 // FIFTIETHS)
  end
  local out = { '<w:tbl><w:tblPr><w:tblW w:type="pct" w:w="' .. total(widths, 1, #widths)
    .. '"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
    .. '<w:right w:w="120" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>' .. table.concat(grid)
    .. "</w:tblGrid>", group_row(t, widths), head_row(t, widths) }
  for i in ipairs(t.rows) do out[#out + 1] = body_row(t, widths, cells, i) end
  return table.concat(out) .. "</w:tbl>"
end

return M
