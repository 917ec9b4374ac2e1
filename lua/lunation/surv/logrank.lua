-- SPDX-License-Identifier: GPL-3.0-or-later
-- logrank: weighted log-rank tests of an endpoint's groups, and all pairs with adjusted p-values.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"

local M = {}
local TESTS = { "logrank", "gehan", "tarone-ware", "peto", "modified-peto", "fleming-harrington" }

-- Sampling weights, with the robust variance of survey::svylogrank.
local WEIGHTED = { weights = { type = "any" }, cluster = { type = "any" },
  ties = { type = "string", default = "efron", choices = { "efron", "breslow" } } }

local function with_weights(known)
  for name, rule in pairs(WEIGHTED) do known[name] = rule end
  return known
end

local OPTIONS = with_weights {
  by = { type = "any", required = true }, by_name = { type = "string" }, strata = { type = "any" },
  test = { type = "string", default = "logrank", choices = TESTS },
  rho = { type = "number", default = 0, min = 0, max = 10 },
  gamma = { type = "number", default = 0, min = 0, max = 10 },
  trend = { type = "any" },
}

local TITLES = { logrank = "Log-rank test", gehan = "Gehan-Breslow (Wilcoxon) test",
  ["tarone-ware"] = "Tarone-Ware test",
  peto = "Peto-Peto test", ["modified-peto"] = "modified Peto test",
  ["fleming-harrington"] = "Fleming-Harrington test" }

-- The core's options for weights.
local function core_weights(opt, into)
  into.weights, into.cluster, into.efron = opt.weights, opt.weights and opt.cluster, opt.weights
    and opt.ties == "efron"
  return into
end

local function say_weights(self)
  if not self.weighted then return "" end
  return ("; sampling weights, robust score variance%s, %s ties; the estimation of the weights is \z
    not in it"):format(
    self.clustered and " over clusters" or "", self.weighted == "efron" and "Efron's"
      or "Breslow's")
end

local LogRank = class("logrank", { "trend_z", "trend_p", "p", "chisq", "log10_p", "by", "weighted",
  "clustered" })

--- Test of an endpoint's groups. opt: by (factor), strata (factor), test, rho, gamma, trend (true
--- for scores 1, 2, ..., or a list of scores), weights (sampling weights: robust score variance,
--- over clusters when `cluster` is given) with ties ("efron": means and hazards at ties as
--- survey::svylogrank; "breslow": those of the test).
function M.fit(endpoint, given)
  local opt = options.check("logrank", given, OPTIONS)
  local scores = opt.trend
  if scores == true then
    scores = {}
    for g = 1, #opt.by.levels do scores[g] = g end
  end
  local r = core.logrank.test(endpoint.surv,
    core_weights(opt, { by = opt.by, strata = opt.strata, test = opt.test, rho = opt.rho,
    gamma = opt.gamma, scores = scores }))
  r.weighted, r.clustered = opt.weights and opt.ties, opt.weights and opt.cluster ~= nil
  r.title, r.by, r.stratified, r.rho, r.gamma = TITLES[opt.test], opt.by_name, opt.strata ~= nil,
    opt.rho, opt.gamma
  r.trend_z = r.trend_z and r.trend_z[1]
  if r.trend_z then r.trend_p = pvalue.normal(r.trend_z) end
  return LogRank.new(r)
end

function LogRank.getters.convention(self)
  local weights = self.test == "fleming-harrington"
    and (" with rho %g and gamma %g"):format(self.rho, self.gamma) or ""
  return ("%s%s%s%s."):format(self.title, weights, self.stratified and ", stratified"
    or "", say_weights(self))
end

