-- SPDX-License-Identifier: CC0-1.0
-- make.lua: writes the simulated cohort of the recipe conversion-surgery-sintilimab-lenvatinib.
-- No patient is in it. Run it in this folder (lua5.4 make.lua): it writes patients.csv and
-- assessments.csv, the same bytes every time.
--
-- SPECIFICATION. The table below was found by search (simulated annealing over whole-month survival
-- tables, then over covariates one at a time), so that an analysis of the dates returns the published
-- aggregates to the printed digit. One line for each treated patient:
--   group      S operated, C criteria met but not operated, F criteria never met
--   os, death  calendar months from the first dose to death (1) or last contact (0)
--   met        days from the first dose to the day the resection criteria were met
--   surgery    calendar months from the first dose to hepatectomy
--   pathology  0 complete, 1 partial, 2 no pathological response
--   rfs, event calendar months from surgery to recurrence (1) or last imaging (0); "-" = R1 resection
--   afp        decline of AFP on therapy, log10 units
--   diameter   largest tumour, cm;  pvtt: grade of portal vein tumour thrombus, 0-4
--   mrecist, recist  best response 0 CR, 1 PR, 2 SD, 3 PD, "-" not evaluable
--   mshrink, rshrink best shrinkage of the sum of viable and of all diameters, as a fraction
-- Everything else (counts of the margins below) is dealt out by a seeded generator.
local SOLVED = [[
S 5 1 92 4 2 - - -0.89 15.2 0 1 2 0.52 0.03
S 6 1 61 3 1 - - -0.69 20.7 3 1 1 0.41 0.31
S 7 1 62 3 2 1 1 -0.54 19.8 3 1 1 0.42 0.86
S 9 1 64 3 1 3 1 -0.54 5.7 0 1 2 0.35 0.12
S 14 1 93 4 2 3 1 -0.34 8.8 4 2 1 0.08 0.31
S 15 1 94 4 1 7 1 -0.22 15.6 2 0 2 1.00 0.16
S 20 1 65 3 2 15 1 2.88 11.4 4 2 1 0.26 0.85
S 20 1 96 4 2 12 1 -0.57 16.9 2 1 1 0.52 0.70
S 23 1 135 6 2 6 1 -0.49 10.6 2 2 2 0.20 0.29
S 25 1 67 3 2 12 1 0.97 3.7 2 1 2 0.61 0.23
S 28 1 68 3 2 11 1 -0.90 14.4 3 2 2 0.10 0.11
S 29 1 70 3 1 11 1 1.99 9.7 3 0 2 1.00 0.07
S 38 1 119 5 1 27 1 -0.91 11.9 1 1 2 0.66 0.26
S 38 1 138 6 1 31 1 0.16 15.3 4 1 1 0.45 0.86
S 20 0 216 8 1 8 1 0.16 19.0 2 1 2 0.85 0.12
S 22 0 97 4 0 11 1 0.73 17.6 1 1 1 0.51 0.60
S 23 0 99 4 0 4 0 2.39 2.2 0 2 1 0.16 0.33
S 23 0 140 6 0 15 0 0.70 5.5 3 0 1 1.00 0.92
S 25 0 71 3 1 11 1 1.03 7.9 2 1 1 0.88 0.74
S 25 0 101 4 1 20 0 0.78 6.7 1 2 1 0.28 0.93
S 25 0 73 3 0 22 0 0.85 16.1 1 0 1 1.00 0.59
S 27 0 121 5 0 14 0 3.10 15.2 3 0 1 1.00 0.97
S 30 0 143 6 1 15 0 -0.54 5.4 3 1 1 0.66 0.94
S 33 0 103 4 1 21 1 0.81 17.6 1 - - - -
S 34 0 493 17 1 17 1 3.56 13.8 2 1 1 0.62 0.78
S 34 0 105 4 0 21 0 1.36 12.0 4 1 2 0.42 0.15
S 34 0 107 4 0 24 1 3.51 12.5 3 1 2 0.85 0.03
S 35 0 123 5 1 26 0 3.30 4.2 3 1 2 0.32 0.25
S 35 0 126 5 0 29 0 -0.23 5.7 4 0 1 1.00 0.91
S 36 0 128 5 0 29 0 0.01 6.6 2 0 1 1.00 0.93
S 36 0 107 4 1 32 0 3.98 10.7 0 1 2 0.73 0.09
S 36 0 189 7 2 11 1 1.95 9.1 1 0 1 1.00 0.96
S 38 0 145 6 0 31 0 2.63 17.1 2 0 2 1.00 0.18
S 38 0 703 24 0 10 1 3.85 11.9 3 0 1 1.00 0.72
S 40 0 74 3 1 28 0 2.09 7.7 2 0 1 1.00 0.49
S 40 0 75 3 2 34 0 -0.63 15.9 3 1 1 0.74 0.79
S 41 0 77 3 0 33 0 2.53 12.2 0 0 1 1.00 0.71
S 41 0 78 3 0 30 0 1.47 11.7 0 1 1 0.93 0.87
S 41 0 80 3 0 20 1 3.94 12.8 2 1 2 0.34 0.09
S 41 0 147 6 2 8 1 -0.25 18.0 2 1 1 0.85 0.74
S 41 0 81 3 0 27 0 2.74 17.2 4 1 2 0.70 0.29
S 41 0 83 3 1 38 0 3.97 3.2 3 2 1 0.13 0.74
S 42 0 84 3 0 39 0 1.31 4.2 4 0 1 1.00 0.81
S 42 0 86 3 1 38 0 3.45 14.9 0 0 1 1.00 0.90
S 42 0 87 3 1 31 0 3.21 14.1 2 2 1 0.25 0.92
S 44 0 131 5 0 36 0 2.76 11.5 0 1 1 0.87 0.62
S 45 0 89 3 1 11 1 -0.00 15.7 0 1 2 0.59 0.16
S 45 0 109 4 2 34 0 0.41 9.2 0 1 1 0.92 0.86
S 46 0 150 6 1 39 0 -0.60 10.8 1 1 2 0.82 0.29
S 47 0 913 31 2 16 1 3.26 8.8 2 1 1 0.44 0.87
S 48 0 111 4 0 44 0 0.64 19.4 1 0 1 1.00 0.84
S 53 0 426 15 0 31 1 1.58 6.6 2 1 1 0.78 0.57
S 54 0 114 4 1 46 0 0.49 12.8 0 1 1 0.62 0.96
S 55 0 90 3 2 40 1 3.83 19.0 0 1 1 0.39 0.82
S 60 0 578 20 1 32 0 3.60 3.4 0 1 1 0.94 0.73
S 61 0 133 5 0 51 0 1.68 2.2 2 0 1 1.00 0.63
S 63 0 244 9 1 45 0 0.47 8.3 1 0 2 1.00 0.13
S 64 0 274 10 0 36 0 3.12 5.9 3 0 1 1.00 0.95
S 66 0 116 4 1 51 0 2.29 8.5 0 0 1 1.00 0.82
S 68 0 152 6 1 61 0 3.73 3.0 3 1 2 0.43 0.07
F 1 1 - - - - - 1.96 20.0 2 - - - -
F 1 1 - - - - - 0.54 4.8 4 - - - -
F 2 1 - - - - - 0.06 19.2 0 - - - -
F 2 1 - - - - - 2.05 18.2 3 - - - -
F 2 1 - - - - - -0.25 7.7 4 - - - -
F 3 1 - - - - - 0.09 6.3 2 - - - -
F 3 1 - - - - - -0.11 10.6 2 - - - -
F 3 1 - - - - - -0.55 9.2 0 - - - -
F 4 1 - - - - - -0.81 22.6 4 - 3 - 0.00
F 5 1 - - - - - 0.06 17.1 3 3 1 0.26 0.30
F 6 1 - - - - - 0.08 6.4 0 3 3 0.00 0.00
F 6 1 - - - - - -0.30 8.8 0 2 3 0.00 0.00
F 6 1 - - - - - -0.21 7.7 3 3 3 0.00 0.00
F 7 1 - - - - - -0.04 12.3 0 1 1 0.89 0.49
C 7 1 128 - - - - -0.45 5.6 4 1 1 0.62 0.66
F 8 1 - - - - - 0.24 21.5 3 3 3 0.00 0.00
F 8 1 - - - - - 0.58 19.2 3 3 3 0.00 0.00
F 8 1 - - - - - 0.01 16.9 3 3 3 0.00 0.00
F 8 1 - - - - - -0.27 11.3 3 3 3 0.14 0.13
F 8 1 - - - - - 2.05 6.1 3 2 2 0.00 0.00
F 8 1 - - - - - 1.45 14.6 4 3 1 0.11 0.44
F 9 1 - - - - - 1.23 7.9 2 0 2 1.00 0.00
F 9 1 - - - - - 2.00 14.5 2 1 2 0.45 0.00
F 10 1 - - - - - 0.01 18.1 4 3 2 0.00 0.00
F 10 1 - - - - - 0.83 6.3 4 3 2 0.20 0.12
F 10 1 - - - - - 0.79 18.3 2 2 2 0.17 0.08
F 11 1 - - - - - -0.72 9.2 1 - 1 - 0.39
F 11 1 - - - - - 1.29 2.4 3 1 2 0.33 0.18
F 12 1 - - - - - -0.49 9.4 3 1 3 0.89 0.22
F 12 1 - - - - - -0.23 23.5 3 2 2 0.04 0.03
F 12 1 - - - - - -0.30 8.1 0 3 2 0.15 0.17
F 13 1 - - - - - 0.93 6.9 3 2 2 0.23 0.14
F 15 1 - - - - - -0.23 15.1 3 3 1 0.16 0.31
F 16 1 - - - - - 0.15 22.8 3 2 2 0.16 0.10
F 18 1 - - - - - 0.72 23.3 3 2 2 0.12 0.04
F 21 1 - - - - - 0.54 2.8 1 1 2 0.41 0.14
F 22 1 - - - - - 0.53 18.7 3 3 2 0.29 0.13
F 23 1 - - - - - 0.22 15.9 4 2 3 0.15 0.05
F 25 1 - - - - - 0.33 14.3 4 0 3 1.00 0.23
C 25 1 170 - - - - -0.26 18.8 2 1 2 0.89 0.07
F 26 1 - - - - - -0.50 17.8 1 3 2 0.25 0.03
C 28 1 119 - - - - 0.43 8.8 3 0 1 1.00 0.75
F 29 1 - - - - - 1.22 8.4 0 0 1 1.00 0.91
F 32 1 - - - - - 0.39 7.4 0 1 1 0.36 0.47
F 34 1 - - - - - 0.42 9.4 1 2 2 0.03 0.05
F 35 1 - - - - - 0.62 13.6 4 2 1 0.13 0.72
F 36 1 - - - - - 0.55 13.4 2 1 1 0.46 0.48
C 37 1 183 - - - - 0.67 5.8 2 2 1 0.02 0.78
F 37 1 - - - - - -0.39 15.7 2 1 3 0.74 0.25
F 40 1 - - - - - 0.18 10.2 1 2 2 0.28 0.19
F 26 0 - - - - - -0.46 3.3 4 1 1 0.63 0.58
F 27 0 - - - - - 0.36 13.8 4 2 1 0.20 0.90
F 34 0 - - - - - 0.60 16.2 0 2 2 0.10 0.28
F 35 0 - - - - - 0.82 7.5 0 1 2 0.97 0.19
C 37 0 134 - - - - -0.09 17.3 0 0 1 1.00 0.81
F 43 0 - - - - - 0.32 14.9 3 2 2 0.26 0.21
C 44 0 222 - - - - 0.30 2.4 3 1 1 0.80 0.52
C 51 0 155 - - - - 0.45 5.2 4 1 2 0.82 0.06
F 54 0 - - - - - 0.33 9.0 0 2 2 0.06 0.22
F 59 0 - - - - - 0.35 15.7 3 2 2 0.23 0.27
]]

