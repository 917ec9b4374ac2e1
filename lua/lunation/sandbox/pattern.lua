-- SPDX-License-Identifier: GPL-3.0-or-later
-- pattern: Lua's patterns (find, match, gmatch, gsub) for plug-ins. Lua's own matcher backtracks in
-- C, where no limit of time is seen; this one counts its steps and stops. Sent to the plug-in's
-- state as a chunk: pattern(allow, refuse, text, whole) gives the four functions.
local allow, refuse, text, whole = ...
local strings = string
local sub, byte, find = strings.sub, strings.byte, strings.find

local CAPTURES, OPEN, POSITION = 32, -1, -2
local CACHED = 100 -- patterns that are kept as items

local function malformed(what) refuse("plugin.error", "malformed pattern (" .. what .. ")") end

-- --- a pattern as items --------------------------------------------------------------------------

-- Where the set that begins at i ends: after its bracket. The first character may be a bracket.
local function set_end(p, i)
  i = i + (sub(p, i + 1, i + 1) == "^" and 2 or 1)
  repeat
    if i > #p then malformed "missing ']'" end
    i = i + (sub(p, i, i) == "%" and 2 or 1)
  until sub(p, i, i) == "]"
  return i + 1
end

local function single_end(p, i)
  local c = sub(p, i, i)
  if c == "[" then return set_end(p, i) end
  if c ~= "%" then return i + 1 end
  if i == #p then malformed "ends with '%'" end
  return i + 2
end

-- Whether a byte fits a single item: asked of Lua's own matcher once for each byte, on one
-- character, where it cannot take long.
local function fitting(item)
  return setmetatable({}, { __index = function(known, b)
    local fits = find(strings.char(b), item) ~= nil
    known[b] = fits
    return fits
  end })
end

local QUANTIFIER = { ["*"] = "most", ["+"] = "some", ["-"] = "least", ["?"] = "maybe" }

local function single(p, i)
  local stop = single_end(p, i)
  local item = sub(p, i, stop - 1)
  if item == "^" or item == "$" then item = "%" .. item end
  local how = QUANTIFIER[sub(p, stop, stop)]
  return { how = how or "one", fits = fitting(item) }, how and stop + 1 or stop
end

-- Items that begin with a percent sign, by the character after it.
local ESCAPED = {}

function ESCAPED.b(p, i)
  if i + 3 > #p then malformed "missing arguments to '%b'" end
  return { how = "balance", open = byte(p, i + 2), close = byte(p, i + 3) }, i + 4
end

function ESCAPED.f(p, i)
  if sub(p, i + 2, i + 2) ~= "[" then malformed "missing '[' after '%f'" end
  local stop = set_end(p, i + 2)
  return { how = "frontier", fits = fitting(sub(p, i + 2, stop - 1)) }, stop
end

local function item_at(p, i)
  local c, after = sub(p, i, i), sub(p, i + 1, i + 1)
  if c == "(" and after == ")" then return { how = "open", what = POSITION }, i + 2 end
  if c == "(" then return { how = "open", what = OPEN }, i + 1 end
  if c == ")" then return { how = "close" }, i + 1 end
  if c == "$" and i == #p then return { how = "stop" }, i + 1 end
  if c == "%" and ESCAPED[after] then return ESCAPED[after](p, i) end
  if c == "%" and find(after, "^%d") then
    return { how = "again", which = tonumber(after) }, i + 2
  end
  return single(p, i)
end

local cache, cached = {}, 0

-- The items of a pattern, and whether it begins with an anchor.
local function items_of(p)
  local known = cache[p]
  if known then return known end
  local items = { anchored = sub(p, 1, 1) == "^" }
  local i = items.anchored and 2 or 1
  while i <= #p do items[#items + 1], i = item_at(p, i) end
  if cached == CACHED then cache, cached = {}, 0 end
  cache[p], cached = items, cached + 1
  return items
end

-- --- matching ------------------------------------------------------------------------------------

-- HOW[item.how](m, s, k): item k of m.items at place s of m.text; the place after the whole match,
-- or nil.
local HOW = {}

