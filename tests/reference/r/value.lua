-- SPDX-License-Identifier: GPL-3.0-or-later
-- value: what R expressions come to. A vector is { n =, [1..n] } with NA as nil, and where it has
-- them names, levels
-- (a factor: the values are level names) and nrow, ncol, rows, cols (a matrix, column by column).
-- A list is a vector
-- of values with list = true; a data frame a list with frame = number of rows.
local M = {}

local Value = {}
Value.__index = Value
M.class = Value

--- A vector (or with list = true a list) of the table's elements 1..n.
function M.new(t, n)
  t.n = n or t.n or #t
  return setmetatable(t, Value)
end

function M.is(x) return getmetatable(x) == Value end

-- What is a table of the reference's shape already.
local Plain = {}
Plain.__index = Plain

--- A part of an answer as it stands.
function M.plain_table(t) return setmetatable({ plain = t }, Plain) end

function Plain:get(name) return M.plain_table(self.plain[name]) end

function Plain:with(name, v)
  local list = {}
  for _, key in ipairs(require("lunation.base.suggest").keys(self.plain)) do
    list[#list + 1] = { key, M.plain_table(self.plain[key]) }
  end
  return M.list(list):with(name, v)
end

function Plain:index(names)
  local out = {}
  for i = 1, names.n do out[names[i]] = self.plain[names[i]] end
  return M.plain_table(out)
end

--- A vector of one value, or of the values f(1), ..., f(n).
function M.one(x) return M.new { n = 1, x } end

function M.map(n, f)
  local out = { n = n }
  for i = 1, n do out[i] = f(i) end
  return M.new(out)
end

--- A list by name: { { name, value }, ... }.
function M.list(pairs_of)
  local out = { list = true, n = #pairs_of, names = {} }
  for i, p in ipairs(pairs_of) do out.names[i], out[i] = p[1], p[2] end
  return M.new(out)
end

--- A matrix of n rows and m columns: f(row, column).
function M.matrix(n, m, f, rows, cols)
  local out = { n = n * m, nrow = n, ncol = m, rows = rows, cols = cols }
  for j = 1, m do for i = 1, n do out[(j - 1) * n + i] = f(i, j) end end
  return M.new(out)
end

--- A data frame of columns { { name, vector }, ... }.
function M.frame(columns, n)
  local out = M.list(columns)
  out.frame = n or (out[1] and out[1].n) or 0
  return out
end

--- The vector without its shape.
function M.plain(x)
  return M.map(x.n, function(i) return x[i] end)
end

function Value:field(name)
  for i, n in ipairs(self.names or {}) do if n == name then return self[i], i end end
end

function Value:with(name, value)
  local out = M.new({ table.unpack(self, 1, self.n) }, self.n)
  out.list, out.frame, out.names = true, self.frame, { table.unpack(self.names or {}) }
  local _, at = self:field(name)
  if value == nil then return out end
  if not at then
    at = out.n + 1
    out.n, out.names[at] = at, name
  end
  if out.frame and value.n ~= out.frame then
    local given = value
    value = M.map(out.frame, function(i) return given[(i - 1) % given.n + 1] end)
    value.levels = given.levels
  end
  out[at] = value
  return out
end

-- --- what an index chooses
-- ---------------------------------------------------------------------------

--- The positions that an index vector (or nil: all) chooses among n, whose names are given. A
--- missing one is false.
function M.positions(index, n, names)
  local out = {}
  if index == nil then for i = 1, n do out[i] = i end return out end
  local first
  for i = 1, index.n do if index[i] ~= nil then first = index[i] break end end
  if index.levels then
    local codes = M.codes(index)
    for i = 1, index.n do out[i] = codes[i] or false end
  elseif type(first) == "boolean" then
    for i = 1, math.max(n, index.n) do
      local v = index[(i - 1) % index.n + 1]
      if v == nil then out[#out + 1] = false elseif v then out[#out + 1] = i end
    end
  elseif type(first) == "string" then
    for i = 1, index.n do
      out[i] = false
      for k, name in ipairs(names or {}) do if name == index[i] then out[i] = k break end end
    end
  elseif first and first < 0 then
    local gone = {}
    for i = 1, index.n do gone[-index[i]] = true end
    for i = 1, n do if not gone[i] then out[#out + 1] = i end end
  else
    for i = 1, index.n do
      if index[i] ~= 0 then out[#out + 1] = index[i] and math.tointeger(index[i] // 1) or false end
    end
  end
  return out
end

--- The elements at those positions.
function M.pick(x, at)
  local out = { n = #at, list = x.list, levels = x.levels, array = x.array, names = x.names and {} }
  for k, i in ipairs(at) do
    if i then out[k] = x[i] end
    if x.names then out.names[k] = i and x.names[i] or "NA" end
  end
  return M.new(out)
end

--- Rows of a data frame.
function M.rows(frame, at)
  local out = { n = frame.n, list = true, frame = #at, names = frame.names }
  for j = 1, frame.n do out[j] = M.pick(frame[j], at) end
  return M.new(out)
end

function M.submatrix(x, rows, cols)
  local r, c = M.positions(rows, x.nrow, x.rows), M.positions(cols, x.ncol, x.cols)
  local function cell(i, j) return x[(c[j] - 1) * x.nrow + r[i]] end
  local function labels(of, at)
    if not of then return nil end
    local out = {}
    for k, i in ipairs(at) do out[k] = of[i] end
    return out
  end
  if #r == 1 or #c == 1 then
    local out = M.map(#r * #c, function(k) return #c == 1 and cell(k, 1) or cell(1, k) end)
    if #c == 1 and #r > 1 then out.names = labels(x.rows, r) elseif #r == 1
      and #c > 1 then out.names = labels(x.cols, c) end
    return out
  end
  return M.matrix(#r, #c, cell, labels(x.rows, r), labels(x.cols, c))
end

-- --- factors
-- ----------------------------------------------------------------------------------------

--- The number of each value's level.
function M.codes(x)
  local at = {}
  for k, l in ipairs(x.levels) do at[l] = k end
  return M.map(x.n, function(i) return x[i] ~= nil and at[x[i]] or nil end)
end

--- A number or truth as R prints it.
function M.text(v)
  if v == nil then return "NA" end
  if type(v) == "boolean" then return v and "TRUE" or "FALSE" end
  return type(v) == "number" and ("%.15g"):format(v) or v
end

local function order(a, b)
  if type(a) == "boolean" then return not a and b end
  return a < b
end

--- The distinct values known, in order.
function M.distinct(x)
  local seen, out = {}, {}
  for i = 1, x.n do
    local v = x[i]
    if v ~= nil and not seen[v] then seen[v], out[#out + 1] = true, v end
  end
  table.sort(out, order)
  return out
end

--- The vector as a factor. levels: values in order (default: those that occur, sorted); labels:
--- their names.
function M.factor(x, levels, labels)
  if x.levels and not levels then
    local seen, kept = {}, {}
    for i = 1, x.n do if x[i] ~= nil then seen[x[i]] = true end end
    for _, l in ipairs(x.levels) do if seen[l] then kept[#kept + 1] = l end end
    levels = kept
  end
  levels = levels or M.distinct(x)
  local names, of = {}, {}
  for k = 1, levels.n or #levels do
    names[k] = labels and M.text(labels[k]) or M.text(levels[k])
    of[M.text(levels[k])] = names[k]
  end
  local out = M.map(x.n, function(i) return x[i] ~= nil and of[M.text(x[i])] or nil end)
  out.levels = names
  return out
end

return M
