-- SPDX-License-Identifier: GPL-3.0-or-later
-- rules: an endpoint as a table of event rules and censoring rules, which core.timeline works
-- through. The tables of the FDA and the EMA are the core's own; docs/methods/endpoint-rules.md
-- prints them.
local core = require "lunation.core"
local derivation = require "lunation.data.derivation"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

local EVENT = { source = "string", reason = "string", competing = "boolean" }
local CENSOR = { when = "table", source = "string", at = "string", reason = "string",
  cnsr = "number", none = "string",
  none_cnsr = "number" }
local RULES = { events = "table", censoring = "any", assessed = "boolean", no_start = "string",
  no_end = "string" }
local CONDITIONS = { "no-event", "no-baseline", "after", "missed" }
local NAMED = { fda = "pfs_fda", ema = "pfs_ema" }

--- The built-in table of that name ("pfs_fda", "pfs_ema", "ttp_fda", "ttp_ema"): { events,
--- censoring }, a copy to edit.
function M.table(name)
  local tables = core.timeline.tables()
  return tables[name] or errors.raise("recipe.rules",
    ('there is no table of rules "%s"'):format(tostring(name)),
    { hint = suggest.hint(tostring(name), suggest.keys(tables)) })
end

local function check_keys(what, row, known, bad)
  if type(row) ~= "table" then bad(("%s: expected a map, found a %s"):format(what, type(row))) end
  for _, key in ipairs(suggest.keys(row)) do
    if not known[key] then
      bad(('%s: unknown key "%s"'):format(what, key), suggest.hint(key, suggest.keys(known)))
    end
    if known[key] ~= "any" and type(row[key]) ~= known[key] then
      bad(("%s.%s: expected a %s, found a %s"):format(what, key, known[key], type(row[key])))
    end
  end
end

local function checked_conditions(what, when, bad)
  if #when == 0 then
    bad(what .. ": when is missing", "one or more of " .. table.concat(CONDITIONS, ", "))
  end
  local seen = {}
  for _, word in ipairs(when) do
    local known = false
    for _, c in ipairs(CONDITIONS) do known = known or c == word end
    if not known then
      bad(('%s: when: "%s" is not known'):format(what, tostring(word)),
        suggest.hint(tostring(word), CONDITIONS))
    end
    seen[word] = true
  end
  return seen
end

-- A list of censoring rules, or the name of one; `when` may be a single word.
local function checked_censoring(given, bad)
  if type(given) == "string" then
    if not NAMED[given] then
      bad(('censoring: "%s" is not known'):format(given), suggest.hint(given, suggest.keys(NAMED)))
    end
    return M.table(NAMED[given]).censoring
  end
  if type(given) ~= "table" then
    bad("censoring: expected fda, ema or a list of rules, found a " .. type(given))
  end
  local out = {}
  for i, row in ipairs(given) do
    local what, copy = ("censoring[%d]"):format(i), {}
    if type(row) ~= "table" then bad(what .. ": expected a map, found a " .. type(row)) end
    for k, v in pairs(row) do copy[k] = v end
    if type(copy.when) == "string" then copy.when = { copy.when } end
    check_keys(what, copy, CENSOR, bad)
    for _, key in ipairs { "when", "at", "reason" } do
      if copy[key] == nil then bad(("%s: %s is missing"):format(what, key)) end
    end
    local seen = checked_conditions(what, copy.when, bad)
    if seen.after and not copy.source then bad(what .. ": source is missing: after which date?") end
    if copy.source and not seen.after then bad(what .. ": a source goes with when: after") end
    copy.cnsr = copy.cnsr or i
    out[i] = copy
  end
  return out
end

--- Checks and completes a table of rules:
---   events     { { source = role, reason = words, competing = true|nil }, ... }: the earliest date counts, of two on one
---              day the first in the table. competing: only with the option competing, and then as
---              a cause of its own
---   censoring  { { when =, source =, at =, reason =, cnsr =, none =, none_cnsr = }, ... }, "fda" or "ema": the first
---              whose conditions all hold. when: no-event, no-baseline, after (the date of source
---              has passed and no event up to it), missed (the event came after missed
---              assessments). at: start, last-assessment (none: the reason when there is none, and
---              it is the start), or a role. cnsr: the code of ADTTE, its place in the list unless
---              given
---   assessed   true: with responses the censoring is theirs (fda, ema)
---   no_start, no_end   reasons of those without a start, and of those for whom no rule gives an end
--- bad(message, hint) raises.
function M.check(rules, bad)
  check_keys("rules", rules, RULES, bad)
  if rules.events == nil or #rules.events == 0 then bad("rules: events is missing") end
  for i, row in ipairs(rules.events) do
    local what = ("events[%d]"):format(i)
    check_keys(what, row, EVENT, bad)
    if not row.source or not row.reason then bad(what .. ": source and reason are needed") end
  end
  return { events = rules.events, censoring = checked_censoring(rules.censoring or {}, bad),
    assessed = rules.assessed,
    no_start = rules.no_start or "no start date", no_end = rules.no_end
      or "neither event nor last assessment" }
