-- SPDX-License-Identifier: GPL-3.0-or-later
-- trial: the program's side of a plug-in's tests. A test runs in a worker; what it asks for is
-- looked at before it is done: files of its own folder are read, and of objects only fields and the
-- methods below are reached.
local core = require "lunation.core"
local errors = require "lunation.errors"
local sandbox = require "lunation.sandbox"

local M = {}

local HANDLE = "\0handle"
local REQUESTS, DEPTH = 10000, 16 -- of one test; of a table that goes to it

local allow = require "lunation.sandbox.allow"
local METHODS = {}
for _, list in ipairs { allow.estimators, allow.readers } do
  for _, name in ipairs(list) do METHODS[name] = true end
end

local TRUST = "lunation test --trust runs the tests in the program"

-- --- what goes over ------------------------------------------------------------------------------

-- Plain tables go as they are, objects as handles; functions do not go.
local function sent(self, v, depth)
  local t = type(v)
  if t == "userdata" or t == "table" and getmetatable(v) ~= nil then
    self.objects[#self.objects + 1] = v
    return { [HANDLE] = #self.objects }
  end
  if t == "function" or depth > DEPTH then return nil end
  if t ~= "table" then return v end
  local out = {}
  for k, x in pairs(v) do out[k] = sent(self, x, depth + 1) end
  return out
end

local function received(self, v)
  if type(v) ~= "table" then return v end
  if v[HANDLE] then return self.objects[v[HANDLE]] end
  for k, x in pairs(v) do v[k] = received(self, x) end
  return v
end

-- --- what is done --------------------------------------------------------------------------------

-- A path as the test wrote it, if it lies in the test's folder.
local function inside(self, path)
  if type(path) ~= "string" then errors.raise("usage.argument", "expected the path of a file") end
  local real = core.file.kind(path) and core.file.real(path)
  if real and real:sub(1, #self.dir + 1) == self.dir .. "/" then return path end
  errors.raise("plugin.refused", ('"%s" is no file of the folder that is tested'):format(path),
    { hint = TRUST })
end

local FUNCTIONS = {}

function FUNCTIONS.lunation(self, name, args)
  local lun = require "lunation"
  if name == "cohort" then return lun.cohort(args[1], args[2]) end
  local path = inside(self, args[1])
  if name == "use" then return lun.use(path) end
  return lun.read(path, args[2])
end

function FUNCTIONS.testing(_, _, args) return require("lunation.testing").cohort(args[1]) end

local function is_method(object, key)
  local ok, v = pcall(function() return object[key] end)
  return ok and type(v) == "function"
end

local DO = {}

function DO.get(self, r)
  local object, key = self.objects[r.id], r.key
  if type(key) == "string" and key:sub(1, 1) == "_" then key = "_" end
  if not is_method(object, key) then return sent(self, object[key], 0) end
  if METHODS[key] then return { method = true } end
  errors.raise("plugin.refused",
    ('the method "%s" is not available to a sandboxed test'):format(key), { hint = TRUST })
end

function DO.call(self, r)
  local object = self.objects[r.id]
  if not METHODS[r.key] then errors.raise("plugin.refused", "this method is not available") end
  return sent(self, object[r.key](object, table.unpack(r.args, 1, r.args.n)), 0)
end

function DO.length(self, r) return #self.objects[r.id] end
function DO.text(self, r) return tostring(self.objects[r.id]) end

local function done(self, r)
  if type(r.args) == "table" then
    for i = 1, r.args.n or 0 do r.args[i] = received(self, r.args[i]) end
  end
  if FUNCTIONS[r.what] then return sent(self, FUNCTIONS[r.what](self, r.key, r.args), 0) end
  return DO[r.what](self, r)
end

-- The answer to a request; errors go to the test, which may expect them.
local function answered(self, r)
  local ok, value = pcall(done, self, r)
  if ok then return { op = "resume", value = value } end
  if not errors.is(value) then value = errors.new("plugin.error", tostring(value)) end
  if value.code == "interrupted" then error(value, 0) end
  return { op = "resume", failure = { code = value.code, message = value.message,
    hint = value.hint } }
end

--- Runs the test file of the folder in a worker. report(ok, name, detail) takes each assertion, in
--- order. Errors: what stopped the test.
function M.run(dir, file, report)
  local self = { dir = core.file.real(dir), objects = {} }
  local box = sandbox.open(file)
  local state, n = box:ask { op = "test", file = file, text = core.file.read(file) }, 0
  while type(state.request) == "table" do
    n = n + 1
    if n > REQUESTS then
      errors.raise("limit.requests", ("more than %d calls of the program"):format(REQUESTS),
        { file = file })
    end
    state = box:ask(answered(self, state.request))
  end
  box:close()
  for _, o in ipairs(state.outcomes) do
    report(o.ok == true, o.name and tostring(o.name), tostring(o.detail))
  end
  if state.failure then error(box:failure(state.failure), 0) end
end

return M
