-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = { summary = "this help, or that of a command, an analysis or a message",
  usage = "help [COMMAND|ANALYSIS|CODE]" }

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

--- The keys of a kind of analysis, the required ones first.
function M.analysis(kind, analysis)
  print(("NAME: { %s: ... }    an analysis of a recipe"):format(kind))
  print(analysis.doc .. "\n")
  local keys = suggest.keys(analysis.fields)
  table.sort(keys, function(a, b)
    local x, y = not analysis.fields[a].required, not analysis.fields[b].required
    if x ~= y then return y end
    return a < b
  end)
  for _, key in ipairs(keys) do
    local field = analysis.fields[key]
    print(("  %-16s %s%s"):format(key, field.required and "(required) " or "", field.doc or ""))
  end
  return 0
end

-- Help of a word that is a command, a kind of analysis or the code of a message.
local function topic(cli, word)
  local analyses = require "lunation.analyses"
  local command, analysis = cli.command(word), analyses.find(word)
  if command then return M.of(word, command) end
  if analysis then return M.analysis(word, analysis) end
  if word:find("%.") then return cli.command("explain").run({}, { word }) end
  local names = table.move(cli.commands, 1, #cli.commands, 1, {})
  table.move(analyses.names(), 1, #analyses.names(), #names + 1, names)
  errors.raise("usage.argument", ('there is no help on "%s"'):format(word),
    { hint = suggest.hint(word, names) })
end

function M.run(_, words)
  local cli = require "lunation.cli"
  if words[1] then return topic(cli, words[1]) end
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
