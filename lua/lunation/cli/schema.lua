-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  summary = "the format of recipes, or of simulations, as a JSON Schema for editors",
  usage = "schema [simulate]",
  options = { { name = "help", doc = "this help" } },
  run = function(_, words)
    local schemas, json = require "lunation.recipe.jsonschema", require "lunation.base.json"
    if words[1] and words[1] ~= "simulate" then
      require("lunation.errors").raise("usage.argument",
        ('there is no schema "%s"'):format(words[1]), { hint = "schema, or schema simulate" })
    end
    print(json.encode(words[1] and schemas.simulation() or schemas.schema(), true))
  end,
}
