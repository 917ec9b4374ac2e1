-- SPDX-License-Identifier: GPL-3.0-or-later
-- format: what a recipe may say, as schemas. From these tables come the checker, the JSON Schema
-- for editors and the reference page.
local conventions = require "lunation.base.conventions"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

local text = { type = "text" }

local label = { type = "text", doc = "name in tables and figures" }
local unit = { type = "text", doc = "unit, shown beside the label" }
local known = { type = "text", doc = "the date column that says when this becomes known" }

local column_map = {
  type = "map",
  fields = {
    type = { type = "text", choices = { "number", "integer", "date", "factor", "text" },
      doc = "what the column holds" },
    levels = { type = "list", of = text, doc = "the values of a factor, reference level first" },
    label = label, unit = unit, known = known,
    min = { type = "number", doc = "smallest value that is possible" },
    max = { type = "number", doc = "largest value that is possible" },
    missing = { type = "list", of = text, single = true, doc = "codes that mean missing" },
    values = { type = "map", others = text, fields = {},
      doc = "what the file writes: what it means" },
    from = { type = "text", doc = "the column's name in the file" },
    format = { type = "text",
      doc = "how dates are written: YYYY-MM-DD, DD/MM/YYYY, excel-1900 ..." },
    decimal = { type = "text", choices = { ".", "," }, doc = "decimal mark of this column" },
    ordered = { type = "boolean", doc = "levels have an order" },
  },
}

local column = {
  type = "kinds", expected = "a type, a list of levels, or a map",
  scalar = { type = "text", choices = { "number", "integer", "date", "factor", "text" } },
  list = { type = "list", of = text },
  map = column_map,
}

local data_file = {
  type = "map", order = true,
  fields = {
    file = { type = "text", doc = "path, relative to the recipe; --data NAME=FILE replaces it" },
    from = { type = "text",
      doc = "another table of the recipe, to be summarised to one row for each key" },
    key = { type = "text", doc = "column with the patient's id" },
    rows = { type = "text", choices = { "one", "many" }, doc = "one row for each key, or many" },
    separator = { type = "text", doc = "column separator, \",\" unless stated" },
    decimal = { type = "text", choices = { ".", "," }, doc = "decimal mark" },
    encoding = { type = "text", doc = "utf-8 unless stated; gb18030, latin1" },
    missing = { type = "list", of = text, single = true,
      doc = "codes that mean missing in every column" },
    summarise = { type = "map", fields = {}, others = text, order = true,
      doc = "column: first(x), last(x), min(x), max(x), sum(x) or count(x), with `where` if needed" },
    intervals = { type = "map", fields = {
        day = { type = "text", required = true, doc = "column: day of the visit" },
        finish = { type = "text", required = true, doc = "expression: last day of observation" },
        event = { type = "text", required = true, doc = "column with the patient's event" },
        is = { type = "list", of = text, single = true, doc = "value that is the event" },
        ever = { type = "list", of = text, single = true,
          doc = "0/1 columns: has it happened so far?" },
        zero = { type = "text", choices = { "drop", "half-day" }, doc = "intervals of no length" },
      }, doc = "(start, stop] rows made of another table's visits" },
    sdtm = { type = "map",
      doc = "lesions out of SDTM's TR (with tu) or responses out of RS, which `from` names",
      fields = {
        tu = { type = "text", doc = "the table that is TU" },
        baseline = { type = "text",
          doc = "VISIT of the baseline; else the last one up to the start" },
        reader = { type = "text", doc = "only this one: \"INVESTIGATOR\"" },
        accepted = { type = "boolean", doc = "only rows whose TRACPTFL or RSACPTFL is Y" },
        test = { type = "text", doc = "RSTESTCD of the response, OVRLRESP unless stated" },
        partial = { type = "text", choices = { "stop", "exclude" },
          doc = "patients with a partial date in RS" },
      } },
    columns = { type = "map", fields = {}, others = column, order = true,
      doc = "columns that are used" },
  },
}

