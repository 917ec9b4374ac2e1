-- SPDX-License-Identifier: GPL-3.0-or-later
-- registry: what all kinds of definition share.
local t = dofile("tests/lua/tap.lua")
local classify = require "lunation.classify"
local endpoint = require "lunation.endpoint"
local analyses = require "lunation.analyses"
local report = require "lunation.report"

local r = require("lunation.base.registry").new { what = "thing.define", noun = "a thing",
  name = "id", unknown = "recipe.thing",
  folder = "lunation.endpoints", built_in = { "os" },
  keys = { id = { "string", true }, size = { "number" } },
  check = function(d, bad) if d.size == 0 then bad("size: must not be 0") end end }
t.is(r:define { id = "b", size = 1 }.size, 1, "define returns the definition")
t.is(r:find("b").size, 1, "and it is found")
t.is(r:find("x"), nil, "another is not")
t.is(table.concat(r:names(), " "), "b os", "names are sorted, built-in ones among them")
r:define { id = "a" }
t.is(r.order[2].id, "a", "and kept in the order of definition")
t.fails(function() r:define(5) end, "thing.define: expected a table", "no table")
t.fails(function() r:define { size = 1 } end, "id is missing", "a required key")
t.fails(function() r:define { id = "c", sise = 1 } end, 'did you mean "size"', "an unknown key")
t.fails(function() r:define { id = "c", size = "1" } end, "expected a number, found a string",
  "a key of the wrong type")
t.fails(function() r:define { id = "c", size = 0 } end, "must not be 0", "what else must hold")
t.fails(function() endpoint.define { name = "efs", kind = "time_to_event", title = "X",
  derive = print } end, "exists already",
  "also that of a built-in one that nobody has used yet")
t.fails(function() r:define { id = "b" } end, 'a thing "b" exists already', "a name that is taken")
t.is(t.fails(function() r:get "bb" end, 'there is no thing "bb"', "an unknown name").code,
  "recipe.thing", "with its code")

-- Endpoints and classes check columns, options and needs alike.
for name, define in pairs { endpoint = endpoint.define, class = classify.define } do
  local function with(fields)
    local d = { name = "new_" .. name, title = "New", derive = print }
    if name == "endpoint" then d.kind = "time_to_event" else d.levels = { "a" } end
    for k, v in pairs(fields) do d[k] = v end
    return function() define(d) end
  end
  t.fails(with { columns = { x = { typ = "date" } } }, 'did you mean "type"', name
    .. ": an unknown key of a column")
  t.fails(with { options = { x = 5 } }, "options.x: expected a table", name
    .. ": an option that is no table")
  t.fails(with { options = { x = { min = "0" } } }, "options.x.min: expected a number", name
    .. ": a limit that is no number")
  t.fails(with { needs = { lesions = "mm" } }, "needs.lesions: expected a list", name
    .. ": needs that are no list")
  t.fails(with { columns = { x = {} }, options = { x = {} } }, "both a column and an option", name
    .. ": one name for two things")
end
t.fails(function() analyses.define { kind = "km", fields = {}, calls = print, show = print } end,
  "exists already", "a kind that is taken")
t.fails(function() report.define { id = "x", title = "X" } end, "show is missing",
  "a section without show")
t.done()
