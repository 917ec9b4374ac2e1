-- SPDX-License-Identifier: GPL-3.0-or-later
-- csv: tables for a spreadsheet (RFC 4180, line ends LF). Numbers in full, in ASCII; text without
-- marks; a missing value is an empty cell.
local core = require("lunation.core")
local inline = require("lunation.report.inline")

local csv = {}

--- A table { columns, rows } (a block of a document, the data of a figure) as text; the heads are
--- the columns' labels.
function csv.table(t)
  local keys, heads = {}, {}
  for j, column in ipairs(t.columns) do
    keys[j] = column.key
    heads[j] = core.text.cell(inline.plain(column.label or column.key))
  end
  return table.concat(heads, ",") .. "\n" .. core.text.rows(t.rows, keys, "csv", inline.plain)
end

return csv
