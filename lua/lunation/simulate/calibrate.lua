-- SPDX-License-Identifier: GPL-3.0-or-later
-- calibrate: what the cohort shall return, what it returns, and the search that moves event times
-- within their bounds until it does: simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) on
-- the distance from the printed digits.
local core = require "lunation.core"
local feasible = require "lunation.simulate.feasible"
local load = require "lunation.simulate.load"
local numeric = require "lunation.simulate.numeric"
local printed = require "lunation.recipe.printed"

local M = {}

local Z = 1.9599639845400545

-- --- one target ----------------------------------------------------------------------------------

local STATISTICS = {}

function STATISTICS.survival(surv, target)
  local at = core.km.fit(surv, {}):_at(1, target.at)
  if at.beyond and at.survival > 0 then return {} end
  return { value = at.survival, lower = at.lower, upper = at.upper }
end

local function median(km, rule)
  local estimate, lower, upper = km:_quantile(1, 0.5, rule)
  local function known(v) return v == v and v or nil end
  return { value = estimate and known(estimate), lower = lower and known(lower), upper = upper
    and known(upper) }
end

function STATISTICS.median(surv, target)
  return median(core.km.fit(surv, {}), target.median_rule)
end

function STATISTICS.follow_up(surv, target)
  return median(core.km.fit(surv, { reverse = "deaths-first" }), target.median_rule)
end

function STATISTICS.events(surv) return { value = surv.events } end

function STATISTICS.hr(surv, _, x)
  local fit = core.cox.fit(surv, { x.column }, { ties = "efron" })
  local b, se = fit.coef[1], fit.se[1]
  return { value = math.exp(b), lower = math.exp(b - Z * se), upper = math.exp(b + Z * se) }
end

function STATISTICS.p(surv, _, x)
  return { value = core.logrank.test(surv, { by = x.factor }).p }
end

