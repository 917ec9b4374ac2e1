-- SPDX-License-Identifier: GPL-3.0-or-later
-- ars: a study that has run as a ReportingEvent of the CDISC Analysis Results Standard 1.0 (JSON). Each
-- analysis of the recipe that has results is an Analysis, each kind of analysis a Method whose operations
-- are the statistics, each row of results one OperationResult with its groups; limits, standard errors and
-- p-values are results of operations of their own.
local json = require "lunation.base.json"
local format = require "lunation.format"
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
local PARTS = { { "value", "" }, { "lower", "lower limit of " }, { "upper", "upper limit of " }, { "se", "standard error of " },
  { "p", "p-value of " } }

local function text_of(field, value)
  if field == "p" then return format.p_value(value) end
  return format.number(value, (math.type(value) == "integer" or value == math.floor(value)) and 0 or 4)
end

-- The operation's name: the statistic, of which part, and at which time.
local function operation_name(row, part)
  local name = part[2] .. row.statistic:gsub("_", " ")
  if row.result and row.result ~= "model" then name = name .. ", " .. row.result end
  if row.time then name = ("%s at %s%s"):format(name, format.shortest(row.time), row.unit and " " .. row.unit or "") end
  return name
end

-- --- parts of the event --------------------------------------------------------------------------------

local GROUPINGS = { { "group", "Group" }, { "term", "Term" } }

