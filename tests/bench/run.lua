-- SPDX-License-Identifier: GPL-3.0-or-later
-- make bench: one table of workloads, ours beside R's in the same run. Kernels are compared by CPU
-- time (median of at least 5 runs, R's of 1 to 3), whole programs by wall time. "usual" is R as it
-- is mostly used (coxph(), survfit()), "kernel" the function beneath it (coxph.fit, agreg.fit,
-- fread). build/lunation tests/bench/run.lua [large]
local data = dofile("tests/bench/data.lua")
local large = arg[1] == "large"
local n = large and 1000000 or 100000
local program = (os.getenv("B") or "build") .. "/lunation"

local function output(command)
  local f = assert(io.popen(command))
  local text = f:read("a")
  f:close()
  return text
end

local dir = output("mktemp -d"):gsub("%s+$", "")
local has_r = output("Rscript -e 'library(survival)' >/dev/null 2>&1 && echo yes") ~= ""

-- workload -> goals against R's usual way and its kernel
local GOALS = {
  { "km days", 300 }, { "km continuous", 50 }, { "logrank days", 300 },
  { "logrank continuous", 40 },
  { "cox 5 days first", 20, 2.5 }, { "cox 5 days again", 60, 5 },
  { "cox 5 continuous first", 20, 2 }, { "cox 5 continuous again", 60, 3.5 },
  { "cox 20 days first", 20, 4 }, { "cox 20 days again", 60, 8 },
  { "cox 20 continuous first", 20, 4 }, { "cox 20 continuous again", 60, 7 },
  { "cox 100 days first", 20, 10 }, { "cox 100 days again", 60, 20 },
  { "cox (start, stop] 5", 30, 10 }, { "cox robust 5", 15 }, { "concordance", 10 }, { "zph", 10 },
  { "cox small" }, { "screen 5000", 250, 20 }, { "bootstrap hr", 100, 10 }, { "csv", 25, 1.5 },
}

local function write_sets()
  local function write(name, ...) data.write(("%s/%s.bin"):format(dir, name), data.make(...)) end
  local d = data.make(n, 5, true, 1)
  data.write(dir .. "/p5-days.bin", d)
  data.write(dir .. "/split.bin", data.split(d))
  data.write_csv(dir .. "/table.csv", d)
  d = nil
  write("p5-continuous", n, 5, false, 2)
  write("p20-days", n, 20, true, 3)
  write("p20-continuous", n, 20, false, 4)
  if large then write("p100-days", n, 100, true, 5) end
  write("robust", 10000, 5, true, 6) -- R's time is quadratic
  write("screen", 500, 5000, true, 7)
  write("bootstrap", 160, 6, true, 8)
end

local function results(command)
  local out = {}
  for name, seconds, check in output(command):gmatch("([^\t\n]+)\t(%S+)\t(%S+)\n") do
    out[name] = { seconds = tonumber(seconds), check = tonumber(check) }
  end
  return out
end

local function duration(s)
  if not s then return "" end
  if s >= 1 then return ("%.2f s"):format(s) end
  return s >= 1e-3 and ("%.2f ms"):format(s * 1e3) or ("%.1f us"):format(s * 1e6)
end

local function ratio(peer, ours)
  return peer and ours and ("%.1f"):format(peer / ours) or ""
end

local LINE = "%-34s %10s %10s %8s %6s %10s %8s %6s"
local function line(...) print((LINE:format(...):gsub("%s+$", ""))) end

local function kernels()
  local ours = results(("%s tests/bench/ours.lua %s %d"):format(program, dir, n))
  local peer = has_r and results(("Rscript tests/bench/peer.R %s %d"):format(dir, n)) or {}
  print(("\nn = %d (robust 10000), CPU time"):format(n))
  line("workload", "ours", "R usual", "ratio", "goal", "R kernel", "ratio", "goal")
  for _, g in ipairs(GOALS) do
    local mine = ours[g[1]]
    local name = g[1]:gsub(" first$", ""):gsub(" again$", "")
    local usual, kernel = peer[name] or {}, peer[name .. "/kernel"] or {}
    if mine then
      line(g[1], duration(mine.seconds), duration(usual.seconds),
        ratio(usual.seconds, mine.seconds), g[2] or "",
           duration(kernel.seconds), ratio(kernel.seconds, mine.seconds), g[3] or "")
      local drawn = name == "bootstrap hr" -- another sample
      if usual.check and not drawn
        and math.abs(usual.check - mine.check) > 1e-6 * math.abs(usual.check) then
        print(("  differs: %.9g, R has %.9g"):format(mine.check, usual.check))
      end
    end
  end
end

-- Wall time of a program: the median of `reps` runs.
local function wall(command, reps)
  local times = {}
  for i = 1, reps do
    local text = output(("bash -c 'TIMEFORMAT=%%R; time %s >/dev/null 2>&1' 2>&1"):format(command))
    times[i] = tonumber((text:gsub(",", ".")))
  end
  table.sort(times)
  return times[(reps + 1) // 2]
end

local function programs()
  print("\nwhole programs, wall time")
  line("workload", "ours", "peer", "ratio", "goal", "", "", "")
  local hundred = "for i in {1..100}; do %s; done"
  local start, lua = wall(hundred:format(program .. " version"), 3) / 100,
    wall(hundred:format('lua5.4 -e ""'), 3) / 100
  line("version; peer: lua5.4 -e ''", duration(start), duration(lua), ("%.2f"):format(lua / start),
    0.67, "", "", "")
  local study = wall(("%s run recipes/study160.yaml --out %s/study160"):format(program, dir), 11)
  local r = has_r
    and wall(("Rscript tests/bench/study160.R examples/study160/patients.csv %s/r"):format(dir), 3)
    or nil
  line("study160 to report; peer: R", duration(study), duration(r), ratio(r, study), 100,
    "", "", "")
  local first = "recipes/conversion-surgery-sintilimab-lenvatinib.yaml"
  if io.open(first) then
    line("study 001 to report",
      duration(wall(("%s run %s --out %s/study001"):format(program, first, dir), 5)), "", "",
      "<100 ms", "", "", "")
  end
  print("\nRECIST, a million measurements")
  io.write(output(program .. " tests/bench/recist.lua"))
end

write_sets()
programs()
kernels()
os.execute("rm -rf " .. dir)
