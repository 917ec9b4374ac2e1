-- SPDX-License-Identifier: GPL-3.0-or-later
-- km: Kaplan-Meier curves of an endpoint.
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.options"
local suggest = require "lunation.suggest"

local methods = core.km.class
local M = {}

local OPTIONS = {
  by = { type = "any" }, by_name = { type = "string" }, strata = { type = "any" },
  conf_type = { type = "string", default = "log", choices = { "log", "log-log", "plain", "arcsine", "logit" } },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
  median_rule = { type = "string", default = "r", choices = { "r", "sas", "spss" } },
  times = { type = "numbers", default = {} }, weights = { type = "any" },
  reverse = { type = "any" }, ties = { type = "string", default = "deaths-first", choices = { "deaths-first", "plain" } },
  beyond = { type = "string", default = "na", choices = { "na", "extend" } },
}

--- Curves of an endpoint. opt: by (factor column), conf_type, conf_level, median_rule, times (for rows()),
--- reverse (for follow-up), ties (of the reverse curve), beyond ("na": no rate after a group's last time,
--- "extend": the last one is carried on).
function M.fit(endpoint, given)
  local opt = options.check("km", given, OPTIONS)
  local reverse = opt.reverse and opt.ties or nil
  local km = core.km.fit(endpoint.surv, { by = opt.by, conf_type = opt.conf_type, conf_level = opt.conf_level, reverse = reverse,
    weights = opt.weights })
  core.km.about(km, { title = opt.reverse and "Follow-up" or endpoint.title, unit = endpoint.unit, by = opt.by_name,
    median_rule = opt.median_rule, times = opt.times, beyond = opt.beyond, merged = endpoint.surv.merged, curves = {} })
  return km
end

local function about(km, field) return core.km.about(km)[field] end

local getters = {
  title = function(km) return about(km, "title") end,
  unit = function(km) return about(km, "unit") end,
}

local function group_number(km, label)
  local labels = km.labels
  if label == nil and #labels == 1 then return 1 end
  for g, l in ipairs(labels) do if l == label then return g end end
  errors.raise("usage.group", label == nil and "the curves have groups: say which one" or ('there is no group "%s"'):format(tostring(label)),
    { hint = suggest.hint(tostring(label or ""), labels) })
end

--- The curve of a group: time, survival, lower, upper, n_risk, n_event, n_censor, cumhaz (columns), n, events.
function methods.curve(km, label)
  local g = group_number(km, label)
  local held = core.km.about(km).curves
  held[g] = held[g] or km:_curve(g)
  return held[g]
end

--- for label, curve in km:curves() do ... end; groups without rows are passed over.
function methods.curves(km)
  local g, labels = 0, km.labels
  return function()
    repeat
      g = g + 1
      if not labels[g] then return nil end
    until km:curve(labels[g]).n > 0
    return labels[g], km:curve(labels[g])
  end
end

-- Number of times up to and including t.
local function steps_until(time, t)
  local lo, hi = 0, #time
  while lo < hi do
    local mid = (lo + hi + 1) // 2
    if time[mid] <= t then lo = mid else hi = mid - 1 end
  end
  return lo
end

--- The curve at time t: { time, survival, lower, upper, se, n_risk (just before t), events, censored (up to t) }.
--- Before the first time survival is 1. After the last one it is nil unless beyond is "extend".
function methods.at(km, t, label)
  local c = km:curve(label)
  local i, n = steps_until(c.time, t), #c.time
  local out = { time = t, survival = 1, lower = 1, upper = 1, se = 0, n_risk = 0, events = 0, censored = 0 }
  if i > 0 then
    out.survival, out.lower, out.upper = c.survival[i], c.lower[i], c.upper[i]
    out.se = c.survival[i] > 0 and c.survival[i] * c.se_log[i] or nil
  end
  for j = 1, i do
    out.events, out.censored = out.events + c.n_event[j], out.censored + c.n_censor[j]
  end
  local next_at = i > 0 and c.time[i] == t and i or i + 1
  out.n_risk = next_at <= n and c.n_risk[next_at] or 0
  if n > 0 and t > c.time[n] and about(km, "beyond") == "na" and c.survival[n] > 0 then
    out.survival, out.lower, out.upper, out.se = nil, nil, nil, nil
  end
  return out
end

--- The time by which a fraction p has had the event: { estimate, lower, upper }, nil where not estimable.
function methods.quantile(km, p, label, rule)
  local estimate, lower, upper = km:_quantile(group_number(km, label), p, rule or about(km, "median_rule"))
  return { estimate = estimate, lower = lower, upper = upper }
