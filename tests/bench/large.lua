-- SPDX-License-Identifier: GPL-3.0-or-later
-- make bench-large: a million rows beside R, p = 100 (at 1e5 rows, or R alone would take a quarter
-- of an hour), how the times grow from 1e5 to 1e6 rows and with p, two threads, memory.
local data = dofile("tests/bench/data.lua")
local bench = dofile("tests/bench/table.lua")
local SMALL, LARGE = 100000, 1000000
local small, large = bench.folder(), bench.folder()

local function write_sets(dir, n, more)
  local function write(name, ...)
    data.write(("%s/%s.bin"):format(dir, name), data.make(n, ...))
    collectgarbage()
  end
  write("p5-days", 5, true, 1)
  write("p5-continuous", 5, false, 2)
  write("p20-days", 20, true, 3)
  write("p20-continuous", 20, false, 4)
  if more then write("p100-days", 100, true, 5) end
  os.execute(("ln -s p5-days.bin %s/robust.bin"):format(dir))
end

-- Goals of growth: the slope of log time on log n.
local function growth(few, many)
  print("\ngrowth from 1e5 to 1e6 rows: slope of log time on log n (goal 1.0 +- 0.15, "
    .. "concordance 1.2)")
  for _, g in ipairs(bench.goals) do
    local a, b = few[g[1]], many[g[1]]
    if a and b then
      local slope = math.log(b.seconds / a.seconds) / math.log(LARGE / SMALL)
      print(("%-34s %6.2f"):format(g[1], slope))
    end
  end
  print("\ngrowth with p at 1e5 rows, another model: slope of log time on log p (goal at most 2)")
  local function slope(p, q)
    local a, b = few[("cox %d days again"):format(p)], few[("cox %d days again"):format(q)]
    print(("%-34s %6.2f"):format(("p = %d to %d"):format(p, q),
      math.log(b.seconds / a.seconds) / math.log(q / p)))
  end
  slope(5, 20)
  slope(20, 100)
  print("\ntied days against continuous times (goal at most 2)")
  for _, name in ipairs { "cox 5 %s again", "cox 20 %s again", "km %s", "logrank %s" } do
    local days, continuous = many[name:format("days")], many[name:format("continuous")]
    print(("%-34s %6.2f"):format(name:format("days"), days.seconds / continuous.seconds))
  end
end

write_sets(small, SMALL, true)
write_sets(large, LARGE)
print(("\nn = %d, CPU time"):format(SMALL))
local few = bench.ours(small)
bench.compare(bench.goals, few, bench.peer(small, SMALL))
print(("\nn = %d, CPU time"):format(LARGE))
local many = bench.ours(large)
bench.compare(bench.goals, many, bench.peer(large, LARGE))
growth(few, many)
print(("\nn = %d, p = 20: wall time by threads; memory"):format(LARGE))
for _, kind in ipairs { "days", "continuous" } do
  io.write(bench.output(("%s tests/bench/threads.lua %s/p20-%s.bin %d"):format(bench.program,
    large, kind, LARGE)))
end
os.execute(("rm -rf %s %s"):format(small, large))
