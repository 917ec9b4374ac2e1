-- SPDX-License-Identifier: GPL-3.0-or-later
-- answer: the answer to a reference case that no file of tests/reference knows by name, out of the
-- R expression in its
-- field `call`. R's functions are this program's (survival.lua, regression.lua, competing.lua,
-- stats.lua); only what
-- the expression itself computes is computed as it stands.
local base = require "tests.reference.r.base"
local eval = require "tests.reference.r.eval"
local model = require "tests.reference.r.model"
local parse = require "tests.reference.r.parse"
local tables = require "tests.reference.r.tables"
local value = require "tests.reference.r.value"

local M = {}

-- --- marks of the reference file
-- -------------------------------------------------------------------------

local marks = {}

function marks.A(args)
  local out = value.plain(args[1])
  out.array, out.list = true, args[1].list
  return out
end

function marks.M(args)
  local x = args[1]
  return x.frame and base["as.matrix"] { x, n = 1 } or x
end

function marks.N1(args) return value.one(args[1][1]) end

local FUNCTIONS = { base, require "tests.reference.r.vectors", tables, model.functions, marks }
for _, name in ipairs { "survival", "regression", "predict", "competing", "stats", "htests" } do
  FUNCTIONS[#FUNCTIONS + 1] = require("tests.reference.r." .. name).functions
end

-- --- data
-- ------------------------------------------------------------------------------------------------

local function frame_of(data)
  local columns = {}
  for _, name in ipairs(data:names()) do columns[#columns + 1] = { name,
    model.vector(data:column(name)) } end
  return value.frame(columns, #data)
end

local function environment(s, case)
  local vars = { OUT = value.one(s.folder), CC = value.new({ list = true }, 0),
    GC = value.new({ list = true }, 0) }
  for _, list in ipairs(FUNCTIONS) do
    for name, f in pairs(list) do vars[name] = f end
  end
  for _, name in ipairs(case.dataset or {}) do
    if s.has(name) then vars[name] = frame_of(s.data(name)) end
  end
  return eval.env(eval.env(nil, vars))
end

-- --- the answer in plain tables
-- ------------------------------------------------------------------------------

local function plain(x, path, problems)
  if x.failed then
    problems[#problems + 1] = path .. ": " .. x.failed
    return nil
  end
  if x.plain then return x.plain end
  if not value.is(x) then
    problems[#problems + 1] = path .. ": not a value"
    return nil
  end
  local out = {}
  if x.list then
    for i = 1, x.n do
      local name = x.names and x.names[i] ~= "" and x.names[i] or i
      out[name] = plain(x[i], path .. "/" .. name, problems)
    end
    return out
  end
  if x.nrow then
    for i = 1, x.nrow do
      out[i] = {}
      for j = 1, x.ncol do out[i][j] = x[(j - 1) * x.nrow + i] end
    end
    return out
  end
  if x.n == 1 and not x.array then
    if x[1] == nil then return 0 / 0 end
    return x[1]
  end
  return table.move(x, 1, x.n, 1, out)
end

--- The answer to a case in the shape of its `expected`, and what could not be had (a list of
--- sentences).
function M.of(s, case)
  local ok, x = pcall(function() return eval.eval(parse.parse(case.call), environment(s, case)) end)
  if not ok then return nil, { eval.message(x) } end
  local problems = {}
  return plain(x, "", problems), problems
end

return M
