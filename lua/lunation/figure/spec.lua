-- SPDX-License-Identifier: GPL-3.0-or-later
-- spec: the description of a figure, checked before anything is drawn.
local errors = require("lunation.errors")
local suggest = require("lunation.base.suggest")

local spec = {}

--- Refuses unknown and wrongly typed fields of `given`. fields: name -> type ("string", "table",
--- "number", "function", "boolean", "any"), with "!" after it where the field is required.
function spec.check(figure, given, fields)
  if type(given) ~= "table" then
    errors.raise("figure.spec", figure .. ": a table is needed, found " .. type(given))
  end
  for _, name in ipairs(suggest.keys(given)) do
    if not fields[name] then
      errors.raise("figure.spec", ("%s: unknown field '%s'"):format(figure, tostring(name)),
        { hint = suggest.hint(tostring(name), suggest.keys(fields)) })
    end
  end
  for _, name in ipairs(suggest.keys(fields)) do
    local want = fields[name]
    local kind, required = want:gsub("!", "")
    local value = given[name]
    if value == nil and required == 1 then
      errors.raise("figure.spec", ("%s: field '%s' is missing"):format(figure, name))
    elseif value ~= nil and kind ~= "any" and type(value) ~= kind then
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

function spec.fail(figure, ...)
  errors.raise("figure.spec", figure .. ": " .. string.format(...))
end

return spec
