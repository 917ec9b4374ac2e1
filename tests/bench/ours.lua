-- SPDX-License-Identifier: GPL-3.0-or-later
-- build/lunation tests/bench/ours.lua DIR: times the kernels on the sets in DIR and prints
-- "workload <tab> seconds of CPU <tab> a number to compare with R's".
local core = require "lunation.core"
local data = dofile("tests/bench/data.lua")
local dir = arg[1]

-- The set of that name and number of columns; nil when it was not written.
local function read(name, columns)
  local path = ("%s/%s.bin"):format(dir, name)
  local f = io.open(path)
  if not f then return nil end
  local rows = f:seek("end") // 8 // columns
  f:close()
  return data.read(path, rows)
end

-- Median of at least 5 runs; short ones are repeated within a run.
local function time(name, f)
  local check = f()
  local times, inner = {}, 1
  local function once()
    collectgarbage()
    local from = os.clock()
    for _ = 1, inner do check = f() end
    return (os.clock() - from) / inner
  end
  inner = math.max(1, math.min(1000, 0.01 // math.max(once(), 1e-6)))
  for i = 1, 5 do times[i] = once() end
  table.sort(times)
  print(("%s\t%.6g\t%.9g"):format(name, times[3], check or 0))
end

local function surv(d)
  return core.surv.new { time = d[1], status = d[2] }
end

local function covariates(d)
  return table.move(d, 5, #d, 1, {})
end

local function cox(name, d)
  local x, s = covariates(d), surv(d)
  local function loglik(response)
    return function() return core.cox.fit(response or surv(d), x).loglik end
  end
  time(name .. " first", loglik())
  time(name .. " again", loglik(s))
end

for _, kind in ipairs { "days", "continuous" } do
  local d = read("p5-" .. kind, 9)
  local group = d[3]:totable()
  time("km " .. kind, function()
    return core.km.fit(surv(d), {}):_curve(1).survival[10]
  end)
  for i, g in ipairs(group) do group[i] = ("ABCD"):sub(g // 1 | 0, g // 1 | 0) end
  group = core.column.factor(group)
  time("logrank " .. kind, function() return core.logrank.test(surv(d), { by = group }).chisq end)
  cox("cox 5 " .. kind, d)
  if kind == "days" then
    local fit = core.cox.fit(surv(d), covariates(d))
    local linear = fit:linear()
    time("concordance", function() return core.concord.new(surv(d), linear, {}).se end)
    time("zph", function() return fit:zph_tests("km").global.statistic end)
    local cp = read("split", 4)
    if cp then
      local rows, x = core.column.integer(cp[4]:totable()), covariates(d)
      for j, v in ipairs(x) do x[j] = v:gather(rows) end
      time("cox (start, stop] 5", function()
        local s = core.surv.new { start = cp[1], time = cp[2], status = cp[3] }
        return core.cox.fit(s, x).loglik
      end)
    end
  end
end
for _, kind in ipairs { "days", "continuous" } do
  cox("cox 20 " .. kind, read("p20-" .. kind, 24))
end

-- Sets that are not always there.
local function of(name, p, f)
  local d = read(name, 4 + p)
  if d then f(d, surv(d), covariates(d)) end
end
of("p100-days", 100, function(d) cox("cox 100 days", d) end)
of("robust", 5, function(d, _, x)
  time("cox robust 5", function()
    return core.cox.fit(surv(d), x, { weights = d[4], robust = true }).se[1]
  end)
end)
of("screen", 5000, function(_, s, x)
  time("screen 5000", function() return core.cox.screen(s, x).coef[1] end)
end)
of("bootstrap", 6, function(_, s, x)
  time("cox small", function() return core.cox.fit(s, x).coef[1] end)
  time("bootstrap hr", function()
    local b, sum = core.boot.cox(s, x, { replicates = 1000, seed = 1 }):t(1), 0
    for i = 1, #b do sum = sum + b[i] end
    return sum / #b
  end)
end)
local table_csv = io.open(dir .. "/table.csv")
if table_csv then
  table_csv:close()
  time("csv", function() return #core.csv.read(dir .. "/table.csv") end)
  for _, shape in ipairs { "dates", "text", "factors" } do
    time("csv " .. shape, function() return #core.csv.read(("%s/%s.csv"):format(dir, shape)) end)
  end
end
