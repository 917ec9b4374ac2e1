-- SPDX-License-Identifier: GPL-3.0-or-later
-- derivation: what endpoints and classes share: options and roles are told apart and checked, the
-- data that a definition declares are gathered, derive runs for every patient, and who was left out
-- is counted.
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local patients = require "lunation.data.patient"
local suggest = require "lunation.base.suggest"

local M = {}
local Derivation = {}
Derivation.__index = Derivation

--- What both kinds of definition may have, for their registries.
M.KEYS = {
  name = { "string", true }, version = { "string" }, title = { "string", true }, doc = { "string" },
  needs = { "table" }, columns = { "table" }, options = { "table" },
}

--- A copy of KEYS with more keys.
function M.keys(more)
  for key, rule in pairs(M.KEYS) do more[key] = more[key] or rule end
  return more
end

local COLUMN = { type = "string", required = "boolean", doc = "string" }
local OPTION = { type = "string", required = "boolean", doc = "string", default = "any",
  min = "number", max = "number",
  choices = "table" }

local function check_parts(what, parts, known, bad)
  for _, name in ipairs(suggest.keys(parts or {})) do
    if type(parts[name]) ~= "table" then
      bad(("%s.%s: expected a table, found a %s"):format(what, name, type(parts[name])))
    end
    for _, key in ipairs(suggest.keys(parts[name])) do
      if not known[key] then
        bad(('%s.%s: unknown key "%s"'):format(what, name, key),
          suggest.hint(key, suggest.keys(known)))
      end
      if known[key] ~= "any" and type(parts[name][key]) ~= known[key] then
        bad(("%s.%s.%s: expected a %s, found a %s"):format(what, name, key, known[key],
          type(parts[name][key])))
      end
    end
  end
end

--- Checks columns, options and needs of a definition, for a registry.
function M.check(definition, bad)
  check_parts("columns", definition.columns, COLUMN, bad)
  check_parts("options", definition.options, OPTION, bad)
  for _, name in ipairs(suggest.keys(definition.needs or {})) do
    if type(definition.needs[name]) ~= "table" then
      bad(("needs.%s: expected a list of columns"):format(name))
    end
  end
  for _, name in ipairs(suggest.keys(definition.columns or {})) do
    if (definition.options or {})[name] then
      bad(("%s is both a column and an option"):format(name))
    end
  end
end

