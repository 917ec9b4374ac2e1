-- SPDX-License-Identifier: GPL-3.0-or-later
-- script: lunation SCRIPT.lua [ARG]...
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

-- A Lua error in a script becomes an error with its place.
local function placed(file, e)
  if errors.is(e) then
    if e.file then return e end
    for level = 2, 30 do
      local info = debug.getinfo(level, "Sl")
      if not info then break end
      if info.source == "@" .. file then
        e.file, e.line = file, info.currentline
        break
      end
    end
    return e
  end
  local text = tostring(e)
  local line, message = text:match("^" .. file:gsub("%p", "%%%0") .. ":(%d+): (.*)$")
  if line then
    local global = message:match "nil value %(global '([%w_]+)'%)"
    return errors.new("usage.script", message, { file = file, line = tonumber(line),
      hint = global and require("lunation.base.suggest").from_r(global) })
  end
  return errors.new("internal.error", debug.traceback(text, 2))
end

-- What other languages write, and what stands for it in Lua.
local FOREIGN = { { "!=", "not equal is ~= in Lua" }, { "<-", "a value is given with =: x = 1" },
  { "&&", "the word is and" }, { "||", "the word is or" },
  { "$", "a part is written with a dot: patients.age" },
  { "%in%", 'write column:isin { "a", "b" }' } }

-- A text that is not Lua: the place, and what the line may have been meant to say.
local function no_lua(file, text, message)
  local number, what = message:match(":(%d+): (.*)$")
  local line, hint, at = "", nil, 0
  for l in (text .. "\n"):gmatch "([^\n]*)\n" do
    at = at + 1
    if at == tonumber(number) then line = l end
  end
  for _, f in ipairs(FOREIGN) do hint = hint or line:find(f[1], 1, true) and f[2] end
  errors.raise("usage.script", what or message, { file = file, line = tonumber(number),
    excerpt = line ~= "" and line or nil, hint = hint or nil })
end

function M.run(argv)
  local file = argv[1]
  local text = core.file.read(file)
  arg = { [0] = file, table.unpack(argv, 2) }
  local env = require("lunation.base.deterministic").environment()
  local chunk, message = load((text:gsub("^#[^\n]*", "")), "@" .. file, "t", env)
  if not chunk then no_lua(file, text, message) end
  local ok, result = xpcall(chunk, function(e) return placed(file, e) end, table.unpack(argv, 2))
  if not ok then error(result, 0) end
  return math.type(result) == "integer" and result or 0
end

return M
