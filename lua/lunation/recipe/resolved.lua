-- SPDX-License-Identifier: GPL-3.0-or-later
-- resolved: the parts of a recipe with every option written out: the checker's defaults, those of
-- the definitions of endpoints, classes and responses, and what the estimators do where nothing is
-- said.
local plan_module = require "lunation.recipe.plan"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

--- The analyses of a plan as they run; the kind stays the first key.
function M.analyses(plan)
  local out, order = {}, {}
  for _, a in ipairs(plan.analyses) do
    local opt, keys = {}, { a.kind }
    for k, v in pairs(plan_module.plain(a.opt)) do opt[k] = v end
    local rest = {}
    for k in pairs(opt) do if k ~= a.kind then rest[#rest + 1] = k end end
    table.sort(rest)
    table.move(rest, 1, #rest, 2, keys)
    opt[schema.ORDER] = keys
    out[a.id] = opt
    order[#order + 1] = a.id
  end
  out[schema.ORDER] = order
  return out
end

-- Options of a definition that the recipe leaves to it.
local function fill(out, options)
  for k, rule in pairs(options or {}) do
    local v = rule.default
    if out[k] == nil and v ~= nil and type(v) ~= "table" then out[k] = v end
  end
  return out
end

local function copy(map)
  local out = {}
  for k, v in pairs(map) do out[k] = v end
  return out
end

-- The keys that were given in their order, then those filled in.
local function ordered(out, given)
  local keys, seen = {}, {}
  for i, k in ipairs(schema.keys(given)) do
    keys[i], seen[k] = k, true
  end
  for _, k in ipairs(suggest.keys(out)) do
    if k ~= schema.ORDER and not seen[k] then keys[#keys + 1] = k end
  end
  out[schema.ORDER] = keys
  return out
end

-- The columns that the roles were bound to, where the endpoint has been derived.
local function fill_roles(out, given, study, name)
  local about = study and not given.time and not given.response and study.env[name].about
  for role, column in pairs(about and about.roles or {}) do
    if out[role] == nil then out[role] = column end
  end
end

--- The endpoints of a recipe; study: that has derived them, or nil: then roles that are not named
--- stay out.
function M.endpoints(recipe, study)
  local endpoint, all = require "lunation.endpoint", recipe.value.endpoints
  local month = require("lunation.base.conventions").of(
    plan_module.plain(recipe.value.conventions)).month
  local out = { [schema.ORDER] = all[schema.ORDER] }
  for _, name in ipairs(schema.keys(all)) do
    local given = all[name]
    local e, from_columns = copy(given), given.time and not given.use
    fill_roles(e, given, study, name)
    if not from_columns then
      local definition = (given.use or not given.rules) and endpoint.get(given.use or name) or {}
      fill(e, definition.options)
      e.title = e.title or definition.title
    end
    e.unit = e.unit or (from_columns and "months" or "days")
    if e.unit == "months" and not from_columns and e.month == nil then e.month = month end
    out[name] = ordered(e, given)
  end
  return out
end

--- The classes of a recipe.
function M.classes(recipe)
  if not recipe.value.classes then return nil end
  local out = { [schema.ORDER] = recipe.value.classes[schema.ORDER] }
  for _, name in ipairs(schema.keys(recipe.value.classes)) do
    local given = recipe.value.classes[name]
    out[name] = ordered(fill(copy(given), require("lunation.classify").get(given.use
      or name).options), given)
  end
  return out
end

--- The responses of a recipe.
function M.responses(recipe)
  if not recipe.value.response then return nil end
  local out = { [schema.ORDER] = recipe.value.response[schema.ORDER] }
  for _, name in ipairs(schema.keys(recipe.value.response)) do
    local given = recipe.value.response[name]
    local options = require("lunation.onco.recist").options(plan_module.plain(given))
    local filled = copy(given)
    for k, v in pairs(options) do
      if filled[k] == nil and type(v) ~= "table" then filled[k] = v end
    end
    out[name] = ordered(filled, given)
  end
  return out
end

--- The variants of a recipe with all options of their analyses. list: { { name, plan } ... }.
function M.variants(recipe, list)
  if #list == 0 then return nil end
  local out, order = {}, {}
  for i, v in ipairs(list) do
    local given = recipe.value.variants[v.name]
    local mine = copy(given)
    mine.analyses = M.analyses(v.plan)
    mine.only = mine.analyses[schema.ORDER]
    out[v.name], order[i] = ordered(mine, given), v.name
  end
  out[schema.ORDER] = order
  return out
end

--- The value of a recipe with its parts resolved, without reading data.
function M.recipe(recipe)
  local out, variants = copy(recipe.value), {}
  out.analyses = M.analyses(plan_module.of(recipe))
  out.endpoints, out.classes, out.response = M.endpoints(recipe), M.classes(recipe),
    M.responses(recipe)
  for i, v in ipairs(recipe.variants) do
    variants[i] = { name = v.name, plan = plan_module.of(v.recipe, v.only) }
  end
  out.variants = M.variants(recipe, variants)
  return out
end

return M
