-- SPDX-License-Identifier: GPL-3.0-or-later
-- stubs: what an editor needs to complete and check scripts (LuaCATS, as lua-language-server reads
-- it), made from the entries of which docs/generate.lua makes the reference pages.
--
-- return function(docs) -> { [path] = text }, docs being that module. A module is the class
-- lunation.<module>, an object of it lun.<object>.
local core = require "lunation.core"

local HEADER = "-- SPDX-License-Identifier: GPL-3.0-or-later\n-- Made by docs/generate.lua (make \z
  docs): do not edit.\n"

-- What methods return whose name is not that of a class.
local RETURNS = {
  read = "lun.table", where = "self", exclude = "self", derive = "self", aggregate = "self",
  split = "self",
  landmark = "self", survival = "lun.endpoint", followup = "lun.km", rows = "table[]",
  column = "lun.column",
  names = "string[]", convention = "string", late_columns = "string[]", with_class = "self",
  logistic = "lun.logistic",
  pairwise = "lun.pairwise", gray = "lun.gray", concordance = "lun.concordance",
}

local KEYWORDS = { ["end"] = "end_", ["repeat"] = "repeat_", ["function"] = "function_" }

local function comment(text)
  return (("---" .. text):gsub("\n", "\n---"):gsub("%s+\n", "\n"))
end

