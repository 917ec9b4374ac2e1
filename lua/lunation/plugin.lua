-- SPDX-License-Identifier: GPL-3.0-or-later
-- plugin: one Lua file that defines endpoints, classes or analyses. It sees an allow-list of functions,
-- no files, processes, clock or network.
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

local ALLOWED_MODULES = { ["lunation.endpoint"] = true, ["lunation.classify"] = true, ["lunation.analyses"] = true }

local function restricted_require(name)
  if not ALLOWED_MODULES[name] then
    errors.raise("plugin.require", ('require "%s" is not available to a plug-in'):format(tostring(name)),
      { hint = "lunation.endpoint, lunation.classify and lunation.analyses are" })
  end
  return require(name)
end

local function environment()
  return { require = restricted_require, ipairs = ipairs, pairs = pairs, next = next, type = type,
    tostring = tostring, tonumber = tonumber, error = error, pcall = pcall, select = select, assert = assert,
    math = { abs = math.abs, floor = math.floor, ceil = math.ceil, min = math.min, max = math.max, sqrt = math.sqrt,
      exp = math.exp, log = math.log, huge = math.huge, pi = math.pi, tointeger = math.tointeger, type = math.type },
    table = { concat = table.concat, insert = table.insert, remove = table.remove, sort = table.sort, unpack = table.unpack },
    string = { format = string.format, lower = string.lower, upper = string.upper, sub = string.sub, len = string.len },
  }
end

local loaded = {}

--- Loads the file (once). place: YAML node where it is named, for messages.
function M.load(file, place)
  if loaded[file] then return loaded[file] end
  if place and core.file.kind(file) == nil then
    errors.raise("io.open", ("there is no file %s"):format(file), { file = place.file, line = place.line, column = place.column,
      excerpt = place:excerpt(), hint = "the path is relative to the recipe" })
  end
  local text = core.file.read(file)
  local chunk, message = load(text, "@" .. file, "t", environment())
  if not chunk then
    local line, what = message:match(":(%d+): (.*)$")
    errors.raise("plugin.syntax", what or message, { file = file, line = tonumber(line) })
  end
  local ok, e = pcall(chunk)
  if not ok then
    if errors.is(e) then
      e.file = e.file or file
      error(e, 0)
    end
    local line, what = tostring(e):match(":(%d+): (.*)$")
    errors.raise("plugin.error", what or tostring(e), { file = file, line = tonumber(line),
      hint = "a plug-in sees no files, processes, clock or network, and only lunation.endpoint, lunation.classify and lunation.analyses" })
  end
  loaded[file] = { file = file, digest = core.digest.text(text) }
  return loaded[file]
end

return M
