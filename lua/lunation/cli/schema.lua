-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  summary = "the format of recipes as a JSON Schema, for editors",
  usage = "schema",
  options = { { name = "help", doc = "this help" } },
  run = function()
    print(require("lunation.base.json").encode(require("lunation.recipe.jsonschema").schema(), true))
  end,
}
