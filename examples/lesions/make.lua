-- SPDX-License-Identifier: CC0-1.0
-- Makes patients.csv and lesions.csv of this folder: 40 simulated patients with one target lesion
-- each, six visits eight weeks apart. `lunation examples/lesions/make.lua FOLDER` writes them; no
-- patient is in them.
local core = require "lunation.core"
local folder = ... or "examples/lesions"

local function iso(day) return core.column.date({ n = 1, day })[1] end

-- Draw k of patient i: a number in (0, 1) that depends on nothing else.
local function draw(i, k)
  local x = (i * 7919 + k * 104729 + 17) % 233280
  for _ = 1, 3 do x = (x * 9301 + 49297) % 233280 end
  return (x + 0.5) / 233280
end

local patients = { "id,start,death,last_contact" }
local lesions = { "id,date,lesion,role,organ,node,mm,viable_mm" }
for i = 1, 40 do
  local id, start = ("P%03d"):format(i), 18262 + math.floor(draw(i, 1) * 600)
  local baseline, rate = 20 + math.floor(draw(i, 2) * 60), draw(i, 3) * 1.6 - 1
  local last = start + 300 + math.floor(draw(i, 4) * 500)
  patients[#patients + 1] = ("%s,%s,%s,%s"):format(id, iso(start), draw(i, 5) < 0.5 and iso(last)
    or "", iso(last))
  for visit = 0, 5 do
    local day = start + (visit == 0 and -7 or visit * 56)
    local mm = baseline * math.max(0, 1 + rate * visit / 5)
    lesions[#lesions + 1] = ("%s,%s,T1,target,liver,no,%.1f,%.1f"):format(id, iso(day), mm,
      mm * 0.9 ^ visit)
  end
end

core.file.write(folder .. "/patients.csv", table.concat(patients, "\n") .. "\n")
core.file.write(folder .. "/lesions.csv", table.concat(lesions, "\n") .. "\n")
