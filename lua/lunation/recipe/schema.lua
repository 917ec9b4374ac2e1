-- SPDX-License-Identifier: GPL-3.0-or-later
-- schema: checks a YAML node tree against a schema and turns it into plain Lua values. Every scalar
-- in YAML is text here; the schema alone says what is a number or a truth value, so that NO stays
-- NO and 010 is no number. The same schemas give the JSON Schema for editors.
--
-- A schema is a table with `type`:
--   text number integer boolean    scalars; min, max, choices
--   list  { of = schema }          a single scalar stands for a list of one when `single` is true
--   map   { fields = { key = schema }, others = schema, order = true }
--   any   plain text, numbers, lists and maps as they come (published figures, free options)
--   kinds { scalar = schema, list = schema, map = schema }   decided by what stands there
-- Common: required, default, doc.
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local schema = {}

local LIMIT = 50 -- errors collected before the check gives up

local Checker = {}
Checker.__index = Checker

local function join(path, key) return path == "" and key or path .. "." .. key end

--- Fields of an error at a node.
function schema.place(node, path, more)
  local f = more or {}
  f.file, f.line, f.column, f.path = node.file, node.line, node.column, path ~= "" and path or nil
  f.excerpt = node:excerpt()
  return f
end

function Checker:add(node, path, code, message, hint, width)
  if #self.errors < LIMIT then
    self.errors[#self.errors + 1] = errors.new(code, message,
      schema.place(node, path, { hint = hint, width = width }))
  end
end

local function found(node)
  if node.kind == "scalar" then return ('"%s"'):format(node.text) end
  return node.kind == "list" and "a list" or "a map"
end

local NAMES = { text = "a text", number = "a number", integer = "a whole number",
  boolean = "true or false",
  list = "a list", map = "a map" }

local scalar = {}

function scalar.text(node) return node.text end

function scalar.boolean(node)
  if node.plain and node.text == "true" then return true end
  if node.plain and node.text == "false" then return false end
  return nil
end

function scalar.number(node) return node.plain and core.num.parse(node.text) or nil end

