-- SPDX-License-Identifier: GPL-3.0-or-later
-- vectors: R's functions from vectors to numbers and to their order.
local args_of = require "tests.reference.r.args"
local base = require "tests.reference.r.base"
local value = require "tests.reference.r.value"

local map, new, one = value.map, value.new, value.one
local fn, scalar, number = args_of.fn, args_of.scalar, args_of.number
local shaped, binary, known = args_of.shaped, args_of.binary, args_of.known
local M = {}

-- --- vectors to numbers
-- ---------------------------------------------------------------------------------

local function reduce(f)
  return function(args, names)
    local parts, drop = { n = 0 }, false
    for i = 1, args.n do
      if names[i] == "na.rm" then drop = args[i][1]
      else
        parts.n = parts.n + 1
        parts[parts.n] = args[i]
      end
    end
    local x = known(parts.n == 1 and parts[1] or base.c(parts, {}), drop)
    return one(x and f(x))
  end
end

local function sum(x)
  local s = 0
  for _, v in ipairs(x) do s = s + v end
  return s
end
local function mean(x) return sum(x) / #x end
local function variance(x)
  local m, s = mean(x), 0
  for _, v in ipairs(x) do s = s + (v - m) ^ 2 end
  return s / (#x - 1)
end
M.sum, M.mean, M.var, M.sd = reduce(sum), reduce(mean), reduce(variance),
  reduce(function(x) return math.sqrt(variance(x)) end)
M.max = reduce(function(x) return math.max(table.unpack(x)) end)
M.min = reduce(function(x) return math.min(table.unpack(x)) end)
M.prod = reduce(function(x)
  local p = 1
  for _, v in ipairs(x) do p = p * v end
  return p
end)
M.any = reduce(function(x) return sum(x) > 0 end)
M.all = reduce(function(x) return sum(x) == #x end)
M.range = function(args) return base.c({ M.min(args, {}), M.max(args, {}), n = 2 }, {}) end

local function type7(x, p)
  table.sort(x)
  local h = (#x - 1) * p
  local low = math.floor(h + 4e-16 * #x)
  return x[low + 1] + (h - low) * ((x[low + 2] or x[low + 1]) - x[low + 1])
end
M.median = reduce(function(x) return type7(x, 0.5) end)
M.quantile = fn("x probs na.rm names type", function(a)
  if not value.is(a.x) then return a.x:quantile(a) end
  local x, probs = known(a.x, scalar(a["na.rm"])), a.probs or new { 0, 0.25, 0.5, 0.75, 1 }
  return map(probs.n, function(i) return type7(x, probs[i]) end)
end)

local function running(f)
  return function(args)
    local total
    return map(args[1].n, function(i)
      total = i == 1 and number(args[1][1]) or f(total, number(args[1][i]))
      return total
    end)
  end
end
M.cumsum, M.cumprod = running(function(a, b) return a + b end),
  running(function(a, b) return a * b end)
M.cummax = running(math.max)
M.diff = function(args)
  local x = args[1]
  if x.nrow then
    return value.matrix(x.nrow - 1, x.ncol, function(i,
      j) return x[(j - 1) * x.nrow + i + 1] - x[(j - 1) * x.nrow + i] end)
  end
  return map(args[1].n - 1, function(i) return args[1][i + 1] - args[1][i] end)
end

local function parallel(f)
  return function(args)
    local out = args[1]
    for k = 2, args.n do out = binary(f) { out, args[k], n = 2 } end
    return out
  end
end
M.pmin, M.pmax = parallel(math.min), parallel(math.max)

-- --- order
-- ------------------------------------------------------------------------------------------------

local function compare(a, b)
  if type(a) == "boolean" then a, b = number(a), number(b) end
  return a < b and -1 or a > b and 1 or 0
end

M.order = function(args, names)
  local keys, decreasing = {}, false
  for i = 1, args.n do
    if names[i] == "decreasing" then decreasing = args[i][1]
    else keys[#keys + 1] = args[i].levels and value.codes(args[i]) or args[i] end
  end
  local at = {}
  for i = 1, keys[1].n do at[i] = i end
  table.sort(at, function(i, j)
    for _, x in ipairs(keys) do
      if (x[i] == nil) ~= (x[j] == nil) then return x[j] == nil end
      local c = x[i] ~= nil and compare(x[i], x[j]) or 0
      if c ~= 0 then return (c < 0) ~= (decreasing == true) end
    end
    return i < j
  end)
  return new(at)
end
M.sort = fn("x decreasing", function(a)
  local at, kept = M.order({ a.x, a.decreasing or one(false), n = 2 }, { nil, "decreasing" }), {}
  for _, i in ipairs(at) do if a.x[i] ~= nil then kept[#kept + 1] = i end end
  return value.pick(a.x, kept)
end)
M.rev = function(args)
  local at = {}
  for i = args[1].n, 1, -1 do at[#at + 1] = i end
  return value.pick(args[1], at)
end
M.rank = function(args)
  local x, at, out = args[1], M.order({ args[1], n = 1 }, {}), { n = args[1].n }
  local i = 1
  while i <= #at do
    local j = i
    while j < #at and x[at[j + 1]] == x[at[i]] do j = j + 1 end
    for k = i, j do out[at[k]] = (i + j) / 2 end
    i = j + 1
  end
  return new(out)
end
M.unique = function(args)
  local seen, at = {}, {}
  for i = 1, args[1].n do
    local v = args[1][i]
    if v ~= nil and not seen[v] then seen[v], at[#at + 1] = true, i end
  end
  return value.pick(args[1], at)
end
M.duplicated = function(args)
  local seen = {}
  return map(args[1].n, function(i)
    local again = seen[args[1][i]] == true
    seen[args[1][i]] = true
    return again
  end)
end
M.which = function(args)
  local out = {}
  for i = 1, args[1].n do if args[1][i] then out[#out + 1] = i end end
  return new(out)
end
M.findInterval = fn("x vec", function(a)
  return map(a.x.n, function(i)
    local k = 0
    while k < a.vec.n and a.vec[k + 1] <= a.x[i] do k = k + 1 end
    return k
  end)
end)

M.ifelse = fn("test yes no", function(a)
  return shaped(map(a.test.n, function(i)
    if a.test[i] == nil then return nil end
    local from = (a.test[i] and a.test[i] ~= 0) and a.yes or a.no
    return from[(i - 1) % from.n + 1]
  end), a.test, a.test)
end)
M["is.na"] = function(args) return map(args[1].n,
  function(i) return args[1][i] == nil or args[1][i] ~= args[1][i] end) end
M["is.null"] = function(args) return one(value.is(args[1]) and args[1].list == true
  and args[1].n == 0) end
M["is.list"] = function(args) return one(value.is(args[1]) and args[1].list == true) end
M["complete.cases"] = function(args)
  local x = args[1]
  return map(x.frame or x.n, function(i)
    for j = 1, x.frame and x.n or 0 do if x[j][i] == nil then return false end end
    return x.frame ~= nil or x[i] ~= nil
  end)
end
M["na.omit"] = function(args)
  local x, at = args[1], {}
  local ok = M["complete.cases"] { x, n = 1 }
  for i = 1, ok.n do if ok[i] then at[#at + 1] = i end end
  return x.frame and value.rows(x, at) or value.pick(x, at)
end

M.cor = function(args)
  local x, y = known(args[1]), known(args[2])
  local mx, my, xy, xx, yy = mean(x), mean(y), 0, 0, 0
  for i = 1, #x do
    xy, xx, yy = xy + (x[i] - mx) * (y[i] - my), xx + (x[i] - mx) ^ 2, yy + (y[i] - my) ^ 2
  end
  return one(xy / math.sqrt(xx * yy))
end

local function extreme(better)
  return function(args)
    local x, at = args[1], nil
    for i = 1, x.n do if x[i] ~= nil and (not at or better(x[i], x[at])) then at = i end end
    return new({ at }, at and 1 or 0)
  end
end
M["which.max"] = extreme(function(a, b) return a > b end)
M["which.min"] = extreme(function(a, b) return a < b end)
M["weighted.mean"] = function(args)
  local x, w, sum_w, sum_x = args[1], args[2], 0, 0
  for i = 1, x.n do sum_w, sum_x = sum_w + w[i], sum_x + w[i] * x[i] end
  return one(sum_x / sum_w)
end

return M
