-- SPDX-License-Identifier: GPL-3.0-or-later
-- base: the functions of R itself that calls of reference cases use on vectors, lists and data
-- frames.
local eval = require "tests.reference.r.eval"
local value = require "tests.reference.r.value"

local args_of = require "tests.reference.r.args"

local map, one, new = value.map, value.one, value.new
local fn, scalar, number, function_of = args_of.fn, args_of.scalar, args_of.number,
  args_of.function_of
local shaped, binary, as_matrix = args_of.shaped, args_of.binary, args_of.as_matrix
local M = {}

-- --- operators
-- --------------------------------------------------------------------------------------

M["+"] = binary(function(a, b) return a + b end)
M["-"] = binary(function(a, b) return a - b end)
M["*"] = binary(function(a, b) return a * b end)
M["/"] = binary(function(a, b) return a / b end)
M["^"] = binary(function(a, b) return (a + 0.0) ^ b end)
M["%%"] = binary(function(a, b) return a % b end)
M["%/%"] = binary(function(a, b) return a // b end)
M["<"] = binary(function(a, b) return a < b end, true)
M[">"] = binary(function(a, b) return a > b end, true)
M["<="] = binary(function(a, b) return a <= b end, true)
M[">="] = binary(function(a, b) return a >= b end, true)
M["=="] = binary(function(a, b) return a == b end, true)
M["!="] = binary(function(a, b) return a ~= b end, true)
-- One value decides where the other is missing: false of "and", true of "or".
local function logical(deciding)
  return function(args)
    local a, b = args[1], args[2]
    local function truth(x, i)
      local v = x[(i - 1) % x.n + 1]
      if v == nil then return nil end
      return number(v) ~= 0
    end
    return map(math.max(a.n, b.n), function(i)
      local x, y = truth(a, i), truth(b, i)
      if x == deciding or y == deciding then return deciding end
      if x == nil or y == nil then return nil end
      return not deciding
    end)
  end
end
M["&"], M["|"] = logical(false), logical(true)
M.T, M.F = one(true), one(false)
M["&&"], M["||"] = M["&"], M["|"]

M["!"] = function(args)
  return shaped(map(args[1].n, function(i) return args[1][i] ~= nil
    and not (args[1][i] ~= 0 and args[1][i]) end), args[1], args[1])
end
M["("] = function(args) return args[1] end

M[":"] = function(args)
  local a, b = args[1][1], args[2][1]
  return map(math.abs(b - a) // 1 + 1, function(i) return a <= b and a + i - 1 or a - i + 1 end)
end

M["%in%"] = function(args)
  local known = {}
  for i = 1, args[2].n do if args[2][i] ~= nil then known[args[2][i]] = true end end
  return map(args[1].n, function(i) return args[1][i] ~= nil and known[args[1][i]] == true end)
end

M["%*%"] = function(args)
  local a, b = as_matrix(args[1], not args[2].nrow or args[2].nrow == args[1].n), as_matrix(args[2])
  return value.matrix(a.nrow, b.ncol, function(i, j)
    local sum = 0
    for k = 1, a.ncol do sum = sum + a[(k - 1) * a.nrow + i] * b[(j - 1) * b.nrow + k] end
    return sum
  end)
end

-- --- the language
-- -----------------------------------------------------------------------------------

local function assign(target, v, env)
  if target.kind == "name" or target.kind == "constant" then
    env.vars[target.name or target.value] = v
    return v
  end
  if type(v) == "table" and v.failed then error(v.failed, 0) end
  local object, op = target.args[1].node, target.fn.name
  local old = eval.eval(object, env)
  if op == "$" then assign(object, old:with(target.args[2].node.value, v), env)
  elseif op == "[[" then assign(object, old:with(eval.eval(target.args[2].node, env)[1], v), env)
  elseif op == "[" then
    local out = new({ table.unpack(old, 1, old.n) }, old.n)
    out.names, out.levels, out.list = old.names, old.levels, old.list
    for k, i in ipairs(value.positions(eval.eval(target.args[2].node, env), old.n, old.names)) do
      out[i], out.n = v[(k - 1) % v.n + 1], math.max(out.n, i)
    end
    assign(object, out, env)
  elseif op == "names" or op == "levels" then
    local out = new({ table.unpack(old, 1, old.n) }, old.n)
    out.list, out.frame, out.names, out.levels = old.list, old.frame, old.names, old.levels
    out[op] = { table.unpack(v, 1, v.n) }
    assign(object, out, env)
  else error("R: nothing is assigned to " .. op, 0) end
  return v
end

M["<-"] = { special = function(nodes, env) return assign(nodes[1].node,
  eval.try(nodes[2].node, env), env) end }
M.assign = { special = function(nodes, env) return eval.eval(nodes[2].node, env) end }

M["{"] = { special = function(nodes, env)
  local out = new({ list = true }, 0)
  for _, a in ipairs(nodes) do out = eval.eval(a.node, env) end
  return out
end }

M["if"] = { special = function(nodes, env)
  local c = eval.eval(nodes[1].node, env)[1]
  if c and c ~= 0 then return eval.eval(nodes[2].node, env) end
  return nodes[3] and eval.eval(nodes[3].node, env) or new({ list = true }, 0)
end }

M["for"] = { special = function(nodes, env)
  local over = eval.eval(nodes[2].node, env)
  for i = 1, over.n do
    env.vars[nodes[1].node.name] = over.list and over[i] or one(over[i])
    eval.eval(nodes[3].node, env)
  end
  return over
end }

M["~"] = { special = function(nodes, env)
  return { formula = true, left = nodes[2] and nodes[1].node, right = (nodes[2] or nodes[1]).node,
    env = env }
end }

-- A part that cannot be had is left out, with its reason, and the others stay.
M.list = { special = function(nodes, env)
  local out = new({ list = true, names = {} }, #nodes)
  for i, a in ipairs(nodes) do out[i], out.names[i] = eval.try(a.node, env), a.name or "" end
  return out
end }

for _, name in ipairs { "suppressMessages", "suppressWarnings", "suppressPackageStartupMessages",
  "invisible" } do
  M[name] = { special = function(nodes, env) return eval.eval(nodes[1].node, env) end }
end
for _, name in ipairs { "library", "require", "set.seed", "options" } do
  M[name] = { special = function() return new({ list = true }, 0) end }
end

local function in_frame(nodes, env) return eval.frame_env(eval.eval(nodes[1].node, env), env) end

M.with = { special = function(nodes, env) return eval.eval(nodes[2].node,
  in_frame(nodes, env)) end }

M.transform = { special = function(nodes, env)
  local out, inner = eval.eval(nodes[1].node, env), in_frame(nodes, env)
  for i = 2, #nodes do out = out:with(nodes[i].name, eval.eval(nodes[i].node, inner)) end
  return out
end }

M.within = { special = function(nodes, env)
  local frame, inner = eval.eval(nodes[1].node, env), in_frame(nodes, env)
  local before = {}
  for k, v in pairs(inner.vars) do before[k] = v end
  eval.eval(nodes[2].node, inner)
  for _, k in ipairs(require("lunation.base.suggest").keys(inner.vars)) do
    if inner.vars[k] ~= before[k] then frame = frame:with(k, inner.vars[k]) end
  end
  return frame
end }

M.subset = { special = function(nodes, env)
  local frame, inner = eval.eval(nodes[1].node, env), in_frame(nodes, env)
  local keep, at = eval.eval(nodes[2].node, inner), {}
  for i = 1, frame.frame do if keep[i] then at[#at + 1] = i end end
  return value.rows(frame, at)
end }

-- --- fields and indices
-- ------------------------------------------------------------------------------

M["$"] = function(args)
  local x, name = args[1], args[2][1]
  if not value.is(x) then return (x.get and x:get(name))
    or error("R: there is no field " .. name, 0) end
  local v = x:field(name)
  if v == nil then return new({ list = true }, 0) end
  if not value.is(v) and v.failed then error(v.failed, 0) end
  return v
end

M["[["] = function(args)
  local x, i = args[1], args[2][1]
  local v
  if type(i) == "string" then v = x:field(i) else v = x[i] end
  if x.list then
    if type(v) == "table" and v.failed then error(v.failed, 0) end
    return v or error("R: index beyond the list", 0)
  end
  return one(v)
end

M["["] = { special = function(nodes, env)
  local x, index, named = eval.eval(nodes[1].node, env), {}, {}
  for i = 2, #nodes do
    if nodes[i].name then named[nodes[i].name] = eval.eval(nodes[i].node, env)
    else index[#index + 1] = nodes[i].node and eval.eval(nodes[i].node, env) or false end
  end
  local function at(i) return index[i] or nil end
  if not value.is(x) then return x:index(at(1)) end
  if #index < 2 then
    local i = at(1)
    if i and i.nrow and x.nrow then -- pairs of row and column
      return map(i.nrow, function(k) return x[(i[i.nrow + k] - 1) * x.nrow + i[k]] end)
    end
    local out = value.pick(x, value.positions(i, x.n, x.names))
    if x.frame then out.frame = x.frame end
    return out
  end
  if x.frame then
    local out = at(2) and value.pick(x, value.positions(at(2), x.n, x.names)) or x
    out.frame = x.frame
    if at(1) then out = value.rows(out, value.positions(at(1), x.frame)) end
    return at(2) and out.n == 1 and out[1] or out
  end
  return value.submatrix(x, at(1), at(2))
end }

-- --- making vectors
-- ------------------------------------------------------------------------------------

M.c = function(args, names)
  local out, n, list = { names = nil }, 0, false
  for i = 1, args.n do list = list or not value.is(args[i]) or args[i].list end
  for i = 1, args.n do
    local x = value.is(args[i]) and args[i] or new({ args[i], list = true }, 1)
    for k = 1, x.n do
      n = n + 1
      out[n] = list and not x.list and one(x[k]) or x[k]
      local inner = x.names and x.names[k]
      local name = names[i] and (inner and names[i] .. "." .. inner or x.n > 1 and names[i] .. k
        or names[i]) or inner
      if name then
        out.names = out.names or {}
        out.names[n] = name
      end
    end
  end
  for i = 1, out.names and n or 0 do out.names[i] = out.names[i] or "" end
  out.list = list or nil
  return new(out, n)
end

M.rep = fn("x times each length.out", function(a)
  local each, times = scalar(a.each, 1), a.times or one(1)
  local out = {}
  local function add(i) out[#out + 1] = i end
  if times.n > 1 then for i = 1, a.x.n do for _ = 1, times[i] do add(i) end end
  elseif a["length.out"] then for i = 0, a["length.out"][1] - 1 do add(i // each % a.x.n + 1) end
  else for _ = 1, times[1] do for i = 1, a.x.n do for _ = 1, each do add(i) end end end end
  return value.pick(a.x, out)
end)
M.rep_len = fn("x length.out", function(a) return map(a["length.out"][1],
  function(i) return a.x[(i - 1) % a.x.n + 1] end) end)

M.seq = fn("from to by length.out", function(a)
  if not a.to and not a.by then return map(a.from.n > 1 and a.from.n or a.from[1],
    function(i) return i end) end
  local from, to = a.from[1], scalar(a.to)
  local n = scalar(a["length.out"])
  local by = scalar(a.by, n and (to - from) / (n - 1) or 1)
  return map(n or (to - from) / by * (1 + 1e-10) // 1 + 1,
    function(i) return from + (i - 1) * by end)
end)
M.seq_len = function(args) return map(args[1][1], function(i) return i end) end
M.seq_along = function(args) return map(args[1].n, function(i) return i end) end

-- A vector of one of R's functions of numbers.
local function each(f)
  return function(args)
    local x = args[1]
    return shaped(map(x.n, function(i)
      if x[i] == nil then return nil end
      return f(number(x[i]))
    end), x, x)
  end
end

M.exp, M.sqrt, M.abs, M.cos, M.acos = each(math.exp), each(math.sqrt), each(math.abs),
  each(math.cos), each(math.acos)
M.floor, M.ceiling = each(function(x) return x // 1 end), each(function(x) return -(-x // 1) end)
M.log2, M.log10, M.sign = each(function(x) return math.log(x, 2) end),
  each(function(x) return math.log(x, 10) end),
  each(function(x) return x > 0 and 1 or x < 0 and -1 or 0 end)
M.log = fn("x base", function(a) return each(function(x) return math.log(x,
  scalar(a.base)) end) { a.x, n = 1 } end)
M.round = fn("x digits", function(a)
  local unit = 10 ^ scalar(a.digits, 0)
  return each(function(x)
    local v = x * unit
    local low = v // 1
    return (v - low > 0.5 or v - low == 0.5 and low % 2 == 1) and (low + 1) / unit or low / unit
  end) { a.x, n = 1 }
end)

M["as.integer"] = function(args)
  local x = args[1]
  if x.levels then return value.codes(x) end
  return map(x.n, function(i)
    local v = number(x[i])
    if type(v) == "string" then v = tonumber(v) end
    return v and (v >= 0 and v // 1 or -(-v // 1))
  end)
end
M["as.numeric"] = function(args)
  local x = args[1]
  if x.levels then return value.codes(x) end
  return map(x.n, function(i)
    local v = number(x[i])
    if type(v) == "string" then return tonumber(v) end
    return v
  end)
end
M["as.double"], M["as.vector"] = M["as.numeric"], function(args) return value.plain(args[1]) end
M["as.character"] = function(args)
  return map(args[1].n, function(i) return args[1][i] ~= nil and value.text(args[1][i]) or nil end)
end
M["as.logical"] = function(args) return map(args[1].n,
  function(i) return args[1][i] ~= nil and number(args[1][i]) ~= 0 or nil end) end
M["as.matrix"] = function(args)
  local x = args[1]
  if not x.frame then return as_matrix(x) end
  return value.matrix(x.frame, x.n, function(i, j) return x[j][i] end, nil, x.names)
end
M["as.data.frame"], M.unclass, M.drop, M.unname, M.I = M["("], M["("], M["as.vector"],
  M["as.vector"], M["("]
M.unlist = function(args)
  local x = args[1]
  if not x.list then return x end
  local parts, names = { n = x.n }, {}
  for i = 1, x.n do
    parts[i] = x[i]
    names[i] = x.names and x.names[i] ~= "" and x.names[i] or nil
  end
  return M.c(parts, names)
end

return M
