-- SPDX-License-Identifier: GPL-3.0-or-later
-- boot: bootstrap of an endpoint's statistics. Replicate i depends on the seed and i alone.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local result = require "lunation.base.result"
local model = require "lunation.surv.cox_model"

local M = {}
local Boot = class("bootstrap", { "at" })

local OPTIONS = {
  statistic = { type = "any", required = true }, at = { type = "number", min = 0 },
  terms = { type = "string" },
  by = { type = "any" }, by_name = { type = "string" }, strata = { type = "any" },
  cluster = { type = "any" },
  ties = { type = "string", default = "efron", choices = { "efron", "breslow", "exact" } },
  weights = { type = "any" },
  replicates = { type = "integer", default = 2000, min = 2, max = 10000000 },
  seed = { type = "integer", default = 1, min = 0 },
  limits = { type = "string", default = "percentile", choices = { "percentile", "basic", "bca" } },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
  given = { type = "table" },
}

local CURVES = { median = "median", survival = "survival", rmst = "restricted mean survival" }
local NEEDS_TIME = { survival = true, rmst = true }

-- An estimate with its replicates: { statistic, group or term, t0, t, jack }.
local function entry(statistic, name, boot, j, jackknife)
  return { statistic = statistic, name = name, t0 = boot.t0[j], t = boot:t(j), jack = jackknife
    and boot:jack(j) or nil }
end

