-- SPDX-License-Identifier: GPL-3.0-or-later
local recipe_command = require "lunation.cli.recipe"

local options = {
  { name = "out", arg = "DIR", doc = "folder of the report (default: the recipe's id)" },
  { name = "threads", arg = "N", type = "integer",
    doc = "worker threads; results do not depend on it" } }
options[#options + 1] = { name = "variant", arg = "NAME", many = true,
  doc = "only this variant beside the recipe; none: no variant" }
for _, o in ipairs(recipe_command.options) do options[#options + 1] = o end

local function warn(list)
  for _, w in ipairs(list) do
    io.stderr:write("warning[", w.code, "]: ", w.message, "\n")
    if w.hint then io.stderr:write("   = help: ", w.hint, "\n") end
  end
end

return {
  summary = "runs a recipe and leaves a report",
  usage = "run RECIPE [--data NAME=FILE]... [--out DIR] [--set PATH=VALUE]... [--only ID]...",
  options = options,
  run = function(opt, words)
    local output = require "lunation.recipe.output"
    if opt.threads then require("lunation.core").threads(opt.threads) end
    local recipe = recipe_command.load(opt, words)
    local dir = (opt.out or recipe.value.id):gsub("(.)/+$", "%1")
    output.check_target(dir)
    local study = require("lunation.recipe.run").complete(recipe, opt.only, opt.variant)
    local doc = require("lunation.report.study").document(study)
    local _, lost = output.write(dir, doc, study, require("lunation.recipe.lock").text(study,
      study.results_digest, dir),
      recipe.value.report or {})
    for _, why in ipairs(lost) do io.stderr:write("warning[io.tool]: ", why, "\n") end
    if not opt.json then warn(study.warnings) end
    require("lunation.cli.summary").print(study, dir, opt.json and study.all_rows)
    for _, e in ipairs(study.published) do if not e.ok then return 1 end end
    return 0
  end,
}