local condition = { type = "map", fields = {
  where = { type = "text", required = true, doc = "the condition" },
  as = { type = "text", doc = "its name in the flow of patients" } } }

local step = {
  type = "map",
  fields = {
    include = { type = "kinds", expected = "a condition or a map",
      doc = "keep the patients for whom it is true",
      scalar = text,
      map = condition },
    exclude = { type = "kinds", expected = "a condition or a map",
      doc = "leave out the patients for whom it is true",
      scalar = text,
      map = condition },
    derive = { type = "map", fields = {}, doc = "name: a new column for every patient",
      others = { type = "kinds", expected = "an expression or a map",
      scalar = text,
      map = { type = "map",
        fields = { value = { type = "text", required = true, doc = "the expression" },
          label = label,
        unit = unit, known = known, levels = { type = "list", of = text,
          doc = "makes it a factor, reference level first" } } } },
      order = true },
    aggregate = { type = "map", fields = {}, order = true,
      doc = "one value for each patient out of a linked table",
      others = { type = "map",
        fields = { of = { type = "text", required = true, doc = "the linked table" },
        value = { type = "text", required = true,
          doc = "first(x), last(x), min(x), max(x), sum(x) or count(x), with `where`" },
        label = label, unit = unit, known = known } } },
  },
}

local MONTH = { { type = "number", min = 28, max = 31 },
  { type = "text", choices = { "calendar" } } }

