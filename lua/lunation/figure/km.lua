-- SPDX-License-Identifier: GPL-3.0-or-later
-- km: Kaplan-Meier curves with bands, censoring marks, medians, the extended risk table, and fading
-- where few patients remain.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local curves = require("lunation.figure.curves")
local riskset = require("lunation.figure.riskset")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local words = require("lunation.report.words")

local FIELDS = {
  curves = "table!", risk_table = "function", risk = "table", unit = "string", xlab = "string",
  ylab = "string", annotation = "table", conf_type = "string", conf_level = "number",
  fade_below = "number", table = "string", width = "string", landmark = "number",
  from_landmark = "boolean", lang = "string", title = "string", description = "string",
  last = "number", step = "number", view = "string", bands = "boolean", group_title = "string",
  id = "string", suppress_below = "number",
}
local CURVE = { label = "string", time = "any!", survival = "any!", lower = "any", upper = "any",
  n_risk = "any!", n_event = "any!", n_censor = "any!", n = "number!", events = "number!",
  median = "table", cumhaz = "any", cumhaz_lower = "any", cumhaz_upper = "any", remaining = "any" }

-- View: the heights of a curve and its limits (columns, and what is done with their values), and
-- whether they are percentages.
local VIEWS = {
  survival = { label = "survival", start = 100, percent = true,
    height = function(s) return 100 * s end },
  failure = { label = "failure", start = 0, percent = true,
    height = function(s) return 100 * (1 - s) end },
  cumhaz = { label = "cumhaz", start = 0, own = "cumhaz", as_it_is = { height = function(h)
    return h
  end },
    height = function(s) return s > 0 and -math.log(s) or nil end },
}

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

-- A column of a curve as a list, which is read faster; nothing where the curve has none.
local function plain(column)
  if type(column) == "userdata" then return column:totable() end
  return column or {}
end

-- Heights and limits of a curve as lists, and the view that makes pixels of them: a view may have
-- an estimate of its own.
local function heights(curve, view)
  local own = view.own and curve[view.own] and view.own
  if not own then return plain(curve.survival), plain(curve.lower), plain(curve.upper), view end
  return plain(curve[own]), plain(curve[own .. "_lower"]), plain(curve[own .. "_upper"]),
    view.as_it_is
end

-- How many remain after each time.
local function remaining_of(curve)
  if curve.remaining then return plain(curve.remaining) end
  local n_event, n_censor, out = plain(curve.n_event), plain(curve.n_censor), {}
  for i, n in ipairs(plain(curve.n_risk)) do out[i] = n - n_event[i] - n_censor[i] end
  return out
end

-- The steps of a curve in the view's units, index 0 being the start, and where it begins to fade.
local function steps(curve, view, shift, fade_below)
  local p = { n = #curve.time, fade = #curve.time, t = { [0] = shift }, h = { [0] = view.start },
    lower = { [0] = view.start }, upper = { [0] = view.start } }
  if curve.n < fade_below then p.fade = 0 end
  local time, remaining, height, lower, upper = plain(curve.time), remaining_of(curve)
  height, lower, upper, view = heights(curve, view)
  for i = 1, p.n do
    p.t[i] = time[i] + shift
    p.h[i] = height[i] and view.height(height[i])
    if not p.h[i] then p.n = i - 1 break end
    local l, u = lower[i], upper[i]
    if l and u and l == l and u == u and p.lower[i - 1] then
      p.lower[i], p.upper[i] = view.height(l), view.height(u)
    end
    if remaining[i] < fade_below and i < p.fade then p.fade = i end
  end
  p.fade = math.min(p.fade, p.n)
  return p
end

