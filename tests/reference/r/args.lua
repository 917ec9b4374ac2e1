-- SPDX-License-Identifier: GPL-3.0-or-later
-- args: how R's functions take their arguments.
local value = require "tests.reference.r.value"

local M = {}

--- Arguments by parameter: named ones first, the others in order.
function M.match(params, args, names)
  local out, used, k = {}, {}, 1
  for i = 1, args.n do if names[i] then out[names[i]], used[names[i]] = args[i], true end end
  for i = 1, args.n do
    if not names[i] then
      while params[k] and used[params[k]] do k = k + 1 end
      if params[k] then out[params[k]] = args[i] end
      k = k + 1
    end
  end
  return out
end

--- A function of R with these parameters: f(table of arguments, env).
function M.fn(params, f)
  local list = {}
  for p in params:gmatch "%S+" do list[#list + 1] = p end
  return function(args, names, env) return f(M.match(list, args, names), env) end
end

--- The only value of a vector, or otherwise.
function M.scalar(x, otherwise)
  if x == nil then return otherwise end
  return x[1]
end

--- A truth as 0 or 1.
function M.number(v)
  if type(v) == "boolean" then return v and 1 or 0 end
  return v
end

--- A function, given itself or by name.
function M.function_of(f, env) return type(f) == "table" and value.is(f) and env:get(f[1]) or f end

function M.as_factor(x) return x.levels and x or value.factor(x) end

-- The shape of a or b where they are as long.
function M.shaped(out, a, b)
  for _, x in ipairs { a, b } do
    if x.n == out.n then
      out.names = out.names or x.names
      if x.nrow and not out.nrow then out.nrow, out.ncol, out.rows, out.cols = x.nrow, x.ncol,
        x.rows, x.cols end
    end
  end
  return out
end

--- An operator of two vectors, the shorter one repeated. raw: texts and truths as they are.
function M.binary(f, raw)
  return function(args)
    local a, b = args[1], args[2]
    if args.n == 1 then a, b = value.one(0), a end
    local n = (a.n == 0 or b.n == 0) and 0 or math.max(a.n, b.n)
    return M.shaped(value.map(n, function(i)
      local x, y = a[(i - 1) % a.n + 1], b[(i - 1) % b.n + 1]
      if x == nil or y == nil then return nil end
      if not raw then return f(M.number(x), M.number(y)) end
      if type(x) == "string" or type(y) == "string" then return f(value.text(x), value.text(y)) end
      return f(M.number(x), M.number(y))
    end), a, b)
  end
end

--- A vector as a row (of a product from the left) or a column.
function M.as_matrix(x, row)
  if x.nrow then return x end
  return value.matrix(row and 1 or x.n, row and x.n or 1,
    function(i, j) return x[row and j or i] end)
end

--- The values as a list of numbers; nil where one is missing, unless drop.
function M.known(x, drop)
  local out = {}
  for i = 1, x.n do
    if x[i] == nil and not drop then return nil end
    if x[i] ~= nil then out[#out + 1] = M.number(x[i]) end
  end
  return out
end

return M