-- Minimal-standard generator: the same numbers on every machine.
local state = 20190701
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

-- --- the solved table ----------------------------------------------------------------------------

local FIELDS = { "group", "os", "death", "met", "surgery", "pathology", "rfs", "event", "afp", "diameter", "pvtt",
  "mrecist", "recist", "mshrink", "rshrink" }

local patients = {}
for line in SOLVED:gmatch("[^\n]+") do
  local p, k = {}, 0
  for word in line:gmatch("%S+") do
    k = k + 1
    p[FIELDS[k]] = tonumber(word) or (word ~= "-" and word or nil)
  end
  patients[#patients + 1] = p
end
shuffle(patients)

-- --- dealing out margins -------------------------------------------------------------------------

local function select(condition)
  local out = {}
  for _, p in ipairs(patients) do if condition(p) then out[#out + 1] = p end end
  return out
end

-- Gives field = values to the patients for whom the condition is true: margins = { { value, count }, ... };
-- those left over get `other`.
local function deal(field, condition, margins, other)
  local list = shuffle(select(condition))
  local k = 0
  for _, m in ipairs(margins) do
    for _ = 1, m[2] do
      k = k + 1
      list[k][field] = m[1]
    end
  end
  for i = k + 1, #list do list[i][field] = other end
end

local function everyone() return true end
local function operated(p) return p.group == "S" end
local function failed(p) return p.group == "F" end
local function yes(field) return function(p) return p[field] == "yes" end end

local function baseline()
  deal("sex", everyone, { { "female", 15 } }, "male")
  deal("hbv", everyone, { { "no", 14 } }, "yes")
  deal("cirrhosis", everyone, { { "no", 32 } }, "yes")
  deal("child_pugh", everyone, { { "B", 9 } }, "A")
  deal("hvtt", function(p) return p.pvtt == 0 end, { { "yes", 6 } }, "no")
  for _, p in ipairs(patients) do
    p.hvtt = p.hvtt or "no"
    p.mvi = (p.pvtt > 0 or p.hvtt == "yes") and "yes" or "no"
    p.age = 30 + below(20) + below(21) + below(11)
  end
  deal("ehm", function(p) return p.mvi == "no" end, { { "yes", 12 } }, "no")
  deal("ehm", function(p) return p.mvi == "yes" end, { { "yes", 28 } }, "no")
  table.sort(patients, function(a, b) return a.afp > b.afp end)
  for i, p in ipairs(patients) do
    p.bclc = (p.mvi == "yes" or p.ehm == "yes") and "C" or "B"
    local exponent = math.max(p.afp, 0) + (below(100) / 60)
    p.afp_baseline = i <= 60 and math.max(401, math.floor(10 ^ (exponent + 1))) or math.min(400, math.floor(10 ^ (exponent + 0.5)))
    p.afp_over_400 = i <= 60 and "yes" or "no"
  end
  shuffle(patients)
end

local function surgical()
  deal("major_hepatectomy", operated, { { "yes", 34 } }, "no")
  deal("pvtt_removed", function(p) return operated(p) and p.pvtt > 0 end, { { "yes", 21 } }, "no")
  deal("hvtt_removed", function(p) return operated(p) and p.pvtt_removed ~= "yes" end, { { "yes", 3 } }, "no")
  for _, p in ipairs(patients) do
    if operated(p) then
      p.pvtt_removed, p.hvtt_removed = p.pvtt_removed or "no", p.hvtt_removed or "no"
      if p.hvtt_removed == "yes" and p.mvi == "yes" then p.hvtt = "yes" end
    end
  end
  deal("lymphadenectomy", operated, { { "yes", 14 } }, "no")
  deal("complication", operated, { { "III", 4 }, { "IV", 10 }, { "I-II", 16 } }, "none")
  for _, p in ipairs(patients) do
    if operated(p) then
      p.margin = p.rfs and "R0" or "R1"
      p.pathology_class = ({ [0] = "pCR", "pPR", "pNR" })[p.pathology]
      if p.pathology == 0 then p.viable = 0 end
      if p.pathology == 2 then p.viable = 55 + 5 * below(9) end
    end
  end
  -- half of the partial responders are major responders (at most 30% viable)
  local partial = select(function(p) return p.pathology == 1 end)
  table.sort(partial, function(a, b)
    if a.os ~= b.os then return a.os > b.os end
    return a.diameter < b.diameter
  end)
  for i, p in ipairs(partial) do p.viable = i % 2 == 1 and 5 * (1 + below(6)) or 35 + 5 * below(4) end
end

local function failures()
  local reasons = { "off-protocol local therapy", "off-protocol local therapy", "new extrahepatic lesion" }
  for _, p in ipairs(select(failed)) do
    p.failure = p.mrecist == 0 and table.remove(reasons) or (p.recist == 3 and "progression" or "criteria not met")
  end
  deal("salvage", function(p) return failed(p) and p.os >= 4 end, { { "yes", 21 } }, "no")
  for _, p in ipairs(select(failed)) do p.salvage = p.salvage or "no" end
end

-- Worst grade of each patient, then the events of each.
local function adverse_events()
  deal("ae_grade", function(p) return failed(p) and p.death == 1 and p.os <= 6 end, { { "5", 4 } })
  deal("ae_grade", function(p) return not p.ae_grade end, { { "4", 4 }, { "3", 29 }, { "none", 10 } }, "1-2")
  local fatal = { "myocarditis", "myocarditis", "GI bleeding", "hepatitis with ascites" }
  for _, p in ipairs(patients) do
    p.ae_any = p.ae_grade == "none" and "no" or "yes"
    p.ae_severe = (p.ae_grade == "none" or p.ae_grade == "1-2") and "no" or "yes"
    p.ae_special = p.ae_grade == "4" and "grade 4 myocarditis" or p.ae_grade == "5" and "fatal " .. table.remove(fatal) or "none"
  end
  for _, e in ipairs { { "hypertension", 48 }, { "rash", 36 }, { "hand_foot", 34 }, { "pyrexia", 16 }, { "nausea", 12 } } do
    deal(e[1], yes "ae_any", { { "yes", e[2] } }, "no")
    for _, p in ipairs(patients) do p[e[1]] = p[e[1]] or "no" end
  end
end

-- --- dates ---------------------------------------------------------------------------------------

-- A date some calendar months after (month index from July 2019, day of the month).
local function date(month, day)
  local m = month + 6
  return ("%04d-%02d-%02d"):format(2019 + m // 12, m % 12 + 1, day)
end

-- Civil date some days after a date (month index, day).
local LENGTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
local function later(month, day, days)
  day = day + days
  while true do
    local m = month + 6
    local year, length = 2019 + m // 12, LENGTH[m % 12 + 1]
    if m % 12 == 1 and year % 4 == 0 then length = 29 end
    if day <= length then return date(month, day) end
    day, month = day - length, month + 1
  end
end

-- Whole calendar months keep the day of the month, so that month: calendar gives the solved table back.
local CLOSE = 70 -- May 2025, in months from July 2019
local function dates()
  for _, p in ipairs(patients) do
    local first = p.death == 1 and below(math.min(46, CLOSE - p.os) + 1) or math.max(0, math.min(46, CLOSE - p.os - below(2)))
    local day = 1 + below(28)
    p.start = date(first, day)
    p.death_date = p.death == 1 and date(first + p.os, day) or nil
    p.last_contact = date(first + p.os, day)
    if p.met then
      p.conversion_date = later(first, day, p.met)
      p.conversion_months = ("%.2f"):format(p.met / 30.4375)
      p.cycles = math.max(3, math.min(10, p.met // 21))
      p.course = p.met > 300 and "delayed" or "regular"
    end
    if p.surgery then
      p.surgery_date = date(first + p.surgery, day)
      p.recurrence = p.event == 1 and date(first + p.surgery + p.rfs, day) or nil
      p.last_imaging = p.rfs and date(first + p.surgery + p.rfs, day) or p.last_contact
    end
    p.first, p.day = first, day
  end
end

-- --- files ---------------------------------------------------------------------------------------

local NAMES = { "CR", "PR", "SD", "PD" }
local COLUMNS = { "id", "treated", "start", "age", "sex", "hbv", "cirrhosis", "child_pugh", "bclc", "mvi", "pvtt", "hvtt",
  "ehm", "afp_baseline", "afp_over_400", "diameter", "afp_decline", "recist", "recist_order", "rshrink", "recist_shrank",
  "mrecist", "mrecist_order", "mshrink", "mrecist_shrank", "converted", "group", "conversion_date", "conversion_months", "cycles", "course", "failure", "salvage",
  "surgery", "surgery_date", "margin", "major_hepatectomy", "pvtt_removed", "hvtt_removed", "lymphadenectomy", "complication",
  "pathology_class", "pathology", "viable", "recurrence", "last_imaging", "death_date", "last_contact", "ae_any",
  "ae_severe", "ae_grade", "ae_special", "hypertension", "rash", "hand_foot", "pyrexia", "nausea" }

local function finish()
  for i, p in ipairs(patients) do
    p.id, p.treated = ("P%03d"):format(i), "yes"
    p.afp_decline = ("%.2f"):format(p.afp)
    p.converted = p.met and "yes" or "no"
    p.group = ({ S = "surgery", C = "criteria met, no surgery", F = "criteria not met" })[p.group]
    p.surgery = p.surgery and "yes" or "no"
    for _, kind in ipairs { "recist", "mrecist" } do
      p[kind .. "_order"] = p[kind]
      p[kind] = p[kind] and NAMES[p[kind] + 1] or "NE"
    end
    p.recist_shrank = p.rshrink and (p.rshrink > 0 and "yes" or "no") or nil
    p.mrecist_shrank = p.mshrink and (p.mshrink > 0 and "yes" or "no") or nil
  end
end

local function cell(v)
  if v == nil then return "" end
  v = tostring(v)
  return v:find(",") and '"' .. v .. '"' or v
end

local function write(file, columns, rows)
  local out = assert(io.open(file, "wb"))
  out:write(table.concat(columns, ","), "\n")
  for _, row in ipairs(rows) do
    local cells = {}
    for k, name in ipairs(columns) do cells[k] = cell(row[name]) end
    out:write(table.concat(cells, ","), "\n")
  end
  out:close()
end

-- Baseline and best assessment of every evaluable patient: sums of all and of viable diameters, mm.
local function assessments()
  local rows = {}
  for _, p in ipairs(patients) do
    local sum = math.floor(p.diameter * 10 + 0.5)
    rows[#rows + 1] = { id = p.id, visit = "baseline", date = p.start, sum_mm = sum, viable_mm = sum }
    if p.rshrink then
      local days = p.met and math.max(21, p.met - 10) or math.min(63, p.os * 28 - 1)
      rows[#rows + 1] = { id = p.id, visit = "best", date = later(p.first, p.day, days),
        sum_mm = ("%.2f"):format(sum * (1 - p.rshrink)), viable_mm = p.mshrink and ("%.2f"):format(sum * (1 - p.mshrink)) }
    end
  end
  return rows
end

baseline()
surgical()
failures()
adverse_events()
dates()
finish()
-- 166 screened patients were not treated (the paper prints 168 excluded, which does not add up to 286).
local rows = {}
for i, p in ipairs(patients) do rows[i] = p end
for i = 121, 286 do rows[i] = { id = ("P%03d"):format(i), treated = "no" } end
write("patients.csv", COLUMNS, rows)
write("assessments.csv", { "id", "visit", "date", "sum_mm", "viable_mm" }, assessments())
