-- SPDX-License-Identifier: GPL-3.0-or-later
-- weights: propensity-score weights of two groups, with balance before and after.
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local glm = require "lunation.stat.glm"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"
local result = require("lunation.base.result").class

local M = {}
local Weights, Balance = result("weights"), result("balance")

-- Weight of a patient in group a (1 treated) with propensity score p, and its slope in p; scale:
-- denominator of the SMD.
local ESTIMANDS = {
  ATE = { scale = "pooled", weight = function(a, p) return a == 1 and 1 / p or 1 / (1 - p) end,
    slope = function(a, p) return a == 1 and -1 / p ^ 2 or 1 / (1 - p) ^ 2 end },
  ATT = { scale = "treated", weight = function(a, p) return a == 1 and 1 or p / (1 - p) end,
    slope = function(a, p) return a == 1 and 0 or 1 / (1 - p) ^ 2 end },
  ATC = { scale = "control", weight = function(a, p) return a == 1 and (1 - p) / p or 1 end,
    slope = function(a, p) return a == 1 and -1 / p ^ 2 or 0 end },
  overlap = { scale = "pooled", weight = function(a, p) return a == 1 and 1 - p or p end,
    slope = function(a) return a == 1 and -1 or 1 end },
  matching = { scale = "pooled", weight = function(a, p)
    return math.min(p, 1 - p) / (a == 1 and p or 1 - p)
  end,
    slope = function(a, p)
      if (a == 1) == (p < 0.5) then return 0 end
      return a == 1 and -1 / p ^ 2 or 1 / (1 - p) ^ 2
    end },
}

local OPTIONS = {
  estimand = { type = "string", choices = { "ATE", "ATT", "ATC", "overlap", "matching" },
    default = "ATE" },
  stabilised = { type = "boolean", default = false },
  trim = { type = "number", min = 0.5, max = 1 } }

