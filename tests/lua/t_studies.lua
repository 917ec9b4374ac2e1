-- SPDX-License-Identifier: GPL-3.0-or-later
-- docs/studies.md lists every row of the five papers: each row is answered by the analyses that it
-- names, with the statuses that it states, and every contradiction of a source is asserted as one.
local t = dofile "tests/lua/tap.lua"
local core = require "lunation.core"
local load = require "lunation.recipe.load"
local schema = require "lunation.recipe.schema"

-- study -> row -> { analyses, status }
local function listed()
  local out, rows = {}, nil
  for line in core.file.read "docs/studies.md":gmatch "[^\n]+" do
    local study = line:match "^## (%S+)"
    if study then
      rows = {}
      out[study] = rows
    end
    local row, analyses, status = line:match "^| (%d+) |.*| ([^|]+) | ([^|]+) |$"
    if row then rows["row " .. row] = { analyses = analyses, status = status } end
  end
  return out
end

local ROWS = { ["conversion-surgery-sintilimab-lenvatinib"] = 55,
  ["complete-response-durability"] = 10, ["resistance-groups"] = 8,
  ["conversion-surgery-ici-combinations"] = 15, ["radiotherapy-plus-ici"] = 8 }
local CONTRADICTIONS = {
  ["conversion-surgery-sintilimab-lenvatinib"] = { "screening excluded[Started conversion therapy]",
    "duration-all max" },
  ["complete-response-durability"] = { "rfs-covariates hr[model: criterion: RECIST 1.1]",
    "rfs-by-therapy survival(36)[no]",
    "os-conversion survival(36)" },
  ["resistance-groups"] = {}, ["conversion-surgery-ici-combinations"] = { "rfs survival(48)" },
  ["radiotherapy-plus-ici"] = {},
}

local lists = listed()
for study, n in pairs(ROWS) do
  local v, rows, found, inconsistent = load.checked("recipes/" .. study .. ".yaml").value,
    lists[study], {}, {}
  for _, id in ipairs(schema.keys(v.published)) do
    for _, key in ipairs(schema.keys(v.published[id])) do
      local e = v.published[id][key]
      local row = rows[e.from]
      t.ok(row, ("%s, %s %s: %s is listed"):format(study, id, key, tostring(e.from)))
      local group = id:gsub("%-[^-]*$", "")
      t.ok(row and (row.analyses:find(id, 1, true) or row.analyses:find(group, 1, true)),
        ("%s, %s: names %s"):format(study, e.from, id))
      local expect = e.expect or "exact"
      t.ok(row and (row.status:find(expect) or row.status:find "the same"),
        ("%s, %s, %s: states %s"):format(study, e.from, key, expect))
      found[e.from] = true
      if expect == "inconsistent" then inconsistent[#inconsistent + 1] = id .. " " .. key end
    end
  end
  for row = 1, n do
    local name = "row " .. row
    t.ok(rows[name] and (found[name] or rows[name].status:find "^shown"),
      ("%s, %s: answered, or said to be a drawing"):format(study, name))
    for id in (rows[name] or { analyses = "" }).analyses:gmatch "[^%s,]+" do
      t.ok(v.analyses[id] or id == "variants" or id:find "^%-",
        ("%s, %s: the recipe has %s"):format(study, name, id))
    end
  end
  t.is(rows["row " .. n + 1], nil, study .. ": no more rows")
  table.sort(inconsistent)
  table.sort(CONTRADICTIONS[study])
  t.is(table.concat(inconsistent, "; "), table.concat(CONTRADICTIONS[study], "; "), study
    .. ": its contradictions are asserted")
end
t.done()
