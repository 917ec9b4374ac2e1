-- SPDX-License-Identifier: GPL-3.0-or-later
-- grid: several figures as one, in rows and columns, each under its own heading.
local svg = require("lunation.figure.svg")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local timeplot = require("lunation.figure.timeplot")

local FIELDS = options.fields("grid", { panels = "table!", columns = "number",
  letters = "boolean" })
local PANEL = { figure = "table!", heading = "string" }
local GAP, HEAD = 16, 24

-- The numbers of all panels with the panel's heading in front.
local function numbers(s)
  local panels = s.panels
  local columns, rows = { { key = "panel", label = "Panel" } }, {}
  local first = panels[1].figure:data()
  for _, column in ipairs(first and first.columns or {}) do columns[#columns + 1] = column end
  for i, panel in ipairs(panels) do
    local data = panel.figure:data()
    for _, row in ipairs(data and data.rows or {}) do
      local out = { panel = panel.heading or s.letters and string.char(64 + i) or tostring(i) }
      for _, column in ipairs(first.columns) do out[column.key] = row[column.key] end
      rows[#rows + 1] = out
    end
  end
  return { columns = columns, rows = rows }
end

-- The letter of panel i: A, B, ...
local function letter(s, i) return s.letters and string.char(64 + i) or nil end

-- The letter and the heading over a panel.
local function draw_head(c, s, i, x, y, width)
  local from = x + 8
  if s.letters then
    c:text(from, y + 17, letter(s, i), "b lg")
    from = from + 20
  end
  c:lines(from, y + 16, metrics.wrap(s.panels[i].heading or "", width - 16, 12, true), "b")
end

local function check(s)
  spec.check("grid", s, FIELDS)
  if #s.panels == 0 then spec.fail("grid", "there are no panels") end
  if s.letters and #s.panels > 26 then
    spec.fail("grid", "there are 26 letters for %d panels", #s.panels)
  end
  local widest = 0
  for i, panel in ipairs(s.panels) do
    spec.check("grid panel " .. i, panel, PANEL)
    widest = math.max(widest, panel.figure.width)
  end
  return widest
end

--- Several figures as one: grid { panels = { { heading = text, figure = figure } ... }, columns (as
--- many as fit 174 mm), letters (true: A, B ... over the panels), title, description; and the
--- options of docs/figures.md but width, font_size, palette and linetype, which are the panels' own
--- }.
return function(s)
  local widest, parts = check(s), {}
  local most = math.max(1, (svg.DOUBLE + GAP) // (widest + GAP))
  local columns = math.min(s.columns or most, #s.panels)
  local c = svg.canvas(columns * widest + (columns - 1) * GAP, { heading = s.heading,
    subtitle = s.subtitle,
    caption = s.caption })
  local top, deepest = 0, 0
  for i, panel in ipairs(s.panels) do
    local j = (i - 1) % columns
    if j == 0 then top, deepest = top + deepest, 0 end
    local x, head = j * (widest + GAP), (s.letters or panel.heading) and HEAD or 0
    draw_head(c, s, i, x, top, widest)
    c:place(x, top + head, panel.figure)
    deepest = math.max(deepest, head + panel.figure.height + GAP)
    local name = table.concat({ letter(s, i) or panel.heading, s.letters and panel.heading }, ", ")
    parts[i] = (name ~= "" and name .. ": " or "") .. panel.figure.description
  end
  local bottom = timeplot.foot(c, options.notes(s, {}), top + deepest - GAP)
  return c:finish(bottom, { id = s.id, title = s.title or s.panels[1].figure.title,
    description = s.description or table.concat(parts, " "), numbers = numbers(s) })
end