local function match(m, s, k)
  m.steps = m.steps + 1
  if m.steps > allow.pattern_steps then
    refuse("limit.pattern",
      ("%s: the pattern took more than %d steps"):format(m.name, allow.pattern_steps),
      "repeats beside each other (.*.*) try every split: say what stands between them")
  end
  local item = m.items[k]
  if not item then return s end
  return HOW[item.how](m, s, k, item)
end

local function fits(m, s, item) return s <= #m.text and item.fits[byte(m.text, s)] end

function HOW.one(m, s, k, item)
  if fits(m, s, item) then return match(m, s + 1, k + 1) end
end

function HOW.maybe(m, s, k, item)
  return fits(m, s, item) and match(m, s + 1, k + 1) or match(m, s, k + 1)
end

function HOW.most(m, s, k, item)
  local n = 0
  while fits(m, s + n, item) do n = n + 1 end
  m.steps = m.steps + n // 8
  for i = n, 0, -1 do
    local stop = match(m, s + i, k + 1)
    if stop then return stop end
  end
end

function HOW.some(m, s, k, item)
  if fits(m, s, item) then return HOW.most(m, s + 1, k, item) end
end

function HOW.least(m, s, k, item)
  while true do
    local stop = match(m, s, k + 1)
    if stop then return stop end
    if not fits(m, s, item) then return nil end
    s = s + 1
  end
end

function HOW.open(m, s, k, item)
  local level = m.level + 1
  if level > CAPTURES then refuse("plugin.error", "too many captures") end
  m.from[level], m.length[level], m.level = s, item.what, level
  local stop = match(m, s, k + 1)
  if not stop then m.level = level - 1 end
  return stop
end

function HOW.close(m, s, k)
  local level = m.level
  while level > 0 and m.length[level] ~= OPEN do level = level - 1 end
  if level == 0 then refuse("plugin.error", "invalid pattern capture") end
  m.length[level] = s - m.from[level]
  local stop = match(m, s, k + 1)
  if not stop then m.length[level] = OPEN end
  return stop
end

function HOW.stop(m, s, k) return s == #m.text + 1 and match(m, s, k + 1) or nil end

function HOW.frontier(m, s, k, item)
  local before, here = s > 1 and byte(m.text, s - 1) or 0, byte(m.text, s) or 0
  if not item.fits[before] and item.fits[here] then return match(m, s, k + 1) end
end

function HOW.balance(m, s, k, item)
  if byte(m.text, s) ~= item.open then return nil end
  local depth = 1
  for i = s + 1, #m.text do
    local c = byte(m.text, i)
    m.steps = m.steps + 1
    if c == item.close then
      depth = depth - 1
      if depth == 0 then return match(m, i + 1, k + 1) end
    elseif c == item.open then
      depth = depth + 1
    end
  end
end

function HOW.again(m, s, k, item)
  local n = m.length[item.which]
  if item.which == 0 or item.which > m.level or n == OPEN then
    refuse("plugin.error", ("invalid capture index %%%d"):format(item.which))
  end
  local from = m.from[item.which]
  m.steps = m.steps + n // 8
  if n >= 0 and s + n <= #m.text + 1
    and sub(m.text, from, from + n - 1) == sub(m.text, s, s + n - 1) then
    return match(m, s + n, k + 1)
  end
end

local function matcher(name, s, items)
  return { name = "string." .. name, text = s, items = items, steps = 0, level = 0, from = {},
    length = {} }
end

local function match_at(m, s)
  m.level = 0
  return match(m, s, 1)
end

-- The first place from `from` on where it matches, and the place after the match.
local function search(m, from)
  local last = m.items.anchored and from or #m.text + 1
  for s = from, last do
    local stop = match_at(m, s)
    if stop then return s, stop end
  end
end

local function capture(m, i, s, stop)
  if i > m.level then
    if i ~= 1 then refuse("plugin.error", ("invalid capture index %%%d"):format(i)) end
    return sub(m.text, s, stop - 1)
  end
  local n = m.length[i]
  if n == OPEN then refuse("plugin.error", "unfinished capture") end
  if n == POSITION then return m.from[i] end
  return sub(m.text, m.from[i], m.from[i] + n - 1)
end

-- The captures, or the whole match where there are none (all is false: nothing then).
local function captures(m, s, stop, all)
  local out, n = {}, m.level == 0 and all and 1 or m.level
  for i = 1, n do out[i] = capture(m, i, s, stop) end
  return table.unpack(out, 1, n)
