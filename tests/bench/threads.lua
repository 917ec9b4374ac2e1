-- SPDX-License-Identifier: GPL-3.0-or-later
-- build/lunation tests/bench/threads.lua SET N: a Cox model of all columns on one thread and on
-- two, in turn: the least wall time of each, whether the bits are the same, and the memory at the
-- peak of the fit (with its columns) against the raw matrix of doubles.
local core = require "lunation.core"
local data = dofile("tests/bench/data.lua")
local n = tonumber(arg[2])
local REPS = 5

local function now()
  local f = assert(io.popen("date +%s.%N"))
  local t = f:read("n")
  f:close()
  return t
end

-- Bytes of /proc/self/status; nil elsewhere than on Linux.
local function memory(field)
  local f = io.open("/proc/self/status")
  local text = f and f:read("a") or ""
  if f then f:close() end
  local kb = text:match(field .. ":%s*(%d+) kB")
  return kb and tonumber(kb) * 1024
end

local function forget_peak()
  local f = io.open("/proc/self/clear_refs", "w")
  if f then
    f:write("5")
    f:close()
  end
end

local d = data.read(arg[1], n)
local x = table.move(d, 5, #d, 1, {})
local function response() return core.surv.new { time = d[1], status = d[2] } end

local function fit_on(threads, s)
  core.threads(threads)
  collectgarbage()
  collectgarbage()
  local from = now()
  local fit = core.cox.fit(s or response(), x)
  local seconds = now() - from
  return seconds, ("%a %a %a"):format(fit.loglik, fit.coef[1], fit.se[#x])
end

local function compare(what, s)
  local best, bits = { math.huge, math.huge }, {}
  for _ = 1, REPS do
    for threads = 1, 2 do
      local seconds, text = fit_on(threads, s)
      best[threads] = math.min(best[threads], seconds)
      bits[threads] = text
    end
  end
  print(("%-14s one thread %8.1f ms, two %8.1f ms: %.2f times as fast (goal 1.6), %s"):format(
    what, best[1] * 1e3, best[2] * 1e3, best[1] / best[2],
    bits[1] == bits[2] and "the same bits" or "OTHER BITS"))
end

print(arg[1]:match("[^/]+$"))
compare("first model", nil)
compare("another model", response())
collectgarbage()
collectgarbage()
local before, raw = memory("VmRSS"), n * #x * 8
forget_peak()
fit_on(1)
local peak = memory("VmHWM")
if peak then
  print(("memory         %.2f times the raw matrix (goal 2.2)"):format((peak - before + raw) / raw))
end
