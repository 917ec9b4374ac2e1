-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"

local root = core.yaml.parse("# first\nname: é\nlist: [1, 'no', {deep: yes}]\nempty: {}\n",
  "r.yaml")
t.is(root.kind, "map", "a map")
t.is(#root, 3, "entries")
t.is(table.concat(root:keys(), " "), "name list empty", "keys in the order of the file")
t.is(root:get("name").text, "é", "text")
t.is(root:get("nothing"), nil, "no such key")
local list = root:get("list")
t.is(list.kind .. #list, "list3", "a list")
t.is(list[1].plain, true, "a plain scalar")
t.is(list[2].plain, false, "a quoted scalar")
t.is(list[3]:get("deep").text, "yes", "words stay text")
t.is(list[4], nil, "past the end")
t.is(list[3]:get("deep").line .. ":" .. list[3]:get("deep").column, "3:24", "line and column")
t.is(root:key_place("list").column, 1, "place of a key")
t.is(root:key_place("list").excerpt, "list: [1, 'no', {deep: yes}]", "its line")
t.is(root:key_place("x"), nil, "place of no key")
t.is(list:excerpt(), "list: [1, 'no', {deep: yes}]", "excerpt")
t.is(root.file, "r.yaml", "file")
t.is(root:get("name"), root:get("name"), "equal nodes")
t.fails(function() return root.kinds end, "did you mean", "unknown field")
t.fails(function() root.kind = 1 end, "read only", "read only")

local changed = root:with("list.2", core.yaml.parse("other", "--set"))
t.is(changed:get("list")[2].text, "other", "with: an item")
t.is(changed:get("list")[2].file, "--set", "its own file")
t.is(root:get("list")[2].text, "no", "the tree itself is unchanged")
t.is(changed:with("a.b", core.yaml.parse("1")):get("a"):get("b").text, "1", "with: new keys")
t.is(t.fails(function() root:with("name.x", list) end, "inside a text",
  "with: through a text").code, "usage.set", "its code")
root, list = nil, nil
collectgarbage() collectgarbage()
t.is(changed:get("list")[3]:get("deep").text, "yes", "a node keeps its tree alive")

local e = t.fails(function() core.yaml.parse("a: 1\nb: @x", "f.yaml") end, "f.yaml:2:4",
  "an error with its place")
t.is(e.code, "recipe.yaml", "code")
t.is(e.excerpt, "b: @x", "excerpt")
t.match(e.hint, "quotes", "hint")
t.is(t.fails(function() core.yaml.read("/no/such.yaml") end, "No such file", "a missing file").code,
  "io.open", "its code")

changed, e = nil, nil
collectgarbage() collectgarbage()
t.is(core.blocks(), 0, "no memory is left")
t.done()
