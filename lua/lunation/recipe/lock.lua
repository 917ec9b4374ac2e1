-- SPDX-License-Identifier: GPL-3.0-or-later
-- lock: what a run was: the recipe with every default written out, digests and shapes of all
-- inputs, versions, seed, and the digest of the results. Itself a recipe that runs, from wherever
-- its folder is.
local core = require "lunation.core"
local errors = require "lunation.errors"
local path = require "lunation.base.path"
local resolved = require "lunation.recipe.resolved"
local schema = require "lunation.recipe.schema"

local M = {}

local function scalar(v)
  if type(v) == "boolean" then return tostring(v) end
  if type(v) == "number" then return require("lunation.format").shortest(v) end
  -- text: double-quoted always, so that NO and 1.0 stay text
  if not core.text.has(v, '\\"\n\t') then return '"' .. v .. '"' end
  return '"' .. v:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"):gsub("\t", "\\t") .. '"'
end

local function key(k)
  if k:match("^[%a_][%w_%-]*$") then return k end
  return scalar(k)
end

local emit

local function emit_list(out, list, indent)
  for _, v in ipairs(list) do
    if type(v) == "table" then
      out[#out + 1] = indent .. "-"
      emit(out, v, indent .. "  ")
    else
      out[#out + 1] = indent .. "- " .. scalar(v)
    end
  end
end

local function emit_map(out, map, indent, keys)
  for _, k in ipairs(keys or schema.keys(map)) do
    local v = map[k]
    if type(v) == "table" then
      if next(v) == nil or (next(v) == schema.ORDER and next(v, schema.ORDER) == nil) then
        out[#out + 1] = indent .. key(k) .. ": " .. (#v == 0 and not v[schema.ORDER]
          and "[]" or "{}")
      else
        out[#out + 1] = indent .. key(k) .. ":"
        emit(out, v, indent .. "  ")
      end
    elseif v ~= nil then
      out[#out + 1] = indent .. key(k) .. ": " .. scalar(v)
    end
  end
end

function emit(out, v, indent, keys)
  if #v > 0 then emit_list(out, v, indent) else emit_map(out, v, indent, keys) end
end

-- Paths of a lock are relative to its own folder, like those of every recipe.
local function resolved_data(recipe, study, dir)
  local out = {}
  for name, d in pairs(recipe.value.data) do
    if name ~= schema.ORDER then
      out[name] = {}
      for k, v in pairs(d) do out[name][k] = v end
      local source = study.env[name].source
      if d.file and source then out[name].file = path.relative(dir, source.file) end
    end
  end
  out[schema.ORDER] = recipe.value.data[schema.ORDER]
  return out
end

local function ran(study)
  local out = {}
  for i, v in ipairs(study.variants) do out[i] = { name = v.variant.name, plan = v.study.plan } end
  return out
end

local function environment()
  local out = require("lunation.core").build.versions()
  local ok, cpus = pcall(require("lunation.core").file.read, "/proc/cpuinfo")
  if not ok and not (errors.is(cpus) and cpus.code:match("^io%.")) then error(cpus, 0) end
  out.cpu = ok and cpus:match("model name%s*:%s*([^\n]*)") or nil
  return out
end

local TOP = { "lunation", "id", "version", "title", "description", "simulated", "source", "use",
  "conventions", "seed",
  "data", "cohort", "response", "classes", "endpoints", "analyses", "variants",
  "published", "report" }

local function inputs(study)
  local out, order = {}, {}
  for _, name in ipairs(schema.keys(study.recipe.value.data)) do
    local source = study.recipe.value.data[name].file and study.env[name].source
    if source then
      out[name] = { sha256 = source.digest, rows = source.rows, columns = source.columns,
        [schema.ORDER] = { "sha256", "rows", "columns" } }
      order[#order + 1] = name
    end
  end
  out[schema.ORDER] = order
  return out
end

-- The published figures of the analyses that ran.
local function resolved_published(published, analyses)
  if not published then return nil end
  local out, order = {}, {}
  for _, id in ipairs(schema.keys(published)) do
    if analyses[id] then
      out[id] = published[id]
      order[#order + 1] = id
    end
  end
  out[schema.ORDER] = order
  return out
end

--- The lock of a study as YAML text. digest: of the results; dir: the folder that it goes to.
function M.text(study, digest, dir)
  local recipe = study.recipe
  local v = {}
  for k, x in pairs(recipe.value) do v[k] = x end
  v.data, v.analyses = resolved_data(recipe, study, dir), resolved.analyses(study.plan)
  v.endpoints, v.classes, v.response = resolved.endpoints(recipe, study), resolved.classes(recipe),
    resolved.responses(recipe)
  v.variants = resolved.variants(recipe, ran(study))
  v.published = resolved_published(v.published, v.analyses)
  local plugins, use = {}, {}
  for i, p in ipairs(recipe.plugins) do
    use[i] = path.relative(dir, p.file)
    plugins[i] = { file = use[i], sha256 = p.digest, [schema.ORDER] = { "file", "sha256" } }
  end
  local extends = {}
  for i, b in ipairs(recipe.bases) do
    extends[i] = { file = path.relative(dir, b.file), sha256 = b.digest,
      [schema.ORDER] = { "file", "sha256" } }
  end
  v.use = #use > 0 and use or nil
  local out = { "# The lock of a run: it is itself a recipe, with every default written out.",
    "# lunation verify compares a new run with it." }
  emit_map(out, v, "", TOP)
  emit_map(out, { lock = {
    recipe = path.relative(dir, recipe.file), recipe_sha256 = recipe.digest,
    runtime = require("lunation")._VERSION,
    environment = environment(), inputs = inputs(study),
    plugins = plugins, extends = #extends > 0 and extends or nil, results_sha256 = digest,
    seed = v.seed,
    [schema.ORDER] = { "recipe", "recipe_sha256", "runtime", "environment", "seed", "inputs",
      "plugins", "extends", "results_sha256" },
  } }, "", { "lock" })
  return table.concat(out, "\n") .. "\n"
end

return M