function scalar.integer(node)
  local digits = node.text:match("^%-?(%d+)$")
  if not node.plain or not digits or (#digits > 1 and digits:sub(1, 1) == "0") or #digits > 15 then
    return nil
  end
  return math.tointeger(core.num.parse(node.text))
end

local HINTS = {
  boolean = "write true or false",
  integer = "whole numbers have no leading zero, no underscore and no colon, and at most 15 digits",
}

function Checker:scalar(node, s, path)
  if node.kind ~= "scalar" then
    self:add(node, path, "recipe.type", ("%s must be %s, found %s"):format(path, NAMES[s.type],
      found(node)))
    return nil
  end
  local v = scalar[s.type](node)
  if v == nil then
    self:add(node, path, "recipe.type", ("%s must be %s, found %s"):format(path, NAMES[s.type],
      found(node)),
      node.text:find "\u{FF0C}" and "a full-width comma: type a plain one, \",\"" or HINTS[s.type],
      #node.text)
    return nil
  end
  if (s.min and v < s.min) or (s.max and v > s.max) then
    self:add(node, path, s.limit and "limit.value" or "recipe.range",
      ("%s = %s is outside %s to %s"):format(path, node.text,
      s.min or "any", s.max or "any"), nil, #node.text)
    return nil
  end
  if s.choices then
    for _, c in ipairs(s.choices) do if c == v then return v end end
    self:add(node, path, "recipe.choice", ('%s: "%s" is not known'):format(path, node.text),
      suggest.hint(node.text, s.choices), #node.text)
    return nil
  end
  return v
end

function Checker:list(node, s, path)
  if node.kind == "scalar" and s.single then
    local v = self:check(node, s.of, path)
    return v ~= nil and { v } or nil
  end
  if node.kind ~= "list" then
    self:add(node, path, "recipe.type", ("%s must be a list, found %s"):format(path, found(node)),
      "write [a, b] or one item on each line after a dash")
    return nil
  end
  local out = {}
  for i = 1, #node do out[#out + 1] = self:check(node[i], s.of, ("%s[%d]"):format(path, i)) end
  return out
end

-- Bytes beyond ASCII as code points, so that a look-alike letter can be seen.
local function visible(key)
  if not key:find("[\128-\255]") then return key end
  local marks = {}
  for _, c in utf8.codes(key, true) do
    if c > 127 then marks[#marks + 1] = ("U+%04X"):format(c) end
  end
  return key .. " (" .. table.concat(marks, " ") .. ")"
end

function Checker:unknown_key(node, s, path, key)
  local place = node:key_place(key)
  local names = suggest.keys(s.fields)
  local fields = schema.place(node, join(path, key),
    { hint = s.elsewhere and s.elsewhere(key) or suggest.hint(key, names), width = #key })
  local value = node:get(key)
  if value.file == node.file then fields.line, fields.column, fields.excerpt = place.line,
    place.column, place.excerpt
  -- laid over by --set or by a recipe that extends
  else schema.place(value, join(path, key), fields) end
  if #self.errors < LIMIT then
    self.errors[#self.errors + 1] = errors.new("recipe.unknown-key",
      ('unknown key "%s"%s'):format(visible(key), path ~= "" and " in " .. path or ""), fields)
  end
end

-- Defaults, and complaints about what is required: few fields are either.
function Checker:absent(node, fields, path, out)
  local names = {}
  for key, field in pairs(fields) do
    if (field.required or field.default ~= nil) and not node:get(key) then
      names[#names + 1] = key
    end
  end
  table.sort(names)
  for _, key in ipairs(names) do
    local field = fields[key]
    if field.required then
      self:add(node, path, "recipe.missing-key", ('required key "%s" is missing%s'):format(key,
        path ~= "" and " in " .. path or ""), field.doc)
    else
      out[key] = field.default
    end
  end
end

function Checker:map(node, s, path)
  if node.kind ~= "map" then
    self:add(node, path, "recipe.type", ("%s must be a map, found %s"):format(path == ""
      and "the recipe" or path, found(node)))
    return nil
  end
  local out, order = {}, {}
  local keys = node:keys()
  for _, key in ipairs(keys) do
    local field = s.fields and s.fields[key] or s.others
    if not field then
      self:unknown_key(node, s, path, key)
    else
      order[#order + 1] = key
      out[key] = self:check(node:get(key), field, join(path, key))
    end
  end
  self:absent(node, s.fields or {}, path, out)
  if s.order then out[schema.ORDER] = order end
  return out
end

-- Free content: plain numbers and truth values become themselves, the rest is text.
function Checker:any(node, path)
  if node.kind == "scalar" then
    local b = scalar.boolean(node)
    if b ~= nil then return b end
    return scalar.number(node) or node.text
  end
  local out = {}
  if node.kind == "list" then
    for i = 1, #node do out[i] = self:any(node[i], ("%s[%d]"):format(path, i)) end
  else
    for _, key in ipairs(node:keys()) do out[key] = self:any(node:get(key), join(path, key)) end
    out[schema.ORDER] = node:keys()
  end
  self.places[path] = node
  return out
end

function Checker:check(node, s, path)
  local known = self.other and self.other.values[path]
  if known and self.other.places[path] == node then
    self.shared[path] = true
    return known
  end
  self.places[path] = node
  if type(s) == "function" then s = s(node, self, path) if not s then return nil end end
  local t = s.type
  if t == "kinds" then
    local inner = s[node.kind]
    if not inner then
      self:add(node, path, "recipe.type", ("%s must be %s, found %s"):format(path, s.expected
        or "something else", found(node)))
      return nil
    end
    return self:check(node, inner, path)
  end
  local v
  if t == "any" then v = self:any(node, path)
  elseif t == "map" then v = self:map(node, s, path)
  elseif t == "list" then v = self:list(node, s, path)
  else v = self:scalar(node, s, path) end
  if type(v) == "table" then self.values[path] = v end
  return v
end

-- The places of a check that took over what another had checked: below a shared path, the other's.
local function places_over(other, shared)
  return setmetatable({}, { __index = function(_, path)
    local at = path
    while at do
      if shared[at] then return other.places[path] end
      at = at ~= "" and (at:match "^(.*)[.%[]" or "") or nil
    end
  end })
end

--- Key under which a checked map with `order` keeps its keys in file order.
schema.ORDER = setmetatable({}, { __tostring = function() return "order" end })

--- Keys of a checked map, in file order where it is known, else sorted.
function schema.keys(map) return map[schema.ORDER] or suggest.keys(map) end

--- Checks node against s. Returns the value (nil when nothing useful), a list of errors (empty when
--- it is fine), places: path -> node, and the check itself. other: the check, without errors, of a
--- tree that node was made from by laying entries over it; the same nodes are taken over from it.
function schema.check(node, s, other)
  local self = setmetatable({ errors = {}, values = {}, other = other, shared = {} }, Checker)
  self.places = other and places_over(other, self.shared) or {}
  local value = self:check(node, s, "")
  return value, self.errors, self.places, self
end

return schema
