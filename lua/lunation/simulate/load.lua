-- SPDX-License-Identifier: GPL-3.0-or-later
-- load: a specification file becomes a checked specification. Nothing is drawn.
local core = require "lunation.core"
local errors = require "lunation.errors"
local feasible = require "lunation.simulate.feasible"
local format = require "lunation.simulate.format"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

local function add(self, path, message, hint)
  local node = self.places[path] or self.places[""]
  self.errors[#self.errors + 1] = errors.new("recipe.simulate", message,
    schema.place(node, path, { hint = hint }))
end

-- Whether quantiles are stated from "0" to "1", rising.
local function rising(quantiles)
  local keys, last = schema.keys(quantiles), nil
  for _, p in ipairs(keys) do
    local at = tonumber(p)
    if not at or last and (at <= last[1] or quantiles[p] < last[2]) then return false end
    last = { at, quantiles[p] }
  end
  return #keys > 1 and tonumber(keys[1]) == 0 and last[1] == 1
end

local function check_ranges(self, path, v)
  if v.min and v.max and v.min > v.max then
    add(self, path .. ".min", path .. ": min lies above max")
  end
  if v.uniform and v.uniform.from and v.uniform.to and v.uniform.from > v.uniform.to then
    add(self, path .. ".uniform", path .. ".uniform: from lies above to")
  end
  if v.quantiles and not rising(v.quantiles) then
    add(self, path .. ".quantiles", path .. '.quantiles must go from "0" to "1", both rising',
      'quantiles: { "0": 34, "0.5": 56, "1": 78 }')
  end
end

-- Exactly one way to come about.
local function check_draw(self, path, v)
  local found = {}
  for _, k in ipairs(format.DRAWS) do if v[k] ~= nil then found[#found + 1] = k end end
  if #found ~= 1 then
    add(self, path, #found == 0 and path .. " does not say how its values come about"
      or ("%s has %s and %s: one of them"):format(path, found[1], found[2]),
      "one of " .. table.concat(format.DRAWS, ", "))
  end
  for i, c in ipairs(v.cases or {}) do check_draw(self, ("%s.cases[%d]"):format(path, i), c) end
  for _, k in ipairs { "shares", "probabilities" } do
    local sum = 0
    for _, level in ipairs(v[k] and schema.keys(v[k]) or {}) do sum = sum + v[k][level] end
    if v[k] and math.abs(sum - 1) > 1e-9 then
      add(self, path .. "." .. k, ("%s.%s add up to %s, not to 1"):format(path, k,
        core.num.shortest(sum)))
    end
  end
  check_ranges(self, path, v)
end

local function check_event(self, name, e)
  local path = "events." .. name
  if (e.median ~= nil) == (e.survival ~= nil) then
    add(self, path, path .. " needs its median or its survival at times, one of them")
  end
  local last_time, last = 0, 1
  for _, at in ipairs(e.survival and schema.keys(e.survival) or {}) do
    local time, s = tonumber(at), e.survival[at]
    if not time or time <= last_time or s > last or s <= 0 then
      add(self, path .. ".survival", path
        .. ".survival: times must rise from 0, shares fall from 1 and stay above 0")
      return
    end
    last_time, last = time, s
  end
end

local function known_event(self, path, name)
  if name and not (self.value.events or {})[name] then
    add(self, path, ('there is no event "%s"'):format(name),
      suggest.hint(name, suggest.keys(self.value.events or {})))
  end
end

local function check_outcome(self, name, o)
  local path = "outcomes." .. name
  if (o.of ~= nil) == (o.time ~= nil) or (o.time ~= nil) ~= (o.status ~= nil) then
    add(self, path, path .. " needs of (events), or time and status (variables)")
  end
  for _, event in ipairs(o.of or {}) do known_event(self, path .. ".of", event) end
end

local function check_target(self, i, target)
  local path = ("targets[%d]"):format(i)
  local outcomes = self.value.outcomes or {}
  if target.of and not outcomes[target.of] then
    add(self, path .. ".of", ('there is no outcome "%s"'):format(target.of),
      suggest.hint(target.of, suggest.keys(outcomes)))
  end
  if target.statistic == "survival" and not target.at then
    add(self, path, path .. ": survival needs `at`")
  end
  if (target.statistic == "hr" or target.statistic == "p") and not target.by then
    add(self, path, ("%s: %s needs `by`"):format(path, target.statistic))
  end
  if target.value and target.statistic then
    local why, hint = feasible.value(target)
    if why then add(self, path .. ".value", ("%s: %s"):format(path, why), hint) end
  end
end

local function each(map, f, self)
  for _, name in ipairs(map and schema.keys(map) or {}) do
    if map[name] then f(self, name, map[name]) end
  end
end

local function check_meaning(self)
  local v = self.value
  for _, part in ipairs { "variables", "later" } do
    each(v[part], function(_, name, variable) check_draw(self, part .. "." .. name, variable) end,
      self)
  end
  each(v.events, check_event, self)
  each(v.events,
    function(_, name, e) known_event(self, ("events.%s.after"):format(name), e.after) end, self)
  each(v.outcomes, check_outcome, self)
  for i, target in ipairs(v.targets or {}) do check_target(self, i, target) end
  local f = v.follow_up
  if v.events and not f then
    add(self, "events", "events need follow_up: how long are patients seen?")
  end
  if f and f.events then known_event(self, "follow_up.events.of", f.events.of) end
  if f and f.close and not f.origin then
    add(self, "follow_up", "follow_up.close needs an origin: a date variable")
  end
  if not v.n and not v.table then add(self, "", "n, the number of patients, is missing") end
end

--- Whether the file is a specification (its first keys say so), and its root node.
function M.is(file)
  local root = core.yaml.read(file)
  return root.kind == "map" and root:get("simulate") ~= nil, root
end

--- Reads and checks a specification. opt: seed, n. Raises all that is wrong, in the error's `list`.
--- Returns { file, value, places, digest }.
function M.checked(file, opt)
  opt = opt or {}
  local root = core.yaml.read(file)
  local self = { file = file, digest = core.digest.file(file) }
  self.value, self.errors, self.places = schema.check(root, format.spec)
  if #self.errors == 0 then check_meaning(self) end
  local first = self.errors[1]
  if #self.errors > 1 then first = errors.new(first.code, first.message, { list = self.errors }) end
  if first then error(first, 0) end
  self.value.seed = opt.seed or self.value.seed
  self.value.n = opt.n or self.value.n
  return self
end

--- An error at a path of the specification.
function M.fail(spec, path, code, message, hint)
  local node = spec.places[path] or spec.places[""]
  error(errors.new(code, message, node and schema.place(node, path, { hint = hint })
    or { hint = hint }), 0)
end

return M
