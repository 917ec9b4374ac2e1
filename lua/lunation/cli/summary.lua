-- SPDX-License-Identifier: GPL-3.0-or-later
-- summary: the ten lines that a finished run prints.
local format = require "lunation.format"

local M = {}

local LINES = 7 -- of estimates; with cohort, published and report they make ten

local function pad(text, width)
  local n = utf8.len(text) or #text
  return text .. (" "):rep(math.max(1, width - n))
end

-- The estimates a reader asks for first, in the order of the recipe: medians and hazard ratios.
local function headline(rows)
  local out = {}
  for _, row in ipairs(rows) do
    if row.result == "km" and row.statistic == "median" then
      out[#out + 1] = { row.analysis, row.group, ("n = %d, events = %d, median %s %s"):format(row.n, row.events,
        format.time(row.value, row.lower, row.upper), row.unit or "") }
    elseif row.statistic == "hr" and (row.result == "cox" or row.result == "model") then
      out[#out + 1] = { row.analysis, row.term, "HR " .. format.hr(row.value, row.lower, row.upper)
        .. (row.p and ", " .. format.p(row.p) or "") }
    end
  end
  return out
end

local function published_beside(study, row)
  for _, e in ipairs(study.published) do
    if e.row and e.row.analysis == row.analysis and e.row.result == row.result and e.row.statistic == row.statistic
      and e.row.group == row.group and e.row.term == row.term and e.row.time == row.time then return "   published " .. e.published end
  end
  return ""
end

local function counts(study)
  local ok, n = 0, #study.published
  local off = {}
  for _, e in ipairs(study.published) do
    if e.ok then ok = ok + 1 else off[#off + 1] = e end
  end
  return ok, n, off
end

--- Prints the summary of a study whose report is in dir; json: rows, printed as JSON instead.
function M.print(study, dir, json)
  if json then
    print(require("lunation.json").encode { out = dir, results = json })
    return
  end
  local rows = require("lunation.recipe.run").rows(study)
  print(study.recipe.value.title)
  print(tostring(study.cohort))
  local shown = 0
  for _, row in ipairs(rows) do
    local line = headline { row }[1]
    if line and shown < LINES then
      shown = shown + 1
      print(pad(line[1], 24) .. pad(tostring(line[2] or "all"), 16) .. line[3] .. published_beside(study, row))
    end
  end
  local ok, n, off = counts(study)
  if n > 0 then print(("published figures: %d of %d as expected"):format(ok, n)) end
  for i = 1, math.min(#off, 5) do
    print(("  %s %s: published %s, computed %s (%s)"):format(off[i].analysis, off[i].key, off[i].published, off[i].computed, off[i].status))
  end
  print("report: " .. dir .. "/report.html")
end

return M
