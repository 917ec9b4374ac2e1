-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: R 4.2, pnorm, pchisq and pt with log.p = TRUE.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local lun = require "lunation"
local pvalue = require "lunation.stat.pvalue"

local function log_of(f, ...)
  local _, log_p = f(...)
  return log_p
end
t.near(log_of(pvalue.normal, 40), -803.9152948331939, 1e-12, "normal, z = 40")
t.near(log_of(pvalue.normal, -40), -803.9152948331939, 1e-12, "two-sided")
t.near(log_of(pvalue.chisq, 2000, 1), -1004.026741958952, 1e-12, "chi-square 2000")
t.near(log_of(pvalue.chisq, 1e5, 3), -49994.46931862031, 1e-12, "chi-square 1e5")
t.near(log_of(pvalue.t, 1e5, 80), -748.1729017153774, 1e-10, "t")
t.is(log_of(pvalue.normal, 2), nil, "no logarithm where the number is good")
t.is(pvalue.normal(0 / 0), nil, "no z, no p")
t.is(pvalue.chisq(0, 0), nil, "no degrees of freedom, no p")

-- Two groups that never overlap: a p of 0 has its logarithm beside it, and no output has NaN or
-- infinity.
local text, n = { "id,time,died,arm" }, 4000
for i = 1, n do text[i + 1] = ("%d,%d,1,%s"):format(i, i, i <= n / 2 and "early" or "late") end
local name = os.tmpname()
local f = io.open(name, "w")
f:write(table.concat(text, "\n"), "\n")
f:close()
local cohort = lun.cohort(lun.read(name, { key = "id", columns = { arm = { "early", "late" } } }))
os.remove(name)
local endpoint = cohort:survival { time = "time", event = "died", is = 1, unit = "days" }
local test = endpoint:logrank { by = "arm" }
local row = test:rows()[2]
t.ok(row.value < 1e-300, "log-rank: p is as good as 0")
t.near(row.log_p, core.dist.chisq_log_upper(test.chisq, 1), 1e-14,
  "its logarithm stands in the row")
local cox = endpoint:cox "arm"
t.match(tostring(cox), "p < 0.001", "it is printed as small")
for _, format in ipairs { "json", "csv" } do
  local all = {}
  for _, r in ipairs { test, cox, endpoint:km { by = "arm" },
    endpoint:rmst { by = "arm", tau = 100 } } do
    for _, one in ipairs(r:rows()) do all[#all + 1] = one end
  end
  local out = core.text.rows(all, { "statistic", "value", "lower", "upper", "p", "log_p", "se" },
    format):lower()
  t.ok(not out:find "nan" and not out:find "inf[^i]", format .. ": neither NaN nor infinity")
  t.ok(out:find("-%d%d%d%d?%.%d"), format .. ": the logarithm is written")
end
t.done()
