-- SPDX-License-Identifier: GPL-3.0-or-later
-- format: what a specification of a simulated cohort may say, as schemas (lunation.recipe.schema).
-- The checker and the JSON Schema for editors are made of them.
local M = {}

local text = { type = "text" }
local number = { type = "number" }
local count = { type = "integer", min = 0 }
local share = { type = "number", min = 0, max = 1 }

local function map(others, doc)
  return { type = "map", fields = {}, others = others, order = true, doc = doc }
end

-- A number, or the name of a variable that holds one for each patient.
local function quantity(doc)
  return { type = "kinds", expected = "a number or the name of a variable", doc = doc,
    scalars = { number, text },
    scalar = function(node) return tonumber(node.text) and node.plain and number or text end }
end

local COUNT = { count, { type = "text", choices = { "rest" } } }

-- How values come about: one of these keys.
M.DRAWS = { "counts", "shares", "probabilities", "normal", "lognormal", "uniform", "quantiles",
  "dates", "after",
  "value", "cases" }

local function draw_fields()
  return {
    counts = map({ type = "kinds", expected = "a count or rest", scalars = COUNT,
      scalar = function(node) return node.text == "rest" and COUNT[2] or COUNT[1] end },
      "level: exactly so many patients; `rest`: all others"),
    shares = map(share, "level: this share of the patients, exactly, by largest remainders"),
    probabilities = map(share, "level: its probability, each patient drawn alone"),
    normal = { type = "map", doc = "normal distribution", fields = {
      mean = { type = "number", required = true, doc = "mean" },
      sd = { type = "number", required = true, min = 0, doc = "standard deviation" } } },
    lognormal = { type = "map", doc = "lognormal distribution", fields = {
      median = { type = "number", required = true, doc = "median" },
      sigma = { type = "number", required = true, min = 0,
        doc = "standard deviation of the logarithm" } } },
    uniform = { type = "map", doc = "uniform distribution", fields = {
      from = { type = "number", required = true, doc = "lower end" },
      to = { type = "number", required = true, doc = "upper end" } } },
    quantiles = map(number, "probability: value; straight lines between them, from \"0\" to \"1\""),
    dates = { type = "map", doc = "days of a window, each equally likely", fields = {
      from = { type = "text", required = true, doc = "first day, YYYY-MM-DD" },
      to = { type = "text", required = true, doc = "last day" } } },
    after = { type = "map", doc = "a date some time after another", fields = {
      date = { type = "text", required = true, doc = "the date variable from which it is counted" },
      days = quantity("days after it"), months = quantity("calendar months after it") } },
    value = { type = "text", doc = "an expression over the variables before this one" },
    where = { type = "text", doc = "only these patients; for the others the value is `otherwise`" },
    otherwise = { type = "text",
      doc = "value of the patients for whom `where` is not true; none unless stated" },
    decimals = { type = "integer", min = 0, max = 9, doc = "decimals that are kept" },
    min = { type = "number", doc = "values below are drawn again" },
    max = { type = "number", doc = "values above are drawn again" },
  }
end

local case = { type = "map", fields = draw_fields(), order = true }

local function variable_fields()
  local f = draw_fields()
  f.cases = { type = "list", of = case,
    doc = "draws for parts of the patients; each has its `where`, the first that is true counts" }
  f.type = { type = "text", choices = { "number", "integer", "date", "factor", "text" },
    doc = "type of the column" }
  f.levels = { type = "list", of = text, doc = "levels of a factor, reference level first" }
  f.label = { type = "text", doc = "what it is, for the data dictionary" }
  f.unit = { type = "text", doc = "unit" }
  f.missing = { type = "integer", min = 0, doc = "so many values are left out of the file" }
  f.hidden = { type = "boolean", default = false, doc = "used by others, not written" }
  return f
end

local variable = { type = "map", fields = variable_fields(), order = true }

