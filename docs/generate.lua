-- SPDX-License-Identifier: GPL-3.0-or-later
-- generate: the reference pages, made from what the program itself uses: docs/recipe.md from the
-- schemas of recipes, docs/api/ from the `---` comments of the Lua modules, docs/api/core/ from the
-- registration tables of the core. `make docs` writes them; tests/lua/t_docs.lua holds them equal.
--
-- As a module: dofile("docs/generate.lua") -> { pages() -> { [path] = text } }
local core = require "lunation.core"

local M = {}

-- The public Lua modules, in reading order; those that are not named here follow.
local ORDER = {
  "init", "table", "column", "factor", "readers", "cohort", "patient", "endpoint", "endpoint_data",
  "km", "logrank", "rmst",
  "cuminc", "finegray", "cox", "cox_model", "cox_rows", "cox_tests", "cox_tt", "cox_predict",
  "cox_curve", "cause_specific", "concord", "boot", "weights", "glm", "recist", "waterfall",
  "classify", "analyses", "summary", "table1", "prop", "crosstab", "ranktest",
  "evalue", "intervals", "cdisc", "time", "plugin", "figure", "report", "format", "json",
  "errors", "options",
}
-- Modules that are parts of others and have no page.
local INTERNAL = { class = true, result = true, suggest = true, r_names = true, cox_newdata = true, cli = true,
  path = true, sandbox = true }

