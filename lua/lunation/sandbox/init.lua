-- SPDX-License-Identifier: GPL-3.0-or-later
-- sandbox: a plug-in's Lua in a state of its own, with the allow-list of lunation.sandbox.allow: in
-- a worker process started before any patient is read (the default), or, when it is trusted, in
-- this process.
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

local allow = require "lunation.sandbox.allow"

-- Milliseconds of processor time of a request, and for each patient in it; MiB of a trusted guest.
local BASE_MS, PATIENT_MS, TRUSTED_MIB = 2000, 0.05, 4096
local BATCH, BATCH_ROWS = 20000, 200000 -- patients in one request, and rows of linked tables

local Sandbox = {}
Sandbox.__index = Sandbox

-- The files of this folder that run on the plug-in's side.
local CHUNKS = { "allow", "assertions", "library", "lists", "order", "pattern", "remote", "texts",
  "view" }

-- A file of this folder as bytecode, wherever modules come from.
local function bytecode(name)
  for _, search in ipairs(package.searchers) do
    local chunk = search("lunation.sandbox." .. name)
    if type(chunk) == "function" then return string.dump(chunk, true) end
  end
end

-- The program to start as a worker: this one, or, from a stock Lua, the one that LUNATION or PATH
-- names.
local PROGRAM = package.preload["lunation.embedded"] and "/proc/self/exe" or os.getenv("LUNATION")
  or "lunation"

