-- SPDX-License-Identifier: CC0-1.0
-- make.lua: writes the simulated cohort of the recipe complete-response-durability. No patient is in it.
-- Run it in this folder (lua5.4 make.lua): it writes patients.csv, the same bytes every time.
--
-- SPECIFICATION. 160 patients with a complete response, 70 by mRECIST only and 90 by RECIST 1.1. Time from response to
-- recurrence is exponential; its rate doubles or so with macrovascular invasion and extrahepatic metastasis, and is lower
-- after a RECIST 1.1 response and on longer therapy (the printed ratios). Seed and rates were found by search, so that
-- survival at 3 years is 86%, recurrence-free survival 55%, and 81% in those treated for 6 months or more after response.
-- Eleven conversion patients are set by hand.
local SOLVED = { seed = 380677, months = 52, longer = 0.43, death = 57 }

-- Minimal-standard generator: the same numbers on every machine.
local state = SOLVED.seed
local function below(n)
  state = state * 48271 % 2147483647
  return state % n
end

local function shuffle(list)
  for i = #list, 2, -1 do
    local j = below(i) + 1
    list[i], list[j] = list[j], list[i]
  end
  return list
end

local MONTH = 30.4375
local function days(months) return math.floor(months * MONTH + 0.5) end
local function exponential(mean) return -mean * math.log((below(9999) + 1) / 10000) end

-- Months from response: recurrence (nil: none), end, death at the end.
local CONVERSION = { { nil, 10 }, { nil, 12 }, { nil, 15 }, { 20, 24, true }, { 28, 44 }, { nil, 40 }, { nil, 41 },
  { nil, 43 }, { nil, 45 }, { nil, 48 }, { nil, 52 } }

local patients = {}
local function one(i)
  local p = { recist = i % 16 < 9, mvi = below(100) < 22, ehm = below(100) < 24, continued = below(100) < 30 }
  local rate = (p.mvi and 2.47 or 1) * (p.ehm and 2 or 1) * (p.recist and 0.62 or 1) * (p.continued and SOLVED.longer or 1)
  local recurrence, contact = 1 + exponential(SOLVED.months / rate), 12 + below(480) / 10
  local death, gap = recurrence + 2 + exponential(SOLVED.death), below(15) / 10
  local given = CONVERSION[i]
  if given then recurrence, contact, death, gap = given[1] or 999, given[2], given[3] and given[2] or 999, 0 end
  p.stop = p.continued and 6 + below(200) / 10 or below(59) / 10
  p.conversion = given ~= nil
  p.os, p.death = days(math.min(contact, death)), death <= contact
  p.recurrence = recurrence < p.os / MONTH and days(recurrence) or nil
  p.imaging = p.recurrence or p.os - (p.death and 0 or days(gap))
  -- therapy ends with the recurrence: who recurs within 6 months does not reach them
  p.stop = math.min(days(p.stop), p.imaging)
  p.continued = p.stop >= 183
  return p
end
for i = 1, 160 do patients[i] = one(i) end

-- --- the file ------------------------------------------------------------------------------------

local LENGTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
-- Civil date of a day counted from 1 January 2018 (day 0).
local function date(day)
  local year, month = 2018, 1
  while true do
    local length = LENGTH[month]
    if month == 2 and year % 4 == 0 then length = 29 end
    if day < length then return ("%04d-%02d-%02d"):format(year, month, day + 1) end
    day, month = day - length, month + 1
    if month > 12 then year, month = year + 1, 1 end
  end
end

-- Eight of the conversion patients were resected or transplanted; six had a complete pathological response, two of them
-- with a complete response by mRECIST only.
local function resected()
  local left = { recist = 4, mrecist = 2, none = 2 }
  for _, p in ipairs(patients) do
    local kind = p.recist and "recist" or "mrecist"
    if p.conversion and left[kind] > 0 then
      left[kind], p.pathology = left[kind] - 1, "pCR"
    elseif p.conversion and left.none > 0 then
      left.none, p.pathology = left.none - 1, "no pCR"
    end
  end
end
resected()

local function yes(v) return v and "yes" or "no" end
local COLUMNS = { "id", "start", "response_date", "age", "sex", "criterion", "mvi", "ehm", "conversion", "resected",
  "pathology", "stop_date", "continued", "continued_date", "recurrence", "last_imaging", "death", "last_contact" }
local out = assert(io.open("patients.csv", "wb"))
out:write(table.concat(COLUMNS, ","), "\n")
for i, p in ipairs(shuffle(patients)) do
  local start = below(300)
  local response = start + 60 + below(240)
  out:write(table.concat({ ("P%03d"):format(i), date(start), date(response), 36 + below(20) + below(22),
    below(100) < 83 and "male" or "female", p.recist and "RECIST 1.1" or "mRECIST only", yes(p.mvi), yes(p.ehm),
    yes(p.conversion), yes(p.pathology), p.pathology or "", date(response + p.stop), yes(p.continued),
    p.continued and date(response + 182) or "", p.recurrence and date(response + p.recurrence) or "",
    date(response + p.imaging), p.death and date(response + p.os) or "", date(response + p.os) }, ","), "\n")
end
out:close()
