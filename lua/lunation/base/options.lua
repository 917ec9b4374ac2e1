-- SPDX-License-Identifier: GPL-3.0-or-later
-- options: checks a table of named options against a list of known ones.
local conventions = require "lunation.base.conventions"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local options = {}

local function type_ok(rule, v)
  local t = rule.type
  if t == nil or t == "any" then return true end
  if t == "integer" then
    return math.type(v) == "integer" or (type(v) == "number" and v == math.floor(v))
  end
  if t == "numbers" or t == "strings" or t == "list" then return type(v) == "table" end
  return type(v) == t
end

local function check_range(what, name, rule, v)
  if rule.min and v < rule.min or rule.max and v > rule.max then
    errors.raise("usage.option", ("%s: option %s = %s is outside %s to %s"):format(what, name, v,
      rule.min or "-inf", rule.max or "inf"))
  end
end

local function check_choice(what, name, rule, v)
  for _, c in ipairs(rule.choices) do if c == v then return end end
  errors.raise("usage.option", ('%s: option %s: "%s" is not known'):format(what, name, tostring(v)),
    { hint = suggest.hint(tostring(v), rule.choices) })
end

--- Returns a copy of given with defaults filled in: those of the conventions in force, then the
--- rule's. known: { name = { type=, default=, min=, max=, choices=, required= } }. what: the
--- function's name, for messages. Unknown names are errors.
function options.check(what, given, known)
  local out = {}
  given = given or {}
  if type(given) ~= "table" then
    errors.raise("usage.option", what .. ": options come as one table, found a " .. type(given))
  end
  for _, name in ipairs(suggest.keys(given)) do
    if not known[name] then
      errors.raise("usage.option", ('%s: unknown option "%s"'):format(what, name),
        { hint = suggest.hint(name, suggest.keys(known)) })
    end
  end
  for name, rule in pairs(known) do
    local v = given[name]
    if v == nil then
      if rule.required then
        errors.raise("usage.option", ("%s: option %s is required"):format(what, name))
      end
      local conventional = conventions.default(what, name, rule.choices)
      if conventional ~= nil then out[name] = conventional else out[name] = rule.default end
    else
      if not type_ok(rule, v) then
        errors.raise("usage.option", ("%s: option %s: expected a %s, found a %s"):format(what, name,
          rule.type, type(v)))
      end
      if type(v) == "number" then check_range(what, name, rule, v) end
      if rule.choices then check_choice(what, name, rule, v) end
      out[name] = v
    end
  end
  return out
end

return options
