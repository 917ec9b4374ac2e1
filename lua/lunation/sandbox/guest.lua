-- SPDX-License-Identifier: GPL-3.0-or-later
-- guest: what answers requests inside a plug-in's own Lua state: the chunk that bootstraps
-- runtime/bind/guest.c. services: pack, unpack (bind/wire.h), at(i) (patient i is being worked on).
-- Requests are tables with op:
--   boot    chunks (name = bytecode)   the other files of this folder that run here
--   load    file, text                 -> definitions: { { registry, value } }, functions as { fn,
--                                         line }
--   derive  fn, opt, from, n, data     -> the results of patients from..from+n-1, column by column
--   call    fn, args                   -> the value that the function returns
--   show    fn, methods, results, opt  -> what the function wrote into the document; for a section
--                                         of the report, study instead of results
--   test    file, text                 -> what lunation.sandbox.trial is asked, or the assertions
--   resume  value or failure           -> the same, after the answer to what was asked
-- An answer is { value = ... } or { error = { code, message, hint, line, patient, own } }.
local services = ...
local functions, definitions = {}, {}
local allow, build_view, env, patient
local REFUSED = {}

local REFUSAL = { __metatable = false, __tostring = function(e)
  return e.message .. (e.hint and " (" .. e.hint .. ")" or "")
end }

local function refuse(code, message, hint)
  local e = { refused = REFUSED, code = code, message = message, hint = hint }
  error(setmetatable(e, REFUSAL), 0)
end

local function own_line(level)
  for l = level, level + 60 do
    local info = debug.getinfo(l, "Sl")
    if not info then return nil end
    if info.source:sub(1, 1) == "@" then return info.currentline end
  end
end

-- The error's place is known only where it is raised. own: the plug-in called error itself, so
-- that its text may hold a patient's values.
local function describe(e)
  local t = type(e)
  if t == "table" and e.refused == REFUSED then
    return { code = e.code, message = e.message, hint = e.hint, line = own_line(3) }
  end
  if t ~= "string" then
    return { code = "plugin.error", message = "the error object is not a text, but a " .. t,
      line = own_line(3) }
  end
  if e == "not enough memory" then return e end
  local info = debug.getinfo(2, "f")
  local raised = info and info.func == error
  local line, message = string.match(e, "^[^\n]-:(%d+): (.*)$")
  return { code = "plugin.error", message = message or e, line = tonumber(line) or own_line(3),
    own = raised or nil }
end

