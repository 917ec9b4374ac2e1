-- SPDX-License-Identifier: GPL-3.0-or-later
-- table: a data table with its dictionary. The columns are the core's; this adds what a study knows
-- about them (label, unit, when a variable becomes known) and where they came from.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local need = require "lunation.base.need"
local suggest = require "lunation.base.suggest"

local Table = class("table", { "source", "key" })
local M = { class = Table }

-- What a column declaration may say. Shorthand: "date", { "no", "yes" } (levels).
local DECLARATION = { "type", "levels", "label", "unit", "min", "max", "missing", "values", "from",
  "format", "known", "decimal", "ordered" }

local function declaration(name, d)
  if type(d) == "string" then return { type = d } end
  if type(d) ~= "table" then
    errors.raise("usage.columns", ("column %s: expected a type or a table, found a %s"):format(name,
      type(d)))
  end
  if #d > 0 then return { type = "factor", levels = d } end
  for _, k in ipairs(suggest.keys(d)) do
    local known = false
    for _, w in ipairs(DECLARATION) do known = known or w == k end
    if not known then
      errors.raise("usage.columns", ('column %s: unknown key "%s"'):format(name, k),
        { hint = suggest.hint(k, DECLARATION) })
    end
  end
  local copy = {}
  for k, v in pairs(d) do copy[k] = v end
  if copy.levels and not copy.type then copy.type = "factor" end
  return copy
end

