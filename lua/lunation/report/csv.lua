-- SPDX-License-Identifier: GPL-3.0-or-later
-- csv: tables for a spreadsheet (RFC 4180, line ends LF). Numbers in full, in ASCII; text without
-- marks; a missing value is an empty cell.
local core = require("lunation.core")
local inline = require("lunation.report.inline")

local csv = {}

--- A table { columns, rows, groups } (a block of a document, the data of a figure) as text; the
--- heads are the columns' labels, below a group with the group's before them.
function csv.table(t)
  local keys, heads = {}, {}
  for j, column in ipairs(t.columns) do
    keys[j], heads[j] = column.key, column.label or column.key
    for _, group in ipairs(t.groups or {}) do
      if j >= group.first and j <= group.last then heads[j] = group.label .. ": " .. heads[j] end
    end
    heads[j] = core.text.cell(inline.plain(heads[j]))
  end
  return table.concat(heads, ",") .. "\n" .. core.text.rows(t.rows, keys, "csv", inline.plain)
end

return csv
