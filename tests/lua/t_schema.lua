-- SPDX-License-Identifier: GPL-3.0-or-later
-- The JSON Schema against the checker: both take every recipe of ours, and both refuse the same
-- changes.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local json = require "lunation.base.json"
local format = require "lunation.recipe.format"
local checker = require "lunation.recipe.schema"

-- Read back from its text, as an editor would.
local schemas = require "lunation.recipe.jsonschema"
local ROOT = json.decode(json.encode(schemas.schema()))
local SIMULATION = json.decode(json.encode(schemas.simulation()))

-- A node as an editor's YAML reader (core schema) sees it: kind and value.
local function scalar(node)
  if node.plain and (node.text == "true" or node.text == "false") then
    return "boolean", node.text == "true"
  end
  local n = node.plain and core.num.parse(node.text)
  if n then return "number", n end
  return "string", node.text
end

local valid

local TYPES = {}
function TYPES.object(node) return node.kind == "map" end
function TYPES.array(node) return node.kind == "list" end
for _, name in ipairs { "string", "number", "boolean" } do
  TYPES[name] = function(node) return node.kind == "scalar" and scalar(node) == name end
end
function TYPES.integer(node)
  local kind, v = scalar(node)
  return node.kind == "scalar" and kind == "number" and v == math.floor(v)
end

local function type_ok(node, want)
  if type(want) == "string" then return TYPES[want](node) end
  for _, w in ipairs(want) do if TYPES[w](node) then return true end end
  return false
end

local function object_ok(node, s)
  for _, key in ipairs(s.required or {}) do if not node:get(key) then return false end end
  for _, key in ipairs(node:keys()) do
    local inner = s.properties[key]
    if inner == nil then inner = s.additionalProperties end
    if inner == false or not valid(node:get(key), inner) then return false end
  end
  return true
end

function valid(node, s)
  if s["$ref"] then return valid(node, ROOT["$defs"][s["$ref"]:match("[^/]+$")]) end
  if s.anyOf then
    for _, one in ipairs(s.anyOf) do if valid(node, one) then return true end end
    return false
  end
  if s.type and not type_ok(node, s.type) then return false end
  if s.enum then
    for _, e in ipairs(s.enum) do
      if node.kind == "scalar" and node.text == e then return true end
    end
    return false
  end
  if s.minimum and select(2, scalar(node)) < s.minimum then return false end
  if s.maximum and select(2, scalar(node)) > s.maximum then return false end
  if node.kind == "list" then
    for i = 1, #node do if not valid(node[i], s.items) then return false end end
  end
  return node.kind ~= "map" or not s.properties or object_ok(node, s)
end

local function checked(node)
  local _, errors = checker.check(node, format.recipe)
  return #errors == 0
end

for _, name in ipairs(core.file.list("recipes")) do
  if name:match("%.yaml$") then
    local root = core.yaml.read("recipes/" .. name)
    t.ok(checked(root), name .. ": the checker takes it")
    t.ok(valid(root, ROOT), name .. ": the JSON Schema takes it")
  end
end

-- path, value, whether it is right
local CHANGES = {
  { "lunation", "2", false }, { "lunation", "one", false }, { "seed", "7", true },
  { "seed", "1.5", false },
  { "seed", "-1", false }, { "colour", "red", false }, { "conventions", "spss", true },
  { "conventions", "minitab", false },
  { "title", "[a]", false }, { "title", "2024", true }, { "data", "[]", false },
  { "data.patients.rows", "several", false },
  { "data.patients.columns.age", "number", true }, { "data.patients.columns.age", "float", false },
  { "data.patients.columns.age", "[a, b]", true }, { "data.patients.columns.age.min", "0", true },
  { "data.patients.columns.age.min", "low", false },
  { "data.patients.columns.age.missing", "ND", true },
  { "data.patients.columns.age.missing", "[ND, 999]", true },
  { "data.patients.columns.age.maximum", "3", false },
  { "endpoints.os.unit", "fortnights", false }, { "endpoints.os.month", "calendar", true },
  { "endpoints.os.month", "30", true }, { "endpoints.os.month", "40", false },
  { "endpoints.os.month", "lunar", false },
  { "analyses.arms.times", "12", true }, { "analyses.arms.times", "[12, x]", false },
  { "analyses.arms.logrank", "yes", false },
  { "analyses.arms.conf_level", "0.9", true }, { "analyses.arms.conf_level", "2", false },
  { "analyses.arms.when", "now", false },
  { "analyses.arms", "survival", false }, { "analyses.new", "{ kaplan: os }", false },
  { "analyses.new", "{ km: os }", true },
  { "cohort", "{ include: x }", false }, { "cohort", "[{ include: age > 3 }]", true },
  { "cohort", "[{ includes: age > 3 }]", false },
  { "cohort", "[{ include: { as: Adults } }]", false }, { "report.formats", "html", true },
  { "report.formats", "[pdf]", false },
}
local base = core.yaml.read("recipes/study160.yaml")
for _, c in ipairs(CHANGES) do
  local root = base:with(c[1], core.yaml.parse(c[2], "change"))
  local name = ("%s: %s is %s"):format(c[1], c[2], c[3] and "right" or "wrong")
  t.is(checked(root), c[3], name .. ", by the checker")
  t.is(valid(root, ROOT), c[3], name .. ", by the JSON Schema")
