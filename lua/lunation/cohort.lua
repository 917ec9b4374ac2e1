-- SPDX-License-Identifier: GPL-3.0-or-later
-- cohort: patients, the tables linked to them, and the record of who was left out and why.
-- Immutable: every step gives a new cohort, and each step is counted.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local need = require "lunation.base.need"
local table_module = require "lunation.data.table"

local Cohort = class("cohort")
local M = { class = Cohort }
local methods = Cohort.methods

-- cohort.age is the column `age`, unless a method or field has that name.
Cohort.names = function(self) return self.patients:names() end
Cohort.find = function(self, key) return table_module.class.find(self.patients, key) end

local function count_linked(linked)
  local n = 0
  for _ in pairs(linked) do n = n + 1 end
  return n
end

--- patients: a table with one row for each patient. linked: { name = table } with many rows for
--- each patient, joined by the patients' key.
function M.new(patients, linked)
  if not table_module.class.is(patients) then
    errors.raise("usage.cohort", "lun.cohort: expected a table from lun.read, found a "
      .. type(patients))
  end
  if linked and next(linked) and not patients.key then
    errors.raise("usage.cohort",
      "lun.cohort: linked tables need a key: lun.read(file, { key = \"id\" })")
  end
  local self = Cohort.new { patients = patients, linked = linked or {}, read = #patients,
    steps = {}, classified = {} }
  return self:_checked_links()
end

-- Every row of a linked table must belong to a patient that was read.
function methods:_checked_links()
  for name, linked in pairs(self.linked) do
    local stray = core.cohort.first_stray(linked:column(linked.key or self.patients.key),
      self.patients:column(self.patients.key))
    if stray then
      errors.raise("data.link",
        ("table %s: row %d belongs to no patient of the patients' table"):format(name, stray),
        { hint = "add the patient, or remove the row" })
    end
  end
  return self
end

