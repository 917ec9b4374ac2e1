-- SPDX-License-Identifier: GPL-3.0-or-later
-- jsonschema: the format of recipes as a JSON Schema (draft 2020-12), so that editors complete and
-- check while one types. It is made of the tables that the checker uses. What JSON Schema cannot
-- say (that an analysis names its kind by its first key, that names exist, plug-ins' kinds) only
-- the checker says.
local analyses = require "lunation.analyses"
local format = require "lunation.recipe.format"
local json = require "lunation.base.json"
local suggest = require "lunation.base.suggest"

local M = {}

local convert

local function described(entries, s)
  if s.doc then table.insert(entries, 1, { "description", s.doc }) end
  local default = s.default
  if default == nil and type(s.usual) ~= "function" then default = s.usual end
  if default ~= nil then entries[#entries + 1] = { "default", default } end
  return json.object(entries)
end

local function bounds(entries, s)
  if s.min then entries[#entries + 1] = { "minimum", s.min } end
  if s.max then entries[#entries + 1] = { "maximum", s.max } end
  return entries
end

local TO = {}

-- A text may look like a number or a truth value: the checker takes it as it is written.
function TO.text(s)
  if s.choices then return described({ { "enum", json.array { table.unpack(s.choices) } } }, s) end
  return described({ { "type", json.array { "string", "number", "boolean" } } }, s)
end

function TO.number(s) return described(bounds({ { "type", "number" } }, s), s) end
function TO.integer(s) return described(bounds({ { "type", "integer" } }, s), s) end
function TO.boolean(s) return described({ { "type", "boolean" } }, s) end
function TO.any(s) return described({}, s) end

function TO.list(s)
  local list = json.object { { "type", "array" }, { "items", convert(s.of) } }
  if s.single then return described({ { "anyOf", json.array { convert(s.of), list } } }, s) end
  return described({ { "type", "array" }, { "items", convert(s.of) } }, s)
end

function TO.map(s)
  local properties, required = {}, json.array {}
  for _, key in ipairs(suggest.keys(s.fields or {})) do
    properties[#properties + 1] = { key, convert(s.fields[key]) }
    if s.fields[key].required then required[#required + 1] = key end
  end
  local entries = { { "type", "object" }, { "properties", json.object(properties) } }
  if #required > 0 then entries[#entries + 1] = { "required", required } end
  entries[#entries + 1] = { "additionalProperties", s.others and convert(s.others) or false }
  return described(entries, s)
end

function TO.kinds(s)
  local among = json.array {}
  for _, kind in ipairs { "scalar", "list", "map" } do
    if kind == "scalar" and s.scalars then
      for _, one in ipairs(s.scalars) do among[#among + 1] = convert(one) end
    elseif s[kind] then
      among[#among + 1] = convert(s[kind])
    end
  end
  return described({ { "anyOf", among } }, s)
end

-- One alternative for each kind; the kind's own key must be there.
local function analysis()
  local among = json.array {}
  for i, name in ipairs(analyses.names()) do
    local kind = analyses.find(name)
    local fields = {}
    for k, f in pairs(kind.fields) do fields[k] = f end
    fields[name] = setmetatable({ required = true }, { __index = fields[name] })
    among[i] = TO.map { fields = fields, doc = kind.doc }
  end
  return json.object { { "anyOf", among } }
end

function convert(s)
  if s == format.analysis then return json.object { { "$ref", "#/$defs/analysis" } } end
  return TO[s.type](s)
end

local function root(format_of, title)
  local out = TO.map(format_of)
  local entries = { { "$schema", "https://json-schema.org/draft/2020-12/schema" },
    { "title", title } }
  for _, key in ipairs(json.keys(out)) do entries[#entries + 1] = { key, out[key] } end
  return entries
end

--- The schema of recipes as a value for lunation.json.
function M.schema()
  local entries = root(format.recipe, "Lunation recipe")
  entries[#entries + 1] = { "$defs", json.object { { "analysis", analysis() } } }
  return json.object(entries)
end

--- The schema of simulation specifications.
function M.simulation()
  return json.object(root(require("lunation.simulate.format").spec, "Lunation simulation"))
end

return M
