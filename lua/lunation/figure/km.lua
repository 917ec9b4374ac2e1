-- SPDX-License-Identifier: GPL-3.0-or-later
-- km: Kaplan-Meier curves with bands, censoring marks, medians, the extended risk table, and fading
-- where few patients remain.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local curves = require("lunation.figure.curves")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local riskset = require("lunation.figure.riskset")
local steps = require("lunation.figure.km_steps")
local texts = require("lunation.figure.km_words")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local suggest = require("lunation.base.suggest")
local words = require("lunation.report.words")

local FIELDS = options.fields("km", {
  curves = "table!", risk_table = "function", risk = "table", unit = "string", annotation = "table",
  conf_type = "string", conf_level = "number", fade_below = "number", table = "string",
  landmark = "number", from_landmark = "boolean", view = "string", bands = "boolean",
  group_title = "string", suppress_below = "number" })
local CURVE = { label = "string", time = "any!", survival = "any!", lower = "any", upper = "any",
  n_risk = "any!", n_event = "any!", n_censor = "any!", n = "number!", events = "number!",
  median = "table", cumhaz = "any", cumhaz_lower = "any", cumhaz_upper = "any", remaining = "any" }
local PLENTY = 4 -- curves beyond which bands only hide each other

local function check(s)
  spec.check("km", s, FIELDS)
  if #s.curves == 0 then spec.fail("km", "there are no curves") end
  if #s.curves > svg.COLOURS then
    spec.fail("km", "%d groups: at most %d can be told apart; draw them in several figures",
      #s.curves, svg.COLOURS)
  end
  for _, curve in ipairs(s.curves) do
    spec.check("km curve", curve, CURVE)
    for _, name in ipairs { "survival", "n_risk", "n_event", "n_censor" } do
      if #curve[name] ~= #curve.time then
        spec.fail("km", "curve '%s': %d times but %d values of %s", curve.label or "", #curve.time,
          #curve[name], name)
      end
    end
  end
end

-- --- in another unit of time -------------------------------------------------------------------

local function copy(t)
  local out = {}
  for k, v in pairs(t) do out[k] = v end
  return out
end

local function divided(list, by)
  local out = {}
  for i, v in ipairs(list) do out[i] = v / by end
  return out
end

local function curve_in(curve, per)
  local out = copy(curve)
  out.time = divided(steps.plain(curve.time), per)
  if curve.median then
    out.median = {}
    for _, key in ipairs { "estimate", "lower", "upper" } do
      out.median[key] = curve.median[key] and curve.median[key] / per
    end
  end
  return out
end

-- The specification with its times in s.time_unit.
local function in_time_unit(s)
  local per = options.per_time_unit("km", s, s.unit or "months")
  if per == 1 then return s end
  local out = copy(s)
  out.unit, out.landmark, out.curves = s.time_unit, s.landmark and s.landmark / per, {}
  for k, curve in ipairs(s.curves) do out.curves[k] = curve_in(curve, per) end
  if s.risk_table then
    out.risk_table = function(times)
      local before = {}
      for i, t in ipairs(times) do before[i] = t * per end
      return s.risk_table(before)
    end
  end
  return out
end

-- --- the panel -----------------------------------------------------------------------------------

local CLOSE = 2.5 -- pixels: censored times that are nearer share a mark

local function draw_censored(c, k, curve, p, x, y)
  local d, n_censor, last = {}, steps.plain(curve.n_censor), -math.huge
  for i = 1, p.cut and p.n - 1 or p.n do
    local at = n_censor[i] > 0 and x:at(p.t[i])
    if at and at - last >= CLOSE then
      d[#d + 1] = "M" .. svg.number(at) .. " " .. svg.number(y:at(p.h[i]) - 3.5) .. "v7"
      last = at
    end
  end
  if #d > 0 then c:path(d, "line tick s" .. svg.series(k)) end
end

local function draw_curves(c, s, drawn, x, y)
  if s.bands then
    for k, p in ipairs(drawn) do
      curves.band(c, k, p, x, y, 0, p.fade, "")
      curves.band(c, k, p, x, y, p.fade, p.n, " fade")
    end
  end
  for k, p in ipairs(drawn) do
    curves.line(c, k, p, x, y, 0, p.fade, "")
    curves.line(c, k, p, x, y, p.fade, p.n, " fade")
    draw_censored(c, k, s.curves[k], p, x, y)
  end
end

local function draw_medians(c, s, box, y, shift)
  if y.least > 50 or y.most < 50 then return end
  local mid, furthest = y:at(50), nil
  for k, curve in ipairs(s.curves) do
    local at = texts.has_median(curve) and curve.median.estimate + shift
    if at and at <= box.x.most then
      at = box.x:at(at)
      c:line(at, mid, at, box.bottom, "ink dot s" .. svg.series(k))
      furthest = math.max(furthest or at, at)
    end
  end
  if furthest then c:line(box.left, mid, furthest, mid, "axis dot") end
end

local function draw_landmark(c, s, box, w)
  local at = box.x:at(s.landmark)
  c:rect(box.left, box.top, at - box.left, box.bottom - box.top, "shade band")
  c:line(at, box.top, at, box.bottom, "axis dot")
  c:text(at, box.top - 4,
    w.landmark .. " " .. format.number(s.landmark, s.landmark % 1 == 0 and 0 or 1),
    "soft xs")
end

-- Two strokes across an axis that does not begin at 0.
local function draw_break(c, box)
  local x, y = svg.number(box.left - 4), box.bottom - 9
  c:path({ "M", x, " ", svg.number(y), "l8 -4M", x, " ", svg.number(y + 4), "l8 -4" }, "ink")
end

local function value_axis(s, box, drawn, view)
  local high = 100
  if not view.percent then
    high = 0.1
    for _, p in ipairs(drawn) do
      for i = 0, p.n do high = math.max(high, p.h[i], p.lower[i] or 0) end
    end
  end
  return axis.linear(box.bottom, box.top, options.y_axis("km", s, { low = 0, high = high,
    step = view.percent and not (s.y_low or s.y_high) and 25 or nil, widen = true, most = 5 }))
end

local function draw_axes(c, s, box, y, view, w, unit)
  axis.draw_y(c, y, box.left, { grid = box.right - box.left, suffix = view.percent and "%" or "",
    label = s.ylab or w[view.label], label_x = box.left - 48 })
  axis.draw_x(c, box.x, box.bottom, { label = s.xlab or ("%s, %s"):format(w.time, unit) })
  if y.low > 0 then draw_break(c, box) end
end

-- --- the risk table ------------------------------------------------------------------------------

-- Small counts under the curves are not shown, and no weighted ones.
local function suppress(s, lines, r)
  local first, all = lines[1].values, s.table == "kmunicate"
  while #lines > (all and 3 or 1) do table.remove(lines, 2) end
  require("lunation.report.suppress").under_curves(all and { r.at_risk, r.censored,
    r.events } or { r.at_risk },
    all and { first, lines[2].values, lines[3].values } or { first }, s.suppress_below)
end

local function chosen(s, lines)
  if not s.table_rows then return lines end
  local out = {}
  for _, name in ipairs(s.table_rows) do
    for _, line in ipairs(lines) do
      if line.name == name then out[#out + 1] = line end
    end
  end
  return out
end

local function risk_lines(s, w, r, times)
  local lines = { { name = "at_risk", label = w.at_risk, values = timeplot.counts(r.at_risk,
    times) } }
  if s.table == "kmunicate" then
    if r.weighted then
      lines[2] = { name = "weighted", label = w.at_risk .. ", " .. w.weighted,
        values = timeplot.counts(r.weighted, times, 1) }
    end
    for _, name in ipairs { "censored", "events" } do
      lines[#lines + 1] = { name = name, label = w[name], values = timeplot.counts(r[name], times) }
    end
  end
  if s.suppress_below then suppress(s, lines, r) end
  return chosen(s, lines)
end

local function draw_table(c, s, w, box, shift, y)
  local ticks, times, groups = timeplot.columns("km", box.x, s.table_step), {}, {}
  for k, tick in ipairs(ticks) do times[k] = tick.value - shift end
  for i, row in ipairs(riskset.rows("km", s, times)) do
    groups[i] = { label = s.curves[i].label or w.all, rows = risk_lines(s, w, row, times) }
  end
  return timeplot.table(c, box.x, ticks, groups, y,
    s.table == "at_risk" and w.number_at_risk or nil)
end

-- The names of the rows under the axis, and the width of the widest number in them.
local function table_size(s, w, labels)
  if s.table == "none" then return {}, 0 end
  local width, probe = 0, s.risk_table and s.risk_table { 0 } or s.risk
  local weighted = false
  for k, curve in ipairs(s.curves) do
    local row = probe and (probe.curves or probe)[k]
    width = math.max(width, metrics.width(format.integer(curve.n), 11))
    if row and row.weighted and s.table == "kmunicate" then
      weighted = true
      width = math.max(width, metrics.width(format.number(row.weighted[1], 1), 11))
    end
  end
  if s.table == "at_risk" then return labels, width end
  return { w.at_risk, w.censored, w.events, weighted and w.at_risk .. ", " .. w.weighted or nil },
    width
end

-- --- the whole -----------------------------------------------------------------------------------

-- Choices checked, and what is usual filled in.
local function complete(s)
  local out = copy(in_time_unit(s))
  out.view = spec.choice("km", "view", s.view, { "survival", "failure", "cumhaz", "loglog" })
  out.table = spec.choice("km", "table", s.table, { "kmunicate", "at_risk", "none" })
  out.legend = spec.choice("km", "legend", s.legend, { "both", "top", "end", "inside", "none" })
  out.table_rows = options.list(s.table_rows)
  for _, row in ipairs(out.table_rows or {}) do
    spec.choice("km", "table_rows", row, { "at_risk", "weighted", "censored", "events" })
  end
  local rows = out.table_rows or {}
  if #rows == 1 and rows[1] == "at_risk" then out.table = "at_risk" end
  if out.bands == nil then out.bands = #s.curves <= PLENTY end
  out.fade_below = s.fade_below or 10
  return out
end

-- log(-log S) of the same curves is a figure of its own, with fewer options.
local function loglog(s, given)
  local known = options.fields("loglog", { time_unit = "string" })
  for _, name in ipairs(suggest.keys(options.recipe("km"))) do
    if given[name] ~= nil and not known[name] then
      spec.fail("km", "view loglog has no option '%s'", name)
    end
  end
  return require("lunation.figure.loglog")(options.pass("loglog", s, { curves = s.curves,
    unit = s.unit,
    notes = s.annotation }))
end

local function drawn_curves(s, view, shift)
  local drawn, last = {}, 0
  for k, curve in ipairs(s.curves) do
    drawn[k] = steps.of(curve, view, { shift = shift, fade_below = s.fade_below, last = s.last,
      low = s.y_low, high = s.y_high })
    last = math.max(last, shift + (curve.time[#curve.time] or 0))
  end
  return drawn, s.last or last
end

local function panel(c, s, w, labels, last, top)
  local names, widest = table_size(s, w, labels)
  local ends = #labels > 1 and (s.legend == "both" or s.legend == "end")
  local room = ends and timeplot.label_room(labels, c.width) or 0
  return timeplot.panel(c, { top = top, last = last, exact = s.last ~= nil, step = s.step,
    height = options.height("km", s, c, c.width < 400 and 190 or 280), unit = s.unit or "months",
    names = names, swatch = s.table == "at_risk", widest = widest, room = room, tick = s.landmark })
end

--- Kaplan-Meier figure: km(result, fields) of endpoint:km or endpoint:facets, or km(fields).
--- Fields: curves { label, time, survival, lower, upper, n_risk, n_event, n_censor (vectors from
--- the first time after 0), n, events, median {estimate, lower, upper}, cumhaz with cumhaz_lower,
--- cumhaz_upper, remaining (patients, when n_risk is weighted) }; risk_table (function of times) or
--- risk; unit; annotation (lines); conf_type, conf_level; fade_below (10); table "kmunicate",
--- "at_risk" or "none"; landmark, with from_landmark when the times count from it; view "survival",
--- "failure", "cumhaz" or "loglog"; bands (true up to 4 curves); group_title; and the options of
--- docs/figures.md.
local function draw(given, opt)
  if type(given) == "table" and rawget(given, "panels") then
    return require("lunation.figure.grid")(require("lunation.figure.km_result").panels(given, opt,
      draw))
  end
  local s = type(given) == "userdata" and require("lunation.figure.km_result").curves(given,
    opt) or given
  check(s)
  given, s = s, complete(s)
  if s.view == "loglog" then return loglog(s, given) end
  local w, view, shift = words.get(s.lang), steps.VIEWS[s.view], s.from_landmark and s.landmark or 0
  local unit, c, labels = w[s.unit or "months"] or s.unit, options.canvas("km", s), {}
  for k, curve in ipairs(s.curves) do labels[k] = curve.label or w.all end

  local drawn, last = drawn_curves(s, view, shift)
  local head = (s.legend == "both" or s.legend == "top") and texts.head(s, w, unit)
  local box = panel(c, s, w, labels, last, timeplot.head(c, head, s.annotation, 8) + 14)
  local y = value_axis(s, box, drawn, view)
  if s.landmark then draw_landmark(c, s, box, w) end
  draw_axes(c, s, box, y, view, w, unit)
  if view.percent then draw_medians(c, s, box, y, shift) end
  draw_curves(c, s, drawn, box.x, y)
  options.references("km", s, c, box.x, y)
  if #labels > 1 then
    timeplot.names(c, s.legend, labels, drawn, box, y, s.view == "failure" or s.view == "cumhaz")
  end

  local bottom = box.bottom + 46
  if s.table ~= "none" then bottom = draw_table(c, s, w, box, shift, bottom) end
  local broken = y.low > 0 and format.shortest(y.low) .. (view.percent and "%" or "")
  bottom = timeplot.foot(c, options.notes(s, texts.footnotes(s, w, drawn, { bands = s.bands,
    fade_below = s.fade_below, broken = broken })), bottom + 2)
  return c:finish(bottom + 4,
    { id = s.id, title = s.title or w.kaplan_meier, numbers = texts.numbers(s, w),
    description = s.description or texts.describe(s, w, unit) })
end

return draw
