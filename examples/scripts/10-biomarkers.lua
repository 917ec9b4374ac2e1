-- SPDX-License-Identifier: CC0-1.0
-- A thousand biomarkers, one survival time: which are left when chance is counted?
local core = require "lunation.core"
local lun = require "lunation"
local logrank = require "lunation.surv.logrank"

local cohort = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" }))
local os = cohort:survival { time = "time", event = "event", is = 1, unit = "days",
  title = "Overall survival" }

-- Simulated here: 1000 markers, the first five related to survival. Yours: columns of the file.
math.randomseed(1000)
local function normal()
  return math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random())
end
local time = cohort:column("time")

local found, p = {}, {}
for m = 1, 1000 do
  local values = { n = #cohort }
  for i = 1, #cohort do values[i] = normal() + (m <= 5 and 0.35 * math.log(time[i] + 1) or 0) end
  local high, median = { n = #cohort }, core.summary.quantile(values, 0.5)
  for i = 1, #cohort do high[i] = values[i] > median and "high" or "low" end
  local test = core.logrank.test(os.surv, { by = core.column.factor(high, { "low", "high" }),
    test = "logrank" })
  p[m], found[m] = test.p, { name = ("marker%04d"):format(m), p = test.p }
end

for _, method in ipairs { "bh", "holm", "bonferroni" } do
  for m, adjusted in ipairs(logrank.adjust(p, method)) do found[m][method] = adjusted end
end

local function count(key)
  local n = 0
  for _, f in ipairs(found) do if f[key] < 0.05 then n = n + 1 end end
  return n
end
print(("p < 0.05: %d unadjusted, %d Benjamini-Hochberg, %d Holm, %d Bonferroni"):format(count "p",
  count "bh",
  count "holm", count "bonferroni"))

table.sort(found, function(a, b) return a.p < b.p end)
print("marker            p        BH      Holm  Bonferroni")
for i = 1, 10 do
  local f = found[i]
  print(("%s  %.6f  %8.4f  %8.4f  %10.4f"):format(f.name, f.p, f.bh, f.holm, f.bonferroni))
end
