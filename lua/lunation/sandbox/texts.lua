-- SPDX-License-Identifier: GPL-3.0-or-later
-- texts: a plug-in's tostring and the functions of its string library that are not Lua's own, but
-- for patterns. Texts hold no addresses and grow only so far. Sent to the plug-in's state as a
-- chunk: texts(allow, refuse) gives { tostring, text, whole, string }.
local allow, refuse = ...

local M = { string = {} }
local own, strings, floor = M.string, string, math.floor

function M.tostring(v)
  local t = type(v)
  if t == "table" then
    local mt = debug.getmetatable(v)
    local f = mt and rawget(mt, "__tostring")
    local s = f and f(v)
    return type(s) == "string" and s or "table"
  end
  if t == "function" or t == "userdata" or t == "thread" then return t end
  return tostring(v)
end

--- An argument that must be a text; a number is one.
function M.text(what, s)
  if type(s) == "number" then return tostring(s) end
  if type(s) ~= "string" then
    refuse("plugin.error", what .. ": expected a text, found a " .. type(s))
  end
  return s
end

--- An argument that must be a whole number; nil is the default.
function M.whole(what, n, default)
  if n == nil then n = default end
  if type(n) ~= "number" or n ~= floor(n) then
    refuse("plugin.error", what .. ": expected a whole number")
  end
  return n
end

local text, whole = M.text, M.whole

function own.rep(s, n, sep)
  s, n, sep = text("string.rep", s), whole("string.rep", n), text("string.rep", sep or "")
  if n > allow.text_bytes or n > 0 and n * (#s + #sep) > allow.text_bytes then
    refuse("limit.text", ("string.rep: at most %d bytes"):format(allow.text_bytes))
  end
  return strings.rep(s, n, sep)
end

-- Lua's own format would show the address of what %s, %q and %p are given.
function own.format(f, ...)
  f = text("string.format", f)
  if #f > 4096 then refuse("limit.text", "string.format: a format of more than 4096 bytes") end
  local args, n = { ... }, 0
  for kind in strings.gmatch(f, "%%[-+ #0]*%d*%.?%d*(.?)") do
    if kind ~= "%" then n = n + 1 end
    if kind == "p" then
      refuse("plugin.refused", "string.format: %p is not available to a plug-in")
    end
    if kind == "q" or kind == "s" then args[n] = M.tostring(args[n]) end
  end
  return strings.format(f, table.unpack(args, 1, math.max(n, select("#", ...))))
end

--- The parts of a text between the separators, as a list.
function own.split(s, sep)
  s, sep = text("string.split", s), text("string.split", sep)
  if sep == "" then refuse("plugin.error", "string.split: an empty separator") end
  local out, from = {}, 1
  while true do
    local i, j = strings.find(s, sep, from, true)
    out[#out + 1] = strings.sub(s, from, i and i - 1)
    if not i then return out end
    from = j + 1
  end
end

return M
