-- SPDX-License-Identifier: GPL-3.0-or-later
-- weights: propensity-score weights of two groups, with balance before and after.
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local glm = require "lunation.glm"
local options = require "lunation.options"
local result = require("lunation.result").class

local M = {}
local Weights, Balance = result("weights"), result("balance")

-- Weight of a patient in group a (1 treated) with propensity score p; scale: denominator of the SMD.
local ESTIMANDS = {
  ATE = { scale = "pooled", weight = function(a, p) return a == 1 and 1 / p or 1 / (1 - p) end },
  ATT = { scale = "treated", weight = function(a, p) return a == 1 and 1 or p / (1 - p) end },
  ATC = { scale = "control", weight = function(a, p) return a == 1 and (1 - p) / p or 1 end },
  overlap = { scale = "pooled", weight = function(a, p) return a == 1 and 1 - p or p end },
  matching = { scale = "pooled", weight = function(a, p) return math.min(p, 1 - p) / (a == 1 and p or 1 - p) end },
}

local OPTIONS = { estimand = { type = "string", choices = { "ATE", "ATT", "ATC", "overlap", "matching" }, default = "ATE" },
  stabilised = { type = "boolean", default = false }, trim = { type = "number", min = 0.5, max = 1 } }

--- Propensity-score weights: weights.of(cohort, "surgery ~ age + bclc", opt). The second level of the
--- group is the treated. opt: estimand, stabilised (ATE times the share of the group), trim (weights
--- above this quantile are set to it, R type 7). Incomplete rows have no weight and are counted.
function M.of(cohort, text, opt)
  opt = options.check("weights", opt, OPTIONS)
  local m = glm.model(cohort, text)
  if #m.y.levels ~= 2 then
    errors.raise("data.outcome", ("weights: the group has %d levels, expected 2"):format(#m.y.levels))
  end
  local f = core.glm.logit(m.y, m.columns)
  local n, estimand, group, score, w, treated = f.n, ESTIMANDS[opt.estimand], {}, {}, {}, 0
  for i = 1, n do
    group[i] = m.y[i] == m.y.levels[2] and 1 or 0
    treated = treated + group[i]
    score[i] = f.fitted[2 * i]
    w[i] = estimand.weight(group[i], score[i])
  end
  if opt.stabilised then
    if opt.estimand ~= "ATE" then errors.raise("usage.option", "weights: only ATE weights are stabilised") end
    for i = 1, n do w[i] = w[i] * (group[i] == 1 and treated or n - treated) / n end
  end
  local cut = opt.trim and core.summary.quantile(w, opt.trim)
  for i = 1, cut and n or 0 do w[i] = math.min(w[i], cut) end
  local values, rows = { n = #cohort.patients }, m.design.rows
  for i = 1, n do values[rows[i]] = w[i] end
  local names = { ATE = "average treatment effect", ATT = "effect in the treated", ATC = "effect in the untreated",
    overlap = "overlap weights", matching = "matching weights" }
  return Weights.new { cohort = cohort, values = core.column.number(values), used = w, group = m.y, model = m, score = score, fit = f,
    estimand = opt.estimand, cut = cut or false, n = n, dropped = m.design.dropped, scale = estimand.scale, why = f.why, formula = text,
    convention = ("propensity score by logistic regression; %s%s%s"):format(names[opt.estimand], opt.stabilised and ", stabilised" or "",
      opt.trim and (", trimmed at the %g%% quantile"):format(100 * opt.trim) or "") }
end

-- Weight of each patient of the cohort that the weights were made for, by key.
local function by_key(self)
  local keys, out = self.cohort:column(self.cohort.patients.key), {}
  for i = 1, #keys do out[keys[i]] = self.values[i] end
  return out
end

--- The weights as a column with a row for each row of an endpoint. v: weights of a cohort (joined by the
--- patients' key), a column, its name, a list, or nil.
function M.column(endpoint, v)
  if type(v) == "string" then return endpoint.cohort:column(v) end
  if not Weights.is(v) or endpoint.cohort == v.cohort then return Weights.is(v) and v.values or v end
  local key = v.cohort.patients.key
  if not key or endpoint.cohort.patients.key ~= key then
    if endpoint.n == #v.values then return v.values end
    errors.raise("usage.weights", ("the weights are of %d patients, the endpoint of %d"):format(#v.values, endpoint.n),
      { hint = 'read the patients with a key, so that the two can be joined' })
  end
  local of, keys, values = by_key(v), endpoint.cohort:column(key), { n = endpoint.n }
  for i = 1, endpoint.n do values[i] = of[keys[i]] end
  return core.column.number(values)
end

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

--- Standardised mean difference, variance ratio and KS distance of each column of the model, before
--- and after weighting.
function Weights.methods:balance()
  local entries = {}
  for j, name in ipairs(self.model.names) do
    local x = self.model.columns[j]
    entries[j] = { name = name, before = core.summary.balance(x, self.group, nil, self.scale),
      after = core.summary.balance(x, self.group, self.used, self.scale) }
  end
  return Balance.new { entries = entries, convention = ("SMD denominator: %s, of the unweighted sample; binary: p(1-p)"):format(self.scale) }
end

function Balance.methods:rows()
  local out = {}
  for _, e in ipairs(self.entries) do
    for _, when in ipairs { "before", "after" } do
      for _, statistic in ipairs { "smd", "variance_ratio", "ks" } do
        out[#out + 1] = { statistic = statistic, term = e.name, group = when, value = e[when][statistic] }
      end
    end
  end
  return out
end

function Balance.methods:table()
  local rows = {}
  for i, e in ipairs(self.entries) do
    local function ratio(v) return v and format.number(v, 2) or "–" end
    rows[i] = { name = e.name, smd0 = format.number(e.before.smd, 3), smd1 = format.number(e.after.smd, 3), vr0 = ratio(e.before.variance_ratio),
      vr1 = ratio(e.after.variance_ratio), ks0 = format.number(e.before.ks, 3), ks1 = format.number(e.after.ks, 3) }
  end
  local columns = { { key = "name", label = "" } }
  for _, c in ipairs { { "smd", "SMD" }, { "vr", "Variance ratio" }, { "ks", "KS" } } do
    columns[#columns + 1] = { key = c[1] .. "0", label = c[2] .. " before", align = "decimal" }
    columns[#columns + 1] = { key = c[1] .. "1", label = "after", align = "decimal" }
  end
  return { columns = columns, rows = rows, notes = { self.convention } }
end

function Weights.methods:rows()
  local out = {}
  for g, n in ipairs(self:ess()) do out[g] = { statistic = "effective_n", group = self.group.levels[g], value = n } end
  return out
end

function Weights.methods:table()
  local rows = {}
  for g, n in ipairs(self:ess()) do rows[g] = { group = self.group.levels[g], ess = format.number(n, 1) } end
  local notes = { self.convention, ("n = %d; without a weight because a value is missing: %d"):format(self.n, self.dropped) }
  if self.why ~= "" then notes[3] = self.why end
  return { columns = { { key = "group", label = "Group" }, { key = "ess", label = "Effective n", align = "decimal" } }, rows = rows, notes = notes }
end

return M
