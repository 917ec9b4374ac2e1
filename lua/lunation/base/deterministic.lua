-- SPDX-License-Identifier: GPL-3.0-or-later
-- deterministic: what a script sees in place of the parts of Lua that differ from run to run: pairs
-- walks sorted keys, math.random is a seeded stream, and no address is printed.
local core = require "lunation.core"

local M = {}

local LUA_FILES = 3 -- among the program's searchers: preloaded, embedded, Lua files, C

local RANK = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local x, y = RANK[type(a)] or 4, RANK[type(b)] or 4
  if x ~= y then return x < y end
  if x == 3 then return not a and b end
  return x < 3 and a < b
end

-- Keys of t: numbers, then texts, then false and true. Other keys have no order of their own: last.
local function sorted_keys(t)
  local keys, n, sorted = {}, 0, true
  for k in next, t do
    n = n + 1
    keys[n] = k
    if n > 1 and sorted then sorted = before(keys[n - 1], k) end
  end
  if not sorted then table.sort(keys, before) end
  return keys
end

--- As Lua's own, in the order of the keys: numbers, then texts bytewise, then false and true. A key
--- removed on the way is passed over.
function M.pairs(t)
  if type(t) == "userdata" then return pairs(t) end -- objects of the core have an order of their own
  local meta = getmetatable(t)
  if type(meta) == "table" and meta.__pairs then return meta.__pairs(t) end
  local keys, i = sorted_keys(t), 0
  return function()
    local v
    repeat
      i = i + 1
      if keys[i] == nil then return nil end
      v = rawget(t, keys[i])
    until v ~= nil
    return keys[i], v
  end, t, nil
end

local PLAIN = { table = true, ["function"] = true, userdata = true, thread = true }

-- A value that would print as an address, as its kind alone.
local function anonymous(v)
  if not PLAIN[type(v)] then return nil end
  local meta = getmetatable(v)
  if meta == nil then return type(v) end
  if type(meta) ~= "table" then return nil end -- an object of the core: it has a text of its own
  if meta.__tostring then return nil end
  return type(meta.__name) == "string" and meta.__name or type(v)
end

--- As Lua's own; a value without a text of its own is its kind ("table"), not an address.
function M.tostring(v) return anonymous(v) or tostring(v) end

--- As Lua's own, with this tostring.
function M.print(...)
  local out = table.pack(...)
  for i = 1, out.n do out[i] = M.tostring(out[i]) end
  io.stdout:write(table.concat(out, "\t", 1, out.n), "\n")
end

local function format(text, ...)
  local n = select("#", ...)
  for i = 1, n do
    if PLAIN[type((select(i, ...)))] then
      local args = table.pack(...)
      for j = i, n do args[j] = anonymous(args[j]) or args[j] end
      return M.format(text, table.unpack(args, 1, n))
    end
  end
  return M.format(text, ...)
end

local function random_functions(seed)
  local stream = core.rng.new(seed, "script")
  local function random(low, high)
    if low == nil then return stream:uniform() end
    if high == nil then low, high = 1, low end
    if math.tointeger(low) == nil or math.tointeger(high) == nil or high < low then
      error("bad argument to 'random' (interval is empty or not whole)", 2)
    end
    return math.tointeger(low) + stream:below(high - low + 1)
  end
  local function randomseed(s)
    stream = core.rng.new(math.tointeger(s or seed) or math.floor(s), "script")
  end
  return random, randomseed
end

local function copy(t, changes)
  local out = {}
  for k, v in next, t do out[k] = v end
  for k, v in next, changes do out[k] = v end
  return out
end

-- Modules that a script requires from files see what the script sees.
local function search_files(env)
  return function(name)
    local file, why = package.searchpath(name, package.path)
    if not file then return why end
    local chunk, message = loadfile(file, "t", env)
    if not chunk then
      error(("error loading module '%s' from file '%s':\n\t%s"):format(name, file, message), 0)
    end
    return chunk, file
  end
end

--- The globals of a script: Lua's own but for the above. seed: of math.random (default 1). Texts
--- made by string.format hold no addresses from here on.
function M.environment(seed)
  if not M.format then
    M.format = string.format
    string.format = format
  end
  local random, randomseed = random_functions(seed or 1)
  local env = copy(_G, { pairs = M.pairs, tostring = M.tostring, print = M.print,
    math = copy(math, { random = random, randomseed = randomseed }) })
  env._G = env
  package.searchers[LUA_FILES] = search_files(env)
  env.load = function(chunk, name, mode, e) return load(chunk, name, mode or "t", e or env) end
  env.loadfile = function(file, mode, e) return loadfile(file, mode or "t", e or env) end
  env.dofile = function(file) return assert(loadfile(file, "t", env))() end
  return env
end

return M
