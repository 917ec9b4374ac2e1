-- SPDX-License-Identifier: GPL-3.0-or-later
-- result: what the printed forms of results share.
local M = {}

--- A table for the terminal: columns = { { label, align }, ... }, rows = lists of cells. Ends with
--- a newline.
function M.grid(columns, rows)
  local keyed, list = {}, {}
  for j, c in ipairs(columns) do keyed[j] = { key = "c" .. j, label = c.label, align = c.align } end
  for i, row in ipairs(rows) do
    list[i] = {}
    for j = 1, #columns do list[i]["c" .. j] = row[j] end
  end
  return require("lunation.report.text").table(keyed, list) .. "\n"
end

--- A table of lunation.report.tables as text: caption, table, notes, a line each.
function M.text(t)
  local out = {}
  if t.caption then out[1] = t.caption end
  out[#out + 1] = require("lunation.report.text").table(t.columns, t.rows, t.groups)
  for _, note in ipairs(t.notes or {}) do out[#out + 1] = note end
  return table.concat(out, "\n")
end

--- A class (lunation.base.class) of results that know their table(): { columns, rows, notes,
--- caption }, as the report takes it, and print as that table.
function M.class(name, optional)
  local made = require("lunation.base.class")(name, optional)
  function made.meta.__tostring(self) return M.text(self:table()) end
  return made
end

return M
