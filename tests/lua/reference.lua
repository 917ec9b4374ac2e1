-- SPDX-License-Identifier: GPL-3.0-or-later
-- reference: the independent cases of shared/reference/stats/open.json and their data, for tests that
-- compare many numbers at once. `local ref = dofile("tests/lua/reference.lua")(t)`; nil without the folder.
local core = require "lunation.core"
local json = require "lunation.json"

local MISSING = { NA = true, NaN = true }

return function(t)
  local shared = t.shared()
  local file = shared and io.open(shared .. "/reference/stats/open.json")
  if not file then
    t.skip "../shared is missing"
    return nil
  end
  local open = json.decode(file:read "a")
  file:close()
  local ref, cases, sets = {}, {}, {}
  for _, case in ipairs(open.cases) do cases[case.id] = case end
  for _, set in ipairs(open.datasets) do sets[set.name] = set end

  --- The data set as a core table; categories become factors with their declared levels.
  function ref.data(name)
    local columns = {}
    for _, c in ipairs(sets[name].columns) do
      if c.levels then columns[c.name] = { type = "factor", levels = { table.unpack(c.levels) } } end
    end
    return (core.csv.read(shared .. "/reference/stats/" .. sets[name].file, { columns = columns }))
  end

  function ref.expected(id) return cases[id].expected end

  local function close(expected, found, tol)
    if expected == "Inf" then return found == math.huge end
    if type(expected) == "string" then return MISSING[expected] and (found == nil or found ~= found) end
    return type(found) == "number"
      and math.abs(found - expected) <= tol * math.max(math.abs(expected), math.abs(found)) + 1e-10
  end

  local function walk(path, expected, found, tol, bad)
    if type(expected) == "table" then
      if type(found) ~= "table" then bad[#bad + 1] = path .. ": not a table" return end
      for _, key in ipairs(json.keys(expected)) do
        if math.type(key) == "integer" then walk(("%s[%d]"):format(path, key), expected[key], found[key], tol, bad)
        elseif found[key] ~= nil then walk(path .. "." .. key, expected[key], found[key], tol, bad) end
      end
    else
      bad.n = bad.n + 1
      if not close(expected, found, tol) then
        bad[#bad + 1] = ("%s: expected %s, found %s"):format(path, tostring(expected), tostring(found))
      end
    end
  end

  --- One assertion: every number of `found` that `expected` has too agrees at the case's tolerance; at least
  --- `least` numbers are compared.
  function ref.agree(id, expected, found, least, tol)
    local bad = { n = 0 }
    walk(id, expected, found, tol or cases[id].tolerance_rel, bad)
    local ok = #bad == 0 and bad.n >= least
    t.is(ok and "agrees" or ("%d compared, at least %d wanted\n%s"):format(bad.n, least, table.concat(bad, "\n", 1, math.min(#bad, 8))),
      "agrees", ("%s: %d numbers"):format(id, bad.n))
  end

  return ref
end
