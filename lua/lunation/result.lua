-- SPDX-License-Identifier: GPL-3.0-or-later
-- result: what the printed forms of results share.
local M = {}

--- A table for the terminal: columns = { { label, align }, ... }, rows = lists of cells. Ends with a newline.
function M.grid(columns, rows)
  local keyed, list = {}, {}
  for j, c in ipairs(columns) do keyed[j] = { key = "c" .. j, label = c.label, align = c.align } end
  for i, row in ipairs(rows) do
    list[i] = {}
    for j = 1, #columns do list[i]["c" .. j] = row[j] end
  end
  return require("lunation.report.text").table(keyed, list) .. "\n"
end

return M
