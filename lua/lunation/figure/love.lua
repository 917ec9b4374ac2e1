-- SPDX-License-Identifier: GPL-3.0-or-later
-- love: how far the groups differ in each covariate, before and after weighting or matching.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local legend = require("lunation.figure.legend")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local timeplot = require("lunation.figure.timeplot")
local words = require("lunation.report.words")
local format = require("lunation.format")

local FIELDS = options.fields("love", { rows = "table!", samples = "table", thresholds = "table",
  rule = "string!", ess = "string" })
local MARGIN, HEIGHT = 8, 20

local function check(s, samples)
  if #s.rows == 0 then spec.fail("love", "there are no rows") end
  for i, r in ipairs(s.rows) do
    if type(r.label) ~= "string" or type(r.smd) ~= "table" or #r.smd ~= #samples then
      spec.fail("love", "row %d: a label and smd = one value for each of the %d samples are needed",
        i, #samples)
    end
    if r.ratio and #r.ratio ~= #samples then
      spec.fail("love", "row %d: %d variance ratios for %d samples", i, #r.ratio, #samples)
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

local function draw_samples(c, samples, y)
  local entries = {}
  for k, name in ipairs(samples) do
    entries[k] = { label = name, draw = function(x, at) c:marker(k, x + 12, at, 4,
      svg.fill(k)) end }
  end
  return legend.rows(c, entries, y) + 4
end

local function has_ratios(rows)
  for _, r in ipairs(rows) do if r.ratio then return true end end
  return false
end

local function numbers(rows, samples, w)
  local columns, out = { { key = "covariate", label = w.variable } }, {}
  for k, name in ipairs(samples) do
    columns[k + 1] = { key = "s" .. k, label = name, align = "decimal", decimals = 3 }
  end
  for k, name in ipairs(has_ratios(rows) and samples or {}) do
    columns[#columns + 1] = { key = "r" .. k, label = w.variance_ratio .. ", " .. name,
      align = "decimal", decimals = 3 }
  end
  for i, r in ipairs(rows) do
    out[i] = { covariate = r.label }
    for k in ipairs(samples) do
      out[i]["s" .. k] = r.smd[k]
      if r.ratio then out[i]["r" .. k] = r.ratio[k] end
    end
  end
  return { columns = columns, rows = out }
end

-- A limit of round numbers on a log axis that holds every ratio and its inverse.
local function ratio_limit(rows)
  local most = 2.5
  for _, r in ipairs(rows) do
    for _, v in ipairs(r.ratio or {}) do
      if v > 0 then most = math.max(most, v, 1 / v) end
    end
  end
  return math.min(most * 1.1, 20)
end

-- The panel of absolute differences; from, to: pixels.
local function draw_differences(c, s, rows, samples, o)
  local most = 0.25
  for _, r in ipairs(rows) do
    for k in ipairs(samples) do most = math.max(most, math.abs(r.smd[k])) end
  end
  local x = axis.linear(o.from, o.to, { low = 0, high = most * 1.04, most = math.min(6,
    (o.to - o.from) // 40) })
  for _, at in ipairs(s.thresholds or { 0.1 }) do
    c:line(x:at(at), o.top, x:at(at), o.bottom, "ink dot")
  end
  for i, r in ipairs(rows) do
    local y = o.middles[i]
    c:line(o.from, y, o.to, y, "grid")
    for k = #samples, 1, -1 do c:marker(k, x:at(math.abs(r.smd[k])), y, 4.2, svg.fill(k)) end
  end
  axis.draw_x(c, x, o.bottom, { label = o.label })
end

-- The panel of variance ratios on a log axis; a ratio beyond it stands at its end.
local function draw_ratios(c, rows, samples, o)
  local limit = ratio_limit(rows)
  local x = axis.log(o.from, o.to, 1 / limit, limit)
  for _, at in ipairs { 0.5, 2 } do c:line(x:at(at), o.top, x:at(at), o.bottom, "ink dot") end
  c:line(x:at(1), o.top, x:at(1), o.bottom, "axis")
  for i, r in ipairs(rows) do
    local y = o.middles[i]
    c:line(o.from, y, o.to, y, "grid")
    for k = r.ratio and #samples or 0, 1, -1 do
      local v = r.ratio[k]
      if v and v > 0 then
        c:marker(k, x:at(math.min(math.max(v, 1 / limit), limit)), y, 4.2, svg.fill(k))
      end
    end
  end
  axis.draw_x(c, x, o.bottom, { label = o.label })
end

-- The covariates' names in lines, the middle of each row, and the y below the rows.
local function lay_out(rows, width, top)
  local names, middles, y = {}, {}, top
  for i, r in ipairs(rows) do
    names[i] = metrics.wrap(r.label, width, 11)
    local height = math.max(HEIGHT, #names[i] * 12 + 6)
    middles[i] = y + height / 2
    y = y + height
  end
  return names, middles, y
end

local function widest(names)
  local room = 80
  for _, lines in ipairs(names) do room = math.max(room, metrics.widest(lines, 11)) end
  return room
end

local function footnotes(s, w, both)
  local out = { s.rule, s.ess }
  if both then out[#out + 1] = w.ratio_lines end
  return options.notes(s, out)
end

local function describe(s, rows, samples)
  local above, limit = 0, (s.thresholds or { 0.1 })[1]
  for _, r in ipairs(rows) do
    if math.abs(r.smd[#samples]) > limit then above = above + 1 end
  end
  return ("%d covariates; %d above %s in %s."):format(#rows, above, format.shortest(limit),
    samples[#samples])
end

--- Love plot: love(result, fields) of weights:balance() or of a weighted cohort:table1, or
--- love(fields). rows: { label, smd = { one for each sample }, ratio = { of variances, for each
--- sample; none for binary covariates } } (standardised mean differences, any sign); with ratios a
--- second panel. samples: their names (default unadjusted, adjusted); rule: the standard deviation
--- in the denominator, said in the footnote; ess: sentence on the effective sample size; thresholds
--- (default { 0.1 }); and the options of docs/figures.md.
return function(given, opt)
  local s = spec.of(given, opt)
  spec.check("love", s, FIELDS)
  local w, c = words.get(s.lang), options.canvas("love", s)
  local samples = s.samples or { w.unadjusted, w.adjusted }
  check(s, samples)
  local rows, top = sorted(s.rows), draw_samples(c, samples, MARGIN)
  local names, middles, bottom = lay_out(rows, math.min(230, c.width * 0.4), top)
  local left, right, both = MARGIN + widest(names) + 14, c.width - 20, has_ratios(rows)
  local split = both and left + (right - left) * 0.62 or right
  for i, lines in ipairs(names) do
    c:lines(left - 12, middles[i] + 4 - (#lines - 1) * 6, lines, "e sm", 12)
  end
  local area = { top = top, bottom = bottom + 6, middles = middles }
  area.from, area.to = left, split
  area.label = metrics.width(w.smd, 12) > split - left and w.smd_short or w.smd
  draw_differences(c, s, rows, samples, area)
  if both then
    area.from, area.to, area.label = split + 28, right, w.variance_ratio
    draw_ratios(c, rows, samples, area)
  end
  local foot = timeplot.foot(c, footnotes(s, w, both), area.bottom + 44)
  return c:finish(foot + 6,
    { id = s.id, title = s.title or w.smd, numbers = numbers(rows, samples, w),
    description = s.description or describe(s, rows, samples) })
end
