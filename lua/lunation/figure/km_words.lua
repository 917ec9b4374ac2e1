-- SPDX-License-Identifier: GPL-3.0-or-later
-- km_words: the texts of the Kaplan-Meier figure: its head, its footnotes, its description, the
-- numbers behind it.
local format = require("lunation.format")
local plain = require("lunation.figure.km_steps").plain

local M = {}

--- Whether a curve comes to its median.
function M.has_median(curve)
  local m = curve.median and curve.median.estimate
  return m and m == m and m < math.huge
end

-- The number of events as the head and the description show it; curves add up to a known total.
local function shown_events(s, curve)
  local k, small = s.suppress_below, require("lunation.report.suppress")
  local hidden = k and small.groups(s.curves, k) or {}
  for i, c in ipairs(s.curves) do
    if c == curve and hidden[i] then
      return small.is_small(c.events, k) and small.label(k) or "–"
    end
  end
  return format.integer(curve.events)
end

--- The head: a row for each curve.
function M.head(s, w, unit)
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

--- What the figure shows and how, as sentences.
function M.footnotes(s, w, drawn, about)
  local out, faded, banded = {}, false, false
  for _, p in ipairs(drawn) do
    faded, banded = faded or p.fade < p.n, banded or p.banded
  end
  if about.bands and banded then
    out[1] = w.bands:format(format.number(100 * (s.conf_level or 0.95), 0) .. "%",
      s.conf_type or "log")
  end
  out[#out + 1] = w.ticks
  if s.from_landmark then out[#out + 1] = w.from_landmark end
  if faded then out[#out + 1] = w.faded:format(about.fade_below) end
  if about.broken then out[#out + 1] = w.axis_from:format(about.broken) end
  return out
end

--- The figure in a sentence.
function M.describe(s, w, unit)
  local out = {}
  for i, curve in ipairs(s.curves) do
    out[i] = ("%s: %d patients, %s events%s"):format(curve.label or w.all, curve.n,
      shown_events(s, curve),
      M.has_median(curve) and (", median " .. format.time(curve.median.estimate) .. " " .. unit)
      or "")
  end
  return table.concat(out, "; ") .. "." .. (s.annotation and " " .. table.concat(s.annotation, "; ")
    .. "." or "")
end

--- The numbers behind the figure.
function M.numbers(s, w)
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

return M
