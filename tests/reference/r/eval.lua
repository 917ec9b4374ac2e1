-- SPDX-License-Identifier: GPL-3.0-or-later
-- eval: evaluates the tree of an R expression. A function of R is a Lua function of (args, names,
-- env), where args.n
-- counts, or a special that takes the nodes themselves: { special = f(nodes, env) }. What fails is
-- remembered where it
-- was to be bound, and raised where it is used: one part of an answer that cannot be had leaves
-- the others.
local value = require "tests.reference.r.value"

local M = {}
local Env = {}
Env.__index = Env

--- An environment in which names are looked for before those of the parent.
function M.env(parent, vars) return setmetatable({ vars = vars or {}, parent = parent }, Env) end

function Env:get(name)
  local e = self
  while e do
    local v = e.vars[name]
    if v ~= nil then
      if type(v) == "table" and v.failed then error(v.failed, 0) end
      return v
    end
    e = e.parent
  end
  error(("R: there is no %s"):format(name), 0)
end

-- The function of that name: other values of the name are passed over.
function Env:function_named(name)
  local e = self
  while e do
    local v = e.vars[name]
    if type(v) == "function" or type(v) == "table" and v.special then return v end
    e = e.parent
  end
  error(("R: there is no function %s"):format(name), 0)
end

--- An environment whose names are the columns of a data frame (or the elements of a list).
function M.frame_env(frame, parent)
  local vars = {}
  for i, name in ipairs(frame.names or {}) do vars[name] = frame[i] end
  return M.env(parent, vars)
end

local eval

local function message(e) return type(e) == "table" and (e.message or e.failed) or tostring(e) end
M.message = message

--- The value of a node, or what failed.
function M.try(node, env)
  local ok, v = pcall(eval, node, env)
  if ok then return v end
  return { failed = message(v) }
end

-- Arguments of a call: values, and their names.
local function arguments(nodes, env)
  local args, names, n = {}, {}, 0
  for _, a in ipairs(nodes) do
    if a.node and a.node.kind == "name" and a.node.name == "..." then
      local rest = env:get "..."
      for i = 1, rest.args.n do
        n = n + 1
        args[n], names[n] = rest.args[i], rest.names[i]
      end
    else
      n = n + 1
      names[n] = a.name
      if a.node then args[n] = eval(a.node, env) end
    end
  end
  args.n = n
  return args, names
end

local function closure(node, env)
  return function(args, names)
    local inner, used, rest = M.env(env), {}, { args = { n = 0 }, names = {} }
    local function bind(p, i) inner.vars[p.name], used[i] = args[i], true end
    local taken = {}
    for k, p in ipairs(node.params) do
      for i = 1, args.n do if names[i] == p.name and not used[i] then taken[k] = bind(p, i)
        or true end end
    end
    local next_one = 1
    for k, p in ipairs(node.params) do
      if p.name == "..." then break end
      if not taken[k] then
        while next_one <= args.n and (used[next_one]
          or names[next_one]) do next_one = next_one + 1 end
        if next_one <= args.n then bind(p,
          next_one) elseif p.node then inner.vars[p.name] = eval(p.node, inner) end
      end
    end
    for i = 1, args.n do
      if not used[i] then
        rest.args.n = rest.args.n + 1
        rest.args[rest.args.n], rest.names[rest.args.n] = args[i], names[i]
      end
    end
    inner.vars["..."] = rest
    return eval(node.body, inner)
  end
end

--- Calls a function value with values.
function M.call(f, args, names, env)
  args.n = args.n or #args
  return f(args, names or {}, env)
end

-- The nodes of a special with what `...` stands for written out.
local function with_rest(nodes, env)
  local out = {}
  for _, a in ipairs(nodes) do
    if a.node and a.node.kind == "name" and a.node.name == "..." then
      local rest = env:get "..."
      for i = 1, rest.args.n do out[#out + 1] = { name = rest.names[i],
        node = { kind = "value", value = rest.args[i] } } end
    else out[#out + 1] = a end
  end
  return out
end

function eval(node, env)
  if node.kind == "value" then return node.value end
  if node.kind == "constant" then return value.one(node.value) end
  if node.kind == "name" then return env:get(node.name) end
  if node.kind == "function" then return closure(node, env) end
  local fn = node.fn.name and env:function_named(node.fn.name) or eval(node.fn, env)
  if type(fn) == "table" and fn.special then return fn.special(with_rest(node.args, env), env) end
  local args, names = arguments(node.args, env)
  return fn(args, names, env)
end
M.eval = eval

--- A node as R would print it (its text decides only names).
function M.deparse(node)
  if node.kind == "constant" then
    return type(node.value) == "string" and ('"%s"'):format(node.value) or value.text(node.value)
  end
  if node.kind == "name" then return node.name end
  if node.kind == "function" then return "function" end
  local name, parts = node.fn.name, {}
  for i, a in ipairs(node.args) do
    parts[i] = (a.name and a.name .. " = " or "") .. (a.node and M.deparse(a.node) or "")
  end
  if name == "(" then return "(" .. parts[1] .. ")" end
  if name == "$" then return parts[1] .. "$" .. node.args[2].node.value end
  if name == "[" then return parts[1] .. "[" .. table.concat(parts, ", ", 2) .. "]" end
  if name and not name:find("^[%a%.]") and #parts == 2 then
    local tight = name == ":" or name == "^" or name == "/"
    return parts[1] .. (tight and name or " " .. name .. " ") .. parts[2]
  end
  if name and not name:find("^[%a%.]") and #parts == 1 then return name .. parts[1] end
  return (name or M.deparse(node.fn)) .. "(" .. table.concat(parts, ", ") .. ")"
end

return M
