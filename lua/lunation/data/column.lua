-- SPDX-License-Identifier: GPL-3.0-or-later
-- column: columns as objects. Arithmetic (+ - * / // % ^) stands in the core; this adds
-- comparisons, logic, functions, summaries and factor tools as methods. Every operand may be a
-- column or a constant; a missing operand gives a missing result. The loops run in C.
local core = require "lunation.core"
local errors = require "lunation.errors"

local apply = core.expr.apply
local methods = core.column.class

for _, part in ipairs { core.stats, core.factor } do
  for name, fn in pairs(part) do methods[name] = fn end
end

-- col:eq(x), col:ne(x) ... -> a logical column (a factor with the levels "false", "true")
for name, operator in pairs { eq = "==", ne = "~=", lt = "<", le = "<=", gt = ">", ge = ">=",
  land = "and", lor = "or" } do
  local template = "a " .. operator .. " b"
  methods[name] = function(self, other) return apply(template, self, other) end
end

-- functions of the expression language: col:log(), days:round(1) ...
for _, name in ipairs { "abs", "ceil", "exp", "floor", "log", "log10", "log2", "sqrt", "year" } do
  local template = name .. "(a)"
  methods[name] = function(self) return apply(template, self) end
end
-- start:days(stop), x:pmax(0) ...
for name, fn in pairs { pmin = "min", pmax = "max", days = "days", months = "months",
  years = "years" } do
  local template = fn .. "(a, b)"
  methods[name] = function(self, other) return apply(template, self, other) end
end

--- The negation of a logical column.
function methods:lnot() return apply("not a", self) end

--- Where the value is missing, as a logical column without missing values.
function methods:is_missing() return apply("missing(a)", self) end

--- Rounded to decimals (0 unless given), as R 4 rounds.
function methods:round(decimals) return apply("round(a, b)", self, decimals or 0) end

--- mask:choose(x, y): x where the logical column is true, y where it is false.
function methods:choose(x, y) return apply("if(a, b, c)", self, x, y) end

local function literal(v, is_date)
  if type(v) == "string" then return (is_date and "date(%q)" or "%q"):format(v) end
  if type(v) == "number" then return core.num.shortest(v) end
  errors.raise("usage.argument", "isin: expected numbers or texts, found a " .. type(v))
end

--- Whether the value is one of the list, as a logical column.
function methods:isin(list)
  local items = {}
  for i, v in ipairs(list) do items[i] = literal(v, self.type == "date") end
  return apply("a in {" .. table.concat(items, ", ") .. "}", self)
end

--- for row, value in col:each() do ... end, missing values as nil.
function methods:each()
  local i, n = 0, #self
  return function()
    i = i + 1
    if i <= n then return i, self[i] end
  end
end

-- Lua's < gives one answer, a column has one for each row. (== never comes here: Lua finds a column
-- and a number different without asking.)
local function no_order()
  errors.raise("usage.operator", "a column cannot be compared by < or >, which give one answer",
    { hint = "col:lt(50), col:le(50), col:gt(50), col:ge(50), col:eq(50) and col:ne(50) give one \z
      for each row" })
end

-- pairs(col) walks the rows as each does.
core.extend("lunation.data.column", { meta = { __pairs = methods.each, __lt = no_order,
  __le = no_order } })

return core.column
