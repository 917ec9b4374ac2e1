-- SPDX-License-Identifier: GPL-3.0-or-later
-- make bench: one table of workloads, ours beside R's in the same run. Kernels are compared by CPU
-- time (median of at least 5 runs, R's of 1 to 3), whole programs by wall time. "usual" is R as it
-- is mostly used (coxph(), survfit()), "kernel" the function beneath it (coxph.fit, agreg.fit,
-- fread).
local data = dofile("tests/bench/data.lua")
local bench = dofile("tests/bench/table.lua")
local output, line, duration, ratio = bench.output, bench.line, bench.duration, bench.ratio
local program, has_r = bench.program, bench.has_r
local n = 100000
local dir = bench.folder()

local function write_sets()
  local function write(name, ...) data.write(("%s/%s.bin"):format(dir, name), data.make(...)) end
  local d = data.make(n, 5, true, 1)
  data.write(dir .. "/p5-days.bin", d)
  data.write(dir .. "/split.bin", data.split(d))
  data.write_csv(dir .. "/table.csv", d)
  for _, shape in ipairs { "dates", "text", "factors" } do
    data.write_shape(("%s/%s.csv"):format(dir, shape), shape, n)
  end
  d = nil
  write("p5-continuous", n, 5, false, 2)
  write("p20-days", n, 20, true, 3)
  write("p20-continuous", n, 20, false, 4)
  write("robust", 10000, 5, true, 6) -- R's time is quadratic
  write("screen", 500, 5000, true, 7)
  write("bootstrap", 160, 6, true, 8)
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

-- A study from start to report, into a new folder as R does it, and in place of an earlier report,
-- which is flushed to the disk first. R: tests/bench/NAME.R INPUT DIR.
local function study(name, recipe, input, goal)
  local run = ("%s run %s --out %s/%s"):format(program, recipe, dir, name)
  local fresh = wall(run .. "-$RANDOM$RANDOM", 11)
  local r = has_r
    and wall(("Rscript tests/bench/%s.R %s %s/%s-r"):format(name, input, dir, name), 3)
  line(name .. " to report; peer: R", duration(fresh), duration(r), ratio(r, fresh), goal, "", "",
    "")
  line(name .. " in place of a report", duration(wall(run, 11)), "", "", "", "", "", "")
end

local function programs()
  print("\nwhole programs, wall time")
  line("workload", "ours", "peer", "ratio", "goal", "", "", "")
  local hundred = "for i in {1..100}; do %s; done"
  local start, lua = wall(hundred:format(program .. " version"), 3) / 100,
    wall(hundred:format('lua5.4 -e ""'), 3) / 100
  line("version; peer: lua5.4 -e ''", duration(start), duration(lua), ("%.2f"):format(lua / start),
    0.67, "", "", "")
  study("study160", "recipes/study160.yaml", "examples/study160/patients.csv", 100)
  study("study001", "recipes/conversion-surgery-sintilimab-lenvatinib.yaml",
    "examples/conversion-surgery", 50)
  print("\nRECIST, a million measurements")
  io.write(output(program .. " tests/bench/recist.lua"))
end

write_sets()
programs()
print(("\nn = %d (robust 10000), CPU time"):format(n))
bench.compare(bench.goals, bench.ours(dir), bench.peer(dir, n))
os.execute("rm -rf " .. dir)
