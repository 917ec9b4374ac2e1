-- SPDX-License-Identifier: GPL-3.0-or-later
-- completion: scripts for bash and zsh, made of the commands' own option tables.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local FILE_ARGUMENTS = { DIR = true, FILE = true, ["NAME=FILE"] = true, ["FILE|DIR"] = true }

-- name, command of every command that exists here.
local function commands()
  local cli, out = require "lunation.cli", {}
  for _, name in ipairs(cli.commands) do
    local command = cli.command(name)
    if command then out[#out + 1] = { name, command } end
  end
  return out
end

local function option_words(command)
  local out = {}
  for _, o in ipairs(command.options or {}) do out[#out + 1] = "--" .. o.name end
  return table.concat(out, " ")
end

local function bash()
  local names, cases = {}, {}
  for i, c in ipairs(commands()) do
    names[i] = c[1]
    cases[i] = ('    %s) words="%s" ;;'):format(c[1], option_words(c[2]))
  end
  return ([[
# lunation completion bash: `source <(lunation completion bash)`
_lunation() {
  local word=${COMP_WORDS[COMP_CWORD]} words=
  if [ "$COMP_CWORD" = 1 ]; then
    words="COMMANDS"
  else
    case ${COMP_WORDS[1]} in
CASES
    esac
  fi
  case $word in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) [ "$COMP_CWORD" = 1 ] && COMPREPLY=($(compgen -W "$words" -- "$word"))
      COMPREPLY+=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _lunation lunation
]]):gsub("COMMANDS", function() return table.concat(names, " ") end):gsub("CASES", function() return table.concat(cases, "\n") end)
end

local function zsh_text(text) return (text:gsub("[%[%]:]", "\\%0"):gsub("'", "'\\''")) end

local function zsh_options(command)
  local out = {}
  for _, o in ipairs(command.options or {}) do
    local spec = (o.many and "'*" or "'") .. "--" .. o.name .. "[" .. zsh_text(o.doc) .. "]"
    if o.arg then
      spec = spec .. ":" .. zsh_text(o.arg) .. ":" .. (FILE_ARGUMENTS[o.arg] and "_files" or "")
    end
    out[#out + 1] = "        " .. spec .. "' \\"
  end
  return table.concat(out, "\n")
end

local function zsh()
  local names, cases = {}, {}
  for i, c in ipairs(commands()) do
    names[i] = ("    '%s:%s'"):format(c[1], zsh_text(c[2].summary))
    cases[i] = ("      %s) _arguments \\\n%s\n        '*:file:_files' ;;"):format(c[1],
      zsh_options(c[2]))
  end
  return ([[
#compdef lunation
# lunation completion zsh: `lunation completion zsh >~/.zfunc/_lunation`
_lunation() {
  local -a commands
  commands=(
COMMANDS
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files -g '*.lua'
  else
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
CASES
    esac
  fi
}
_lunation "$@"
]]):gsub("COMMANDS", function() return table.concat(names, "\n") end):gsub("CASES", function() return table.concat(cases, "\n") end)
end

local SHELLS = { bash = bash, zsh = zsh }

return {
  summary = "completion for bash or zsh, as a script",
  usage = "completion bash|zsh",
  options = { { name = "help", doc = "this help" } },
  run = function(_, words)
    local shell = SHELLS[words[1] or ""]
    if not shell then
      errors.raise("usage.argument", "which shell?",
        { hint = "known: " .. table.concat(suggest.keys(SHELLS), ", ") })
    end
    io.stdout:write((shell()))
  end,
}