local function difference(statistic, a, b)
  local function minus(x, y)
    local out = { n = #x }
    for i = 1, #x do if x[i] and y[i] then out[i] = x[i] - y[i] end end
    return core.column.number(out)
  end
  return { statistic = statistic .. "_difference", name = b.name .. " vs " .. a.name, t0 = a.t0
    and b.t0 and b.t0 - a.t0,
    t = minus(b.t, a.t), jack = a.jack and minus(b.jack, a.jack) or nil }
end

local function curves(endpoint, opt, task)
  if NEEDS_TIME[opt.statistic] and not opt.at then
    errors.raise("usage.option", ("bootstrap: the statistic %s needs a time: at = ..."):format(
      opt.statistic))
  end
  task.statistic, task.at, task.by = opt.statistic, opt.at, opt.by
  local boot, out = core.boot.curves(endpoint.surv, task), {}
  local labels = opt.by and opt.by.levels or { "" }
  for g, label in ipairs(labels) do
    out[g] = entry(opt.statistic, label, boot, g, task.jackknife)
  end
  for g = 2, #labels do out[#out + 1] = difference(opt.statistic, out[1], out[g]) end
  return out
end

local function cox(endpoint, opt, task)
  if not opt.terms then
    errors.raise("usage.option", 'bootstrap: the statistic hr needs a model: terms = "..."')
  end
  local design = model.design(endpoint, opt.terms)
  for _, v in ipairs(design.formula.variables) do
    if v.kind == "tt" then
      errors.raise("usage.tt", "bootstrap: the statistic hr has no tt()",
        { hint = "bootstrap a function that fits the model" })
    end
  end
  task.ties, task.model_strata, task.offset, task.weights = opt.ties, design.strata, design.offset,
    opt.weights
  task.cluster = task.cluster or design.cluster
  local boot, out = core.boot.cox(endpoint.surv, model.columns(design), task), {}
  for j, name in ipairs(design.names) do out[j] = entry("hr", name, boot, j, task.jackknife) end
  return out
end

-- The rows of replicate i of a statistic that is a Lua function.
local function resample(endpoint, task, i)
  if task.given then return task.given[i] end
  return core.boot.rows(endpoint.n, { seed = task.seed, replicate = i, strata = task.strata,
    cluster = task.cluster })
end

local function evaluate(opt, endpoint)
  local v = opt.statistic(endpoint)
  if v ~= nil and type(v) ~= "number" then
    errors.raise("usage.statistic", "bootstrap: the statistic is a number or nil, found a "
      .. type(v))
  end
  return v and v - v == 0 and v or nil
end

-- The unit that is drawn of each row: its cluster, else the row itself; and the units in order.
local function units_of(endpoint, cluster)
  local of, order, seen = {}, {}, {}
  for i = 1, endpoint.n do
    of[i] = cluster and cluster[i] or i
    if not seen[of[i]] then
      seen[of[i]] = true
      order[#order + 1] = of[i]
    end
  end
  return of, order
end

local function jackknife_of(endpoint, opt, task, sample)
  local of, order = units_of(endpoint, task.cluster)
  local out = { n = #order }
  for u, unit in ipairs(order) do
    local rows = {}
    for i = 1, endpoint.n do if of[i] ~= unit then rows[#rows + 1] = i end end
    out[u] = evaluate(opt, sample(rows))
  end
  return core.column.number(out)
end

local function function_of(endpoint, opt, task)
  local function sample(rows) return endpoint:_part(rows, endpoint.cohort:_rows(rows)) end
  local t = { n = task.given and #task.given or task.replicates }
  for i = 1, t.n do t[i] = evaluate(opt, sample(resample(endpoint, task, i))) end
  return { { statistic = "statistic", name = "", t0 = evaluate(opt, endpoint),
    t = core.column.number(t),
    jack = task.jackknife and jackknife_of(endpoint, opt, task, sample) or nil } }
end

local function title_of(opt, endpoint)
  if type(opt.statistic) == "function" then
    return "Bootstrap of a statistic, " .. endpoint.title
  end
  if opt.statistic == "hr" then return ("Bootstrap of hazard ratios, %s"):format(endpoint.title) end
  return ("Bootstrap of the %s%s, %s"):format(CURVES[opt.statistic], opt.at
    and (" at %g %s"):format(opt.at, endpoint.unit) or "",
    endpoint.title)
end

--- Bootstrap of an endpoint. opt: statistic ("median", "survival" or "rmst" with at, by; "hr" with
--- terms, ties, weights; or a function of the resampled endpoint that returns a number or nil:
--- endpoint.cohort is resampled with it, so that weights can be estimated anew), replicates, seed,
--- strata (as many patients from each stratum as it has), cluster (whole clusters), limits
--- ("percentile", "basic", "bca": BCa, Efron 1987), conf_level, given (lists of rows). Replicates
--- in which the statistic is undefined are left out and counted.
function M.endpoint(endpoint, given)
  local opt = options.check("bootstrap", given, OPTIONS)
  local task = { replicates = opt.replicates, seed = opt.seed, strata = opt.strata,
    cluster = opt.cluster, given = opt.given,
    jackknife = opt.limits == "bca" }
  local estimates
  if type(opt.statistic) == "function" then estimates = function_of(endpoint, opt, task)
  elseif opt.statistic == "hr" then estimates = cox(endpoint, opt, task)
  elseif CURVES[opt.statistic] then estimates = curves(endpoint, opt, task)
  else
    errors.raise("usage.option",
      ('bootstrap: the statistic "%s" is not known'):format(tostring(opt.statistic)),
      { hint = "known: hr, median, rmst, survival, or a function" })
  end
  for _, e in ipairs(estimates) do
    e.limits = core.boot.limits(e.t, e.t0, opt.conf_level, e.jack)
  end
  return Boot.new { estimates = estimates, opt = opt, title = title_of(opt, endpoint),
    unit = endpoint.unit, n = endpoint.n,
    replicates = opt.given and #opt.given or opt.replicates, seed = opt.seed, at = opt.at }
end

local NAMES = { percentile = "percentile", basic = "basic",
  bca = "bias-corrected and accelerated (BCa)" }

Boot.getters.convention = function(self)
  local o = self.opt
  return ("%d bootstrap replicates%s%s, seed %d; %s limits (%g%%)."):format(self.replicates,
    o.strata and ", within strata" or "",
    o.cluster and ", whole clusters" or "", self.seed, NAMES[o.limits], 100 * o.conf_level)
end

--- One row for each estimate: statistic, group or term, value, lower, upper, se, n, and a warning
--- that counts the replicates in which it is undefined. Hazard ratios with the standard error of
--- their logarithm.
function Boot.methods:rows()
  local out = {}
  for i, e in ipairs(self.estimates) do
    local hr = e.statistic == "hr"
    local function show(v) return v and (hr and math.exp(v) or v) end
    local l = e.limits[self.opt.limits]
    out[i] = { statistic = e.statistic, [hr and "term" or "group"] = e.name ~= "" and e.name or nil,
      time = self.at, value = show(e.t0),
      lower = show(l.lower), upper = show(l.upper), se = e.limits.se, n = self.n, unit = not hr
        and self.unit or nil,
      conf_level = self.opt.conf_level,
      warning = e.limits.undefined > 0 and ("undefined in %d replicates"):format(e.limits.undefined)
        or nil }
  end
  return out
end

--- The estimates as a table with their standard errors.
function Boot.methods:table()
  return require("lunation.report.tables").estimates(self,
    { se = true, conf_level = self.opt.conf_level })
end

Boot.meta.__tostring = function(self) return result.text(self:table()) end

return M
