-- SPDX-License-Identifier: GPL-3.0-or-later
-- order: pairs and next of a plug-in, which go through keys in order. Sent to the plug-in's state
-- as a chunk: order(refuse, inside) gives both; inside[proxy] is the table behind a read-only one.
local refuse, inside = ...

local RANK = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local x, y = RANK[type(a)], RANK[type(b)]
  if x ~= y then return x < y end
  if x == 3 then return a and not b end
  return a < b
end

local function sorted_keys(t)
  local keys = {}
  for k in next, inside[t] or t do
    if not RANK[type(k)] then
      refuse("plugin.order", "a table with keys that are " .. type(k) .. "s has no order")
    end
    keys[#keys + 1] = k
  end
  table.sort(keys, before)
  return keys
end

local function expect_table(name, t)
  if type(t) ~= "table" then
    refuse("plugin.error", name .. ": expected a table, found a " .. type(t))
  end
end

-- The first key from place i on that is still there, and its value.
local function present(keys, i, behind)
  while keys[i] ~= nil and behind[keys[i]] == nil do i = i + 1 end
  return i, keys[i], behind[keys[i]]
end

local M = {}

function M.pairs(t)
  expect_table("pairs", t)
  if getmetatable(t) == "locked" then return pairs(t) end -- a patient or a visit
  local keys, i, behind = sorted_keys(t), 0, inside[t] or t
  return function()
    local k, v
    i, k, v = present(keys, i + 1, behind)
    if k ~= nil then return k, v end
  end, t, nil
end

local last = {}

function M.next(t, k)
  expect_table("next", t)
  if last.of ~= t or k == nil then
    last = { of = t, keys = sorted_keys(t), at = {} }
    for i, key in ipairs(last.keys) do last.at[key] = i end
  end
  local i = k == nil and 1 or (last.at[k] or #last.keys) + 1
  local _, key, v = present(last.keys, i, inside[t] or t)
  if key ~= nil then return key, v end
end

return M
