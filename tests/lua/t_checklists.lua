-- SPDX-License-Identifier: GPL-3.0-or-later
-- Checklists of reporting guidelines: every item once, every link leads somewhere, nothing is left
-- open.
local t = dofile("tests/lua/tap.lua")
local checklists = require("lunation.report.checklists")

local study = require("lunation.recipe.run").complete(
  require("lunation.recipe.load").checked("recipes/conversion-surgery-sintilimab-lenvatinib.yaml"))
local doc = require("lunation.report.study").document(study)
for _, name in ipairs(checklists.names) do checklists.show(doc, study, name) end

local ITEMS = { strobe = 22, remark = 20, target = 21 }
for name, last in pairs(ITEMS) do
  local rows, seen, highest, answered = checklists.rows(name, study), {}, 0, 0
  for _, row in ipairs(rows) do
    local n = tonumber(row.number:match("^%d+"))
    t.ok(not seen[row.number] and (n == highest or n == highest + 1), name .. " " .. row.number
      .. " stands once, in order")
    seen[row.number], highest = true, n
    if row.where == "" and row.author == "" then
      t.ok(false, name .. " " .. row.number .. " is nobody's")
    end
    for id in row.where:gmatch("%(#([^)]+)%)") do
      if not doc.ids[id] then t.ok(false, name .. " " .. row.number .. ": there is no #" .. id) end
    end
    if row.where ~= "" then answered = answered + 1 end
  end
  t.is(highest, last, name .. " has its items")
  t.ok(answered > last / 3, name .. ": the report answers many of them")
end

local strobe = {}
for _, row in ipairs(checklists.rows("strobe", study)) do strobe[row.number] = row end
t.match(strobe["13c"].where, "%[Flow of patients%]%(#flow%)", "the flow diagram is STROBE 13c")
t.is(strobe["13c"].author, "", "which leaves nothing to write")
t.is(strobe["22"].where, "", "funding is not in the report")
t.is(strobe["22"].author, "this item", "the author writes it")
t.is(strobe["12b"].author, "this item", "an analysis that was not made is the author's to explain")
local target = {}
for _, row in ipairs((checklists.rows("target", study))) do target[#target + 1] = row.number end
t.is(table.concat(target, " "),
  "1a 1b 1c 2 3 4 5 6a 6b 6c 6d 6e 6f 6g 6h 7a 7b 7c 7d 7e 7f 7g.i 7g.ii 7h.i 7h.ii "
  .. "8 9 10 11 12 13 14 15 16 17 18 19 20 21", "TARGET's items as the statement numbers them")
local markdown = require("lunation.report.markdown").write(doc)
t.match(markdown, "| 14c | Follow%-up time.*%[Overall survival%]%(#os%-overall%)",
  "in Markdown, with links")
t.match(require("lunation.report.html").write(doc), '<a href="#os%-overall">', "and in HTML")
local profile
for _, b in ipairs(doc:tables()) do if b.id == "profile" then profile = b end end
t.is(#profile.rows, #study.plan.analyses, "REMARK's profile names every analysis")
t.fails(function() checklists.rows("strobee", study) end, "did you mean.*strobe",
  "a guideline that is not known")
t.done()
