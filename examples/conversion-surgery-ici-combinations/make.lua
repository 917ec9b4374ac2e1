-- SPDX-License-Identifier: CC0-1.0
-- make.lua: writes the simulated cohort of the recipe conversion-surgery-ici-combinations. No patient is in it.
-- Run it in this folder (lua5.4 make.lua): it writes patients.csv, the same bytes every time.
--
-- SPECIFICATION. The table was found by simulated annealing over times in days, so that medians, hazard ratios and
-- follow-up come back to the printed digit. One entry for each patient who met the criteria for resection:
--   group (S operated, N not), days from the first dose to death (1) or last contact (0), days from the first dose
--   to progression, or death without it (1), or last imaging (0).
-- Everything else is dealt out by a seeded generator; therapy after surgery goes with longer survival.
local SOLVED = [[
S 198 0 190 0; S 206 0 205 0; S 208 1 208 1; S 212 0 198 0; S 239 1 239 1; S 251 1 214 1
S 256 0 210 0; S 258 0 213 1; S 276 0 200 0; S 292 0 212 1; S 293 0 290 0; S 299 0 225 0
S 313 0 280 0; S 316 0 260 0; S 326 0 257 0; S 363 1 199 1; S 370 1 370 1; S 374 0 241 1
S 384 0 319 0; S 393 0 202 1; S 400 0 317 0; S 402 0 273 1; S 411 0 345 0; S 412 0 384 0
S 415 0 399 0; S 461 1 410 1; S 490 0 469 0; S 508 0 455 0; S 533 1 211 1; S 556 1 315 1
S 566 0 487 0; S 589 0 230 1; S 603 0 306 1; S 623 0 543 0; S 631 0 560 0; S 631 0 202 1
S 652 1 516 1; S 662 0 403 1; S 674 0 264 1; S 685 0 628 0; S 689 1 528 1; S 694 0 194 1
S 712 1 211 1; S 720 0 292 1; S 733 0 691 0; S 788 0 779 0; S 839 0 306 1; S 855 0 833 0
S 869 0 867 0; S 999 0 369 1; S 1146 1 350 1; S 1152 0 1133 0; S 1162 0 1161 0; S 1162 0 1155 0
S 1201 0 215 1; S 1235 0 309 1; S 1258 0 1203 0; S 1363 1 1292 1; S 1376 0 1323 0; S 1437 0 1397 0
S 1451 1 895 1; S 1489 0 1481 0; S 1606 0 1534 0; S 1630 1 282 1; S 1676 0 1653 0; S 1679 0 1660 0
S 1732 0 1643 0; S 1852 0 1767 0; S 1880 0 1829 0; S 1901 0 1776 1; S 1940 0 1744 1; S 1952 0 301 1
S 1969 0 1903 0; S 1987 0 1897 0; N 90 1 61 1; N 104 0 95 0; N 124 1 74 1; N 128 1 43 1
N 135 1 41 1; N 138 0 136 0; N 145 1 145 1; N 179 0 137 0; N 185 0 147 0; N 190 1 64 1
N 190 0 49 1; N 217 0 43 1; N 227 0 185 0; N 233 1 88 1; N 248 0 44 1; N 249 1 54 1
N 264 1 215 1; N 309 1 273 1; N 312 0 269 0; N 315 1 93 1; N 332 1 306 1; N 366 1 296 1
N 389 1 55 1; N 390 1 51 1; N 399 0 322 0; N 421 1 64 1; N 450 0 423 0; N 512 0 486 0
N 525 1 70 1; N 529 0 245 1; N 579 0 542 0; N 617 1 428 1; N 625 1 257 1; N 667 1 667 1
N 716 1 615 1; N 736 0 696 0; N 773 1 69 1; N 978 1 746 1; N 1066 0 710 1; N 1128 0 1081 0
N 1180 1 794 1; N 1269 0 1146 1; N 1295 0 1063 1; N 1309 1 798 1; N 1321 1 565 1; N 1417 1 919 1
N 1421 1 129 1; N 1446 1 840 1; N 1554 0 596 1; N 1592 1 988 1; N 1644 1 340 1; N 1700 1 133 1
N 1712 0 1690 0; N 1939 1 1088 1
]]

-- Minimal-standard generator: the same numbers on every machine.
local state = 20250128
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

local LENGTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
-- Civil date of a day counted from 1 January 2019 (day 0).
local function date(day)
  local year, month = 2019, 1
  while true do
    local length = LENGTH[month]
    if month == 2 and year % 4 == 0 then length = 29 end
    if day < length then return ("%04d-%02d-%02d"):format(year, month, day + 1) end
    day, month = day - length, month + 1
    if month > 12 then year, month = year + 1, 1 end
  end
end

local patients = {}
for group, os, death, pfs, event in SOLVED:gmatch("(%u) (%d+) (%d) (%d+) (%d)") do
  patients[#patients + 1] = { surgery = group == "S" and "yes" or "no", os = tonumber(os), death = death == "1",
    pfs = tonumber(pfs), progressed = event == "1" and not (death == "1" and os == pfs) }
end
shuffle(patients)

-- 17 of the 74 operated patients stop: those who die or progress early, for the most part.
local function stop_therapy()
  local operated = {}
  for _, p in ipairs(patients) do
    if p.surgery == "yes" then
      operated[#operated + 1] = p
      p.order = (p.death and 0 or 330) + (p.progressed and 0 or 200) + below(750)
    end
  end
  table.sort(operated, function(a, b)
    if a.order ~= b.order then return a.order < b.order end
    return a.os < b.os
  end)
  for i, p in ipairs(operated) do p.sequential = i <= 17 and "no" or "yes" end
end

local CLOSE = 2190 -- 30 December 2024
local function row(p, i)
  local start = CLOSE - p.os - below(math.min(60, CLOSE - p.os + 1))
  local surgery = p.surgery == "yes" and start + math.min(90 + below(120), p.pfs - 30)
  local again = p.sequential == "yes" and surgery + 25 + below(5)
  return { ("P%03d"):format(i), "yes", date(start), 34 + below(20) + below(22), below(100) < 86 and "male" or "female",
    below(100) < 85 and "yes" or "no", below(100) < 70 and "C" or "B", below(100) < 45 and "yes" or "no",
    p.surgery, surgery and date(surgery) or "", p.sequential or "", again and date(again) or "", "no", "no",
    p.progressed and date(start + p.pfs) or "", date(start + p.pfs), p.death and date(start + p.os) or "",
    date(start + p.os) }
end

stop_therapy()
local COLUMNS = { "id", "met_criteria", "start", "age", "sex", "hbv", "bclc", "afp_over_400", "surgery", "surgery_date",
  "sequential", "sequential_date", "serious_reaction", "perioperative_death", "progression", "last_imaging", "death",
  "last_contact" }
local out = assert(io.open("patients.csv", "wb"))
out:write(table.concat(COLUMNS, ","), "\n")
for i, p in ipairs(patients) do out:write(table.concat(row(p, i), ","), "\n") end
for i = #patients + 1, 613 do out:write(("P%03d,no%s\n"):format(i, (","):rep(#COLUMNS - 2))) end
out:close()
