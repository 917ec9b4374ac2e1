-- SPDX-License-Identifier: GPL-3.0-or-later
-- side: one side of a comparison: the folder of a run, a lock, or a recipe.
local core = require "lunation.core"
local errors = require "lunation.errors"
local output = require "lunation.recipe.output"
local path = require "lunation.base.path"
local schema = require "lunation.recipe.schema"

local M = {}

--- The lock that a word names: a lock, or the folder of a run.
function M.lock_file(word)
  if core.file.kind(word) ~= "directory" then return word end
  local file = word .. "/" .. output.LOCK
  if core.file.kind(file) ~= "file" then
    errors.raise("usage.run", word .. " is not the folder of a run: it has no " .. output.LOCK)
  end
  return file
end

-- Keys that a recipe may leave out and a lock need not state; never a difference.
local function plain(value)
  local out = {}
  for k, v in pairs(value) do if k ~= "lock" then out[k] = v end end
  return out
end

--- Reads a side: { name, kind ("run", "lock", "recipe"), dir, value (recipe), lock (or nil), rows
--- (or nil) }.
function M.read(word)
  local file = M.lock_file(word)
  local root = core.yaml.read(file)
  local self = { name = word, file = file, dir = path.folder(file) }
  if root.kind == "map" and root:get("lock") then
    local value = schema.check(root, { type = "any" })
    self.kind = core.file.kind(word) == "directory" and "run" or "lock"
    self.value, self.lock = plain(value), value.lock
    local results = self.dir .. "/" .. output.FILES.json
    if core.file.kind(results) == "file" then
      self.rows = require("lunation.recipe.rows").read(results)
    end
  else
    self.kind = "recipe"
    self.value =
      plain(require("lunation.recipe.resolved").recipe(
        require("lunation.recipe.load").checked(file)))
  end
  return self
end

return M
