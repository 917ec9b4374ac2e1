-- SPDX-License-Identifier: GPL-3.0-or-later
-- plan: a checked recipe becomes the calls of the public API that it stands for, in order. run
-- evaluates them and explain prints them, so that a recipe and its script cannot differ.
--
-- A call: { as = "os", on = "cohort", method = "endpoint", args = { ... }, path = "endpoints.os" }.
-- on "lun" calls a function of the module; anything else is a name given by an earlier call's `as`.
local conventions = require "lunation.base.conventions"
local load = require "lunation.recipe.load"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

local Ref = {}

--- Stands for the value of an earlier call in the arguments of a later one.
function M.ref(name) return setmetatable({ name = name }, Ref) end

--- Stands for an earlier result of the same analysis.
function M.result(name) return setmetatable({ name = name, own = true }, Ref) end

function M.is_ref(v) return getmetatable(v) == Ref end

-- A plain copy without the order key, keys as they are.
local function plain(t)
  if type(t) ~= "table" or M.is_ref(t) then return t end
  local out = {}
  for k, v in pairs(t) do if k ~= schema.ORDER then out[k] = plain(v) end end
  return out
end
M.plain = plain

local function read_call(recipe, name, d)
  local columns = {}
  for _, c in ipairs(schema.keys(d.columns or {})) do columns[c] = plain(d.columns[c]) end
  return { as = name, on = "lun", method = "read", path = "data." .. name,
    args = { recipe.data[name] or
    (d.file and load.beside(recipe, recipe.places["data." .. name .. ".file"])), {
      key = d.key, rows = d.rows, columns = columns, separator = d.separator,
      decimal = d.decimal, encoding = d.encoding, missing = d.missing } } }
end

local function intervals_call(name, d)
  local opt = plain(d.intervals)
  opt.key = d.key
  return { as = name, on = d.from, method = "intervals", path = "data." .. name .. ".intervals",
    args = { opt } }
end

-- SDTM's TR with its TU, or RS.
local function sdtm_call(name, d)
  local opt = plain(d.sdtm)
  local args = { opt }
  if opt.tu then args = { M.ref(opt.tu), opt } end
  opt.tu = nil
  return { as = name, on = d.from, method = #args == 2 and "sdtm_lesions" or "sdtm_responses",
    path = "data." .. name .. ".sdtm",
    args = args }
end

