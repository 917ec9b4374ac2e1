-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every example figure against its drawing in tests/golden. LUNATION_GOLDEN=write makes them anew:
-- look at what changed before it is committed.
local t = dofile("tests/lua/tap.lua")
local examples = dofile("tests/golden/examples.lua")

for _, name in ipairs(examples.names) do
  local path = "tests/golden/" .. name .. ".svg"
  local fig = examples[name]()
  if os.getenv("LUNATION_GOLDEN") == "write" then fig:save(path) end
  local file = io.open(path, "rb")
  local golden = file and file:read("a") or "(no such file)"
  if file then file:close() end
  t.ok(fig.svg == golden, name .. " is as in " .. path)
  t.ok(examples[name]().svg == fig.svg, name .. " twice gives the same bytes")
  local description = fig.svg:match("<desc[^>]*>(.-)</desc>")
  t.ok(description and #description > 20, name .. " has a description")
  t.ok(#fig:data().rows > 0, name .. " has the numbers behind it")
end

-- A report with ten figures: drawn and written in less than 50 ms, less than 1 MB. SLOW=10: a build
-- that is slow on purpose.
local document, html = require("lunation.report.document"), require("lunation.report.html")
local function ten()
  local doc = document.new { title = "Ten figures" }
  for _, name in ipairs { "km", "km-aml", "km-landmark", "forest", "flow", "waterfall", "cuminc",
    "swimmer", "love", "overlap" } do
    doc:section("s-" .. name, name)
    doc:figure { id = name, caption = name, figure = examples[name]() }
    doc:how { method = "By formula.", n = 120, options = { { "ties", "efron" } } }
  end
  return html.write(doc)
end
local best, size = math.huge, 0
for _ = 1, 5 do
  local from = os.clock()
  size = #ten()
  best = math.min(best, os.clock() - from)
end
t.ok(best < 0.05 * (tonumber(os.getenv "SLOW") or 1),
  ("ten figures in less than 50 ms (%.0f ms)"):format(1000 * best))
t.ok(size < 1e6, ("ten figures in less than 1 MB (%d bytes)"):format(size))
t.done()
