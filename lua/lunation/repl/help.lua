-- SPDX-License-Identifier: GPL-3.0-or-later
-- help: what is known about a name: the reference pages (docs/api, embedded in the program), the
-- registration tables of the core, the registries of endpoints, classes and analyses, and the value
-- itself.
local core = require "lunation.core"
local names = require "lunation.repl.names"
local suggest = require "lunation.base.suggest"

local M = {}

-- --- the reference pages -------------------------------------------------------------------------

-- "cox:zph(opt)" -> "cox:zph"; "lunation.surv.km.fit(a, b)" -> "lunation.surv.km.fit"
local function name_in(signature) return signature:match "^[%w_.:]+" end

local function read_page(entries, page)
  local signature, text
  for line in (page .. "\n## `` "):gmatch "([^\n]*)\n?" do
    local heading = line:match "^##+ `([^`]*)`"
    if heading or line:match "^##? " then
      if signature then
        entries[#entries + 1] = { signature = signature, text = table.concat(text, "\n") }
      end
      signature, text = heading, {}
    elseif signature and not line:match "^```" then
      text[#text + 1] = line
    end
    local field, doc = line:match "^%- `([%w_]+%.[%w_]+)`:? ?(.*)$"
    if field then entries[#entries + 1] = { signature = field, text = doc } end
  end
end

local manual

-- Entries of all pages by their full name ("cox:zph") and by the last word of it ("zph").
local function entries_of(name)
  if not manual then
    local page, list = require "lunation.embedded", {}
    for file in (page "docs/api/README.md" or ""):gmatch "%(([%w_]+%.md)%)" do
      read_page(list, page("docs/api/" .. file))
    end
    manual = {}
    for _, e in ipairs(list) do
      local full = name_in(e.signature)
      local last = full and full:match "[%w_]+$"
      for _, key in ipairs { full, last ~= full and last or nil } do
        manual[key] = manual[key] or {}
        table.insert(manual[key], e)
      end
    end
  end
  return manual[name] or {}
end

local function pages_about(name)
  local out = {}
  for _, e in ipairs(entries_of(name)) do
    out[#out + 1] = e.signature .. "\n" .. e.text:gsub("^\n+", ""):gsub("\n+$", "")
  end
  return out
end

-- --- the core, and what is registered ------------------------------------------------------------

-- Registered functions and methods of the core of that name: "csv.read", "read", "km:rows".
local function core_docs(name)
  local out, last = {}, name:match "[%w_]+$"
  local function add(owner, rows)
    for _, r in ipairs(rows) do
      local full = r.doc:match "^([%w_]+[.:][%w_]+)"
      if r.name == last and (name == last or full == name or owner .. "." .. r.name == name) then
        out[#out + 1] = r.doc
      end
    end
  end
  for _, part in ipairs(core.names()) do add(part, core.docs.functions(core[part])) end
  local classes = core.docs.classes()
  table.sort(classes)
  for _, class in ipairs(classes) do
    local c, short = core.docs.class(class), class:gsub("^lunation%.", "")
    if class == name or short == name then out[#out + 1] = class .. "\n" .. c.doc end
    add(short, c.methods)
    add(short, c.getters)
  end
  return out
end

local function analysis_docs(name)
  local kind = require("lunation.analyses").find(name)
  if not kind then return {} end
  local out = { ("analysis %s: %s"):format(name, kind.doc or kind.title) }
  for _, key in ipairs(suggest.keys(kind.fields)) do
    out[#out + 1] = ("  %-16s %s"):format(key, kind.fields[key].doc or "")
  end
  return { table.concat(out, "\n") }
end

local function definition_docs(what, registry, name)
  for _, known in ipairs((registry.names or registry.list)()) do
    if known == name then
      local d = registry.get(name)
      return { ("%s %s: %s\n%s"):format(what, name, d.title, d.doc or "") }
    end
  end
  return {}
end

-- --- all of it -----------------------------------------------------------------------------------

-- "km:at", where km is a variable of the session: under the name that the reference has for its
-- class.
local function in_reference(env, name)
  local owner, separator, member = name:match "^(.*)([.:])([%w_]+)$"
  local value = owner and names.value(env, owner)
  local class = value ~= nil and names.class(value)
  if not class then return name, value ~= nil and member end
  local kind = names.of(value)[member]
  return class .. (kind == "method" and ":" or kind == "field" and "." or separator) .. member
end

local function docs_about(env, name)
  local full, member = in_reference(env, name)
  local out = {}
  local function add(list) table.move(list, 1, #list, #out + 1, out) end
  add(pages_about(full))
  add(core_docs(full))
  if #out == 0 and member then add(pages_about(member)) end
  add(analysis_docs(name))
  add(definition_docs("endpoint", require "lunation.endpoint", name))
  add(definition_docs("class", require "lunation.classify", name))
  return out
end

-- What a value holds, in lines: methods and fields apart.
local function held(v)
  if type(v) == "string" then return "" end
  local methods, fields = {}, {}
  for name, kind in next, names.of(v) do
    local list = kind == "method" and methods or fields
    list[#list + 1] = name
  end
  local out = {}
  for _, part in ipairs { { "methods", methods }, { "fields", fields },
    { "columns", names.columns(v) or {} } } do
    table.sort(part[2])
    if #part[2] > 0 then
      out[#out + 1] = ("  %s: %s"):format(part[1], table.concat(part[2], " "))
    end
  end
  return table.concat(out, "\n")
end

--- Help on a name ("km", "km:at", "lun.read", "os") in a session with these globals, as a text.
function M.about(env, name)
  if name == "" then
    return "?name: help on a function, an object, a method (?km:at), an endpoint, a class or a \z
      kind of analysis"
  end
  local out, v = docs_about(env, name), names.value(env, name)
  if v ~= nil then
    local inner = held(v)
    out[#out + 1] = name .. ": " .. (names.class(v) or type(v))
      .. (inner ~= "" and "\n" .. inner or "")
  elseif #out == 0 then
    local owner, member = name:match "^(.*)[.:]([%w_]+)$"
    local known = owner and names.value(env, owner)
    if known ~= nil and known ~= false then
      return ('%s has no "%s": %s'):format(owner, member,
        suggest.hint(member, suggest.keys(names.of(known))))
    end
    return ('nothing is known about "%s"; ?lun lists the module'):format(name)
  end
  return table.concat(out, "\n\n")
end

return M
