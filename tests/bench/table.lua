-- SPDX-License-Identifier: GPL-3.0-or-later
-- What make bench and make bench-large share: running programs, and a table of ours beside R's.
local M = {}

M.program = (os.getenv("B") or "build") .. "/lunation"

function M.output(command)
  local f = assert(io.popen(command))
  local text = f:read("a")
  f:close()
  return text
end

M.has_r = M.output("Rscript -e 'library(survival)' >/dev/null 2>&1 && echo yes") ~= ""

function M.folder()
  return (M.output("mktemp -d"):gsub("%s+$", ""))
end

-- What ours.lua and peer.R print, by workload.
local function results(command)
  local out = {}
  for name, seconds, check in M.output(command):gmatch("([^\t\n]+)\t(%S+)\t(%S+)\n") do
    out[name] = { seconds = tonumber(seconds), check = tonumber(check) }
  end
  return out
end

function M.ours(dir)
  return results(("%s tests/bench/ours.lua %s"):format(M.program, dir))
end

function M.peer(dir, n)
  return M.has_r and results(("Rscript tests/bench/peer.R %s %d"):format(dir, n)) or {}
end

function M.duration(s)
  if not s then return "" end
  if s >= 1 then return ("%.2f s"):format(s) end
  return s >= 1e-3 and ("%.2f ms"):format(s * 1e3) or ("%.1f us"):format(s * 1e6)
end

function M.ratio(peer, ours)
  return peer and ours and ("%.1f"):format(peer / ours) or ""
end

local LINE = "%-34s %10s %10s %8s %6s %10s %8s %6s"
function M.line(...) print((LINE:format(...):gsub("%s+$", ""))) end

-- goals: { workload, against R's usual way, against its kernel }; only workloads that were run.
function M.compare(goals, ours, peer)
  local duration, ratio = M.duration, M.ratio
  M.line("workload", "ours", "R usual", "ratio", "goal", "R kernel", "ratio", "goal")
  for _, g in ipairs(goals) do
    local mine = ours[g[1]]
    local name = g[1]:gsub(" first$", ""):gsub(" again$", "")
    local usual, kernel = peer[name] or {}, peer[name .. "/kernel"] or {}
    if mine then
      M.line(g[1], duration(mine.seconds), duration(usual.seconds),
        ratio(usual.seconds, mine.seconds), g[2] or "", duration(kernel.seconds),
        ratio(kernel.seconds, mine.seconds), g[3] or "")
      local drawn = name == "bootstrap hr" -- another sample
      if usual.check and not drawn
        and math.abs(usual.check - mine.check) > 1e-6 * math.abs(usual.check) then
        print(("  differs: %.9g, R has %.9g"):format(mine.check, usual.check))
      end
    end
  end
end

M.goals = {
  { "km days", 300 }, { "km continuous", 50 }, { "logrank days", 300 },
  { "logrank continuous", 40 },
  { "cox 5 days first", 20, 2.5 }, { "cox 5 days again", 60, 5 },
  { "cox 5 continuous first", 20, 2 }, { "cox 5 continuous again", 60, 3.5 },
  { "cox 20 days first", 20, 4 }, { "cox 20 days again", 60, 8 },
  { "cox 20 continuous first", 20, 4 }, { "cox 20 continuous again", 60, 7 },
  { "cox 100 days first", 20, 10 }, { "cox 100 days again", 60, 20 },
  { "cox (start, stop] 5", 30, 10 }, { "cox robust 5", 15 }, { "concordance", 10 }, { "zph", 10 },
  { "cox small" }, { "screen 5000", 250, 20 }, { "bootstrap hr", 100, 10 }, { "csv", 25, 1.5 },
  { "csv dates", 25 }, { "csv text", 25 }, { "csv factors", 25 },
}

return M
