-- SPDX-License-Identifier: GPL-3.0-or-later
-- complete: the words that may stand where the cursor is.
local names = require "lunation.repl.names"

local M = {}

local KEYWORDS = { "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if",
  "in", "local",
  "nil", "not", "or", "repeat", "return", "then", "true", "until", "while" }

-- Where the text that is still open at the end of the line begins, or nil.
local function open_quote(text)
  local at, quote = nil, nil
  local i = 1
  while i <= #text do
    local c = text:sub(i, i)
    if quote and c == "\\" then i = i + 1
    elseif c == quote then at, quote = nil, nil
    elseif not quote and (c == '"' or c == "'") then at, quote = i, c end
    i = i + 1
  end
  return at
end

-- The columns of the object whose call or index the open text stands in: the last one named before
-- it.
local function columns_for(env, text)
  local found
  for chain in text:gmatch "[%a_][%w_.]*" do
    local v = names.value(env, chain)
    found = v ~= nil and names.columns(v) or found
  end
  return found or {}
end

local function starting(list, head, part)
  local out = {}
  for _, name in ipairs(list) do
    if name:sub(1, #part) == part then out[#out + 1] = head .. name end
  end
  table.sort(out)
  return out
end

-- After a colon only methods, after a point (and for globals) everything; of a cohort its columns
-- too.
local function of_value(v, separator)
  local list = {}
  for name, kind in next, names.of(v) do
    if separator ~= ":" or kind == "method" then list[#list + 1] = name end
  end
  if separator == "." then table.move(names.columns(v) or {}, 1, 1000, #list + 1, list) end
  return list
end

--- The words that complete line:sub(from, to), each with the part of it that stands already.
function M.words(env, line, from, to)
  local before, word = line:sub(1, from - 1), line:sub(from, to)
  local quote = open_quote(before)
  if quote then
    local head, part = word:match "^(.-)([%w_]*)$"
    return starting(columns_for(env, before:sub(1, quote - 1)), head, part)
  end
  local head, separator, part = word:match "^(.*)([.:])([%w_]*)$"
  if not head then
    local list = of_value(env, "")
    table.move(KEYWORDS, 1, #KEYWORDS, #list + 1, list)
    return starting(list, "", word)
  end
  local v = names.value(env, head)
  if v == nil or head == "" then return {} end
  return starting(of_value(v, separator), head .. separator, part)
end

return M