-- A level's ratio, or a number: the ratio for each unit of a number.
local ratio = { type = "kinds", expected = "a ratio, or level: ratio",
  scalar = { type = "number", min = 0 },
  map = map({ type = "number", min = 0 }) }

local event = { type = "map", order = true, fields = {
  median = { type = "number", min = 0, doc = "median time at the reference levels" },
  survival = map(share,
    "time: share without the event; the hazard is constant between them and goes on after"),
  shape = { type = "number", min = 0.05, max = 20, default = 1,
    doc = "shape of the Weibull distribution; 1 is exponential" },
  hazard_ratios = map(ratio, "variable: ratio for each unit, or level: ratio"),
  after = { type = "text",
    doc = "the clock starts at this earlier event, for those who have it before this one" },
  ends = { type = "boolean", default = false, doc = "nothing is seen after it (death)" },
  label = { type = "text", doc = "what it is, for the data dictionary" },
} }

local follow_up = { type = "map", order = true, fields = {
  origin = { type = "text",
    doc = "the date variable at which times start; events are then written as dates" },
  close = { type = "text", doc = "last day of the study, YYYY-MM-DD; needs origin" },
  duration = { type = "number", min = 0, doc = "longest follow-up of a patient" },
  loss = { type = "number", min = 0, max = 0.99, default = 0,
    doc = "share lost to follow-up in each year" },
  events = { type = "map", doc = "the study closes on the day of an event", fields = {
    of = { type = "text", required = true, doc = "the event" },
    n = { type = "integer", min = 1, required = true, doc = "which one, counted by date" } } },
  column = { type = "text", default = "last_contact", doc = "column with the end of follow-up" },
} }

local outcome = { type = "map", order = true, fields = {
  of = { type = "list", of = text, single = true, doc = "events of which the first counts" },
  competing = { type = "boolean", default = false,
    doc = "status names the event; otherwise it is 0 or 1" },
  write = { type = "boolean", default = true, doc = "columns NAME_time and NAME_status" },
  time = { type = "text", doc = "variable with days, when the times are given in a table" },
  status = { type = "text", doc = "variable with the status that goes with time" },
  is = { type = "text", default = "1", doc = "value of status that is the event" },
  from = { type = "list", of = quantity(), single = true,
    doc = "the fewest days that the search may give: numbers or variables" },
  to = { type = "list", of = quantity(), single = true,
    doc = "the most days that the search may give: numbers or variables" },
  month = { type = "number", min = 28, max = 31,
    doc = "days of a month, when not the specification's" },
} }

M.STATISTICS = { "survival", "median", "events", "follow_up", "hr", "p" }

local target = { type = "map", order = true, fields = {
  of = { type = "text", required = true, doc = "the outcome" },
  statistic = { type = "text", required = true, choices = M.STATISTICS, doc = "what is wanted" },
  at = { type = "number", min = 0, doc = "time of a survival rate" },
  where = { type = "text", doc = "only these patients" },
  by = { type = "text",
    doc = "the variable of hr (second level against the first, or each unit) and p (log-rank)" },
  value = { type = "text", required = true, doc = "as it was printed: 79.2% (69.3-90.5)" },
  median_rule = { type = "text", choices = { "r", "spss" }, default = "r",
    doc = "limits of the median" },
  exact = { type = "boolean", default = false, doc = "a miss is a finding: exit code 1" },
} }

local table_fields = {
  file = { type = "text", required = true, doc = "CSV file beside the specification" },
  columns = map({ type = "kinds", expected = "a type or a list of levels",
    scalar = { type = "text", choices = { "number", "integer", "date", "factor", "text" } },
    list = { type = "list", of = text } },
      "column: its type or its levels; all are hidden unless in `write`"),
  write = { type = "list", of = text, single = true, default = {},
    doc = "columns of it that are written" },
  shuffle = { type = "boolean", default = true, doc = "its rows come in random order" },
}

