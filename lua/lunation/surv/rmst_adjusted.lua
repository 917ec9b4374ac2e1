-- SPDX-License-Identifier: GPL-3.0-or-later
-- rmst_adjusted: differences and ratios of restricted means between groups, adjusted for covariates
-- by regression (Tian, Zhao & Wei 2014; as survRM2's covariates).
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

local LINKS = {
  { name = "difference", link = "difference", statistic = "adjusted_rmst_difference" },
  { name = "ratio", link = "ratio", statistic = "adjusted_rmst_ratio" },
  { name = "rmtl_ratio", link = "loss_ratio", statistic = "adjusted_rmtl_ratio" },
}

-- Indicators of the levels that occur but the first: { { label, column } }, and the first level.
local function indicators(by)
  local occurs, out, first = {}, {}, nil
  for i = 1, #by do if by[i] ~= nil then occurs[by[i]] = true end end
  for _, level in ipairs(by.levels) do
    if occurs[level] and not first then
      first = level
    elseif occurs[level] then
      local values = { n = #by }
      for i = 1, #by do values[i] = by[i] == level and 1 or 0 end
      out[#out + 1] = { label = level .. " vs " .. first, column = core.column.number(values) }
    end
  end
  return out
end

-- One coefficient: on the scale of the link, and as a ratio where that is a logarithm.
local function entry(r, j, link, z)
  local b, se = r.coef[j], r.se[j]
  local out = { coef = b, se = se, z = r.z[j], p = r.p[j], estimate = b }
  if b and se then out.lower, out.upper = b - z * se, b + z * se end
  if link.link ~= "difference" then
    for _, k in ipairs { "estimate", "lower", "upper" } do out[k] = out[k] and math.exp(out[k]) end
  end
  return out
end

local function design_of(endpoint, opt)
  local design = core.design.new(opt.adjust, endpoint.cohort.patients.data,
    { intercept = false, also = opt.by and { { opt.by_name or "by", opt.by } } or nil })
  if design.strata or design.cluster or design.offset then
    errors.raise("usage.formula", "rmst: adjust takes covariates only",
      { hint = "without strata(), cluster() and offset()" })
  end
  return design
end

--- Regressions of min(T, tau) on the groups of opt.by and the covariates of opt.adjust:
--- { terms = names, groups = k (the terms 2 .. 1 + k are the groups), n, dropped, difference,
--- ratio, rmtl_ratio = lists of { coef, se, z, p, estimate, lower, upper } }; the intercept first.
function M.fit(endpoint, opt)
  local design = design_of(endpoint, opt)
  local function gather(column) return column and column:gather(design.rows) end
  local by, columns, terms = gather(opt.by), {}, { "(intercept)" }
  local groups = by and indicators(by) or {}
  for _, g in ipairs(groups) do
    columns[#columns + 1], terms[#terms + 1] = g.column, g.label
  end
  for j = 1, design.p do
    columns[#columns + 1], terms[#terms + 1] = design:x(j), design.names[j]
  end
  local surv = core.surv.new { time = gather(endpoint.time), status = gather(endpoint.status),
    start = gather(endpoint.start) }
  local z = core.dist.norm_quantile(0.5 + opt.conf_level / 2)
  local out = { terms = terms, groups = #groups, n = design.n, dropped = design.dropped,
    conf_level = opt.conf_level }
  for _, link in ipairs(LINKS) do
    local r = core.rmst.regression(surv, columns, { tau = opt.tau, by = by, cause = opt.cause,
      link = link.link, weights = gather(opt.weights) })
    out[link.name] = {}
    for j = 1, #terms do out[link.name][j] = entry(r, j, link, z) end
    if not r.converged then
      out.why = ("The regression of the %s did not converge: %s."):format(link.name, r.why)
    end
  end
  return out
end

--- One row for each coefficient but the intercept.
function M.rows(adjusted, tau, unit)
  local out = {}
  for _, link in ipairs(LINKS) do
    for j = 2, #adjusted.terms do
      local e, name = adjusted[link.name][j], adjusted.terms[j]
      local is_group = j <= 1 + adjusted.groups
      out[#out + 1] = { statistic = link.statistic, group = is_group and name or nil,
        term = not is_group and name or nil, time = tau, value = e.estimate, lower = e.lower,
        upper = e.upper, se = e.se, p = e.p, n = adjusted.n,
        unit = link.link == "difference" and unit or nil,
        warning = not e.estimate and "redundant" or nil }
    end
  end
  return out
end

return M
