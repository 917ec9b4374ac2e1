-- SPDX-License-Identifier: GPL-3.0-or-later
-- analyses: the registry of the kinds of analysis that a recipe can name. A kind is data and two
-- functions: see docs/architecture.md.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

local BUILT_IN = { "km", "cox", "landmark", "immortal", "pairwise", "table1", "proportions", "crosstab", "summary",
  "cuminc", "waterfall", "logistic", "weighting", "response" }
local registry = {}

-- Keys that every analysis may have.
local COMMON = {
  title = { type = "text", doc = "heading in the report" },
  note = { type = "text", doc = "a sentence under the heading" },
  where = { type = "text", doc = "only the patients for whom this is true" },
}

local DEFINITION = { "kind", "title", "doc", "fields", "calls", "show" }

--- Registers a kind. definition: kind, title, doc, fields (schemas of lunation.recipe.schema), calls(opt)
--- -> list of { as, on, method, args }, show(doc, results, opt, study).
function M.define(definition)
  for _, key in ipairs(suggest.keys(definition)) do
    local known = false
    for _, k in ipairs(DEFINITION) do known = known or k == key end
    if not known then
      errors.raise("plugin.define", ('analysis: unknown key "%s"'):format(key), { hint = suggest.hint(key, DEFINITION) })
    end
  end
  for _, key in ipairs { "kind", "fields", "calls", "show" } do
    if definition[key] == nil then errors.raise("plugin.define", "analysis: " .. key .. " is missing") end
  end
  if registry[definition.kind] then
    errors.raise("plugin.define", ('an analysis "%s" exists already'):format(definition.kind))
  end
  for key, s in pairs(COMMON) do definition.fields[key] = definition.fields[key] or s end
  registry[definition.kind] = definition
  return definition
end

--- The kind of that name, or nil.
function M.find(kind)
  for _, b in ipairs(BUILT_IN) do
    if b == kind and not registry[b] then require("lunation.analyses." .. b) end
  end
  return registry[kind]
end

--- Names of all kinds, sorted.
function M.names()
  local names = suggest.keys(registry)
  for _, b in ipairs(BUILT_IN) do if not registry[b] then names[#names + 1] = b end end
  table.sort(names)
  return names
end

return M
