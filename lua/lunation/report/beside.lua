-- SPDX-License-Identifier: GPL-3.0-or-later
-- beside: the two sections of a report that lay results beside others: those of the variants, and
-- those that were published.
local names = require "lunation.report.names"

local M = {}

-- A link to an analysis of the report, by its title.
local function link(study, id)
  for _, a in ipairs(study.plan.analyses) do
    if a.id == id then return names.link(a) end
  end
  return id
end

-- Rows under a heading for each analysis.
local function grouped(study, list, row_of)
  local rows, last = {}, nil
  for _, e in ipairs(list) do
    if e.analysis ~= last then
      rows[#rows + 1] = { name = link(study, e.analysis), heading = true }
      last = e.analysis
    end
    local row = row_of(e)
    row.indent = 1
    rows[#rows + 1] = row
  end
  return rows
end

-- --- variants ------------------------------------------------------------------------------------

local function changes(doc, study)
  local rows = {}
  for _, v in ipairs(study.variants) do
    for i, c in ipairs(require("lunation.recipe.variants").changes(study, v)) do
      rows[#rows + 1] = { title = i == 1 and v.variant.title or "", path = "`" .. c.path .. "`",
        main = c.a or "(nothing)", here = c.b or "(nothing)" }
    end
    if v.variant.note then
      rows[#rows + 1] = { title = v.variant.note, path = "", main = "", here = "", muted = true }
    end
  end
  doc:table { id = "variants-entries", caption = "What each variant does otherwise", columns = {
    { key = "title", label = "Variant" }, { key = "path", label = "Entry of the recipe" },
    { key = "main", label = "Main" }, { key = "here", label = "Variant" } }, rows = rows }
end

--- The sensitivity analyses: what they change in the recipe, and in the results.
function M.variants(doc, study)
  if #study.variants == 0 then return end
  doc:section("variants", "Sensitivity analyses")
  changes(doc, study)
  local columns, label = { { key = "name", label = "Estimate" },
    { key = "main", label = "Main" } }, names.labels(study.cohort.patients)
  for i, v in ipairs(study.variants) do
    columns[#columns + 1] = { key = "v" .. i, label = v.variant.title }
  end
  local list = require("lunation.recipe.variants").table(study)
  if #list == 0 then return doc:paragraph("No variant changes an estimate.") end
  local rows = grouped(study, list, function(line)
    local row = { name = names.estimate(line.row, label), main = line.main,
      strong = next(line.conclusions) and true or nil }
    for i, v in ipairs(study.variants) do
      local name = v.variant.name
      local conclusion = line.conclusions[name]
      row["v" .. i] = (line.cells[name] or "") .. (conclusion and "; " .. conclusion or "")
    end
    return row
  end)
  doc:table { id = "variants-results", columns = columns, rows = rows,
    caption = "Results that a variant changes, beside the main ones", notes = {
      "In bold: a conclusion changes, that is an interval crosses no effect in one and not in the "
        .. "other, or p = 0.05 is crossed. same: as the main result. An empty cell: the variant "
        .. "does not run that analysis." } }
end

-- --- published -----------------------------------------------------------------------------------

local STATUS = { exact = "reproduced", rounding = "within rounding", differs = "differs",
  missing = "not computed", ambiguous = "ambiguous" }
local EXPECTED = { approximate = "expected to be approximate",
  direction = "only the direction is published", inconsistent = "the source contradicts itself" }

--- What the source printed beside what was computed.
function M.published(doc, study)
  if #study.published == 0 then return end
  doc:section("published", "Published beside computed")
  local label = names.labels(study.cohort.patients)
  local rows = grouped(study, study.published, function(e)
    local expected = EXPECTED[e.expect]
    local remarks = { e.source, e.note }
    if not e.source then remarks = { e.note } end
    return { name = e.row and names.estimate(e.row, label) or e.key,
      published = e.published, computed = e.computed,
      status = STATUS[e.status] .. (expected and " (" .. expected .. ")" or ""),
      note = table.concat(remarks, "; "), strong = not e.ok or nil }
  end)
  doc:table { id = "published-table",
    caption = "What the source printed, and what this run computed at the same digits",
    columns = { { key = "name", label = "Figure" },
      { key = "published", label = "Published", align = "decimal" },
      { key = "computed", label = "Computed", align = "decimal" },
      { key = "status", label = "Status" },
      { key = "note", label = "Source and remarks" } }, rows = rows }
end

return M