end

--- The median: quantile(0.5).
function methods.median(km, label, rule) return km:quantile(0.5, label, rule) end

--- Numbers under a figure at the times: for each group { at_risk, censored, events }, summing to n.
function methods.risk_table(km, times)
  local out = {}
  for _, c in km:curves() do
    local row = { at_risk = {}, censored = {}, events = {} }
    local i, events, censored, entered = 1, 0, 0, c.n
    for k, t in ipairs(times) do
      while i <= #c.time and c.time[i] < t do
        events, censored = events + c.n_event[i], censored + c.n_censor[i]
        i = i + 1
      end
      row.at_risk[k], row.events[k], row.censored[k] = entered - events - censored, events, censored
    end
    out[#out + 1] = row
  end
  return out
end

local RULES = {
  r = "by inverting the band (Brookmeyer and Crowley 1982; a flat stretch at one half gives its middle, as in R)",
  sas = "by inverting the band (Brookmeyer and Crowley 1982; the first time at or below one half)",
  spss = "symmetric, with the standard error of SPSS (density from the 55% and 45% points)",
}

function getters.convention(km)
  local a = core.km.about(km)
  local what = km.reversed == "no" and "Kaplan-Meier estimate"
    or ("Reverse Kaplan-Meier estimate (censoring is the event%s)"):format(km.reversed == "deaths-first"
      and ", deaths at the same time leave first" or ", as R does with 1 - status")
  local out = ("%s; %g%% limits from Greenwood's variance on the %s scale; medians %s."):format(what, 100 * km.conf_level,
    km.conf_type, RULES[a.median_rule])
  if a.merged > 0 then out = out .. (" %d nearly equal times were taken as tied."):format(a.merged) end
  if km.missing > 0 then
    out = out .. (" %d patient%s without a value of %s left out."):format(km.missing, km.missing == 1 and "" or "s", a.by or "the group")
  end
  return out
end

--- One row for each estimate: n, events, median, and at the times that were asked for survival and event
--- (one minus survival).
function methods.rows(km)
  local a, out = core.km.about(km), {}
  for label, c in km:curves() do
    local group = label ~= "" and label or nil
    local n, events = math.tointeger(c.n) or c.n, math.tointeger(c.events) or c.events
    local m = km:median(label)
    out[#out + 1] = { statistic = "n", group = group, value = n, n = n, events = events }
    out[#out + 1] = { statistic = "events", group = group, value = events, n = n, events = events }
    out[#out + 1] = { statistic = "median", group = group, value = m.estimate, lower = m.lower, upper = m.upper, unit = a.unit,
      n = n, events = events, conf_level = km.conf_level }
    for _, t in ipairs(a.times) do
      local at = km:at(t, label)
      out[#out + 1] = { statistic = "survival", group = group, time = t, value = at.survival, lower = at.lower, upper = at.upper,
        se = at.se, n = n, events = events, unit = a.unit, conf_level = km.conf_level,
        warning = at.survival == nil and "no patient of this group is observed so long" or nil }
      out[#out + 1] = { statistic = "event", group = group, time = t, value = at.survival and 1 - at.survival,
        lower = at.upper and 1 - at.upper, upper = at.lower and 1 - at.lower, se = at.se, n = n, events = events, unit = a.unit,
        conf_level = km.conf_level }
    end
  end
  return out
end

local function printed(km)
  local a, rows = core.km.about(km), {}
  local columns = { { label = a.by or "" }, { label = "n", align = "right" }, { label = "events", align = "right" },
    { label = ("median, %s (%g%% CI)"):format(a.unit, 100 * km.conf_level) } }
  for _, t in ipairs(a.times) do columns[#columns + 1] = { label = ("%g %s"):format(t, a.unit) } end
  for label, c in km:curves() do
    local m = km:median(label)
    local row = { label ~= "" and label or "all", format.integer(c.n), format.integer(c.events), format.time(m.estimate, m.lower, m.upper) }
    for _, t in ipairs(a.times) do
      local at = km:at(t, label)
      row[#row + 1] = format.rate(at.survival, at.lower, at.upper)
    end
    rows[#rows + 1] = row
  end
  return a.title .. "\n" .. require("lunation.result").grid(columns, rows) .. km.convention
end

core.extend("lunation.km", { getters = getters, meta = { __tostring = printed } })

return M
