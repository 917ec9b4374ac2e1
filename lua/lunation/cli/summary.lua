-- SPDX-License-Identifier: GPL-3.0-or-later
-- summary: the ten lines that a finished run prints.
local M = {}

local LINES = 7 -- of estimates; with cohort, published and report they make ten

local function pad(text, width)
  local n = utf8.len(text) or #text
  return text .. (" "):rep(math.max(1, width - n))
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
    print(require("lunation.base.json").encode { out = dir, results = json })
    return
  end
  print(study.recipe.value.title)
  print(tostring(study.cohort))
  for i, h in ipairs(require("lunation.recipe.headline").of(study)) do
    if i > LINES then break end
    print(pad(h.analysis, 24) .. pad(h.group, 16) .. ("n = %d, events = %d, "):format(h.row.n,
      h.row.events) .. h.result
      .. (h.published and "   published " .. h.published.published or ""))
  end
  local ok, n, off = counts(study)
  if n > 0 then print(("published figures: %d of %d as expected"):format(ok, n)) end
  for i = 1, math.min(#off, 5) do
    print(("  %s %s: published %s, computed %s (%s)"):format(off[i].analysis, off[i].key,
      off[i].published, off[i].computed, off[i].status))
  end
  if #study.variants > 0 then
    local changed = require("lunation.recipe.variants").conclusions(study)
    print(("variants: %d, %s"):format(#study.variants, changed == 0 and "no conclusion changes"
      or changed == 1 and "one conclusion changes, see the report" or changed
      .. " conclusions change, see the report"))
  end
  print("report: " .. dir .. "/report.html")
end

return M
