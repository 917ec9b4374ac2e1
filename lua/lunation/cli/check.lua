-- SPDX-License-Identifier: GPL-3.0-or-later
local recipe_command = require "lunation.cli.recipe"

return {
  summary = "everything but the estimates: keys, columns, types, codes, design warnings",
  usage = "check RECIPE [--data NAME=FILE]...",
  options = recipe_command.options,
  run = function(opt, words)
    local recipe = recipe_command.load(opt, words)
    local plan = require("lunation.recipe.plan").of(recipe, opt.only)
    local study = require("lunation.recipe.run").prepare(plan)
    local warnings = require("lunation.recipe.design").warnings(study)
    for _, w in ipairs(warnings) do io.stderr:write("warning[", w.code, "]: ", w.message, "\n") end
    print(("%s: %s; %d endpoints, %d analyses, %d warning%s"):format(recipe.file, tostring(study.cohort),
      #require("lunation.base.suggest").keys(recipe.value.endpoints), #plan.analyses, #warnings, #warnings == 1 and "" or "s"))
    return #warnings > 0 and 1 or 0
  end,
}
