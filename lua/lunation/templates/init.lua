-- SPDX-License-Identifier: GPL-3.0-or-later
-- templates: studies to begin with. Each is a file here: { title, files() -> { { name, text }, ...
-- } }, with a recipe study.yaml and simulated data.
return { names = { "survival", "response" },
  get = function(name) return require("lunation.templates." .. name) end }
