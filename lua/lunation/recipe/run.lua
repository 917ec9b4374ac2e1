-- SPDX-License-Identifier: GPL-3.0-or-later
-- run: evaluates a plan. The calls are those that explain prints; nothing else is computed here.
local conventions = require "lunation.base.conventions"
local errors = require "lunation.errors"
local place = require "lunation.recipe.place"
local plan_module = require "lunation.recipe.plan"

local M = {}

local function resolve(v, env, results)
  if plan_module.is_ref(v) then return (v.own and results or env)[v.name] end
  if type(v) ~= "table" then return v end
  local out = {}
  for k, x in pairs(v) do out[k] = resolve(x, env, results) end
  return out
end

local function evaluate(call, env, object, results)
  local args, n = {}, 0
  for i, v in pairs(call.args) do
    args[i] = resolve(v, env, results)
    n = math.max(n, i)
  end
  if call.on == "lun" then return require("lunation")[call.method](table.unpack(args, 1, n)) end
  return object[call.method](object, table.unpack(args, 1, n))
end

-- What nothing can be estimated from ends the run: no patient left, no time, no event.
local function check_usable(call, result)
  if call.method == "where" or call.method == "exclude" then
    if #result > 0 then return end
    local step = result.steps[#result.steps]
    errors.raise("data.empty", ('no patient is left after "%s"'):format(step.label), {
      word = step.condition,
      hint = ("of %d patients before, it leaves out %d, and cannot be decided for %d (a missing \z
        value)"):format(step.before,
        step.excluded, step.missing) })
  elseif call.method == "endpoint" or call.method == "survival" then
    if #result.status == 0 then
      local reasons = {}
      for _, x in ipairs(result.excluded) do
        reasons[#reasons + 1] = ("%s: %d"):format(x.reason, x.n)
      end
      errors.raise("data.empty", ("endpoint %s: no patient has a time"):format(call.as),
        { hint = table.concat(reasons, "; ") })
    end
    for i = 1, #result.status do if result.status[i] ~= 0 then return end end
    errors.raise("data.no-events",
      ("endpoint %s: no patient has the event; nothing can be estimated"):format(call.as),
      { hint = "check the column that says when the event happened" })
  end
end

-- results: of the analysis so far; nil for the calls before the analyses, which prepare the study.
local function run_call(plan, call, env, object, results)
  local ok, result = xpcall(function()
    local result = evaluate(call, env, object, results)
    if not results then check_usable(call, result) end
    return result
  end, function(e)
    return errors.is(e) and e or errors.new("internal.error", debug.traceback(tostring(e), 2))
  end)
  if ok then return result end
  error(place.error(plan.recipe, call, place.order(plan, call, object, result)), 0)
end

local function run_analysis(plan, a, env)
  local results = {}
  for _, call in ipairs(a.calls) do
    local object = call.local_on and results[call.on] or env[call.on]
    if object == nil then
      error(errors.new("internal.plan", "no object " .. tostring(call.on)), 0)
    end
    results[call.as] = run_call(plan, call, env, object, results)
  end
  return results
end

local function same(a, b)
  if rawequal(a, b) then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  for k in pairs(b) do if a[k] == nil then return false end end
  return getmetatable(a) == getmetatable(b)
end

--- Reads the data and derives the endpoints: everything but the estimates. Returns the study:
--- { plan, recipe, env (the tables, the cohort, the endpoints), cohort, made (by each call),
--- results (empty) }. other: a study that has run; up to the first call that differs what it made
--- is taken over, for nothing of it ever changes.
function M.prepare(plan, other)
  local env, made = {}, {}
  -- the rest stands in the calls
  conventions.use { rounding = conventions.of(plan.recipe.value.conventions).rounding }
  for i, call in ipairs(plan.calls) do
    if other and not same(call, other.plan.calls[i]) then other = nil end
    made[i] = other and other.made[i] or run_call(plan, call, env, env[call.on])
    env[call.as] = made[i]
  end
  return { plan = plan, recipe = plan.recipe, env = env, cohort = env.cohort, made = made,
    results = {} }
end

--- Evaluates a plan: prepare, and results = { id -> { as -> result } }. progress(id) is called
--- before each analysis.
function M.study(plan, other, progress)
  local study = M.prepare(plan, other)
  local env = study.env
  for _, a in ipairs(plan.analyses) do
    if progress then progress(a.id) end
    study.results[a.id] = run_analysis(plan, a, env)
  end
  return study
end

--- All estimates of a study as rows, in the order of the recipe: analysis, result and the fields of
--- the results' own rows. Computed once for a study.
function M.rows(study)
  if study.rows then return study.rows end
  local out = {}
  for _, a in ipairs(study.plan.analyses) do
    for _, call in ipairs(a.calls) do
      local result = study.results[a.id][call.as]
      if not call.hidden and type(result) ~= "number" then
        for _, row in ipairs(result:rows()) do
          row.analysis, row.result = a.id, call.as
          out[#out + 1] = row
        end
      end
    end
  end
  study.rows = out
  return out
end

--- A checked recipe run to its end: the study with `rows`, `variants`, `all_rows` (with those of
--- the variants), `warnings` (of the design), `published` (the comparison) and `results_digest`.
--- only: list of analysis ids, or nil; chosen: list of variants, or nil for all.
function M.complete(recipe, only, chosen, progress)
  local variants = require "lunation.recipe.variants"
  local wanted = variants.chosen(recipe, chosen)
  local study = M.study(plan_module.of(recipe, only), nil, progress)
  study.rows = M.rows(study)
  study.variants = variants.run(wanted, only, study)
  study.all_rows = variants.rows(study)
  study.warnings = require("lunation.recipe.design").warnings(study)
  study.published = require("lunation.recipe.published").compare(study, study.rows)
  study.results_digest = require("lunation.recipe.output").results_digest(study.all_rows)
  return study
end

return M
