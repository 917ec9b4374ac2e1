-- SPDX-License-Identifier: GPL-3.0-or-later
-- endpoint: the registry of time-to-event endpoints, and their derivation for every patient of a
-- cohort. Built-in endpoints (lunation/endpoints/*.lua) are written with the same define.
local derivation = require "lunation.data.derivation"
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local rules = require "lunation.surv.rules"
local suggest = require "lunation.base.suggest"

local endpoint = {}

local registry = require("lunation.base.registry").new {
  what = "endpoint.define", noun = "an endpoint", name = "name", folder = "lunation.endpoints",
  unknown = "recipe.endpoint",
  built_in = { "os", "pfs", "ttp", "rfs", "dfs", "efs", "pps", "dor", "ttr", "ttc", "tot",
    "recurrence" },
  keys = derivation.keys { kind = { "string", true }, derive = { "function" },
    rules = { "table" } },
  check = function(definition, bad)
    if definition.kind ~= "time_to_event" then
      bad(('kind "%s" is not known'):format(definition.kind), "known: time_to_event")
    end
    derivation.check(definition, bad)
    if not definition.derive and not definition.rules then
      bad("derive is missing", "or give a table of rules")
    end
    if definition.derive and definition.rules then bad("derive and rules: one of them decides") end
    if definition.rules then rules.check(definition.rules, bad) end
  end,
}

--- Registers an endpoint. definition:
---   name, version, title, doc      words
---   kind                           "time_to_event"
---   needs = { patient = { "start" }, lesions = { "date", "mm" } }   columns used under their own names
---   columns = { origin = { type = "date", required = true, doc = "..." } }
---                                  roles that the user binds to columns: { origin = "start" }
---   options = { depth = { default = 0.8, min = 0, max = 1 } }
---   derive(patient, opt)           returns { time = days, event = true|false|"cause", reason = "..." },
---                                  or { from = day, to = day, event =, reason = }, or nil and a
---                                  reason, which leaves the patient out and is counted
---   rules                          instead of derive: a table of event and censoring rules, see lunation.rules
function endpoint.define(definition) return registry:define(definition) end

--- The definition of that name; an unknown name is an error with a suggestion.
function endpoint.get(name) return registry:get(name) end

--- Names of all endpoints, sorted.
function endpoint.names() return registry:names() end

-- --- derivation --------------------------------------------------------------------------------

local ENGINE = {
  unit = { type = "string", default = "days", choices = { "days", "weeks", "months", "years" } },
  month = { type = "any" },
  censoring = { type = "any" },
}

local function checked_event(d, i, event)
  local t = type(event)
  if t == "boolean" or t == "string" then return event end
  d:fail(i, "event must be true, false or the name of a cause, found " .. tostring(event))
end

-- Length in days and start day of a result of derive.
local function checked_span(d, i, r)
  local from, to, length = r.from, r.to, r.time
  if from ~= nil and type(from) ~= "number" then
    d:fail(i, "from must be a day, found a " .. type(from))
  end
  if to ~= nil and type(to) ~= "number" then d:fail(i, "to must be a day, found a " .. type(to)) end
  if from ~= nil and to ~= nil then length = to - from end
  if type(length) ~= "number" or length ~= length or length == math.huge then
    d:fail(i, "time is " .. tostring(length) .. ", not a number of days")
  end
  if length < 0 then
    errors.raise("data.negative-time", ("%s: %s %g days before its start"):format(d:who(i), r.reason
      or "the end", -length),
      { hint = "check this patient's dates" })
  end
  return length, from
end

local function new_series(excluded) return { time = {}, event = {}, reason = {}, rows = {},
  excluded = excluded, from = {}, days = {}, cnsr = {},
    place = {} } end

local function keep(series, i, length, from, event, reason)
  local k = #series.rows + 1
  series.rows[k], series.time[k], series.event[k], series.reason[k], series.from[k] = i, length,
    event, reason, from
  return k
end

local function split_rules(name, given)
  local rest, title = {}, given.title
  for k, v in pairs(given) do if k ~= "rules" then rest[k] = v end end
  return rules.definition(name, given.rules, title), rest
end

--- Derives endpoint `name` for every patient of the cohort and returns the endpoint object
--- (lunation.surv.endpoint_data). given: roles (origin = "start"), the endpoint's options, and
--- unit ("days", "weeks", "months", "years"), month (days in a month, or "calendar"), title,
--- response (responses that fill roles), table (name of the linked table, when it is not the one
--- that the endpoint names); of an endpoint by rules, censoring ("fda", "ema" or a list of rules);
--- rules: a table of rules stated here, for which no endpoint need be defined.
function endpoint.derive(cohort, name, given)
  given = given or {}
  local definition
  if given.rules then
    definition, given = split_rules(name, given)
  else
    definition = endpoint.get(name)
  end
  local d = derivation.new { kind = "endpoint", definition = definition, cohort = cohort,
    given = given, engine = ENGINE,
    own_names = definition.rules and not definition.version }
  local engine, series = d.engine, new_series(d.excluded)
  if engine.censoring and not definition.rules then
    errors.raise("recipe.option", ("%s: censoring goes with an endpoint by rules"):format(d.what))
  end
  local convert = require("lunation.base.time").converter(engine.unit, engine.month)
  local function take(i, r)
    local length, from = checked_span(d, i, r)
    local k = keep(series, i, convert(length, from), from, checked_event(d, i, r.event), r.reason)
    series.days[k], series.cnsr[k], series.place[k] = length, r.cnsr
      or (r.event and 0 or 1), r.place
  end
  if definition.rules then
    rules.run(d, take)
  else
    d:run("not evaluable", function(i, result)
      if type(result) ~= "table" then
        d:fail(i, "derive must return a table, or nil and a reason; found a " .. type(result))
      end
      take(i, result)
    end)
  end
  return require("lunation.surv.endpoint_data").new(d.cohort, series, {
    name = name, title = engine.title or definition.title, unit = engine.unit, month = engine.month,
    roles = d.roles, options = d.opt, definition = definition, convert = convert,
    cohort = d.cohort })
end

-- --- columns that exist already ----------------------------------------------------------------

local SURVIVAL = {
  time = { type = "string", required = true }, event = { type = "string", required = true },
  is = { type = "any" }, causes = { type = "list" }, start = { type = "string" },
  unit = { type = "string", default = "months", choices = { "days", "weeks", "months", "years" } },
  title = { type = "string" }, -- default: the endpoint's of that name, or "Survival"
  name = { type = "string", default = "survival" },
  origin = { type = "string" }, divide = { type = "number" },
}

local function title_of(name)
  local definition = registry:find(name)
  return definition and definition.title or "Survival"
end

local function listed(v) return type(v) == "table" and v or { v } end

-- What each value of the event column stands for: true, or the name of a cause.
local function meaning(opt)
  local wanted = {}
  if (opt.is == nil) == (opt.causes == nil) then
    errors.raise("usage.option",
      "cohort:survival: say which value is the event with is, or name competing events with causes",
      { hint = 'is = 1, or causes = { relapse = 1, death = 2 }' })
  end
  for _, v in ipairs(listed(opt.is)) do wanted[tostring(v)] = true end
  for _, name in ipairs(suggest.keys(opt.causes or {})) do
    for _, v in ipairs(listed(opt.causes[name])) do
      local other = wanted[tostring(v)]
      if other then
        errors.raise("usage.option", ("cohort:survival: %s is both %s and %s"):format(tostring(v),
          other, name))
      end
      wanted[tostring(v)] = name
    end
  end
  return wanted
end

local function event_values(column, opt)
  local wanted = meaning(opt)
  return function(i)
    local v = column[i]
    if v == nil then return nil end
    if math.type(v) == "float" and v == math.floor(v) then v = math.tointeger(v) end
    return wanted[tostring(v)] or false
  end
end

-- The values that are events, for a message.
local function event_text(opt)
  local out = {}
  for _, v in ipairs(listed(opt.is)) do out[#out + 1] = tostring(v) end
  for _, name in ipairs(suggest.keys(opt.causes or {})) do
    for _, v in ipairs(listed(opt.causes[name])) do out[#out + 1] = tostring(v) end
  end
  return table.concat(out, " or ")
end

--- An endpoint from columns: opt = { time =, event =, is = value or list, start = (delayed entry),
--- unit =, title = }. Which value is the event is never guessed. Competing events: causes = {
--- relapse = value or list, death = ... } in place of is.
function endpoint.from_columns(cohort, given)
  local opt = options.check("cohort:survival", given, SURVIVAL)
  local time, event = cohort:column(opt.time), cohort:column(opt.event)
  local start = opt.start and cohort:column(opt.start)
  if time.type ~= "number" and time.type ~= "integer" then
    errors.raise("recipe.type", ("column %s must be a number, it is a %s"):format(opt.time,
      time.type))
  end
  local is_event, series, any = event_values(event, opt), new_series({}), false
  local function exclude(reason, i) derivation.exclude(series.excluded, reason, i) end
  for i = 1, #cohort do
    local t, e = time[i], is_event(i)
    if t == nil then exclude(opt.time .. " missing", i)
    elseif e == nil then exclude(opt.event .. " missing", i)
    elseif start and start[i] == nil then exclude(opt.start .. " missing", i)
    elseif t < 0 then
      errors.raise("data.negative-time",
        ("%s of patient %s is %g: a time cannot be negative"):format(opt.time,
        require("lunation.data.patient").name(cohort, i), t),
          { hint = "correct it, or leave the patient out with a stated rule" })
    else
      any = any or e
      keep(series, i, opt.divide and t / opt.divide or t, nil, e, nil)
      if start then series.start = series.start or {} series.start[#series.rows] = start[i] end
    end
  end
  if not any and #series.rows > 0 then
    errors.raise("data.no-events", ("no row has %s = %s: there are no events"):format(opt.event,
      event_text(opt)),
      { hint = "values seen: " .. table.concat(endpoint.values_seen(event), ", ")
        .. "; say which one is the event with is" })
  end
  return require("lunation.surv.endpoint_data").new(cohort, series, {
    name = opt.name, title = opt.title or title_of(opt.name),
    unit = opt.unit, roles = {}, options = opt, convert = function(x) return x end,
    cohort = cohort })
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
