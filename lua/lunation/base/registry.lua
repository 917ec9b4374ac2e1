-- SPDX-License-Identifier: GPL-3.0-or-later
-- registry: named definitions of one kind (endpoints, classes, kinds of analysis, sections of the
-- report): those that are built in, a file each, read when it is asked for, and those that a script
-- or a plug-in adds.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}
local Registry = {}
Registry.__index = Registry

--- A registry. spec:
---   what      the function that registers, for messages: "endpoint.define"
---   noun      one of its things, with its article: "an endpoint"
---   name      the key that names a definition: "name"
---   keys      what a definition may have: { title = { "string", true }, ... }: its type, and whether it must be there
---   folder    built-in definitions are the modules folder.NAME
---   built_in  their names
---   unknown   code of the error when a name is not known
---   check     function(definition, bad): what else must hold; bad(message, hint) raises
function M.new(spec)
  return setmetatable({ spec = spec, known = {}, order = {}, loading = {} }, Registry)
end

local function checked(spec, definition, bad)
  if type(definition) ~= "table" then bad("expected a table") end
  for _, key in ipairs(suggest.keys(definition)) do
    local rule = spec.keys[key]
    if not rule then
      bad(('unknown key "%s"'):format(key), suggest.hint(key, suggest.keys(spec.keys)))
    end
    if type(definition[key]) ~= rule[1] then
      bad(("%s: expected a %s, found a %s"):format(key, rule[1], type(definition[key])))
    end
  end
  for _, key in ipairs(suggest.keys(spec.keys)) do
    if spec.keys[key][2] and definition[key] == nil then bad(key .. " is missing") end
  end
  if spec.check then spec.check(definition, bad) end
end

--- Registers a definition and returns it. Errors (plugin.define): unknown, missing or mistyped
--- keys, a name that is taken.
function Registry:define(definition)
  local spec = self.spec
  local function bad(message, hint)
    errors.raise("plugin.define", spec.what .. ": " .. message, { hint = hint })
  end
  checked(spec, definition, bad)
  local name = definition[spec.name]
  if not self.loading[name] and self:find(name) then
    bad(('%s "%s" exists already'):format(spec.noun, name), "give yours another " .. spec.name)
  end
  self.known[name], self.order[#self.order + 1] = definition, definition
  return definition
end

--- The definition of that name, or nil.
function Registry:find(name)
  for _, b in ipairs(self.spec.built_in or {}) do
    if b == name and not self.known[b] then
      self.loading[b] = true
      require(self.spec.folder .. "." .. b)
      self.loading[b] = nil
    end
  end
  return self.known[name]
end

--- The definition of that name; an unknown name is an error with a suggestion.
function Registry:get(name)
  local found = self:find(name)
  if found then return found end
  errors.raise(self.spec.unknown, ('there is no %s "%s"'):format(self.spec.noun:match("%S+$"),
    tostring(name)),
    { hint = suggest.hint(tostring(name), self:names()) })
end

--- All names, sorted.
function Registry:names()
  local names = suggest.keys(self.known)
  for _, b in ipairs(self.spec.built_in or {}) do
    if not self.known[b] then names[#names + 1] = b end
  end
  table.sort(names)
  return names
end

return M