local visits = { type = "map", order = true, fields = {
  from = { type = "text", required = true, doc = "date variable of the first dose" },
  to = { type = "text", doc = "date variable after which there are no visits" },
  first = { type = "integer", default = -7, doc = "day of the baseline visit" },
  every = { type = "integer", min = 1, required = true, doc = "days between visits" },
  n = { type = "integer", min = 1, max = 200, required = true,
    doc = "visits after baseline, at most" },
  lesions = { type = "integer", min = 1, max = 5, default = 1,
    doc = "target lesions of each patient" },
  organs = { type = "list", of = text, single = true, default = { "liver" },
    doc = "organ of each lesion; the last stands for those after it" },
  skipped = { type = "number", min = 0, max = 0.9, default = 0,
    doc = "share of the visits after baseline that are missed" },
  size = { type = "map", required = true, fields = draw_fields(), order = true,
    doc = "diameter at baseline, mm" },
  shrink = quantity("rate of shrinkage in a month"),
  grow = quantity("rate of growth in a month"),
  noise = { type = "number", min = 0, default = 0,
    doc = "standard deviation of a measurement, mm" },
  seen_from = { type = "number", min = 0, default = 0,
    doc = "smaller diameters are not seen after baseline: 0 mm" },
  viable = { type = "number", min = 0, max = 1, default = 1,
    doc = "share of the diameter that stays viable from visit to visit" },
  new_lesion = { type = "text",
    doc = "date variable: a new lesion is seen at the first visit from then on" },
} }

local long = { type = "map", order = true, fields = {
  rows = { type = "list", required = true, doc = "rows of each patient, in this order",
    of = { type = "map", order = true, fields = {
    where = { type = "text", doc = "only for these patients" },
    values = map(text, "column: an expression over the variables") } } },
} }

M.spec = { type = "map", order = true, fields = {
  simulate = { type = "integer", required = true, min = 1, max = 1,
    doc = "format of the specification: 1" },
  id = { type = "text", required = true, doc = "short name, without blanks" },
  title = { type = "text", required = true, doc = "what is simulated" },
  description = { type = "text", doc = "a sentence or two for the data dictionary" },
  seed = { type = "integer", default = 1, min = 0, max = 999999999999999,
    doc = "seed of everything random" },
  n = { type = "integer", min = 1, max = 1000000,
    doc = "patients; the rows of `table` unless stated" },
  others = { type = "map", order = true,
    doc = "patients who were screened and are not in the cohort", fields = {
    n = { type = "integer", min = 1, required = true, doc = "how many" },
    values = map(text, "column: what it holds for them; all else is empty") } },
  key = { type = "text", default = "id", doc = "column with the number of the patient" },
  unit = { type = "text", choices = { "days", "weeks", "months", "years" }, default = "months",
    doc = "unit of times" },
  month = { type = "number", min = 28, max = 31, default = 30.4375, doc = "days of a month" },
  table = { type = "map", fields = table_fields, order = true,
    doc = "patients that are given, with the rest drawn" },
  variables = map(variable, "name: a variable, in this order"),
  events = map(event, "name: an event after the origin"),
  follow_up = follow_up,
  outcomes = map(outcome, "name: a time and a status"),
  targets = { type = "list", of = target, doc = "what the cohort shall return" },
  search = { type = "map", doc = "moves times until the targets are met", fields = {
    steps = { type = "integer", min = 1, max = 1000000, default = 20000,
      doc = "moves that are tried" },
    reach = { type = "integer", min = 1, default = 60, doc = "days that a time moves at most" } } },
  later = map(variable, "name: variables that depend on events and outcomes"),
  visits = map(visits, "file: measurements of lesions at visits"),
  tables = map(long, "file: rows made of the variables of each patient"),
  columns = { type = "list", of = text,
    doc = "columns of the file, in this order; all that are not hidden unless stated" },
  recipe = { type = "text", doc = "a recipe whose published figures the cohort shall return" },
  recipe_data = { type = "text", default = "patients",
    doc = "the recipe's data that the cohort stands for" },
} }
M.spec.fields.follow_up.doc = "how long patients are seen"

return M
