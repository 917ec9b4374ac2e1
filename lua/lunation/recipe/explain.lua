-- SPDX-License-Identifier: GPL-3.0-or-later
-- explain: the plan of a recipe as a Lua script on the public API, which gives the same numbers.
local plan_module = require "lunation.recipe.plan"
local suggest = require "lunation.base.suggest"

local M = {}

local KEYWORDS = {}
for w in ("and break do else elseif end false for function goto if in local nil not or repeat \z
  return then true until while")
  :gmatch("%a+") do KEYWORDS[w] = true end

local function identifier(name)
  local id = name:gsub("[^%w_]", "_")
  if id:match("^%d") or KEYWORDS[id] then id = "_" .. id end
  return id
end

local function key_text(k)
  if k:match("^[%a_][%w_]*$") and not KEYWORDS[k] then return k end
  return ("[%q]"):format(k)
end

local literal

local function table_literal(t, prefix)
  local parts = {}
  for _, v in ipairs(t) do parts[#parts + 1] = literal(v, prefix) end
  for _, k in ipairs(suggest.keys(t)) do
    parts[#parts + 1] = key_text(k) .. " = " .. literal(t[k], prefix)
  end
  if #parts == 0 then return "{}" end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

-- prefix: of the names of the analysis that v belongs to.
function literal(v, prefix)
  if plan_module.is_ref(v) then return identifier(v.own and prefix .. v.name or v.name) end
  local t = type(v)
  if t == "table" then return table_literal(v, prefix) end
  if t == "string" then return (("%q"):format(v):gsub("\\\n", "\\n")) end
  if t == "number" then
    return math.type(v) == "integer" and ("%d"):format(v)
      or require("lunation.core").num.shortest(v)
  end
  return tostring(v)
end

--- Lua source of a plain value.
M.literal = literal

local function arguments(call, prefix)
  local last = 0
  for i in pairs(call.args) do last = math.max(last, i) end
  local parts = {}
  for i = 1, last do parts[i] = literal(call.args[i], prefix) end
  if last == 1 and type(call.args[1]) == "table" and not plan_module.is_ref(call.args[1]) then
    return " " .. parts[1]
  end
  return "(" .. table.concat(parts, ", ") .. ")"
end

local function statement(call, prefix, known)
  local on = call.on
  if call.local_on then on = prefix .. on end
  local target = on == "lun" and "lun." or identifier(on) .. ":"
  local name = identifier(prefix .. call.as)
  local declare = known[name] and "" or "local "
  known[name] = true
  return declare .. name .. " = " .. target .. call.method .. arguments(call, prefix)
end

--- The script of a plan, as text.
function M.script(plan)
  local v = plan.recipe.value
  local out = { "-- " .. v.title,
    ("-- recipe %s, version %s; made by lunation explain"):format(v.id, v.version),
    'local lun = require "lunation"', "" }
  for _, x in ipairs(plan.recipe.variants or {}) do
    out[#out + 1] = ("-- variant %s (%s): lunation explain RECIPE --variant %s"):format(x.name,
      x.title, x.name)
  end
  local known = {}
  for _, p in ipairs(plan.recipe.plugins) do out[#out + 1] = ("lun.use(%q)"):format(p.file) end
  for _, call in ipairs(plan.calls) do out[#out + 1] = statement(call, "", known) end
  out[#out + 1] = ""
  local results = {}
  for _, a in ipairs(plan.analyses) do
    out[#out + 1] = "-- " .. a.id
    local prefix, names = a.id .. "_", {}
    for _, call in ipairs(a.calls) do
      out[#out + 1] = statement(call, prefix, known)
      if not call.hidden then
        local id = identifier(prefix .. call.as)
        out[#out + 1] = "print(" .. id .. ")"
        names[#names + 1] = key_text(call.as) .. " = " .. id
      end
    end
    results[#results + 1] = ("  [%q] = { %s },"):format(a.id, table.concat(names, ", "))
  end
  out[#out + 1] = ""
  out[#out + 1] = "return {"
  out[#out + 1] = table.concat(results, "\n")
  out[#out + 1] = "}"
  return table.concat(out, "\n") .. "\n"
end

return M
