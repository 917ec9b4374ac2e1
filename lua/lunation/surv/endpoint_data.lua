-- SPDX-License-Identifier: GPL-3.0-or-later
-- endpoint_data: an endpoint of a cohort, derived: time, event and reason of every patient, and the
-- estimators that work on them.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local need = require "lunation.base.need"
local to_factor = require "lunation.data.factor"
local options = require "lunation.base.options"

local Endpoint = class("endpoint", { "start", "origin_time", "month", "landmark_at",
  "split_on", "cause", "incomplete" })
local M = { class = Endpoint }
local methods, getters = Endpoint.methods, Endpoint.getters

-- Event codes: 0 censored, 1 the event (or the first cause), 2... further causes in alphabetical
-- order.
local function codes(events, n)
  local causes, list = {}, {}
  for i = 1, n do
    local e = events[i]
    if type(e) == "string" and not causes[e] then
      causes[e] = true
      list[#list + 1] = e
    end
  end
  table.sort(list)
  for k, name in ipairs(list) do causes[name] = k end
  local status = { n = n }
  for i = 1, n do
    local e = events[i]
    status[i] = e == true and 1 or (e and causes[e]) or 0
  end
  return status, list
end

--- series: rows, time, event, reason, from, excluded, start (of lunation.endpoint). about: name,
--- title, unit, roles, definition, cohort (that the excluded are rows of).
function M.new(cohort, series, about)
  local n = #series.rows
  local status, causes = codes(series.event, n)
  series.time.n, series.reason.n, series.from.n = n, n, n
  local self = {
    name = about.name, title = about.title, unit = about.unit, about = about,
    cohort = n == #cohort and cohort or cohort:_rows(series.rows),
    causes = causes, excluded = series.excluded,
    time = core.column.number(series.time), status = core.column.integer(status),
    reason = core.column.text(series.reason), from = core.column.number(series.from),
  }
  if series.start then
    series.start.n = n
    self.start = core.column.number(series.start)
  end
  self._surv, self._adtte = {}, { days = series.days or {}, cnsr = series.cnsr
    or {}, place = series.place or {} }
  return Endpoint.new(self)
end

--- The core's response object: validated and sorted once, shared by all estimators.
function getters.surv(self)
  if not self._surv[1] then
    self._surv[1] = core.surv.new { time = self.time, status = self.status, start = self.start }
  end
  return self._surv[1]
end

getters.n = function(self) return #self.time end

getters.events = function(self)
  local n = 0
  for _, s in ipairs(self.status:totable()) do if s ~= 0 then n = n + 1 end end
  return n
end

getters.censored = function(self) return self.n - self.events end

Endpoint.meta.__len = function(self) return #self.time end

Endpoint.meta.__tostring = function(self)
  local out = { ("%s: %d patients, events = %d, censored = %d, time in %s"):format(self.title,
    self.n, self.events,
    self.censored, self.unit) }
  for _, e in ipairs(self.excluded) do
    out[#out + 1] = ("; %s: %d left out"):format(e.reason, e.n)
  end
  return table.concat(out)
end

--- One row for each patient: id, time, event, reason.
function methods:rows()
  local out, key = {}, self.cohort.patients.key
  local ids = key and self.cohort:column(key)
  for i = 1, self.n do
    out[i] = { id = ids and ids[i] or i, time = self.time[i], event = self.status[i],
      reason = self.reason[i] }
  end
  return out
end

--- Rows in the shape of ADaM's ADTTE: see lunation.cdisc.
function methods:adtte() return require("lunation.onco.cdisc").adtte_of(self) end

--- Who was left out: a list of { id, reason, code }, in the order of the cohort; code is that of a
--- refusal.
function methods:left_out()
  return require("lunation.data.derivation").left_out(self.excluded, self.about.cohort)
end

-- A grouping column as a factor: texts and numbers become one, levels sorted.
local function as_factor(self, name) return to_factor(self.cohort:column(name)) end

-- One factor out of several: the cells of strata = { "bclc", "sex" }.
local function strata_factor(self, strata)
  if strata == nil then return nil end
  if type(strata) == "string" then strata = { strata } end
  local out
  for _, name in ipairs(strata) do
    local f = as_factor(self, name)
    out = out and core.factor.cross(out, f) or f
  end
  return out
end

-- Rows without a weight have no group: they are left out and counted.
local function only_weighted(self, by, weights)
  local complete = true
  for i = 1, self.n do complete = complete and weights[i] end
  if complete then return by, weights end
  local values, groups = { n = self.n }, { n = self.n }
  for i = 1, self.n do
    local w = weights[i]
    values[i], groups[i] = w or 1, w and (by and by[i] or not by and "all") or nil
  end
  return core.column.factor(groups, by and by.levels or { "all" }), core.column.number(values)
end

-- Copies the estimator's options, with column names turned into columns. Column-valued options: by,
-- strata, weights (also the weights of a cohort).
local function core_options(self, opt)
  local out = {}
  if not M.class.is(self) then
    errors.raise("usage.argument", "this is a method of an endpoint",
      { hint = "with a colon: os:km { by = ... }" })
  end
  if opt ~= nil and type(opt) ~= "table" then
    errors.raise("usage.option", "options come as one table, found a " .. type(opt),
      { hint = 'as { by = "arm" }' })
  end
  for k, v in pairs(opt or {}) do out[k] = v end
  if type(out.by) == "string" then
    out.by_name, out.by = out.by, as_factor(self, out.by)
  end
  out.strata = strata_factor(self, out.strata)
  if type(out.cluster) == "string" then out.cluster = as_factor(self, out.cluster) end
  if out.weights then
    out.by, out.weights = only_weighted(self, out.by, require("lunation.stat.weights").column(self,
      out.weights))
  end
  return out
end

--- Kaplan-Meier curves. opt: by (column), conf_type ("log", "log-log", "plain", "arcsine",
--- "logit"), conf_level, median_rule ("r", "sas", "first", "below", "spss"), weights.
function methods:km(opt)
  return require("lunation.surv.km").fit(self, core_options(self, opt))
end

--- Kaplan-Meier curves within each level of a second column, for panels: endpoint:facets("bclc", {
--- by = "arm" }). opt: those of km, and logrank (the test within each level).
function methods:facets(column, opt)
  return require("lunation.surv.facets").of(self, column, opt)
end

--- Log-rank test and its relatives. opt: by, strata, test ("logrank", "gehan", ...), rho, gamma,
--- trend; weights (of a cohort, or a column) with robust score variance, cluster (column), ties
--- ("efron", "breslow").
function methods:logrank(opt)
  return require("lunation.surv.logrank").fit(self, core_options(self, opt))
end

--- The largest of several weighted log-rank tests of two groups. opt: by, strata, tests (list of {
--- rho, gamma }), weights, cluster, ties.
function methods:maxcombo(opt)
  return require("lunation.surv.logrank").maxcombo(self, core_options(self, opt))
end

--- Every pair of groups by log-rank. opt: by, strata, adjust ("holm", "bh", "bonferroni", "none"
--- ...), weights, cluster, ties. groups = { { name, where = condition }, ... } in place of by:
--- groups that may share patients, who then count in both groups of a pair.
function methods:pairwise(opt)
  local groups, on = opt and opt.groups, self
  if not opt or (groups == nil) == (opt.by == nil) then
    errors.raise("usage.option", "pairwise needs by (a column) or groups (conditions), one of them")
  end
  local given, shared = {}, nil
  for k, v in pairs(opt) do given[k] = v end
  if groups then
    given.groups = nil
    on, given.by, shared = require("lunation.surv.overlap").stack(self, groups)
  end
  local out = require("lunation.surv.logrank").pairwise(on, core_options(on, given))
  rawset(out, "shared", shared)
  return out
end

--- Restricted mean survival time by group, with difference and ratio, also adjusted for covariates.
--- opt: by, tau, adjust ("age + ph_karno"), weights.
function methods:rmst(opt)
  return require("lunation.surv.rmst").fit(self, core_options(self, opt))
end

--- Cumulative incidence of the causes (Aalen-Johansen). opt: by, conf_type.
function methods:cuminc(opt)
  return require("lunation.surv.cuminc").fit(self, core_options(self, opt))
end

--- Gray's test. opt: by, cause, strata, rho.
function methods:gray(opt)
  return require("lunation.surv.cuminc").gray(self, core_options(self, opt))
end

local function need_terms(method, terms)
  need("endpoint:" .. method, "terms", terms, { "string", "userdata" },
    ('endpoint:%s("age + sex")'):format(method))
end

--- Fine and Gray's regression of a cause's incidence. terms: as for cox. opt: cause, method ("crr",
--- "survival"), ties, variance ("censoring", "robust"), censoring, cluster, weights, conf_level.
function methods:finegray(terms, opt)
  need_terms("finegray", terms)
  return require("lunation.surv.finegray").fit(self, terms, opt)
end

--- Cox regression. terms: "surgery + log2(afp) + strata(bclc)". opt: ties ("efron", "breslow",
--- "exact"), robust, cluster, weights, conf_level.
function methods:cox(terms, opt)
  need_terms("cox", terms)
  return require("lunation.surv.cox").fit(self, terms, opt)
end

--- A Cox model of each cause, side by side. opt: as for cox, without cause.
function methods:cause_specific(terms, opt)
  need_terms("cause_specific", terms)
  return require("lunation.surv.cause_specific").fit(self, terms, opt)
end

--- Follow-up: reverse Kaplan-Meier (the censoring is the event; at equal times deaths leave first).
--- opt: by, median_rule, conf_type, ties ("deaths-first", "plain").
function methods:followup(opt)
  local o = core_options(self, opt)
  o.reverse = true
  return require("lunation.surv.km").fit(self, o)
end

--- Bootstrap of a statistic: see lunation.boot.
function methods:bootstrap(opt)
  return require("lunation.surv.boot").endpoint(self, core_options(self, opt))
end

--- Time-dependent ROC curves of a column or a Cox model: see lunation.surv.performance. opt: times,
--- cause, variance.
function methods:roc(what, opt) return require("lunation.surv.performance").roc(self, what, opt) end

--- Brier scores of predicted probabilities, or of a Cox model. opt: times, integrated, cause.
function methods:brier(what, opt)
  return require("lunation.surv.performance").brier(self, what, opt)
end

--- Calibration of predicted probabilities, or of a Cox model, at a time. opt: at, groups, thresholds.
function methods:calibration(what, opt)
  return require("lunation.surv.calibration").of(self, what, opt)
end

--- Concordance of a marker column with the outcome.
function methods:concordance(column, opt)
  return require("lunation.surv.concord").of(self, column, opt)
end

-- Time from the origin to the day in column `known`, in the endpoint's unit, of patient i; nil if
-- never.
local function time_known(self, known)
  local raw = core.cohort.raw(self.cohort:column(known))
  local kind = self.cohort:column(known).type
  return function(i)
    local v = raw[i]
    if v == nil then return nil end
    if kind ~= "date" then return v end
    local from = self.from[i]
    if from == nil then
      errors.raise("usage.known",
        ("%s is a date, but this endpoint does not know its start dates"):format(known))
    end
    local length = v - from
    return length >= 0 and self.about.convert(length, from) or length
  end
end

-- What a column holds before the day in its `known` column: the first level, or 0.
local function before_known(column) return column.type == "factor" and column.levels[1] or 0 end

-- The values of a column that say something has happened, without the day on which it became
-- known, become missing: whether it had happened at any time cannot be told.
local function dated_values(self, column, known)
  local values, first = column:totable(), before_known(column)
  for i = 1, #self.time do if values[i] ~= first and known(i) == nil then values[i] = nil end end
  return values
end

-- The values of a column as they were known at time `at`.
local function as_known(self, name, at)
  local column = self.cohort:column(name)
  local known = time_known(self, self.cohort.patients:about(name).known)
  local values, now = { n = #self.time }, dated_values(self, column, known)
  local first = before_known(column)
  for i = 1, #self.time do
    local t = known(i)
    values[i] = (t ~= nil and t <= at) and now[i] or (now[i] ~= nil and first or nil)
  end
  if column.type == "factor" then return core.column.factor(values, column.levels) end
  return core.column.number(values)
end

-- The endpoint of the rows with these numbers, over the cohort given (those rows of it).
-- excluded: who else is not in it.
function methods:_part(rows, cohort, excluded)
  local series = { rows = {}, time = {}, event = {}, reason = {}, from = {},
    excluded = excluded or self.excluded, start = self.start and {} }
  for k, i in ipairs(rows) do
    local s = self.status[i]
    series.rows[k], series.time[k], series.reason[k], series.from[k] = k, self.time[i],
      self.reason[i], self.from[i]
    series.event[k] = s ~= 0 and (self.causes[s] or true)
    if series.start then series.start[k] = self.start[i] end
  end
  return M.new(cohort, series, self.about)
end

--- The endpoint of the patients for whom the condition is true, as cohort:where.
function methods:where(condition, label)
  local rows, kept = core.expr.mask(self.cohort.patients.data, condition), {}
  for k = 1, #rows do kept[k] = rows[k] end
  if #kept == 0 then
    errors.raise("data.empty", ("no patient has %s"):format(condition),
      { hint = "check the condition and the levels it names" })
  end
  return self:_part(kept, self.cohort:where(condition, label or condition))
end

--- The endpoint of the patients who have everything that a list of models reads, so that the models
--- can be compared: os:complete { "age + sex", "age + sex + log2(afp)" }. How many are left out stands
--- in excluded and in the field incomplete. Errors: data.empty.
function methods:complete(models) return require("lunation.surv.complete").of(self, models) end

--- Names of the columns that become known only after the origin, by their declaration `known:`.
function methods:late_columns()
  local out = {}
  for _, name in ipairs(self.cohort:names()) do
    if self.cohort.patients:about(name).known then out[#out + 1] = name end
  end
  return out
end

--- Patients still observed after time `at`, with the clock restarted there. A column that is
--- declared `known: date` shows what was known at the landmark; later changes do not count. It is
--- missing where it says that something has happened and the date is missing.
function methods:landmark(at)
  if type(at) ~= "number" or at < 0 then
    errors.raise("usage.landmark", "landmark: expected a time from 0, found " .. tostring(at))
  end
  local series = { rows = {}, time = {}, event = {}, reason = {}, from = {}, excluded = {} }
  local before = { event = { reason = "event up to the landmark", n = 0 },
    censored = { reason = "censored up to the landmark", n = 0 } }
  local time, status, reasons = self.time:totable(), self.status:totable(), self.reason
  for i = 1, #self.time do
    local t, s = time[i], status[i]
    if t > at then
      local k = #series.rows + 1
      series.rows[k], series.time[k], series.reason[k] = i, t - at, reasons[i]
      series.event[k] = s ~= 0 and (self.causes[s] or true)
    else
      local b = s ~= 0 and before.event or before.censored
      b.n = b.n + 1
    end
  end
  if #series.rows == 0 then
    errors.raise("data.landmark",
      ("no patient is observed after %g %s: the landmark lies after the last time"):format(at,
        self.unit))
  end
  series.excluded = { before.event, before.censored }
  local cohort = self.cohort
  for _, name in ipairs(self:late_columns()) do
    cohort = cohort:derive(name, as_known(self, name, at), cohort.patients:about(name))
  end
  local about = {}
  for k, v in pairs(self.about) do about[k] = v end
  about.title = ("%s from %g %s"):format(self.title, at, self.unit)
  local result = M.new(cohort, series, about)
  rawset(result, "landmark_at", at)
  return result
end

--- The same endpoint with a row for each state of the column `name` (declared `known: date`):
--- before the date the column has its first level, after it its own, in (start, stop] form. For
--- time-dependent Cox models and Simon-Makuch curves.
function methods:split(name)
  need("endpoint:split", "name", name, { "string" }, 'endpoint:split("surgery")')
  local about = self.cohort.patients:about(name)
  if not about.known then
    errors.raise("usage.known", ('column %s does not say when it becomes known'):format(name),
      { hint = "declare it: " .. name .. " = { known = \"date_column\" }" })
  end
  local known, column = time_known(self, about.known), self.cohort:column(name)
  local first = before_known(column)
  local series = { rows = {}, time = {}, event = {}, reason = {}, from = {},
    excluded = self.excluded, start = {} }
  local values, no_time = {}, { reason = "observed for no time", n = 0 }
  local function add(i, start, stop, event, value)
    local k = #series.rows + 1
    series.rows[k], series.start[k], series.time[k], series.event[k] = i, start, stop, event
    series.reason[k], values[k] = self.reason[i], value
  end
  local time, status = self.time:totable(), self.status:totable()
  local now = dated_values(self, column, known)
  local starts = self.start and self.start:totable() or {}
  for i = 1, #self.time do
    local stop, s, t, value = time[i], status[i], known(i), now[i]
    local entry = starts[i] or 0
    local event = s ~= 0 and (self.causes[s] or true)
    local changed = value ~= nil and value ~= first and t ~= nil
    if stop <= entry then no_time.n = no_time.n + 1
    elseif value == nil then add(i, entry, stop, event, nil)
    elseif not changed or t >= stop then add(i, entry, stop, event, first)
    elseif t <= entry then add(i, entry, stop, event, value)
    else
      add(i, entry, t, false, first)
      add(i, t, stop, event, value)
    end
  end
  series.excluded = { no_time, table.unpack(self.excluded) }
  values.n = #series.rows
  local split_column = column.type == "factor" and core.column.factor(values, column.levels)
    or core.column.number(values)
  local result = M.new(self.cohort:_rows(series.rows):derive(name, split_column,
    { label = about.label }), series,
    { name = self.name, title = self.title, unit = self.unit, roles = self.about.roles,
      convert = self.about.convert })
  rawset(result, "split_on", name)
  return result
end

return M
