-- SPDX-License-Identifier: GPL-3.0-or-later
-- verify: runs a lock again and lays the new run beside what the lock recorded.
local errors = require "lunation.errors"
local load = require "lunation.recipe.load"
local output = require "lunation.recipe.output"
local path = require "lunation.base.path"
local rows_module = require "lunation.recipe.rows"
local schema = require "lunation.recipe.schema"
local side = require "lunation.recipe.side"

local M = {}

local function inputs(lock, study)
  local out = {}
  for _, name in ipairs(schema.keys(lock.inputs or {})) do
    local then_, now = lock.inputs[name], study.env[name] and study.env[name].source
    if now and now.digest ~= then_.sha256 then
      out[#out + 1] =
        ("data %s has changed since the run: %d rows and %d columns then, %d and %d now"):format(
          name,
        then_.rows, then_.columns, now.rows, now.columns)
    end
  end
  return out
end

local function plugins(lock, recipe, out)
  for i, p in ipairs(lock.plugins or {}) do
    local now = recipe.plugins[i]
    if not now or now.digest ~= p.sha256 then
      out[#out + 1] = "the plug-in " .. path.base(p.file) .. " has changed since the run"
    end
  end
end

--- Runs the lock of a word (a lock, or the folder of a run) again. opt: data = { name = file }.
--- Returns { file, study, published, same (the results digest), digest, expected, findings
--- (sentences), results (rows compared, when results.json lies beside the lock) }. Errors:
--- recipe.lock for a recipe that is no lock.
function M.run(word, opt)
  local file = side.lock_file(word)
  local recipe = load.checked(file, { data = opt and opt.data })
  local lock = recipe.value.lock
  if type(lock) ~= "table" or not lock.results_sha256 then
    errors.raise("recipe.lock", file .. " is a recipe, not the lock of a run",
      { file = file, hint = "lunation run it first; verify takes the folder of that run" })
  end
  local study = require("lunation.recipe.run").complete(recipe)
  -- of the recipe that the lock stands for: what its report names
  recipe.digest = lock.recipe_sha256
  local out = { file = file, study = study, published = study.published,
    digest = study.results_digest,
    expected = lock.results_sha256, findings = inputs(lock, study) }
  plugins(lock, recipe, out.findings)
  out.same = out.digest == out.expected
  local results = path.folder(file) .. "/" .. output.FILES.json
  if require("lunation.core").file.kind(results) == "file" then
    out.results = rows_module.compare(rows_module.read(results), output.rows(study), 1e-9)
  end
  return out
end

return M
