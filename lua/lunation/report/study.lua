-- SPDX-License-Identifier: GPL-3.0-or-later
-- study: the report of a recipe that has run. It only arranges: what each analysis shows is decided
-- in lunation/analyses.
local document = require "lunation.report.document"
local explain = require "lunation.recipe.explain"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"
local words = require "lunation.report.words"

local M = {}

local function endpoints_of(study)
  local out = {}
  for _, name in ipairs(schema.keys(study.recipe.value.endpoints or {})) do
    out[#out + 1] = { name, study.env[name] }
  end
  return out
end

-- --- flow ----------------------------------------------------------------------------------------

local function flow_steps(doc, study)
  local function known(text) return words.known(doc.lang, text) end
  local steps = { { label = known("Patients read"), n = study.cohort.read } }
  for _, s in ipairs(study.cohort:flow()) do
    local excluded = { { s.label .. (s.kind == "include" and known(": not met") or ""),
      s.excluded } }
    if not s.undecided_kept then
      excluded[2] = { s.label .. known(": cannot be decided (missing value)"), s.missing }
    end
    steps[#steps].excluded = excluded
    steps[#steps + 1] = { label = s.label, n = s.kept }
  end
  if #steps > 1 then steps[#steps].label = known("Patients analysed") end
  return steps
end

-- "no start date: 3; no response: 12": reasons and counts of those left out.
local function left_out(excluded)
  local out = {}
  for i, x in ipairs(excluded) do out[i] = ("%s: %d"):format(x.reason, x.n) end
  return #out > 0 and table.concat(out, "; ") or "none"
end

local function endpoint_table(doc, study)
  local rows = {}
  for _, e in ipairs(endpoints_of(study)) do
    rows[#rows + 1] = { name = e[2].title, n = e[2].n, events = e[2].events,
      censored = e[2].censored, unit = e[2].unit,
      out = left_out(e[2].excluded) }
  end
  if #rows == 0 then return end
  doc:table { id = "endpoints", caption = "Endpoints",
    columns = { { key = "name", label = "Endpoint" },
    { key = "n", label = "n", align = "right" },
    { key = "events", label = "Events", align = "right" },
    { key = "censored", label = "Censored", align = "right" }, { key = "unit", label = "Time in" },
    { key = "out", label = "Left out" } }, rows = rows }
end

local function class_table(doc, study)
  local rows = {}
  for i, c in ipairs(study.cohort.classified) do
    local counts = {}
    for k, e in ipairs(c:counts()) do counts[k] = ("%s: %d"):format(e.level, e.x) end
    rows[i] = { name = c.title, n = c:counts()[1].n, counts = table.concat(counts, "; "),
      out = left_out(c.excluded) }
  end
  if #rows == 0 then return end
  doc:table { id = "patients-classes", caption = "Classes",
    columns = { { key = "name", label = "Class" },
    { key = "n", label = "n", align = "right" }, { key = "counts", label = "Levels" },
    { key = "out", label = "Left out" } },
    rows = rows }
end

-- The patients whose lesions cannot be true, where the recipe leaves them out.
local function refusals_table(doc, study)
  local rows = {}
  for _, name in ipairs(schema.keys(study.recipe.value.response or {})) do
    for _, r in ipairs(study.env[name]:refused()) do
      rows[#rows + 1] = { response = name, id = r.id, code = r.code, row = r.row, lesion = r.lesion,
        message = r.message }
    end
  end
  if #rows == 0 then return end
  doc:table { id = "patients-refused", caption = "Patients refused by the response criteria",
    columns = {
    { key = "response", label = "Response" }, { key = "id", label = "Patient" },
    { key = "code", label = "Code" },
    { key = "row", label = "Row", align = "right" }, { key = "lesion", label = "Lesion" },
    { key = "message", label = "Why" } },
    rows = rows, notes = { "They enter no rate, class or endpoint that these responses lead to." } }
end

local function patients(doc, study)
  doc:section("patients", "Patients")
  doc:flow { id = "flow", caption = "Flow of patients", steps = flow_steps(doc, study) }
  endpoint_table(doc, study)
  class_table(doc, study)
  refusals_table(doc, study)
end

-- --- analyses ------------------------------------------------------------------------------------

-- The recipe's own lines of an analysis, for "how this was computed".
local function recipe_lines(study, a)
  local node = study.recipe.places["analyses." .. a.id]
  if not node then return nil end
  local files = study.lines or {}
  study.lines = files
  local file = require("lunation.core").file.kind(node.file) and node.file or study.recipe.file
  files[file] = files[file] or require("lunation.recipe.lines").of(file)
  return files[file]:block(node.line, a.id)
end

-- The conventions that the results of an analysis state, each once.
local function conventions(study, a, seen, out)
  for _, call in ipairs(a.calls) do
    local r = study.results[a.id][call.as]
    local ok, c = pcall(function() return not call.hidden and r.convention end)
    if ok and c and not seen[c] then
      seen[c] = true
      out[#out + 1] = c
    end
  end
  return out
end

local function how(doc, study, a)
  local warnings, options = {}, {}
  for _, w in ipairs(study.warnings) do
    for _, id in ipairs(w.analyses) do
      if id == a.id then warnings[#warnings + 1] = w.message .. "." end
    end
  end
  for _, k in ipairs(suggest.keys(a.opt)) do
    local v = a.opt[k]
    options[#options + 1] = { k, type(v) == "table" and explain.literal(v) or tostring(v) }
  end
  doc:how { method = table.concat(conventions(study, a, {}, {}), " "), options = options,
    recipe = recipe_lines(study, a), warnings = warnings }
end

local function analysis(doc, study, a, within)
  local heading = within and doc.subsection or doc.section
  heading(doc, a.id, a.opt.title or a.definition.title .. ": " .. a.id)
  if a.opt.note then doc:paragraph(a.opt.note) end
  a.definition.show(doc, study.results[a.id], a.opt, study, a.id)
  how(doc, study, a)
end

-- The analyses in the order of the report: lists with the name of their section, or of one analysis.
local function in_sections(study)
  local report, section_of = study.recipe.value.report or {}, {}
  local lists, named = {}, {}
  for _, name in ipairs(schema.keys(report.sections or {})) do
    for _, id in ipairs(report.sections[name]) do section_of[id] = name end
  end
  for _, a in ipairs(study.plan.analyses) do
    local name = section_of[a.id]
    local list = name and named[name]
    if not list then
      list = { section = name }
      lists[#lists + 1] = list
      if name then named[name] = list end
    end
    list[#list + 1] = a
  end
  return lists
end

local function analyses(doc, study)
  for _, list in ipairs(in_sections(study)) do
    if list.section then doc:section(nil, list.section) end
    for _, a in ipairs(list) do analysis(doc, study, a, list.section) end
  end
end

-- --- methods, provenance -------------------------------------------------------------------------

local function methods_text(doc, study)
  local v, seen, said = study.recipe.value, {}, {}
  doc:section("methods", "Methods")
  if v.report and v.report.methods then doc:paragraph(v.report.methods) end
  for _, a in ipairs(study.plan.analyses) do conventions(study, a, seen, said) end
  doc:paragraph(require("lunation.report.methods").paragraph(study, endpoints_of(study), said))
end

local function provenance(doc, study)
  local v = study.recipe.value
  local rows = { { "Recipe", ("%s, version %s"):format(v.id, v.version) },
    { "Recipe SHA-256", study.recipe.digest } }
  for _, b in ipairs(study.recipe.bases) do
    rows[#rows + 1] = { "Extends " .. require("lunation.base.path").base(b.file), "SHA-256 "
      .. b.digest }
  end
  for _, name in ipairs(schema.keys(v.data)) do
    local source = study.env[name].source
    if source and v.data[name].file and doc.suppress_below then
      rows[#rows + 1] = { "Data: " .. name, ("%d columns, SHA-256 %s"):format(source.columns,
        source.digest) }
    elseif source and v.data[name].file then
      rows[#rows + 1] = { "Data: " .. name, ("%d rows, %d columns, SHA-256 %s"):format(source.rows,
        source.columns, source.digest) }
    end
  end
  for _, p in ipairs(study.recipe.plugins) do
    rows[#rows + 1] = { "Plug-in: " .. p.file, "SHA-256 " .. p.digest }
  end
  rows[#rows + 1] = { "Program", "Lunation " .. require("lunation")._VERSION }
  rows[#rows + 1] = { "Seed", tostring(v.seed) }
  rows[#rows + 1] = { "Results SHA-256 (10 digits)", study.results_digest }
  if v.source and v.source.citation then
    rows[#rows + 1] = { "Source", v.source.citation
      .. (v.source.doi and ", doi " .. v.source.doi or "") }
  end
  doc:provenance(rows)
end

--- The document of a study that has run.
function M.document(study)
  local v = study.recipe.value
  local doc = document.new { title = v.title, subtitle = ("%s, version %s"):format(v.id, v.version),
    simulated = v.simulated,
    lang = v.report and v.report.language, suppress_below = v.report and v.report.suppress_below }
  require("lunation.report.summary").show(doc, study, endpoints_of(study))
  patients(doc, study)
  analyses(doc, study)
  for _, section in ipairs(require("lunation.report").sections()) do
    doc:section(section.id, section.title)
    section.show(doc, study)
  end
  local beside = require "lunation.report.beside"
  beside.variants(doc, study)
  beside.published(doc, study)
  methods_text(doc, study)
  for _, name in ipairs(v.report and v.report.checklist or {}) do
    require("lunation.report.checklists").show(doc, study, name)
  end
  provenance(doc, study)
  if doc.suppress_below then
    require("lunation.report.suppress").document(doc, doc.suppress_below)
  end
  if doc.lang == "zh" then require("lunation.report.chinese").document(doc) end
  return doc
end

return M
