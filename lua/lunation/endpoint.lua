-- SPDX-License-Identifier: GPL-3.0-or-later
-- endpoint: the registry of time-to-event endpoints, and their derivation for every patient of a
-- cohort. Built-in endpoints (lunation/endpoints/*.lua) are written with the same define.
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local suggest = require "lunation.base.suggest"

local endpoint = {}

local registry = {}
local BUILT_IN = { "os", "pfs", "ttp", "rfs", "dfs", "efs", "pps", "dor", "ttr", "ttc", "tot", "recurrence" }

-- What define accepts: name of the key, its type, whether it must be there.
local DEFINITION = {
  name = { "string", true }, version = { "string" }, kind = { "string", true }, title = { "string", true },
  needs = { "table" }, columns = { "table" }, options = { "table" }, derive = { "function", true },
  doc = { "string" },
}

local function bad(message, hint) errors.raise("plugin.define", "endpoint.define: " .. message, { hint = hint }) end

--- Registers an endpoint. definition:
---   name, version, title, doc      words
---   kind                           "time_to_event"
---   needs = { patient = { "start" }, lesions = { "date", "mm" } }   columns used under their own names
---   columns = { origin = { type = "date", required = true, doc = "..." } }
---                                  roles that the user binds to columns: { origin = "start" }
---   options = { depth = { default = 0.8, min = 0, max = 1 } }
---   derive(patient, opt)           returns { time = days, event = true|false|"cause", reason = "..." },
---                                  or { from = day, to = day, event =, reason = }, or nil and a reason,
---                                  which leaves the patient out and is counted.
function endpoint.define(definition)
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
  if definition.kind ~= "time_to_event" then
    bad(('kind "%s" is not known'):format(definition.kind), 'known: time_to_event')
  end
  if registry[definition.name] then
    bad(('an endpoint "%s" exists already'):format(definition.name), "give yours another name")
  end
  registry[definition.name] = definition
  return definition
end

local function load_built_in(name)
  for _, b in ipairs(BUILT_IN) do
    if b == name and not registry[name] then require("lunation.endpoints." .. name) end
  end
end

--- The definition of that name; an unknown name is an error with a suggestion.
function endpoint.get(name)
  load_built_in(name)
  local d = registry[name]
  if not d then
    errors.raise("recipe.endpoint", ('there is no endpoint "%s"'):format(tostring(name)),
      { hint = suggest.hint(tostring(name), endpoint.names()) })
  end
  return d
end

--- Names of all endpoints, sorted.
function endpoint.names()
  local names = suggest.keys(registry)
  for _, b in ipairs(BUILT_IN) do if not registry[b] then names[#names + 1] = b end end
  table.sort(names)
  return names
end

-- --- derivation --------------------------------------------------------------------------------

local ENGINE_OPTIONS = {
  unit = { type = "string", default = "days", choices = { "days", "weeks", "months", "years" } },
  month = { type = "any" },
  title = { type = "string" },
  response = { type = "any" },
}

-- Splits the user's options into roles (role -> column), options, and the engine's own.
local function split_options(definition, given)
  local roles, own, engine, known = {}, {}, {}, {}
  for k in pairs(definition.columns or {}) do known[#known + 1] = k end
  for k in pairs(definition.options or {}) do known[#known + 1] = k end
  for k in pairs(ENGINE_OPTIONS) do known[#known + 1] = k end
  table.sort(known)
  for _, k in ipairs(suggest.keys(given)) do
    if k == "response" and type(given[k]) ~= "string" then engine[k] = given[k] -- responses, not a column's name
    elseif (definition.columns or {})[k] then roles[k] = given[k]
    elseif (definition.options or {})[k] then own[k] = given[k]
    elseif ENGINE_OPTIONS[k] then engine[k] = given[k]
    else
      errors.raise("recipe.option", ('endpoint %s: unknown option "%s"'):format(definition.name, k),
        { hint = suggest.hint(k, known) })
    end
  end
  local what = "endpoint " .. definition.name
  return roles, options.check(what, own, definition.options or {}), options.check(what, engine, ENGINE_OPTIONS)
end

local function check_roles(definition, roles, cohort)
  for role, rule in pairs(definition.columns or {}) do
    local name = roles[role]
    if name == nil then
      if rule.required then
        errors.raise("recipe.option", ("endpoint %s: say which column is the %s: %s = \"...\"")
          :format(definition.name, rule.doc or role, role))
      end
    else
      local column = cohort.patients:column(name)
      if rule.type and column.type ~= rule.type and not (rule.type == "number" and column.type == "integer") then
        errors.raise("recipe.type", ("endpoint %s: column %s (%s) must be a %s, it is a %s")
          :format(definition.name, name, role, rule.type, column.type),
          { hint = "declare it: columns = { " .. name .. " = \"" .. rule.type .. "\" }" })
      end
    end
  end
end

-- A plug-in's messages name the row, not the id: they may leave the hospital.
local function who(definition, cohort, i)
  return ("endpoint %s, patient %s"):format(definition.name,
    definition.remote and "in row " .. i or require("lunation.data.patient").name(cohort, i))
end

local function fail(definition, cohort, i, message)
  errors.raise("plugin.result", who(definition, cohort, i) .. ": " .. message, require("lunation.plugin").place(definition, "derive"))
end

local function checked_event(definition, cohort, i, event)
  local t = type(event)
  if t == "boolean" or t == "string" then return event end
  fail(definition, cohort, i, "event must be true, false or the name of a cause, found " .. tostring(event))
end

-- Length in days and start day of a result of derive.
local function checked_span(definition, cohort, i, r)
  local from, to, length = r.from, r.to, r.time
  for _, k in ipairs { "from", "to" } do
    if r[k] ~= nil and type(r[k]) ~= "number" then fail(definition, cohort, i, k .. " must be a day, found a " .. type(r[k])) end
  end
  if from ~= nil and to ~= nil then length = to - from end
  if type(length) ~= "number" or length ~= length or length == math.huge then
    fail(definition, cohort, i, "time is " .. tostring(length) .. ", not a number of days")
  end
  if length < 0 then
    errors.raise("data.negative-time", ("%s: %s %g days before its start"):format(who(definition, cohort, i),
      r.reason or "the end", -length),
      { hint = "check this patient's dates" })
  end
  return length, from
end

local function new_series(n) return { time = { n = n }, event = {}, reason = {}, rows = {}, excluded = {}, from = {} } end

local function exclude(series, reason, i)
  local e = series.excluded[reason]
  if not e then
    e = { reason = reason, n = 0, rows = {} }
    series.excluded[reason] = e
    series.excluded[#series.excluded + 1] = e
  end
  e.n = e.n + 1
  e.rows[#e.rows + 1] = i
end

local function keep(series, i, length, from, event, reason)
  local k = #series.rows + 1
  series.rows[k], series.time[k], series.event[k], series.reason[k], series.from[k] = i, length, event, reason, from
end

local function data_for(definition, cohort, roles)
  local columns, linked = {}, {}
  for _, name in ipairs((definition.needs or {}).patient or {}) do columns[name] = name end
  for role, name in pairs(roles) do columns[role] = name end
  for name, wanted in pairs(definition.needs or {}) do
    if name ~= "patient" then linked[name] = wanted end
  end
  return require("lunation.data.patient").data(cohort, columns, linked)
end

--- Derives endpoint `name` for every patient of the cohort and returns the endpoint object
--- (lunation.surv.endpoint_data). given: roles (origin = "start"), the endpoint's options, and
--- unit ("days", "weeks", "months", "years"), month (days in a month, or "calendar"), title.
function endpoint.derive(cohort, name, given)
  local definition = endpoint.get(name)
  local roles, opt, engine = split_options(definition, given or {})
  if engine.response then
    cohort, roles = engine.response:attach(cohort, roles, definition)
  end
  check_roles(definition, roles, cohort)
  local convert = require("lunation.base.time").converter(engine.unit, engine.month)
  local derive = require("lunation.plugin").results(definition, cohort, data_for(definition, cohort, roles), opt,
    function(i) return who(definition, cohort, i) end)
  local series = new_series(#cohort)
  for i = 1, #cohort do
    local result, reason = derive(i)
    if result == nil then
      exclude(series, reason or "not evaluable", i)
    elseif type(result) ~= "table" then
      fail(definition, cohort, i, "derive must return a table, or nil and a reason; found a " .. type(result))
    else
      local length, from = checked_span(definition, cohort, i, result)
      keep(series, i, convert(length, from), from, checked_event(definition, cohort, i, result.event), result.reason)
    end
  end
  return require("lunation.surv.endpoint_data").new(cohort, series, {
    name = name, title = engine.title or definition.title, unit = engine.unit, month = engine.month,
    roles = roles, options = opt, definition = definition, convert = convert })
end

-- --- columns that exist already ----------------------------------------------------------------

local SURVIVAL = {
  time = { type = "string", required = true }, event = { type = "string", required = true },
  is = { type = "any", required = true }, start = { type = "string" },
  unit = { type = "string", default = "months", choices = { "days", "weeks", "months", "years" } },
  title = { type = "string", default = "Survival" }, name = { type = "string", default = "survival" },
  origin = { type = "string" }, divide = { type = "number" },
}

local function event_values(column, is)
  local wanted = {}
  for _, v in ipairs(type(is) == "table" and is or { is }) do wanted[tostring(v)] = true end
  return function(i)
    local v = column[i]
    if v == nil then return nil end
    if math.type(v) == "float" and v == math.floor(v) then v = math.tointeger(v) end
    return wanted[tostring(v)] or false
  end
end

--- An endpoint from columns: opt = { time =, event =, is = value or list, start = (delayed entry),
--- unit =, title = }. Which value is the event is never guessed.
function endpoint.from_columns(cohort, given)
  local opt = options.check("cohort:survival", given, SURVIVAL)
  local time, event = cohort:column(opt.time), cohort:column(opt.event)
  local start = opt.start and cohort:column(opt.start)
  if time.type ~= "number" and time.type ~= "integer" then
    errors.raise("recipe.type", ("column %s must be a number, it is a %s"):format(opt.time, time.type))
  end
  local is_event, series, any = event_values(event, opt.is), new_series(#cohort), false
  for i = 1, #cohort do
    local t, e = time[i], is_event(i)
    if t == nil then exclude(series, opt.time .. " missing", i)
    elseif e == nil then exclude(series, opt.event .. " missing", i)
    elseif start and start[i] == nil then exclude(series, opt.start .. " missing", i)
    elseif t < 0 then
      errors.raise("data.negative-time", ("%s of patient %s is %g: a time cannot be negative"):format(opt.time,
        require("lunation.data.patient").name(cohort, i), t), { hint = "correct it, or leave the patient out with a stated rule" })
    else
      any = any or e
      keep(series, i, opt.divide and t / opt.divide or t, nil, e, nil)
      if start then series.start = series.start or {} series.start[#series.rows] = start[i] end
    end
  end
  if not any and #series.rows > 0 then
    errors.raise("data.no-events", ("no row has %s = %s: there are no events"):format(opt.event,
      type(opt.is) == "table" and table.concat(opt.is, " or ") or tostring(opt.is)),
      { hint = "values seen: " .. table.concat(endpoint.values_seen(event), ", ") .. "; say which one is the event with is" })
  end
  return require("lunation.surv.endpoint_data").new(cohort, series, { name = opt.name, title = opt.title,
    unit = opt.unit, roles = {}, options = opt, convert = function(x) return x end })
end

--- Distinct values of a column as text, at most ten.
function endpoint.values_seen(column)
  local seen, list = {}, {}
  for i = 1, #column do
    local v = column[i]
    if v ~= nil and not seen[v] then
      seen[v] = true
      list[#list + 1] = v
    end
  end
  table.sort(list, function(a, b) return tostring(a) < tostring(b) end)
  local out = {}
  for i = 1, math.min(#list, 10) do
    out[i] = math.type(list[i]) == "float" and ("%g"):format(list[i]) or tostring(list[i])
  end
  if #list > 10 then out[11] = "..." end
  return out
end

return endpoint
