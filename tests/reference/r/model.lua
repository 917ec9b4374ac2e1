-- SPDX-License-Identifier: GPL-3.0-or-later
-- model: an R formula with its data as a cohort, an endpoint and terms of ours. Each variable of
-- the formula is
-- evaluated and becomes a column under its own text; the terms themselves are for the program to
-- read.
local args_of = require "tests.reference.r.args"
local core = require "lunation.core"
local eval = require "tests.reference.r.eval"
local lun = require "lunation"
local value = require "tests.reference.r.value"

local map = value.map
local M = {}
local GAPS = { ["+"] = " + ", [":"] = ":", ["*"] = "*", ["-"] = " - ", ["^"] = "^" }

--- A vector as a core column; texts and truths of a group become a factor.
function M.column(x)
  if x.levels then return core.column.factor({ n = x.n, table.unpack(x, 1, x.n) }, x.levels) end
  local v
  for i = 1, x.n do if x[i] ~= nil then v = x[i] break end end
  if type(v) == "string" then return M.column(value.factor(x)) end
  return core.column.number(map(x.n, function(i) return args_of.number(x[i]) end))
end

--- A core column as a vector.
function M.vector(column)
  local out = map(#column, function(i) return column[i] end)
  if column.levels then out.levels = { table.unpack(column.levels) } end
  return out
end

-- --- Surv
-- -------------------------------------------------------------------------------------------

-- 0 and codes of the events. A factor's first level is the censoring; 1 and 2 are R's other code.
local function status_of(x)
  if x.levels then
    local codes, states = value.codes(x), {}
    for k = 2, #x.levels do states[k - 1] = x.levels[k] end
    return map(x.n, function(i) return codes[i] and codes[i] - 1 end), states
  end
  local most, least = 0, math.huge
  for i = 1, x.n do
    local v = args_of.number(x[i])
    if v then most, least = math.max(most, v), math.min(least, v) end
  end
  local down = (most == 2 and type(x[1]) ~= "boolean") and 1 or 0
  return map(x.n, function(i) return x[i] ~= nil and args_of.number(x[i]) - down or nil end)
end

M.functions = {}

M.functions.Surv = function(args, names)
  local a = args_of.match({ "time", "time2", "event", "type" }, args, names)
  if a.time2 and not a.event then a.time2, a.event = nil, a.time2 end
  local stop = a.time2 or a.time
  local event = a.event or map(stop.n, function() return 1 end)
  local status, states = status_of(event)
  return { surv = true, n = stop.n, time = stop, start = a.time2 and a.time, status = status,
    states = states }
end

-- --- terms
-- --------------------------------------------------------------------------------------------

local Model = {}
Model.__index = Model

local function quote(name) return "`" .. name .. "`" end

-- A variable: its values over the data, under the text of the node.
function Model:variable(node)
  local name = eval.deparse(node):gsub("`", "")
  if not self.columns[name] then
    self.order[#self.order + 1] = name
    self.columns[name] = eval.eval(node, self.env)
    self.nodes[name] = node
  end
  return quote(name)
end

local function inside(node) -- the vector of a call c(...), or a number
  local v = eval.eval(node.node, node.env)
  local words = {}
  for i = 1, v.n do words[i] = core.num.shortest(v[i]) end
  return "{" .. table.concat(words, ", ") .. "}", v
end

local SPECIAL = {}

function SPECIAL.strata(self, node)
  local words = {}
  for i, a in ipairs(node.args) do words[i] = self:variable(a.node) end
  for _, w in ipairs(words) do
    local name = w:sub(2, -2)
    self.columns[name] = args_of.as_factor(self.columns[name])
  end
  return "strata(" .. table.concat(words, ", ") .. ")"
end

function SPECIAL.cluster(self, node)
  self.cluster = eval.eval(node.args[1].node, self.env)
end

function SPECIAL.offset(self, node) return "offset(" .. self:variable(node.args[1].node) .. ")" end
function SPECIAL.tt(self, node) return "tt(" .. self:variable(node.args[1].node) .. ")" end

function SPECIAL.ns(self, node)
  local named = {}
  for i, a in ipairs(node.args) do named[a.name or (i == 2 and "df" or i)] = { node = a.node,
    env = self.env } end
  local x = self:variable(node.args[1].node)
  if not named.knots then return ("ns(%s, %d)"):format(x, select(2, inside(named.df))[1]) end
  local knots = inside(named.knots)
  return ("ns(%s, %s%s)"):format(x, knots, named["Boundary.knots"] and ", "
    .. inside(named["Boundary.knots"]) or "")
end

function SPECIAL.rcs(self, node)
  local text, v = inside { node = node.args[2].node, env = self.env }
  return ("rcs(%s, %s)"):format(self:variable(node.args[1].node),
    v.n == 1 and text:sub(2, -2) or text)
end

-- The strata() that a node is, in brackets or not.
local function strata_of(node)
  if node.kind ~= "call" then return nil end
  if node.fn.name == "(" then return strata_of(node.args[1].node) end
  return node.fn.name == "strata" and node or nil
end

-- R's terms * strata(g): an effect in each stratum. The program has strata(g) and, for the
-- effects, the factor g.
function Model:by_strata(op, node)
  local strata, terms = strata_of(node.args[2].node), "(" .. self:terms(node.args[1].node) .. ")"
  local text = self:terms(strata)
  local cells = terms .. ":" .. self:variable(strata.args[1].node)
  return op == ":" and cells or terms .. " + " .. text .. " + " .. cells
end

-- The text of the terms for the program.
function Model:terms(node)
  if node.kind == "constant" then return value.text(node.value) end
  local op = node.kind == "call" and node.fn.name
  if op == "(" then return "(" .. self:terms(node.args[1].node) .. ")" end
  if op and SPECIAL[op] then return SPECIAL[op](self, node) end
  if (op == "*" or op == ":") and strata_of(node.args[2].node) then return self:by_strata(op,
    node) end
  if op and GAPS[op] and #node.args == 2 then
    local a, b = self:terms(node.args[1].node), self:terms(node.args[2].node)
    if not a or not b then return a or b end
    return a .. GAPS[op] .. b
  end
  return self:variable(node)
end

-- Every column of the data but those of the response.
function Model:dot(data, used)
  local words = {}
  for _, name in ipairs(data.names) do
    if not used:find(name, 1, true) then words[#words + 1] = self:variable { kind = "name",
      name = name } end
  end
  return table.concat(words, " + ")
end

--- A formula with its data (a data frame or nil): columns, terms (text), left (the value left of
--- ~), cluster.
function M.of(formula, data, env)
  local inner = data and eval.frame_env(data, formula.env or env) or formula.env or env
  local self = setmetatable({ env = inner, data = data, columns = {}, order = {}, nodes = {} },
    Model)
  self.left = formula.left and eval.eval(formula.left, inner)
  self.left_node = formula.left
  if formula.right.kind == "name" and formula.right.name == "." then
    self.text = self:dot(data, eval.deparse(formula.left))
  else
    self.text = self:terms(formula.right) or "1"
  end
  return self
end

--- An argument of a model's function that is evaluated in its data, as weights are.
function Model:eval(node) return node and eval.eval(node, self.env) end

-- --- as a cohort
-- ----------------------------------------------------------------------------------------

local function kept_rows(self, keep)
  local at, surv = {}, self.left
  for i = 1, surv.n do
    local ok = surv.time[i] and surv.status[i] and (not surv.start or surv.start[i])
    if ok and (not keep or keep[i]) then at[#at + 1] = i end
  end
  return at
end

--- The endpoint of the response over the rows where it is known (and `keep` says so). timefix as
--- of core.surv.
--- Remembers which rows these are: self.rows.
function Model:endpoint(timefix, keep)
  local surv, columns = self.left, {}
  self.rows = kept_rows(self, keep)
  local function add(name, x) columns[#columns + 1] = { name,
    M.column(value.pick(x, self.rows)) } end
  for _, name in ipairs(self.order) do add(name, self.columns[name]) end
  add("..time", surv.time)
  add("..status", surv.status)
  if surv.start then add("..start", surv.start) end
  self.cohort = lun.cohort(require("lunation.data.table").new(core.table.new(columns)))
  local causes
  if surv.states and #surv.states > 1 then
    causes = {}
    for k in ipairs(surv.states) do causes["cause" .. k] = k end
  end
  local e = self.cohort:survival { time = "..time", event = "..status",
    is = not causes and 1 or nil, causes = causes,
    start = surv.start and "..start" or nil }
  e._surv[1] = core.surv.new { time = e.time, status = e.status, start = e.start,
    timefix = timefix or "r" }
  return e
end

--- A vector over the data's rows as a column over those of the endpoint; nil without.
function Model:gather(x) return x and M.column(value.pick(x, self.rows)) end

--- The groups of a model without numbers, named as R does ("sex=1, rx=2"), and the strata.
function Model:groups(node)
  local parts, strata = {}, {}
  local function walk(n)
    local op = n.kind == "call" and n.fn.name
    if op == "+" or op == "*" or op == ":" then
      walk(n.args[1].node)
      walk(n.args[2].node)
    elseif op == "strata" then
      for _, a in ipairs(n.args) do strata[#strata + 1] = self.columns[eval.deparse(a.node)] end
    elseif n.kind ~= "constant" and op ~= "cluster" then parts[#parts + 1] = eval.deparse(n) end
  end
  walk(node)
  local function cross(list, named)
    local out
    for k, x in ipairs(list) do
      local f = args_of.as_factor(named and self.columns[x] or x)
      local levels = {}
      for l, level in ipairs(f.levels) do levels[l] = named and ("%s=%s"):format(x, level)
        or level end
      local column = M.column(value.pick(value.factor(f, f.levels, levels), self.rows))
      out = k == 1 and column or core.factor.cross(out, column)
    end
    return out
  end
  return cross(parts, true), cross(strata, false)
end

return M
