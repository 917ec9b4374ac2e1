-- SPDX-License-Identifier: GPL-3.0-or-later
-- recipe: what the commands on recipes share: their options, and loading.
local args = require "lunation.cli.args"
local errors = require "lunation.errors"

local M = {}

M.options = {
  { name = "data", arg = "NAME=FILE", many = true, doc = "use FILE for the recipe's data NAME" },
  { name = "set", arg = "PATH=VALUE", many = true, doc = "change one value of the recipe" },
  { name = "only", arg = "ID", many = true, doc = "only this analysis" },
  { name = "seed", arg = "N", type = "integer", doc = "seed of everything random" },
  { name = "trust", doc = "plug-ins run in this process, not in a worker" },
  { name = "json", doc = "machine-readable output, errors too" },
  { name = "help", doc = "this help" },
}

--- The recipe named by words[1], checked; raises its errors.
function M.load(opt, words)
  if #words ~= 1 then
    errors.raise("usage.argument", #words == 0 and "which recipe?" or "one recipe at a time",
      { hint = "lunation list shows the recipes that are known here" })
  end
  if require("lunation.core").file.kind(words[1]) == nil then
    errors.raise("io.open", ("there is no recipe %s"):format(words[1]),
      { hint = "lunation list shows the recipes that are known here" })
  end
  if words[1]:find "%.lua$" then
    errors.raise("usage.argument", words[1] .. " is a script, not a recipe",
      { hint = "lunation " .. words[1] })
  end
  return require("lunation.recipe.load").checked(words[1],
    { data = args.pairs_of(opt.data, "data"), set = opt.set, seed = opt.seed, trust = opt.trust })
end

return M
