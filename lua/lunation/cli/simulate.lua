-- SPDX-License-Identifier: GPL-3.0-or-later
local core = require "lunation.core"
local errors = require "lunation.errors"
local path = require "lunation.base.path"

-- Runs the recipe of the specification on the files that were written.
local function compare(spec, files)
  if not spec.value.recipe then return nil end
  local file = path.beside(spec.file, spec.value.recipe)
  local declared, data = core.yaml.read(file):get "data", {}
  for name, written in pairs(files) do
    if declared and declared:get(name) then data[name] = written end
  end
  return require("lunation.recipe.run").complete(require("lunation.recipe.load").checked(file,
    { data = data })).published
end

-- Where the files go: a file for the patients, or a folder for all.
local function places(out, made)
  if not out:match "%.csv$" then
    if core.file.kind(out) ~= "directory" then core.file.mkdir(out) end
    return out .. "/patients.csv", out .. "/dictionary.md", out
  end
  if #made.files > 0 then
    errors.raise("usage.argument",
      "--out must be a folder: the specification has more than one file", { hint = "--out DIR" })
  end
  return out, (out:gsub("%.csv$", ".md")), path.folder(out)
end

local STATUS = { exact = "met", rounding = "one unit off", differs = "not met" }

local CHANCE = "One draw differs from its targets by chance: another --seed is another cohort, "
  .. "`search: {}`\nmoves event times until they are met."
local SEARCHED = "Not met in %d steps. What helps, in this order: events whose medians and hazard "
  .. "ratios are near\nthe targets, another --seed, more search.steps, a larger search.reach, wider "
  .. "from and to of the outcome.\nOnly times move: how many events there are does not."

-- The targets as a table, and what helps where some are not met. Returns how many exact ones are missed.
local function report_targets(made)
  local write, rows, missed, off = require "lunation.simulate.write", {}, 0, false
  for i, t in ipairs(made.targets) do
    rows[i] = { target = write.describe(t), wanted = t.value, computed = t.computed,
      status = STATUS[t.status] .. (t.ok and "" or " (!)") }
    if not t.ok then missed = missed + 1 end
    off = off or t.status == "differs"
  end
  if #rows == 0 then return 0 end
  print("")
  print(require("lunation.report.text").table({ { key = "target", label = "Target" },
    { key = "wanted", label = "Wanted" }, { key = "computed", label = "Computed" },
    { key = "status", label = "Status" } }, rows))
  if off then print(made.spec.value.search and SEARCHED:format(made.steps) or CHANCE) end
  return missed
end

local function report(made, compared)
  local missed = report_targets(made)
  if compared then
    local met = 0
    for _, e in ipairs(compared) do
      if e.ok then met = met + 1
      else print(("  published %s %s: %s, computed %s"):format(e.analysis, e.key, e.published,
        e.computed)) end
    end
    print(("published figures: %d of %d as expected"):format(met, #compared))
    missed = missed + #compared - met
  end
  return missed > 0 and 1 or 0
end

local function simulate(spec, out)
  local made = require("lunation.simulate").make(spec)
  local write = require "lunation.simulate.write"
  local patients, dictionary, folder = places(out, made)
  local files = { [spec.value.recipe_data] = patients }
  core.file.write(patients, write.patients(made))
  for _, file in ipairs(made.files) do
    files[file.name] = ("%s/%s.csv"):format(folder, file.name)
    core.file.write(files[file.name], write.file(made, file))
  end
  local compared = compare(spec, files)
  core.file.write(dictionary, write.dictionary(made, path.base(patients), compared))
  print(("%s: %d simulated patients, seed %d; no patient is in them"):format(patients, made.n,
    spec.value.seed))
  for _, file in ipairs(made.files) do
    print(("%s: %d rows"):format(files[file.name], #file.rows))
  end
  print(dictionary .. ": what each column is")
  return report(made, compared)
end

-- Plausible data out of a recipe's declared columns, a file for each of its tables.
local function for_recipe(file, opt)
  local recipe = require("lunation.recipe.load").checked(file)
  local dir = (opt.out or recipe.value.id .. "-data"):gsub("(.)/+$", "%1")
  if core.file.kind(dir) ~= "directory" then core.file.mkdir(dir) end
  local words = {}
  for _, t in ipairs(require("lunation.simulate.recipe").make(recipe, opt)) do
    local target = ("%s/%s.csv"):format(dir, t.name)
    core.file.write(target, t.text)
    words[#words + 1] = ("--data %s=%s"):format(t.name, target)
  end
  print "simulated from the recipe's declared columns, no association built in; no patient is in \z
    it. Next:"
  print(("lunation run %s %s"):format(file, table.concat(words, " ")))
  return 0
end

return {
  summary = "a simulated cohort from a specification, or plausible data for a recipe",
  usage = "simulate SPEC|RECIPE [--out FILE|DIR] [--seed N] [--n N]",
  notes = [[
SPEC says how many patients, how each variable comes about, which events happen and what the cohort
shall return: lunation init DIR --template simulate writes one to begin with, docs/simulate.md has
all of it, lunation schema simulate its keys for editors, lunation check SPEC looks it over.
RECIPE: data are made up from the columns that it declares, to try it before the data arrive.
Exit code 1: a target with `exact: true`, or a published figure of its recipe, was not met.]],
  options = {
    { name = "out", arg = "FILE|DIR",
      doc = "a CSV file for the patients, or a folder (default: the id)" },
    { name = "seed", arg = "N", type = "integer", doc = "seed of everything random" },
    { name = "n", arg = "N", type = "integer", doc = "number of patients" },
    { name = "json", doc = "errors for machines" },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 1 then
      errors.raise("usage.argument", #words == 0 and "which specification?"
        or "one specification at a time",
        { hint = "examples/simulate/two-arm.yaml is one" })
    end
    if opt.n == 0 then errors.raise("usage.argument", "--n: at least one patient") end
    local load = require "lunation.simulate.load"
    if load.is(words[1]) then
      local spec = load.checked(words[1], opt)
      return simulate(spec, (opt.out or spec.value.id):gsub("(.)/+$", "%1"))
    end
    return for_recipe(words[1], opt)
  end,
}
