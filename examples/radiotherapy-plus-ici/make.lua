-- SPDX-License-Identifier: CC0-1.0
-- make.lua: writes the simulated cohort of the recipe radiotherapy-plus-ici. No patient is in it.
-- Run it in this folder (lua5.4 make.lua): it writes patients.csv, the same bytes every time.
--
-- SPECIFICATION. 108 patients. Deaths are quantiles of a Weibull distribution, last contacts are spread by a seeded
-- generator; progression comes at a share of the time. Scales and seed were found by search, so that the medians of
-- survival (17.0 months), progression-free survival (12.6) and follow-up (18.8) come back. Margins are exact.
local SOLVED = { seed = 15306, death = 482, share = 0.355 }

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

-- Survival and progression in whole days from the first fraction.
local patients = {}
local function times()
  local order = {}
  for i = 1, 108 do order[i] = i end
  shuffle(order)
  for k, i in ipairs(order) do
    local w = (-math.log(1 - (i - 0.5) / 108) / math.log(2)) ^ (1 / 1.4)
    local death, contact = math.floor(30 + SOLVED.death * w + 0.5), 240 + below(800)
    local p = { os = math.min(death, contact), death = death <= contact }
    local share = SOLVED.share + below(1000) / 1000 * (1.3 - SOLVED.share)
    local progression = math.floor(death * share + 0.5)
    p.progression = progression < p.os and progression or nil
    local gap = below(45)
    p.imaging = p.progression or p.death and p.os or math.max(1, p.os - gap)
    patients[k] = p
  end
end
times()

-- --- margins -------------------------------------------------------------------------------------

-- Gives the values out: margins = { { value, count }, ... }; those left over get `other`. Where a condition is given,
-- only among those patients.
local function deal(field, margins, other, condition)
  local list, k = {}, 0
  for _, p in ipairs(patients) do
    if not condition or condition(p) then list[#list + 1] = p else p[field] = other end
  end
  shuffle(list)
  for _, m in ipairs(margins) do
    for _ = 1, m[2] do
      k = k + 1
      list[k][field] = m[1]
    end
  end
  for i = k + 1, #list do list[i][field] = other end
end

local function responds(p) return p.imaging >= 60 end
deal("ehm", { { "yes", 58 } }, "no")
deal("pvtt", { { "yes", 69 } }, "no")
deal("response", { { "CR", 17 }, { "PR", 64 } }, nil, responds)
deal("response_other", { { "PD", 9 } }, "SD", function(p) return not p.response end)
deal("in_field", { { "yes", 1 } }, "no", function(p) return p.progression end)
deal("dose", { { 55, 30 }, { 60, 24 }, { 50, 26 }, { 45, 10 } }, 58)
deal("ae_severe", { { "yes", 33 } }, "no")
deal("thrombocytopenia", { { "yes", 19 } }, "no", function(p) return p.ae_severe == "yes" end)

-- --- the file ------------------------------------------------------------------------------------

local LENGTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
-- Civil date of a day counted from 1 January 2020 (day 0).
local function date(day)
  local year, month = 2020, 1
  while true do
    local length = LENGTH[month]
    if month == 2 and year % 4 == 0 then length = 29 end
    if day < length then return ("%04d-%02d-%02d"):format(year, month, day + 1) end
    day, month = day - length, month + 1
    if month > 12 then year, month = year + 1, 1 end
  end
end

local COLUMNS = { "id", "start", "age", "sex", "hbv", "ehm", "pvtt", "dose", "response", "in_field", "ae_severe",
  "thrombocytopenia", "progression", "last_imaging", "death", "last_contact" }
local out = assert(io.open("patients.csv", "wb"))
out:write(table.concat(COLUMNS, ","), "\n")
for i, p in ipairs(patients) do
  local start = below(1500 - p.os)
  out:write(table.concat({ ("P%03d"):format(i), date(start), 35 + below(20) + below(22), below(100) < 86 and "male" or "female",
    below(100) < 84 and "yes" or "no", p.ehm, p.pvtt, p.dose, p.response or p.response_other, p.in_field, p.ae_severe,
    p.thrombocytopenia, p.progression and date(start + p.progression) or "", date(start + p.imaging),
    p.death and date(start + p.os) or "", date(start + p.os) }, ","), "\n")
end
out:close()
