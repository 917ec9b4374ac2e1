-- SPDX-License-Identifier: GPL-3.0-or-later
-- What scripts see: the same in every run.
local t = dofile("tests/lua/tap.lua")

local function keys(of)
  local out = {}
  for k in pairs(of) do out[#out + 1] = tostring(k) end
  return table.concat(out, " ")
end

local mixed = { zeta = 1, alpha = 2, [10] = 3, [2.5] = 4, [true] = 5, [false] = 6, "one", "two" }
t.is(keys(mixed), "1 2 2.5 10 alpha zeta false true", "numbers, texts, truth values")
local words = {}
for i = 1, 200 do words["w" .. (i * 7919) % 1000] = i end
local sorted = {}
for k in next, words do sorted[#sorted + 1] = k end
table.sort(sorted)
t.is(keys(words), table.concat(sorted, " "), "many texts")
t.is(keys(setmetatable({ 1 }, { __pairs = function() return next, { only = 1 }, nil end })), "only",
  "__pairs has its say")
t.is(keys({ a = false }), "a", "a false value")
local removed = { a = 1, b = 2, c = 3 }
local seen = ""
for k in pairs(removed) do
  seen = seen .. k
  removed.b = nil
end
t.is(seen, "ac", "a key that is removed on the way")
t.fails(function() pairs(nil) end, "table expected", "no table")

t.is(tostring({}), "table", "a table without an address")
t.is(tostring(print), "function", "a function without an address")
t.is(("%s %5.1f %s"):format({}, 2, "x"), "table   2.0 x", "nor in string.format")
t.is(("%s"):format(setmetatable({}, { __tostring = function() return "own" end })), "own",
  "its own text where it has one")
t.is(tostring(1.5), "1.5", "numbers as ever")
t.is(("%d %q"):format(3, "a"), '3 "a"', "other directives as ever")

math.randomseed(7)
local a, b = math.random(), math.random(6)
math.randomseed(7)
t.is(math.random(), a, "a seed repeats the stream")
t.is(math.random(6), b, "whole numbers too")
t.ok(a > 0 and a < 1 and b >= 1 and b <= 6, "in their range")
t.ok(math.random(-3, -1) < 0, "an interval")
t.fails(function() math.random(0) end, "interval is empty", "an empty one")

-- two processes agree, and so do modules that a script requires
local name = os.tmpname()
local folder = name:match("^(.*)/")
local module = name:match("[^/]+$") .. "m"
local function write(path, text)
  local f = assert(io.open(path, "w"))
  f:write(text)
  f:close()
end
write(folder .. "/" .. module .. ".lua",
  "local o = {} for k in pairs { q = 1, b = 2, m = 3 } do o[#o + 1] = k end return table.concat(o)")
write(name .. ".lua", ([[package.path = %q
print(math.random(), math.random(1000), {}, print, (require(%q)))]]):format(folder .. "/?.lua", module))
local function output()
  local p = assert(io.popen((os.getenv("B") or "build") .. "/lunation " .. name .. ".lua"))
  local text = p:read("a")
  p:close()
  return text
end
local first = output()
t.is(output(), first, "two runs print the same")
t.match(first, "table\tfunction\tbmq\n$", "without addresses, modules in order")
for _, f in ipairs { name, name .. ".lua", folder .. "/" .. module .. ".lua" } do os.remove(f) end
t.done()