-- The groupings of an analysis: those of its columns by which results stand apart.
local function groupings_of(rows)
  local used = {}
  for _, g in ipairs(GROUPINGS) do
    for _, row in ipairs(rows) do
      if row[g[1]] then used[#used + 1] = g break end
    end
  end
  return used
end

local function grouping_id(new, a, g) return new("GRP", a.id .. " " .. g[1]) end

-- Results are grouped by what the data hold, so the groups are data driven.
local function grouping(new, a, g)
  local variable = g[1] == "group" and a.opt.by or nil
  return object { { "id", grouping_id(new, a, g) },
    { "label", g[2] .. " of " .. (a.opt.title or a.id) }, { "groupingVariable", variable or g[1] }, { "dataDriven", true } }
end

local function operation(new, a, name)
  return object { { "id", new("OP", a.kind .. " " .. name) }, { "name", name }, { "label", name } }
end

-- The methods, one for each kind, with the operations of all analyses of that kind.
local function methods_of(new, study, by_analysis)
  local methods, by_kind, seen = {}, {}, {}
  for _, a in ipairs(study.plan.analyses) do
    for _, row in ipairs(by_analysis[a.id] or {}) do
      if not by_kind[a.kind] then
        by_kind[a.kind] = array {}
        methods[#methods + 1] = object { { "id", new("MTH", a.kind) }, { "name", a.definition.title or a.kind },
          { "description", a.definition.doc or a.kind }, { "operations", by_kind[a.kind] } }
      end
      for _, part in ipairs(PARTS) do
        local name = row[part[1]] ~= nil and operation_name(row, part)
        if name and not seen[a.kind .. name] then
          seen[a.kind .. name] = true
          table.insert(by_kind[a.kind], operation(new, a, name))
        end
      end
    end
  end
  return array(methods)
end

local function result_groups(new, a, row)
  local groups = array {}
  for _, g in ipairs(GROUPINGS) do
    if row[g[1]] then
      groups[#groups + 1] = object { { "groupingId", grouping_id(new, a, g) }, { "groupValue", tostring(row[g[1]]) } }
    end
  end
  return groups
end

local function results_of(new, a, rows)
  local out = array {}
  for _, row in ipairs(rows) do
    for _, part in ipairs(PARTS) do
      local value = row[part[1]]
      if value ~= nil and value == value then
        out[#out + 1] = object { { "operationId", new("OP", a.kind .. " " .. operation_name(row, part)) },
          { "resultGroups", result_groups(new, a, row) }, { "rawValue", format.shortest(value) },
          { "formattedValue", type(value) == "number" and text_of(part[1], value) or tostring(value) } }
      end
    end
  end
  return out
end

local function term(word) return object { { "controlledTerm", word } } end

-- The endpoint or column that an analysis is about.
local function subject(a)
  local first = a.opt[a.kind]
  local variable = type(first) == "table" and table.concat(first, " ") or tostring(first)
  return variable
end

local function analysis(new, dataset, a, rows)
  local ordered = array {}
  for order, g in ipairs(groupings_of(rows)) do
    ordered[order] = object { { "order", order }, { "groupingId", grouping_id(new, a, g) }, { "resultsByGroup", true } }
  end
  local out = { { "name", a.opt.title or a.id }, { "id", new("AN", a.id) }, { "version", 1 },
    { "description", a.opt.note or a.definition.doc or a.kind }, { "reason", term "SPECIFIED IN SAP" },
    { "purpose", term "EXPLORATORY OUTCOME MEASURE" }, { "dataset", dataset }, { "variable", subject(a) },
    { "analysisSetId", new("AS", "analysed") } }
  if a.opt.where then out[#out + 1] = { "dataSubsetId", new("DS", a.opt.where) } end
  out[#out + 1] = { "orderedGroupings", ordered }
  out[#out + 1] = { "methodId", new("MTH", a.kind) }
  out[#out + 1] = { "programmingCode", object { { "context", "Lunation " .. require("lunation")._VERSION },
    { "documentRef", object { { "referenceDocumentId", new("DOC", "recipe") } } } } }
  out[#out + 1] = { "results", results_of(new, a, rows) }
  return object(out)
end

local COMPARATORS = { ["=="] = "EQ", ["~="] = "NE", ["<"] = "LT", ["<="] = "LE", [">"] = "GT", [">="] = "GE" }

-- The parts of a conjunction of comparisons of one variable with one value; nil for any other expression.
local function comparisons(where, dataset)
  local out = {}
  for part in (where .. " and "):gmatch "(.-) and " do
    local variable, comparator, value = part:match "^%s*([%w_]+)%s*([=~<>]=?)%s*(.-)%s*$"
    value = value and (value:match "^'([^']*)'$" or value:match '^"([^"]*)"$' or tonumber(value) and value)
    if not value or not COMPARATORS[comparator] then return nil end
    out[#out + 1] = object { { "dataset", dataset }, { "variable", variable }, { "comparator", COMPARATORS[comparator] },
      { "value", array { value } } }
  end
  return out
end

-- The fields of a where clause; what the model's conditions cannot say stays in the label.
local function where_clause(where, dataset)
  local fields = { { "level", 1 }, { "order", 1 } }
  local parts = where and comparisons(where, dataset)
  if parts and #parts == 1 then
    fields[3] = { "condition", parts[1] }
  elseif parts then
    local clauses = array {}
    for i, condition in ipairs(parts) do clauses[i] = object { { "level", 2 }, { "order", i }, { "condition", condition } } end
    fields[3] = { "compoundExpression", object { { "logicalOperator", "AND" }, { "whereClauses", clauses } } }
  end
  return fields
end

local function data_subset(new, where, dataset)
  return object { { "id", new("DS", where) }, { "label", where }, table.unpack(where_clause(where, dataset)) }
end

-- All patients analysed: a single step of the cohort is its condition.
local function analysis_set(new, study, dataset)
  local steps = {}
  for _, s in ipairs(study.cohort:flow()) do steps[#steps + 1] = s.label end
  local only = study.cohort.steps[1]
  local where = #steps == 1 and only.kind == "include" and only.condition or nil
  local label = ("Patients analysed (n = %d)%s"):format(#study.cohort, #steps > 0 and ": " .. table.concat(steps, "; ") or "")
  return object { { "id", new("AS", "analysed") }, { "label", label }, table.unpack(where_clause(where, dataset)) }
end

local FILE_TYPES = { html = "report.html", json = "results.json", csv = "results.csv", md = "report.md" }

local function outputs(new, study)
  local out = array {}
  for _, kind in ipairs((study.recipe.value.report or {}).formats or { "html", "json", "csv" }) do
    local file = FILE_TYPES[kind]
    if file then
      out[#out + 1] = object { { "name", file }, { "id", new("OUT", file) }, { "version", 1 },
        { "fileSpecifications", array { object { { "name", file },
          { "fileType", object { { "sponsorTermId", new("TERM", kind) } } }, { "location", file } } } } }
    end
  end
  return out
end

-- The model knows pdf, rtf and txt as files; the others are terms of the sponsor.
local function terminology(new, study)
  local terms = array {}
  for _, kind in ipairs((study.recipe.value.report or {}).formats or { "html", "json", "csv" }) do
    if FILE_TYPES[kind] then
      terms[#terms + 1] = object { { "id", new("TERM", kind) }, { "submissionValue", kind:upper() }, { "description", FILE_TYPES[kind] } }
    end
  end
  if #terms == 0 then return array {} end
  return array { object { { "id", new("EXT", "files") }, { "enumeration", "OutputFileTypeEnum" }, { "sponsorTerms", terms } } }
end

local function list_of(items, field)
  local list = array {}
  for order, item in ipairs(items) do
    list[order] = object { { "name", item.name }, { "level", 1 }, { "order", order }, { field, item.id } }
  end
  return object { { "listItems", list } }
end

-- Of the study itself: an analysis of a variant has other options, which the model would take for those stated.
local function rows_by_analysis(study)
  local by = {}
  for _, row in ipairs(require("lunation.recipe.output").rows(study)) do
    if not row.variant then
      by[row.analysis] = by[row.analysis] or {}
      table.insert(by[row.analysis], row)
    end
  end
  return by
end

--- The ReportingEvent of a study that has run (with rows), as JSON text; without its variants.
function M.write(study)
  local new, v, by = identifiers(), study.recipe.value, rows_by_analysis(study)
  local dataset = schema.keys(v.data)[1]
  local analyses, groupings, subsets, seen = array {}, array {}, array {}, {}
  for _, a in ipairs(study.plan.analyses) do
    local rows = by[a.id]
    if rows then
      analyses[#analyses + 1] = analysis(new, dataset, a, rows)
      for _, g in ipairs(groupings_of(rows)) do groupings[#groupings + 1] = grouping(new, a, g) end
      if a.opt.where and not seen[a.opt.where] then
        seen[a.opt.where] = true
        subsets[#subsets + 1] = data_subset(new, a.opt.where, dataset)
      end
    end
  end
  local made = outputs(new, study)
  return json.encode(object {
    { "name", v.title }, { "id", new("RE", v.id) }, { "version", 1 },
    { "listOfPlannedAnalyses", list_of(analyses, "analysisId") }, { "listOfPlannedOutputs", list_of(made, "outputId") },
    { "referenceDocuments", array { object { { "name", ("Recipe %s, version %s, SHA-256 %s"):format(v.id, v.version, study.recipe.digest) },
      { "id", new("DOC", "recipe") }, { "location", "run.lock.yaml" } } } },
    { "terminologyExtensions", terminology(new, study) },
    { "analysisSets", array { analysis_set(new, study, dataset) } },
    { "analysisGroupings", groupings }, { "dataSubsets", subsets }, { "methods", methods_of(new, study, by) },
    { "analyses", analyses }, { "outputs", made },
  }) .. "\n"
end

return M
