-- SPDX-License-Identifier: GPL-3.0-or-later
-- terms: "surgery + log2(afp) + a:b + a*b + strata(bclc) + cluster(id) + offset(x)" as number columns.
-- A factor gives an indicator for each level but the first; everything else is an expression.
local core = require "lunation.core"
local errors = require "lunation.errors"
local as_factor = require "lunation.data.factor"

local M = {}

-- Splits text at sep where no bracket is open.
local function split(text, sep)
  local out, depth, from = {}, 0, 1
  for i = 1, #text + 1 do
    local c = text:sub(i, i)
    if c:find("[%(%[{]") then depth = depth + 1 elseif c:find("[%)%]}]") then depth = depth - 1 end
    if (c == sep and depth == 0) or i > #text then
      local part = text:sub(from, i - 1):match("^%s*(.-)%s*$")
      if part == "" then errors.raise("recipe.terms", ('an empty term in "%s"'):format(text)) end
      out[#out + 1] = part
      from = i + 1
    end
  end
  return out
end

-- The column a variable stands for: a name, factor(name) or an expression.
local function column_of(data, text)
  local inner = text:match("^factor%s*(%b())$")
  if inner then return as_factor(column_of(data, inner:sub(2, -2))) end
  local column = core.expr.parse(text:match("^I%s*(%b())$") or text):eval(data)
  if column.type == "text" or column.type == "factor" then return as_factor(column) end
  return column
end

local function missing_as_nan(column)
  local values = { n = #column }
  for i = 1, #column do values[i] = column[i] end
  return core.column.number(values)
end

local function indicator(factor, level)
  local values = { n = #factor }
  for i = 1, #factor do
    local v = factor[i]
    if v ~= nil then values[i] = v == level and 1 or 0 end
  end
  return core.column.number(values)
end

-- Columns of one variable: { { name, level, values } }.
local function expand(data, text)
  local column = column_of(data, text)
  if column.type ~= "factor" then return { { name = text, values = missing_as_nan(column) } }, nil end
  local out = {}
  for k = 2, #column.levels do
    local level = column.levels[k]
    out[#out + 1] = { name = text .. ": " .. level, level = level, values = indicator(column, level) }
  end
  return out, column
end

local function product(a, b)
  local values = { n = #a }
  for i = 1, #a do
    local x, y = a[i], b[i]
    if x ~= nil and y ~= nil then values[i] = x * y end
  end
  return core.column.number(values)
end

local function expand_term(data, variables)
  local columns, factor = expand(data, variables[1])
  for v = 2, #variables do
    local out = {}
    for _, b in ipairs((expand(data, variables[v]))) do
      for _, a in ipairs(columns) do
        out[#out + 1] = { name = a.name .. " × " .. b.name, values = product(a.values, b.values) }
      end
    end
    columns, factor = out, nil
  end
  return columns, factor
end

-- Main effects and interactions of a sum, in the order of appearance, each once.
local function list_terms(parts)
  local out, seen = {}, {}
  local function add(variables)
    local key = table.concat(variables, " × ")
    if seen[key] then return end
    seen[key] = true
    variables.at = #out
    out[#out + 1] = variables
  end
  for _, part in ipairs(parts) do
    local crossed = split(part, "*")
    local is_product = #crossed > 1 and not part:find("^%b()$")
    if is_product then
      for _, v in ipairs(crossed) do add { v } end
      add(crossed)
    else
      add(split(part, ":"))
    end
  end
  table.sort(out, function(a, b) return #a < #b or (#a == #b and a.at < b.at) end)
  return out
end

-- The cells of the columns, within those of `out` if there are any.
local function cross(data, names, out)
  for _, name in ipairs(split(names, ",")) do
    local f = as_factor(column_of(data, name))
    out = out and core.factor.cross(out, f) or f
  end
  return out
end

--- The design of a formula over a core table: columns, names, terms = { { name, from, to, factor } },
--- strata, cluster (factors), offset (number column), formula.
function M.design(data, formula)
  local self = { columns = {}, names = {}, terms = {}, formula = formula }
  local parts = {}
  for _, part in ipairs(split(formula, "+")) do
    local fn, inner = part:match("^(%a+)%s*(%b())$")
    if fn == "strata" or fn == "cluster" then
      local name, names = fn .. "_name", inner:sub(2, -2)
      self[fn], self[name] = cross(data, names, self[fn]), self[name] and self[name] .. ", " .. names or names
    elseif fn == "offset" then
      if self.offset then
        errors.raise("recipe.terms", ('a second offset in "%s"'):format(formula), { hint = "add them up in one: offset(a + b)" })
      end
      self.offset, self.offset_name = missing_as_nan(column_of(data, inner:sub(2, -2))), inner:sub(2, -2)
    elseif part ~= "1" then
      parts[#parts + 1] = part
    end
  end
  for _, variables in ipairs(list_terms(parts)) do
    local columns, factor = expand_term(data, variables)
    local term = { name = table.concat(variables, " × "), from = #self.columns + 1, factor = factor }
    for _, c in ipairs(columns) do
      self.columns[#self.columns + 1] = c.values
      self.names[#self.names + 1] = c.name
    end
    term.to = #self.columns
    self.terms[#self.terms + 1] = term
  end
  return self
end

return M