-- Tells apart what the user gave: roles (role = column), options, and what the engine itself takes.
-- A name that is both a role and the engine's (response) is the role when it names a column.
local function split(what, definition, given, engine)
  local columns, opts, known = definition.columns or {}, definition.options or {}, {}
  local roles, own, rest = {}, {}, {}
  for _, t in ipairs { columns, opts, engine } do
    for k in pairs(t) do known[#known + 1] = k end
  end
  table.sort(known)
  for _, k in ipairs(suggest.keys(given)) do
    local v = given[k]
    if columns[k] and type(v) == "string" then roles[k] = v
    elseif opts[k] then own[k] = v
    elseif engine[k] then rest[k] = v
    elseif columns[k] then
      errors.raise("recipe.option", ("%s: %s names a column, found a %s"):format(what, k, type(v)))
    else
      errors.raise("recipe.option", ('%s: unknown option "%s"'):format(what, k),
        { hint = suggest.hint(k, known) })
    end
  end
  return roles, options.check(what, own, opts), options.check(what, rest, engine)
end

local function fits(rule, found)
  return rule == nil or rule == found or rule == "number" and found == "integer" or rule == "text"
    and found == "factor"
end

-- own_names: a role that is not bound takes the column of its own name where there is one.
local function bind_roles(self, own_names)
  local columns = self.definition.columns or {}
  for _, role in ipairs(suggest.keys(columns)) do
    local rule = columns[role]
    if own_names and self.roles[role] == nil and self.cohort.patients:has(role) then
      self.roles[role] = role
    end
    local name = self.roles[role]
    if name then
      local found = self.cohort.patients:column(name).type
      if not fits(rule.type, found) then
        errors.raise("recipe.type",
          ("%s: column %s (%s) must be a %s, it is a %s"):format(self.what, name, role, rule.type,
          found), { hint = "declare it: columns = { " .. name .. " = \"" .. rule.type .. "\" }" })
      end
    elseif rule.required then
      errors.raise("recipe.option", ('%s: say which column is the %s: %s = "..."'):format(self.what,
        rule.doc or role, role))
    end
  end
end

-- What derive sees: optional roles that are not bound are nil, and a linked table goes by the name
-- that the definition gives it.
local function data_of(self)
  local definition, renamed = self.definition, self.engine.table
  local columns, linked, alias, absent = {}, {}, {}, {}
  for _, name in ipairs((definition.needs or {}).patient or {}) do columns[name] = name end
  for role, name in pairs(self.roles) do columns[role] = name end
  for role in pairs(definition.columns or {}) do absent[role] = self.roles[role] == nil or nil end
  for name, wanted in pairs(definition.needs or {}) do
    if name ~= "patient" then linked[renamed or name], alias[renamed or name] = wanted, name end
  end
  local data, named = patients.data(self.cohort, columns, linked), {}
  for table_name, t in pairs(data.linked) do named[alias[table_name]] = t end
  data.linked, data.absent = named, absent
  return data
end

local function no_one() return nil end

--- A derivation of a definition for the cohort. about: kind ("endpoint", "class"), definition,
--- cohort, given (the user's options), engine (options of the kind itself, for options.check),
--- own_names. Options `response` (responses that fill roles: their refused patients are left out)
--- and `table` (name of the linked table) are known to all.
function M.new(about)
  local definition = about.definition
  local engine = { response = { type = "any" }, table = { type = "string" },
    title = { type = "string" } }
  for k, rule in pairs(about.engine or {}) do engine[k] = rule end
  local what = about.kind .. " " .. definition.name
  local self = setmetatable({ what = what, definition = definition, cohort = about.cohort,
    given_cohort = about.cohort,
    excluded = {}, refused = no_one }, Derivation)
  self.roles, self.opt, self.engine = split(what, definition, about.given or {}, engine)
  if self.engine.response then
    if type(self.engine.response) ~= "table" then
      errors.raise("recipe.option", ('%s: there is no response "%s"'):format(what,
        tostring(self.engine.response)),
        { hint = "a recipe names it under response:, a script gives what cohort:recist returns" })
    end
    self.cohort, self.roles, self.refused = self.engine.response:attach(self.cohort, self.roles,
      definition)
  end
  bind_roles(self, about.own_names)
  return self
end

--- Patient i for a message. A plug-in's messages name the row, not the id: they may leave the
--- hospital.
function Derivation:who(i)
  return ("%s, patient %s"):format(self.what, self.definition.remote and "in row " .. i
    or patients.name(self.cohort, i))
end

--- derive returned what it must not.
function Derivation:fail(i, message)
  errors.raise("plugin.result", self:who(i) .. ": " .. message,
    require("lunation.plugin").place(self.definition, "derive"))
end

--- Leaves patient i out. excluded is a list of { reason, n, rows, code }, and has them by reason
--- too; code is that of a refusal.
function M.exclude(excluded, reason, i, code)
  local e = excluded[reason]
  if not e then
    e = { reason = reason, n = 0, rows = {}, code = code }
    excluded[reason] = e
    excluded[#excluded + 1] = e
  end
  e.n = e.n + 1
  e.rows[#e.rows + 1] = i
end

--- Runs derive: take(i, result, reason) for every patient for whom it gives a result; the others
--- are excluded. unsaid: the reason when derive gives none.
function Derivation:run(unsaid, take)
  local derive = require("lunation.plugin").results(self.definition, self.cohort,
    data_of(self), self.opt,
    function(i) return self:who(i) end)
  for i = 1, #self.cohort do
    local result, reason = derive(i)
    local refusal, code = self.refused(i)
    if refusal then M.exclude(self.excluded, refusal, i, code)
    elseif result == nil then M.exclude(self.excluded, reason or unsaid, i)
    else take(i, result, reason) end
  end
end

--- Ids of the patients left out: a list of { id, reason, code } in the order of the cohort.
function M.left_out(excluded, cohort)
  local out = {}
  for _, e in ipairs(excluded) do
    for _, i in ipairs(e.rows or {}) do
      out[#out + 1] = { row = i, id = patients.name(cohort, i), reason = e.reason, code = e.code }
    end
  end
  table.sort(out, function(a, b) return a.row < b.row end)
  return out
end

return M