-- Functions become numbers that later requests name.
local function portable(v, depth)
  if type(v) == "function" then
    functions[#functions + 1] = v
    return { fn = #functions, line = debug.getinfo(v, "S").linedefined }
  end
  if type(v) ~= "table" then return v end
  if depth > 16 then refuse("plugin.define", "a definition is nested too deeply") end
  local out = {}
  for k, x in next, v do
    if type(k) ~= "string" and type(k) ~= "number" then
      refuse("plugin.define", "a definition has a key that is a " .. type(k))
    end
    out[k] = portable(x, depth + 1)
  end
  return out
end

local function definer(registry)
  return { define = function(definition)
    if type(definition) ~= "table" then
      refuse("plugin.define", registry .. ".define: expected a table")
    end
    definitions[#definitions + 1] = { registry = registry, value = portable(definition, 0),
      line = own_line(3) }
    return definition
  end }
end

local ops = {}

local chunks

-- Runs one of the chunks that were sent.
local function part(name, ...) return load(chunks[name], "=" .. name, "b")(...) end

function ops.boot(r)
  chunks = r.chunks
  allow = part "allow"
  build_view = part "view"(refuse)
  local modules = {}
  for _, name in ipairs(allow.modules) do
    modules[name] = definer((string.match(name, "[^.]*$")))
  end
  env = part("library", allow, modules, refuse, part)
  return true
end

-- The text as a function in the plug-in's environment, or nil and the failure.
local function compiled(r)
  local chunk, message = load(r.text, "@" .. r.file, "t", env)
  if chunk then return chunk end
  if type(message) == "table" then return nil, message end -- described already
  local line, what = string.match(message, ":(%d+): (.*)$")
  return nil, { code = "plugin.syntax", message = what or message, line = tonumber(line) }
end

function ops.load(r)
  local chunk, failure = compiled(r)
  if not chunk then return nil, failure end
  definitions = {}
  local result = chunk()
  if type(result) == "function" then
    definitions[#definitions + 1] = { registry = "row", value = { derive = portable(result, 0) } }
  end
  return definitions
end

local FIELDS = { "time", "event", "reason", "from", "to" }
local SCALAR = { ["nil"] = true, number = true, string = true, boolean = true }

local function scalar(what, v)
  if not SCALAR[type(v)] then refuse("plugin.result", what .. " is a " .. type(v)) end
  if type(v) == "string" and #v > allow.reason_bytes then
    refuse("limit.text", ("%s is a text of more than %d bytes"):format(what, allow.reason_bytes))
  end
  return v
end

-- The first and second result of every patient: a table's fields go into columns of their own.
function ops.derive(r)
  local f, opt, state = functions[r.fn], r.opt, { row = 0 }
  local view = build_view(r.data, state)
  local out = { first = { n = r.n }, second = { n = r.n }, is_table = { n = r.n } }
  for _, k in ipairs(FIELDS) do out[k] = { n = r.n } end
  for i = 1, r.n do
    patient = r.from + i - 1
    services.at(patient)
    state.row = i
    local a, b = f(view, opt)
    if type(a) == "table" then
      out.is_table[i] = true
      for _, k in ipairs(FIELDS) do
        local v = a[k]
        if v ~= nil then out[k][i] = scalar(k, v) end
      end
    else
      out.first[i] = scalar("the first result", a)
    end
    if b ~= nil then out.second[i] = scalar("the reason", b) end
  end
  return out
end

function ops.call(r)
  return functions[r.fn](table.unpack(r.args, 1, r.args.n or #r.args))
end

local function plain_result(name, r)
  return setmetatable({}, { __metatable = false, __index = function(_, k)
    if k == "rows" then return function() return r.rows end end
    if r[k] == nil then
      refuse("plugin.result",
        ('a result has no "%s" here: it has rows(), text and convention'):format(k))
    end
    return r[k]
  end, __tostring = function() return r.text or name end })
end

-- The document of a plug-in takes notes; the program writes them into the real one.
local function notebook(methods)
  local notes, doc = {}, {}
  for _, name in ipairs(methods) do
    doc[name] = function(_, ...)
      notes[#notes + 1] = { name, portable({ n = select("#", ...), ... }, 0) }
      if #notes > 1000 then refuse("limit.output", "a report section of more than 1000 parts") end
    end
  end
  return notes, setmetatable({}, { __index = doc, __metatable = false })
end

function ops.show(r)
  local notes, doc = notebook(r.methods)
  local results = {}
  for name, result in next, r.results or {} do results[name] = plain_result(name, result) end
  functions[r.fn](doc, r.study and plain_result("study", r.study) or results, r.opt)
  return notes
end

-- A test is a coroutine: what it asks of the program is answered by the next request.
local trial

function ops.test(r)
  trial = part("remote", refuse, describe, part "assertions", env.tostring)
  env = part("library", allow, trial.modules, refuse, part)
  local chunk, failure = compiled(r)
  if not chunk then return nil, failure end
  return trial.start(chunk)
end

function ops.resume(r) return trial.resume(r) end

local function answer(r)
  local value, failure = ops[r.op](r)
  if failure then return { error = failure } end
  return { value = value }
end

return function(bytes)
  services.at(0)
  patient = nil
  local r = services.unpack(bytes)
  local ok, result = xpcall(answer, describe, r)
  if not ok and type(result) ~= "table" then error(result, 0) end -- a limit
  if not ok then
    result.patient = patient
    result = { error = result }
  end
  local packed, text = pcall(services.pack, result)
  if packed then return "R" .. text end
  if text == "not enough memory" then error(text, 0) end
  return "R" .. services.pack { error = { code = "plugin.result", message = text } }
end
