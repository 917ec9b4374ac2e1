-- SPDX-License-Identifier: GPL-3.0-or-later
-- markdown: a document as Markdown with pipe tables, which pandoc turns into Word.
local inline = require("lunation.report.inline")
local cell = require("lunation.report.document").cell

local markdown = {}

local RULE = { left = ":---", right = "---:", center = ":---:", decimal = "---:" }

local function escape_cell(value, column)
  return (inline.markdown(cell(value, column)):gsub("|", "\\|"))
end

-- The name of each column with the group above it, since pipe tables have one line of heads.
local function heads(t)
  local out = {}
  for j, column in ipairs(t.columns) do
    local label = escape_cell(column.label or column.key)
    for _, group in ipairs(t.groups or {}) do
      if j >= group.first and j <= group.last then
        label = escape_cell(group.label) .. ": " .. label
      end
    end
    out[j] = label
  end
  return out
end

local function row_cells(t, row)
  local cells = {}
  for j, column in ipairs(t.columns) do
    local value = escape_cell(row[column.key], column)
    if value ~= "" and (row.strong or row.heading) then value = "**" .. value .. "**" end
    cells[j] = value
  end
  if row.indent then cells[1] = ("&nbsp;"):rep(2 * row.indent) .. cells[1] end
  return cells
end

--- A table as Markdown lines.
function markdown.table(t)
  local out, rule = { "| " .. table.concat(heads(t), " | ") .. " |" }, {}
  for j, column in ipairs(t.columns) do rule[j] = RULE[column.align or "left"] end
  out[2] = "|" .. table.concat(rule, "|") .. "|"
  for i, row in ipairs(t.rows) do
    out[i + 2] = "| " .. table.concat(row_cells(t, row), " | ") .. " |"
  end
  return table.concat(out, "\n")
end

local writers = {}

local function write_blocks(doc, blocks, out, options)
  for _, block in ipairs(blocks) do writers[block.kind](block, out, doc, options) end
end

local function caption(doc, word, b)
  return ("**%s %d.** %s"):format(doc.words[word], b.number, inline.markdown(b.caption))
end

function writers.section(b, out)
  out[#out + 1] = ("#"):rep(b.level) .. " " .. b.title .. " {#" .. b.id .. "}"
end
function writers.paragraph(b, out) out[#out + 1] = b.text end
function writers.code(b, out) out[#out + 1] = "```\n" .. b.text:gsub("\n$", "") .. "\n```" end
function writers.list(b, out)
  local lines = {}
  for i, item in ipairs(b.items) do lines[i] = "- " .. inline.markdown(item) end
  out[#out + 1] = table.concat(lines, "\n")
end
function writers.facts(b, out)
  local lines = {}
  for i, pair in ipairs(b.pairs) do
    lines[i] = ("- **%s:** %s"):format(pair[1], inline.markdown(cell(pair[2])))
  end
  out[#out + 1] = table.concat(lines, "\n")
end
function writers.note(b, out, doc)
  out[#out + 1] = "> **" .. doc.words[b.note] .. ".** " .. inline.markdown(b.text)
end
function writers.table(b, out, doc, options)
  if options.word then
    local word = require "lunation.report.word"
    local number = ("%s %d."):format(doc.words.table_, b.number)
    out[#out + 1] = "```{=openxml}\n" .. word.caption(number, b.caption) .. word.table(b) .. "\n```"
  else
    out[#out + 1] = caption(doc, "table_", b)
    out[#out + 1] = markdown.table(b)
  end
  if #b.notes > 0 then out[#out + 1] = table.concat(b.notes, " ") end
end
function writers.figure(b, out, doc, options)
  local path = (options.figures or "figures") .. "/" .. b.id .. (options.figure_type or ".svg")
  out[#out + 1] = "![" .. inline.plain(b.figure.title):gsub("[%[%]]", "") .. "](" .. path .. ")"
  out[#out + 1] = caption(doc, "figure", b)
  if #b.notes > 0 then out[#out + 1] = table.concat(b.notes, " ") end
end
function writers.details(b, out, doc, options)
  if options.word then return end
  out[#out + 1] = "**" .. b.title .. "**"
  write_blocks(doc, b.blocks, out, options)
end

--- The document as Markdown. options: figures (folder of the figure files, "figures"), figure_type
--- (".svg"), word (for pandoc's Word writer: tables of Word, without what opens on demand).
function markdown.write(doc, options)
  local out = { "# " .. doc.title }
  if doc.subtitle then out[#out + 1] = doc.subtitle end
  if doc.simulated then out[#out + 1] = "> **" .. doc.simulated .. "**" end
  if options and options.word then out[#out + 1] = doc.words.how_elsewhere end
  write_blocks(doc, doc.blocks, out, options or {})
  if doc.footer then out[#out + 1] = doc.footer end
  return table.concat(out, "\n\n") .. "\n"
end

return markdown
