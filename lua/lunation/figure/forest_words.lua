-- SPDX-License-Identifier: GPL-3.0-or-later
-- forest_words: what a forest figure takes from a result, the numbers behind it, its footnotes, and
-- it in a sentence.
local format = require("lunation.format")
local forest_table = require("lunation.figure.forest_table")
local estimate, is_drawn = forest_table.estimate, forest_table.is_drawn

local M = {}

--- The specification of a result that has hazard ratios in its rows().
function M.of_result(fit, opt)
  local s, variable = { rows = {} }, nil
  local label = opt and opt.label or function(name) return name end
  for _, row in ipairs(fit:rows()) do
    local reference = row.statistic == "reference"
    if row.statistic == "hr" or row.statistic == "shr" or reference then
      local head = not row.level and label(row.term)
        or row.variable ~= variable and label(row.variable) or nil
      variable = row.level and row.variable or nil
      if row.statistic == "shr" then s.effect = "SHR" end
      s.rows[#s.rows + 1] = { label = head, level = row.level, n = row.n, events = row.events,
        hr = not reference and row.value or nil, lower = row.lower, upper = row.upper, p = row.p,
        reference = reference or nil,
        not_estimable = not reference and row.value == nil and (row.warning or "no estimate")
          or nil }
    end
  end
  for name, value in pairs(opt or {}) do
    if name ~= "label" then s[name] = value end
  end
  local small = require("lunation.report.suppress").is_small
  for _, row in ipairs(s.suppress_below and s.rows or {}) do
    if small(row.events, s.suppress_below) or small(row.n, s.suppress_below) then
      row.n, row.events = nil, nil
    end
  end
  return s
end

--- The numbers behind the figure.
function M.numbers(s, w)
  local cols = { { key = "variable", label = w.variable }, { key = "level", label = w.level },
    { key = "n", label = w.n, align = "right" },
    { key = "events", label = w.events, align = "right" } }
  if s.models then cols[#cols + 1] = { key = "model", label = "Model" } end
  for _, key in ipairs { "hr", "lower", "upper", "p" } do
    cols[#cols + 1] = { key = key, label = key == "hr" and (s.effect or w.hr) or w[key],
      align = "decimal", decimals = key == "p" and 4 or 3 }
  end
  cols[#cols + 1] = { key = "note", label = w.note }
  local rows, variable = {}, nil
  for _, r in ipairs(s.rows) do
    variable = r.label or variable
    for m = 1, r.heading and 0 or s.models and #s.models or 1 do
      local e = estimate(r, m)
      rows[#rows + 1] = { variable = variable, level = r.level, n = r.n, events = r.events,
        model = s.models and s.models[m] or nil, hr = e.hr, lower = e.lower, upper = e.upper,
        p = e.p, note = e.reference and w.reference or e.not_estimable }
    end
  end
  return { columns = cols, rows = rows }
end

--- Why rows cannot be estimated.
function M.footnotes(s, w)
  local out, seen = {}, {}
  for _, r in ipairs(s.rows) do
    for m = 1, s.models and #s.models or 1 do
      local e = estimate(r, m)
      if e.not_estimable and not seen[r] then
        seen[r] = true
        out[#out + 1] = ("%s: %s (%s)."):format(r.level or r.label, w.not_estimable:lower(),
          e.not_estimable)
      end
    end
  end
  return out
end

--- The figure in a sentence.
function M.describe(s, w)
  local out = {}
  for _, r in ipairs(s.rows) do
    local e = estimate(r, 1)
    if is_drawn(e) then
      out[#out + 1] = ("%s %s"):format(r.level and r.label and r.label .. " " .. r.level or r.level
        or r.label, format.hr(e.hr, e.lower, e.upper))
    end
  end
  return (s.effect or w.hr) .. " (" .. w.ci95 .. "): " .. table.concat(out, "; ") .. "."
end

return M
