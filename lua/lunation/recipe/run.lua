-- SPDX-License-Identifier: GPL-3.0-or-later
-- run: evaluates a plan. The calls are those that explain prints; nothing else is computed here.
local errors = require "lunation.errors"
local plan_module = require "lunation.recipe.plan"
local schema = require "lunation.recipe.schema"

local M = {}

local function resolve(v, env, results)
  if plan_module.is_ref(v) then return (v.own and results or env)[v.name] end
  if type(v) ~= "table" then return v end
  local out = {}
  for k, x in pairs(v) do out[k] = resolve(x, env, results) end
  return out
end

-- An error of a call learns where in the recipe it was asked for, unless it knows its place already.
local function placed(recipe, call, e)
  if not errors.is(e) then return e end
  if e.file then
    e.asked = e.asked or call.path
    return e
  end
  local path, node = call.path, nil
  while path and not node do
    node = recipe.places[path]
    if not node then path = path:match("^(.*)%.[^.]*$") end
  end
  if node then
    local f = schema.place(node, call.path)
    for k, v in pairs(f) do if e[k] == nil then e[k] = v end end
    -- an expression error knows the byte inside the expression
    if e.offset and node.kind == "scalar" then e.column = e.column + e.offset + (node.plain and 0 or 1) end
  end
  return e
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

local function run_call(recipe, call, env, object, results)
  local ok, result = xpcall(evaluate, function(e)
    return errors.is(e) and e or errors.new("internal.error", debug.traceback(tostring(e), 2))
  end, call, env, object, results)
  if not ok then error(placed(recipe, call, result), 0) end
  return result
end

local function run_analysis(recipe, a, env)
  local results = {}
  for _, call in ipairs(a.calls) do
    local object = call.local_on and results[call.on] or env[call.on]
    if object == nil then error(errors.new("internal.plan", "no object " .. tostring(call.on)), 0) end
    results[call.as] = run_call(recipe, call, env, object, results)
  end
  return results
end

--- Reads the data and derives the endpoints: everything but the estimates. Returns the study:
--- { plan, recipe, env (the tables, the cohort, the endpoints), cohort, results (empty) }.
function M.prepare(plan)
  local env = {}
  for _, call in ipairs(plan.calls) do env[call.as] = run_call(plan.recipe, call, env, env[call.on]) end
  return { plan = plan, recipe = plan.recipe, env = env, cohort = env.cohort, results = {} }
end

--- Evaluates a plan: prepare, and results = { id -> { as -> result } }. progress(id) is called before
--- each analysis.
function M.study(plan, progress)
  local study = M.prepare(plan)
  local env = study.env
  for _, a in ipairs(plan.analyses) do
    if progress then progress(a.id) end
    study.results[a.id] = run_analysis(plan.recipe, a, env)
  end
  return study
end

--- All estimates of a study as rows, in the order of the recipe: analysis, result and the fields of
--- the results' own rows.
function M.rows(study)
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
  return out
end

return M
