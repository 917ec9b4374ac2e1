-- SPDX-License-Identifier: GPL-3.0-or-later
-- love: how far the groups differ in each covariate, before and after weighting or matching.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local timeplot = require("lunation.figure.timeplot")
local words = require("lunation.report.words")
local format = require("lunation.format")

local FIELDS = { rows = "table!", samples = "table", thresholds = "table", rule = "string!",
  ess = "string", lang = "string", title = "string", description = "string", notes = "table",
  id = "string" }
local MARGIN, HEIGHT = 8, 20

local function check(s, samples)
  if #s.rows == 0 then spec.fail("love", "there are no rows") end
  for i, r in ipairs(s.rows) do
    if type(r.label) ~= "string" or type(r.smd) ~= "table" or #r.smd ~= #samples then
      spec.fail("love", "row %d: a label and smd = one value for each of the %d samples are needed",
        i, #samples)
    end
  end
end

-- Rows by the size of the difference before adjustment, largest first.
local function sorted(rows)
  local order = {}
  for i = 1, #rows do order[i] = i end
  table.sort(order, function(a, b)
    local x, y = math.abs(rows[a].smd[1]), math.abs(rows[b].smd[1])
    if x ~= y then return x > y end
    return a < b
  end)
  local out = {}
  for i, k in ipairs(order) do out[i] = rows[k] end
  return out
end

local function legend(c, samples, y)
  local x = MARGIN
  for k, name in ipairs(samples) do
    c:marker(k, x + 6, y + 6, 4, svg.fill(k))
    c:text(x + 16, y + 10, name, "sm")
    x = x + 16 + metrics.width(name, 11) + 20
  end
  return y + 26
end

local function numbers(rows, samples, w)
  local columns, out = { { key = "covariate", label = w.variable } }, {}
  for k, name in ipairs(samples) do
    columns[k + 1] = { key = "s" .. k, label = name, align = "decimal", decimals = 3 }
  end
  for i, r in ipairs(rows) do
    out[i] = { covariate = r.label }
    for k in ipairs(samples) do out[i]["s" .. k] = r.smd[k] end
  end
  return { columns = columns, rows = out }
end

--- Love plot. rows: { label, smd = { one for each sample } } (standardised mean differences, any
--- sign); samples: their names (default unadjusted, adjusted); rule: the standard deviation in the
--- denominator, said in the footnote; ess: sentence on the effective sample size; thresholds
--- (default { 0.1 }); lang.
return function(s)
  spec.check("love", s, FIELDS)
  local w = words.get(s.lang)
  local samples = s.samples or { w.unadjusted, w.adjusted }
  check(s, samples)
  local rows, c = sorted(s.rows), svg.canvas(svg.DOUBLE)
  local most, room = 0.25, 80
  for _, r in ipairs(rows) do
    room = math.max(room, math.min(metrics.width(r.label, 11), 230))
    for k in ipairs(samples) do most = math.max(most, math.abs(r.smd[k])) end
  end
  local left, top = MARGIN + room + 14, legend(c, samples, MARGIN)
  local bottom = top + #rows * HEIGHT + 6
  local x = axis.linear(left, c.width - 20, { low = 0, high = most * 1.04, most = 8 })
  for _, at in ipairs(s.thresholds or { 0.1 }) do
    c:line(x:at(at), top, x:at(at), bottom, "ink dot")
  end
  local above = 0
  for i, r in ipairs(rows) do
    local y = top + (i - 0.5) * HEIGHT
    c:line(left, y, x.to, y, "grid")
    c:text(left - 12, y + 4, metrics.wrap(r.label, 230, 11)[1], "e sm")
    for k = #samples, 1, -1 do c:marker(k, x:at(math.abs(r.smd[k])), y, 4.2, svg.fill(k)) end
    if math.abs(r.smd[#samples]) > (s.thresholds or { 0.1 })[1] then above = above + 1 end
  end
  axis.draw_x(c, x, bottom, { label = w.smd })
  local notes = { s.rule, s.ess }
  table.move(s.notes or {}, 1, #(s.notes or {}), #notes + 1, notes)
  local foot = timeplot.foot(c, notes, bottom + 44)
  return c:finish(foot + 6,
    { id = s.id, title = s.title or w.smd, numbers = numbers(rows, samples, w),
    description = s.description or ("%d covariates; %d above %s in %s."):format(#rows, above,
      format.shortest((s.thresholds or { 0.1 })[1]), samples[#samples]) })
end
