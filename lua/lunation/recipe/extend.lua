-- SPDX-License-Identifier: GPL-3.0-or-later
-- extend: a recipe that names another under `extends:` is that recipe with its own entries laid
-- over it. So is a recipe's variant. Maps are merged key by key; a list, a text, and a map with a
-- key that holds a dot replace what is there. An analysis of another kind replaces the one of that
-- name. Paths stay relative to the file that wrote them.
local core = require "lunation.core"
local errors = require "lunation.errors"
local path = require "lunation.base.path"

local M = {}

local DEEPEST = 8

local function mergeable(node)
  if node.kind ~= "map" then return false end
  for _, key in ipairs(node:keys()) do if key:find(".", 1, true) then return false end end
  return true
end

-- The kind of an analysis, where the node says one by its first key.
local function kind_of(node)
  local first = node:keys()[1]
  return first and require("lunation.analyses").find(first) and first
end

local function replaces(at, base, node)
  if not base or base.kind ~= "map" or not mergeable(node) then return true end
  if not at:match("^analyses%.[^.]+$") then return false end
  local kind = kind_of(node)
  return kind and kind ~= base:keys()[1] or false
end

local function merge(root, base, node, at, keys)
  for _, key in ipairs(keys or node:keys()) do
    local there, inner = at == "" and key or at .. "." .. key, node:get(key)
    local below = base:get(key)
    if replaces(there, below, inner) then root = root:with(there, inner)
    else root = merge(root, below, inner, there) end
  end
  return root
end

local function read(file, bases, depth)
  local root = core.yaml.read(file)
  local extends = root.kind == "map" and root:get("extends")
  if not extends or extends.kind ~= "scalar" then return root end
  local at = { file = file, line = extends.line, column = extends.column, path = "extends",
    excerpt = extends:excerpt() }
  local base = path.beside(file, extends.text)
  if core.file.kind(base) ~= "file" then
    at.hint = "the path is relative to the recipe"
    errors.raise("recipe.extends", "there is no recipe " .. base, at)
  end
  if depth > DEEPEST then
    errors.raise("recipe.extends",
      ("more than %d recipes extend one another: a circle?"):format(DEEPEST), at)
  end
  bases[#bases + 1] = { file = base, digest = core.digest.file(base) }
  local below = read(base, bases, depth + 1)
  return merge(below, below, root, "")
end

--- The tree `root` with the entries of the map `node` laid over it, as under `extends:`. keys:
--- those of node that are laid over.
function M.lay(root, node, keys) return merge(root, root, node, "", keys) end

--- The tree of a recipe file with what it extends, and the files it extends: { { file, digest },
--- ... }, the nearest first. Errors: recipe.extends, and those of reading YAML.
function M.read(file)
  local bases = {}
  return read(file, bases, 1), bases
end

return M
