-- SPDX-License-Identifier: GPL-3.0-or-later
-- The export as CDISC Analysis Results Standard against the rules of its model (ars_ldm 1.0, the
-- JSON schema at cdisc-org/analysis-results-standard, project/jsonschema): fields of each class,
-- those that are required, enumerations, cardinalities, and references that lead to an object.
local t = dofile("tests/lua/tap.lua")
local json = require("lunation.base.json")

-- class -> field -> rule: "!" required; "[]" a list; then a class, a type, an enumeration, or
-- ">KIND" a reference.
local MODEL = {
  ReportingEvent = { name = "!string", id = "!id", version = "integer", label = "string",
    mainListOfContents = "!ListOfContents", otherListsOfContents = "[]ListOfContents",
    referenceDocuments = "[]ReferenceDocument", terminologyExtensions = "[]TerminologyExtension",
    analysisOutputCategorizations = "[]none", analysisSets = "[]AnalysisSet",
    analysisGroupings = "[]GroupingFactor", dataSubsets = "[]DataSubset",
    methods = "[]AnalysisMethod", analyses = "[]Analysis", globalDisplaySections = "[]none",
    outputs = "[]Output" },
  ListOfContents = { name = "!string", label = "string", contentsList = "!NestedList" },
  NestedList = { listItems = "[]OrderedListItem" },
  OrderedListItem = { name = "!string", level = "!integer", order = "!integer",
    analysisId = ">Analysis", outputId = ">Output", sublist = "NestedList" },
  ReferenceDocument = { name = "!string", id = "!id", location = "string" },
  TerminologyExtension = { id = "!id", enumeration = "ExtensibleTerminologyEnum",
    sponsorTerms = "![]SponsorTerm" },
  SponsorTerm = { id = "!id", submissionValue = "!string", description = "string" },
  WhereClauseCondition = { dataset = "string", variable = "string",
    comparator = "ConditionComparatorEnum", value = "[]string" },
  Compound = { logicalOperator = "!ExpressionLogicalOperatorEnum", whereClauses = "[]WhereClause" },
  WhereClause = { level = "!integer", order = "!integer", condition = "WhereClauseCondition",
    compoundExpression = "Compound" },
  AnalysisSet = { id = "!id", name = "!string", label = "string", level = "!integer",
    order = "!integer", condition = "WhereClauseCondition", compoundExpression = "Compound" },
  DataSubset = { id = "!id", name = "!string", label = "string", level = "!integer",
    order = "!integer", condition = "WhereClauseCondition", compoundExpression = "Compound" },
  GroupingFactor = { id = "!id", name = "!string", label = "string", groupingVariable = "string",
    dataDriven = "!boolean", groups = "[]none" },
  AnalysisMethod = { name = "!string", id = "!id", label = "string", description = "string",
    documentRefs = "[]DocumentReference", operations = "![]Operation", codeTemplate = "none" },
  Operation = { name = "!string", id = "!id", order = "!integer", label = "string",
    referencedOperationRelationships = "[]none", resultPattern = "string" },
  Analysis = { name = "!string", id = "!id", version = "integer", description = "string",
    reason = "!Reason", purpose = "!Purpose", documentRefs = "[]DocumentReference",
    categoryIds = "[]none", dataset = "string", variable = "string", analysisSetId = ">AnalysisSet",
    dataSubsetId = ">DataSubset", orderedGroupings = "[]OrderedGroupingFactor",
    methodId = "!>AnalysisMethod", referencedAnalysisOperations = "[]none",
    programmingCode = "ProgrammingCode", results = "[]OperationResult" },
  Reason = { controlledTerm = "!AnalysisReasonEnum" },
  Purpose = { controlledTerm = "!AnalysisPurposeEnum" },
  OrderedGroupingFactor = { order = "!integer", groupingId = "!>GroupingFactor",
    resultsByGroup = "!boolean" },
  ProgrammingCode = { context = "!string", code = "string", documentRef = "DocumentReference",
    parameters = "[]none" },
  DocumentReference = { referenceDocumentId = "!>ReferenceDocument", pageRefs = "[]none" },
  OperationResult = { operationId = "!>Operation", resultGroups = "[]ResultGroup",
    rawValue = "string", formattedValue = "string" },
  ResultGroup = { groupingId = "!>GroupingFactor", groupId = "string", groupValue = "string" },
  Output = { name = "!string", id = "!id", version = "integer", fileSpecifications = "[]OutputFile",
    displays = "![]OrderedDisplay", categoryIds = "[]none", documentRefs = "[]DocumentReference",
    programmingCode = "ProgrammingCode" },
  OrderedDisplay = { order = "!integer", display = "!OutputDisplay" },
  OutputDisplay = { id = "!id", name = "!string", version = "integer", displayTitle = "string" },
  OutputFile = { name = "!string", fileType = "FileType", location = "string", style = "string" },
  FileType = { controlledTerm = "OutputFileTypeEnum", sponsorTermId = ">SponsorTerm" },
}
local ENUMS = {
  ExtensibleTerminologyEnum =
    "AnalysisReasonEnum|AnalysisPurposeEnum|OperationRoleEnum|OutputFileTypeEnum",
  ConditionComparatorEnum = "EQ|NE|GT|GE|LT|LE|IN|NOTIN",
  ExpressionLogicalOperatorEnum = "AND|OR|NOT",
  AnalysisReasonEnum =
    "SPECIFIED IN PROTOCOL|SPECIFIED IN SAP|DATA DRIVEN|REQUESTED BY REGULATORY AGENCY",
  AnalysisPurposeEnum =
    "PRIMARY OUTCOME MEASURE|SECONDARY OUTCOME MEASURE|EXPLORATORY OUTCOME MEASURE",
  OutputFileTypeEnum = "pdf|rtf|txt",
}

