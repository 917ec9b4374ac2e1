-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local json = require "lunation.base.json"

t.is(json.encode(json.object { { "b", 1 }, { "a", 0.1 }, { "c", nil } }),
  '{"b":1,"a":0.1,"c":null}',
  "the order given, nil is null")
t.is(json.encode { z = 1, a = { 1, 2.5, true }, m = "x" }, '{"a":[1,2.5,true],"m":"x","z":1}',
  "sorted keys")
t.is(json.encode { 0 / 0, 1 / 0, -1 / 0, json.null }, "[null,null,null,null]",
  "no NaN and no infinity")
t.is(json.encode(json.array {}), "[]", "an empty array")
t.is(json.encode {}, "{}", "an empty object")
t.is(json.encode(json.array { 1, nil, 3, n = 4 }), "[1,null,3,null]", "an array with holes")
t.is(json.encode('a"b\\c\n\t\27\127é'), '"a\\"b\\\\c\\n\\t\\u001b\\u007fé"', "escapes")
t.is(json.encode(1e300), "1e+300", "large numbers")
t.is(json.encode(3.0), "3", "whole floats")
t.is(json.encode({ a = { 1, {} } }, true), '{\n  "a": [\n    1,\n    {}\n  ]\n}', "pretty")
t.fails(function() json.encode(print) end, "cannot be written", "functions are refused")

local v = json.decode(' {"b": [1, -2.5e3, "x\\u00e9\\ud83d\\ude00\\/"], "a": null, "t": true, \z
  "f": false, "e": {}, "l": []} ')
t.is(v.b[2], -2500.0, "numbers")
t.is(v.b[3], "xé😀/", "unicode escapes")
t.is(v.a, json.null, "null")
t.is(v.t, true, "true")
t.is(v.f, false, "false")
t.is(table.concat(json.keys(v), " "), "b a t f e l", "keys in the order of the text")
t.is(json.encode(v), '{"b":[1,-2500,"xé😀/"],"a":null,"t":true,"f":false,"e":{},"l":[]}',
  "there and back")
t.is(math.type(json.decode("7")), "integer", "whole numbers are integers")
t.is(json.decode("0.1"), 0.1, "0.1")

for _, bad in ipairs { "", "{", "[1,]", "[1 2]", '{"a" 1}', "{a:1}", '{"a":1,}', '"x', '"\\q"',
  '"\\ud800"', "01", "1.",
  ".5", "+1", "nul", "NaN", "1 2", "[1]x", '{"a":1,"a":2}', '"a\nb"', "0x10", "-",
  ("["):rep(300) } do
  local ok, e = pcall(json.decode, bad)
  t.is(not ok and e.code, "data.json", "refused: " .. bad:sub(1, 12):gsub("\n", " "))
end
local e = t.fails(function() json.decode('{"a": 1,\n "é": x}', "f.json") end, "f.json:2:7",
  "line and column in characters")
t.is(e.code, "data.json", "code")

-- 2000 random values: what is written reads back the same
math.randomseed(7)
local function random(depth)
  local k = math.random(depth > 3 and 4 or 6)
  if k == 1 then return math.random(-1000000, 1000000) end
  if k == 2 then return (math.random() - 0.5) * 10.0 ^ math.random(-300, 300) end
  if k == 3 then return math.random() < 0.5 end
  if k == 4 then
    local s = {}
    for i = 1, math.random(0, 8) do s[i] = utf8.char(math.random(1, 0xD7FF)) end
    return table.concat(s)
  end
  local out = {}
  for i = 1, math.random(0, 4) do out[k == 5 and i or "k" .. i] = random(depth + 1) end
  return k == 5 and json.array(out) or out
end
local same = 0
for _ = 1, 2000 do
  local text = json.encode(random(0))
  if json.encode(json.decode(text)) == text then same = same + 1 end
end
t.is(same, 2000, "2000 random values there and back")
t.done()
