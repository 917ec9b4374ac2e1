-- SPDX-License-Identifier: GPL-3.0-or-later
-- spec: the description of a figure, checked before anything is drawn.
local errors = require("lunation.errors")
local suggest = require("lunation.base.suggest")

local spec = {}

-- "string!" -> "string", true
local function wanted(field)
  if field:byte(-1) == 33 then return field:sub(1, -2), true end
  return field, false
end

local function is_kind(value, kind) return kind == "any" or type(value) == kind end

-- Whether all is well, in any order.
local function fits(given, fields)
  for name in pairs(given) do if not fields[name] then return false end end
  for name, field in pairs(fields) do
    local kind, required = wanted(field)
    local value = given[name]
    if value == nil and required or value ~= nil and not is_kind(value, kind) then return false end
  end
  return true
end

--- Refuses unknown and wrongly typed fields of `given`. fields: name -> type ("string", "table",
--- "number", "function", "boolean", "any"), with "!" after it where the field is required.
function spec.check(figure, given, fields)
  if type(given) ~= "table" then
    errors.raise("figure.spec", figure .. ": a table is needed, found " .. type(given))
  end
  if fits(given, fields) then return end
  for _, name in ipairs(suggest.keys(given)) do -- in order, so that the message is always the same
    if not fields[name] then
      errors.raise("figure.spec", ("%s: unknown field '%s'"):format(figure, tostring(name)),
        { hint = suggest.hint(tostring(name), suggest.keys(fields)) })
    end
  end
  for _, name in ipairs(suggest.keys(fields)) do
    local kind, required = wanted(fields[name])
    local value = given[name]
    if value == nil and required then
      errors.raise("figure.spec", ("%s: field '%s' is missing"):format(figure, name))
    elseif value ~= nil and not is_kind(value, kind) then
      errors.raise("figure.spec",
        ("%s: field '%s' must be a %s, found a %s"):format(figure, name, kind, type(value)))
    end
  end
end

--- One of the words, or the first when nothing is given.
function spec.choice(figure, name, value, choices)
  if value == nil then return choices[1] end
  for _, choice in ipairs(choices) do
    if choice == value then return value end
  end
  errors.raise("figure.spec", ("%s: %s is '%s'"):format(figure, name, tostring(value)),
    { hint = "one of: " .. table.concat(choices, ", ") })
end

--- What a figure is told: that of a result with a drawing(), with what opt adds or replaces; given
--- itself where it is no result.
function spec.of(given, opt)
  if type(given.drawing) ~= "function" then return given end
  local s = given:drawing()
  for name, value in pairs(opt or {}) do s[name] = value end
  return s
end

function spec.fail(figure, ...)
  errors.raise("figure.spec", figure .. ": " .. string.format(...))
end

return spec