local function appended(list, v)
  local out = table.move(list, 1, #list, 1, {})
  out[#out + 1] = v
  return out
end

-- The cohort with other patients (or columns of them), and steps or classes of its own.
local function with(self, patients, more)
  return Cohort.new { patients = patients, linked = self.linked, read = self.read, steps = more
    and more.steps or self.steps,
    classified = more and more.classified or self.classified }
end

local function next_cohort(self, patients, step)
  return with(self, patients, { steps = appended(self.steps, step) })
end

-- Rows kept by a condition: an expression, or a function of the patient that returns true, false or
-- nil.
local function select_rows(self, condition)
  if type(condition) == "string" then
    local rows, counts = core.expr.mask(self.patients.data, condition)
    return rows, counts["false"], counts.missing
  end
  local patient = require("lunation.data.patient").view(self, self.patients:names())
  local kept, no, missing = {}, 0, 0
  for i = 1, #self.patients do
    local verdict = condition(patient:at(i))
    if verdict == nil then missing = missing + 1
    elseif verdict then kept[#kept + 1] = i
    else no = no + 1 end
  end
  return kept, no, missing
end

--- Keeps the patients for whom the condition is true. Those for whom it is false and those for whom
--- it cannot be decided (a missing value) are counted separately in the flow.
function methods:where(condition, label)
  need("cohort:where", "condition", condition, { "string", "function" },
    'cohort:where("age >= 18", "Adults")')
  local rows, no, missing = select_rows(self, condition)
  return next_cohort(self, self.patients:gather(rows), { kind = "include", condition = condition,
    label = label or tostring(condition), before = #self, kept = #rows, excluded = no,
    missing = missing })
end

--- Leaves out the patients for whom the condition is true; undecided ones stay and are counted.
function methods:exclude(condition, label)
  need("cohort:exclude", "condition", condition, { "string", "function" },
    'cohort:exclude("age >= 18", "Adults")')
  local rows, no, missing = select_rows(self, condition)
  local out, stay = {}, {}
  for k = 1, #rows do out[rows[k]] = true end
  for i = 1, #self do if not out[i] then stay[#stay + 1] = i end end
  return next_cohort(self, self.patients:gather(stay), { kind = "exclude", condition = condition,
    label = label or tostring(condition), before = #self, kept = #stay, excluded = #rows,
    missing = missing,
    undecided_kept = true, no = no })
end

local DERIVE = 'cohort:derive("old", "age >= 65")'

--- Adds (or replaces) a column: an expression, a column, or a function of the patient.
function methods:derive(name, value, about)
  need("cohort:derive", "name", name, { "string" }, DERIVE)
  need("cohort:derive", "value", value, { "string", "function", "userdata" }, DERIVE)
  local column
  if type(value) == "string" then
    column = core.expr.parse(value):eval(self.patients.data)
  elseif type(value) == "function" then
    local patient = require("lunation.data.patient").view(self, self.patients:names())
    local values = { n = #self }
    for i = 1, #self do values[i] = value(patient:at(i)) end
    local sample
    for i = 1, #self do if values[i] ~= nil then sample = values[i] break end end
    column = type(sample) == "string" and core.column.text(values) or core.column.number(values)
  else
    column = value
  end
  if about and about.levels then column = core.column.factor(column:totable(), about.levels) end
  return with(self, self.patients:with(name, column, about))
end

-- The cohort with these rows (repeats allowed), for endpoints: no step of the flow.
function methods:_rows(rows) return with(self, self.patients:gather(rows)) end

--- Adds a column with one value for each patient out of a linked table: cohort:aggregate("base",
--- "lesions", "first(mm where visit == 'baseline')"). Patients without a row, or without a value,
--- are missing.
function methods:aggregate(name, linked_name, value, about)
  local linked, key = self:linked_table(linked_name), self.patients.key
  local per = linked:summarise(linked.key or key, { { name, value } })
  local ids, values, found = core.cohort.raw(per:column(per.key)),
    core.cohort.raw(per:column(name)), {}
  for i = 1, #per do found[ids[i]] = values[i] end
  local mine, out = core.cohort.raw(self.patients:column(key)), { n = #self }
  for i = 1, #self do out[i] = found[mine[i]] end
  local kind = per:column(name).type
  local build = kind == "number" and core.column.number or kind == "integer" and core.column.integer
    or kind == "date" and core.column.date or core.column.text
  return self:derive(name, build(out), about)
end

--- The column of that name (also cohort.NAME, unless a method or field has the name).
function methods:column(name) return self.patients:column(name) end

--- One plain table for each patient, as of a table's rows.
function methods:rows() return self.patients:rows() end

--- Names of the patients' columns, in order.
function methods:names() return self.patients:names() end

--- The steps from patients read to patients analysed: a result (lunation.flow) whose elements are
--- { label, before, kept, excluded, missing }, ...
function methods:flow() return require("lunation.data.flow").of(self.read, self.steps) end

--- An endpoint of the registry ("os", "pfs", or one's own): see lunation.endpoint.
function methods:endpoint(name, opt)
  need("cohort:endpoint", "name", name, { "string" },
    'cohort:endpoint("os", { origin = "start", event = "death_date", censor = "last_contact" })')
  return require("lunation.endpoint").derive(self, name, opt)
end

--- An endpoint from columns that exist already: time (a number), event (a column) and is (the
--- value, or a list of values, that counts as the event; all other values are censored and
--- counted). Competing events: causes = { relapse = 1, death = 2 } in place of is.
function methods:survival(opt)
  return require("lunation.endpoint").from_columns(self, opt)
end

--- Response of every patient from a linked table of lesions: see lunation.recist.
function methods:recist(opt) return require("lunation.onco.recist").assess(self, opt) end

--- A class for every patient ("resistance", "child_pugh", or one's own): see lunation.classify.
function methods:classify(name, opt) return require("lunation.classify").run(self, name, opt) end

--- Adds the class of every patient as a column; patients that fit no class are missing there, and
--- the classes stand in cohort.classified with who was left out and why.
--- use: name of the class (the column's own name unless given); opt as of cohort:classify.
function methods:with_class(name, use, opt)
  local classes = self:classify(use or name, opt)
  local derived = self:derive(name, classes.column, { label = classes.title })
  return with(derived, derived.patients, { classified = appended(self.classified, classes) })
end

--- Baseline table: see lunation.table1.
function methods:table1(opt) return require("lunation.stat.table1").of(self, opt) end

--- n, mean, standard deviation, quartiles and range of numeric columns: see lunation.summary.
function methods:summary(names, opt)
  return require("lunation.stat.summary").of(self, names, opt)
end

--- Counts and percentages of a factor, with exact or Wilson limits.
function methods:proportions(name, opt) return require("lunation.stat.prop").of(self, name, opt) end

--- Two factors against each other: counts, Fisher's exact test, chi-square.
function methods:crosstab(rows, columns, opt)
  return require("lunation.stat.crosstab").of(self, rows, columns, opt)
end

--- Best change of each patient from a column of per cent: see lunation.waterfall.
function methods:waterfall(opt) return require("lunation.onco.waterfall").of(self, opt) end

--- The course of each patient from columns of dates or times: see lunation.swimmer.
function methods:swimmer(opt) return require("lunation.onco.swimmer").of(self, opt) end

--- Logistic regression: cohort:logistic("response == 'CR' ~ age + bclc").
function methods:logistic(formula, opt)
  return require("lunation.stat.glm").logistic(self, formula, opt)
end

--- Multinomial regression of a factor.
function methods:multinomial(formula, opt)
  return require("lunation.stat.glm").multinomial(self, formula, opt)
end

--- Linear regression: cohort:linear("log(afp) ~ age + bclc").
function methods:linear(formula, opt)
  return require("lunation.stat.linear").fit(self, formula, opt)
end

--- Propensity-score weights: cohort:weights("surgery ~ age + bclc", { estimand = "ATE" }).
function methods:weights(formula, opt)
  return require("lunation.stat.weights").of(self, formula, opt)
end

--- The rows of a linked table that belong to the patients of this cohort.
function methods:linked_table(name)
  local linked = self.linked[name]
  if not linked then
    local names = require("lunation.base.suggest").keys(self.linked)
    errors.raise("usage.linked", ('the cohort has no linked table "%s"'):format(tostring(name)),
      { hint = require("lunation.base.suggest").hint(tostring(name), names) })
  end
  if #self.steps == 0 then return linked end
  local rows = core.cohort.matching(linked:column(linked.key or self.patients.key),
    self.patients:column(self.patients.key))
  return linked:gather(rows)
end

Cohort.meta.__len = function(self) return #self.patients end

Cohort.meta.__tostring = function(self)
  local parts = { ("%d read"):format(self.read) }
  for _, s in ipairs(self.steps) do parts[#parts + 1] = (s.label or "step") .. ": " .. s.kept end
  local n = count_linked(self.linked)
  return ("cohort of %d patients (%s)%s"):format(#self, parts[1] .. (parts[2] and "; " or "")
    .. table.concat(parts, "; ", 2), n > 0 and (", %d linked table%s"):format(n, n == 1 and ""
      or "s") or "")
end

return M
