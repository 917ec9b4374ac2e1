-- SPDX-License-Identifier: GPL-3.0-or-later
-- place: where in the recipe an error of a call belongs: the line of the recipe, a caret under the
-- word.
local core = require "lunation.core"
local errors = require "lunation.errors"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

-- The scalar in or below a node whose text is `text`; nil when there is none.
local function scalar(node, text)
  if node.kind == "scalar" then return node.text == text and node or nil end
  for i, key in ipairs(node.kind == "map" and node:keys() or {}) do
    local found = scalar(node:get(key), text)
    if found then return found end
  end
  for i = 1, node.kind == "list" and #node or 0 do
    local found = scalar(node[i], text)
    if found then return found end
  end
end

-- The node of a path such as cohort[1].derive.a, or the nearest above it.
local function nearest(recipe, path)
  while path and path ~= "" do
    if recipe.places[path] then return recipe.places[path] end
    path = path:match("^(.*)[.%[]")
  end
end

-- Column, in the line, of character `at` of a scalar; nil when its text is not written there as it
-- is.
local function column_in(node, at)
  local first = node.column + (node.plain and 0 or 1)
  local line = node:excerpt()
  local byte = utf8.offset(line, first)
  if byte and line:sub(byte, byte + #node.text - 1) == node.text then return first + at - 1 end
end

local function set(e, node, path)
  local at = schema.place(node, path)
  e.file, e.line, e.column, e.path, e.excerpt = at.file, at.line, at.column, at.path, at.excerpt
end

-- A file that cannot be read is named by the recipe or by --data.
local function file(recipe, call, e)
  local name = call.as
  e.hint = e.hint or ("--data %s=FILE reads another file"):format(name)
  local node = not recipe.data[name] and recipe.places[("data.%s.file"):format(name)]
  if node then set(e, node, ("data.%s.file"):format(name)) end
end

--- Gives an error of a call its place in the recipe, unless it has a place of its own. An error in
--- an expression (excerpt, column) or about a word (word) points at it.
function M.error(recipe, call, e)
  if not errors.is(e) or e.file then return e end
  local node = nearest(recipe, call.path)
  if e.code:match("^io%.") and call.method == "read" then
    file(recipe, call, e)
  elseif node then
    local text = e.excerpt or e.word
    local found = text and scalar(node, text)
    local column = found and column_in(found, e.column or 1)
    if e.excerpt and not column then e.message = ("%s (in: %s)"):format(e.message, e.excerpt) end
    set(e, found or node, call.path)
    e.column = column or e.column
    if column and e.word then e.width = utf8.len(e.word) end
  end
  return e
end

-- The columns that a derivation reads; none when it does not parse.
local function reads(call)
  local ok, expr = pcall(core.expr.parse, call.args[2])
  return ok and expr:names() or {}
end

--- A derivation may read what stands before it. An error that says that a column is missing says
--- more when the column is derived later, or in a circle.
function M.order(plan, call, cohort, e)
  if not errors.is(e) or e.code ~= "recipe.column" or call.method ~= "derive" then return e end
  local derived, first = {}, call.args[1]
  for _, c in ipairs(plan.calls) do if c.method == "derive" then derived[c.args[1]] = c end end
  local seen = {}
  -- The way from a derivation to the first one through columns that do not exist yet.
  local function way(name)
    if seen[name] then return nil end
    seen[name] = true
    for _, needed in ipairs(reads(derived[name])) do
      if needed == first then return { first } end
      local rest = not cohort.patients:has(needed) and derived[needed] and way(needed)
      if rest then return { needed, table.unpack(rest) } end
    end
  end
  local circle = way(first)
  if circle then
    e.code, e.message = "recipe.circular", ("circular derivation: %s needs %s"):format(first,
      table.concat(circle, ", which needs "))
    e.hint = "a derivation may use the columns that are read, and those derived before it"
    return e
  end
  for _, needed in ipairs(reads(call)) do
    local later = not cohort.patients:has(needed) and derived[needed]
    if later then
      e.message, e.hint = ('"%s" is derived later'):format(needed),
        ("move the derivation of %s before this one"):format(needed)
      return e
    end
  end
  e.hint = e.hint or not e.message:find("did you mean", 1, true)
    and suggest.hint("", cohort:names()) or nil
  return e
end

return M