local endpoint = {
  type = "map", others = { type = "any" }, order = true,
  fields = {
    use = { type = "text", doc = "name of the endpoint, when it is not the key itself" },
    title = { type = "text", doc = "title in the report" },
    unit = { type = "text", choices = { "days", "weeks", "months", "years" },
      doc = "unit of time" },
    month = { type = "kinds", expected = "a number or \"calendar\"",
      doc = "days in a month, 30.4375 unless stated",
      scalars = MONTH, scalar = function(node)
        return tonumber(node.text) and MONTH[1] or MONTH[2]
      end },
    where = { type = "text", doc = "only these patients" },
    data = { type = "text", doc = "another table than the patients'" },
    time = { type = "text", doc = "column with the time, when it exists already" },
    event = { type = "text",
      doc = "column with the event (with time), or with its date (with origin)" },
    censor = { type = "text", doc = "column with the date of the last contact" },
    origin = { type = "text", doc = "column with the date at which the clock starts" },
    start = { type = "text",
      doc = "column with the time at which a patient comes under observation (with time)" },
    is = { type = "list", of = text, single = true,
      doc = "the value of the event column that is the event" },
    causes = { type = "map", fields = {}, others = { type = "list", of = text, single = true },
      doc = "competing events: the name of each and its value of the event column, in place of is" },
    divide = { type = "number", doc = "the time column is divided by this" },
    response = { type = "text",
      doc = "one of the recipe's responses, or a column with the date of the response (ttr)" },
    censoring = { type = "any",
      doc = "fda, ema, or a list of censoring rules: see docs/methods/endpoint-rules.md" },
    rules = { type = "any", doc = "events and censoring of an endpoint that is stated here: see \z
      docs/methods/endpoint-rules.md" },
  },
}

local conventions_of = { type = "text", choices = conventions.NAMES,
  doc = "the program that is followed" }

local function convention_fields()
  local fields = { follow = conventions_of }
  for _, row in ipairs(conventions.ROWS) do
    local field = { doc = row.of }
    for k, v in pairs(conventions.VALUES[row.key]) do field[k] = v end
    fields[row.key] = field
  end
  return fields
end

-- Where to find what has another name here.
local OTHER_NAMES = {
  subgroup = "a cox with where: for the patients of one subgroup, or terms: treatment * sex",
  subgroups = "a cox with where: for the patients of one subgroup, or terms: treatment * sex",
  forest = "cox: ENDPOINT with figure: forest", followup = "km: ENDPOINT with follow_up: true",
  kaplan_meier = "km: ENDPOINT", survival = "km: ENDPOINT", baseline = "table1: [column, ...]",
  competing_risks = "cuminc: ENDPOINT, whose endpoint has causes:", gray = "cuminc: ENDPOINT",
  crr = "finegray: ENDPOINT", coxph = "cox: ENDPOINT", survfit = "km: ENDPOINT",
}

-- A key of an analysis that is an analysis of its own, or has another name.
local function elsewhere(key)
  if require("lunation.analyses").find(key) then
    return ("%s is an analysis of its own: NAME: { %s: ... }"):format(key, key)
  end
  return OTHER_NAMES[key] and ("write " .. OTHER_NAMES[key])
end

-- An analysis names its kind by its first key.
local function analysis(node, checker, path)
  if node.kind ~= "map" or #node:keys() == 0 then
    checker:add(node, path, "recipe.type", path
      .. " must be a map whose first key is a kind of analysis")
    return nil
  end
  local kind = node:keys()[1]
  local analyses = require "lunation.analyses"
  local a = analyses.find(kind)
  if not a then
    local place = node:key_place(kind)
    checker.errors[#checker.errors + 1] = errors.new("recipe.kind",
      ('unknown kind of analysis "%s"'):format(kind), {
      file = node.file, line = place.line, column = place.column, excerpt = place.excerpt,
      path = path, width = #kind,
      hint = elsewhere(kind) or suggest.hint(kind, analyses.names()) })
    return nil
  end
  return { type = "map", fields = a.fields, order = true, elsewhere = elsewhere }
end

M.analysis = analysis

-- What a variant may lay over the recipe; the result is checked as every recipe is.
M.overrides = { "conventions", "seed", "data", "cohort", "response", "classes", "endpoints",
  "analyses" }

local variant = { type = "map", order = true, fields = {
  title = { type = "text", doc = "what is done otherwise, for the report" },
  note = { type = "text", doc = "why" },
  only = { type = "list", of = text, single = true,
    doc = "the analyses that are run and compared; all unless stated" },
} }

-- A figure as it was printed.
local printed = {
  type = "kinds", expected = "what was printed, or a map with its value", scalar = text,
  map = { type = "map", order = true, fields = {
    value = { type = "text", required = true,
      doc = "as printed: 79.2% (69.3-90.5), 58% (70/120), 36 (25-NE), <0.001, >80%, NE" },
    p = { type = "text", doc = "its p-value as printed: 0.031, <0.001" },
    expect = { type = "text", choices = { "exact", "rounding", "approximate", "direction",
      "inconsistent" },
      doc = "exact (unless stated): to the printed digit; rounding: one unit off; approximate, "
        .. "direction: may differ; inconsistent: the source contradicts itself, so that it must "
        .. "differ" },
    from = { type = "text", doc = "where it is printed: Table 2" },
    note = { type = "text", doc = "what a reader should know about it" } } },
}

M.recipe = {
  type = "map", order = true,
  fields = {
    lunation = { type = "integer", required = true, min = 1, max = 1,
      doc = "form of the recipe: 1; programs go on reading it" },
    id = { type = "text", required = true, doc = "short name, without blanks" },
    version = { type = "text", required = true,
      doc = "version of the study, yours to count (1.0.0); nothing is computed from it" },
    title = { type = "text", required = true, doc = "title of the report" },
    description = { type = "text", doc = "a sentence or two under the title" },
    simulated = { type = "text",
      doc = "a sentence for every page, when the data are simulated; "
        .. "empty: takes back that of the extended recipe" },
    source = { type = "map", order = true, doc = "the publication that this follows",
      fields = { citation = { type = "text", doc = "authors, journal, year" },
        doi = { type = "text", doc = "DOI" },
        url = { type = "text", doc = "address" },
        note = { type = "text", doc = "what a reader should know about it" } } },
    use = { type = "list", of = text, single = true,
      doc = "Lua files with endpoints, classes or analyses" },
    extends = { type = "text",
      doc = "another recipe, over which this one's entries are laid; path relative to this recipe" },
    conventions = { type = "kinds", expected = "r, sas, stata, spss or a map", default = "r",
      doc = "where an analysis says nothing it follows this program, see \z
        docs/methods/conventions.md",
      scalar = conventions_of, map = { type = "map", fields = convention_fields() } },
    seed = { type = "integer", default = 1, min = 0, max = 999999999999999,
      doc = "seed of everything random" },
    data = { type = "map", required = true, fields = {}, others = data_file, order = true,
      doc = "name: a table; `patients` has one row for each patient" },
    cohort = { type = "list", of = step,
      doc = "steps from the patients read to those analysed, each counted" },
    response = { doc = "name: options of cohort:recist, see docs/methods/recist.md", type = "map",
      fields = {}, others = { type = "map", fields = {}, others = { type = "any" }, order = true },
      order = true },
    classes = { type = "map", fields = {}, order = true,
      doc = "column: a class of every patient (resistance, child_pugh, one's own)",
      others = { type = "map",
        fields = { use = { type = "text",
          doc = "name of the class, when it is not the key itself" } },
        others = { type = "any" }, order = true } },
    endpoints = { type = "map", fields = {}, others = endpoint, order = true,
      doc = "name: an endpoint; further keys bind the roles and options of its definition" },
    analyses = { type = "map", required = true, fields = {}, others = analysis, order = true,
      doc = "name: an analysis" },
    variants = { type = "map", fields = {}, others = variant, order = true,
      doc = "name: a sensitivity analysis: entries laid over the recipe, its results shown beside \z
        the main ones" },
    lock = { type = "any", doc = "written by a run: digests of its inputs and results" },
    published = { type = "map", fields = {}, others = { type = "map", fields = {}, others = printed,
      order = true }, order = true,
      doc = "analysis: what the publication printed, shown beside what was computed" },
    report = { type = "map", doc = "what a run writes", fields = {
      formats = {
        type = "list", of = { type = "text", choices = { "html", "json", "csv", "md", "ars" } },
        single = true,
        doc = "forms of the report; ars: CDISC Analysis Results Standard 1.0, results.ars.json" },
      figures = {
        type = "list", of = { type = "text", choices = require("lunation.figure.file").types },
        single = true,
        doc = "forms of the figures beside SVG, which is always written: pdf, eps, png \z
          (rsvg-convert makes them), tiff (with ImageMagick)" },
      suppress_below = { type = "integer", min = 2, max = 100,
        doc = "counts below this are not shown in the report and the results, nor "
        .. "what would give them away; off unless stated" },
      dpi = { type = "integer", min = 36, max = 2400, default = 300,
        doc = "resolution of figures as PNG and TIFF" },
      checklist = {
        type = "list", of = { type = "text",
          choices = require("lunation.report.checklists").names }, single = true,
        doc = "reporting guidelines: which item is answered where in the report, and which the \z
          author must write" },
      language = { type = "text", choices = { "en", "zh" },
        doc = "language of the report's fixed words" },
      methods = { type = "text", doc = "a paragraph on the methods" },
      key_results = { type = "list", of = text, single = true,
        doc = "the analyses whose medians and hazard ratios stand in the summary; all unless \z
          stated" },
      sections = { type = "map", fields = {}, order = true,
        others = { type = "list", of = text, single = true },
        doc = "heading: the analyses under it. A section stands where the first of its analyses \z
          stands; an analysis in none has a heading of its own" },
    } },
  },
}

--- The keys of a checked variant that are laid over the recipe.
function M.overrides_of(value)
  local out = {}
  for _, key in ipairs(M.overrides) do if value[key] ~= nil then out[#out + 1] = key end end
  return out
end

for _, key in ipairs(M.overrides) do
  local own = M.recipe.fields[key]
  local scalar = own.type == "text" or own.type == "integer"
  variant.fields[key] = scalar and { type = own.type, choices = own.choices, min = own.min,
    max = own.max, doc = own.doc }
    or { type = "any", doc = "entries laid over those of the recipe" }
end

return M
