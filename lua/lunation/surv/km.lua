-- SPDX-License-Identifier: GPL-3.0-or-later
-- km: Kaplan-Meier curves of an endpoint.
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"
local suggest = require "lunation.base.suggest"

local methods = core.km.class
local M = {}

local OPTIONS = {
  by = { type = "any" }, by_name = { type = "string" }, strata = { type = "any" },
  conf_type = { type = "string", default = "log", choices = { "log", "log-log", "plain", "arcsine",
    "logit", "none" } },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
  median_rule = { type = "string", default = "r", choices = { "r", "sas", "first", "below",
    "spss" } },
  survival = { type = "string", default = "kaplan-meier",
    choices = { "kaplan-meier", "fleming-harrington" } },
  hazard = { type = "string", default = "nelson-aalen",
    choices = { "nelson-aalen", "break-ties" } },
  times = { type = "numbers", default = {} }, from = { type = "number", default = 0, min = 0 },
  cause = { type = "integer", default = 0, min = 0 },
  weights = { type = "any" }, weight_type = { type = "string", default = "sampling",
    choices = { "sampling", "frequency" } },
  cluster = { type = "any" },
  reverse = { type = "any" }, ties = { type = "string", default = "deaths-first",
    choices = { "deaths-first", "plain" } },
  beyond = { type = "string", default = "na", choices = { "na", "extend" } },
}

--- Curves of an endpoint. opt: by (factor column), strata (factor: a curve for each cell of by and
--- strata), conf_type, conf_level, median_rule, times (for rows()), survival ("kaplan-meier";
--- "fleming-harrington" is exp(-hazard)), hazard ("nelson-aalen"; "break-ties" adds 1/n + 1/(n-1) +
--- ... at ties), from (curves given survival up to this time), cause (the status that counts;
--- others are censorings), weights with weight_type ("sampling": robust variance, over clusters if
--- `cluster` is given; "frequency": copies of the row), reverse (for follow-up), ties (of the
--- reverse curve), beyond ("na": no rate after a group's last time, "extend": the last one is
--- carried on).
function M.fit(endpoint, given)
  local opt = options.check("km", given, OPTIONS)
  if opt.strata then opt.by = opt.by and core.cohort.cross(opt.by, opt.strata) or opt.strata end
  local robust = opt.cluster ~= nil or opt.weights ~= nil and opt.weight_type == "sampling"
  local km = core.km.fit(endpoint.surv, { by = opt.by, conf_type = opt.conf_type,
    conf_level = opt.conf_level,
    reverse = opt.reverse and opt.ties or nil, weights = opt.weights, robust = robust,
    cluster = opt.cluster,
    cause = opt.cause, fleming_harrington = opt.survival == "fleming-harrington",
    break_ties = opt.hazard == "break-ties",
    from = opt.from })
  core.km.about(km, { title = opt.reverse and "Follow-up" or endpoint.title, unit = endpoint.unit,
    by = opt.by_name,
    median_rule = opt.median_rule, times = opt.times, beyond = opt.beyond,
    merged = endpoint.surv.merged, curves = {},
    surv = endpoint.surv, factor = opt.by, weights = opt.weights, robust = robust,
    survival = opt.survival,
    hazard = opt.hazard, from = opt.from, frequency = opt.weights and not robust })
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
  errors.raise("usage.group", label == nil and "the curves have groups: say which one"
    or ('there is no group "%s"'):format(tostring(label)),
    { hint = suggest.hint(tostring(label or ""), labels) })
end

local function total(column)
  local sum = 0
  for i = 1, #column do sum = sum + column[i] end
  return sum
end

--- The curve of a group: time, survival, lower, upper, n_risk, n_event, n_censor, cumhaz,
--- se_cumhaz, se_log (columns), n, events. n_risk, n_event and n_censor are weighted; raw_risk,
--- raw_event and raw_censor count rows.
function methods.curve(km, label)
  local g = group_number(km, label)
  local a = core.km.about(km)
  if not a.curves[g] then
    local c = km:_curve(g)
    if a.frequency then c.n, c.events = c.weight, total(c.n_event) end
    a.curves[g] = c
  end
  return a.curves[g]
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

