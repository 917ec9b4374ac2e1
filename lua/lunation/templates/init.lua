-- SPDX-License-Identifier: GPL-3.0-or-later
-- templates: studies to begin with. Each is a file here: { title, files() -> { { name, text }, ...
-- } }, with a recipe study.yaml and simulated data; before(dir): the command that makes the data,
-- where the files are a specification.
return { names = { "survival", "response", "simulate" },
  get = function(name) return require("lunation.templates." .. name) end }