function LogRank.methods:rows()
  local _, log_p = pvalue.chisq(self.chisq, self.df)
  local out = { { statistic = "chisq", value = self.chisq, n = self.used, df = self.df },
    { statistic = "p", value = self.p, log_p = log_p, n = self.used, warning = self.df == 0
      and "no groups to compare" or nil } }
  if self.trend_p then
    local p, log_trend = pvalue.normal(self.trend_z)
    out[#out + 1] = { statistic = "p_trend", value = p, log_p = log_trend, n = self.used }
  end
  return out
end

LogRank.meta.__tostring = function(self)
  if self.df == 0 then return ("%s: no groups to compare"):format(self.title) end
  local out = ("%s%s: chi-square %s on %d degree%s of freedom, %s"):format(self.title,
    self.stratified and ", stratified" or "",
    format.number(self.chisq, 2), self.df, self.df == 1 and "" or "s", format.p(self.p))
  if self.trend_p then out = out .. "; trend " .. format.p(self.trend_p) end
  return self.weighted and out .. "\n" .. self.convention or out
end

-- --- several weights at once ---------------------------------------------------------------------

local COMBINED = { { 0, 0 }, { 0, 1 }, { 1, 1 }, { 1, 0 } }

local MAX_OPTIONS = with_weights { by = OPTIONS.by, by_name = OPTIONS.by_name,
  strata = OPTIONS.strata,
  tests = { type = "list", default = COMBINED } }

local MaxCombo = class("maxcombo", { "by", "p", "statistic", "weighted", "clustered" })

--- The largest of several Fleming-Harrington tests of two groups, its p-value from their joint
--- normal distribution (Lee 2007; Karrison 2016). opt: by (factor of two levels), strata, tests
--- (list of { rho, gamma }, at most four of them independent; the log-rank test and those that
--- weigh late, middle and early differences), weights, cluster and ties as of the log-rank test.
function M.maxcombo(endpoint, given)
  local opt = options.check("maxcombo", given, MAX_OPTIONS)
  if #opt.by.levels ~= 2 then
    errors.raise("usage.groups", ("maxcombo: two groups are compared, found %d levels"):format(
      #opt.by.levels))
  end
  local tests = {}
  for a, w in ipairs(opt.tests) do
    tests[a] = { test = "fleming-harrington", rho = w[1], gamma = w[2] }
  end
  local r = core.logrank.test(endpoint.surv,
    core_weights(opt, { by = opt.by, strata = opt.strata, scores = { 1, 0 }, tests = tests }))
  local m, flat = #tests, {}
  local out = { title = "MaxCombo test", by = opt.by_name, labels = r.labels, tests = opt.tests,
    stratified = opt.strata ~= nil,
    weighted = opt.weights and opt.ties, clustered = opt.weights and opt.cluster ~= nil,
    difference = {}, z = {}, correlation = {}, n = r.n, used = r.used, df = r.df }
  for a = 1, m do
    out.difference[a], out.z[a], out.correlation[a] = r.observed[2 * a - 1] - r.expected[2 * a - 1],
      r.trend_z[a], {}
    local statistic = math.abs(r.trend_z[a])
    if statistic == statistic then out.statistic = math.max(out.statistic or 0, statistic) end
    for b = 1, m do
      local c = r.trend_variance[m * (a - 1) + b] / math.sqrt(
        r.trend_variance[(m + 1) * a - m] * r.trend_variance[(m + 1) * b - m])
      out.correlation[a][b], flat[m * (a - 1) + b] = c, c
    end
  end
  if out.statistic and out.statistic > 0 then
    local ok = true
    for i = 1, #flat do ok = ok and flat[i] == flat[i] end
    out.p = ok and core.logrank.max_tail(flat, out.statistic) or nil
  end
  return MaxCombo.new(out)
end

function MaxCombo.getters.convention(self)
  local names = {}
  for a, w in ipairs(self.tests) do names[a] = ("(%g, %g)"):format(w[1], w[2]) end
  return ("Largest of the Fleming-Harrington tests with (rho, gamma) = %s%s; p-value from their \z
    joint normal distribution%s.")
    :format(table.concat(names, ", "), self.stratified and ", stratified" or "", say_weights(self))
end

function MaxCombo.methods:rows()
  return { { statistic = "max_z", value = self.statistic, n = self.used },
    { statistic = "p", value = self.p, n = self.used, warning = not self.p
      and "not estimable" or nil } }
end

MaxCombo.meta.__tostring = function(self)
  if not self.p then return self.title .. ": not estimable" end
  return ("%s: largest |z| %s, %s\n%s"):format(self.title, format.number(self.statistic, 2),
    format.p(self.p), self.convention)
end

-- --- all pairs -----------------------------------------------------------------------------------

local PAIR_OPTIONS = with_weights {
  by = OPTIONS.by, by_name = OPTIONS.by_name, strata = OPTIONS.strata, test = OPTIONS.test,
  rho = OPTIONS.rho, gamma = OPTIONS.gamma,
  adjust = { type = "string", default = "holm", choices = { "holm", "hochberg", "hommel", "bh",
    "by", "bonferroni", "none" } },
}

local Pairwise = class("pairwise", { "by", "weighted", "clustered", "shared" })

local ADJUST = {}

-- Each gets the p-values in increasing order and gives them adjusted, before the limit of 1.
function ADJUST.none(p) return p end

function ADJUST.bonferroni(p)
  local out = {}
  for i = 1, #p do out[i] = p[i] * #p end
  return out
end

function ADJUST.holm(p)
  local out, worst = {}, 0
  for i = 1, #p do
    worst = math.max(worst, p[i] * (#p - i + 1))
    out[i] = worst
  end
  return out
end

local function step_up(p, factor)
  local out, best = {}, math.huge
  for i = #p, 1, -1 do
    best = math.min(best, p[i] * factor(i, #p))
    out[i] = best
  end
  return out
end

function ADJUST.hochberg(p) return step_up(p, function(i, m) return m - i + 1 end) end
function ADJUST.bh(p) return step_up(p, function(i, m) return m / i end) end

function ADJUST.by(p)
  local harmonic = 0
  for i = 1, #p do harmonic = harmonic + 1 / i end
  return step_up(p, function(i, m) return harmonic * m / i end)
end

-- Hommel (1988) in the form of Wright (1992).
function ADJUST.hommel(p)
  local n, q, out = #p, {}, {}
  local first = math.huge
  for i = 1, n do first = math.min(first, n * p[i] / i) end
  for i = 1, n do q[i], out[i] = first, first end
  for m = n - 1, 2, -1 do
    local least = math.huge
    for k = 2, m do least = math.min(least, m * p[n - m + k] / k) end
    for i = 1, n - m + 1 do q[i] = math.min(m * p[i], least) end
    for i = n - m + 2, n do q[i] = q[n - m + 1] end
    for i = 1, n do out[i] = math.max(out[i], q[i]) end
  end
  for i = 1, n do out[i] = math.max(out[i], p[i]) end
  return out
end

--- Adjusts a list of p-values (Holm 1979, Hochberg 1988, Hommel 1988, Benjamini & Hochberg 1995,
--- Benjamini & Yekutieli 2001, Bonferroni, none).
function M.adjust(p, method)
  local order, sorted, out = {}, {}, {}
  for i = 1, #p do order[i] = i end
  table.sort(order, function(a, b)
    if p[a] ~= p[b] then return p[a] < p[b] end
    return a < b
  end)
  for i, at in ipairs(order) do sorted[i] = p[at] end
  for i, v in ipairs(ADJUST[method](sorted)) do out[order[i]] = math.min(1, v) end
  return out
end

-- The response and the columns of the rows in either of two groups.
local function pair_test(endpoint, opt, a, b)
  local codes = { n = #opt.by }
  for i = 1, #opt.by do
    local v = opt.by[i]
    if v == a or v == b then codes[i] = v end
  end
  return core.logrank.test(endpoint.surv,
    core_weights(opt, { by = core.column.factor(codes, { a, b }), strata = opt.strata,
    test = opt.test, rho = opt.rho, gamma = opt.gamma }))
end

--- All pairs of an endpoint's groups. opt: by, strata, test, adjust; weights, cluster and ties as
--- of the log-rank test.
function M.pairwise(endpoint, given)
  local opt = options.check("pairwise", given, PAIR_OPTIONS)
  local levels, pairs_, p = opt.by.levels, {}, {}
  if #levels < 2 then errors.raise("data.one-group", "pairwise: there is one group only") end
  for i = 1, #levels do
    for j = i + 1, #levels do
      local r = pair_test(endpoint, opt, levels[i], levels[j])
      if r.df > 0 then
        pairs_[#pairs_ + 1] = { a = levels[i], b = levels[j], p = r.p, chisq = r.chisq, n = r.used,
          df = r.df }
        p[#p + 1] = r.p
      end
    end
  end
  for k, v in ipairs(M.adjust(p, opt.adjust)) do pairs_[k].adjusted = v end
  return Pairwise.new { pairs = pairs_, method = opt.adjust, test = opt.test,
    title = TITLES[opt.test], by = opt.by_name,
    stratified = opt.strata ~= nil, weighted = opt.weights and opt.ties, clustered = opt.weights
      and opt.cluster ~= nil }
end

local METHOD_NAMES = { holm = "Holm", hochberg = "Hochberg", hommel = "Hommel",
  bh = "Benjamini-Hochberg", by = "Benjamini-Yekutieli",
  bonferroni = "Bonferroni", none = "no adjustment" }

function Pairwise.getters.convention(self)
  local shared = (self.shared or 0) > 0
    and (" %d patients are in more than one group and count in each: the "
    .. "groups of a pair are then not independent."):format(self.shared) or ""
  return ("%s of each pair on its own patients%s; p-values adjusted for %d comparisons by %s%s."):format(self.title,
    self.stratified and ", stratified" or "", #self.pairs, METHOD_NAMES[self.method],
    say_weights(self)) .. shared
end

function Pairwise.methods:rows()
  local out = {}
  for _, pair in ipairs(self.pairs) do
    local name = pair.a .. " vs " .. pair.b
    local _, log_p = pvalue.chisq(pair.chisq, pair.df)
    out[#out + 1] = { statistic = "p", group = name, value = pair.p, log_p = log_p, n = pair.n }
    out[#out + 1] = { statistic = "p_adjusted", group = name, value = pair.adjusted, n = pair.n }
  end
  return out
end

--- The pairs as a table. opt: see lunation.report.tables.
function Pairwise.methods:table(opt)
  return require("lunation.report.tables").pairwise(self, opt)
end

Pairwise.meta.__tostring = function(self)
  return require("lunation.base.result").text(self:table())
end

return M
