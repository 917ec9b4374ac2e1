-- SPDX-License-Identifier: GPL-3.0-or-later
-- The export as CDISC Analysis Results Standard against the rules of its model (ars_ldm, version 1.0 of the
-- logical model at cdisc-org/analysis-results-standard): fields of each class, those that are required,
-- enumerations, cardinalities, and references that lead to an object.
local t = dofile("tests/lua/tap.lua")
local json = require("lunation.base.json")

-- class -> field -> rule: "!" required; "[]" a list; then a class, a type, an enumeration, or ">KIND" a reference.
local MODEL = {
  ReportingEvent = { name = "!string", id = "!id", version = "integer", listOfPlannedAnalyses = "!NestedList",
    listOfPlannedOutputs = "NestedList", referenceDocuments = "[]ReferenceDocument", terminologyExtensions = "[]TerminologyExtension",
    analysisOutputCategorizations = "[]none", analysisSets = "[]AnalysisSet", analysisGroupings = "[]SubjectGroupingFactor",
    dataSubsets = "[]DataSubset", dataGroupings = "[]none", methods = "[]AnalysisMethod", analyses = "[]Analysis",
    globalDisplaySections = "[]none", outputs = "[]Output" },
  NestedList = { listItems = "[]OrderedListItem" },
  OrderedListItem = { name = "!string", level = "!integer", order = "!integer", analysisId = ">Analysis", outputId = ">Output",
    sublist = "NestedList" },
  ReferenceDocument = { name = "!string", id = "!id", location = "string" },
  TerminologyExtension = { id = "!id", enumeration = "ExtensibleTerminologyEnum", sponsorTerms = "![]SponsorTerm" },
  SponsorTerm = { id = "!id", submissionValue = "!string", description = "string" },
  WhereClauseCondition = { dataset = "string", variable = "string", comparator = "ConditionComparatorEnum", value = "[]string" },
  Compound = { logicalOperator = "!ExpressionLogicalOperatorEnum", whereClauses = "[]WhereClause" },
  WhereClause = { level = "integer", order = "integer", condition = "WhereClauseCondition", compoundExpression = "Compound" },
  AnalysisSet = { id = "!id", label = "string", level = "integer", order = "integer", condition = "WhereClauseCondition",
    compoundExpression = "Compound" },
  DataSubset = { id = "!id", label = "string", level = "integer", order = "integer", condition = "WhereClauseCondition",
    compoundExpression = "Compound" },
  SubjectGroupingFactor = { id = "!id", label = "string", groupingVariable = "string", dataDriven = "!boolean", groups = "[]none" },
  AnalysisMethod = { name = "!string", id = "!id", label = "string", description = "string", documentRefs = "[]DocumentReference",
    operations = "![]Operation", codeTemplate = "none" },
  Operation = { name = "!string", id = "!id", label = "string", referencedOperationRelationships = "[]none", resultPattern = "string" },
  Analysis = { name = "!string", id = "!id", version = "integer", description = "string", reason = "!Reason", purpose = "!Purpose",
    documentRefs = "[]DocumentReference", categoryIds = "[]none", dataset = "string", variable = "string", analysisSetId = ">AnalysisSet",
    dataSubsetId = ">DataSubset", orderedGroupings = "[]OrderedGroupingFactor", methodId = "!>AnalysisMethod",
    referencedAnalysisOperations = "[]none", programmingCode = "ProgrammingCode", results = "[]OperationResult" },
  Reason = { controlledTerm = "!AnalysisReasonEnum" }, Purpose = { controlledTerm = "!AnalysisPurposeEnum" },
  OrderedGroupingFactor = { order = "!integer", groupingId = ">SubjectGroupingFactor", resultsByGroup = "!boolean" },
  ProgrammingCode = { context = "!string", code = "string", documentRef = "DocumentReference", parameters = "[]none" },
  DocumentReference = { referenceDocumentId = "!>ReferenceDocument", pageRefs = "[]none" },
  OperationResult = { operationId = "!>Operation", resultGroups = "[]ResultGroup", rawValue = "string", formattedValue = "string" },
  ResultGroup = { groupingId = ">SubjectGroupingFactor", groupId = "string", groupValue = "string" },
  Output = { name = "!string", id = "!id", version = "integer", fileSpecifications = "[]OutputFile", displays = "[]none",
    categoryIds = "[]none", documentRefs = "[]DocumentReference", programmingCode = "ProgrammingCode" },
  OutputFile = { name = "!string", fileType = "FileType", location = "string", style = "string" },
  FileType = { controlledTerm = "OutputFileTypeEnum", sponsorTermId = ">SponsorTerm" },
}
local ENUMS = {
  ExtensibleTerminologyEnum = "AnalysisReasonEnum|AnalysisPurposeEnum|OperationRoleEnum|OutputFileTypeEnum",
  ConditionComparatorEnum = "EQ|NE|GT|GE|LT|LE|IN|NOTIN", ExpressionLogicalOperatorEnum = "AND|OR|NOT",
  AnalysisReasonEnum = "SPECIFIED IN PROTOCOL|SPECIFIED IN SAP|DATA DRIVEN|REQUESTED BY REGULATORY AGENCY",
  AnalysisPurposeEnum = "PRIMARY OUTCOME MEASURE|SECONDARY OUTCOME MEASURE|EXPLORATORY OUTCOME MEASURE",
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
      if not ("|" .. ENUMS[rule] .. "|"):find("|" .. tostring(v) .. "|", 1, true) then fault(path, "%s is not in %s", tostring(v), rule) end
    elseif rule == "integer" then
      if math.type(v) ~= "integer" and not (type(v) == "number" and v == math.floor(v)) then fault(path, "%s is no integer", tostring(v)) end
    elseif rule:sub(1, 1) == ">" then references[#references + 1] = { path, v, rule:sub(2) }
    elseif rule ~= "id" and type(v) ~= rule then fault(path, "a %s where a %s is expected", type(v), rule) end
  end
  function object(o, class, path)
    if type(o) ~= "table" then return fault(path, "not an object") end
    for field, rule in pairs(MODEL[class]) do
      if rule:sub(1, 1) == "!" and (o[field] == nil or o[field] == json.null) then fault(path, "%s is required", field) end
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
    if class == "WhereClauseCondition" and #o.value ~= 1 then fault(path, "one value for %s", o.comparator) end
    if class == "Compound" and o.logicalOperator ~= "NOT" and #o.whereClauses < 2 then fault(path, "two clauses at least") end
    if o.condition and o.compoundExpression then fault(path, "a condition or a compound, not both") end
  end
  object(event, "ReportingEvent", "event")
  for _, r in ipairs(references) do
    if ids[r[2]] ~= r[3] then fault(r[1], "%s is no %s", tostring(r[2]), r[3]) end
  end
  return faults
end

local recipes = { "conversion-surgery-sintilimab-lenvatinib", "study160", "response-from-lesions" }
for _, name in ipairs(recipes) do
  local study = require("lunation.recipe.run").complete(require("lunation.recipe.load").checked("recipes/" .. name .. ".yaml"))
  local text = require("lunation.report.ars").write(study)
  local event = json.decode(text, name)
  t.is(table.concat(check(event), "\n"), "", name .. " follows the model")
  t.is(text, require("lunation.report.ars").write(study), name .. ": the same bytes again")
  local values, expected = 0, 0
  for _, a in ipairs(event.analyses) do values = values + #a.results end
  for _, row in ipairs(study.rows) do
    for _, f in ipairs { "value", "lower", "upper", "se", "p" } do
      if row[f] ~= nil and row[f] == row[f] then expected = expected + 1 end
    end
  end
  t.is(values, expected, name .. ": every number of the results is there")
  local operations = {}
  for _, m in ipairs(event.methods) do
    for _, o in ipairs(m.operations) do operations[o.id] = m.id end
  end
  local strangers = 0
  for _, a in ipairs(event.analyses) do
    for _, r in ipairs(a.results) do if operations[r.operationId] ~= a.methodId then strangers = strangers + 1 end end
  end
  t.is(strangers, 0, name .. ": operations are those of the analysis' method")
end

-- The check sees what is wrong.
local bad = json.decode('{"name":"x","id":"a","listOfPlannedAnalyses":{"listItems":[{"name":"n","level":1,"order":1,"analysisId":"b"}]},'
  .. '"methods":[{"name":"m","id":"a"}],"colour":1}', "bad")
t.is(#check(bad), 4, "a missing list, an id twice, a reference to nothing, an unknown field")
t.done()
