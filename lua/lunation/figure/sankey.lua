-- SPDX-License-Identifier: GPL-3.0-or-later
-- sankey: where patients go from one stage to the next: sequences of treatment, or the response by
-- two criteria. Ribbons have the colour of their origin and carry their counts.
local svg = require("lunation.figure.svg")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local words = require("lunation.report.words")

local FIELDS = { stages = "table!", flows = "table!", lang = "string", title = "string",
  description = "string", id = "string", least = "number", notes = "table" }
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
            if height >= 11 then
              -- counted near its origin, where ribbons do not cross yet
              c:text(xs[k] + BAR + 12, y1 + (y2 - y1) * 0.02 + 4, tostring(flow.n), "xs")
            end
          end
        end
      end
    end
  end
end

--- Sankey figure. stages: { title, nodes = { names in order } } from left to right; flows: { stage
--- (1 for the first gap), from, to, n }; notes; lang; title, description.
return function(s)
  spec.check("sankey", s, FIELDS)
  if #s.stages < 2 then spec.fail("sankey", "two stages are needed") end
  local w = words.get(s.lang)
  local stages, c = nodes_of(s), svg.canvas(svg.DOUBLE)
  local left_room, right_room = 0, 0
  for _, node in ipairs(stages[1].order) do
    left_room = math.max(left_room, metrics.width(("%s, n = %d"):format(node.name, node.n), 11,
      true))
  end
  for _, node in ipairs(stages[#stages].order) do
    right_room = math.max(right_room, metrics.width(("%s, n = %d"):format(node.name, node.n), 11,
      true))
  end
  local from, to = MARGIN + left_room + 8, c.width - MARGIN - right_room - 8 - BAR
  local xs, top = {}, 42
  for k = 1, #stages do xs[k] = from + (to - from) * (k - 1) / (#stages - 1) end
  local scale = place(stages, top)
  draw_flows(c, s, stages, xs, scale)
  local bottom = top
  for k, stage in ipairs(stages) do
    c:text(xs[k] + (k == 1 and BAR or k == #stages and 0 or BAR / 2), 18, stage.title,
      (k == 1 and "e" or k == #stages and "" or "m") .. " b sm")
    for _, node in ipairs(stage.order) do
      c:rect(xs[k], node.y, BAR, math.max(node.height, 1), "bar " .. svg.fill(node.index))
      local text = ("%s, n = %d"):format(node.name, node.n)
      local y = node.y + math.max(node.height, 1) / 2 + 4
      if k == 1 then
        c:text(xs[k] - 8, y, text, "e b sm")
      elseif k == #stages then
        c:text(xs[k] + BAR + 8, y, text, "b sm")
      else
        c:text(xs[k] + BAR / 2, node.y - 3, text, "m b sm")
      end
      bottom = math.max(bottom, node.y + math.max(node.height, 12))
    end
  end
  bottom = require("lunation.figure.timeplot").foot(c, s.notes or {}, bottom + 8)
  local rows, parts = {}, {}
  for i, flow in ipairs(s.flows) do
    rows[i] = { from = flow.from, to = flow.to, n = flow.n, stage = stages[flow.stage or 1].title }
    parts[i] = ("%s → %s: %d"):format(flow.from, flow.to, flow.n)
  end
  return c:finish(bottom + MARGIN,
    { id = s.id, title = s.title or w.sankey, description = s.description
    or table.concat(parts, "; ") .. ".",
    numbers = { rows = rows,
    columns = { { key = "stage", label = w.step }, { key = "from", label = w.origin },
    { key = "to", label = w.target },
      { key = "n", label = w.n, align = "right" } } } })
end
