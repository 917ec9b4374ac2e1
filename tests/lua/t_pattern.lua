-- SPDX-License-Identifier: GPL-3.0-or-later
-- A plug-in's patterns give what Lua's own give, on cases by hand and on many made by chance, and
-- stop where Lua's would go on for ever.
local t = dofile "tests/lua/tap.lua"

local function refuse(code, message) error(code .. ": " .. message, 0) end
local function text(_, s) return type(s) == "number" and tostring(s) or s end
local function whole(_, n, default) return n == nil and default or n end
local allow = require "lunation.sandbox.allow"
local own = assert(loadfile "lua/lunation/sandbox/pattern.lua")(allow, refuse, text, whole)

-- All results as one text; "error" where one was raised.
local function shown(ok, ...)
  if not ok then return "error" end
  local out = table.pack(...)
  for i = 1, out.n do out[i] = tostring(out[i]) end
  return table.concat(out, "|")
end

local function all(gmatch)
  return function(s, p)
    local out = {}
    for a, b in gmatch(s, p) do out[#out + 1] = tostring(a) .. "," .. tostring(b) end
    return table.concat(out, ";")
  end
end

local function same(name, ours, theirs, ...)
  return t.is(shown(pcall(ours, ...)), shown(pcall(theirs, ...)), name)
end

for _, c in ipairs {
  { "2024-03-10", "^(%d+)-(%d+)-(%d+)$" }, { "  afp = 400 ng/mL ", "^%s*(.-)%s*=%s*(%d+)%s*(.-)%s*$" },
  { "THE (quick) fox", "%((%a+)%)" }, { "f(a(b)c)d", "%b()" }, { "THE (quick) fox", "%f[%a]%a+%f[%A]" },
  { "abab", "(ab)%1" }, { "hello", "()ll()" }, { "a]b", "[]]" }, { "a^b", "[%^]" }, { "a-b", "[a%-]+" },
  { "", "" }, { "x", "^$" }, { "äö", "[\128-\255]+" }, { "a\0b", "%z" }, { "key", ".-" } } do
  local name = ("%q in %q"):format(c[2], c[1])
  same("find " .. name, own.find, string.find, c[1], c[2])
  same("match " .. name, own.match, string.match, c[1], c[2])
  same("gmatch " .. name, all(own.gmatch), all(string.gmatch), c[1], c[2])
  same("gsub " .. name, own.gsub, string.gsub, c[1], c[2], "<%0>")
end
same("gsub by a table", own.gsub, string.gsub, "CR PR xx", "%a+", { CR = "complete", PR = false })
same("gsub by a function", own.gsub, string.gsub, "a1b2", "(%a)(%d)", function(a, b) return b .. a end)
same("gsub so many times", own.gsub, string.gsub, "aaaa", "a", "b", 2)
same("find from a place", own.find, string.find, "abcabc", "b", 3)
same("find from the end", own.find, string.find, "abcabc", "b", -2)
same("find past the end", own.find, string.find, "abc", "b", 9)
same("find a text as it is", own.find, string.find, "a.b", ".", 1, true)

local ATOMS = { "a", "b", ".", "%a", "%d", "[ab]", "[^a]", "%s", "%.", "[%a_]", "[]]", "%w", "x",
  "[a-c]", "%f[%a]", "%b()", "^", "$", "-", "%1", "(", ")", "()", "%x", "[^]a]" }
local TIMES = { "", "", "", "*", "+", "-", "?" }
local random = math.random
local function pattern()
  local out = {}
  for i = 1, random(5) do out[i] = ATOMS[random(#ATOMS)] .. TIMES[random(#TIMES)] end
  return (random(6) == 1 and "^" or "") .. table.concat(out)
end
local function subject()
  local out, from = {}, "ab()c1. x_]^$-"
  for i = 1, random(12) do
    local k = random(#from)
    out[i] = from:sub(k, k)
  end
  return table.concat(out)
end

-- A pattern that is not well formed may be found out earlier by ours.
local differ, compared = {}, 0
local function compare(name, ours, theirs, ...)
  local a, b = shown(pcall(ours, ...)), shown(pcall(theirs, ...))
  compared = compared + (a ~= "error" and 1 or 0)
  if a ~= b and a ~= "error" then
    differ[#differ + 1] = ("%s(%q, %q): %s, not %s"):format(name, (...), (select(2, ...)), a, b)
  end
end
for _ = 1, 5000 do
  local s, p, from = subject(), pattern(), random(8) - 4
  compare("find", own.find, string.find, s, p, from)
  compare("match", own.match, string.match, s, p, from)
  compare("gmatch", all(own.gmatch), all(string.gmatch), s, p)
  compare("gsub", own.gsub, string.gsub, s, p, "%1")
end
t.is(table.concat(differ, "\n"), "", "twenty thousand made by chance")
t.ok(compared > 10000, "most of them well formed")

for _, p in ipairs { "[a", "%", "%b(", "%fa", "(a", "a)", "%1" } do
  t.fails(function() return own.match("a(b)", p) end, "plugin.error", "not well formed: " .. p)
end
local many = ("a"):rep(3000)
t.fails(function() return own.find(many, (".-"):rep(8) .. "b") end, "limit.pattern: string.find",
  "a pattern that would take for ever stops")
t.fails(function() return own.match(("a"):rep(40), ("a?"):rep(40) .. ("a"):rep(40) .. "b") end,
  "limit.pattern", "and one whose time doubles with each part")
t.fails(function() return own.gmatch("a", ("a?"):rep(501)) end, "limit.pattern: string.gmatch",
  "a pattern has a length")
t.is(own.find(many .. "b", many, 1, true), 1, "a plain text may be longer")
t.is(#own.match(("x"):rep(200000) .. "y", "x+"), 200000, "a long text is no long search")
t.is(select(2, own.gsub(("a,"):rep(20000), "(%a),", "%1;")), 20000, "nor are many short ones")
t.fails(function() return own.gsub(("a"):rep(2000), "a", ("b"):rep(2000)) end, "limit.text",
  "what is put together has a limit")
t.done()
