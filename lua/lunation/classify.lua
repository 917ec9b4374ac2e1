-- SPDX-License-Identifier: GPL-3.0-or-later
-- classify: the registry of classes (resistance, Child-Pugh, pathological response ...), and their
-- derivation for every patient of a cohort. Built-in classes (lunation/classes/*.lua) are written with
-- the same define.
local core = require "lunation.core"
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class
local suggest = require "lunation.base.suggest"

--- liver: the core's scores, for classes that need them.
local classify = { liver = core.liver }

local Classes = result("classes", { "rows_excluded" })
local registry = {}
local BUILT_IN = { "afp_response", "albi", "bclc", "child_pugh", "clavien_dindo", "conversion", "ctcae", "malbi",
  "pathological_response", "resistance", "resistance_combination", "resistance_exhaustive" }

-- What define accepts: the key's type, and whether it must be there.
local DEFINITION = {
  name = { "string", true }, version = { "string" }, title = { "string", true }, needs = { "table" },
  columns = { "table" }, options = { "table" }, levels = { "table", true }, derive = { "function", true },
  doc = { "string" },
}

local function bad(message, hint) errors.raise("plugin.define", "classify.define: " .. message, { hint = hint }) end

--- Registers a class. definition:
---   name, version, title, doc    words
---   levels                       the classes in their order
---   needs = { patient = { "afp" }, events = { "term", "grade" } }   columns used under their own names
---   columns = { bilirubin = { type = "number", required = true, doc = "..." } }
---                                roles that the user binds to columns: { bilirubin = "bili" }
---   options = { mpr = { default = 10, min = 0, max = 100 } }
---   derive(patient, opt)         returns a level and a reason; nil and a reason leaves the patient out
---                                and is counted.
function classify.define(definition)
  if type(definition) ~= "table" then bad("expected a table") end
  for _, key in ipairs(suggest.keys(definition)) do
    local rule = DEFINITION[key]
    if not rule then bad(('unknown key "%s"'):format(key), suggest.hint(key, suggest.keys(DEFINITION))) end
    if type(definition[key]) ~= rule[1] then
      bad(("%s: expected a %s, found a %s"):format(key, rule[1], type(definition[key])))
    end
  end
  for _, key in ipairs(suggest.keys(DEFINITION)) do
    if DEFINITION[key][2] and definition[key] == nil then bad(key .. " is missing") end
  end
  if registry[definition.name] then
    bad(('a class "%s" exists already'):format(definition.name), "give yours another name")
  end
  registry[definition.name] = definition
  return definition
end

--- The definition of that name; an unknown name is an error with a suggestion.
function classify.get(name)
  for _, b in ipairs(BUILT_IN) do
    if b == name and not registry[name] then require("lunation.classes." .. name) end
  end
  return registry[name] or errors.raise("recipe.class", ('there is no class "%s"'):format(tostring(name)),
    { hint = suggest.hint(tostring(name), classify.list()) })
end

--- Names of all classes, sorted.
function classify.list()
  local names = suggest.keys(registry)
  for _, b in ipairs(BUILT_IN) do if not registry[b] then names[#names + 1] = b end end
  table.sort(names)
  return names
end

-- --- derivation --------------------------------------------------------------------------------

local ENGINE_OPTIONS = { title = { type = "string" }, response = { type = "any" }, table = { type = "string" } }

local function split_options(definition, given)
  local roles, own, engine, known = {}, {}, {}, {}
  local columns, opts = definition.columns or {}, definition.options or {}
  for _, t in ipairs { columns, opts, ENGINE_OPTIONS } do
    for k in pairs(t) do known[#known + 1] = k end
  end
  table.sort(known)
  for _, k in ipairs(suggest.keys(given)) do
    if columns[k] and type(given[k]) == "string" then roles[k] = given[k]
    elseif opts[k] then own[k] = given[k]
    elseif ENGINE_OPTIONS[k] then engine[k] = given[k]
    else
      errors.raise("recipe.option", ('class %s: unknown option "%s"'):format(definition.name, k),
        { hint = suggest.hint(k, known) })
    end
  end
  local what = "class " .. definition.name
  return roles, options.check(what, own, opts), options.check(what, engine, ENGINE_OPTIONS)
end

-- A role that is not bound takes the column of its own name where there is one.
local function bind_roles(definition, roles, cohort)
  for _, role in ipairs(suggest.keys(definition.columns or {})) do
    local rule = definition.columns[role]
    if roles[role] == nil and cohort.patients:has(role) then roles[role] = role end
    local name = roles[role]
    if name == nil then
      if rule.required then
        errors.raise("recipe.option", ('class %s: say which column is the %s: %s = "..."')
          :format(definition.name, rule.doc or role, role))
      end
    else
      local found = cohort:column(name).type
      local number = rule.type == "number" and found == "integer"
      local word = rule.type == "text" and found == "factor"
      if rule.type and found ~= rule.type and not number and not word then
        errors.raise("recipe.type", ("class %s: column %s (%s) must be a %s, it is a %s"):format(definition.name, name,
          role, rule.type, found))
      end
    end
  end
  return roles
end

-- A plug-in's messages name the row, not the id: they may leave the hospital.
local function who(definition, cohort, i)
  return ("class %s, patient %s"):format(definition.name,
    definition.remote and "in row " .. i or require("lunation.data.patient").name(cohort, i))
end

local function fail(definition, cohort, i, message)
  errors.raise("plugin.result", who(definition, cohort, i) .. ": " .. message, require("lunation.plugin").place(definition, "derive"))
end

-- What derive sees: optional roles that are not bound are nil, and a linked table goes by the name that the class
-- gives it.
local function data_for(definition, cohort, roles, engine)
  local columns, linked, alias, absent = {}, {}, {}, {}
  for _, name in ipairs((definition.needs or {}).patient or {}) do columns[name] = name end
  for role, name in pairs(roles) do columns[role] = name end
  for role in pairs(definition.columns or {}) do absent[role] = roles[role] == nil or nil end
  for name, wanted in pairs(definition.needs or {}) do
    if name ~= "patient" then linked[engine.table or name], alias[engine.table or name] = wanted, name end
  end
  local data = require("lunation.data.patient").data(cohort, columns, linked)
  local named = {}
  for table_name, t in pairs(data.linked) do named[alias[table_name]] = t end
  data.linked, data.absent = named, absent
  return data
end

local function exclude(excluded, reason, i)
  local e = excluded[reason]
  if not e then
    e = { reason = reason, n = 0, rows = {} }
    excluded[reason] = e
    excluded[#excluded + 1] = e
  end
  e.n = e.n + 1
  e.rows[#e.rows + 1] = i
end

--- The class `name` of every patient of the cohort. given: roles (bilirubin = "bili"), the class's options,
--- response (responses that fill roles such as best and progression), table (name of the linked table,
--- when it is not the one that the class names), title.
function classify.run(cohort, name, given)
  local definition = classify.get(name)
  local roles, opt, engine = split_options(definition, given or {})
  local with = cohort
  if engine.response then with, roles = engine.response:attach(cohort, roles, definition) end
  bind_roles(definition, roles, with)
  local derive = require("lunation.plugin").results(definition, with, data_for(definition, with, roles, engine), opt,
    function(i) return who(definition, cohort, i) end)
  local values, reasons, excluded, known = { n = #cohort }, { n = #cohort }, {}, {}
  for _, level in ipairs(definition.levels) do known[level] = true end
  for i = 1, #cohort do
    local level, reason = derive(i)
    if level == nil then
      exclude(excluded, reason or "not classifiable", i)
    elseif not known[level] then
      fail(definition, cohort, i, ('"%s" is none of its levels (%s)'):format(tostring(level), table.concat(definition.levels, ", ")))
    end
    values[i], reasons[i] = level, reason
  end
  return Classes.new { name = name, title = engine.title or definition.title, cohort = cohort, levels = definition.levels,
    column = core.column.factor(values, definition.levels), reason = core.column.text(reasons), excluded = excluded,
    options = opt }
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
  for i = 1, #self.column do out[i] = { id = ids and ids[i] or i, level = self.column[i], reason = self.reason[i] } end
  return out
end

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

function Classes.methods:table()
  local format, rows, notes = require "lunation.format", {}, {}
  for i, e in ipairs(self:counts()) do
    rows[i] = { level = e.level, count = ("%d/%d"):format(e.x, e.n), percent = format.rate(e.estimate, e.lower, e.upper) }
  end
  for _, e in ipairs(self.excluded) do notes[#notes + 1] = ("%s: %d left out"):format(e.reason, e.n) end
  return { columns = { { key = "level", label = self.title }, { key = "count", label = "n/N", align = "right" },
    { key = "percent", label = "% (95% CI)", align = "decimal" } }, rows = rows, notes = notes }
end

Classes.meta.__len = function(self) return #self.column end

return classify