-- "a, b[, c]" -> { { name, optional } ... }
local function parameters(text)
  local out = {}
  for word in text:gmatch "[^,]+" do
    local name = word:match "[%w_]+"
    if word:find("...", 1, true) then name = "..." end
    if name then out[#out + 1] = { KEYWORDS[name] or name, word:find "[%[%]]" ~= nil } end
  end
  return out
end

-- First arguments without which nothing can be done.
local NEEDED = { terms = true, condition = true, name = true, path = true, formula = true,
  at = true, t = true }

local function type_of(name, place, options)
  if name == "opt" or name == "given" or name == "options" then
    return options and options .. "?" or "table?"
  end
  return place == 1 and NEEDED[name] and "any" or "any?"
end

local function returned(name, self, classes)
  local r = RETURNS[name]
  if r == "self" then return "lun." .. self end
  if r then return r end
  return classes[name] and "lun." .. name or "any"
end

local function function_stub(out, head, params, doc, result, options)
  out[#out + 1] = comment(doc)
  local names = {}
  for i, p in ipairs(params) do
    names[i] = p[1]
    out[#out + 1] = ("---@param %s %s"):format(p[1], p[1] == "..." and "any"
      or type_of(p[1], p[2] and 0 or i, options))
  end
  out[#out + 1] = "---@return " .. result
  out[#out + 1] = ("function %s(%s) end\n"):format(head, table.concat(names, ", "))
end

local function option_type(rule)
  if rule.choices then
    local words = {}
    for i, c in ipairs(rule.choices) do words[i] = ("%q"):format(tostring(c)) end
    return table.concat(words, "|")
  end
  local known = { string = "string", text = "string", number = "number", integer = "integer",
    boolean = "boolean", table = "table" }
  return known[rule.type] or "any"
end

local function options_stub(out, class, tables)
  out[#out + 1] = "---@class " .. class
  local seen = {}
  for _, t in ipairs(tables) do
    local names = {}
    for name, rule in pairs(t.rules) do
      if type(rule) == "table" and not seen[name] then names[#names + 1] = name end
    end
    table.sort(names)
    for _, name in ipairs(names) do
      seen[name] = true
      local rule = t.rules[name]
      out[#out + 1] = ("---@field %s%s %s"):format(name, rule.required and "" or "?",
        option_type(rule))
    end
  end
  out[#out + 1] = ""
end

-- The objects of a module: name -> { fields, methods }, in order of appearance.
local function objects_of(found)
  local order, of = {}, {}
  for _, e in ipairs(found) do
    local object, args = e.signature:match "^([%w_ -]+):[%w_]+%s*(%b())"
    if e.kind == "field" then object = e.signature:match "^([%w_ -]+)%." end
    if object then
      object = object:gsub("[^%w_]", "_")
      if not of[object] then
        of[object] = { fields = {}, methods = {} }
        order[#order + 1] = object
      end
      table.insert(e.kind == "field" and of[object].fields or of[object].methods,
        { e = e, args = args })
    end
  end
  return order, of
end

local function object_stub(out, object, parts, classes)
  out[#out + 1] = "---@class lun." .. object
  for _, f in ipairs(parts.fields) do
    out[#out + 1] = ("---@field %s any %s"):format(f.e.name, (f.e.doc:gsub("\n", " ")))
  end
  out[#out + 1] = ("local %s = {}\n"):format(object)
  for _, m in ipairs(parts.methods) do
    function_stub(out, object .. ":" .. m.e.name, parameters(m.args:sub(2, -2)), m.e.doc,
      returned(m.e.name, object, classes),
      classes.options[m.e.name])
  end
end

local function module_stub(docs, name, classes)
  local full, text = docs.full(name), docs.source_of(name)
  local found, tables = docs.entries(name, text), docs.option_tables(text)
  local out = { HEADER .. "---@meta " .. full .. "\n" .. comment(docs.heading(text)),
    "---@class " .. full }
  if name == "init" then
    for _, part in ipairs { "endpoint", "classify", "figure", "report", "errors", "format" } do
      out[#out + 1] = ("---@field %s lunation.%s"):format(part, part)
    end
  end
  out[#out + 1] = "local M = {}\n"
  local options = #tables > 0 and full .. ".options" or nil
  if options then options_stub(out, options, tables) end
  for _, e in ipairs(found) do
    local args = e.kind == "function" and e.signature:match "(%b())$"
    if args then
      function_stub(out, "M." .. e.name, parameters(args:sub(2, -2)), e.doc,
        returned(e.name, name, classes), options)
    end
  end
  if name == "figure" then
    for _, figure in ipairs(docs.FIGURES) do
      function_stub(out, "M." .. figure, { { "spec" }, { "options", true } },
        docs.heading(docs.source_of("figure/" .. figure)), "lun.figure")
    end
  end
  local order, of = objects_of(found)
  for _, object in ipairs(order) do object_stub(out, object, of[object], classes) end
  out[#out + 1] = "return M"
  return table.concat(out, "\n") .. "\n"
end

-- A class of the core from its registration rows.
local function core_stub(out, class)
  local c, short = core.docs.class(class), class:match "([%w_]+)$"
  out[#out + 1] = comment(c.doc)
  out[#out + 1] = "---@class lun." .. short
  for _, g in ipairs(c.getters) do
    local doc = g.doc:match "\n(.*)" or ""
    out[#out + 1] = ("---@field %s any %s"):format(g.name, (doc:gsub("\n", " ")))
  end
  out[#out + 1] = ("local %s = {}\n"):format(short)
  for _, m in ipairs(c.methods) do
    local args = m.doc:match "^[^\n(]*(%b())" or "()"
    function_stub(out, short .. ":" .. m.name, parameters(args:sub(2, -2)), m.doc, "any")
  end
end

local function core_stubs(docs)
  local out, seen = { HEADER .. "---@meta lunation.core" }, {}
  for _, part in ipairs(docs.core()) do
    for _, class in ipairs(part.classes) do
      if not seen[class] then
        seen[class] = true
        out[#out + 1] = "do"
        core_stub(out, class)
        out[#out + 1] = "end\n"
      end
    end
  end
  return table.concat(out, "\n") .. "\n"
end

return function(docs)
  local pages, classes = {}, { options = {} } -- options: method -> the class of its options
  for _, name in ipairs(docs.modules()) do
    local text = docs.source_of(name)
    for _, object in ipairs((objects_of(docs.entries(name, text)))) do classes[object] = true end
    if #docs.option_tables(text) > 0 then classes.options[name] = docs.full(name) .. ".options" end
  end
  for _, name in ipairs(docs.modules()) do
    local file = name == "init" and "lunation" or name
    pages["docs/stubs/" .. file .. ".lua"] = module_stub(docs, name, classes)
  end
  pages["docs/stubs/core.lua"] = core_stubs(docs)
  return pages
end
