-- SPDX-License-Identifier: GPL-3.0-or-later
local M = { summary = "this help, or the help of one command", usage = "help [COMMAND]" }

--- No argument: six lines and an example.
function M.brief()
  print [[
Lunation: survival and response analysis of clinical cohorts, as recipes and Lua scripts.
  lunation run RECIPE.yaml --data patients=mine.csv    a study on your own file, to a report
  lunation check RECIPE.yaml                           everything but the estimates
  lunation SCRIPT.lua                                  a Lua script
  lunation help                                        all commands
Example: lunation run recipes/conversion-surgery-sintilimab-lenvatinib.yaml]]
  return 0
end

local function print_options(options)
  local width = 0
  for _, o in ipairs(options) do
    o.left = "--" .. o.name .. (o.arg and " " .. o.arg or "")
    width = math.max(width, #o.left)
  end
  for _, o in ipairs(options) do print(("  %-" .. width .. "s  %s"):format(o.left, o.doc)) end
end

--- Help of one command.
function M.of(_, command)
  print("lunation " .. command.usage)
  print(command.summary)
  if command.options and #command.options > 0 then
    print("")
    print_options(command.options)
  end
  if command.notes then print("\n" .. command.notes) end
  return 0
end

function M.run(_, words)
  local cli = require "lunation.cli"
  if words[1] then
    local command = cli.command(words[1])
    if command then return M.of(words[1], command) end
  end
  print "lunation COMMAND ..., or lunation SCRIPT.lua [ARG]..."
  print ""
  for _, name in ipairs(cli.commands) do
    local command = cli.command(name)
    if command then print(("  %-10s %s"):format(name, command.summary)) end
  end
  print ""
  print "Exit codes: 0 fine, 1 findings, 2 usage or recipe, 3 data, 4 numerical, 5 input/output,"
  print "6 a limit or a plug-in, 70 internal, 130 interrupted."
  return 0
end

return M