local function check(event)
  local faults, ids, references = {}, {}, {}
  local function fault(path, ...) faults[#faults + 1] = path .. ": " .. string.format(...) end
  local object
  local function value(v, rule, path)
    if rule == "none" then fault(path, "not expected here")
    elseif MODEL[rule] then object(v, rule, path)
    elseif ENUMS[rule] then
      if not ("|" .. ENUMS[rule] .. "|"):find("|" .. tostring(v) .. "|", 1, true) then
        fault(path, "%s is not in %s", tostring(v), rule)
      end
    elseif rule == "integer" then
      if math.type(v) ~= "integer" and not (type(v) == "number" and v == math.floor(v)) then
        fault(path, "%s is no integer", tostring(v))
      end
    elseif rule:sub(1, 1) == ">" then references[#references + 1] = { path, v, rule:sub(2) }
    elseif rule ~= "id" and type(v) ~= rule then fault(path, "a %s where a %s is expected",
      type(v), rule) end
  end
  function object(o, class, path)
    if type(o) ~= "table" then return fault(path, "not an object") end
    for field, rule in pairs(MODEL[class]) do
      if rule:sub(1, 1) == "!" and (o[field] == nil or o[field] == json.null) then
        fault(path, "%s is required", field)
      end
    end
    for _, field in ipairs(json.keys(o)) do
      local rule, v, at = MODEL[class][field], o[field], path .. "." .. field
      if not rule then fault(at, "no field of %s", class)
      elseif v == nil or v == json.null then fault(at, "null")
      else
        rule = rule:gsub("^!", "")
        if rule == "id" then
          if ids[v] then fault(at, "%s stands twice", v) end
          ids[v] = class
        end
        if rule:sub(1, 2) == "[]" then
          for i, item in ipairs(v) do value(item, rule:sub(3), at .. "[" .. i .. "]") end
        else
          value(v, rule, at)
        end
      end
    end
    if class == "WhereClauseCondition" and #o.value ~= 1 then
      fault(path, "one value for %s", o.comparator)
    end
    if class == "Compound" and o.logicalOperator ~= "NOT" and #o.whereClauses < 2 then
      fault(path, "two clauses at least")
    end
    if o.condition and o.compoundExpression then
      fault(path, "a condition or a compound, not both")
    end
  end
  object(event, "ReportingEvent", "event")
  for _, r in ipairs(references) do
    if ids[r[2]] ~= r[3] then fault(r[1], "%s is no %s", tostring(r[2]), r[3]) end
  end
  return faults
end

local recipes = { "recipes/conversion-surgery-sintilimab-lenvatinib.yaml", "recipes/study160.yaml",
  "recipes/response-from-lesions.yaml", "tests/lua/competing/study.yaml" }
for _, file in ipairs(recipes) do
  local name = file:match("([^/]+)%.yaml$")
  local study = require("lunation.recipe.run").complete(
    require("lunation.recipe.load").checked(file))
  local text = require("lunation.report.ars").write(study)
  local event = json.decode(text, name)
  t.is(table.concat(check(event), "\n"), "", name .. " follows the model")
  t.is(text, require("lunation.report.ars").write(study), name .. ": the same bytes again")
  local values, expected = 0, 0
  for _, a in ipairs(event.analyses) do values = values + #a.results end
  for _, row in ipairs(study.all_rows) do
    for _, f in ipairs { "value", "lower", "upper", "se", "p" } do
      if row[f] ~= nil and row[f] == row[f] then expected = expected + 1 end
    end
  end
  t.is(values, expected, name .. ": every number of the results is there, of variants too")
  local operations, strangers, twice = {}, 0, 0
  for _, m in ipairs(event.methods) do
    for _, o in ipairs(m.operations) do operations[o.id] = m.id end
  end
  for _, a in ipairs(event.analyses) do
    local seen = {}
    for _, r in ipairs(a.results) do
      if operations[r.operationId] ~= a.methodId then strangers = strangers + 1 end
      local key = { r.operationId }
      for _, g in ipairs(r.resultGroups) do key[#key + 1] = g.groupingId .. "=" .. g.groupValue end
      key = table.concat(key, "|")
      if seen[key] then twice = twice + 1 end
      seen[key] = true
    end
  end
  t.is(strangers, 0, name .. ": operations are those of the analysis' method")
  t.is(twice, 0, name .. ": no result of the same operation and groups twice")
  local listed = {}
  local function walk(list)
    for _, item in ipairs(list.listItems) do
      if item.analysisId then listed[item.analysisId] = true end
      if item.sublist then walk(item.sublist) end
    end
  end
  walk(event.mainListOfContents.contentsList)
  local unlisted = 0
  for _, a in ipairs(event.analyses) do if not listed[a.id] then unlisted = unlisted + 1 end end
  t.is(unlisted, 0, name .. ": the contents name every analysis")
  if #study.variants > 0 then
    t.ok(#event.analyses > #study.plan.analyses, name .. ": analyses of variants are there")
  end
end

-- The check sees what is wrong.
local bad = json.decode('{"name":"x","id":"a","mainListOfContents":{"name":"l","contentsList":'
  .. '{"listItems":[{"name":"n","level":1,"order":1,"analysisId":"b"}]}},'
  .. '"methods":[{"name":"m","id":"a"}],"colour":1}', "bad")
t.is(#check(bad), 4, "a missing list, an id twice, a reference to nothing, an unknown field")
t.done()
