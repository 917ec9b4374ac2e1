-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every estimate of the five studies against tests/golden/studies. `make golden` writes them anew:
-- a change there is a change of results, to be explained where it is made. Texts are equal, numbers
-- to 1e-9 (libm differs by machine).
local t = dofile "tests/lua/tap.lua"
local core = require "lunation.core"
-- A recipe in the first form of the format stands elsewhere: it must go on giving the same.
local PLACE = { format1 = "tests/format1/study.yaml" }
local STUDIES = { "conversion-surgery-sintilimab-lenvatinib", "complete-response-durability",
  "resistance-groups",
  "conversion-surgery-ici-combinations", "radiotherapy-plus-ici", "format1" }
local write = os.getenv "LUNATION_GOLDEN" == "write"
local program = ("%s/lunation"):format(os.getenv "B" or "build")

local function lines(text)
  local out = {}
  for line in text:gmatch "([^\n]*)\n" do out[#out + 1] = line end
  return out
end

local function cells(line)
  local out = {}
  for cell in (line .. ","):gmatch "([^,]*)," do out[#out + 1] = cell end
  return out
end

local function alike(a, b)
  local x, y = core.num.parse(a), core.num.parse(b)
  if not x or not y then return a == b end
  return math.abs(x - y) <= 1e-9 * math.max(math.abs(x), math.abs(y), 1e-3)
end

-- The first line that is another result, or nil.
local function difference(golden, found)
  local a, b = lines(golden), lines(found)
  for i = 1, math.max(#a, #b) do
    if a[i] ~= b[i] then
      local x, y = cells(a[i] or ""), cells(b[i] or "")
      if #x ~= #y then
        return ("line %d: %s\n# now %s"):format(i, a[i] or "(end)", b[i] or "(end)")
      end
      for k = 1, #x do
        if not alike(x[k], y[k]) then return ("line %d: %s\n# now %s"):format(i, a[i], b[i]) end
      end
    end
  end
end

t.ok(difference("a,1\n", "a,2\n") and not difference("a,1\n", "a,1.0000000000001\n")
  and difference("a,1\n", ""), "a change is found")

local folder = os.tmpname()
os.remove(folder)
core.file.mkdir(folder)
for _, study in ipairs(STUDIES) do
  local out, path = folder .. "/" .. study, ("tests/golden/studies/%s.csv"):format(study)
  os.execute(("%s run %s --out %s >%s.log 2>&1"):format(program,
    PLACE[study] or ("recipes/%s.yaml"):format(study), out, out))
  local found = core.file.read(out .. "/results.csv")
  if write then core.file.write(path, found) end
  t.is(core.file.kind(path) and difference(core.file.read(path), found) or nil, nil, study
    .. ": the estimates are those of " .. path)
  t.ok(core.file.kind(path), study .. ": they are on record")
end
core.file.remove_tree(folder)
t.done()