--- Propensity-score weights: weights.of(cohort, "surgery ~ age + bclc", opt). The second level of
--- the group is the treated. opt: estimand, stabilised (ATE times the share of the group), trim
--- (weights above this quantile are set to it, R type 7). Incomplete rows have no weight and are
--- counted.
function M.of(cohort, text, opt)
  opt = options.check("weights", opt, OPTIONS)
  local m = glm.model(cohort, text)
  if #m.y.levels ~= 2 then
    errors.raise("data.outcome",
      ("weights: the group has %d levels, expected 2"):format(#m.y.levels))
  end
  local f = core.glm.logit(m.y, m.columns)
  local n, estimand, group, score, w, slope, treated = f.n, ESTIMANDS[opt.estimand], {},
    {}, {}, {}, 0
  for i = 1, n do
    group[i] = m.y[i] == m.y.levels[2] and 1 or 0
    treated = treated + group[i]
    score[i] = f.fitted[2 * i]
    w[i], slope[i] = estimand.weight(group[i], score[i]), estimand.slope(group[i], score[i])
  end
  if opt.stabilised then
    if opt.estimand ~= "ATE" then
      errors.raise("usage.option", "weights: only ATE weights are stabilised")
    end
    for i = 1, n do
      local share = (group[i] == 1 and treated or n - treated) / n
      w[i], slope[i] = w[i] * share, slope[i] * share
    end
  end
  local cut = opt.trim and core.summary.quantile(w, opt.trim)
  for i = 1, cut and n or 0 do
    if w[i] > cut then w[i], slope[i] = cut, 0 end
  end
  local values, rows = { n = #cohort.patients }, m.design.rows
  for i = 1, n do values[rows[i]] = w[i] end
  local names = { ATE = "average treatment effect", ATT = "effect in the treated",
    ATC = "effect in the untreated",
    overlap = "overlap weights", matching = "matching weights" }
  return Weights.new { cohort = cohort, values = core.column.number(values), used = w,
    slope = slope, treated = group, share = opt.stabilised and treated / n or false, group = m.y,
    model = m, score = score, fit = f,
    estimand = opt.estimand, cut = cut or false, n = n, dropped = m.design.dropped,
    scale = estimand.scale, why = f.why, formula = text,
    convention = ("propensity score by logistic regression; %s%s%s"):format(names[opt.estimand],
      opt.stabilised and ", stabilised" or "",
      opt.trim and (", trimmed at the %g%% quantile"):format(100 * opt.trim) or "") }
end

-- Weight of each patient of the cohort that the weights were made for, by key.
local function by_key(self)
  local keys, out = self.cohort:column(self.cohort.patients.key), {}
  for i = 1, #keys do out[keys[i]] = self.values[i] end
  return out
end

--- The weights as a column with a row for each row of an endpoint. v: weights of a cohort (joined
--- by the patients' key), a column, its name, a list, or nil.
function M.column(endpoint, v)
  if type(v) == "string" then return endpoint.cohort:column(v) end
  if not Weights.is(v) or endpoint.cohort == v.cohort then
    return Weights.is(v) and v.values or v
  end
  local key = v.cohort.patients.key
  if not key or endpoint.cohort.patients.key ~= key then
    if endpoint.n == #v.values then return v.values end
    errors.raise("usage.weights", ("the weights are of %d patients, the endpoint of %d"):format(
      #v.values, endpoint.n),
      { hint = 'read the patients with a key, so that the two can be joined' })
  end
  local of, keys, values = by_key(v), endpoint.cohort:column(key), { n = endpoint.n }
  for i = 1, endpoint.n do values[i] = of[keys[i]] end
  return core.column.number(values)
end

-- --- standard errors that include the estimation of the weights ----------------------------------

-- For each row of an endpoint its number among the patients with a weight.
local function positions(self, endpoint)
  local of, out = {}, {}
  local key = endpoint.cohort ~= self.cohort and self.cohort.patients.key
  local from, to = key and self.cohort:column(key), key and endpoint.cohort:column(key)
  for i, row in ipairs(self.model.design.rows) do of[from and from[row] or row] = i end
  for r = 1, endpoint.n do out[r] = of[to and to[r] or r] end
  return out
end

-- vcov (row by row) times g.
local function times(vcov, g)
  local out, m = {}, #g
  for j = 1, m do
    out[j] = 0
    for l = 1, m do out[j] = out[j] + vcov[(j - 1) * m + l] * g[l] end
  end
  return out
end

-- The covariates of the propensity model as lists.
local function covariates(self)
  local lists = {}
  for j, column in ipairs(self.model.columns) do lists[j] = column:totable() end
  return lists
end

-- Sum of s[i] z over the patients, z being 1 and the covariates.
local function sum_of_products(s, lists)
  local g = { 0 }
  for i = 1, #s do g[1] = g[1] + s[i] end
  for j, x in ipairs(lists) do
    local sum = 0
    for i = 1, #s do sum = sum + s[i] * x[i] end
    g[j + 1] = sum
  end
  return g
end

-- h z of each of n patients.
local function products(h, lists, n)
  local out = {}
  for i = 1, n do out[i] = h[1] end
  for j, x in ipairs(lists) do
    local by = h[j + 1]
    for i = 1, n do out[i] = out[i] + by * x[i] end
  end
  return out
end

--- Influence of each patient on a statistic when the weights are estimated (M-estimation: Stefanski
--- & Boos 2002; Shu, Young, Toh & Wang 2021): w d + (sum of d dw/dalpha) V (a - p) z.
--- derivative[i]: of the statistic by the weight of patient i (of those with a weight); nil counts
--- as 0. Trimming points count as fixed.
function Weights.methods:influence(derivative)
  local s, by_share, out, lists = {}, 0, {}, covariates(self)
  for i = 1, self.n do
    local d, p = derivative[i] or 0, self.score[i]
    s[i] = d * self.slope[i] * p * (1 - p)
    if self.share and self.used[i] ~= self.cut then
      by_share = by_share + d * self.used[i] / (self.treated[i] == 1 and self.share
        or self.share - 1)
    end
  end
  local hz = products(times(self.fit.vcov, sum_of_products(s, lists)), lists, self.n)
  for i = 1, self.n do
    out[i] = (derivative[i] or 0) * self.used[i] + hz[i] * (self.treated[i] - self.score[i])
    if self.share then out[i] = out[i] + by_share * (self.treated[i] - self.share) / self.n end
  end
  return out
end

local Stacked = result("stacked", { "fit" })

local function root_of_squares(x)
  local sum = 0
  for i = 1, #x do sum = sum + x[i] * x[i] end
  return math.sqrt(sum)
end

--- The same model with standard errors that include the estimation of its weights; fit: of
--- endpoint:cox with weights of a cohort. Fields: fit, se (by term).
function M.stacked(fit)
  local self, endpoint = fit.opt.weights, fit.endpoint
  if not Weights.is(self) then
    errors.raise("usage.weights", "stacked: the model has no weights of cohort:weights")
  end
  if fit.design.cluster then
    errors.raise("usage.option",
      "stacked: errors that include the weights' estimation do not know clusters",
      { hint = "use endpoint:bootstrap with a function and cluster" })
  end
  local at, dfbeta, se = positions(self, endpoint), fit:residuals("dfbeta"), {}
  for j, name in ipairs(fit.names) do
    local derivative = {}
    for u, row in ipairs(fit.fit.used) do
      derivative[at[row]] = dfbeta[j][u] / self.used[at[row]]
    end
    se[name] = fit.se[name] and root_of_squares(self:influence(derivative))
  end
  return Stacked.new { fit = fit, se = se, n = fit.n, events = fit.events, title = fit.title,
    conf_level = fit.opt.conf_level,
    converged = fit.converged, convention = (fit.convention:gsub("robust %(sandwich%) variance",
      "variance that includes the estimation of the weights")) }
end

function Stacked.methods:rows()
  local out, z = {}, core.dist.norm_quantile(0.5 + self.conf_level / 2)
  for _, row in ipairs(self.fit:rows()) do
    if row.statistic == "reference" then out[#out + 1] = row end
    if row.statistic == "hr" then
      local b, se = row.log_hr, self.se[row.term]
      if b and se then
        row.se, row.lower, row.upper = se, math.exp(b - z * se), math.exp(b + z * se)
        row.p, row.log_p = pvalue.normal(b / se)
      end
      out[#out + 1] = row
    end
  end
  return out
end

function Stacked.methods:table(opt)
  return require("lunation.report.tables").regression({ { self.title, self } }, opt)
end

local Contrast = result("weighted_curves")

--- Weighted survival at a time, or restricted mean up to it, of each group and their difference,
--- with standard errors that include the estimation of the weights: w:curves(endpoint, { statistic
--- = "survival" or "rmst", at = }).
function Weights.methods:curves(endpoint, opt)
  opt = options.check("curves", opt, {
    statistic = { type = "string", default = "survival", choices = { "survival", "rmst" } },
    at = { type = "number", required = true, min = 0 },
    conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 } })
  local by = self.formula:match("^%s*(.-)%s*~")
  local km = endpoint:km { by = by, weights = self }
  local area, at, group = opt.statistic == "rmst", positions(self, endpoint),
    core.factor.factor(endpoint.cohort:column(by))
  local raw, values, influence = core.km.influence(km, endpoint.surv, opt.at, area, group), {}, {}
  local rmst = area and endpoint:rmst { by = by, tau = opt.at, weights = self }
  for g, level in ipairs(self.group.levels) do
    local derivative = {}
    for r = 1, endpoint.n do if at[r] and group[r] == level then derivative[at[r]] = raw[r] end end
    influence[g] = self:influence(derivative)
    if not area then values[g] = km:at(opt.at, level).survival end
  end
  for _, row in ipairs(rmst and rmst:rows() or {}) do
    for g, level in ipairs(self.group.levels) do
      if row.statistic == "rmst" and row.group == level then values[g] = row.value end
    end
  end
  local both = {}
  for i = 1, self.n do both[i] = influence[2][i] - influence[1][i] end
  local names = self.group.levels
  return Contrast.new { statistic = opt.statistic, at = opt.at, unit = endpoint.unit,
    conf_level = opt.conf_level, n = endpoint.n,
    entries = { { name = names[1], value = values[1], se = root_of_squares(influence[1]) },
      { name = names[2], value = values[2], se = root_of_squares(influence[2]) },
      { name = names[2] .. " vs " .. names[1], value = values[2] - values[1],
        se = root_of_squares(both), difference = true } },
    convention = "Weighted Kaplan-Meier; " .. self.convention
      .. "; normal limits whose variance includes the estimation of the weights." }
end

function Contrast.methods:rows()
  local out, z = {}, core.dist.norm_quantile(0.5 + self.conf_level / 2)
  for i, e in ipairs(self.entries) do
    out[i] = { statistic = self.statistic .. (e.difference and "_difference" or ""), group = e.name,
      time = self.at, value = e.value,
      se = e.se, lower = e.value - z * e.se, upper = e.value + z * e.se, n = self.n,
      unit = self.unit,
      p = e.difference and pvalue.normal(e.value / e.se) or nil }
  end
  return out
end

function Contrast.methods:table()
  local rows = {}
  for i, r in ipairs(self:rows()) do
    rows[i] = { name = r.group, statistic = r.statistic, value = format.estimate(r.value, r.lower,
      r.upper, 3),
      p = r.p and format.p_value(r.p) or "" }
  end
  return { columns = { { key = "name", label = "" }, { key = "statistic", label = "Statistic" },
    { key = "value", label = ("Estimate (%g%% CI)"):format(100 * self.conf_level),
      align = "decimal" },
    { key = "p", label = "p", align = "decimal" } }, rows = rows, notes = { self.convention } }
end

-- --- the sample after weighting ------------------------------------------------------------------

--- Effective sample size (Kish) of each level of the group.
function Weights.methods:ess()
  local out = {}
  for g, level in ipairs(self.group.levels) do
    local sum, squares = 0, 0
    for i, w in ipairs(self.used) do
      if self.group[i] == level then sum, squares = sum + w, squares + w * w end
    end
    out[g] = squares > 0 and sum * sum / squares or 0
  end
  return out
end

-- "afp_over_400: yes" with the label of its column, where the dictionary has one.
local function label_of(patients, name)
  local variable, level = name:match "^([%w_]+)(: .*)$"
  local label = patients:about(variable or name).label
  return label and label .. (level or "") or name
end

--- Standardised mean difference, variance ratio and KS distance of each column of the model, before
--- and after weighting.
function Weights.methods:balance()
  local entries = {}
  for j, name in ipairs(self.model.names) do
    local x = self.model.columns[j]
    entries[j] = { name = name, label = label_of(self.cohort.patients, name),
      before = core.summary.balance(x, self.group, nil, self.scale),
      after = core.summary.balance(x, self.group, self.used, self.scale) }
  end
  return Balance.new { entries = entries, ess = self:ess(), levels = self.group.levels,
    convention = ("SMD denominator: %s, of the unweighted sample; binary: p(1-p)"):format(
      self.scale) }
end

--- The differences as lunation.figure.love takes them.
function Balance.methods:drawing()
  local rows, sizes = {}, {}
  for i, e in ipairs(self.entries) do
    rows[i] = { label = e.label, smd = { e.before.smd, e.after.smd },
      ratio = e.before.variance_ratio
      and { e.before.variance_ratio, e.after.variance_ratio } or nil }
  end
  for g, n in ipairs(self.ess) do sizes[g] = self.levels[g] .. " " .. format.number(n, 1) end
  return { rows = rows, rule = self.convention .. ".",
    ess = "Effective sample size after weighting: "
    .. table.concat(sizes, "; ") .. "." }
end

function Balance.methods:rows()
  local out = {}
  for _, e in ipairs(self.entries) do
    for _, when in ipairs { "before", "after" } do
      for _, statistic in ipairs { "smd", "variance_ratio", "ks" } do
        out[#out + 1] = { statistic = statistic, term = e.name, group = when,
          value = e[when][statistic] }
      end
    end
  end
  return out
end

function Balance.methods:table()
  local rows = {}
  for i, e in ipairs(self.entries) do
    local function ratio(v) return v and format.number(v, 2) or "–" end
    rows[i] = { name = e.label, smd0 = format.number(e.before.smd, 3),
      smd1 = format.number(e.after.smd, 3), vr0 = ratio(e.before.variance_ratio),
      vr1 = ratio(e.after.variance_ratio), ks0 = format.number(e.before.ks, 3),
      ks1 = format.number(e.after.ks, 3) }
  end
  local columns = { { key = "name", label = "" } }
  for _, c in ipairs { { "smd", "SMD" }, { "vr", "Variance ratio" }, { "ks", "KS" } } do
    columns[#columns + 1] = { key = c[1] .. "0", label = c[2] .. " before", align = "decimal" }
    columns[#columns + 1] = { key = c[1] .. "1", label = "after", align = "decimal" }
  end
  return { columns = columns, rows = rows, notes = { self.convention } }
end

--- The propensity scores as lunation.figure.overlap takes them.
function Weights.methods:drawing()
  local groups = {}
  for g, level in ipairs(self.group.levels) do
    local score, weight = {}, {}
    for i = 1, self.n do
      if self.group[i] == level then
        score[#score + 1], weight[#weight + 1] = self.score[i], self.used[i]
      end
    end
    groups[g] = { label = level, score = score, weight = weight }
  end
  return { groups = groups, notes = { self.convention .. "." } }
end

function Weights.methods:rows()
  local out = {}
  for g, n in ipairs(self:ess()) do
    out[g] = { statistic = "effective_n", group = self.group.levels[g], value = n }
  end
  return out
end

function Weights.methods:table()
  local rows = {}
  for g, n in ipairs(self:ess()) do
    rows[g] = { group = self.group.levels[g], ess = format.number(n, 1) }
  end
  local notes = { self.convention,
    ("n = %d; without a weight because a value is missing: %d"):format(self.n, self.dropped) }
  if self.why ~= "" then notes[3] = self.why end
  return { columns = { { key = "group", label = "Group" },
    { key = "ess", label = "Effective n", align = "decimal" } }, rows = rows, notes = notes }
end

return M
