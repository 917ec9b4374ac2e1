-- SPDX-License-Identifier: GPL-3.0-or-later
-- legend: what the marks mean. Entries: { label, draw(x, y) (the mark, 20 px wide, its middle at
-- y) }.
local metrics = require("lunation.figure.metrics")

local legend = {}

local MARGIN, KEY, ROW = 8, 26, 17

--- Entries in rows from x on; a row that is full goes on below. Returns the y below them.
function legend.rows(c, entries, y, x)
  local from = x or MARGIN
  x = from
  for _, entry in ipairs(entries) do
    local lines = metrics.wrap(entry.label, c.width - MARGIN - from - KEY, 11)
    local width = KEY + metrics.widest(lines, 11) + 18
    if x > from and x + width - 18 > c.width - MARGIN then x, y = from, y + ROW end
    entry.draw(x, y + 6)
    y = c:lines(x + KEY, y + 10, lines, "sm", 14) - 10
    x = x + width
  end
  return #entries > 0 and y + ROW + 5 or y
end

--- Entries under each other in the upper right corner of a box, or the lower one.
function legend.inside(c, entries, box, lower)
  local width = 0
  for _, entry in ipairs(entries) do width = math.max(width, metrics.width(entry.label, 11)) end
  local x = box.right - 8 - width - KEY
  local y = lower and box.bottom - 10 - #entries * ROW or box.top + 6
  c:rect(x - 6, y - 4, width + KEY + 10, #entries * ROW + 6, "hollow")
  for i, entry in ipairs(entries) do
    entry.draw(x, y + (i - 1) * ROW + 6)
    c:text(x + KEY, y + (i - 1) * ROW + 10, entry.label, "sm")
  end
end

return legend
