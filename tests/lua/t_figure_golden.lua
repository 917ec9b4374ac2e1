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
t.done()
