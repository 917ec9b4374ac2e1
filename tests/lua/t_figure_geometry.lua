-- SPDX-License-Identifier: GPL-3.0-or-later
-- The layout of every example and of every hard variant: nothing outside the figure, no text on
-- another,
-- the numbers of the risk table on the ticks. The browser checks the same with its own fonts.
local t = dofile("tests/lua/tap.lua")
local geometry = dofile("tests/lua/geometry.lua")

local function none(list, name)
  t.is(table.concat(list, "\n", 1, math.min(#list, 5)), "", name)
end

for _, set in ipairs { dofile("tests/golden/examples.lua"), dofile("tests/golden/variants.lua") } do
  for _, name in ipairs(set.names) do
    local fig = set[name]()
    none(geometry.outside(fig), name .. ": nothing outside")
    none(geometry.overlaps(fig), name .. ": no text on another")
    none(geometry.off_ticks(fig), name .. ": the risk table stands on the ticks")
  end
end
t.done()
