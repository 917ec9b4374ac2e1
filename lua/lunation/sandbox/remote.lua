-- SPDX-License-Identifier: GPL-3.0-or-later
-- remote: the program's objects as a plug-in's test sees them inside its own Lua state: each is a
-- handle, and what the test does with it is asked of lunation.sandbox.trial. Sent as a chunk:
-- remote(refuse, describe, assertions, tostring) gives { modules, start, resume }.
local refuse, describe, assertions, text_of = ...

local HANDLE = "\0handle" -- key of a table that stands for an object on the way
local DEPTH = 16

local ids = setmetatable({}, { __mode = "k" }) -- object -> its number

-- Waits for the program's answer: raises what it raised.
local function ask(request)
  local r = coroutine.yield(request)
  if not r.failure then return r.value end
  refuse(r.failure.code, r.failure.message, r.failure.hint)
end

local function sent(v, depth)
  if ids[v] then return { [HANDLE] = ids[v] } end
  if type(v) == "function" then
    refuse("plugin.refused", "a function cannot be given to the program in a sandboxed test",
      "lunation test --trust runs it in the program")
  end
  if type(v) ~= "table" then return v end
  if depth > DEPTH then refuse("plugin.define", "a table is nested too deeply") end
  local out = {}
  for k, x in next, v do out[k] = sent(x, depth + 1) end
  return out
end

local function packed(...)
  local out = { n = select("#", ...) }
  for i = 1, out.n do out[i] = sent((select(i, ...)), 0) end
  return out
end

local received

local function method(name)
  return function(self, ...)
    if not ids[self] then
      refuse("plugin.error", name .. " is a method: object:" .. name .. "(...)")
    end
    return received(ask { what = "call", id = ids[self], key = name, args = packed(...) })
  end
end

local function proxy(id)
  local object = setmetatable({}, { __metatable = false,
    __index = function(_, key)
      local r = ask { what = "get", id = id, key = key }
      if type(r) == "table" and r.method then return method(key) end
      return received(r)
    end,
    __newindex = function() refuse("plugin.readonly", "the object is read only") end,
    __len = function() return ask { what = "length", id = id } end,
    __tostring = function() return ask { what = "text", id = id } end })
  ids[object] = id
  return object
end

function received(v)
  if type(v) ~= "table" then return v end
  if v[HANDLE] then return proxy(v[HANDLE]) end
  for k, x in next, v do v[k] = received(x) end
  return v
end

-- --- what a test may require ---------------------------------------------------------------------

local outcomes = {}

local function report(ok, name, detail)
  outcomes[#outcomes + 1] = { ok = ok, name = name, detail = detail }
  return ok
end

local function module(name, functions)
  local m = {}
  for _, f in ipairs(functions) do
    m[f] = function(...) return received(ask { what = name, key = f, args = packed(...) }) end
  end
  return m
end

local testing = assertions(report, text_of)
testing.cohort = module("testing", { "cohort" }).cohort

local M = { modules = { ["lunation"] = module("lunation", { "read", "cohort", "use" }),
  ["lunation.testing"] = testing } }

-- --- the test ------------------------------------------------------------------------------------

local test

-- What the program gets: a request, or the outcomes at the end.
local function step(...)
  local ran, r = coroutine.resume(test, ...)
  if coroutine.status(test) ~= "dead" then return { request = r } end
  local failure = ran and r.failure or not ran and r
  if failure and type(failure) ~= "table" then error(failure, 0) end -- a limit
  return { outcomes = outcomes, failure = failure or nil }
end

function M.start(chunk)
  test = coroutine.create(function()
    local ok, failure = xpcall(chunk, describe)
    return { failure = not ok and failure or nil }
  end)
  return step()
end

function M.resume(r) return step(r) end

return M
