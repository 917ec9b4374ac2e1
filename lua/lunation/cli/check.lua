-- SPDX-License-Identifier: GPL-3.0-or-later
local recipe_command = require "lunation.cli.recipe"

-- Everything but the search: keys, names, counts that add up.
local function check_specification(spec)
  spec.value.search = nil
  local made = require("lunation.simulate").make(spec)
  print(("%s: %d simulated patients, %d columns, %d targets"):format(spec.file, made.n,
    #made.columns + 1, #made.targets))
  return 0
end

return {
  summary = "everything but the estimates: keys, columns, types, codes, design warnings",
  usage = "check RECIPE|SPEC [--data NAME=FILE]...",
  options = recipe_command.options,
  run = function(opt, words)
    local simulate = require "lunation.simulate.load"
    if #words == 1 and require("lunation.core").file.kind(words[1]) and simulate.is(words[1]) then
      return check_specification(simulate.checked(words[1], { seed = opt.seed }))
    end
    local recipe = recipe_command.load(opt, words)
    local plan = require("lunation.recipe.plan").of(recipe, opt.only)
    local study = require("lunation.recipe.run").prepare(plan)
    for _, v in ipairs(recipe.variants) do require("lunation.recipe.variants").prepare(v) end
    local warnings = require("lunation.recipe.design").warnings(study)
    for _, w in ipairs(warnings) do io.stderr:write("warning[", w.code, "]: ", w.message, "\n") end
    print(("%s: %s; %d endpoints, %d analyses, %d variants, %d warning%s"):format(recipe.file,
      tostring(study.cohort),
      #require("lunation.base.suggest").keys(recipe.value.endpoints), #plan.analyses,
      #recipe.variants, #warnings, #warnings == 1 and "" or "s"))
    return #warnings > 0 and 1 or 0
  end,
}