local function draw_censored(c, k, curve, p, x, y)
  local d, n_censor = {}, plain(curve.n_censor)
  for i = 1, p.n do
    if n_censor[i] > 0 then
      d[#d + 1] = "M" .. svg.number(x:at(p.t[i])) .. " " .. svg.number(y:at(p.h[i]) - 4) .. "v8"
    end
  end
  if #d > 0 then c:path(d, "line thin s" .. svg.series(k)) end
end

local function draw_curves(c, s, drawn, x, y)
  if s.bands ~= false then
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

local function has_median(curve)
  local m = curve.median and curve.median.estimate
  return m and m == m and m < math.huge
end

local function draw_medians(c, s, box, y, shift)
  local mid, furthest = y:at(50), nil
  for k, curve in ipairs(s.curves) do
    if has_median(curve) then
      local at = box.x:at(curve.median.estimate + shift)
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

-- The number of events as the head and the description show it.
local function shown_events(s, curve)
  local k, small = s.suppress_below, require("lunation.report.suppress")
  if k and (small.is_small(curve.events, k) or small.is_small(curve.n - curve.events, k)) then
    return small.label(k)
  end
  return format.integer(curve.events)
end

local function head_table(s, w, unit)
  local rows, any_median = {}, false
  for _, curve in ipairs(s.curves) do any_median = any_median or curve.median ~= nil end
  for i, curve in ipairs(s.curves) do
    local m = curve.median
    rows[i] = { curve.label or w.all, format.integer(curve.n), shown_events(s, curve) }
    if any_median then
      rows[i][4] = not m and "" or m.lower == nil and m.upper == nil and format.time(m.estimate)
        or format.time(m.estimate, m.lower or 0 / 0, m.upper or 0 / 0)
    end
  end
  local columns = { s.group_title or w.group, w.n, w.events }
  if any_median then columns[4] = ("%s, %s (%s)"):format(w.median, unit, w.ci95) end
  return { columns = columns, rows = rows }
end

-- Small counts under the curves are not shown, and no weighted ones.
local function suppress(s, lines, r, style)
  local first, all = lines[1].values, style == "kmunicate"
  while #lines > (all and 3 or 1) do table.remove(lines, 2) end
  require("lunation.report.suppress").under_curves(all and { r.at_risk, r.censored, r.events }
    or { r.at_risk },
    all and { first, lines[2].values, lines[3].values } or { first }, s.suppress_below)
end

local function risk_groups(s, w, rows, times, style)
  local groups = {}
  for i, curve in ipairs(s.curves) do
    local r = rows[i]
    local lines = { { label = w.at_risk, values = timeplot.counts(r.at_risk, times) } }
    if style == "kmunicate" then
      if r.weighted then
        lines[2] = { label = w.at_risk .. ", " .. w.weighted,
          values = timeplot.counts(r.weighted, times, 1) }
      end
      lines[#lines + 1] = { label = w.censored, values = timeplot.counts(r.censored, times) }
      lines[#lines + 1] = { label = w.events, values = timeplot.counts(r.events, times) }
    end
    if s.suppress_below then suppress(s, lines, r, style) end
    groups[i] = { label = curve.label or w.all, rows = lines }
  end
  return groups
end

-- The longest labels of the rows under the axis.
local function row_labels(s, w, style, labels)
  if style == "none" then return {} end
  if style == "at_risk" then return labels end
  local probe = s.risk_table and s.risk_table {} or s.risk
  local first = probe and (probe.curves or probe)[1]
  return { w.at_risk, w.censored, w.events, first and first.weighted and w.at_risk .. ", "
    .. w.weighted }
end

local function numbers(s, w)
  local columns = { { key = "group", label = w.group },
    { key = "time", label = w.time, align = "decimal" },
    { key = "n_risk", label = w.at_risk, align = "right" },
    { key = "n_event", label = w.events, align = "right" },
    { key = "n_censor", label = w.censored, align = "right" },
    { key = "survival", label = w.survival, align = "decimal", decimals = 4 },
    { key = "lower", label = w.lower, align = "decimal", decimals = 4 },
    { key = "upper", label = w.upper, align = "decimal", decimals = 4 } }
  local rows = {}
  for _, curve in ipairs(s.curves) do
    local group, time, survival = curve.label or w.all, plain(curve.time), plain(curve.survival)
    local lower, upper = plain(curve.lower), plain(curve.upper)
    local n_risk, n_event, n_censor = plain(curve.n_risk), plain(curve.n_event),
      plain(curve.n_censor)
    for i = 1, #time do
      rows[#rows + 1] = { group = group, time = time[i], n_risk = n_risk[i], n_event = n_event[i],
        n_censor = n_censor[i], survival = survival[i], lower = lower[i], upper = upper[i] }
    end
  end
  if s.suppress_below then
    for _ = 1, 3 do table.remove(columns, 3) end
    for _, row in ipairs(rows) do row.n_risk, row.n_event, row.n_censor = nil, nil, nil end
  end
  return { columns = columns, rows = rows }
end

local function describe(s, w, unit)
  local out = {}
  for i, curve in ipairs(s.curves) do
    out[i] = ("%s: %d patients, %s events%s"):format(curve.label or w.all, curve.n,
      shown_events(s, curve),
      has_median(curve) and (", median " .. format.time(curve.median.estimate) .. " " .. unit)
      or "")
  end
  return table.concat(out, "; ") .. "." .. (s.annotation and " " .. table.concat(s.annotation, "; ")
    .. "." or "")
end

local function footnotes(s, w, drawn, fade_below)
  local out, faded = {}, false
  for _, p in ipairs(drawn) do faded = faded or p.fade < p.n end
  if s.bands ~= false and s.curves[1].lower then
    out[1] = w.bands:format(format.number(100 * (s.conf_level or 0.95), 0) .. "%",
      s.conf_type or "log")
  end
  out[#out + 1] = w.ticks
  if s.from_landmark then out[#out + 1] = w.from_landmark end
  if faded then out[#out + 1] = w.faded:format(fade_below) end
  return out
end

local function value_axis(box, drawn, view, s)
  local high = 100
  if not view.percent then
    high = 0.1
    for _, p in ipairs(drawn) do
      for i = 0, p.n do high = math.max(high, p.h[i], p.lower[i] or 0) end
    end
  end
  return axis.linear(box.bottom, box.top, { low = 0, high = high, step = view.percent and 25 or nil,
    widen = true, most = 5 })
end

-- Limits of the cumulative hazard on the log scale.
local function hazard_limits(curve, z)
  local lower, upper = {}, {}
  for i = 1, #curve.time do
    local h, se = curve.cumhaz[i], curve.se_cumhaz[i]
    local step = h > 0 and se and math.exp(z * se / h) or 1
    lower[i], upper[i] = h / step, h * step
  end
  return lower, upper
end

-- The curve of a result as the figure takes it; weighted curves fade by patients, not by weights.
local function drawn_curve(km, label, curve, z)
  local out = { label = label ~= "" and label or nil, time = curve.time, survival = curve.survival,
    lower = curve.lower, upper = curve.upper, n_risk = curve.n_risk, n_event = curve.n_event,
    n_censor = curve.n_censor, n = curve.n, events = curve.events, median = km:median(label),
    cumhaz = curve.cumhaz, remaining = {} }
  for i = 1, #curve.time do
    out.remaining[i] = curve.raw_risk[i] - curve.raw_event[i] - curve.raw_censor[i]
  end
  out.cumhaz_lower, out.cumhaz_upper = hazard_limits(curve, z)
  return out
end

-- The specification of a result of endpoint:km: its curves, with what opt adds or replaces.
local function of_result(km, opt)
  local s = { curves = {}, unit = km.unit, conf_type = km.conf_type, conf_level = km.conf_level,
    title = km.title, ylab = not (opt and opt.view and opt.view ~= "survival") and km.title or nil,
    risk_table = function(times) return km:risk_table(times) end }
  local z = require("lunation.core").dist.norm_quantile(0.5 + km.conf_level / 2)
  for label, curve in km:curves() do
    s.curves[#s.curves + 1] = drawn_curve(km, label, curve, z)
  end
  for name, value in pairs(opt or {}) do s[name] = value end
  return s
end

-- log(-log S) of the same curves is a figure of its own.
local function loglog(s)
  return require("lunation.figure.loglog") { curves = s.curves, unit = s.unit, lang = s.lang,
    title = s.title, id = s.id, description = s.description, notes = s.annotation }
end

local function last_time(panels)
  local last = 0
  for _, panel in ipairs(panels) do
    for _, curve in panel.km:curves() do
      if #curve.time > 0 then last = math.max(last, curve.time[#curve.time]) end
    end
  end
  return last
end

local draw

-- The curves of endpoint:facets side by side, on the same axes.
local function of_facets(facets, opt)
  local panels, last = {}, last_time(facets.panels)
  for i, panel in ipairs(facets.panels) do
    local o = { width = "single", last = last }
    for name, value in pairs(opt or {}) do o[name] = value end
    if panel.logrank and panel.logrank.p then
      o.annotation = { "log-rank " .. format.p(panel.logrank.p) }
    end
    o.id, o.title, o.description = nil, nil, nil
    panels[i] = { heading = facets.label .. ": " .. panel.level, figure = draw(panel.km, o) }
  end
  return require("lunation.figure.grid") { panels = panels, title = opt and opt.title
    or facets.title,
    id = opt and opt.id, description = opt and opt.description }
end

--- Kaplan-Meier figure: km(result, fields) of endpoint:km or endpoint:facets, or km(fields).
--- Fields: curves { label, time, survival, lower, upper, n_risk, n_event, n_censor (vectors from
--- the first time after 0), n, events, median {estimate, lower, upper}, cumhaz with cumhaz_lower,
--- cumhaz_upper, remaining (patients, when n_risk is weighted) }; risk_table (function of times) or
--- risk; unit; xlab, ylab; annotation (lines); conf_type, conf_level; fade_below (10); table
--- "kmunicate", "at_risk" or "none"; width "double" or "single"; landmark, with from_landmark when
--- the times count from it; view "survival", "failure", "cumhaz" or "loglog"; bands; last (end of
--- the axis), step; group_title; lang; id, title, description.
draw = function(given, opt)
  if type(given) == "table" and rawget(given, "panels") then return of_facets(given, opt) end
  local s = type(given) == "userdata" and of_result(given, opt) or given
  check(s)
  local w = words.get(s.lang)
  local name = spec.choice("km", "view", s.view, { "survival", "failure", "cumhaz", "loglog" })
  if name == "loglog" then return loglog(s) end
  local view = VIEWS[name]
  local style = spec.choice("km", "table", s.table, { "kmunicate", "at_risk", "none" })
  local single = spec.choice("km", "width", s.width, { "double", "single" }) == "single"
  local unit = w[s.unit or "months"] or s.unit
  local fade_below, shift = s.fade_below or 10, s.from_landmark and s.landmark or 0
  local c = svg.canvas(single and svg.SINGLE or svg.DOUBLE)

  local labels, drawn, last = {}, {}, s.last or 0
  for k, curve in ipairs(s.curves) do
    labels[k] = curve.label or w.all
    drawn[k] = steps(curve, view, shift, fade_below)
    if not s.last and #curve.time > 0 then last = math.max(last, drawn[k].t[drawn[k].n]) end
  end
  local top = timeplot.head(c, head_table(s, w, unit), s.annotation, 8) + 14
  local box = timeplot.panel(c, { top = top, height = single and 190 or 280, last = last,
    unit = s.unit or "months", step = s.step, labels = row_labels(s, w, style, labels),
    room = #labels > 1 and timeplot.label_room(labels, c.width) or 0 })
  local y = value_axis(box, drawn, view, s)

  if s.landmark then draw_landmark(c, s, box, w) end
  axis.draw_y(c, y, box.left, { grid = box.right - box.left, suffix = view.percent and "%" or "",
    label = s.ylab or w[view.label], label_x = box.left - 48 })
  axis.draw_x(c, box.x, box.bottom, { label = s.xlab or ("%s, %s"):format(w.time, unit) })
  if view.percent then draw_medians(c, s, box, y, shift) end
  draw_curves(c, s, drawn, box.x, y)
  if #labels > 1 and timeplot.label_room(labels, c.width) > 0 then
    local heights = {}
    for k, p in ipairs(drawn) do heights[k] = y:at(p.h[p.n]) end
    timeplot.end_labels(c, labels, heights, box.right, box)
  end

  local bottom = box.bottom + 46
  if style ~= "none" then
    local times = {}
    for k, tick in ipairs(box.x.ticks) do times[k] = tick.value - shift end
    local rows = riskset.rows("km", s, times)
    bottom = timeplot.table(c, box.x, risk_groups(s, w, rows, times, style), bottom,
      style == "at_risk" and w.number_at_risk or nil)
  end
  bottom = timeplot.foot(c, footnotes(s, w, drawn, fade_below), bottom + 2)
  return c:finish(bottom + 4,
    { id = s.id, title = s.title or w.kaplan_meier, numbers = numbers(s, w),
    description = s.description or describe(s, w, unit) })
end

return draw