end

local PLACES = { start = true, ["last-assessment"] = true }

--- Names of the dates that the rules need.
function M.sources(rules)
  local seen = {}
  for _, row in ipairs(rules.events) do seen[row.source] = true end
  for _, row in ipairs(rules.censoring) do
    if row.source then seen[row.source] = true end
    if not PLACES[row.at] then seen[row.at] = true end
  end
  return suggest.keys(seen)
end

--- The definition of an endpoint that a script or a recipe states as rules alone.
function M.definition(name, given, title)
  local function bad(message, hint)
    errors.raise("recipe.rules", ("endpoint %s: %s"):format(name, message), { hint = hint })
  end
  local rules, columns = M.check(given, bad),
    { origin = { type = "date", required = true, doc = "start of the clock" } }
  for _, source in ipairs(M.sources(rules)) do
    columns[source] = { type = "date", required = true, doc = "date of " .. source }
  end
  return { name = name, title = title or name, kind = "time_to_event", columns = columns,
    rules = rules,
    options = { competing = { type = "boolean", default = false } } }
end

-- The censoring rules that apply: those the user names, else those of the responses, else the
-- definition's own.
local function censoring_of(d, rules)
  local function bad(message, hint)
    errors.raise("recipe.rules", d.what .. ": " .. message, { hint = hint })
  end
  local response, given = d.engine.response, d.engine.censoring
  if given == nil and response and rules.assessed then given = response.censoring end
  local censoring = given and checked_censoring(given, bad) or rules.censoring
  for i, row in ipairs(censoring) do
    local needs = row.at == "last-assessment"
    for _, word in ipairs(row.when) do
      needs = needs or word == "missed" or word == "no-baseline"
    end
    if needs and not response then
      bad(("censoring[%d] (%s) looks at assessments: it needs response = ..."):format(i,
        row.reason))
    end
  end
  return censoring
end

local function dates_of(d, name)
  if d.roles[name] then return d.cohort:column(d.roles[name]) end
  local known = d.engine.response and d.engine.response:dates(name, d.given_cohort)
  if known then return known end
  if d.cohort.patients:has(name) and d.cohort:column(name).type == "date" then
    return d.cohort:column(name)
  end
  -- an optional role
  if (d.definition.columns or {})[name] then return core.column.date { n = #d.cohort } end
  errors.raise("recipe.rules", ("%s: there is no date called %s"):format(d.what, name),
    { hint = "bind it: " .. name .. " = \"a date column\"" })
end

--- Works through the rules for every patient of a derivation: take(i, { from, to, event, reason,
--- cnsr }); the others are excluded.
function M.run(d, take)
  local definition = d.definition
  local function bad(message, hint)
    errors.raise("recipe.rules", d.what .. ": " .. message, { hint = hint })
  end
  local rules = M.check(definition.rules, bad)
  local events, causes = {}, d.opt.competing
  for _, row in ipairs(rules.events) do
    if causes or not row.competing then events[#events + 1] = row end
  end
  local censoring, sources = censoring_of(d, rules), {}
  for _, name in ipairs(M.sources { events = events, censoring = censoring }) do
    sources[name] = dates_of(d, name)
  end
  local input = { start = dates_of(d, "origin"), sources = sources, events = events,
    censoring = censoring }
  if d.engine.response then d.engine.response:course(d.given_cohort, input) end
  local out, raw = core.timeline.run(input), core.cohort.raw
  local from, to, event, rule, none = raw(input.start), raw(out.date), raw(out.event),
    raw(out.rule), raw(out.none)
  local r = {}
  for i = 1, #d.cohort do
    local refusal, code = d.refused(i)
    local e, c = events[event[i]], censoring[rule[i]]
    if refusal then derivation.exclude(d.excluded, refusal, i, code)
    elseif not from[i] then derivation.exclude(d.excluded, rules.no_start, i)
    elseif not to[i] then derivation.exclude(d.excluded, rules.no_end, i)
    elseif e then
      r.from, r.to, r.event, r.reason, r.cnsr, r.place = from[i], to[i], causes and e.reason
        or true, e.reason, 0, nil
      take(i, r)
    else
      local empty = none[i] == 1 and c.none
      r.from, r.to, r.event, r.reason = from[i], to[i], false, empty or c.reason
      r.cnsr, r.place = empty and c.none_cnsr or c.cnsr, none[i] == 1 and "start" or c.at
      take(i, r)
    end
  end
end

return M
