-- SPDX-License-Identifier: GPL-3.0-or-later
-- lists: a plug-in's table library. Lua's own functions trust a length that a metatable may lie
-- about, in C, where no limit of steps is seen. Sent to the plug-in's state as a chunk:
-- lists(allow, refuse, whole) gives the functions.
local allow, refuse, whole = ...

local M = {}

local function plain(name)
  local f = table[name]
  M[name] = function(t, ...)
    if type(t) ~= "table" then
      refuse("plugin.error", "table." .. name .. ": expected a table, found a " .. type(t))
    end
    if getmetatable(t) ~= nil then
      refuse("plugin.metatable", "table." .. name .. ": this table has a metatable")
    end
    return f(t, ...)
  end
end
for _, name in ipairs { "concat", "insert", "remove", "sort", "unpack" } do plain(name) end

function M.move(a, from, to, at, b)
  b = b or a
  for _, t in ipairs { a, b } do
    if type(t) ~= "table" or getmetatable(t) ~= nil then
      refuse("plugin.metatable", "table.move: expected plain tables")
    end
  end
  from, to, at = whole("table.move", from), whole("table.move", to), whole("table.move", at)
  if to - from >= allow.moves or to - from < 0 and to >= from then
    refuse("limit.moves", ("table.move: at most %d values"):format(allow.moves))
  end
  return table.move(a, from, to, at, b)
end

return M