--- Reads a CSV file. opt: key (column of the patient id), columns = { name = type | levels |
--- { type, levels, label, unit, min, max, missing, values, from, format, known } }, separator,
--- decimal, encoding, missing (codes for every column), rows = "one" (one row for each key, the
--- default when key is given) or "many".
function M.read(path, opt)
  need("lun.read", "path", path, { "string" }, 'lun.read("patients.csv", { key = "id" })')
  opt = opt or {}
  local declared, dictionary = {}, {}
  for name, d in pairs(opt.columns or {}) do
    declared[name] = declaration(name, d)
    dictionary[name] = declared[name]
  end
  local settings = { columns = declared, separator = opt.separator, decimal = opt.decimal,
    encoding = opt.encoding, missing = opt.missing, key = opt.key, skip = opt.skip,
    unique = opt.key ~= nil and opt.rows ~= "many" }
  local data, notes = core.csv.read(path, settings)
  return Table.new { data = data, dictionary = dictionary, key = opt.key, notes = notes or {},
    source = { file = path, digest = core.digest.file(path), rows = #data,
      columns = #data:names() } }
end

--- A table over core columns that are already there. fields: key, dictionary.
function M.new(data, fields)
  fields = fields or {}
  return Table.new { data = data, dictionary = fields.dictionary or {}, key = fields.key,
    notes = fields.notes or {}, source = fields.source }
end

local methods = Table.methods

-- t.age is the column `age`, unless a method or field has that name.
Table.names = function(self) return self.data:names() end
Table.find = function(self, key) return self.data:has(key) and self.data:column(key) or nil end

--- The column of that name (also t.NAME, unless a method has the name); an unknown name is an error
--- with a suggestion.
function methods:column(name)
  if not self.data:has(name) then
    errors.raise("recipe.column", ('there is no column "%s"'):format(tostring(name)),
      { word = name, hint = suggest.hint(tostring(name), self.data:names()) })
  end
  return self.data:column(name)
end

--- One plain table for each row: { name = value, ... }; a missing value is nil, a date its ISO
--- text.
function methods:rows()
  local out = {}
  for i = 1, #self do out[i] = {} end
  for _, name in ipairs(self:names()) do
    local values = self:column(name):totable()
    for i = 1, #self do out[i][name] = values[i] end
  end
  return out
end

--- Whether there is a column of that name.
function methods:has(name) return self.data:has(name) end

--- Names of the columns, in order.
function methods:names() return self.data:names() end

--- What the study says about a column; an empty table when nothing.
function methods:about(name) return self.dictionary[name] or {} end

--- Label of a column for tables and figures, without its unit.
function methods:label(name)
  local d = self.dictionary[name]
  return d and d.label or name
end

local function derived(self, data, dictionary)
  return Table.new { data = data, dictionary = dictionary or self.dictionary, key = self.key,
    notes = self.notes, source = self.source }
end

--- The rows with these numbers (a list or an integer column, from 1), in that order.
function methods:gather(rows) return derived(self, self.data:gather(rows)) end

--- With a column added or replaced. about: label, unit, known.
function methods:with(name, column, about)
  local dictionary = {}
  for k, v in pairs(self.dictionary) do dictionary[k] = v end
  dictionary[name] = about or dictionary[name]
  return derived(self, self.data:with(name, column), dictionary)
end

Table.meta.__len = function(self) return #self.data end

Table.meta.__tostring = function(self)
  return ("table of %d rows and %d columns (%s)"):format(#self, #self:names(),
    table.concat(self:names(), ", "))
end

--- Dated visits as (start, stop] rows: see lunation.intervals.
function methods:intervals(opt) return require("lunation.data.intervals").of(self, opt) end

-- --- one row for each patient out of many ----------------------------------------------------

local AGGREGATES = {}

function AGGREGATES.first(get, from, to)
  for i = from, to do local v = get(i) if v ~= nil then return v end end
end

function AGGREGATES.last(get, from, to)
  for i = to, from, -1 do local v = get(i) if v ~= nil then return v end end
end

local function fold(get, from, to, combine)
  local acc
  for i = from, to do
    local v = get(i)
    if v ~= nil then acc = acc == nil and v or combine(acc, v) end
  end
  return acc
end

function AGGREGATES.min(get, from, to) return fold(get, from, to, math.min) end
function AGGREGATES.max(get, from, to) return fold(get, from, to, math.max) end
function AGGREGATES.sum(get, from, to)
  return fold(get, from, to, function(a, b) return a + b end)
end

function AGGREGATES.count(get, from, to)
  local n = 0
  for i = from, to do if get(i) ~= nil then n = n + 1 end end
  return n
end

-- Rows in the order of key (first appearance), each group's rows in file order.
local function groups(data, key)
  local column, index, order = data:column(key), {}, {}
  for i = 1, #data do
    local id = column[i]
    if id == nil then
      errors.raise("data.key", ("row %d has no %s"):format(i, key),
        { hint = "every row needs its patient's id" })
    end
    local rows = index[id]
    if not rows then
      rows = {}
      index[id] = rows
      order[#order + 1] = id
    end
    rows[#rows + 1] = i
  end
  return order, index
end

local function split_aggregate(name, text)
  local fn, inner = text:match("^%s*(%a+)%s*(%b())%s*$")
  if not fn or not AGGREGATES[fn] then
    errors.raise("recipe.aggregate", ('column %s: "%s" is not an aggregate'):format(name, text),
      { hint = "write first(x), last(x), min(x), max(x), sum(x) or count(x), with an expression "
        .. "and optionally `where` and a condition: min(day where targeted == 1)" })
  end
  inner = inner:sub(2, -2)
  local value, condition = inner:match("^(.-)%s+where%s+(.+)$")
  return AGGREGATES[fn], value or inner, condition
end

local function build(kind, values, n)
  values.n = n
  if kind == "factor" or kind == "text" then return core.column.text(values) end
  if kind == "date" then return core.column.date(values) end
  return core.column.number(values)
end

--- One row for each key: columns = { name = "first(age)", last_day = "max(day)",
--- first_treated = "min(day where treated == 1)" }. Values are expressions over the rows, taken in
--- the order of the file; a missing value is passed over; no value at all is missing.
function methods:summarise(key, columns, dictionary)
  local order, index = groups(self, key)
  local flat, bounds = {}, {}
  for g, id in ipairs(order) do
    bounds[g] = #flat + 1
    for _, row in ipairs(index[id]) do flat[#flat + 1] = row end
  end
  bounds[#order + 1] = #flat + 1
  local sorted = self.data:gather(flat)
  local out = core.table.new { { key, sorted:column(key):gather(bounds, #order) } }
  for _, entry in ipairs(columns) do
    local name, text = entry[1], entry[2]
    local aggregate, value, condition = split_aggregate(name, text)
    local column = core.expr.parse(value):eval(sorted)
    local raw = core.cohort.raw(column) -- dates as day numbers
    local keep = condition and core.expr.parse(condition):eval(sorted)
    local function get(i)
      if keep and keep[i] ~= "true" then return nil end
      return raw[i]
    end
    local values = {}
    for g = 1, #order do values[g] = aggregate(get, bounds[g], bounds[g + 1] - 1) end
    out = out:with(name, build(column.type, values, #order))
  end
  return M.new(out, { key = key, dictionary = dictionary, source = self.source })
end

--- This table, SDTM's TR, with its TU, as a lesion table for cohort:recist: see lunation.cdisc.
function methods:sdtm_lesions(tu, opt)
  return require("lunation.onco.cdisc").lesions(tu, self, opt)
end

--- This table, SDTM's RS, as a table of responses for cohort:recist: see lunation.cdisc.
function methods:sdtm_responses(opt) return require("lunation.onco.cdisc").responses(self, opt) end

return M
