-- SPDX-License-Identifier: GPL-3.0-or-later
-- predict: what calls ask of a Cox model for other rows: R's predict and survfit, computed by this
-- program.
local args_of = require "tests.reference.r.args"
local eval = require "tests.reference.r.eval"
local regression = require "tests.reference.r.regression"
local survival = require "tests.reference.r.survival"
local value = require "tests.reference.r.value"

local fn, scalar, option = args_of.fn, args_of.scalar, survival.option
local map, new = value.map, value.new
local Cox = regression.class
local F = {}
local M = { functions = F }

local function vector(x, n) return map(n or #x, function(i) return x[i] end) end

-- --- other rows
-- -----------------------------------------------------------------------------------------------

-- The model's variables over newdata, by name; a variable that newdata does not have is left out.
local function newdata_of(self, nd)
  local env, out = eval.frame_env(nd, self.env), {}
  for _, name in ipairs(self.model.order) do
    local ok, x = pcall(eval.eval, self.model.nodes[name], env)
    if ok and value.is(x) and x.n == nd.frame then
      local own = self.model.columns[name]
      if own.levels and not x.levels then x = value.factor(x, own.levels) end
      out[name] = map(x.n, function(i) return args_of.number(x[i]) end)
    end
  end
  return out, env
end

local function times_of(self, env, out)
  local args = self.model.left_node.args
  local n = #args >= 3 and 2 or 1
  for k = 1, n do
    local ok, x = pcall(eval.eval, args[k].node, env)
    if ok then out[k == n and "..time" or "..start"] = x end
  end
end

local function columns_of(nd)
  local out = {}
  for name, x in pairs(nd) do out[name] = { n = x.n, table.unpack(x, 1, x.n) } end
  return out
end

F.predict = fn("object newdata type se.fit reference", function(a)
  local self = a.object
  if self.predict then return self:predict(a) end
  local type, given = scalar(a.type, "lp"), nil
  if a.newdata then
    local nd, env = newdata_of(self, a.newdata)
    times_of(self, env, nd)
    given = columns_of(nd)
  end
  local p = self.fit:predict { type = type, newdata = given, reference = scalar(a.reference),
    se = true, time = "..time", start = "..start" }
  -- Rows that the model leaves out have no place in R's predictions of its own rows.
  local rows = given and value.positions(nil, p.n) or self.core.used
  local function pick(x) return map(#rows, function(i) return x[rows[i]] end) end
  local fit, se
  if type == "terms" then
    local terms = self.fit.design.terms
    fit = value.matrix(#rows, #terms, function(i, j) return p.fit[terms[j]][rows[i]] end)
    se = value.matrix(#rows, #terms, function(i, j) return p.se[terms[j]][rows[i]] end)
  else
    fit, se = pick(p.fit), pick(p.se)
    -- What R prints as the error of a risk is sqrt(risk) se(lp).
    if type == "risk" then se = map(#rows, function(i) return se[i]
      and se[i] / math.sqrt(fit[i]) end) end
  end
  if not scalar(a["se.fit"]) then return fit end
  return value.list { { "fit", fit }, { "se.fit", se } }
end)

-- --- predicted curves
-- ------------------------------------------------------------------------------------------

local Curves = {}
Curves.__index = Curves

local function at_row(nd, i)
  local x = {}
  for name, v in pairs(nd) do x[name] = v[i] end
  return x
end

-- The strata of a row of newdata: its own, or all of them.
local function strata_for(self, nd, i)
  local strata = self.fit.design.strata
  if not strata then return { false } end
  local names, words = {}, {}
  for _, v in ipairs(self.fit.design.formula.variables) do if v.kind == "strata" then names = v.columns end end
  for k, name in ipairs(names) do
    if not nd[name] then return strata.levels end
    words[k] = nd[name][i]
  end
  return { table.concat(words, ", ") }
end

local function path_of(self, nd, frame, env, opt)
  local path, times = {}, {}
  times_of(self, env, times)
  for i = 1, frame.frame do path[i] = { times["..start"][i], times["..time"][i],
    x = at_row(nd, i) } end
  return { self.fit:curve { path = path, conf_type = opt.conf_type, conf_level = opt.conf_level } }
end

function Cox:survfit(a, env)
  local opt = { conf_type = option(a["conf.type"], env, "log"),
    conf_level = option(a["conf.int"], env) }
  if opt.conf_type == "arcsin" then opt.conf_type = "arcsine" end
  local given = a.newdata or a.data
  local out = setmetatable({ curves = {}, stacked = false, fit = self.fit }, Curves)
  if not given then
    for _, s in ipairs(strata_for(self, {}, 1)) do
      out.curves[#out.curves + 1] = self.fit:curve { stratum = s or nil, conf_type = opt.conf_type,
        conf_level = opt.conf_level }
    end
    out.stacked = self.fit.design.strata ~= nil
    return out
  end
  local frame = eval.eval(given, env)
  local nd, inner = newdata_of(self, frame)
  if a.id then
    out.curves = path_of(self, nd, frame, inner, opt)
    return out
  end
  for i = 1, frame.frame do
    for _, s in ipairs(strata_for(self, nd, i)) do
      local x = at_row(nd, i)
      for _, v in ipairs(self.fit.design.formula.variables) do
        if v.kind == "strata" then for _, name in ipairs(v.columns) do x[name] = nil end end
      end
      out.curves[#out.curves + 1] = self.fit:curve { x = x, stratum = s or nil,
        conf_type = opt.conf_type, conf_level = opt.conf_level }
    end
  end
  out.stacked = self.fit.design.strata ~= nil
  return out
end

local VALUES = { surv = "survival", se_surv = "se", lower = "lower", upper = "upper",
  cumhaz = "cumhaz" }

local function shown(self, times)
  local out = { time = {}, median = {}, median_lower = {}, median_upper = {} }
  for name in pairs(VALUES) do out[name] = {} end
  for c, curve in ipairs(self.curves) do
    for i, t in ipairs(times) do
      local v, row = curve:at(t), self.stacked and (c - 1) * #times + i or i
      out.time[row] = t
      for name, field in pairs(VALUES) do
        out[name][row] = out[name][row] or {}
        out[name][row][self.stacked and 1 or c] = v[field]
      end
    end
    local m = curve:median()
    out.median[c], out.median_lower[c], out.median_upper[c] = #self.curves > 1 and { m.estimate }
      or m.estimate, m.lower, m.upper
  end
  return out
end

F.sf_out = { special = function(nodes, env)
  local fit = eval.eval(nodes[1].node, env)
  local curves = fit:survfit({ newdata = nodes[2].node, ["conf.type"] = nodes[4] and nodes[4].node,
    ["conf.int"] = nil }, env)
  local times = eval.eval(nodes[3].node, env)
  return value.plain_table(shown(curves, { table.unpack(times, 1, times.n) }))
end }

-- A field of every curve at times (nil: those of all rows): a vector, or a matrix with a column for
-- each curve; one below the other where curves are of different strata.
local function over(self, field, times)
  times = times or vector(self.fit.endpoint.surv.times)
  local n, columns = times.n, {}
  for c, curve in ipairs(self.curves) do
    columns[c] = {}
    for i = 1, n do columns[c][i] = curve:at(times[i])[field] end
  end
  if #columns == 1 then return new(columns[1], n) end
  if not self.stacked then
    return value.matrix(n, #columns, function(i, c) return columns[c][i] end)
  end
  return map(n * #columns, function(i) return columns[(i - 1) // n + 1][(i - 1) % n + 1] end)
end

local CURVE = { surv = "survival", ["std.err"] = "se", lower = "lower", upper = "upper",
  cumhaz = "cumhaz" }

function Curves:summary(a)
  local list, names = { { "time", a.times } }, require("lunation.base.suggest").keys(CURVE)
  for _, name in ipairs(names) do list[#list + 1] = { name, over(self, CURVE[name], a.times) } end
  return value.list(list)
end

function Curves:get(name)
  if name == "time" then return vector(self.fit.endpoint.surv.times) end
  local field = name == "std.err" and "se_cumhaz" or CURVE[name]
  return over(self, field or error("survfit: there is no field " .. name, 0))
end

function Curves:quantile(a)
  local probs, curves = a.probs or new { 0.25, 0.5, 0.75 }, self.curves
  local function at(c, i) return curves[c]:quantile(probs[i]).estimate end
  if #curves == 1 then return map(probs.n, function(i) return at(1, i) end) end
  return value.matrix(#curves, probs.n, at)
end

return M