-- Where a module stands: "km" -> "surv/km".
local PLACE = {}
do
  local listing = assert(io.popen "cd lua/lunation && LC_ALL=C ls *.lua base/*.lua data/*.lua \z
    surv/*.lua stat/*.lua onco/*.lua")
  for path in listing:lines() do PLACE[path:match "([%w_]+)%.lua$"] = path:match "^(.*)%.lua$" end
  listing:close()
end

-- The name by which require knows a module: "km" -> "lunation.surv.km".
local function full(name)
  return name == "init" and "lunation" or "lunation." .. (PLACE[name] or name):gsub("/", ".")
end

local function modules()
  local seen, list, more = {}, {}, {}
  for _, name in ipairs(ORDER) do
    seen[name] = true
    list[#list + 1] = name
  end
  for name in pairs(PLACE) do
    if not seen[name] and not INTERNAL[name] then more[#more + 1] = name end
  end
  table.sort(more)
  return table.move(more, 1, #more, #list + 1, list)
end

-- Figures with a page entry, as lunation.figure names them.
M.FIGURES = { "km", "cuminc", "forest", "flow", "waterfall", "spider", "swimmer", "love", "overlap",
  "schoenfeld", "loglog",
  "rmst", "calibration", "roc", "sankey", "xy" }

local HEADER = "<!-- SPDX-License-Identifier: GPL-3.0-or-later. Made by docs/generate.lua (make \z
  docs): do not edit. -->\n"

local function sorted(t)
  local keys = {}
  for k in pairs(t) do if type(k) == "string" then keys[#keys + 1] = k end end
  table.sort(keys)
  return keys
end

local function escape(text) return (tostring(text):gsub("|", "\\|"):gsub("%s+", " ")) end

-- --- the recipe format ---------------------------------------------------------------------------

local function quoted(list)
  local out = {}
  for i, v in ipairs(list) do out[i] = "`" .. tostring(v) .. "`" end
  return table.concat(out, ", ")
end

local TYPE = { text = "text", number = "number", integer = "whole number",
  boolean = "true or false", any = "anything",
  map = "map", list = "list" }

local function type_of(s)
  if type(s) == "function" then return "see below" end
  if s.type == "kinds" then return s.expected end
  if s.type == "list" then
    return ("list of %s%s"):format(s.of.choices and quoted(s.of.choices) or TYPE[s.of.type]
      or "steps", s.single and " (or one)" or "")
  end
  if s.choices then return "one of " .. quoted(s.choices) end
  local range = (s.min or s.max) and (", %s to %s"):format(s.min or "any", s.max or "any") or ""
  return TYPE[s.type] .. range
end

local function default_of(s)
  if type(s) == "function" then return "" end
  if s.required then return "required" end
  local default = s.default
  if default == nil and type(s.usual) ~= "function" then default = s.usual end
  if default == nil then return "" end
  if type(default) == "table" then return "none" end
  return "`" .. tostring(default) .. "`"
end

local function key_rows(out, fields, first)
  out[#out + 1] = "| Key | What | Default | Meaning |\n|---|---|---|---|"
  local names = sorted(fields)
  table.sort(names, function(a, b)
    if (a == first) ~= (b == first) then return a == first end
    return a < b
  end)
  for _, name in ipairs(names) do
    local s = fields[name]
    out[#out + 1] = ("| `%s` | %s | %s | %s |"):format(name, escape(type_of(s)), default_of(s),
      escape(type(s) == "table" and s.doc or ""))
  end
  out[#out + 1] = ""
end

-- A section for the map schema s, then one for each map inside it.
local function map_section(out, path, s, level)
  if next(s.fields or {}) then
    out[#out + 1] = ("%s `%s`\n"):format(("#"):rep(level), path)
    if s.doc then out[#out + 1] = s.doc .. ".\n" end
    key_rows(out, s.fields)
  end
  for _, name in ipairs(sorted(s.fields or {})) do
    M.inner(out, path .. "." .. name, s.fields[name], level)
  end
  if type(s.others) == "table" then M.inner(out, path .. ".NAME", s.others, level) end
end

function M.inner(out, path, s, level)
  if type(s) ~= "table" then return end
  if s.type == "map" then map_section(out, path, s, level)
  elseif s.type == "list" then M.inner(out, path .. "[]", s.of, level)
  elseif s.type == "kinds" and s.map then map_section(out, path, s.map, level) end
end

function M.recipe()
  local format = require "lunation.recipe.format"
  local out = { HEADER, [[
# Recipes: every key

A recipe is a YAML file. Every value is checked before any data are read, an unknown key is an error that says
where it stands and what was probably meant, and `yes`, `no` and `010` are texts, never truth values or octal
numbers. `lunation check RECIPE` checks one; `lunation explain RECIPE` prints the Lua script it stands for.
How recipes are written: [guide](guide.md). `NAME` below stands for a name that you choose.

## The recipe
]] }
  key_rows(out, format.recipe.fields)
  for _, name in ipairs(sorted(format.recipe.fields)) do
    if name ~= "analyses" then M.inner(out, name, format.recipe.fields[name], 2) end
  end
  out[#out + 1] = [[
## `analyses.NAME`

An analysis names its kind by its first key, whose value is what is analysed:
`os-by-arm: { km: os, by: arm, logrank: true }`. The kinds:
]]
  local analyses = require "lunation.analyses"
  for _, kind in ipairs(analyses.names()) do
    local a = analyses.find(kind)
    out[#out + 1] = ("### `%s`: %s\n\n%s\n"):format(kind, a.title, a.doc)
    key_rows(out, a.fields, kind)
  end
  return table.concat(out, "\n"):gsub("\n\n\n+", "\n\n"):gsub("\n*$", "\n")
end

-- --- the options of figures
-- -----------------------------------------------------------------------

-- The kinds of figures that take each option of a group, in words.
local function takers(options, group)
  local out, without = {}, {}
  for _, kind in ipairs(sorted(options.KINDS)) do
    local has = false
    for _, g in ipairs(options.KINDS[kind]) do has = has or g == group end
    local list = has and out or without
    list[#list + 1] = "`" .. kind .. "`"
  end
  if #without == 0 or group == "about" then return "every figure" end
  if #without <= 3 then return "all but " .. table.concat(without, ", ") end
  return table.concat(out, ", ")
end

--- docs/figures.md with the table of options made anew; the words around it are written by hand.
function M.figures()
  local options = require "lunation.figure.options"
  local out = { "| Option | What | Meaning | Figures |\n|---|---|---|---|" }
  for _, group in ipairs { "about", "words", "frame", "size", "labels", "y", "panel", "time", "xy" } do
    local who = takers(options, group)
    for _, name in ipairs(sorted(options.GROUPS[group])) do
      local s = options.GROUPS[group][name]
      out[#out + 1] = ("| `%s` | %s | %s | %s |"):format(name, escape(type_of(s)), escape(s.doc),
        who)
    end
  end
  local file = assert(io.open("docs/figures.md", "rb"))
  local text = file:read "a"
  file:close()
  local from, to = "<!-- options -->\n", "<!-- end of options -->"
  local head, tail = text:match("^(.-" .. from:gsub("%-", "%%-") .. ")"), text:match(to:gsub("%-",
    "%%-") .. ".*$")
  return head .. table.concat(out, "\n") .. "\n" .. tail
end

-- --- Lua modules ---------------------------------------------------------------------------------

local function read(path)
  local f = io.open(path, "rb")
  if not f then return nil end
  local text = f:read "a"
  f:close()
  return text
end

local function source_of(name)
  local text = read(("lua/lunation/%s.lua"):format(PLACE[name] or name))
  if text then return text end
  return read(("lua/lunation/%s/init.lua"):format(name))
end

-- The names by which a file's variables are known: Cox -> "cox", methods -> "cox".
local function objects(text)
  local names = {}
  for var, name in text:gmatch 'local ([%w_]+) = [%w_."()]*class"?%)?%("([%w_ -]+)"' do
    names[var] = name
  end
  for var, name in text:gmatch 'local ([%w_]+) = core%.([%w_]+)%.class' do names[var] = name end
  for pair, values in text:gmatch "local ([%w_, ]+) = ([%w_.]+%.methods[^\n]*)" do
    local class = values:match "^([%w_]+)%.methods"
    local first, second = pair:match "^([%w_]+), ([%w_]+)$"
    names[first or pair] = names[class]
    if second then names[second] = names[class] end
  end
  for var, class in text:gmatch "local ([%w_]+) = ([%w_]+)%.getters" do
    names[var] = names[class]
  end
  return names
end

local RESULT = {
  rows = "One plain table for each estimate, as of every result.",
  table = "Columns, rows and notes as the report and print take them.",
  convention = "A sentence naming the options that decide the numbers.",
  each = "Iterates in order.",
}

-- What a module offers may stand in another file, inside a function: page -> file, object.
local ELSEWHERE = { patient = { "sandbox/view", "patient.TABLE" },
  testing = { "sandbox/assertions" } }

-- Splits a source into documented things: { signature, doc, name, kind }, and what has no comment.
local function entries(module, text)
  local names, found, bare = objects(text), {}, {}
  local other = ELSEWHERE[module]
  if other then
    text = source_of(other[1]):gsub("\n +", "\n") .. text
    names.methods = other[2]
  end
  local returned = text:match "\nreturn ([%w_]+)%s*$" or "lun"
  local comment, raw = nil, false
  local function add(kind, name, signature, doc)
    if name:sub(1, 1) == "_" then return end
    doc = doc or RESULT[name]
    if doc then found[#found + 1] = { kind = kind, signature = signature, doc = doc, name = name }
    else bare[#bare + 1] = signature end
  end
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    local c = line:match "^%-%-%- ?(.*)$"
    local more = line:match "^%-%- ?(.*)$"
    if c then comment, raw = (comment and comment .. "\n" or "") .. c, true
    elseif more and raw then comment = comment .. "\n" .. more
    elseif more then comment = nil
    else
      local owner, name, args = line:match "^function ([%w_.]+):([%w_]+)%s*(%b())"
      if owner then
        local object = names[owner:gsub("%.methods$", "")] or owner
        add("method", name, ("%s:%s%s"):format(object, name, args), comment)
      end
      owner, name, args = line:match "^function ([%w_]*methods)%.([%w_]+)%s*(%b())"
      if owner then
        add("method", name, ("%s:%s%s"):format(names[owner] or module, name,
          args:gsub("^%([%w_]+,? ?", "(")), comment)
      end
      owner, name, args = line:match "^function ([%w_]+)%.([%w_]+)%s*(%b())"
      if owner and owner == returned then
        add("function", name, ("%s.%s%s"):format(module == "init" and "lun" or full(module), name,
          args), comment)
      end
      local getter
      owner, getter = line:match "^function ([%w_.]*getters)%.([%w_]+)"
      if not owner then owner, getter = line:match "^([%w_.]*getters)%.([%w_]+) = " end
      if owner then
        local object = names[owner:gsub("%.getters$", "")] or names[owner] or module
        found[#found + 1] = { kind = "field", signature = object .. "." .. getter, name = getter,
          doc = comment or RESULT[getter] or "" }
      end
      comment, raw = nil, false
    end
  end
  return found, bare
end

-- The options tables of a source: name -> rules, read as data.
local function option_tables(text)
  local out = {}
  for name, body in text:gmatch "\nlocal ([A-Z0-9_]*OPTIONS) = (%b{})" do
    local chunk = load("return " .. body, name, "t", {})
    local ok, rules = pcall(chunk or error)
    if ok and type(rules) == "table" then out[#out + 1] = { name = name, rules = rules } end
  end
  return out
end

local function heading(text)
  local out = {}
  for line in text:gmatch "([^\n]*)\n" do
    local c = line:match "^%-%- ?(.*)$"
    if c and not c:find "^SPDX" then out[#out + 1] = c elseif not c then break end
  end
  local whole = table.concat(out, "\n")
  return (whole:gsub("^[%w_]+: ", "", 1))
end

M.heading, M.entries, M.option_tables, M.modules, M.full, M.source_of = heading, entries,
  option_tables, modules, full, source_of

local function options_section(out, t)
  local words = t.name:lower():gsub("_?options$", ""):gsub("_", " ")
  out[#out + 1] = ("## Options%s\n"):format(words ~= "" and " of " .. words or "")
  out[#out + 1] = "| Option | What | Default |\n|---|---|---|"
  for _, name in ipairs(sorted(t.rules)) do
    local r = t.rules[name]
    if type(r) == "table" and not name:find "^_" then
      local what = r.choices and "one of " .. quoted(r.choices) or r.type or "any"
      local default = r.required and "required" or type(r.default) == "table" and "none"
        or r.default ~= nil and "`" .. tostring(r.default) .. "`" or ""
      if r.min or r.max then
        what = ("%s, %s to %s"):format(what, r.min or "any", r.max or "any")
      end
      out[#out + 1] = ("| `%s` | %s | %s |"):format(name, escape(what), default)
    end
  end
  out[#out + 1] = ""
end

-- Modules that are found through a registry: page -> folder, names, and the definition's words or
-- the file's heading.
local function parts_section(out, module)
  local function add(name, text) out[#out + 1] = ("### `%s`\n\n%s\n"):format(name, text) end
  if module == "figure" then
    out[#out + 1] = "## Figures\n"
    for _, name in ipairs(M.FIGURES) do
      add("lun.figure." .. name, M.heading(source_of("figure/" .. name)))
    end
  elseif module == "endpoint" or module == "classify" then
    out[#out + 1] = module == "endpoint" and "## Built-in endpoints\n" or "## Built-in classes\n"
    local registry = require("lunation." .. module)
    for _, name in ipairs((registry.names or registry.list)()) do
      local d = registry.get(name)
      add(name, ("%s. %s"):format(d.title, d.doc or ""))
      if next(d.columns or {}) then
        out[#out + 1] = "| Column | What | Meaning |\n|---|---|---|"
        for _, role in ipairs(sorted(d.columns)) do
          local c = d.columns[role]
          out[#out + 1] = ("| `%s` | %s%s | %s |"):format(role, c.type or "any", c.required
            and ", required" or "", escape(c.doc or ""))
        end
        out[#out + 1] = ""
      end
      if next(d.options or {}) then
        out[#out + 1] = "| Option | Default | Meaning |\n|---|---|---|"
        for _, option in ipairs(sorted(d.options)) do
          local o = d.options[option]
          local default = o.default ~= nil and type(o.default) ~= "table" and "`"
            .. tostring(o.default) .. "`" or ""
          out[#out + 1] = ("| `%s` | %s | %s |"):format(option, default, escape(o.doc or ""))
        end
        out[#out + 1] = ""
      end
    end
  end
end

local function sentence(text)
  text = text:gsub("^%l", string.upper)
  return text:find "[.:]%s*$" and text or text .. "."
end

--- The page of a Lua module and the list of what has no comment there.
function M.module(name)
  local text = source_of(name)
  if not text then return nil end
  local found, bare = entries(name, text)
  local out = { HEADER, ("# %s\n"):format(full(name)), sentence(heading(text)) .. "\n" }
  for _, e in ipairs(found) do
    local laid_out = e.doc:find "\n +" -- columns of words stay as they are
    if laid_out then out[#out + 1] = ("## `%s`\n\n```text\n%s\n```\n"):format(e.signature, e.doc)
    elseif e.kind ~= "field" then out[#out + 1] = ("## `%s`\n\n%s\n"):format(e.signature, e.doc) end
  end
  local fields = false
  for _, e in ipairs(found) do
    if e.kind == "field" then
      if not fields then out[#out + 1] = "## Fields\n" end
      fields = true
      out[#out + 1] = ("- `%s`%s"):format(e.signature, e.doc ~= "" and ": " .. e.doc:gsub("\n", " ")
        or "")
    end
  end
  if fields then out[#out + 1] = "" end
  for _, t in ipairs(option_tables(text)) do options_section(out, t) end
  parts_section(out, name)
  return table.concat(out, "\n"):gsub("\n\n\n+", "\n\n"):gsub("\n*$", "\n"), bare
end

-- --- the core ------------------------------------------------------------------------------------

local function rows_section(out, rows)
  for _, r in ipairs(rows) do
    local signature, rest = r.doc:match "^([^\n]*)\n?(.*)$"
    out[#out + 1] = ("### `%s`\n\n%s"):format(signature, rest ~= "" and rest .. "\n" or "")
  end
end

--- Parts of the core: { { name, functions, classes }, ... }, in order of name.
function M.core()
  local parts, seen = {}, {}
  local names = core.names()
  table.sort(names)
  for _, name in ipairs(names) do
    local part = { name = name, functions = core.docs.functions(core[name]), classes = {} }
    local classes = core.docs.classes()
    table.sort(classes)
    for _, class in ipairs(classes) do
      if class:find("^lunation%." .. name) or not seen[class] then
        part.classes[#part.classes + 1] = class
      end
    end
    for _, class in ipairs(classes) do seen[class] = true end
    parts[#parts + 1] = part
  end
  return parts
end

local function core_pages(pages)
  local owner, parts = {}, M.core()
  for _, part in ipairs(parts) do
    for _, class in ipairs(part.classes) do
      if class:find("^lunation%." .. part.name) or not owner[class] then
        owner[class] = part.name
      end
    end
  end
  for _, part in ipairs(parts) do
    local out = { HEADER, ("# core.%s\n"):format(part.name),
      "Part of the core, as `require(\"lunation.core\")." .. part.name
        .. "`: plain functions under the Lua modules.\n" }
    if #part.functions > 0 then
      out[#out + 1] = "## Functions\n"
      rows_section(out, part.functions)
    end
    for _, class in ipairs(part.classes) do
      if owner[class] == part.name then
        local c = core.docs.class(class)
        out[#out + 1] = ("## `%s`\n\n%s\n"):format(class, c.doc)
        rows_section(out, c.methods)
        rows_section(out, c.getters)
      end
    end
    pages["docs/api/core/" .. part.name .. ".md"] = table.concat(out, "\n"):gsub("\n\n\n+",
      "\n\n"):gsub("\n*$", "\n")
  end
  return parts
end

-- --- all -----------------------------------------------------------------------------------------

--- path -> text of every generated page, and the list of things without a comment.
function M.pages()
  local pages, bare = {}, {}
  pages["docs/recipe.md"] = M.recipe()
  pages["docs/figures.md"] = M.figures()
  local index = { HEADER, "# Reference\n",
    "The public modules. A result prints as a table, has `:rows()`, `.convention` and the fields \z
      named on its page;\nan unknown field is an error with a suggestion.\n" }
  for _, name in ipairs(modules()) do
    local page, undocumented = M.module(name)
    if page then
      pages["docs/api/" .. name .. ".md"] = page
      local intro = (page .. "\n"):match("\n# [^\n]*\n\n(.-)\n\n"):gsub("\n", " ")
      local first = intro:match "^(.-[%w)`']%.) [%u`]" or intro
      index[#index + 1] = ("- [%s](%s.md): %s"):format(full(name), name, first)
      for _, b in ipairs(undocumented) do bare[#bare + 1] = name .. ": " .. b end
    end
  end
  index[#index + 1] = "\nThe core under them, for those who write modules:\n"
  for _, part in ipairs(core_pages(pages)) do
    index[#index + 1] = ("- [core.%s](core/%s.md)"):format(part.name, part.name)
  end
  for path, text in pairs(dofile "docs/stubs.lua"(M)) do pages[path] = text end
  pages["docs/api/README.md"] = table.concat(index, "\n") .. "\n"
  return pages, bare
end

local function write(path, text)
  local f = assert(io.open(path, "wb"))
  f:write(text)
  f:close()
end

if arg and arg[0] and arg[0]:match "docs/generate%.lua$" then
  local pages, bare = M.pages()
  for _, path in ipairs(sorted(pages)) do write(path, pages[path]) end
  for _, b in ipairs(bare) do io.stderr:write("no comment: ", b, "\n") end
end

if not (arg and arg[0] and arg[0]:match "docs/generate%.lua$") then return M end
