-- SPDX-License-Identifier: GPL-3.0-or-later
-- sankey: where patients go from one stage to the next: sequences of treatment, or the response by
-- two criteria. Ribbons have the colour of their origin and carry their counts.
local svg = require("lunation.figure.svg")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")

local FIELDS = options.fields("sankey", { stages = "table!", flows = "table!" })
local FLOW = { stage = "number", from = "string!", to = "string!", n = "number!" }
local MARGIN, BAR, HEIGHT, GAP = 8, 14, 340, 18

-- Nodes of each stage: the patients in and out, which must agree where both are known.
local function nodes_of(s)
  local stages = {}
  for k, stage in ipairs(s.stages) do
    stages[k] = { title = stage.title, order = {}, by_name = {} }
    for _, name in ipairs(stage.nodes) do
      local node = { name = name, into = 0, out = 0, index = #stages[k].order + 1 }
      stages[k].order[node.index], stages[k].by_name[name] = node, node
    end
  end
  for i, flow in ipairs(s.flows) do
    spec.check("sankey flow " .. i, flow, FLOW)
    local k = flow.stage or 1
    local a, b = stages[k] and stages[k].by_name[flow.from],
      stages[k + 1] and stages[k + 1].by_name[flow.to]
    if not a or not b then
      spec.fail("sankey", "flow %d: no way from '%s' to '%s' after stage %d", i, flow.from, flow.to,
        k)
    end
    a.out, b.into = a.out + flow.n, b.into + flow.n
  end
  for k, stage in ipairs(stages) do
    stage.total = 0
    for _, node in ipairs(stage.order) do
      if k > 1 and k < #stages and node.out > node.into then
        spec.fail("sankey", "'%s': %d patients come, %d leave", node.name, node.into, node.out)
      end
      node.n = math.max(node.into, node.out)
      stage.total = stage.total + node.n
    end
  end
  return stages
end

local function place(stages, top)
  local most, tallest = 0, 0
  for _, stage in ipairs(stages) do
    most, tallest = math.max(most, stage.total), math.max(tallest, #stage.order)
  end
  local scale = (HEIGHT - (tallest - 1) * GAP) / most
  for _, stage in ipairs(stages) do
    local y = top
    for _, node in ipairs(stage.order) do
      node.y, node.height = y, node.n * scale
      node.in_y, node.out_y = y, y
      y = y + math.max(node.height, 12) + GAP
    end
  end
  return scale
end

local function ribbon(c, a, b, x1, x2, height, class)
  local n, mid = svg.number, svg.number((x1 + x2) / 2)
  local top_a, top_b = a.out_y, b.in_y
  c:path({ "M", n(x1), " ", n(top_a), "C", mid, " ", n(top_a), " ", mid, " ", n(top_b), " ", n(x2),
    " ", n(top_b), "v", n(height), "C", mid, " ", n(top_b + height), " ", mid, " ",
    n(top_a + height), " ", n(x1), " ", n(top_a + height), "Z" }, class)
  a.out_y, b.in_y = a.out_y + height, b.in_y + height
end

local function draw_flows(c, s, stages, xs, scale)
  for k = 1, #stages - 1 do
    for _, a in ipairs(stages[k].order) do
      for _, b in ipairs(stages[k + 1].order) do
        for _, flow in ipairs(s.flows) do
          if (flow.stage or 1) == k and flow.from == a.name and flow.to == b.name
            and flow.n > 0 then
            local height = flow.n * scale
            local y1, y2 = a.out_y + height / 2, b.in_y + height / 2
            ribbon(c, a, b, xs[k] + BAR, xs[k + 1], height, "flow " .. svg.fill(a.index))
            if height >= 8 then
              -- counted near its origin, where ribbons do not cross yet
              c:text(xs[k] + BAR + 12, y1 + (y2 - y1) * 0.02 + 4, tostring(flow.n), "xs")
            end
          end
        end
      end
    end
  end
end

-- The name of a node and its count in lines, no wider than `width`; the count is not broken.
local function name_lines(node, width)
  local lines, count = metrics.wrap(node.name, width, 11, true), ("n = %d"):format(node.n)
  local last = lines[#lines] .. ", " .. count
  local fits = metrics.width(last, 11, true) <= width
  if fits then lines[#lines] = last else lines[#lines + 1] = count end
  return lines
end

-- The widest name of a stage.
local function room_of(stage, width)
  local room = 0
  for _, node in ipairs(stage.order) do
    room = math.max(room, metrics.widest(name_lines(node, width), 11, true))
  end
  return room
end

-- The node's bar and its name: beside it at the ends, above it in between.
local function draw_node(c, node, x, side, width)
  c:rect(x, node.y, BAR, math.max(node.height, 1), "bar " .. svg.fill(node.index))
  local lines, middle = name_lines(node, width), node.y + math.max(node.height, 1) / 2 + 4
  local y = middle - (#lines - 1) * 6.5
  if side == "left" then
    c:lines(x - 8, y, lines, "e b sm", 13)
  elseif side == "right" then
    c:lines(x + BAR + 8, y, lines, "b sm", 13)
  else
    c:text(x + BAR / 2, node.y - 3, ("%s, n = %d"):format(node.name, node.n), "m b sm")
  end
end

local ANCHOR = { left = "e", right = "", between = "m" }

-- The heads and the nodes of all stages; returns the y below.
local function draw_stages(c, stages, xs, top, width)
  local bottom = top
  for k, stage in ipairs(stages) do
    local side = k == 1 and "left" or k == #stages and "right" or "between"
    local at = side == "left" and BAR or side == "right" and 0 or BAR / 2
    c:text(xs[k] + at, 18, stage.title, ANCHOR[side] .. " b sm")
    for _, node in ipairs(stage.order) do
      draw_node(c, node, xs[k], side, width)
      bottom = math.max(bottom, node.y + math.max(node.height, 12))
    end
  end
  return bottom
end

local function numbers(s, stages, w)
  local rows = {}
  for i, flow in ipairs(s.flows) do
    rows[i] = { from = flow.from, to = flow.to, n = flow.n, stage = stages[flow.stage or 1].title }
  end
  return { rows = rows, columns = { { key = "stage", label = w.step }, { key = "from",
    label = w.origin },
    { key = "to", label = w.target }, { key = "n", label = w.n, align = "right" } } }
end

local function describe(s)
  local parts = {}
  for i, flow in ipairs(s.flows) do
    parts[i] = ("%s → %s: %d"):format(flow.from, flow.to, flow.n)
  end
  return table.concat(parts, "; ") .. "."
end

--- Sankey figure. stages: { title, nodes = { names in order } } from left to right; flows: { stage
--- (1 for the first gap), from, to, n }; and the options of docs/figures.md.
return function(s)
  spec.check("sankey", s, FIELDS)
  if #s.stages < 2 then spec.fail("sankey", "two stages are needed") end
  local w, stages, c = words.get(s.lang), nodes_of(s), options.canvas("sankey", s)
  local width, xs, top = c.width * 0.24, {}, 42
  local from = MARGIN + room_of(stages[1], width) + 8
  local to = c.width - MARGIN - room_of(stages[#stages], width) - 8 - BAR
  for k = 1, #stages do xs[k] = from + (to - from) * (k - 1) / (#stages - 1) end
  draw_flows(c, s, stages, xs, place(stages, top))
  local bottom = draw_stages(c, stages, xs, top, width)
  bottom = require("lunation.figure.timeplot").foot(c, options.notes(s, {}), bottom + 8)
  return c:finish(bottom + MARGIN, { id = s.id, title = s.title or w.sankey,
    description = s.description or describe(s), numbers = numbers(s, stages, w) })
end
