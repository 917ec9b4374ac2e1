-- SPDX-License-Identifier: GPL-3.0-or-later
-- classify: the registry of classes (resistance, Child-Pugh, pathological response ...), and their
-- derivation for every patient of a cohort. Built-in classes (lunation/classes/*.lua) are written
-- with the same define.
local core = require "lunation.core"
local derivation = require "lunation.data.derivation"
local result = require("lunation.base.result").class

--- liver: the core's scores, for classes that need them.
local classify = { liver = core.liver }

local Classes = result("classes")
local registry = require("lunation.base.registry").new {
  what = "classify.define", noun = "a class", name = "name", folder = "lunation.classes",
  unknown = "recipe.class",
  built_in = { "afp_response", "albi", "bclc", "child_pugh", "clavien_dindo", "conversion",
    "ctcae", "malbi",
    "pathological_response", "resistance", "resistance_combination", "resistance_exhaustive" },
  keys = derivation.keys { levels = { "table", true }, derive = { "function", true } },
  check = function(definition, bad)
    if #definition.levels == 0 then bad("levels: a class needs at least one") end
    derivation.check(definition, bad)
  end,
}

--- Registers a class. definition:
---   name, version, title, doc    words
---   levels                       the classes in their order
---   needs = { patient = { "afp" }, events = { "term", "grade" } }   columns used under their own names
---   columns = { bilirubin = { type = "number", required = true, doc = "..." } }
---                                roles that the user binds to columns: { bilirubin = "bili" }
---   options = { mpr = { default = 10, min = 0, max = 100 } }
---   derive(patient, opt)         returns a level and a reason; nil and a reason leaves the patient out
---                                and is counted.
function classify.define(definition) return registry:define(definition) end

--- The definition of that name; an unknown name is an error with a suggestion.
function classify.get(name) return registry:get(name) end

--- Names of all classes, sorted.
function classify.names() return registry:names() end

-- --- derivation --------------------------------------------------------------------------------

--- The class `name` of every patient of the cohort. given: roles (bilirubin = "bili"; a role that
--- is not bound takes the column of its own name where there is one), the class's options, response
--- (responses that fill roles such as best and progression), table (name of the linked table, when
--- it is not the one that the class names), title.
function classify.run(cohort, name, given)
  local definition = classify.get(name)
  local d = derivation.new { kind = "class", definition = definition, cohort = cohort,
    given = given, own_names = true }
  local values, reasons, known = { n = #cohort }, { n = #cohort }, {}
  for _, level in ipairs(definition.levels) do known[level] = true end
  d:run("not classifiable", function(i, level, reason)
    if not known[level] then
      d:fail(i, ('"%s" is none of its levels (%s)'):format(tostring(level),
        table.concat(definition.levels, ", ")))
    end
    values[i], reasons[i] = level, reason
  end)
  for _, e in ipairs(d.excluded) do
    for _, i in ipairs(e.rows) do reasons[i] = e.reason end
  end
  return Classes.new { name = name, title = d.engine.title or definition.title, cohort = cohort,
    levels = definition.levels,
    column = core.column.factor(values, definition.levels), reason = core.column.text(reasons),
    excluded = d.excluded,
    options = d.opt }
end

-- --- the result --------------------------------------------------------------------------------

local function count(self)
  local by, n = {}, 0
  for i = 1, #self.column do
    local level = self.column[i]
    if level then
      by[level] = (by[level] or 0) + 1
      n = n + 1
    end
  end
  return by, n
end

--- One row for each patient: id, level, reason.
function Classes.methods:rows()
  local key, out = self.cohort.patients.key, {}
  local ids = key and self.cohort:column(key)
  for i = 1, #self.column do
    out[i] = { id = ids and ids[i] or i, level = self.column[i], reason = self.reason[i] }
  end
  return out
end

--- Who is in no class: a list of { id, reason, code }.
function Classes.methods:left_out() return derivation.left_out(self.excluded, self.cohort) end

--- { level = { x, n, estimate, lower, upper } } with exact limits, among those classified.
function Classes.methods:counts()
  local by, n = count(self)
  local out = {}
  for _, level in ipairs(self.levels) do
    local x = by[level] or 0
    local e = { level = level, x = x, n = n }
    if n > 0 then e.estimate, e.lower, e.upper = core.prop.limits(x, n, "exact", 0.95) end
    out[#out + 1], out[level] = e, e
  end
  return out
end

local LIMITS = "95%% limits: Clopper & Pearson 1934 (exact); percentages of patients with a class "
  .. "(%d)"

--- The table of counts with exact limits. opt: see lunation.report.tables.
function Classes.methods:table(opt)
  local words = require("lunation.report.words").get(opt and opt.lang)
  local entries, n = {}, 0
  for i, e in ipairs(self:counts()) do
    entries[i] = { label = e.level, x = e.x, estimate = e.estimate, lower = e.lower,
      upper = e.upper }
    n = e.n
  end
  local t = require("lunation.report.tables").proportions({ { label = self.title, entries = entries,
    n = n, conf_level = 0.95, convention = LIMITS:format(n) } }, opt)
  for _, e in ipairs(self.excluded) do
    t.notes[#t.notes + 1] = words.left_out:format(e.reason, e.n)
  end
  return t
end

Classes.meta.__len = function(self) return #self.column end

return classify
