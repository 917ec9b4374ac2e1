-- SPDX-License-Identifier: GPL-3.0-or-later
-- library: the environment of a plug-in, built from lunation.sandbox.allow. Sent to the plug-in's
-- own Lua state as a chunk: library(allow, modules, refuse, part) gives the environment, where
-- modules = { name = table of functions }, refuse(code, message, hint) raises, and part(name, ...)
-- runs another chunk of this folder.
local allow, modules, refuse, part = ...

local inside = {} -- read-only proxy -> the table behind it

local function refuse_name(name)
  refuse("plugin.refused", name .. " is not available to a plug-in",
    "it sees no files, processes, clock or network")
end

local function set(names)
  local out = {}
  for _, n in ipairs(names) do out[n] = true end
  return out
end

local function readonly(name, functions, refused)
  local function missing(_, k)
    local f = functions[k]
    if f == nil and refused[k] then refuse_name(name .. "." .. k) end
    return f
  end
  local proxy = setmetatable({}, { __index = refused and missing or functions, __metatable = false,
    __newindex = function() refuse("plugin.readonly", name .. " is read only") end })
  inside[proxy] = functions
  return proxy
end

-- --- errors that cannot be caught ----------------------------------------------------------------

local function passed(ok, e, ...)
  if not ok and e == "not enough memory" then error(e, 0) end
  return ok, e, ...
end

-- The time limit needs nothing here: its hook raises again at the next instruction.
local function own_pcall(f, ...) return passed(pcall(f, ...)) end

-- --- metatables ----------------------------------------------------------------------------------

local metamethod, private = set(allow.metamethods), setmetatable({}, { __mode = "k" })

-- A private copy: what is put into the plug-in's own metatable later has no effect.
local function copy_of(mt)
  local copy = { __metatable = false }
  for k, v in next, mt do
    if metamethod[k] then copy[k] = v
    elseif type(k) == "string" and k:sub(1, 2) == "__" then
      refuse("plugin.metatable", '"' .. k:sub(1, 20)
        .. '" is not available in the metatables of a plug-in')
    end
  end
  private[mt] = copy
  return copy
end

local function own_setmetatable(t, mt)
  if type(t) ~= "table" or type(mt) ~= "table" then
    refuse("plugin.error", "setmetatable: expected two tables")
  end
  if getmetatable(t) ~= nil then
    refuse("plugin.metatable", "this table has a metatable already")
  end
  return setmetatable(t, private[mt] or copy_of(mt))
end

-- --- modules -------------------------------------------------------------------------------------

local texts = part("texts", allow, refuse)
local loaded, names = {}, {}
for name, functions in next, modules do
  loaded[name] = readonly(name, functions)
  names[#names + 1] = name
end
table.sort(names)

local function own_require(name)
  local m = type(name) == "string" and loaded[name]
  if not m then
    refuse("plugin.require",
      ('require "%s" is not available to a plug-in'):format(texts.tostring(name):sub(1, 40)),
      table.concat(names, ", ") .. " are")
  end
  return m
end

-- --- the environment -----------------------------------------------------------------------------

local order = part("order", refuse, inside)
local own = {
  globals = { pairs = order.pairs, next = order.next, pcall = own_pcall, tostring = texts.tostring,
    setmetatable = own_setmetatable, require = own_require },
  string = texts.string,
  table = part("lists", allow, refuse, texts.whole),
}
for name, f in next, part("pattern", allow, refuse, texts.text, texts.whole) do
  own.string[name] = f
end

local function gather(list, from, mine)
  local out = {}
  for _, name in ipairs(list.as_lua) do out[name] = from[name] end
  for _, name in ipairs(list.own) do out[name] = mine[name] end
  return out
end

local env = gather(allow.globals, _G, own.globals)
for name, list in pairs(allow.libraries) do
  env[name] = readonly(name, gather(list, _G[name], own[name] or {}),
    set(allow.refused_in[name] or {}))
end
env._G = env
debug.setmetatable("", { __index = env.string, __metatable = false })

local refused = set(allow.refused)
return setmetatable(env, { __metatable = false, __index = function(_, k)
  if refused[k] then refuse_name(k) end
end })
