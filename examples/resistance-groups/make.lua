-- SPDX-License-Identifier: CC0-1.0
-- make.lua: writes the simulated cohort of the recipe resistance-groups. No patient is in it.
-- Run it in this folder (lua5.4 make.lua): it writes patients.csv, the same bytes every time.
--
-- SPECIFICATION. Times are quantiles of Weibull distributions, in whole days; a month is 30 days. Shapes and
-- the seeds of the censoring were found by search, so that medians and the limits of SPSS come back.
--   class      n    progression after        death after            last contact
--   primary    229  W(shape, median 85 d)    40 d + W(median 345)   300-1500 days
--   secondary  141  183 d + W(median 175)    150 d + W(median 796)  900-1900 days
--   durable    126  never                    24, by 1100 days       400-1900 days
-- Covariates are dealt out with the published directions: see below.
local SOLVED = {
  primary = { ttp_shape = 1.96, os_shape = 0.868, seed = 7159 },
  secondary = { ttp_shape = 0.9314, os_shape = 1.781, seed = 7326 },
}

-- Minimal-standard generator: the same numbers on every machine.
local state = 20250801
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

-- --- times ---------------------------------------------------------------------------------------

-- n quantiles of a Weibull distribution with that median, shifted by `from`; beyond `to` days shrink to a fifth.
local function weibull(n, shape, median, from, to)
  local out = {}
  for i = 1, n do
    local w = (-math.log(1 - (i - 0.5) / n) / math.log(2)) ^ (1 / shape)
    local day = from + median * w
    out[i] = math.floor((day > to and to + (day - to) / 5 or day) + 0.5)
  end
  return out
end

-- Deaths and last contacts: a death after the last contact is not seen.
local function observed(deaths, first, last, seed)
  state = seed
  local out = {}
  for i, day in ipairs(shuffle(deaths)) do
    local contact = first + below(last - first)
    out[i] = { day = math.min(day, contact), death = day <= contact }
  end
  table.sort(out, function(a, b)
    if a.day ~= b.day then return a.day < b.day end
    return a.death and not b.death
  end)
  return out
end

-- Gives each progression a survival that is longer: the latest progression chooses first.
local function pair(class, progressions, survival)
  local patients = {}
  for i = #progressions, 1, -1 do
    local from = #survival
    while from > 1 and survival[from - 1].day > progressions[i] do from = from - 1 end
    assert(survival[#survival].day > progressions[i], "no survival is long enough")
    local s = table.remove(survival, from + below(#survival - from + 1))
    patients[#patients + 1] = { class = class, ttp = progressions[i], os = s.day, death = s.death }
  end
  return patients
end

local function primary()
  local s = SOLVED.primary
  return pair("primary", weibull(229, s.ttp_shape, 85, 0, 160),
    observed(weibull(229, s.os_shape, 345, 40, 9000), 300, 1500, s.seed))
end

local function secondary()
  local s = SOLVED.secondary
  return pair("secondary", weibull(141, s.ttp_shape, 175, 183, 560),
    observed(weibull(141, s.os_shape, 796, 150, 9000), 900, 1900, s.seed))
end

local function durable()
  local patients = {}
  for i = 1, 126 do
    patients[i] = { class = "durable", os = 400 + below(i <= 24 and 700 or 1500), death = i <= 24 }
  end
  return patients
end

-- --- covariates ----------------------------------------------------------------------------------

-- Deals the values out in the class: margins = { { value, count }, ... }; the rest get `other`.
local function deal(patients, field, margins, other)
  local list, k = shuffle({ table.unpack(patients) }), 0
  for _, m in ipairs(margins) do
    for _ = 1, m[2] do
      k = k + 1
      list[k][field] = m[1]
    end
  end
  for i = k + 1, #list do list[i][field] = other end
end

-- Published: primary resistance goes with the Child-Pugh score, the stage and monotherapy; secondary
-- resistance (against durable benefit) with monotherapy rather than bevacizumab.
local MARGINS = {
  primary = { child_pugh = { { "7", 48 }, { "6", 81 } }, bclc = { { "B", 38 }, { "A", 6 } },
    regimen = { { "ICI + bevacizumab", 46 }, { "ICI + lenvatinib", 83 } } },
  secondary = { child_pugh = { { "7", 13 }, { "6", 38 } }, bclc = { { "B", 42 }, { "A", 11 } },
    regimen = { { "ICI + bevacizumab", 34 }, { "ICI + lenvatinib", 72 } } },
  durable = { child_pugh = { { "7", 9 }, { "6", 33 } }, bclc = { { "B", 39 }, { "A", 13 } },
    regimen = { { "ICI + bevacizumab", 52 }, { "ICI + lenvatinib", 56 } } },
}
local OTHER = { child_pugh = "5", bclc = "C", regimen = "ICI alone" }

local function covariates(patients)
  for _, field in ipairs { "child_pugh", "bclc", "regimen" } do
    deal(patients, field, MARGINS[patients[1].class][field], OTHER[field])
  end
  for _, p in ipairs(patients) do
    p.age, p.sex = 34 + below(20) + below(24), below(100) < 85 and "male" or "female"
    p.hbv = below(100) < 84 and "yes" or "no"
    local pps = p.ttp and p.os - p.ttp or 600
    -- AFP falls as survival after progression rises; so does the share without ICI-based therapy
    p.afp = math.floor(10 ^ (0.6 + below(330) / 100 + (pps < 150 and 1 or pps < 300 and 0.6 or 0)))
    if p.ttp then
      p.next = below(100) < (pps < 150 and 26 or pps < 300 and 38 or 55) and "ICI-based" or "other"
    end
  end
end

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

local CLOSE = 2555 -- 30 December 2024
local COLUMNS = { "id", "start", "age", "sex", "hbv", "child_pugh", "bclc", "afp", "regimen", "progression", "last_imaging",
  "next_therapy", "death", "last_contact" }

local function row(p, i)
  local start = p.death and below(CLOSE - p.os) or CLOSE - p.os - below(30)
  local imaging = p.ttp or math.max(183, p.os - below(90))
  return { ("P%03d"):format(i), date(start), p.age, p.sex, p.hbv, p.child_pugh, p.bclc, p.afp, p.regimen,
    p.ttp and date(start + p.ttp) or "", date(start + math.min(imaging, p.os)), p.next or "",
    p.death and date(start + p.os) or "", date(start + p.os) }
end

local patients = {}
for _, class in ipairs { primary, secondary, durable } do
  local list = class()
  covariates(list)
  table.move(list, 1, #list, #patients + 1, patients)
end
local out = assert(io.open("patients.csv", "wb"))
out:write(table.concat(COLUMNS, ","), "\n")
for i, p in ipairs(shuffle(patients)) do out:write(table.concat(row(p, i), ","), "\n") end
out:close()
