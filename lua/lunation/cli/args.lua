-- SPDX-License-Identifier: GPL-3.0-or-later
-- args: command-line options from one table, which also gives the help text and the completions.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

local function find(spec, name)
  for _, o in ipairs(spec) do if o.name == name then return o end end
end

local function names(spec)
  local out = {}
  for _, o in ipairs(spec) do out[#out + 1] = "--" .. o.name end
  return out
end

local function convert(o, text)
  if o.type == "integer" then
    local v = text:match("^%d+$") and math.tointeger(tonumber(text))
    if not v then
      errors.raise("usage.argument",
        ("--%s: expected a whole number, found %s"):format(o.name, text))
    end
    return v
  end
  return text
end

local function store(out, o, value)
  local key = o.name:gsub("-", "_")
  if o.many then
    out[key] = out[key] or {}
    table.insert(out[key], value)
  else
    out[key] = value
  end
end

--- Parses argv[from...] by spec = { { name, arg = "DIR" | nil, type, many, doc } }. Returns the
--- options and the list of other words.
function M.parse(argv, from, spec)
  local out, words, i = {}, {}, from
  while i <= #argv do
    local a = argv[i]
    local name, value = a:match("^%-%-([%w-]+)=(.*)$")
    name = name or a:match("^%-%-([%w-]+)$")
    if a == "--" then
      table.move(argv, i + 1, #argv, #words + 1, words)
      break
    elseif name then
      local o = find(spec, name)
      if not o then
        errors.raise("usage.argument", ("unknown option --%s"):format(name),
          { hint = suggest.hint("--" .. name, names(spec)) })
      end
      if o.arg and not value then
        i = i + 1
        value = argv[i]
        if not value then errors.raise("usage.argument", ("--%s needs %s"):format(name, o.arg)) end
      elseif not o.arg and value then
        errors.raise("usage.argument", ("--%s takes no value"):format(name))
      end
      store(out, o, o.arg and convert(o, value) or true)
    elseif a:sub(1, 1) == "-" and #a > 1 then
      errors.raise("usage.argument", "unknown option " .. a,
        { hint = suggest.hint(a, names(spec)) })
    else
      words[#words + 1] = a
    end
    i = i + 1
  end
  return out, words
end

--- { "patients=mine.csv" } -> { patients = "mine.csv" }
function M.pairs_of(list, option)
  local out = {}
  for _, text in ipairs(list or {}) do
    local name, value = text:match("^([^=]+)=(.+)$")
    if not name then
      errors.raise("usage.argument", ("--%s %s: expected NAME=VALUE"):format(option, text))
    end
    out[name] = value
  end
  return out
end

return M
