-- SPDX-License-Identifier: GPL-3.0-or-later
-- class: objects whose unknown fields are errors with a suggestion, and which cannot be written to
-- by accident.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

--- Every class made so far, by name.
local M = { known = {} }

-- What an object has become when its block has ended.
local function closed(name)
  local function refuse()
    errors.raise("usage.closed",
      ("the %s was closed: the block of its `local ... <close>` has ended")
      :format(name), { hint = "use it inside the block, or make it without <close>" })
  end
  return { __index = refuse, __len = refuse, __pairs = refuse, __newindex = refuse,
    __name = "closed " .. name,
    __tostring = function() return "closed " .. name end }
end

-- Names under which an object has anything of its own, sorted.
local function names_of(...)
  local names = {}
  for _, part in ipairs { ... } do
    for k in next, part do
      if type(k) == "string" and k:sub(1, 1) ~= "_" then names[#names + 1] = k end
    end
  end
  table.sort(names)
  return names
end

local function missing_field(name, class, self, key)
  local word, known = tostring(key), names_of(class.methods, class.getters, self)
  local others = class.names and class.names(self) or {}
  local all = table.move(known, 1, #known, 1, {})
  local near = suggest.closest(word, table.move(others, 1, #others, #all + 1, all))
  errors.raise("usage.field", ('%s has no field "%s"'):format(name, word),
    { hint = suggest.from_r(word) or near and suggest.hint(word, { near }) or suggest.hint(word, known) })
end

-- Fields and getters in the order of their names; those that are nil are passed over.
local function fields(class, self)
  local names, i = names_of(self, class.getters), 0
  return function()
    local v
    repeat
      i = i + 1
      if not names[i] then return nil end
      v = self[names[i]]
    until v ~= nil
    return names[i], v
  end
end

--- for row in object:each() do ... end, over rows().
function M.each(self)
  local rows, i = self:rows(), 0
  return function()
    i = i + 1
    return rows[i]
  end
end

local function closer(shut)
  return function(self)
    for k in next, self do rawset(self, k, nil) end
    return setmetatable(self, shut)
  end
end

--- A class: name for messages; the returned table holds the methods. getters: fields computed on
--- access. new(fields) makes an object. Fields that may be absent are listed in optional.
--- class.find(self, key) and class.names(self), if set, are fields that come from elsewhere (the
--- columns of a table).
local function new(name, optional)
  local methods, getters, absent = {}, {}, {}
  for _, k in ipairs(optional or {}) do absent[k] = true end
  local class = { methods = methods, getters = getters }
  local meta = { __name = "lunation." .. name, __methods = methods, __getters = getters }
  function meta.__index(self, key)
    local m = methods[key]
    if m ~= nil then return m end
    local g = getters[key]
    if g then return g(self) end
    if absent[key] or math.type(key) == "integer" then return nil end -- the end of a list
    local other = class.find and class.find(self, key)
    if other ~= nil then return other end
    if key == "each" and methods.rows then return M.each end
    return missing_field(name, class, self, key)
  end
  function meta.__newindex(_, key)
    errors.raise("usage.readonly",
      ('%s is read only: "%s" cannot be set'):format(name, tostring(key)))
  end
  function meta.__len(self) return #self:rows() end
  function meta.__pairs(self) return fields(class, self) end
  meta.__close = closer(closed(name))
  class.meta = meta
  function class.new(values) return setmetatable(values, meta) end
  function class.is(v) return getmetatable(v) == meta end
  M.known[name] = class
  return class
end

return setmetatable(M, { __call = function(_, ...) return new(...) end })