end

-- --- specifications of simulated cohorts ---------------------------------------------------------
local spec_format = require("lunation.simulate.format").spec
local function spec_checked(node)
  local _, errors = checker.check(node, spec_format)
  return #errors == 0
end

for _, dir in ipairs(core.file.list "examples") do
  local file = "examples/" .. dir .. "/cohort.yaml"
  if core.file.kind(file) == "file" then
    local root = core.yaml.read(file)
    t.ok(spec_checked(root), file .. ": the checker takes it")
    t.ok(valid(root, SIMULATION), file .. ": the JSON Schema takes it")
  end
end

local SPEC_CHANGES = {
  { "simulate", "2", false }, { "n", "0", false }, { "n", "12.5", false }, { "n", "50", true },
  { "unit", "years", true }, { "unit", "fortnights", false }, { "month", "30", true },
  { "month", "40", false }, { "variables.arm", "{ shares: { a: 1.5 } }", false },
  { "variables.arm", "{ counts: { a: rest, b: 3 } }", true },
  { "variables.arm", "{ counts: { a: some } }", false },
  { "variables.arm", "{ cuonts: { a: 3 } }", false },
  { "variables.age", "{ normal: { mean: 5 } }", false },
  { "variables.age", "{ normal: { mean: 5, sd: -1 } }", false },
  { "variables.age", "{ cases: [ { where: x > 1, value: y } ] }", true },
  { "events.death", "{ median: -2 }", false }, { "events.death", "{ survival: { 12: 0.5 } }", true },
  { "events.death.hazard_ratios", "{ age: 1.02, arm: { new: 0.5 } }", true },
  { "events.death.ends", "yes", false }, { "follow_up.loss", "1.5", false },
  { "outcomes.os.from", "[30, age]", true }, { "targets", "[ { of: os, statistic: mean } ]", false },
  { "targets", "[ { of: os, statistic: median, value: '12' } ]", true },
  { "search", "{ steps: 0 }", false }, { "search", "{}", true }, { "colour", "red", false },
  { "visits.v", "{ from: start, every: 56, n: 3, size: { uniform: { from: 2, to: 9 } } }", true },
  { "visits.v", "{ from: start, every: 0, n: 3, size: {} }", false },
  { "tables.t", "{ rows: [ { values: { a: b } } ] }", true }, { "tables.t", "{ rows: a }", false },
}
local spec_base = core.yaml.read "examples/simulate/two-arm.yaml"
for _, c in ipairs(SPEC_CHANGES) do
  local root = spec_base:with(c[1], core.yaml.parse(c[2], "change"))
  local name = ("%s: %s is %s"):format(c[1], c[2], c[3] and "right" or "wrong")
  t.is(spec_checked(root), c[3], name .. ", by the checker")
  t.is(valid(root, SIMULATION), c[3], name .. ", by the JSON Schema")
end

-- A tree made of another by laying an entry over it takes over what is the same.
do
  local leaf = { type = "map", others = { type = "integer" } }
  local shape = { type = "map", others = leaf }
  local root = core.yaml.parse "a: { x: 1, y: 2 }\nb: { x: 3 }\n"
  local value, wrong, _, check = checker.check(root, shape)
  local laid = root:with("a", core.yaml.parse "{ x: 5 }")
  local other, errs, places = checker.check(laid, shape, check)
  t.ok(#wrong == 0 and #errs == 0 and other.b == value.b, "what is the same is taken over")
  t.ok(other.a.x == 5 and other.a.y == nil and value.a.x == 1, "what is laid over is not")
  t.ok(places["b.x"] and places["b.x"].text == "3", "places below what was taken over")
  t.is(places["a.y"], nil, "no place of an entry that is gone")
  t.is(places["a.x"].text, "5", "the place of the entry laid over")
end

t.done()
