-- SPDX-License-Identifier: GPL-3.0-or-later
-- plugin: one Lua file that defines endpoints, classes, analyses or report sections. It runs in a
-- sandbox (lunation.sandbox): what it defines is registered here, and its functions are asked
-- there.
local core = require "lunation.core"
local errors = require "lunation.errors"
local sandbox = require "lunation.sandbox"

local M = {}

local loaded = {}

-- Stands for a function of the plug-in in its definition.
local function elsewhere()
  errors.raise("internal.plugin", "a plug-in's function was called outside its sandbox")
end

-- What stands for a function of the plug-in: by registry and key. derive is asked for many patients
-- at once.
local STANDS_FOR = {
  analyses = { calls = "calls", show = "show" },
  report = { show = "section" },
}

-- The functions of a definition become stand-ins; remote says where each really is.
local function register(box, d)
  local definition, remote = {}, { box = box }
  for k, v in pairs(d.value) do
    if type(v) == "table" and v.fn then
      local f, asks = { fn = v.fn, line = v.line }, (STANDS_FOR[d.registry] or {})[k]
      definition[k], remote[k] = asks and require("lunation.sandbox.analysis")[asks](box, f)
        or elsewhere, f
    else
      definition[k] = v
    end
  end
  local ok, e = pcall(function()
    if d.registry == "row" then
      errors.raise("plugin.define",
        "the file returns a function: endpoint.define names and describes it")
    end
    local defined = require("lunation." .. d.registry).define(definition)
    defined.remote = remote
  end)
  if not ok then
    if errors.is(e) and not e.file then e.file, e.line = box.file, d.line end
    error(e, 0)
  end
end

--- Loads the file (once) and registers what it defines. opt: trust = true runs it in this process,
--- else in a worker process; place = the YAML node that names it, for messages.
function M.load(file, opt)
  if loaded[file] then return loaded[file] end
  opt = opt or {}
  local place = opt.place
  if place and core.file.kind(file) == nil then
    errors.raise("io.open", ("there is no file %s"):format(file), {
      file = place.file, line = place.line, column = place.column,
      excerpt = place:excerpt(), hint = "the path is relative to the recipe" })
  end
  local text = core.file.read(file)
  local box = sandbox.open(file, { trust = opt.trust })
  for _, d in ipairs(box:load(text)) do register(box, d) end
  loaded[file] = { file = file, digest = core.digest.text(text), trusted = box.trust }
  return loaded[file]
end

--- Where a function of a definition stands: { file, line }.
function M.place(definition, key)
  local remote = definition.remote
  if remote then return { file = remote.box.file, line = remote[key] and remote[key].line } end
  local info = debug.getinfo(definition[key], "S")
  return { file = info.source:sub(1, 1) == "@" and info.source:sub(2) or nil,
    line = info.linedefined }
end

-- Lua's own errors get the patient and the place; ours pass.
local function local_results(definition, data, opt, who)
  local view = require("lunation.data.patient").over(data)
  return function(i)
    local ok, result, reason = pcall(definition.derive, view:at(i), opt)
    if ok then return result, reason end
    if errors.is(result) then error(result, 0) end
    local file, line, message = tostring(result):match("^(.-):(%d+): (.*)$")
    errors.raise("plugin.error", who(i) .. ": " .. (message or tostring(result)),
      { file = file, line = tonumber(line) })
  end
end

--- What definition.derive(patient, opt) returns for each patient of the cohort: a function of the
--- patient's number, to be called in order. who(i) names patient i in messages.
function M.results(definition, cohort, data, opt, who)
  local remote = definition.remote
  if not remote then return local_results(definition, data, opt, who) end
  return remote.box:derive(remote.derive.fn, #cohort, data, opt, who)
end

return M
