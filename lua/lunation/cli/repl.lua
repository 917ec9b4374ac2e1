-- SPDX-License-Identifier: GPL-3.0-or-later
-- repl: an interactive session. `?name` is help, Tab completes, Ctrl-C stops a computation, Ctrl-D ends.
local core = require "lunation.core"
local errors = require "lunation.errors"
local path = require "lunation.base.path"
local suggest = require "lunation.base.suggest"

local HISTORY = 1000 -- lines kept

-- --- completion -------------------------------------------------------------------------------

-- Names that a value answers to: keys of tables and of what their metatables' __index leads to, methods and
-- fields of the core's objects.
local function names_of(v)
  local seen = {}
  local function add(t)
    for k in next, t do
      if type(k) == "string" and k:match("^[%a_][%w_]*$") and k:sub(1, 2) ~= "__" then seen[k] = true end
    end
  end
  if type(v) == "string" then add(string) end
  local meta = debug.getmetatable(v)
  for _ = 1, 5 do
    if type(v) == "table" then add(v) end
    if type(meta) ~= "table" then break end
    for _, part in ipairs { "methods", "getters", "__methods", "__getters" } do
      if type(meta[part]) == "table" then add(meta[part]) end
    end
    if type(v) == "table" and rawget(meta, "__index") and type(meta.__index) == "function" then
      for i = 1, 10 do -- the methods of lunation.base.class stand in its closure
        local name, value = debug.getupvalue(meta.__index, i)
        if not name then break end
        if (name == "methods" or name == "getters") and type(value) == "table" then add(value) end
      end
    end
    v = meta.__index
    if type(v) ~= "table" then break end
    meta = debug.getmetatable(v)
  end
  return suggest.keys(seen)
end

-- The value of a.b.c, without calling anything of the user's but __index.
local function value_of(env, chain)
  local v = env
  for name in chain:gmatch("[%a_][%w_]*") do
    local ok, inner = pcall(function() return v[name] end)
    if not ok or inner == nil then return nil end
    v = inner
  end
  return v
end

local function complete(env, line, from, to)
  local word = line:sub(from, to)
  local head, part = word:match("^(.*[.:])([%w_]*)$")
  head, part = head or "", part or word
  local v = env
  if head ~= "" then v = value_of(env, head) end
  local out = {}
  if v == nil then return out end
  for _, name in ipairs(names_of(v)) do
    if name:sub(1, #part) == part then out[#out + 1] = head .. name end
  end
  return out
end

-- --- help ---------------------------------------------------------------------------------------

-- Registered functions and methods of the core of that name: "csv.read", "read", "km:rows".
local function core_docs(name)
  local out, last = {}, name:match("[%w_]+$")
  local function add(owner, rows)
    for _, r in ipairs(rows) do
      local full = r.doc:match("^([%w_]+[.:][%w_]+)")
      if r.name == last and (name == last or full == name or owner .. "." .. r.name == name) then out[#out + 1] = r.doc end
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

-- Endpoints and kinds of analysis of that name.
local function study_docs(name)
  local out = {}
  local kind = require("lunation.analyses").find(name)
  if kind then
    out[1] = ("analysis %s: %s"):format(name, kind.doc or kind.title)
    for _, key in ipairs(suggest.keys(kind.fields)) do out[1] = out[1] .. ("\n  %-16s %s"):format(key, kind.fields[key].doc or "") end
  end
  local endpoint = require "lunation.endpoint"
  for _, known in ipairs(endpoint.names()) do
    if known == name then
      local e = endpoint.get(name)
      out[#out + 1] = ("endpoint %s: %s\n%s"):format(name, e.title, e.doc or "")
    end
  end
  return out
end

local function print_help(env, name)
  if name == "" then
    print "?name: help on a function, a method, an endpoint, a kind of analysis, or what a value holds"
    return
  end
  local docs = core_docs(name)
  table.move(study_docs(name), 1, 100, #docs + 1, docs)
  if #docs > 0 then print(table.concat(docs, "\n\n")) end
  local v = value_of(env, name)
  if v ~= nil then
    print(name .. ": " .. type(v))
    local names = names_of(v)
    if #names > 0 then print("  " .. table.concat(names, " ")) end
  elseif #docs == 0 then
    print(('nothing is known about "%s"; ?lun lists the module'):format(name))
  end
end

-- --- the session --------------------------------------------------------------------------------

local function history_file()
  local state = os.getenv("XDG_STATE_HOME")
  local home = os.getenv("HOME")
  if not state or state == "" then state = home and home .. "/.local/state" end
  return state and state .. "/lunation/history"
end

local function make_folders(dir)
  if core.file.kind(dir) then return true end
  return make_folders(path.folder(dir)) and pcall(core.file.mkdir, dir)
end

-- The chunk of some lines: as an expression first. Second value true: more lines are needed.
local function compile(text, env)
  local chunk = load("return " .. text, "=session", "t", env)
  if chunk then return chunk end
  local message
  chunk, message = load(text, "=session", "t", env)
  if chunk then return chunk end
  return nil, message:match("<eof>['\"]?$") ~= nil, message
end

local function show(ok, ...)
  if not ok then
    local e = ...
    io.stdout:write(errors.is(e) and errors.render(e) or "error: " .. tostring(e), "\n")
  elseif select("#", ...) > 0 then
    require("lunation.base.deterministic").print(...)
  end
end

local function evaluate(line, chunk)
  show(xpcall(chunk, function(e)
    if errors.is(e) then return e end
    return errors.new("usage.script", (tostring(e):gsub("^session:(%d+): ", "line %1: ")))
  end))
  line.resume()
end

-- A line, or nil at the end, or false when Ctrl-C left it.
local function read(line, prompt)
  local ok, text = pcall(line.read, prompt)
  if ok then return text end
  line.resume()
  io.stdout:write("\n")
  return false
end

local function session(line, env)
  local pending
  while true do
    local text = read(line, pending and ">> " or "> ")
    if text == nil then
      if pending then print "error: the last lines are not complete" end
      return
    end
    if not text then pending = nil
    elseif not pending and text:match("^%s*%?") then
      line.remember(text)
      print_help(env, text:match("^%s*%?%s*([%w_.:]*)"))
    elseif pending or text:match("%S") then
      pending = pending and pending .. "\n" .. text or text
      local chunk, more, message = compile(pending, env)
      if chunk or not more then
        line.remember((pending:gsub("\n", " ")))
        if chunk then evaluate(line, chunk) else print("error: " .. message:gsub("^session:(%d+): ", "line %1: ")) end
        pending = nil
      end
    end
  end
end

return {
  summary = "an interactive session",
  usage = "repl",
  options = { { name = "help", doc = "this help" } },
  run = function()
    local line = require "lunation.line"
    local env = require("lunation.base.deterministic").environment()
    env.lun = require "lunation"
    local edited = line.open(function(text, from, to) return complete(env, text, from, to) end)
    local file = edited and history_file()
    if file and make_folders(path.folder(file)) then line.load(file) else file = nil end
    if edited then print("Lunation " .. env.lun._VERSION .. ": ?name is help, Tab completes, Ctrl-C stops, Ctrl-D ends") end
    session(line, env)
    if edited then print() end
    if file then line.save(file, HISTORY) end
  end,
}
