-- SPDX-License-Identifier: GPL-3.0-or-later
-- diff: what lies between two runs, locks or recipes, the most important first.
local core = require "lunation.core"
local rows_module = require "lunation.recipe.rows"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

-- --- recipes ------------------------------------------------------------------------------------

local function text(v)
  if v == nil then return nil end
  if type(v) == "number" then return core.num.shortest(v) end
  if type(v) ~= "table" then return tostring(v) end
  local parts = {}
  if #v > 0 then
    for i, x in ipairs(v) do parts[i] = text(x) end
    return "[" .. table.concat(parts, ", ") .. "]"
  end
  for _, k in ipairs(suggest.keys(v)) do parts[#parts + 1] = tostring(k) .. ": " .. text(v[k]) end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

local function names(a, b)
  local seen = {}
  for _, t in ipairs { a, b } do
    for k in pairs(t) do if k ~= schema.ORDER then seen[k] = true end end
  end
  return suggest.keys(seen)
end

local function is_list(t) return #t > 0 end

local function walk(a, b, at, out)
  if a == b then return end
  if type(a) == "table" and type(b) == "table" then
    if is_list(a) or is_list(b) then
      if text(a) ~= text(b) and #a == #b and type(a[1]) == "table" then
        for i = 1, #a do walk(a[i], b[i], ("%s[%d]"):format(at, i), out) end
        return
      end
    else
      for _, k in ipairs(names(a, b)) do walk(a[k], b[k], at == "" and k or at .. "." .. k, out) end
      return
    end
  end
  -- a text "1" and a number 1 mean the same in a recipe: the checker decides
  if text(a) ~= text(b) then out[#out + 1] = { path = at, a = text(a), b = text(b) } end
end

--- Where two plain values differ: { { path, a, b (texts) } ... }.
function M.changes(a, b)
  local out = {}
  walk(a, b, "", out)
  return out
end

-- Where a file lies is not part of a study; what is in it is compared by its digest.
local function is_place(at) return at:match("^data%.[^.]+%.file$") or at:match("^use[%[.]?") end

-- A role that a recipe does not bind takes the column of its own name; only the lock of a run can
-- say so.
local function is_role(at, column) return at:match("^endpoints%.[^.]+%.([^.]+)$") == column end

local function recipe_changes(a, b)
  local out = {}
  for _, c in ipairs(M.changes(a.value, b.value)) do
    local said = (not a.lock and c.a == nil and c.b)
      or (not b.lock and c.b == nil and c.a) if not is_place(c.path)
      and not (said and is_role(c.path, said)) then out[#out + 1] = c end end
  return out
end

-- --- data ---------------------------------------------------------------------------------------

local function input_changes(a, b)
  local out = {}
  if not a.lock or not b.lock then return out end
  local left, right = a.lock.inputs or {}, b.lock.inputs or {}
  for _, name in ipairs(names(left, right)) do
    local x, y = left[name], right[name]
    if not x or not y or x.sha256 ~= y.sha256 then
      out[#out + 1] = { input = name, a = x, b = y, cells = x and y
        and require("lunation.recipe.cells").compare(a, b, name) }
    end
  end
  return out
end

local function plugin_changes(a, b)
  local out, left, right = {}, {}, {}
  if not a.lock or not b.lock then return out end
  local base = require("lunation.base.path").base
  for _, p in ipairs(a.lock.plugins or {}) do left[base(p.file)] = p.sha256 end
  for _, p in ipairs(b.lock.plugins or {}) do right[base(p.file)] = p.sha256 end
  for _, name in ipairs(names(left, right)) do
    if left[name] ~= right[name] then
      out[#out + 1] = { path = "use: " .. name, a = left[name], b = right[name] }
    end
  end
  return out
end

local function environment_changes(a, b)
  local out = {}
  if not a.lock or not b.lock then return out end
  for _, k in ipairs(names(a.lock.environment or {}, b.lock.environment or {})) do
    local x, y = (a.lock.environment or {})[k], (b.lock.environment or {})[k]
    if text(x) ~= text(y) then out[#out + 1] = { path = k, a = text(x), b = text(y) } end
  end
  if a.lock.runtime ~= b.lock.runtime then
    out[#out + 1] = { path = "runtime", a = text(a.lock.runtime), b = text(b.lock.runtime) }
  end
  return out
end

-- --- what a changed result comes from ------------------------------------------------------------

local GLOBAL = { "cohort", "data", "conventions", "seed", "response", "use: " }

-- The paths of the recipe that decide an analysis.
local function decides(self, at, row)
  local variant, below = at:match("^variants%.([^.]+)%.?(.*)$")
  if variant then
    if variant ~= row.variant then return false end
    at = below
  end
  for _, g in ipairs(GLOBAL) do if at:sub(1, #g) == g then return true end end
  local id = at:match("^analyses%.([^.]+)")
  if id then return id == row.analysis end
  local name = at:match("^endpoints%.([^.]+)")
  local a = (self.b.value.analyses or {})[row.analysis]
  if not name or type(a) ~= "table" then return false end
  for _, v in pairs(a) do if v == name then return true end end
  return false
end

local function cause(self, row)
  local out = {}
  for _, c in ipairs(self.recipe) do
    if decides(self, c.path, row) then out[#out + 1] = c.path end
  end
  for _, d in ipairs(self.data) do out[#out + 1] = "data " .. d.input end
  if #out == 0 then for _, c in ipairs(self.environment) do out[#out + 1] = c.path end end
  return #out > 0 and out or { "nothing that the locks record" }
end

-- Of locks without their results: whether those had the same digest, or nil.
local function digests(a, b)
  local x, y = a and a.results_sha256, b and b.results_sha256
  if not x or not y then return nil end
  return x == y and "agree" or "differ"
end

local function class_of(self)
  local r = self.results
  local moved = r and #r.changed + #r.removed + #r.added > 0 or self.digests == "differ"
  if #self.conclusions > 0 then return "conclusion changed" end
  if #self.data > 0 then return "data changed" end
  if #self.recipe > 0 then return "recipe changed" end
  if moved then return "result changed" end
  if r and #r.noise > 0 then return "numeric noise" end
  return #self.environment > 0 and "environment only" or "identical"
end

--- Compares two sides (lunation.recipe.side). tolerance: relative, of every number. Returns {
--- class, same, conclusions, recipe, data, environment, results, digests }; class is the first that
--- holds of "conclusion changed", "data changed", "recipe changed", "result changed", "numeric
--- noise", "environment only" and "identical"; results is nil unless both sides hold estimates; then
--- digests, of two locks, is "agree" or "differ". same: the numbers agree and nothing that decides
--- them has changed.
function M.compare(a, b, tolerance)
  local self = { a = a, b = b, tolerance = tolerance, recipe = recipe_changes(a, b),
    data = input_changes(a, b),
    environment = environment_changes(a, b), conclusions = {} }
  for _, c in ipairs(plugin_changes(a, b)) do self.recipe[#self.recipe + 1] = c end
  if a.rows and b.rows then
    self.results = rows_module.compare(a.rows, b.rows, tolerance)
    for _, c in ipairs(self.results.changed) do
      c.cause = cause(self, c.b)
      if c.conclusion then self.conclusions[#self.conclusions + 1] = c end
    end
  end
  if not self.results then self.digests = digests(a.lock, b.lock) end
  self.class = class_of(self)
  self.same = self.class == "identical" or self.class == "environment only"
    or self.class == "numeric noise"
  return self
end

return M
