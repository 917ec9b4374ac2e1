-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"
local rows_module = require "lunation.recipe.rows"

local SHOWN = 20 -- results listed for people; --json has all

local estimate, number = rows_module.estimate, rows_module.number

local function shape(x)
  return x and ("%d rows, %d columns"):format(x.rows, x.columns) or "not used"
end

local function cells_lines(c)
  local out = {}
  if not c then return out end
  local function add(...) out[#out + 1] = (...):format(select(2, ...)) end
  if c.rows_removed > 0 then add("%d rows removed", c.rows_removed) end
  if c.rows_added > 0 then add("%d rows added", c.rows_added) end
  if #c.columns_removed > 0 then
    add("columns removed: %s", table.concat(c.columns_removed, ", "))
  end
  if #c.columns_added > 0 then add("columns added: %s", table.concat(c.columns_added, ", ")) end
  for _, v in ipairs(c.values) do
    add("%s: %d value%s changed", v.column, v.n, v.n == 1 and "" or "s")
  end
  return out
end

-- Texts of equal width, by what is seen.
local function aligned(list)
  local widest = 0
  for _, x in ipairs(list) do widest = math.max(widest, utf8.len(x)) end
  for i, x in ipairs(list) do list[i] = x .. (" "):rep(widest - utf8.len(x)) end
  return list
end

local function result_lines(list, with_cause)
  local shown, names, before, out = math.min(#list, SHOWN), {}, {}, {}
  for i = 1, shown do
    names[i], before[i] = rows_module.name(list[i].a) .. ":", estimate(list[i].a)
  end
  aligned(names)
  aligned(before)
  for i = 1, shown do
    local c = list[i]
    out[i] = ("%s %s → %s%s"):format(names[i], before[i], estimate(c.b),
      (c.conclusion and "; " .. c.conclusion or "")
        .. (with_cause and " (because of " .. table.concat(c.cause, ", ") .. ")" or ""))
  end
  if #list > SHOWN then out[#out + 1] = ("and %d more: --json lists all"):format(#list - SHOWN) end
  return out
end

local function names_of(list)
  local out = {}
  for i = 1, math.min(#list, SHOWN) do out[i] = rows_module.name(list[i]) end
  if #list > SHOWN then out[#out + 1] = ("and %d more"):format(#list - SHOWN) end
  return out
end

local function path_lines(list)
  local out = {}
  for i, c in ipairs(list) do
    out[i] = ("%s: %s → %s"):format(c.path, c.a or "(nothing)", c.b or "(nothing)")
  end
  return out
end

local function data_lines(list)
  local out = {}
  for _, d in ipairs(list) do
    out[#out + 1] = ("%s: %s → %s"):format(d.input, shape(d.a), shape(d.b))
    for _, line in ipairs(cells_lines(d.cells)) do out[#out + 1] = d.input .. ": " .. line end
  end
  return out
end

-- The sections of a comparison: { title, lines }, the most important first, empty ones left out.
local function sections(d)
  local r = d.results or { changed = {}, removed = {}, added = {}, noise = {} }
  local other = {}
  for _, c in ipairs(r.changed) do if not c.conclusion then other[#other + 1] = c end end
  local noise = #r.noise > 0
    and { ("%d estimate%s, by at most %s relative"):format(#r.noise, #r.noise == 1 and "" or "s",
      number(r.worst)) } or {}
  local all = { { "Conclusion changed", result_lines(d.conclusions, true) }, { "Data changed",
    data_lines(d.data) },
    { "Recipe changed", path_lines(d.recipe) }, { "Result changed", result_lines(other, true) },
    { "Results only before", names_of(r.removed) }, { "Results only now", names_of(r.added) },
    { "Numeric noise", noise },
    { "Environment changed", path_lines(d.environment) } }
  local out = {}
  for _, s in ipairs(all) do if #s[2] > 0 then out[#out + 1] = s end end
  return out
end

local function headline(d)
  local compared = d.results and ("%d estimates identical"):format(d.results.same)
    or d.digests and ("no estimates compared: the digests of the results %s"):format(d.digests)
    or "no estimates compared: a side has no results"
  return ("%s (%s)"):format(d.class, compared)
end

local function print_text(d)
  print(headline(d))
  for _, s in ipairs(sections(d)) do
    print("")
    print(s[1])
    for _, line in ipairs(s[2]) do print("  " .. line) end
  end
end

local function print_markdown(d)
  print(("# %s and %s\n\n**%s**"):format(d.a.name, d.b.name, headline(d)))
  for _, s in ipairs(sections(d)) do
    print("\n## " .. s[1] .. "\n")
    for _, line in ipairs(s[2]) do print("- " .. line:gsub("[*_`|]", "\\%0")) end
  end
end

local function print_json(d)
  local json = require "lunation.base.json"
  local function changes(list)
    local out = json.array {}
    for i, c in ipairs(list) do
      out[i] = json.object { { "name", rows_module.name(c.a) }, { "before", c.a }, { "now",
        c.b }, { "distance", c.distance },
        { "conclusion", c.conclusion }, { "cause", c.cause and json.array(c.cause) } }
    end
    return out
  end
  local r = d.results or { changed = {}, removed = {}, added = {}, noise = {}, worst = 0 }
  print(json.encode(json.object {
    { "class", d.class }, { "same", d.same }, { "tolerance", d.tolerance },
    { "compared", d.results ~= nil }, { "digests", d.digests }, { "identical", r.same },
    { "conclusions", changes(d.conclusions) },
    { "data", json.array(d.data) }, { "recipe", json.array(d.recipe) },
    { "results", changes(r.changed) },
    { "removed", json.array(r.removed) }, { "added", json.array(r.added) },
    { "noise", json.object { { "n", #r.noise }, { "worst", r.worst } } },
    { "environment", json.array(d.environment) } }, true))
end

local function tolerance_of(opt)
  if not opt.tolerance then return 1e-9 end
  local v = require("lunation.core").num.parse(opt.tolerance)
  if not v or v < 0 then
    errors.raise("usage.argument", "--tolerance: expected a number such as 1e-9, found "
      .. opt.tolerance)
  end
  return v
end

return {
  summary = "what lies between two runs, locks or recipes",
  usage = "diff A B [--tolerance X] [--json | --md]",
  options = {
    { name = "tolerance", arg = "X", doc = "relative difference that is numeric noise (1e-9)" },
    { name = "json", doc = "machine-readable, every difference" },
    { name = "md", doc = "as Markdown" },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 2 then
      errors.raise("usage.argument", ("diff compares two things, found %d"):format(#words),
        { hint = "lunation diff RUN1 RUN2" })
    end
    local side = require "lunation.recipe.side"
    local d = require("lunation.recipe.diff").compare(side.read(words[1]), side.read(words[2]),
      tolerance_of(opt))
    if opt.json then print_json(d) elseif opt.md then print_markdown(d) else print_text(d) end
    return d.same and 0 or 1
  end,
}
