-- SPDX-License-Identifier: GPL-3.0-or-later
-- repl: an interactive session. `?name` is help, Tab completes, Ctrl-C stops a computation, Ctrl-D
-- ends.
local complete = require "lunation.repl.complete"
local core = require "lunation.core"
local deterministic = require "lunation.base.deterministic"
local errors = require "lunation.errors"
local help = require "lunation.repl.help"
local path = require "lunation.base.path"
local text = require "lunation.report.text"

local HISTORY = 1000 -- lines kept

-- --- the session --------------------------------------------------------------------------------

local function history_file()
  local state = os.getenv("XDG_STATE_HOME")
  local home = os.getenv("HOME")
  if not state or state == "" then state = home and home .. "/.local/state" end
  return state and state .. "/lunation/history"
end

local function make_folders(dir)
  if core.file.kind(dir) then return true end
  return make_folders(path.folder(dir)) and pcall(core.file.mkdir, dir)
end

-- The chunk of some lines: as an expression first. Second value true: more lines are needed.
local function compile(source, env)
  local chunk = load("return " .. source, "=session", "t", env)
  if chunk then return chunk end
  local message
  chunk, message = load(source, "=session", "t", env)
  if chunk then return chunk end
  return nil, message:match("<eof>['\"]?$") ~= nil, message
end

-- Tables are cut to the terminal's width, if there is a terminal.
local function print_fitting(...)
  text.within(require("lunation.line").width(), deterministic.print, ...)
end

local function show(ok, ...)
  if not ok then
    local e = ...
    io.stdout:write(errors.is(e) and errors.render(e) or "error: " .. tostring(e), "\n")
  elseif select("#", ...) > 0 then
    print_fitting(...)
  end
end

local function evaluate(line, chunk)
  show(xpcall(chunk, function(e)
    if errors.is(e) then return e end
    return errors.new("usage.script", (tostring(e):gsub("^session:(%d+): ", "line %1: ")))
  end))
  line.resume()
end

-- A line, or nil at the end, or false when Ctrl-C left it.
local function read(line, prompt)
  local ok, typed = pcall(line.read, prompt)
  if ok then return typed end
  line.resume()
  io.stdout:write("\n")
  return false
end

-- Runs the lines typed so far if they are complete; what is left of them otherwise.
local function take(line, env, source)
  local chunk, more, message = compile(source, env)
  if not chunk and more then return source end
  line.remember((source:gsub("\n", " ")))
  if chunk then
    evaluate(line, chunk)
  else
    print("error: " .. message:gsub("^session:(%d+): ", "line %1: "))
  end
end

local function session(line, env)
  local pending
  while true do
    local typed = read(line, pending and ">> " or "> ")
    if typed == nil then
      if pending then print "error: the last lines are not complete" end
      return
    end
    if not typed then pending = nil
    elseif not pending and typed:match "^%s*%?" then
      line.remember(typed)
      print(help.about(env, typed:match "^%s*%?%s*([%w_.:]*)"))
    elseif pending or typed:match "%S" then
      pending = take(line, env, pending and pending .. "\n" .. typed or typed)
    end
  end
end

return {
  summary = "an interactive session",
  usage = "repl",
  options = { { name = "help", doc = "this help" } },
  run = function()
    local line = require "lunation.line"
    local env = deterministic.environment()
    env.lun, env.print = require "lunation", print_fitting
    local edited = line.open(function(typed, from, to)
      return complete.words(env, typed, from, to)
    end)
    local file = edited and history_file()
    if file and make_folders(path.folder(file)) then line.load(file) else file = nil end
    if edited then
      print("Lunation " .. env.lun._VERSION
        .. ": ?name is help, Tab completes, Ctrl-C stops, Ctrl-D ends")
    end
    session(line, env)
    if edited then print() end
    if file then line.save(file, HISTORY) end
  end,
}
