-- SPDX-License-Identifier: GPL-3.0-or-later
local recipe_command = require "lunation.cli.recipe"

return {
  summary = "the Lua script a recipe stands for",
  usage = "explain RECIPE [--data NAME=FILE]...",
  options = recipe_command.options,
  run = function(opt, words)
    local recipe = recipe_command.load(opt, words)
    io.stdout:write(require("lunation.recipe.explain").script(require("lunation.recipe.plan").of(recipe, opt.only)))
  end,
}
