-- SPDX-License-Identifier: GPL-3.0-or-later
-- class: objects whose unknown fields are errors with a suggestion, and which cannot be written to
-- by accident.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local function missing_field(name, methods, self, key)
  local known = suggest.keys(methods)
  for _, k in ipairs(suggest.keys(self)) do if k:sub(1, 1) ~= "_" then known[#known + 1] = k end end
  table.sort(known)
  errors.raise("usage.field", ('%s has no field "%s"'):format(name, tostring(key)),
    { hint = suggest.hint(tostring(key), known) })
end

--- A class: name for messages; the returned table holds the methods. getters: fields computed on
--- access. new(fields) makes an object. Fields that may be absent are listed in optional.
return function(name, optional)
  local methods, getters, absent = {}, {}, {}
  for _, k in ipairs(optional or {}) do absent[k] = true end
  local meta = { __name = "lunation." .. name }
  function meta.__index(self, key)
    local m = methods[key]
    if m ~= nil then return m end
    local g = getters[key]
    if g then return g(self) end
    if absent[key] or math.type(key) == "integer" then return nil end -- the end of a list
    return missing_field(name, methods, self, key)
  end
  local class = { methods = methods, getters = getters, meta = meta }
  function class.new(fields) return setmetatable(fields, meta) end
  function class.is(v) return getmetatable(v) == meta end
  return class
end