-- What a message may say where the plug-in is not trusted and has seen a patient: words that stand
-- in its source. Anything else may be a patient's value.
local function without_values(self, e)
  if e.own then
    if self.text:find(e.message, 1, true) then return e.message end
    return ("an error of its own (%d bytes, not shown: it may hold a patient's values)"):format(
      #e.message),
      "run with --trust to read it"
  end
  return (e.message:gsub("([\"'])(.-)%1", function(quote, word)
    if not self.text:find(word, 1, true) then return quote .. "..." .. quote end
  end))
end

function Sandbox:failure(e)
  local message, hint = e.message, nil
  if e.patient and not self.trust then message, hint = without_values(self, e) end
  message = message:gsub("%c", function(c) return ("\\x%02X"):format(c:byte()) end)
  if #message > 200 then message = message:sub(1, 200) .. " ... (cut)" end
  return errors.new(e.code, message, { hint = e.hint or hint, file = self.file, line = e.line,
    patient = e.patient })
end

-- "Ecode\nline\npatient\nmessage": a limit stopped the guest.
local function limit_reached(self, reply)
  local code, line, patient, message = reply:match("^E([^\n]*)\n(%d+)\n(%d+)\n(.*)$")
  line, patient = math.tointeger(line), math.tointeger(patient)
  return self:failure { code = code, message = message, line = line > 0 and line or nil,
    patient = patient > 0 and patient or nil }
end

--- Sends a request; returns the value, or raises the failure. patients: how many the request works
--- on.
function Sandbox:ask(request, patients)
  local ok, reply = pcall(self.guest.call, self.guest, core.wire.pack(request),
    math.floor(BASE_MS + PATIENT_MS * (patients or 0)))
  if not ok then
    if errors.is(reply) and reply.code ~= "interrupted" then reply.file = self.file end
    error(reply, 0)
  end
  if reply:sub(1, 1) ~= "R" then error(limit_reached(self, reply), 0) end
  local answer = core.wire.unpack(reply:sub(2))
  if type(answer) ~= "table" then
    errors.raise("internal.guest", "a plug-in's answer is no table", { file = self.file })
  end
  if answer.error then
    error(self:failure(answer.error), 0)
  end
  return answer.value
end

local warned = false

local function warn_once(guest)
  if warned or guest.denied then return end
  warned = true
  io.stderr:write("warning[sandbox.seccomp]: this system cannot deny system calls to plug-ins; \z
    the limits on their memory, ",
    "time, files and processes hold\n")
end

--- Opens a sandbox for the file. opt: trust = true runs it in this process; text instead of the
--- file's.
function M.open(file, opt)
  local self = setmetatable({ file = file, text = "", trust = opt and opt.trust or false }, Sandbox)
  self.guest = self.trust and core.guest.new(TRUSTED_MIB) or core.process.start(PROGRAM)
  local reply = self.guest:call(bytecode("guest"), BASE_MS)
  if reply ~= "R" then error(limit_reached(self, reply), 0) end
  if not self.trust then warn_once(self.guest) end
  local chunks = {}
  for _, name in ipairs(CHUNKS) do chunks[name] = bytecode(name) end
  self:ask { op = "boot", chunks = chunks }
  return self
end

--- Runs the plug-in's text. Returns what it defined: { { registry, value, line } }, where a
--- function is { fn = number, line = where it begins }.
function Sandbox:load(text)
  if #text > allow.source_bytes then
    errors.raise("limit.source", ("a plug-in of %d bytes: at most %d"):format(#text,
      allow.source_bytes), { file = self.file })
  end
  if text:sub(1, 1) == "\27" then
    errors.raise("plugin.syntax", "a binary chunk: a plug-in is text", { file = self.file })
  end
  self.text = text
  return self:ask { op = "load", file = self.file, text = text }
end

local function distinct(self, seen, v)
  if v == nil or seen[v] then return end
  seen[v], seen.n = true, seen.n + 1
  if seen.n > allow.reasons then
    errors.raise("limit.reasons",
      ("more than %d different reasons or causes"):format(allow.reasons), { file = self.file,
      hint = "a reason is a category, not a patient's value" })
  end
end

local COLUMNS = { time = "number", event = "any", reason = "string", from = "any", to = "any",
  first = "any",
  second = "string", is_table = "boolean" }

-- The worker is not trusted: what it answers is looked at before it is used. from: its first
-- patient.
local function checked(self, out, from)
  for name, kind in pairs(COLUMNS) do
    local column = type(out) == "table" and out[name]
    if type(column) ~= "table" then
      errors.raise("plugin.result", "it answered without " .. name, { file = self.file })
    end
    for i = 1, column.n or 0 do
      local v = column[i]
      if v ~= nil and (type(v) == "table" or kind ~= "any" and type(v) ~= kind) then
        errors.raise("plugin.result", ("%s must be a %s, found a %s"):format(name == "second"
          and "the reason" or name, kind, type(v)),
          { file = self.file, patient = from + i - 1 })
      end
    end
  end
  return out
end

-- The last patient of the batch that begins with patient from.
local function last_of_batch(data, from, n)
  local rows = 0
  for i = from, math.min(n, from + BATCH - 1) do
    for _, t in pairs(data.linked) do rows = rows + t.first[i + 1] - t.first[i] end
    if rows > BATCH_ROWS and i > from then return i - 1 end
  end
  return math.min(n, from + BATCH - 1)
end

--- What the function returns for patients 1..n, which the returned function gives in order: a table
--- of time, event, reason, from, to (the same table every time), or what else it returned, and the
--- reason.
function Sandbox:derive(fn, n, data, opt, who)
  local from, upto, out, result, seen = 1, 0, nil, {}, { n = 0 }
  local slice = require("lunation.data.patient").slice
  local function more()
    from, upto = upto + 1, last_of_batch(data, upto + 1, n)
    local request = { op = "derive", fn = fn, opt = opt, from = from, n = upto - from + 1,
      data = slice(data, from, upto) }
    local ok, answer = pcall(function()
      return checked(self, self:ask(request, request.n), from)
    end)
    if not ok then
      if errors.is(answer) and answer.patient then
        answer.message = who(answer.patient) .. ": " .. answer.message
      end
      error(answer, 0)
    end
    out = answer
  end
  return function(i)
    if i > upto then more() end
    local k = i - from + 1
    if not out.is_table[k] then
      if out.first[k] == nil then distinct(self, seen, out.second[k]) end
      return out.first[k], out.second[k]
    end
    result.time, result.event, result.reason, result.from, result.to = out.time[k], out.event[k],
      out.reason[k], out.from[k], out.to[k]
    if type(result.event) == "string" then distinct(self, seen, result.event) end
    return result, out.second[k]
  end
end

function Sandbox:close() self.guest:close() end

return M
