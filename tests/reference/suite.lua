-- SPDX-License-Identifier: GPL-3.0-or-later
-- suite: a file of independent cases (expected numbers, tolerances, data sets) and how an answer is
-- judged.
--   local suite = dofile("tests/reference/suite.lua")
--   local s = suite.open(path)            s.cases, s.data(name) -> core table
--   suite.judge(case, answer)             counts of numbers and what differs
local core = require "lunation.core"
local json = require "lunation.base.json"

local M = {}
-- Where a curve is exactly 0 or 1, R's limits are NA on some scales; [0, 0] and [1, 1] say the
-- same.
local DEGENERATE = { lower = true, upper = true }
local WORDS = { NA = true, NaN = true, Inf = true, ["-Inf"] = true }

local function folder(path) return path:match("^(.*)/[^/]*$") or "." end

--- The cases of a file. Data files lie beside it.
function M.open(path)
  local text = core.file.read(path)
  local file = json.decode(text, path)
  local s, sets, read = { cases = file.cases, path = path, folder = folder(path), set = file.set }, {}, {}
  for _, set in ipairs(file.datasets) do sets[set.name] = set end

  --- Whether there is a data set of that name.
  function s.has(name) return sets[name] ~= nil end

  --- The data set as a core table; categories become factors with their declared levels.
  function s.data(name)
    if read[name] then return read[name] end
    local columns = {}
    for _, c in ipairs(sets[name].columns) do
      if c.levels then
        columns[c.name] = { type = "factor", levels = { table.unpack(c.levels) } }
      end
    end
    read[name] = core.csv.read(s.folder .. "/" .. sets[name].file, { columns = columns })
    return read[name]
  end
  return s
end

-- --- one number ----------------------------------------------------------------------------------

-- p-values have the smaller absolute floor, as the file's conventions say.
local function floor_of(key)
  return (key == "p" or key:find("_p$") or key:find("^p_")) and 1e-12 or 1e-10
end

-- Whether `found` is `expected`, and their relative distance (to no less than floor / tol, where
-- the floor rules).
local function agree(expected, found, tol, key)
  if expected == "Inf" then return found == math.huge, 0 end
  if expected == "-Inf" then return found == -math.huge, 0 end
  if type(expected) == "string" then
    local edge = DEGENERATE[key] and (found == 0 or found == 1)
    return found == nil or found ~= found or edge, 0
  end
  if type(found) ~= "number" or found ~= found then return false, math.huge end
  local distance, size = math.abs(found - expected), math.max(math.abs(found), math.abs(expected))
  local floor = floor_of(key)
  return distance <= tol * size + floor, distance / math.max(size, floor / tol)
end

local function is_number(v) return type(v) == "number" or WORDS[v] ~= nil end

-- --- one case ------------------------------------------------------------------------------------

-- A NaN or NA that is expected is found as nil too, but only where the answer has the list it
-- belongs to.
local function walk(path, key, expected, found, tol, out)
  if type(expected) == "table" then
    for _, k in ipairs(json.keys(expected)) do
      local inside
      if type(found) == "table" or type(found) == "userdata" then inside = found[k] end
      local here = math.type(k) == "integer" and ("%s[%d]"):format(path, k) or path .. "/" .. k
      local name = math.type(k) == "integer" and key or k
      if inside == nil and found ~= nil and (expected[k] == "NA" or expected[k] == "NaN") then
        inside = 0 / 0
      end
      walk(here, name, expected[k], inside, tol, out)
    end
  elseif not is_number(expected) then
    out.texts = out.texts + 1
  elseif found == nil then
    out.missing = out.missing + 1
    out.absent[#out.absent + 1] = path
  else
    local good, distance = agree(expected, found, tol, key)
    out.worst = math.max(out.worst, distance)
    out[good and "matched" or "wrong"] = out[good and "matched" or "wrong"] + 1
    if not good then
      out.differences[#out.differences + 1] = ("%s: expected %s, found %s"):format(path,
        expected, found)
    end
  end
end

--- Compares an answer (a table of the expected shape, or nil) with a case, number by number, at
--- `tolerance` or the case's own. Returns matched, wrong, missing, texts (not compared), worst
--- (relative distance), differences and absent (paths).
function M.judge(case, answer, tolerance)
  local out = { matched = 0, wrong = 0, missing = 0, texts = 0, worst = 0, differences = {},
    absent = {} }
  walk("", "", case.expected, answer, tolerance or case.tolerance_rel, out)
  return out
end

return M
