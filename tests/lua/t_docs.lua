-- SPDX-License-Identifier: GPL-3.0-or-later
-- The reference pages say what the program's tables say, and nothing public is without words.
local t = dofile "tests/lua/tap.lua"
local core = require "lunation.core"
local docs = dofile "docs/generate.lua"

local function read(path)
  local f = io.open(path, "rb")
  if not f then return nil end
  local text = f:read "a"
  f:close()
  return text
end

local pages, bare = docs.pages()
local stale = {}
for path, text in pairs(pages) do if read(path) ~= text then stale[#stale + 1] = path end end
table.sort(stale)
t.is(table.concat(stale, " "), "", "the pages are those that `make docs` writes")
t.is(table.concat(bare, "; "), "", "every public function of a Lua module has a comment")

local known = {}
for path in pairs(pages) do known[path] = true end
local strays = {}
for _, path in ipairs(t.lines_of "ls docs/api/*.md docs/api/core/*.md docs/stubs/*.lua") do
  if not known[path] then strays[#strays + 1] = path end
end
t.is(table.concat(strays, " "), "", "no page of something that is gone")

-- The stubs for editors are Lua, and know every method that a page knows.
local broken, unknown = {}, {}
for path, text in pairs(pages) do
  if path:find "^docs/stubs/" and not load(text, path, "t", {}) then broken[#broken + 1] = path end
  local module = path:match "^docs/api/([%w_]+)%.md$"
  local stub = pages[("docs/stubs/%s.lua"):format(module == "init" and "lunation" or module)]
  for name in (module and module ~= "README" and text or ""):gmatch "\n## `[%w_ -]+:([%w_]+)" do
    if not stub:find(":" .. name .. "(", 1, true) then
      unknown[#unknown + 1] = module .. ":" .. name
    end
  end
end
t.is(table.concat(broken, " "), "", "every stub is Lua")
t.is(table.concat(unknown, " "), "", "every documented method has a stub")
local config = require("lunation.base.json").decode(read ".luarc.json")
t.is(config["workspace.library"][1], "docs/stubs", "editors that open this folder find the stubs")

-- The core: each registered function, method and getter has a signature.
local silent = {}
local function look(where, rows)
  for _, r in ipairs(rows) do
    if not r.doc or not r.doc:match "%S" then silent[#silent + 1] = where .. "." .. r.name end
  end
end
for _, part in ipairs(docs.core()) do look(part.name, part.functions) end
local classes = core.docs.classes()
for _, class in ipairs(classes) do
  local c = core.docs.class(class)
  look(class, c.methods)
  look(class, c.getters)
  if not c.doc or c.doc == "" then silent[#silent + 1] = class end
end
t.is(table.concat(silent, " "), "", "everything registered in the core is documented")
t.ok(#classes > 10, "the classes are listed")
t.is(core.docs.class "lunation.none", nil, "a class that does not exist")

-- Every key that a recipe may have says what it is for.
local wordless = {}
local function walk(path, s)
  if type(s) ~= "table" then return end
  for name, field in pairs(s.fields or {}) do
    if type(field) == "table" and not field.doc then
      wordless[#wordless + 1] = path .. "." .. name
    end
    walk(path .. "." .. name, field)
  end
  walk(path .. ".NAME", s.others)
  walk(path, s.of)
  walk(path, s.map)
end
walk("recipe", require("lunation.recipe.format").recipe)
for _, kind in ipairs(require("lunation.analyses").names()) do
  walk(kind, { fields = require("lunation.analyses").find(kind).fields })
end
table.sort(wordless)
t.is(table.concat(wordless, " "), "", "every key of a recipe has a doc")

-- Every code that is raised has a section in docs/messages.md, and no section is of a code that is
-- gone.
local WORDS = { design = true, usage = true, recipe = true, data = true, numeric = true, io = true,
  limit = true, plugin = true, internal = true }
local raised, sections = { interrupted = true }, {}
for _, path in ipairs(t.lines_of "find lua runtime -name '*.lua' -o -name '*.c'") do
  for code in read(path):gmatch "[\"%[]([a-z]+%.[a-z][a-z0-9-]*)[\"%]]" do
    if WORDS[code:match "^%a+"] then raised[code] = true end
  end
end
for code in read "docs/messages.md":gmatch "\n## (%S+)\n" do sections[code] = true end
local function missing_in(a, b)
  local out = {}
  for k in pairs(a) do if not b[k] then out[#out + 1] = k end end
  table.sort(out)
  return table.concat(out, " ")
end
t.is(missing_in(raised, sections), "", "every message code has a section")
t.is(missing_in(sections, raised), "", "every section is of a code that exists")
local program = (os.getenv "B" or "build") .. "/lunation"
t.match(table.concat(t.lines_of(program .. " explain data.number"), "\n"),
  "^data.number\n\nA cell .*What to do:", "explain CODE")
t.match(table.concat(t.lines_of(program .. " explain 'error[data.nmber]' 2>&1"), "\n"),
  "did you mean \"data.number\"", "a code that is none")

t.done()
