-- SPDX-License-Identifier: GPL-3.0-or-later
-- flow: the patients from the first look to the analyses, every box counted. Reasons that excluded
-- nobody are shown too. Counts that do not add up are refused.
local svg = require("lunation.figure.svg")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local words = require("lunation.report.words")

local FIELDS = options.fields("flow", { steps = "table!", arms = "table" })
local STEP = { label = "string!", n = "number!", excluded = "table" }
local ARM = { label = "string!", n = "number!", excluded = "table", steps = "table" }

local MARGIN, PAD, LEADING, SIZE, GAP = 8, 10, 15, 11, 26

local function reason_of(pair) return pair[1] or pair.reason, pair[2] or pair.n end

local function excluded_of(step)
  local sum = 0
  for _, pair in ipairs(step.excluded or {}) do
    local reason, n = reason_of(pair)
    if type(reason) ~= "string" or type(n) ~= "number" or n < 0 then
      spec.fail("flow", "step '%s': an exclusion is { reason, n }", step.label)
    end
    sum = sum + n
  end
  return sum
end

-- Each step's patients minus those excluded there must be the next step's.
local function check_chain(steps, what)
  for i, step in ipairs(steps) do
    spec.check("flow step", step, what)
    local left = step.n - excluded_of(step)
    local following = steps[i + 1]
    if following and following.n ~= left then
      spec.fail("flow", "'%s' has %d patients, %d excluded, so %d should go on; '%s' has %d",
        step.label, step.n, step.n - left, left, following.label, following.n)
    end
    if left < 0 then spec.fail("flow", "'%s': more are excluded than there are", step.label) end
  end
  local last = steps[#steps]
  return last.n - excluded_of(last)
end

local function check(s)
  spec.check("flow", s, FIELDS)
  if #s.steps == 0 then spec.fail("flow", "there are no steps") end
  local left = check_chain(s.steps, STEP)
  if not s.arms then return end
  local sum = 0
  for _, arm in ipairs(s.arms) do
    spec.check("flow arm", arm, ARM)
    sum = sum + arm.n
    if arm.steps then
      local chain = { { label = arm.label, n = arm.n, excluded = arm.excluded } }
      table.move(arm.steps, 1, #arm.steps, 2, chain)
      check_chain(chain, STEP)
    end
  end
  if sum ~= left then
    spec.fail("flow", "the arms have %d patients together, but %d go on from '%s'", sum, left,
      s.steps[#s.steps].label)
  end
end

local function count_line(n) return "n = " .. format.integer(n) end

-- A box: lines of text with their classes, and its size.
local function box(width, bold_text, lines)
  local out = {}
  for _, text in ipairs(metrics.wrap(bold_text, width - 2 * PAD, SIZE, true)) do
    out[#out + 1] = { text = text, class = "b sm" }
  end
  for _, line in ipairs(lines) do
    for k, text in ipairs(metrics.wrap(line.text, width - 2 * PAD - (line.count and 44 or 0),
      SIZE)) do
      out[#out + 1] = { text = text, class = "sm" .. (line.muted and " soft" or ""),
        count = k == 1 and line.count }
    end
  end
  return { width = width, height = #out * LEADING + 2 * PAD - 4, lines = out }
end

local function step_box(step, width)
  return box(width, step.label, { { text = count_line(step.n) } })
end

local function exclusion_box(step, width, w)
  local lines = {}
  for i, pair in ipairs(step.excluded) do
    local reason, n = reason_of(pair)
    lines[i] = { text = reason, count = format.integer(n), muted = n == 0 }
  end
  return box(width, w.excluded_n:format(format.integer(excluded_of(step))), lines)
end

local function draw_box(c, b, x, y, centred)
  c:rect(x, y, b.width, b.height, "box", 4)
  for i, line in ipairs(b.lines) do
    local base = y + PAD + (i - 1) * LEADING + 10
    if centred then
      c:text(x + b.width / 2, base, line.text, "m " .. line.class)
    else
      c:text(x + PAD, base, line.text, line.class)
      if line.count then c:text(x + b.width - PAD, base, line.count, "e " .. line.class) end
    end
  end
end

local function arrow_down(c, x, from, to)
  c:line(x, from, x, to - 6, "axis")
  c:path({ "M", svg.number(x), " ", svg.number(to), "l-4 -7h8Z" }, "soft")
end

local function arrow_right(c, from, to, y)
  c:line(from, y, to - 6, y, "axis")
  c:path({ "M", svg.number(to), " ", svg.number(y), "l-7 -4v8Z" }, "soft")
end

-- The main column: each step's box, an arrow down, the exclusions at its side. Returns y and the
-- middle of the last box.
local function draw_trunk(c, steps, w, more)
  local width, gap = math.min(230, c.width * 0.42), math.min(60, c.width * 0.06)
  local side = c.width - 2 * MARGIN - width - gap
  local x, mid, y = MARGIN, MARGIN + width / 2, MARGIN
  for i, step in ipairs(steps) do
    local b = step_box(step, width)
    draw_box(c, b, x, y, true)
    local bottom = y + b.height
    local next_y = bottom + GAP
    if step.excluded and #step.excluded > 0 then
      local e = exclusion_box(step, side, w)
      local at = bottom + 12
      draw_box(c, e, x + width + gap, at)
      arrow_right(c, mid, x + width + gap, at + e.height / 2)
      next_y = at + e.height + 12
    end
    if i < #steps then
      arrow_down(c, mid, bottom, next_y)
    elseif more then
      c:line(mid, bottom, mid, next_y, "axis")
    end
    y = (i < #steps or more or step.excluded) and next_y or bottom
  end
  return y, mid
end

-- The arms side by side, each with its own steps.
local function draw_arms(c, arms, mid, y, w)
  local width = (c.width - 2 * MARGIN - (#arms - 1) * 20) / #arms
  local first, last = MARGIN + width / 2, c.width - MARGIN - width / 2
  c:line(math.min(first, mid), y, math.max(last, mid), y, "axis")
  local deepest = y
  for i, arm in ipairs(arms) do
    local x = MARGIN + (i - 1) * (width + 20)
    local at = y + GAP
    arrow_down(c, x + width / 2, y, at)
    local chain = { arm }
    table.move(arm.steps or {}, 1, #(arm.steps or {}), 2, chain)
    for k, step in ipairs(chain) do
      local b = step_box(step, width)
      draw_box(c, b, x, at, true)
      at = at + b.height
      if step.excluded and #step.excluded > 0 then
        c:line(x + width / 2, at, x + width / 2, at + 10, "axis")
        local e = exclusion_box(step, width, w)
        draw_box(c, e, x, at + 10)
        at = at + 10 + e.height
      end
      if k < #chain then arrow_down(c, x + width / 2, at, at + GAP) at = at + GAP end
    end
    deepest = math.max(deepest, at)
  end
  return deepest
end

local function numbers(s, w)
  local columns = { { key = "arm", label = w.group }, { key = "step", label = w.step },
    { key = "reason", label = w.excluded },
    { key = "n", label = w.n, align = "right" } }
  local rows = {}
  local function add(steps, arm)
    for _, step in ipairs(steps) do
      rows[#rows + 1] = { arm = arm, step = step.label, n = step.n }
      for _, pair in ipairs(step.excluded or {}) do
        local reason, n = reason_of(pair)
        rows[#rows + 1] = { arm = arm, step = step.label, reason = reason, n = n }
      end
    end
  end
  add(s.steps)
  for _, arm in ipairs(s.arms or {}) do
    add({ arm }, arm.label)
    add(arm.steps or {}, arm.label)
  end
  return { columns = columns, rows = rows }
end

local function describe(s)
  local out = {}
  for _, step in ipairs(s.steps) do out[#out + 1] = ("%s: %d"):format(step.label, step.n) end
  for _, arm in ipairs(s.arms or {}) do out[#out + 1] = ("%s: %d"):format(arm.label, arm.n) end
  return table.concat(out, "; ") .. "."
end

--- Flow figure. steps: { label, n, excluded = { {reason, n} ... } } from the first to the last,
--- where n minus the excluded is the next n; arms: { label, n, excluded, steps } into which the
--- last step divides; and the options of docs/figures.md.
return function(s)
  check(s)
  local w = words.get(s.lang)
  local c = options.canvas("flow", s)
  local y, mid = draw_trunk(c, s.steps, w, s.arms ~= nil)
  if s.arms then y = draw_arms(c, s.arms, mid, y, w) end
  y = timeplot.foot(c, options.notes(s, {}), y)
  return c:finish(y + MARGIN,
    { id = s.id, title = s.title or w.flow, description = s.description or describe(s),
    numbers = numbers(s, w) })
end