-- A covariate as the fits want it: a number for each unit, a factor's second level against its
-- first.
local function covariate(c, path, target, rows)
  if not target.by then return nil end
  if not c:has(target.by) then
    load.fail(c.spec, path .. ".by", "recipe.simulate",
      ('%s.by: there is no variable "%s"'):format(path, target.by))
  end
  local values, about = c.values[target.by], c.about[target.by]
  if not about.levels and about.type ~= "number" and about.type ~= "integer" then
    load.fail(c.spec, path .. ".by", "recipe.simulate",
      ("%s.by: %s holds neither levels nor numbers"):format(path, target.by))
  end
  local numbers, texts = { n = #rows }, { n = #rows }
  for k, i in ipairs(rows) do
    if values[i] == nil then
      load.fail(c.spec, path .. ".by", "recipe.simulate",
        ("%s.by: %s is missing for a patient"):format(path, target.by),
        "leave such patients out with `where`")
    end
    numbers[k] = about.levels and (values[i] == about.levels[1] and 0 or 1) or values[i]
    texts[k] = about.levels and values[i] or nil
  end
  return { column = core.column.number(numbers),
    factor = about.levels and core.factor.droplevels(core.column.factor(texts, about.levels)) }
end

-- The longest time that one of these patients can be followed, in the outcome's unit; days are whole.
local function longest(outcome, rows)
  local last = 0
  for _, i in ipairs(rows) do
    last = math.max(last, outcome.time[i], outcome.limit and outcome.limit[i] or math.huge)
  end
  return (last + 1) / outcome.days
end

local function prepare(c, k, target, outcomes)
  local path = ("targets[%d]"):format(k)
  local outcome, rows = outcomes[target.of], {}
  for _, i in ipairs(c:rows(target.where, path .. ".where")) do
    if outcome.time[i] ~= nil then rows[#rows + 1] = i end
  end
  if #rows == 0 then load.fail(c.spec, path, "recipe.simulate", path .. ": no patient is in it") end
  local x = covariate(c, path, target, rows)
  local why, hint = feasible.within(target, #rows, longest(outcome, rows), x and x.factor)
  if why then
    load.fail(c.spec, path .. ".value", "recipe.simulate", ("%s: %s"):format(path, why), hint)
  end
  return { given = target, outcome = outcome, rows = rows, x = x }
end

local function compute(self)
  local time, status = { n = #self.rows }, { n = #self.rows }
  local o = self.outcome
  for k, i in ipairs(self.rows) do time[k], status[k] = o.time[i] / o.days, o.status[i] end
  local surv = core.surv.new { time = core.column.number(time),
    status = core.column.integer(status) }
  return STATISTICS[self.given.statistic](surv, self.given, self.x)
end

local GRAIN = 1e-6

-- In whole grains, so that the last bits of an estimate (the C library's) do not steer the search.
local function distance(self)
  return math.floor(printed.distance(self.given.value, compute(self)) / GRAIN + 0.5) * GRAIN
end

-- --- the search ----------------------------------------------------------------------------------

local HEAT = 1.5 -- a worsening of this size is taken with probability 1/e at the start

-- Outcomes that have targets, each with its targets and their patients.
local function movable(targets)
  local list, of = {}, {}
  for _, target in ipairs(targets) do
    local entry = of[target.outcome]
    if not entry then
      entry = { outcome = target.outcome, rows = {}, seen = {} }
      of[target.outcome], list[#list + 1] = entry, entry
    end
    for _, i in ipairs(target.rows) do
      if not entry.seen[i] then entry.seen[i], entry.rows[#entry.rows + 1] = true, i end
    end
  end
  return list
end

local function refresh_all(outcomes, i) for _, o in pairs(outcomes) do o.refresh(i) end end

-- Tries to move one time; returns the function that takes it back, or nil when it cannot move.
local function propose(list, outcomes, rng, reach)
  local entry = list[rng:below(#list) + 1]
  local o, i = entry.outcome, entry.rows[rng:below(#entry.rows) + 1]
  local old = o.time[i]
  local delta = rng:below(2 * reach + 1) - reach
  local t = old + delta
  if delta == 0 or t < o.low(i) or t > o.high(i) then return nil end
  local function set(v)
    o.move(i, v)
    refresh_all(outcomes, i)
  end
  local before = {}
  for other in pairs(outcomes) do before[other] = outcomes[other].time[i] end
  set(t)
  if o.time[i] ~= t then -- another event decides now: not this move
    set(old)
    for other, v in pairs(before) do if outcomes[other].time[i] ~= v then set(old) end end
    return nil
  end
  return function() set(old) end
end

local function total(targets, cost)
  local sum = 0
  for k, target in ipairs(targets) do
    cost[k] = distance(target)
    sum = sum + cost[k]
  end
  return sum
end

local function search(c, targets, outcomes, opt)
  local rng, list, cost = c:rng "search", movable(targets), {}
  local now = total(targets, cost)
  for step = 1, opt.steps do
    if now == 0 then return step - 1 end
    local heat = HEAT * (1 - step / opt.steps) ^ 2 + 1e-9
    local undo = propose(list, outcomes, rng, 1 + rng:below(opt.reach))
    if undo then
      local new = total(targets, {})
      if new <= now or rng:uniform() < numeric.exp((now - new) / heat) then
        now = new
      else
        undo()
      end
    end
  end
  return opt.steps
end

--- Searches where the specification asks for it. Returns the list of targets: { of, statistic, at,
--- where, by, value (wanted), computed, status ("exact", "rounding", "differs"), exact, ok }, and
--- the steps taken.
function M.run(c, outcomes)
  local v, targets, out = c.spec.value, {}, {}
  for k, target in ipairs(v.targets or {}) do targets[k] = prepare(c, k, target, outcomes) end
  local steps = v.search and #targets > 0 and search(c, targets, outcomes, v.search) or 0
  for k, target in ipairs(targets) do
    local g = target.given
    local status, computed = printed.status(g.value, compute(target))
    out[k] = { of = g.of, statistic = g.statistic, at = g.at, where = g.where, by = g.by,
      value = g.value,
      computed = computed, status = status, exact = g.exact, ok = not g.exact or status == "exact" }
  end
  return out, steps
end

return M
