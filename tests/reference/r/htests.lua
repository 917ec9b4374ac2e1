-- SPDX-License-Identifier: GPL-3.0-or-later
-- htests: tests of location and of tables, rates and distributions: what calls ask of stats,
-- computed
-- by this program.
local args_of = require "tests.reference.r.args"
local base = require "tests.reference.r.base"
local core = require "lunation.core"
local model = require "tests.reference.r.model"
local tables = require "tests.reference.r.tables"
local value = require "tests.reference.r.value"

local crosstab, dist, prop, ranktest = core.crosstab, core.dist, core.prop, core.ranktest
local fn, scalar = args_of.fn, args_of.scalar
local map, new, one = value.map, value.new, value.one
local F = {}
local M = { functions = F }

local function vector(x) return map(#x, function(i) return x[i] end) end

-- --- tests of location
-- ---------------------------------------------------------------------------------------

-- The numbers and groups of y ~ g, or the two samples.
local function samples(a, env)
  if a.x.formula then
    local m = model.of(a.x, a.data, env)
    return model.column(m.left), model.column(args_of.as_factor(m.columns[m.order[1]]))
  end
  return model.column(a.x), a.y and model.column(a.y)
end

local function htest(fields) return value.list(fields) end

-- R's functions of y ~ g or of x and y: data may be the second argument of a formula.
local function location(f)
  return fn("x y data", function(a, env)
    if a.x == nil then a.x = a.formula end
    if a.x.formula and a.y then a.data, a.y = a.y, nil end
    return f(a, env)
  end)
end

F["t.test"] = location(function(a, env)
  local x, y = samples(a, env)
  local r = ranktest.ttest(x, y, { pooled = scalar(a["var.equal"], false),
    conf_level = scalar(a["conf.level"], 0.95) })
  return htest { { "statistic", one(r.t) }, { "parameter", one(r.df) }, { "p.value", one(r.p) },
    { "conf.int", new { r.lower, r.upper } },
    { "estimate", new { r.mean_x, r.mean_y } } }
end)

local function yes_no(v) return v == nil and "auto" or v and "yes" or "no" end

-- R's root finding stops at 1e-4: asked for, it gives R's limits.
F["wilcox.test"] = location(function(a, env)
  local exact, limits = scalar(a.exact), scalar(a["conf.int"], false)
  local opt = { exact = yes_no(exact), correct = scalar(a.correct, true), limits = limits,
    tolerance = limits and 1e-4 or nil,
    conf_level = scalar(a["conf.level"], 0.95) }
  local r
  if scalar(a.paired) or not a.y and not a.x.formula then
    local d = a.y and base["-"] { a.x, a.y, n = 2 } or a.x
    local ok
    ok, r = pcall(ranktest.signed, model.column(d), opt)
    opt.exact = "auto" -- R warns of ties and approximates; ours refuses unless it may choose
    if not ok then r = ranktest.signed(model.column(d), opt) end
  else
    local x, y = samples(a, env)
    local ok
    ok, r = pcall(ranktest.mann_whitney, x, y, opt)
    opt.exact = "auto"
    if not ok then r = ranktest.mann_whitney(x, y, opt) end
  end
  return htest { { "statistic", one(r.stat) }, { "p.value", one(r.p) },
    { "estimate", one(r.estimate) }, { "conf.int", new { r.lower, r.upper } } }
end)

F["kruskal.test"] = location(function(a, env)
  local x, g = samples(a, env)
  local r = ranktest.kruskal(x, g)
  return htest { { "statistic", one(r.stat) }, { "parameter", one(r.df) }, { "p.value", one(r.p) } }
end)

F["oneway.test"] = location(function(a, env)
  local x, g = samples(a, env)
  local r = ranktest.anova(x, g, not scalar(a["var.equal"], false))
  return htest { { "statistic", one(r.stat) }, { "parameter", new { r.df, r.df2 } },
    { "p.value", one(r.p) } }
end)

F["cor.test"] = fn("x y method", function(a)
  local r = ranktest.correlation(model.column(a.x), model.column(a.y), scalar(a.method, "pearson"))
  return htest { { "estimate", one(r.r) }, { "statistic", one(r.t) }, { "parameter", one(r.df) },
    { "p.value", one(r.p) },
    { "conf.int", new { r.lower, r.upper } } }
end)

-- --- tables
-- ------------------------------------------------------------------------------------------------------

local function counts_of(t)
  local rows = {}
  for i = 1, t.nrow do
    rows[i] = {}
    for j = 1, t.ncol do rows[i][j] = t[(j - 1) * t.nrow + i] end
  end
  return rows
end

local function table_of(a) return a.x.nrow and a.x or tables.table({ a.x, a.y, n = 2 }, {}) end

F["fisher.test"] = fn("x y workspace", function(a)
  local t = table_of(a)
  if t.nrow > 2 or t.ncol > 2 then return htest { { "p.value",
    one(crosstab.fisher_rxc(counts_of(t))) } } end
  local r, side = crosstab.fisher(counts_of(t), scalar(a["conf.level"], 0.95), true),
    scalar(a.alternative, "two.sided")
  return htest { { "p.value", one(side == "less" and r.less or side == "greater" and r.greater
    or r.p) },
    { "estimate", one(r.odds_ratio) }, { "conf.int", new { r.lower, r.upper } } }
end)

-- R's own correction is for 2 x 2 tables only.
F["chisq.test"] = fn("x y correct", function(a)
  local t = table_of(a)
  local r = crosstab.chisq(counts_of(t), scalar(a.correct, true) and t.nrow == 2 and t.ncol == 2)
  return htest { { "statistic", one(r.stat) }, { "parameter", one(r.df) }, { "p.value", one(r.p) } }
end)

F["mantelhaen.test"] = fn("x correct", function(a)
  local d, strata, at = a.x.dims, {}, 0
  for k = 1, #d[3] do
    strata[k] = { { a.x[at + 1], a.x[at + 3] }, { a.x[at + 2], a.x[at + 4] } }
    at = at + 4
  end
  local r = crosstab.cmh(strata, scalar(a.correct, true))
  return htest { { "statistic", one(r.stat) }, { "parameter", one(r.df) }, { "p.value", one(r.p) },
    { "estimate", one(r.odds_ratio) },
    { "conf.int", new { r.lower, r.upper } } }
end)

F["prop.trend.test"] = fn("x n score", function(a)
  local score = a.score or map(a.x.n, function(i) return i end)
  local r = crosstab.trend({ table.unpack(a.x, 1, a.x.n) }, { table.unpack(a.n, 1, a.n.n) },
    { table.unpack(score, 1, score.n) })
  return htest { { "statistic", one(r.stat) }, { "parameter", one(r.df) }, { "p.value", one(r.p) } }
end)

F["mcnemar.test"] = fn("x y correct", function(a)
  local t = table_of(a)
  local r = crosstab.mcnemar(t[3], t[2], scalar(a.correct, true))
  return htest { { "statistic", one(r.stat) }, { "p.value", one(r.p) } }
end)

F.tt = fn("t", function(a) return value.list { { "stat", a.t:field "statistic" },
  { "p", a.t:field "p.value" } } end)

local METHODS = { "wald", "clopper_pearson", "wilson", "wilson_cc", "agresti_coull", "jeffreys",
  "mid_p" }

F.prop_ci = fn("x n level", function(a)
  local x, n = a.x[1], a.n[1]
  local out = { x = x, n = n, est = (prop.limits(x, n)) }
  for _, method in ipairs(METHODS) do out[method] = { select(2,
    prop.limits(x, n, method, scalar(a.level))) } end
  return value.plain_table(out)
end)

F.diff_ci = fn("x1 n1 x0 n0", function(a)
  local function compare(contrast) return prop.compare(a.x1[1], a.n1[1], a.x0[1], a.n0[1],
    contrast) end
  local function limits(contrast)
    local _, lower, upper = compare(contrast)
    return { lower, upper }
  end
  return { plain = { diff = (compare "difference_wald"), wald = limits "difference_wald",
    newcombe = limits "difference_newcombe",
    miettinen_nurminen = limits "difference_miettinen_nurminen", rr = (compare "ratio_wald"),
      rr_ci = limits "ratio_wald",
    ["or"] = (compare "odds_wald"), or_ci_woolf = limits "odds_wald" } }
end)

-- --- distributions
-- ---------------------------------------------------------------------------------------------------

-- A tail function of R: cdf, upper and log of the upper tail as the program has them, with n
-- parameters besides x.
local function tail(n, cdf, upper, log_upper)
  return function(args, names)
    local x, plain, low, log = { n = 0 }, {}, true, false
    for i = 1, args.n do
      if names[i] == "lower.tail" then low = args[i][1] elseif names[i] == "log.p" then log = args[i][1]
      else plain[#plain + 1] = args[i] end
    end
    for k = 1, n + 1 do if plain[k] then x.n = math.max(x.n, plain[k].n) end end
    local out = map(x.n, function(i)
      local v = {}
      for k = 1, n + 1 do v[k] = plain[k] and plain[k][(i - 1) % plain[k].n + 1] end
      if v[1] == nil then return nil end
      if log and not low and log_upper then return log_upper(table.unpack(v)) end
      local p = (low and cdf or upper)(table.unpack(v))
      return log and math.log(p) or p
    end)
    out.nrow, out.ncol = plain[1].nrow, plain[1].ncol
    return out
  end
end

F.pnorm = tail(0, dist.norm_cdf, dist.norm_upper, dist.norm_log_upper)
F.pchisq = tail(1, dist.chisq_cdf, dist.chisq_upper, dist.chisq_log_upper)
F.pt = tail(1, dist.t_cdf, dist.t_upper, dist.t_log_upper)
F.pf = tail(2, function(f, a, b) return 1 - dist.f_upper(f, a, b) end, dist.f_upper,
  dist.f_log_upper)
F.pbeta = tail(2, dist.beta_cdf, dist.beta_upper)
F.pbinom = tail(2, dist.binom_cdf, dist.binom_upper)
F.phyper = tail(3, dist.hyper_cdf, dist.hyper_upper)

local function quantile(n, f)
  return function(args)
    local size = 0
    for k = 1, n + 1 do size = math.max(size, args[k].n) end
    return map(size, function(i)
      local v = {}
      for k = 1, n + 1 do v[k] = args[k][(i - 1) % args[k].n + 1] end
      return f(table.unpack(v))
    end)
  end
end
F.qnorm, F.qchisq, F.qt = quantile(0, dist.norm_quantile), quantile(1, dist.chisq_quantile),
  quantile(1, dist.t_quantile)
F.qf, F.qbeta = quantile(2, dist.f_quantile), quantile(2, dist.beta_quantile)

F["p.adjust"] = fn("p method", function(a)
  local method = scalar(a.method, "holm"):lower()
  return vector(require("lunation.surv.logrank").adjust({ table.unpack(a.p, 1, a.p.n) }, method))
end)

-- --- planning ------------------------------------------------------------------------------------

local power = require "lunation.stat.power"

-- Schoenfeld's number of events.
F.ev_sch = fn("hr alpha power p r2", function(a)
  return new { power.survival({ hr = scalar(a.hr), alpha = scalar(a.alpha, 0.05),
    power = scalar(a.power, 0.8), share = scalar(a.p, 0.5), r2 = scalar(a.r2, 0) }).events }
end)

F["power.prop.test"] = fn("n p1 p2 sig.level power", function(a)
  local n = a.n and 2 * scalar(a.n) or nil
  local plan = power.proportions { p1 = scalar(a.p1), p2 = scalar(a.p2), n = n,
    alpha = scalar(a["sig.level"], 0.05), power = not n and scalar(a.power) or nil }
  return value.list { { "n", new { plan.n / 2 } }, { "power", new { plan.power } } }
end)

return M
