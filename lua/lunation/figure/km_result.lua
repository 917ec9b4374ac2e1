-- SPDX-License-Identifier: GPL-3.0-or-later
-- km_result: what the Kaplan-Meier figure takes, from the results of endpoint:km and
-- endpoint:facets.
local format = require("lunation.format")
local options = require("lunation.figure.options")

local M = {}

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

--- The specification of a result of endpoint:km: its curves, with what opt adds or replaces.
function M.curves(km, opt)
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

local function last_time(panels)
  local last = 0
  for _, panel in ipairs(panels) do
    for _, curve in panel.km:curves() do
      if #curve.time > 0 then last = math.max(last, curve.time[#curve.time]) end
    end
  end
  return last
end

-- What belongs around the panels, and not in each.
local OUTER = { "id", "title", "description", "heading", "subtitle", "caption" }

--- The panels of endpoint:facets side by side, on the same axes, each drawn by draw(result,
--- options); as lunation.figure.grid takes them.
function M.panels(facets, opt, draw)
  local panels, last = {}, last_time(facets.panels)
  local out = { panels = panels, title = facets.title }
  for _, name in ipairs(OUTER) do out[name] = opt and opt[name] or out[name] end
  for i, panel in ipairs(facets.panels) do
    local o = { width = "single", last = last / options.per_time_unit("km", opt or {},
      panel.km.unit) }
    for name, value in pairs(opt or {}) do o[name] = value end
    if panel.logrank and panel.logrank.p then
      o.annotation = { "log-rank " .. format.p(panel.logrank.p) }
    end
    for _, name in ipairs(OUTER) do o[name] = nil end
    panels[i] = { heading = facets.label .. ": " .. panel.level, figure = draw(panel.km, o) }
  end
  return out
end

return M
