-- SPDX-License-Identifier: GPL-3.0-or-later
-- ars: a study that has run as a ReportingEvent of the CDISC Analysis Results Standard 1.0 (JSON),
-- by the schema of its model (https://www.cdisc.org/ars/1-0). Each analysis of the recipe and of
-- its variants that has results is an Analysis, each kind of analysis a Method whose operations are
-- the statistics, each row of results one OperationResult with its groups; limits, standard errors
-- and p-values are results of operations of their own.
local json = require "lunation.base.json"
local format = require "lunation.format"
local output = require "lunation.recipe.output"
local schema = require "lunation.recipe.schema"

local M = {}

local object, array = json.object, json.array

-- An id of letters, digits and _ from any text; unique within the event.
local function identifiers()
  local taken, made = {}, {}
  return function(prefix, text)
    local key = prefix .. "\0" .. text
    if made[key] then return made[key] end
    local base = prefix .. "_" .. text:gsub("[^%w]+", "_"):gsub("^_+", ""):gsub("_+$", "")
    local id, n = base, 1
    while taken[id] do
      n = n + 1
      id = base .. "_" .. n
    end
    taken[id], made[key] = true, id
    return id
  end
end

-- What a row of results gives: { operation, value, formatted }, the estimate first.
local PARTS = { { "value", "" }, { "lower", "lower limit of " }, { "upper", "upper limit of " },
  { "se", "standard error of " }, { "p", "p-value of " } }

local function text_of(field, value)
  if field == "p" then return format.p_value(value) end
  local whole = math.type(value) == "integer" or value == math.floor(value)
  return format.number(value, whole and 0 or 4)
end

-- The operation's name: the statistic, of which part, and at which time.
local function operation_name(row, part)
  local name = part[2] .. row.statistic:gsub("_", " ")
  if row.result and row.result ~= "model" then name = name .. ", " .. row.result end
  if row.time then
    local unit = row.unit and " " .. row.unit or ""
    name = ("%s at %s%s"):format(name, format.shortest(row.time), unit)
  end
  return name
end

-- --- the analyses: of the study, then of its variants -------------------------------------------

-- { { analysis, rows, key (its name in ids), title, set (of whom), variant } ... } in the order of
-- the recipe. The rows are those that results.json has: small counts are suppressed there too.
local function entries_of(study)
  local by, out = {}, {}
  local function list(variant, id)
    local key = (variant or "") .. "\0" .. id
    by[key] = by[key] or {}
    return by[key]
  end
  for _, row in ipairs(output.rows(study)) do
    table.insert(list(row.variant, row.analysis), row)
  end
  local function add(plan, cohort, variant)
    for _, a in ipairs(plan.analyses) do
      local rows, title = list(variant and variant.name, a.id), a.opt.title or a.id
      if #rows > 0 then
        out[#out + 1] = { analysis = a, rows = rows, cohort = cohort, variant = variant,
          set = variant and variant.name or "analysed",
          key = variant and variant.name .. " " .. a.id or a.id,
          title = variant and ("%s (%s)"):format(title, variant.title or variant.name) or title }
      end
    end
  end
  add(study.plan, study.cohort)
  for _, v in ipairs(study.variants or {}) do add(v.study.plan, v.study.cohort, v.variant) end
  return out
end

-- --- groupings and methods ----------------------------------------------------------------------

local GROUPINGS = { { "group", "Group" }, { "term", "Term" } }

-- The groupings of an analysis: those of its columns by which results stand apart.
local function groupings_of(e)
  local used = {}
  for _, g in ipairs(GROUPINGS) do
    for _, row in ipairs(e.rows) do
      if row[g[1]] then used[#used + 1] = g break end
    end
  end
  return used
end

local function grouping_id(new, e, g) return new("GRP", e.key .. " " .. g[1]) end

-- Results are grouped by what the data hold, so the groups are data driven.
local function grouping(new, e, g)
  local by = e.analysis.opt.by
  local variable = g[1] == "group" and type(by) == "string" and by or g[1]
  return object { { "id", grouping_id(new, e, g) }, { "name", g[2] },
    { "label", g[2] .. " of " .. e.title }, { "groupingVariable", variable },
    { "dataDriven", true } }
end

local function operation_id(new, e, row, part)
  return new("OP", e.analysis.kind .. " " .. operation_name(row, part))
end

-- The methods, one for each kind, with the operations of all analyses of that kind.
local function methods_of(new, entries)
  local methods, by_kind, seen = array {}, {}, {}
  for _, e in ipairs(entries) do
    local kind, definition = e.analysis.kind, e.analysis.definition
    if not by_kind[kind] then
      by_kind[kind] = array {}
      methods[#methods + 1] = object { { "id", new("MTH", kind) },
        { "name", definition.title or kind }, { "description", definition.doc or kind },
        { "operations", by_kind[kind] } }
    end
    local operations = by_kind[kind]
    for _, row in ipairs(e.rows) do
      for _, part in ipairs(PARTS) do
        local id = row[part[1]] ~= nil and operation_id(new, e, row, part)
        if id and not seen[id] then
          seen[id] = true
          operations[#operations + 1] = object { { "id", id },
            { "name", operation_name(row, part) }, { "order", #operations + 1 } }
        end
      end
    end
  end
  return methods
end

-- --- analyses and their results -----------------------------------------------------------------

local function result_groups(new, e, row)
  local groups = array {}
  for _, g in ipairs(GROUPINGS) do
    if row[g[1]] then
      groups[#groups + 1] = object { { "groupingId", grouping_id(new, e, g) },
        { "groupValue", tostring(row[g[1]]) } }
    end
  end
  return groups
end

local function results_of(new, e)
  local out = array {}
  for _, row in ipairs(e.rows) do
    for _, part in ipairs(PARTS) do
      local value = row[part[1]]
      if value ~= nil and value == value then
        local formatted = type(value) == "number" and text_of(part[1], value) or tostring(value)
        out[#out + 1] = object { { "operationId", operation_id(new, e, row, part) },
          { "resultGroups", result_groups(new, e, row) }, { "rawValue", format.shortest(value) },
          { "formattedValue", formatted } }
      end
    end
  end
  return out
end

local function term(word) return object { { "controlledTerm", word } } end

-- The endpoint or column that an analysis is about.
local function subject(a)
  local first = a.opt[a.kind]
  return type(first) == "table" and table.concat(first, " ") or tostring(first)
end

local function analysis(new, dataset, e)
  local a, ordered = e.analysis, array {}
  for order, g in ipairs(groupings_of(e)) do
    ordered[order] = object { { "order", order }, { "groupingId", grouping_id(new, e, g) },
      { "resultsByGroup", true } }
  end
  local doc = object { { "referenceDocumentId", new("DOC", "recipe") } }
  local out = { { "name", e.title }, { "id", new("AN", e.key) }, { "version", 1 },
    { "description", a.opt.note or a.definition.doc or a.kind },
    { "reason", term "SPECIFIED IN SAP" }, { "purpose", term "EXPLORATORY OUTCOME MEASURE" },
    { "dataset", dataset }, { "variable", subject(a) }, { "analysisSetId", new("AS", e.set) } }
  if a.opt.where then out[#out + 1] = { "dataSubsetId", new("DS", a.opt.where) } end
  out[#out + 1] = { "orderedGroupings", ordered }
  out[#out + 1] = { "methodId", new("MTH", a.kind) }
  out[#out + 1] = { "programmingCode", object {
    { "context", "Lunation " .. require("lunation")._VERSION }, { "documentRef", doc } } }
  out[#out + 1] = { "results", results_of(new, e) }
  return object(out)
end

-- --- who: sets and subsets ----------------------------------------------------------------------

local COMPARATORS = { ["=="] = "EQ", ["~="] = "NE", ["<"] = "LT", ["<="] = "LE", [">"] = "GT",
  [">="] = "GE" }

-- The parts of a conjunction of comparisons of one variable with one value; nil for any other
-- expression.
local function comparisons(where, dataset)
  local out = {}
  for part in (where .. " and "):gmatch "(.-) and " do
    local variable, comparator, value = part:match "^%s*([%w_]+)%s*([=~<>]=?)%s*(.-)%s*$"
    value = value and (value:match "^'([^']*)'$" or value:match '^"([^"]*)"$'
      or tonumber(value) and value)
    if not value or not COMPARATORS[comparator] then return nil end
    out[#out + 1] = object { { "dataset", dataset }, { "variable", variable },
      { "comparator", COMPARATORS[comparator] }, { "value", array { value } } }
  end
  return out
end

-- A set or subset of the patients; what the model's conditions cannot say stays in the label.
local function chosen(fields, order, where, dataset)
  fields[#fields + 1], fields[#fields + 2] = { "level", 1 }, { "order", order }
  local parts = where and comparisons(where, dataset)
  if parts and #parts == 1 then
    fields[#fields + 1] = { "condition", parts[1] }
  elseif parts then
    local clauses = array {}
    for i, condition in ipairs(parts) do
      clauses[i] = object { { "level", 2 }, { "order", i }, { "condition", condition } }
    end
    fields[#fields + 1] = { "compoundExpression",
      object { { "logicalOperator", "AND" }, { "whereClauses", clauses } } }
  end
  return object(fields)
end

-- All patients analysed, of the study and of each variant: a single step of the cohort is its
-- condition.
local function analysis_sets(new, entries, dataset)
  local sets, seen = array {}, {}
  for _, e in ipairs(entries) do
    if not seen[e.set] then
      seen[e.set] = true
      local steps = {}
      for _, s in ipairs(e.cohort:flow()) do steps[#steps + 1] = s.label end
      local only = e.cohort.steps[1]
      local where = #steps == 1 and only.kind == "include" and only.condition or nil
      local label = ("Patients analysed (n = %d)"):format(#e.cohort)
      if #steps > 0 then label = label .. ": " .. table.concat(steps, "; ") end
      local name = "Patients analysed" .. (e.variant and ", " .. e.variant.name or "")
      sets[#sets + 1] = chosen({ { "id", new("AS", e.set) }, { "name", name }, { "label", label } },
        #sets + 1, where, dataset)
    end
  end
  return sets
end

local function data_subsets(new, entries, dataset)
  local subsets, seen = array {}, {}
  for _, e in ipairs(entries) do
    local where = e.analysis.opt.where
    if where and not seen[where] then
      seen[where] = true
      subsets[#subsets + 1] = chosen({ { "id", new("DS", where) }, { "name", where } },
        #subsets + 1, where, dataset)
    end
  end
  return subsets
end

-- --- outputs, contents --------------------------------------------------------------------------

local function files_of(study)
  local out = {}
  local report = study.recipe.value.report or {}
  for _, kind in ipairs(output.formats(report)) do
    if kind ~= "ars" then out[#out + 1] = { kind = kind, file = output.FILES[kind] } end
  end
  return out
end

-- Each file that the run leaves, with a display for each analysis.
local function outputs(new, study, entries)
  local out = array {}
  for i, f in ipairs(files_of(study)) do
    local displays = array {}
    for order, e in ipairs(entries) do
      displays[order] = object { { "order", order }, { "display", object {
        { "id", new("DISP", f.file .. " " .. e.key) }, { "name", e.title }, { "version", 1 },
        { "displayTitle", e.title } } } }
    end
    out[i] = object { { "name", f.file }, { "id", new("OUT", f.file) }, { "version", 1 },
      { "fileSpecifications", array { object { { "name", f.file },
        { "fileType", object { { "sponsorTermId", new("TERM", f.kind) } } },
        { "location", f.file } } } }, { "displays", displays } }
  end
  return out
end

-- The model knows pdf, rtf and txt as files; the others are terms of the sponsor.
local function terminology(new, study)
  local terms = array {}
  for i, f in ipairs(files_of(study)) do
    terms[i] = object { { "id", new("TERM", f.kind) }, { "submissionValue", f.kind:upper() },
      { "description", f.file } }
  end
  if #terms == 0 then return array {} end
  return array { object { { "id", new("EXT", "files") }, { "enumeration", "OutputFileTypeEnum" },
    { "sponsorTerms", terms } } }
end

local function item(level, order, name, more)
  return object { { "name", name }, { "level", level }, { "order", order }, more }
end

-- The analyses of the study, then those of each variant under its name.
local function contents(new, entries)
  local top, variants = array {}, {}
  for _, e in ipairs(entries) do
    local link = { "analysisId", new("AN", e.key) }
    if not e.variant then
      top[#top + 1] = item(1, #top + 1, e.title, link)
    else
      local name = e.variant.title or e.variant.name
      local under = variants[e.variant.name]
      if not under then
        under = array {}
        variants[e.variant.name] = under
        top[#top + 1] = item(1, #top + 1, name,
          { "sublist", object { { "listItems", under } } })
      end
      under[#under + 1] = item(2, #under + 1, e.title, link)
    end
  end
  return object { { "name", "Analyses" }, { "contentsList", object { { "listItems", top } } } }
end

local function list_of_outputs(made)
  local items = array {}
  for i, o in ipairs(made) do items[i] = item(1, i, o.name, { "outputId", o.id }) end
  return object { { "name", "Outputs" }, { "contentsList", object { { "listItems", items } } } }
end

local function each(entries, make)
  local out = array {}
  for _, e in ipairs(entries) do make(e, out) end
  return out
end

--- The ReportingEvent of a study that has run (with rows), its variants included, as JSON text.
function M.write(study)
  local new, v, entries = identifiers(), study.recipe.value, entries_of(study)
  local dataset, made = schema.keys(v.data)[1], outputs(new, study, entries)
  local recipe = ("Recipe %s, version %s, SHA-256 %s"):format(v.id, v.version, study.recipe.digest)
  return json.encode(object {
    { "name", v.title }, { "id", new("RE", v.id) }, { "version", 1 },
    { "mainListOfContents", contents(new, entries) },
    { "otherListsOfContents", array { list_of_outputs(made) } },
    { "referenceDocuments", array { object { { "name", recipe }, { "id", new("DOC", "recipe") },
      { "location", output.LOCK } } } },
    { "terminologyExtensions", terminology(new, study) },
    { "analysisSets", analysis_sets(new, entries, dataset) },
    { "dataSubsets", data_subsets(new, entries, dataset) },
    { "analysisGroupings", each(entries, function(e, out)
      for _, g in ipairs(groupings_of(e)) do out[#out + 1] = grouping(new, e, g) end
    end) },
    { "methods", methods_of(new, entries) },
    { "analyses", each(entries, function(e, out) out[#out + 1] = analysis(new, dataset, e) end) },
    { "outputs", made },
  }) .. "\n"
end

return M