local function summarise_call(name, d)
  local columns, dictionary = {}, {}
  for _, c in ipairs(schema.keys(d.summarise or {})) do
    columns[#columns + 1] = { c, d.summarise[c] }
  end
  for _, c in ipairs(schema.keys(d.columns or {})) do
    local about = d.columns[c]
    dictionary[c] = type(about) == "table" and plain(about) or nil
  end
  return { as = name, on = d.from, method = "summarise", path = "data." .. name,
    args = { d.key, columns, dictionary } }
end

-- The patients' table: the one named patients, else the first with one row for each patient.
local function patients_name(data)
  if data.patients then return "patients" end
  for _, name in ipairs(schema.keys(data)) do
    if data[name].rows ~= "many" and not data[name].intervals then return name end
  end
  return schema.keys(data)[1]
end

local function data_calls(recipe, calls)
  local data = recipe.value.data
  local linked = {}
  local patients = patients_name(data)
  for pass = 1, 2 do
    for _, name in ipairs(schema.keys(data)) do
      local d = data[name]
      if pass == 1 and not d.from then calls[#calls + 1] = read_call(recipe, name, d) end
      if pass == 2 and d.from then
        local made = d.intervals and intervals_call or d.sdtm and sdtm_call or summarise_call
        calls[#calls + 1] = made(name, d)
      end
    end
  end
  for _, name in ipairs(schema.keys(data)) do
    if name ~= patients and not data[name].intervals then linked[name] = M.ref(name) end
  end
  calls[#calls + 1] = { as = "cohort", on = "lun", method = "cohort", path = "data",
    args = { M.ref(patients), next(linked) and linked or nil } }
end

local function aggregate_calls(aggregates, path, calls)
  for _, name in ipairs(schema.keys(aggregates)) do
    local about = plain(aggregates[name])
    local of, value = about.of, about.value
    about.of, about.value = nil, nil
    calls[#calls + 1] = { as = "cohort", on = "cohort", method = "aggregate", path = path
      .. ".aggregate." .. name,
      args = { name, of, value, next(about) and about or nil } }
  end
end

local function step_calls(step, path, calls)
  if step.aggregate then aggregate_calls(step.aggregate, path, calls) end
  for _, kind in ipairs { "derive", "include", "exclude" } do
    local s = step[kind]
    if kind == "derive" and s then
      for _, name in ipairs(schema.keys(s)) do
        local d = s[name]
        local about = type(d) == "table" and plain(d) or nil
        if about then about.value = nil end
        calls[#calls + 1] = { as = "cohort", on = "cohort", method = "derive", path = path
          .. ".derive." .. name,
          args = { name, type(d) == "table" and d.value or d, about } }
      end
    elseif s then
      local where = type(s) == "table" and s.where or s
      calls[#calls + 1] = { as = "cohort", on = "cohort", method = kind == "include" and "where"
        or "exclude",
        path = path .. "." .. kind, args = { where, type(s) == "table" and s.as or where } }
    end
  end
end

-- The option response names one of the recipe's responses, or else a column.
local function with_response(opt, responses)
  if responses and responses[opt.response] then opt.response = M.ref(opt.response) end
  return opt
end

local function class_call(name, c, responses)
  local opt = with_response(plain(c), responses)
  local use = opt.use
  opt.use = nil
  return { as = "cohort", on = "cohort", method = "with_class", path = "classes." .. name,
    args = { name, use or name, opt } }
end

local function endpoint_call(name, e, month)
  local opt = plain(e)
  local where, use, data = opt.where, opt.use or name, opt.data
  opt.where, opt.use, opt.data = nil, nil, nil
  local on, before = "cohort", {}
  if data then
    on = "cohort_of_" .. data
    before[1] = { as = on, on = "lun", method = "cohort", path = "endpoints." .. name .. ".data",
      args = { M.ref(data) } }
  end
  if where then
    before[#before + 1] = { as = "cohort_" .. name, on = on, method = "where", path = "endpoints."
      .. name .. ".where", args = { where } }
    on = "cohort_" .. name
  end
  local call
  if e.time and not e.use then
    opt.name = name
    call = { as = name, on = on, method = "survival", path = "endpoints." .. name, args = { opt } }
  else
    if opt.unit == "months" and month ~= conventions.MONTH then opt.month = opt.month or month end
    call = { as = name, on = on, method = "endpoint", path = "endpoints." .. name,
      args = { use, opt } }
  end
  return before, call
end

-- The analysis on a part of the patients: its calls on the cohort or an endpoint go through a
-- subset.
local function subset(calls, where, path)
  local made, out = {}, {}
  for _, call in ipairs(calls) do
    if not call.local_on then
      local name = call.on .. "_subset"
      if not made[call.on] then
        made[call.on] = true
        out[#out + 1] = { as = name, on = call.on, method = "where", args = { where }, path = path
          .. ".where", hidden = true }
      end
      call.on, call.local_on = name, true
    end
    out[#out + 1] = call
  end
  return out
end

-- What another program would do where the recipe says nothing. R's ways are the defaults of the
-- estimators.
local function with_conventions(definition, opt, given)
  local follow = conventions.of(opt.conventions or given)
  for _, row in ipairs(conventions.ROWS) do
    local value = follow[row.key]
    if definition.fields[row.key] and opt[row.key] == nil and value ~= row.r then
      opt[row.key] = value
    end
  end
  return opt
end

-- The options with what the estimators do where the recipe says nothing.
local function with_usual(definition, opt)
  local later = {} -- functions see the values
  for key, field in pairs(definition.fields) do
    if opt[key] == nil and type(field.usual) == "function" then later[key] = field.usual
    elseif opt[key] == nil then opt[key] = field.usual end
  end
  for key, usual in pairs(later) do opt[key] = usual(opt) or nil end
  return opt
end

-- Each analysis draws from a seed of its own, made of the recipe's and its name: two of them never
-- share their random numbers, and one more moves no other. 12 hex digits of the SHA-256 of
-- "seed/name".
local function seed_of(seed, id)
  local digest = require("lunation.core").digest.text(("%d/%s"):format(seed, id))
  return tonumber(digest:sub(1, 12), 16)
end

local function analysis_calls(id, a, given, seed)
  local kind = a[schema.ORDER][1]
  local definition = require("lunation.analyses").find(kind)
  local opt = with_conventions(definition, plain(a), given)
  if definition.fields.seed then opt.seed = opt.seed or seed_of(seed, id) end
  local calls = definition.calls(opt)
  if a.where then calls = subset(calls, a.where, "analyses." .. id) end
  for _, call in ipairs(calls) do call.path = call.path or "analyses." .. id end
  return { id = id, kind = kind, definition = definition, opt = with_usual(definition, opt),
    calls = calls }
end

--- The plan of a checked recipe: { recipe, calls (data, cohort, endpoints), analyses = { { id,
--- kind, opt, definition, calls } } }. only: list of analysis ids, or nil for all.
function M.of(recipe, only)
  local v, calls, analyses = recipe.value, {}, {}
  data_calls(recipe, calls)
  for i, step in ipairs(v.cohort or {}) do step_calls(step, ("cohort[%d]"):format(i), calls) end
  for _, name in ipairs(schema.keys(v.response or {})) do
    if v.response[name] then
      calls[#calls + 1] = { as = name, on = "cohort", method = "recist", path = "response." .. name,
        args = { plain(v.response[name]) } }
    end
  end
  for _, name in ipairs(schema.keys(v.classes or {})) do
    calls[#calls + 1] = class_call(name, v.classes[name], v.response)
  end
  for _, name in ipairs(schema.keys(v.endpoints or {})) do
    local before, call = endpoint_call(name, v.endpoints[name], conventions.of(v.conventions).month)
    with_response(call.args[#call.args], v.response)
    for _, b in ipairs(before) do calls[#calls + 1] = b end
    calls[#calls + 1] = call
  end
  local wanted = {}
  for _, id in ipairs(only or {}) do
    if not v.analyses[id] then
      require("lunation.errors").raise("usage.only",
        ('--only %s: there is no such analysis'):format(id),
        { hint = suggest.hint(id, suggest.keys(v.analyses)) })
    end
    wanted[id] = true
  end
  for _, id in ipairs(schema.keys(v.analyses)) do
    if not only or #only == 0 or wanted[id] then
      analyses[#analyses + 1] = analysis_calls(id, v.analyses[id], v.conventions, v.seed)
    end
  end
  return { recipe = recipe, calls = calls, analyses = analyses }
end

return M
