-- SPDX-License-Identifier: GPL-3.0-or-later
-- analyses: the registry of the kinds of analysis that a recipe can name. A kind is data and two
-- functions: see docs/architecture.md.
local M = {}

-- Keys that every analysis may have.
local COMMON = {
  title = { type = "text", doc = "heading in the report" },
  note = { type = "text", doc = "a sentence under the heading" },
  where = { type = "text", doc = "only the patients for whom this is true" },
  conventions = { type = "text", choices = require("lunation.base.conventions").NAMES,
    doc = "what this analysis follows where it says nothing" },
}

local registry = require("lunation.base.registry").new {
  what = "analyses.define", noun = "an analysis", name = "kind", folder = "lunation.analyses",
  unknown = "recipe.kind",
  built_in = { "km", "cox", "landmark", "immortal", "pairwise", "table1", "proportions", "crosstab",
    "summary", "cuminc",
    "finegray", "logrank", "rmst", "bootstrap", "concordance", "adjusted", "calibration", "roc",
    "brier",
    "simon_makuch", "waterfall", "swimmer", "flow", "logistic", "weighting", "response",
    "agreement", "adam" },
  keys = { kind = { "string", true }, title = { "string" }, doc = { "string" },
    fields = { "table", true },
    calls = { "function", true }, show = { "function", true } },
}

--- Registers a kind. definition: kind, title, doc, fields (schemas of lunation.recipe.schema),
--- calls(opt)
--- -> list of { as, on, method, args }, show(doc, results, opt, study).
function M.define(definition)
  registry:define(definition)
  for key, s in pairs(COMMON) do definition.fields[key] = definition.fields[key] or s end
  return definition
end

--- The kind of that name, or nil.
function M.find(kind) return registry:find(kind) end

--- Names of all kinds, sorted.
function M.names() return registry:names() end

return M
