-- SPDX-License-Identifier: GPL-3.0-or-later
-- csv: tables for a spreadsheet (RFC 4180, line ends LF). Numbers in full, in ASCII; text without
-- marks; a missing value is an empty cell.
local format = require("lunation.format")
local inline = require("lunation.report.inline")

local csv = {}

local function field(value)
  if value == nil or value ~= value then return "" end
  if type(value) == "number" then return format.shortest(value) end
  local s = inline.plain(tostring(value))
  if s:find('[,"\r\n]') then return '"' .. s:gsub('"', '""') .. '"' end
  return s
end

--- A table { columns, rows } (a block of a document, the data of a figure) as text; the heads are
--- the columns' labels.
function csv.table(t)
  local columns, rows = t.columns, t.rows
  local out, line = {}, {}
  for j, column in ipairs(columns) do
    line[j] = field(column.label or column.key)
  end
  out[1] = table.concat(line, ",")
  for i, row in ipairs(rows) do
    for j, column in ipairs(columns) do line[j] = field(row[column.key]) end
    out[i + 1] = table.concat(line, ",")
  end
  return table.concat(out, "\n") .. "\n"
end

return csv