--- The curve at time t: { time, survival, lower, upper, se, cumhaz, se_cumhaz, n_risk (just before
--- t), events and censored (up to t), entered (before t) }. Before the first time survival is 1.
--- After the last one it is nil unless it is 0 already or beyond is "extend".
function methods.at(km, t, label)
  local out = km:_at(group_number(km, label), t)
  if out.beyond and about(km, "beyond") == "na" and out.survival > 0 then
    out.survival, out.lower, out.upper, out.se, out.cumhaz, out.se_cumhaz = nil, nil, nil,
      nil, nil, nil
  end
  return out
end

--- The time by which a fraction p has had the event: { estimate, lower, upper }, nil where not
--- estimable.
function methods.quantile(km, p, label, rule)
  local estimate, lower, upper = km:_quantile(group_number(km, label), p, rule
    or about(km, "median_rule"))
  return { estimate = estimate, lower = lower, upper = upper }
end

--- The median: quantile(0.5).
function methods.median(km, label, rule) return km:quantile(0.5, label, rule) end

--- Numbers under a figure at the times: for each group { at_risk, censored, events } before the
--- time, and `entered` with delayed entry, `weighted` (at risk) with sampling weights. at_risk +
--- censored + events = entered or n.
function methods.risk_table(km, times)
  local out, a = {}, core.km.about(km)
  for label, c in km:curves() do
    local g = group_number(km, label)
    local row = { at_risk = {}, censored = {}, events = {}, entered = c.delayed and {} or nil,
      weighted = a.robust and {} or nil }
    for k, t in ipairs(times) do
      local p = km:_at(g, t, true)
      local events, censored = a.frequency and p.events or p.raw_events, a.frequency and p.censored
        or p.raw_censored
      row.at_risk[k], row.events[k], row.censored[k] = a.frequency and p.n_risk or p.raw_risk,
        events, censored
      if km.reversed == "deaths-first" then row.at_risk[k] = c.n - events - censored end
      if row.entered then row.entered[k] = row.at_risk[k] + events + censored end
      if row.weighted then row.weighted[k] = p.n_risk end
    end
    out[#out + 1] = row
  end
  return out
end

local function two_groups(km, a, b)
  local labels = km.labels
  if a and b then return a, b end
  if #labels == 2 then return labels[1], labels[2] end
  errors.raise("usage.group", ("the curves have %d groups: say which two"):format(#labels))
end

--- Survival of group b minus that of group a at time t (a and b may be left out when there are two
--- groups): { difference, se, lower, upper, z, p } by the plain comparison, { cloglog_z, cloglog_p
--- } on the complementary log-log scale (Klein, Logan, Harhoff & Andersen 2007). Fields are nil
--- where a survival is not known; the cloglog ones also where it is 0 or 1.
function methods.milestone(km, t, a, b)
  a, b = two_groups(km, a, b)
  local pa, pb = km:at(t, a), km:at(t, b)
  local out = { time = t, a = a, b = b, survival_a = pa.survival, survival_b = pb.survival }
  if not (pa.se and pb.se) then return out end
  local z = core.dist.norm_quantile(0.5 + km.conf_level / 2)
  out.difference, out.se = pb.survival - pa.survival, math.sqrt(pa.se ^ 2 + pb.se ^ 2)
  out.lower, out.upper = out.difference - z * out.se, out.difference + z * out.se
  if out.se > 0 then
    out.z = out.difference / out.se
    out.p, out.log_p = pvalue.normal(out.z)
  end
  local function cloglog(p)
    local l = math.log(p.survival)
    return math.log(-l), (p.se / (p.survival * l)) ^ 2
  end
  if pa.survival < 1 and pb.survival < 1 then
    local ca, va = cloglog(pa)
    local cb, vb = cloglog(pb)
    out.cloglog_z = (cb - ca) / math.sqrt(va + vb)
    out.cloglog_p = pvalue.normal(out.cloglog_z)
  end
  return out
end

--- Pseudo-values by the infinitesimal jackknife (as survival::pseudo): theta + n influence, for
--- theta the survival at t or (what = "rmst") the restricted mean up to t of each row's group. A
--- column in the order of the rows.
function methods.pseudo(km, t, what)
  local a = core.km.about(km)
  local influence = core.km.influence(km, a.surv, t, what == "rmst", a.factor)
  local theta, n, values = {}, {}, { n = #influence }
  for g, label in ipairs(km.labels) do
    theta[label] = what == "rmst" and km:_mean(g, t) or km:_at(g, t).survival
    n[label] = km:curve(label).n
  end
  for i = 1, #influence do
    local label = a.factor and a.factor[i] or km.labels[1]
    if label and theta[label] then values[i] = theta[label] + n[label] * influence[i] end
  end
  return core.column.number(values)
end

local RULES = {
  r = "by inverting the band (Brookmeyer and Crowley 1982; a flat stretch at one half gives its \z
    middle, as in R)",
  sas = "by inverting the band (Brookmeyer and Crowley 1982; a flat stretch at one half gives its \z
    middle, or none when it is the last, as in SAS)",
  below = "by inverting the band (Brookmeyer and Crowley 1982; the first time below one half)",
  first = "by inverting the band (Brookmeyer and Crowley 1982; the first time at or below one half)",
  spss = "symmetric, with the standard error of SPSS (density from the 55% and 45% points)",
}

local function estimator(km, a)
  if km.reversed == "deaths-first" then
    return "Reverse Kaplan-Meier estimate (censoring is the event, deaths at the same time leave \z
      first)"
  elseif km.reversed == "plain" then
    return "Reverse Kaplan-Meier estimate (censoring is the event, as R does with 1 - status)"
  elseif a.survival == "fleming-harrington" then
    return a.hazard == "break-ties" and "Fleming-Harrington estimate (ties broken)"
      or "Fleming-Harrington estimate"
  end
  return "Kaplan-Meier estimate"
end

function getters.convention(km)
  local a = core.km.about(km)
  local variance = a.robust and "the robust variance (infinitesimal jackknife)"
    or a.survival == "fleming-harrington" and "the variance of the hazard" or "Greenwood's variance"
  local out = ("%s; %g%% limits from %s on the %s scale; medians %s."):format(estimator(km, a),
    100 * km.conf_level, variance,
    km.conf_type, RULES[a.median_rule])
  if a.robust and a.weights then
    out = out .. " Sampling weights; their estimation is not in the variance."
  end
  if a.frequency then out = out .. " Weights count copies of a row." end
  if a.from > 0 then out = out .. (" Given survival up to %g %s."):format(a.from, a.unit) end
  if a.merged > 0 then
    out = out .. (" %d nearly equal times were taken as tied."):format(a.merged)
  end
  if km.missing > 0 then
    out = out .. (" %d patient%s without a value of %s left out."):format(km.missing,
      km.missing == 1 and "" or "s", a.by or "the group")
  end
  return out
end

--- One row for each estimate: n, events, median, and at the times that were asked for survival and
--- event (one minus survival).
function methods.rows(km)
  local a, out = core.km.about(km), {}
  for label, c in km:curves() do
    local group = label ~= "" and label or nil
    local n, events = math.tointeger(c.n) or c.n, math.tointeger(c.events) or c.events
    local m = km:median(label)
    out[#out + 1] = { statistic = "n", group = group, value = n, n = n, events = events }
    out[#out + 1] = { statistic = "events", group = group, value = events, n = n, events = events }
    out[#out + 1] = { statistic = "median", group = group, value = m.estimate, lower = m.lower,
      upper = m.upper, unit = a.unit,
      n = n, events = events, conf_level = km.conf_level }
    for _, t in ipairs(a.times) do
      local at = km:at(t, label)
      out[#out + 1] = { statistic = "survival", group = group, time = t, value = at.survival,
        lower = at.lower, upper = at.upper,
        se = at.se, n = n, events = events, unit = a.unit, conf_level = km.conf_level,
        warning = at.survival == nil and "no patient of this group is observed so long" or nil }
      out[#out + 1] = { statistic = "event", group = group, time = t, value = at.survival
        and 1 - at.survival,
        lower = at.upper and 1 - at.upper, upper = at.lower and 1 - at.lower, se = at.se, n = n,
        events = events, unit = a.unit,
        conf_level = km.conf_level }
    end
  end
  return out
end

--- The table of groups: n, events, median, the rates at the times. opt: see lunation.report.tables.
function methods.table(km, opt) return require("lunation.report.tables").survival(km, opt) end

local function printed(km) return require("lunation.base.result").text(km:table()) end

--- Iterates over rows().
methods.each = require("lunation.base.class").each

core.extend("lunation.surv.km", { getters = getters,
  meta = { __tostring = printed, __len = function(km) return #km:rows() end } })

return M
