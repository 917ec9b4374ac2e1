-- SPDX-License-Identifier: GPL-3.0-or-later
-- tables: R's factors, tables, groups, matrices and data frames.
local args_of = require "tests.reference.r.args"
local base = require "tests.reference.r.base"
local value = require "tests.reference.r.value"
local core = require "lunation.core"
local vectors = require "tests.reference.r.vectors"
local map, new, one = value.map, value.new, value.one
local fn, scalar, number, function_of, as_factor = args_of.fn, args_of.scalar, args_of.number,
  args_of.function_of, args_of.as_factor
local as_matrix, known = args_of.as_matrix, args_of.known
local M = {}

-- --- factors, tables, groups
-- ------------------------------------------------------------------------------

M.factor = fn("x levels labels", function(a) return value.factor(a.x, a.levels, a.labels) end)
M.ordered, M["as.factor"] = M.factor, function(args) return args[1].levels and args[1]
  or value.factor(args[1]) end
M.droplevels = function(args) return value.factor(args[1]) end
M.levels = function(args) return new { table.unpack(args[1].levels or {}) } end
M.nlevels = function(args) return one(#args[1].levels) end
M.relevel = fn("x ref", function(a)
  local levels = { a.ref[1] }
  for _, l in ipairs(a.x.levels) do if l ~= a.ref[1] then levels[#levels + 1] = l end end
  return value.factor(a.x, levels)
end)

M.cut = fn("x breaks labels include.lowest right", function(a)
  local b, right, lowest = known(a.breaks), scalar(a.right, true),
    scalar(a["include.lowest"], false)
  table.sort(b)
  local codes = map(a.x.n, function(i)
    local x = a.x[i]
    if x == nil then return nil end
    for k = 1, #b - 1 do
      local inside
      if right then inside = (x > b[k] or lowest and k == 1 and x == b[1]) and x <= b[k + 1]
      else inside = x >= b[k] and (x < b[k + 1] or lowest and k == #b - 1 and x == b[#b]) end
      if inside then return k end
    end
  end)
  if a.labels and a.labels[1] == false then return codes end
  local levels = {}
  for k = 1, #b - 1 do levels[k] = k end
  return value.factor(codes, levels, a.labels or map(#b - 1,
    function(k) return ("(%g,%g]"):format(b[k], b[k + 1]) end))
end)

local as_factor = args_of.as_factor

M.interaction = function(args)
  local a, b = as_factor(args[1]), as_factor(args[2])
  local levels = {}
  for _, l in ipairs(b.levels) do for _, k in ipairs(a.levels) do levels[#levels + 1] = k .. "."
    .. l end end
  return value.factor(map(a.n, function(i) return a[i] and b[i] and a[i] .. "." .. b[i] end),
    levels)
end

M.table = function(args, names)
  local f, size, dims, total = {}, {}, {}, 1
  for k = 1, args.n do
    if names[k] ~= "useNA" then
      f[#f + 1] = as_factor(args[k])
      dims[#f], size[#f] = f[#f].levels, total
      total = total * #dims[#f]
    end
  end
  local codes, counts = {}, {}
  for k, x in ipairs(f) do codes[k] = value.codes(x) end
  for i = 1, total do counts[i] = 0 end
  for i = 1, f[1].n do
    local at = 1
    for k in ipairs(f) do at = at and codes[k][i] and at + (codes[k][i] - 1) * size[k] end
    if at then counts[at] = counts[at] + 1 end
  end
  local out = new(counts, total)
  if #f == 1 then out.names = dims[1]
  elseif #f == 2 then out.nrow, out.ncol, out.rows, out.cols = #dims[1], #dims[2], dims[1], dims[2]
  else out.dims = dims end
  return out
end

-- Results of one value each as a vector, of equal lengths as a matrix, else as a list.
local function simplify(list, names)
  local n
  for i = 1, list.n do
    local x = list[i]
    local size = value.is(x) and not x.list and x.n
    if n == nil then n = size elseif n ~= size then n = false end
  end
  if not n then return new({ list = true, names = names, table.unpack(list, 1, list.n) },
    list.n) end
  if n == 1 then
    local out = map(list.n, function(i) return list[i][1] end)
    out.names = names
    return out
  end
  return value.matrix(n, list.n, function(i, j) return list[j][i] end, list[1] and list[1].names,
    names)
end

local function extra(args, names, from)
  local rest, labels = { n = 0 }, {}
  for i = from, args.n do
    rest.n = rest.n + 1
    rest[rest.n], labels[rest.n] = args[i], names[i]
  end
  return rest, labels
end

local function each_call(f, items, args, names, from, env)
  local out = { n = items.n }
  local rest, labels = extra(args, names, from)
  for i = 1, items.n do
    local call, called = { n = rest.n + 1, items[i] }, {}
    for k = 1, rest.n do call[k + 1], called[k + 1] = rest[k], labels[k] end
    out[i] = f(call, called, env)
  end
  return out
end

local function elements(x)
  local out = { n = x.n }
  for i = 1, x.n do out[i] = x.list and x[i] or one(x[i]) end
  return out
end

local function names_of(x)
  if x.names then return x.names end
  if type(x[1]) == "string" and not x.list and not x.levels then return { table.unpack(x, 1,
    x.n) } end
end

M.lapply = function(args, names, env)
  local out = each_call(function_of(args[2], env), elements(args[1]), args, names, 3, env)
  out.list, out.names = true, args[1].names
  return new(out)
end
M.sapply = function(args, names, env)
  return simplify(each_call(function_of(args[2], env), elements(args[1]), args, names, 3, env),
    names_of(args[1]))
end
M.vapply = function(args, names, env)
  return simplify(each_call(function_of(args[2], env), elements(args[1]), args, names, 4, env),
    names_of(args[1]))
end

M.apply = function(args, names, env)
  local x, by, items = args[1], args[2][1], { n = 0 }
  items.n = by == 1 and x.nrow or x.ncol
  for k = 1, items.n do
    items[k] = map(by == 1 and x.ncol or x.nrow,
      function(i) return by == 1 and x[(i - 1) * x.nrow + k] or x[(k - 1) * x.nrow + i] end)
  end
  return simplify(each_call(function_of(args[3], env), items, args, names, 4, env),
    by == 1 and x.rows or x.cols)
end

M.tapply = function(args, names, env)
  local x, by, items = args[1], as_factor(args[2]), { n = 0 }
  for k, level in ipairs(by.levels) do
    local at = {}
    for i = 1, x.n do if by[i] == level then at[#at + 1] = i end end
    items.n, items[k] = k, value.pick(x, at)
  end
  return simplify(each_call(function_of(args[3], env), items, args, names, 4, env), by.levels)
end

M.split = function(args)
  local x, by, out = args[1], as_factor(args[2]), {}
  for k, level in ipairs(by.levels) do
    local at = {}
    for i = 1, by.n do if by[i] == level then at[#at + 1] = i end end
    out[k] = { level, x.frame and value.rows(x, at) or value.pick(x, at) }
  end
  return value.list(out)
end

M.rowsum = function(args)
  local by = as_factor(args[2])
  return M.tapply({ args[1], by, vectors.sum, n = 3 }, {})
end

M.outer = function(args, names, env)
  local x, y = args[1], args[2]
  local a, b = map(x.n * y.n, function(k) return x[(k - 1) % x.n + 1] end),
    map(x.n * y.n, function(k) return y[(k - 1) // x.n + 1] end)
  local f = args[3] and function_of(args[3], env) or M["*"]
  local out = f({ a, b, n = 2 }, {}, env)
  return value.matrix(x.n, y.n, function(i, j) return out[(j - 1) * x.n + i] end)
end

M.combn = function(args)
  local x, out = args[1], {}
  for i = 1, x.n - 1 do for j = i + 1, x.n do out[#out + 1] = { x[i], x[j] } end end
  return value.matrix(2, #out, function(i, j) return out[j][i] end)
end

-- --- shapes
-- -------------------------------------------------------------------------------------------------

M.length = function(args) return one(args[1].n) end
M.nrow, M.NROW = function(args) return one(args[1].frame or args[1].nrow) end,
  function(args) return one(args[1].frame or args[1].n) end
M.ncol = function(args) return one(args[1].frame and args[1].n or args[1].ncol) end
M.names = function(args) return new { table.unpack(args[1].names or {}) } end
M.rownames, M.colnames = function(args) return new { table.unpack(args[1].rows or {}) } end,
  function(args) return new { table.unpack(args[1].cols or args[1].names or {}) } end
M.setNames = function(args)
  local out = value.pick(args[1], value.positions(nil, args[1].n))
  out.names = { table.unpack(args[2], 1, args[2].n) }
  return out
end
M.matrix = fn("data nrow ncol byrow", function(a)
  local n = scalar(a.nrow) or a.data.n // scalar(a.ncol)
  local m = scalar(a.ncol) or a.data.n // n
  return value.matrix(n, m, function(i, j)
    local k = scalar(a.byrow) and (i - 1) * m + j or (j - 1) * n + i
    return a.data[(k - 1) % a.data.n + 1]
  end)
end)
M.t = function(args)
  local x = as_matrix(args[1])
  return value.matrix(x.ncol, x.nrow, function(i, j) return x[(i - 1) * x.nrow + j] end, x.cols,
    x.rows)
end
M.diag = function(args)
  local x = args[1]
  return map(x.nrow, function(i) return x[(i - 1) * x.nrow + i] end)
end

local function bind(by_column)
  return function(args, names)
    local columns, labels, n = {}, {}, 0
    for k = 1, args.n do
      local x = args[k]
      if x.nrow then
        x = by_column and x or M.t { x, n = 1 }
        for j = 1, x.ncol do columns[#columns + 1],
          labels[#labels + 1] = { x, (j - 1) * x.nrow, x.nrow }, x.cols and x.cols[j] or "" end
        n = math.max(n, x.nrow)
      else
        columns[#columns + 1], labels[#labels + 1] = { x, 0, x.n }, names[k] or ""
        n = math.max(n, x.n)
      end
    end
    local out = value.matrix(n, #columns, function(i, j)
      local c = columns[j]
      return number(c[1][c[2] + (i - 1) % c[3] + 1])
    end, nil, labels)
    return by_column and out or M.t { out, n = 1 }
  end
end
local bind_columns, bind_rows = bind(true), bind(false)
M.cbind = function(args, names) return bind_columns(args, names) end
M.rbind = function(args, names)
  if not args[1].frame then return bind_rows(args, names) end
  local out = { n = args[1].n, list = true, names = args[1].names, frame = 0 }
  for j, name in ipairs(out.names) do
    local parts = { n = args.n }
    for k = 1, args.n do parts[k] = args[k]:field(name) end
    out[j] = base.c(parts, {})
    out[j].levels, out[j].names = args[1][j].levels, nil
    out.frame = out[j].n
  end
  return new(out)
end
M.head = fn("x n", function(a)
  local size = math.min(scalar(a.n, 6), a.x.frame or a.x.n)
  local at = value.positions(nil, size)
  return a.x.frame and value.rows(a.x, at) or value.pick(a.x, at)
end)
M.tail = fn("x n", function(a)
  local size, total = scalar(a.n, 6), a.x.frame or a.x.n
  local at = {}
  for i = math.max(1, total - size + 1), total do at[#at + 1] = i end
  return a.x.frame and value.rows(a.x, at) or value.pick(a.x, at)
end)

M["data.frame"] = function(args, names)
  local columns, n = {}, 0
  for i = 1, args.n do
    if names[i] ~= "stringsAsFactors" and names[i] ~= "check.names" then
      if args[i].frame then for j, name in ipairs(args[i].names) do columns[#columns + 1] = { name,
        args[i][j] } end
      else columns[#columns + 1] = { names[i], args[i] } end
    end
  end
  for _, c in ipairs(columns) do n = math.max(n, c[2].n) end
  for _, c in ipairs(columns) do
    local x = c[2]
    if x.n ~= n then
      c[2] = map(n, function(i) return x[(i - 1) % x.n + 1] end)
      c[2].levels = x.levels
    end
  end
  return value.frame(columns, n)
end

M.paste = function(args, names)
  local sep, collapse, parts, n = " ", nil, {}, 0
  for i = 1, args.n do
    if names[i] == "sep" then sep = args[i][1] elseif names[i] == "collapse" then collapse = args[i][1]
    else
      parts[#parts + 1] = args[i]
      n = math.max(n, args[i].n)
    end
  end
  local out = map(n, function(i)
    local words = {}
    for k, p in ipairs(parts) do words[k] = value.text(p[(i - 1) % p.n + 1]) end
    return table.concat(words, sep)
  end)
  return collapse and one(table.concat(out, collapse)) or out
end
M.paste0 = function(args, names)
  args.n = args.n + 1
  args[args.n], names[args.n] = one "", "sep"
  return M.paste(args, names)
end
M["file.path"] = function(args) return one(args[1][1] .. "/" .. args[2][1]) end
M["read.csv"] = fn("file header", function(a)
  local rows = {}
  for line in core.file.read(a.file[1]):gmatch "[^\r\n]+" do
    local row = {}
    for cell in line:gmatch "[^,]+" do row[#row + 1] = tonumber(cell) end
    rows[#rows + 1] = row
  end
  return value.matrix(#rows, #rows[1], function(i, j) return rows[i][j] end)
end)

M.globalenv = function() return one(0) end
M.setdiff = function(args)
  local gone, out = {}, {}
  for i = 1, args[2].n do gone[args[2][i]] = true end
  for i = 1, args[1].n do if not gone[args[1][i]] then out[#out + 1] = args[1][i] end end
  return new(out)
end
M.solve = function(args)
  local a, b = args[1], args[2]
  local n, m = a.nrow or 1, b and (b.ncol or 1) or a.nrow or 1
  local w = {}
  for i = 1, n do
    w[i] = {}
    for j = 1, n do w[i][j] = a[(j - 1) * n + i] end
    for j = 1, m do w[i][n + j] = b and b[(j - 1) * n + i] or (i == j and 1 or 0) end
  end
  for k = 1, n do
    local p = k
    for i = k + 1, n do if math.abs(w[i][k]) > math.abs(w[p][k]) then p = i end end
    w[k], w[p] = w[p], w[k]
    for i = 1, n do
      if i ~= k then
        local f = w[i][k] / w[k][k]
        for j = k, n + m do w[i][j] = w[i][j] - f * w[k][j] end
      end
    end
  end
  local out = value.matrix(n, m, function(i, j) return w[i][n + j] / w[i][i] end)
  return b and not b.nrow and value.plain(out) or out
end

-- Sums and means of the rows or columns of a matrix or data frame.
for name, how in pairs { rowSums = { 1, "sum" }, rowMeans = { 1, "mean" }, colSums = { 2, "sum" },
  colMeans = { 2, "mean" } } do
  M[name] = function(args)
    return M.apply({ base["as.matrix"] { args[1], n = 1 }, one(how[1]), vectors[how[2]], n = 3 },
      {})
  end
end

M["do.call"] = function(args, _, env)
  local call, names = { n = args[2].n }, {}
  for i = 1, call.n do
    call[i] = args[2].list and args[2][i] or one(args[2][i])
    local name = args[2].names and args[2].names[i]
    names[i] = name ~= "" and name or nil
  end
  return function_of(args[1], env)(call, names, env)
end

M.mapply = function(args, names, env)
  local f, n, out, labels = function_of(args[1], env), 0, {}, {}
  for k = 2, args.n do n = math.max(n, args[k].n) end
  for i = 1, n do
    local call = { n = args.n - 1 }
    for k = 2, args.n do
      local x = args[k]
      local v = x[(i - 1) % x.n + 1]
      call[k - 1], labels[k - 1] = x.list and v or one(v), names[k]
    end
    out[i] = f(call, labels, env)
  end
  out.n = n
  return simplify(out, args[2].names)
end

return M
