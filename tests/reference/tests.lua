-- SPDX-License-Identifier: GPL-3.0-or-later
-- tests: the log-rank family, trend, several weights at once, pairs.
local shapes = dofile("tests/reference/shapes.lua")
local core = require "lunation.core"
local logrank = require "lunation.surv.logrank"

local of, named = shapes.of, shapes.named
local FH = "fleming-harrington"
local M = {}

local function test(endpoint, opt) return shapes.logrank(core.logrank.test(endpoint.surv, opt)) end

M["survdiff-lung-rho"] = function(s)
  local lung, out = s.data "lung", {}
  for name, rho in pairs { rho0 = 0, rho05 = 0.5, rho1 = 1 } do
    out[name] = test(of(lung), { by = named(lung:column "sex", "sex"), test = FH, rho = rho })
  end
  return out
end

M["survdiff-veteran-strata"] = function(s)
  local d = s.data "veteran"
  local trt, cell, prior = named(d:column "trt", "trt"), d:column "celltype",
    named(d:column "prior", "prior")
  return { trt_by_cell = test(of(d), { by = trt, strata = cell }),
    trt_by_cell_rho1 = test(of(d), { by = trt, strata = cell, test = FH, rho = 1 }),
    celltype = test(of(d), { by = cell }),
    celltype_by_prior = test(of(d), { by = cell, strata = prior }) }
end

local FAMILY = { logrank = { "logrank" }, gehan = { "gehan" }, tarone_ware = { "tarone-ware" },
  peto = { "peto" },
  mod_peto = { "modified-peto" }, fh10 = { FH, 1, 0 }, fh01 = { FH, 0, 1 }, fh11 = { FH, 1, 1 },
  fh0505 = { FH, 0.5, 0.5 } }

M["wlr-family-veteran"] = function(s)
  local d, out = s.data "veteran", {}
  for name, f in pairs(FAMILY) do
    out[name] = test(of(d), { by = named(d:column "trt", "trt"), test = f[1], rho = f[2],
      gamma = f[3] })
  end
  return out
end

M["wlr-trend-veteran"] = function(s)
  local d, out, scores = s.data "veteran", {}, { 1, 2, 3, 4 }
  for _, name in ipairs { "logrank", "gehan", "tarone_ware", "fh01" } do
    local f = FAMILY[name]
    local r = core.logrank.test(of(d).surv, { by = d:column "celltype", test = f[1], rho = f[2],
      gamma = f[3], scores = scores })
    out[name] = shapes.logrank(r)
    out[name].trend = { scores = scores, chisq = r.trend_z[1] ^ 2, df = 1,
      p = 2 * core.dist.norm_upper(math.abs(r.trend_z[1])) }
  end
  return out
end

M["maxcombo-lung"] = function(s)
  local lung = s.data "lung"
  local r = logrank.maxcombo(of(lung), { by = named(lung:column "sex", "sex") })
  return { pairs = r.tests, U = r.difference, z = r.z, corr = r.correlation,
    max_abs_z = r.statistic, p_two_sided = r.p }
end

M["pairwise-veteran"] = function(s)
  local d, out = s.data "veteran", {}
  for name, method in pairs { none = "none", bonferroni = "bonferroni", holm = "holm",
    hochberg = "hochberg", hommel = "hommel",
    BH = "bh", BY = "by" } do
    local r = logrank.pairwise(of(d), { by = d:column "celltype", adjust = method })
    out[name] = {}
    for i, pair in ipairs(r.pairs) do out[name][i] = pair.adjusted end
  end
  return { p = out }
end

return M