end

-- --- the four functions --------------------------------------------------------------------------

local M = {}

-- The place to begin at, or nil when it lies past the text.
local function begin(name, s, init)
  init = whole("string." .. name, init, 1)
  if init < 0 then init = #s + init + 1 end
  if init < 1 then init = 1 end
  if init <= #s + 1 then return init end
end

local function arguments(name, s, p)
  name = "string." .. name
  s, p = text(name, s), text(name, p)
  if #p > allow.pattern_bytes then
    refuse("limit.pattern",
      ("%s: a pattern of more than %d bytes"):format(name, allow.pattern_bytes),
      "string.find(s, text, 1, true) looks for a text as it is")
  end
  return s, p
end

function M.find(s, p, init, plain)
  if plain then
    s, p = text("string.find", s), text("string.find", p)
    return find(s, p, whole("string.find", init, 1), true)
  end
  s, p = arguments("find", s, p)
  init = begin("find", s, init)
  if not init then return nil end
  if not find(p, "[%^%$%*%+%?%.%(%[%%%-]") then return find(s, p, init, true) end
  local m = matcher("find", s, items_of(p))
  local from, stop = search(m, init)
  if not from then return nil end
  return from, stop - 1, captures(m, from, stop, false)
end

function M.match(s, p, init)
  s, p = arguments("match", s, p)
  init = begin("match", s, init)
  if not init then return nil end
  local m = matcher("match", s, items_of(p))
  local from, stop = search(m, init)
  if not from then return nil end
  return captures(m, from, stop, true)
end

function M.gmatch(s, p)
  s, p = arguments("gmatch", s, p)
  if sub(p, 1, 1) == "^" then p = "%" .. p end -- no anchor there
  local m, at, last = matcher("gmatch", s, items_of(p)), 1, nil
  return function()
    m.steps = 0
    for from = at, #s + 1 do
      local stop = match_at(m, from)
      if stop and stop ~= last then
        at, last = stop, stop
        return captures(m, from, stop, true)
      end
    end
    at = #s + 2
  end
end

-- What stands for a match: a text with %0 to %9, a table's value, or what a function returns.
local REPLACE = {}

function REPLACE.string(m, by, s, stop)
  return (strings.gsub(by, "%%(.?)", function(c)
    if c == "%" then return "%" end
    if c == "0" then return sub(m.text, s, stop - 1) end
    if not find(c, "%d") then refuse("plugin.error", "invalid use of '%' in replacement string") end
    return capture(m, tonumber(c), s, stop)
  end))
end

function REPLACE.number(m, by, s, stop) return REPLACE.string(m, tostring(by), s, stop) end
function REPLACE.table(m, by, s, stop) return by[capture(m, 1, s, stop)] end
REPLACE["function"] = function(m, by, s, stop) return by(captures(m, s, stop, true)) end

local function replacement(m, by, s, stop)
  local v = REPLACE[type(by)](m, by, s, stop)
  if not v then return sub(m.text, s, stop - 1) end
  if type(v) == "string" or type(v) == "number" then return text("string.gsub", v) end
  refuse("plugin.error", ("invalid replacement value (a %s)"):format(type(v)))
end

function M.gsub(s, p, by, most)
  s, p = arguments("gsub", s, p)
  if not REPLACE[type(by)] then
    refuse("plugin.error",
      "string.gsub: expected a text, a table or a function, found a " .. type(by))
  end
  local m, out, bytes, n = matcher("gsub", s, items_of(p)), {}, 0, 0
  local at, last, limit = 1, nil, whole("string.gsub", most, math.huge)
  while n < limit do
    local stop, part = match_at(m, at), nil
    if stop and stop ~= last then
      n = n + 1
      part = replacement(m, by, at, stop)
      at, last = stop, stop
    elseif at <= #s then
      part, at = sub(s, at, at), at + 1
    else
      break
    end
    out[#out + 1], bytes = part, bytes + #part
    if bytes > allow.text_bytes then
      refuse("limit.text", ("string.gsub: at most %d bytes"):format(allow.text_bytes))
    end
    if m.items.anchored then break end
  end
  out[#out + 1] = sub(s, at)
  return table.concat(out), n
end

return M
