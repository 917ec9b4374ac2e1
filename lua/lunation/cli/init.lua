-- SPDX-License-Identifier: GPL-3.0-or-later
-- cli: argv -> exit code, and whether finalisers run. One file for each subcommand in this folder:
-- { summary, usage, options, run }.
local errors = require "lunation.errors"

local COMMANDS = { "run", "check", "explain", "verify", "diff", "report", "data", "simulate",
  "init", "list",
  "repl", "test", "schema", "doctor", "completion", "version", "help" }

-- This file has the name that the command init would have.
local FILES = { init = "scaffold" }

local M = { commands = COMMANDS }

local function is_command(word)
  for _, c in ipairs(COMMANDS) do if c == word then return true end end
  return false
end

--- The module of a subcommand, or nil when it does not exist.
function M.command(name)
  if not is_command(name) then return nil end
  local module = "lunation.cli." .. (FILES[name] or name)
  local ok, command = pcall(require, module)
  if ok then return command end
  if tostring(command):find("module '" .. module .. "' not found", 1, true) then return nil end
  error(command, 0)
end

local function run_command(name, argv)
  local command = M.command(name)
  local opt, words = require("lunation.cli.args").parse(argv, 2, command.options or {})
  if opt.help then return require("lunation.cli.help").of(name, command) end
  return command.run(opt, words) or 0
end

local function looks_like_script(word) return word:match("%.lua$") ~= nil end

local function dispatch(argv)
  local first = argv[1]
  if first == nil or first == "--help" or first == "-h" then
    return require("lunation.cli.help").brief()
  end
  if first == "--version" then first = "version" end
  if looks_like_script(first) then return require("lunation.cli.script").run(argv) end
  if M.command(first) then return run_command(first, argv) end
  local suggest = require "lunation.base.suggest"
  errors.raise("usage.command", ('there is no command "%s"'):format(first),
    { hint = suggest.closest(first, COMMANDS) and suggest.hint(first, COMMANDS)
      or "lunation help lists the commands" })
end

local function print_errors(e)
  local list = e.list or { e }
  for i, one in ipairs(list) do
    if i > 1 then io.stderr:write("\n") end
    io.stderr:write(errors.render(one), "\n")
  end
  if #list > 1 then io.stderr:write(("\n%d errors\n"):format(#list)) end
end

local function print_json(e)
  local list = {}
  for i, one in ipairs(e.list or { e }) do
    list[i] = { code = one.code, message = one.message, file = one.file, line = one.line,
      column = one.column,
      path = one.path, hint = one.hint }
  end
  io.stdout:write(require("lunation.base.json").encode { errors = list }, "\n")
end

local function wants_json(argv)
  for _, a in ipairs(argv) do if a == "--json" then return true end end
  return false
end

-- The exit code of a command line; errors are printed.
local function exit_code(argv)
  local ok, result = xpcall(dispatch, function(e)
    if errors.is(e) then return e end
    return errors.new("internal.error", debug.traceback(tostring(e), 2))
  end, argv)
  if ok then return result or 0 end
  if not errors.is(result) then -- Lua calls no handler when memory is out
    result = errors.new("limit.memory", "out of memory",
      { hint = "close other programs, or use a machine with more memory" })
  end
  if wants_json(argv) then print_json(result) else print_errors(result) end
  return errors.exit_code(result)
end

-- Commands that run somebody's Lua, whose finalisers run in the end, as under lua.
local FINALISED = { repl = true, test = true }

return setmetatable(M, { __call = function(_, argv)
  local first = argv[1] or ""
  return exit_code(argv), FINALISED[first] or looks_like_script(first)
end })
