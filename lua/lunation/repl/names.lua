-- SPDX-License-Identifier: GPL-3.0-or-later
-- names: what a value of the session answers to. Nothing of the user's is called for it.
local cohort = require "lunation.cohort"
local endpoint_data = require "lunation.surv.endpoint_data"
local table_module = require "lunation.data.table"

local M = {}

local CHAIN = 5 -- metatables that are followed

local function is_public(key) return type(key) == "string" and key:match "^%a[%w_]*$" ~= nil end

local function add_keys(out, t)
  for key, value in next, t do
    if is_public(key) then
      out[key] = out[key] or (type(value) == "function" and "method" or "field")
    end
  end
end

-- Classes (of the core and of lunation.base.class) keep their methods and getters in the metatable;
-- modules that load their parts on first use list them as __names.
local function add_class(out, meta)
  for _, part in ipairs { "__methods", "__getters", "__names" } do
    if type(rawget(meta, part)) == "table" then
      local kind = part == "__methods" and "method" or "field"
      for key in next, meta[part] do if is_public(key) then out[key] = out[key] or kind end end
    end
  end
end

--- name -> "method" or "field", of keys, methods, getters and what __index leads to.
function M.of(v)
  local out = {}
  for _ = 1, CHAIN do
    if type(v) == "table" then add_keys(out, v) end
    local meta = debug.getmetatable(v)
    if type(meta) ~= "table" then break end
    add_class(out, meta)
    v = rawget(meta, "__index")
    if type(v) ~= "table" then break end
  end
  return out
end

--- The value of a.b or a:b in env, or nil: nothing is called but __index.
function M.value(env, chain)
  local v = env
  for name in chain:gmatch "[%a_][%w_]*" do
    local ok, inner = pcall(function() return v[name] end)
    if not ok or inner == nil then return nil end
    v = inner
  end
  return v
end

--- Names of the columns that expressions given to a value may use: of a cohort, a table, or an
--- endpoint's cohort; nil for anything else.
function M.columns(v)
  if endpoint_data.class.is(v) then v = v.cohort end
  if cohort.class.is(v) or table_module.class.is(v) then return v:names() end
end

--- The class of a value as the reference names it ("cohort", "km"), or nil.
function M.class(v)
  local meta = debug.getmetatable(v)
  local name = type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and name:match "^lunation%..-([%w_]+)$" or nil
end

return M
