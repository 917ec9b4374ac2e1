-- SPDX-License-Identifier: GPL-3.0-or-later
-- grid: several figures as one, in rows and columns, each under its own heading.
local svg = require("lunation.figure.svg")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")

local FIELDS = { panels = "table!", columns = "number", title = "string", description = "string",
  id = "string" }
local GAP, HEAD = 16, 24

-- The numbers of all panels with the panel's heading in front.
local function numbers(panels)
  local columns, rows = { { key = "panel", label = "Panel" } }, {}
  local first = panels[1].figure:data()
  for _, column in ipairs(first and first.columns or {}) do columns[#columns + 1] = column end
  for _, panel in ipairs(panels) do
    local data = panel.figure:data()
    for _, row in ipairs(data and data.rows or {}) do
      local out = { panel = panel.heading }
      for _, column in ipairs(first.columns) do out[column.key] = row[column.key] end
      rows[#rows + 1] = out
    end
  end
  return { columns = columns, rows = rows }
end

--- Several figures as one: grid { panels = { { heading = text, figure = figure } ... }, columns (as
--- many as fit 174 mm), title, description }.
return function(s)
  spec.check("grid", s, FIELDS)
  if #s.panels == 0 then spec.fail("grid", "there are no panels") end
  local widest, parts = 0, {}
  for _, panel in ipairs(s.panels) do widest = math.max(widest, panel.figure.width) end
  local most = math.max(1, (svg.DOUBLE + GAP) // (widest + GAP))
  local columns = math.min(s.columns or most, #s.panels)
  local c = svg.canvas(columns * widest + (columns - 1) * GAP)
  local top, deepest = 0, 0
  for i, panel in ipairs(s.panels) do
    local j = (i - 1) % columns
    if j == 0 then top, deepest = top + deepest, 0 end
    local x = j * (widest + GAP)
    c:lines(x + 8, top + 16, metrics.wrap(panel.heading or "", widest - 16, 12, true), "b")
    c:place(x, top + HEAD, panel.figure.body)
    deepest = math.max(deepest, HEAD + panel.figure.height + GAP)
    parts[i] = (panel.heading and panel.heading .. ": " or "") .. panel.figure.description
  end
  return c:finish(top + deepest - GAP, { id = s.id, title = s.title or s.panels[1].figure.title,
    description = s.description or table.concat(parts, " "), numbers = numbers(s.panels) })
end
