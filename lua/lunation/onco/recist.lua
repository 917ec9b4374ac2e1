-- SPDX-License-Identifier: GPL-3.0-or-later
-- recist: from a table of lesions, or of responses, to the response of every visit and patient. The
-- core classifies (core.recist); this binds it to a cohort, prints it, and leads to endpoints.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class

local M = {}

local Response = class("response", { "reader", "iresponse" })
local Best = class("best_response")
local Counts = result("response_counts")
local methods = Response.methods
M.class = Response

-- Columns of a lesion table, and those that must be there.
local LESION_COLUMNS = { "patient", "date", "lesion", "role", "mm", "visit", "organ", "node", "viable_mm", "state",
  "pattern", "baseline" }
local REQUIRED = { date = true, lesion = true, role = true, mm = true, response = true }

-- Options that the core takes as they are; docs/methods/recist.md says what each means.
local CORE = { "max_targets", "max_per_organ", "min_target_mm", "min_node_mm", "tsm_mm", "size_limit_mm",
  "normal_node_mm", "pr_percent", "pd_percent", "pd_min_mm", "pd_min_viable_mm", "irecist_confirm_days", "min_sd_days",
  "confirm_days", "max_ne", "accept_sd", "interval_days", "window_days" }

local OPTIONS = {
  criteria = { type = "string", default = "recist", choices = { "recist", "mrecist", "irecist", "imrecist" } },
  table = { type = "string" },
  columns = { type = "table", default = {} },
  confirm = { type = "boolean", default = true },
  censoring = { type = "string", default = "fda", choices = { "fda", "ema" } },
  refused = { type = "string", default = "stop", choices = { "stop", "exclude" } },
  start = { type = "string" }, death = { type = "string" }, therapy = { type = "string" },
  pr_persist = { type = "boolean" }, therapy_day_counts = { type = "boolean" },
}
for _, name in ipairs(CORE) do OPTIONS[name] = { type = "number" } end

local function core_options(opt)
  local out = { pr_persist = opt.pr_persist, therapy_day_counts = opt.therapy_day_counts, exclude = opt.refused == "exclude" }
  for _, name in ipairs(CORE) do
    local v = opt[name]
    out[name] = v and (math.tointeger(v) or v)
  end
  return out
end

-- The patients' dates: the column that is named, else the one of that very name when it is a date.
local function patient_columns(cohort, opt)
  local key = cohort.patients.key
  if not key then errors.raise("usage.cohort", "recist: the patients need a key: lun.read(file, { key = \"id\" })") end
  local out = { key = cohort:column(key) }
  for _, role in ipairs { "start", "death", "therapy" } do
    local name = opt[role]
    if name then
      out[role] = cohort:column(name)
      if out[role].type ~= "date" then
        errors.raise("recipe.type", ("recist: %s = %s must be a date column"):format(role, name))
      end
    elseif cohort.patients:has(role) and cohort:column(role).type == "date" then
      out[role] = cohort:column(role)
    end
  end
  return out
end

local function bound_columns(cohort, linked, opt, known)
  local out, names = {}, {}
  for _, role in ipairs(known) do names[role] = true end
  for role in pairs(opt.columns) do
    if not names[role] then
      errors.raise("usage.option", ('recist: a lesion table has no column "%s"'):format(tostring(role)),
        { hint = require("lunation.base.suggest").hint(tostring(role), known) })
    end
  end
  for _, role in ipairs(known) do
    local name = opt.columns[role] or (role == "patient" and (linked.key or cohort.patients.key)) or role
    if opt.columns[role] or REQUIRED[role] or role == "patient" or linked:has(name) then
      out[role] = linked:column(name)
    end
  end
  return out
end

local function new_response(cohort, userdata, opt, dates)
  local measure = opt.criteria == "mrecist" and "mrecist" or "recist"
  return Response.new { core = userdata, cohort = cohort, criteria = opt.criteria, measure = measure, options = opt,
    confirm = opt.confirm, censoring = opt.censoring, _dates = dates,
    convention = M.convention(opt) }
end

--- What the options mean, in a sentence.
function M.convention(opt)
  local names = { recist = "RECIST 1.1", mrecist = "mRECIST", irecist = "iRECIST", imrecist = "imRECIST" }
  local confirm = opt.confirm and not opt.criteria:match("^i")
  return ("%s; best response %s; SD from day %d; %s censoring"):format(names[opt.criteria],
    confirm and ("confirmed after %d days"):format(opt.confirm_days or 28) or "unconfirmed", opt.min_sd_days or 42,
    opt.censoring:upper())
end

--- Responses of a cohort from its linked table of lesions (cohort:recist). opt: criteria ("recist",
--- "mrecist", "irecist", "imrecist"), table (default "lesions"), columns ({ mm = "diameter" }: roles whose
--- column has another name), start, death, therapy (date columns of the patients; default: those names),
--- confirm, censoring ("fda", "ema"), refused ("stop", "exclude"), and the criteria's own: see
--- docs/methods/recist.md.
function M.assess(cohort, opt)
  opt = options.check("cohort:recist", opt, OPTIONS)
  local linked = cohort:linked_table(opt.table or "lesions")
  return M.assess_table(cohort, linked, opt)
end

--- The same for a table that is not linked under a name (the rows of one reader); opt is checked.
function M.assess_table(cohort, linked, opt)
  local lesions = bound_columns(cohort, linked, opt, LESION_COLUMNS)
  lesions.lesion = factor(lesions.lesion)
  lesions.organ = lesions.organ and factor(lesions.organ)
  if lesions.node and lesions.node.type == "number" then lesions.node = factor(lesions.node) end
  local dates = patient_columns(cohort, opt)
  return new_response(cohort, core.recist.assess(lesions, dates, core_options(opt)), opt, dates)
end

--- Responses that somebody assigned, visit by visit: a linked table (opt.table, default "responses") with
--- columns date and response (CR, PR, SD, NON-CR/NON-PD, PD, NE, NED). Options as for cohort:recist.
function M.from_responses(cohort, opt)
  opt = options.check("recist.from_responses", opt, OPTIONS)
  local linked = cohort:linked_table(opt.table or "responses")
  local columns = bound_columns(cohort, linked, opt, { "patient", "date", "response" })
  local dates = patient_columns(cohort, opt)
  return new_response(cohort, core.recist.given(columns, dates, core_options(opt)), opt, dates)
end

--- Options of cohort:recist with their defaults filled in; unknown ones are errors.
function M.options(opt) return options.check("recist", opt, OPTIONS) end

-- --- columns -----------------------------------------------------------------------------------

--- Columns of the visits: see core.recist's visits.
function methods:visits() return self.core:visits(self.measure) end

--- Columns of the patients: see core.recist's patients.
function methods:patients() return self.core:patients(self.measure) end

-- The column that holds the best response by the criteria and the option confirm.
local function best_column(self)
  local p = self:patients()
  if self.criteria == "irecist" then return p.ibest end
  if self.criteria == "imrecist" then return p.imbest end
  return self.confirm and p.confirmed or p.best
end

local COLUMNS = { best = best_column }

--- A column with a row for each patient of the cohort, to derive with: cohort:derive("orr",
--- response:column("best")). Names: best (by the option confirm), and those of patients().
function methods:column(name)
  if COLUMNS[name] then return COLUMNS[name](self) end
  local column = self:patients()[name]
  if column == nil then
    errors.raise("usage.field", ('responses have no column "%s"'):format(tostring(name)),
      { hint = require("lunation.base.suggest").hint(tostring(name), require("lunation.base.suggest").keys(self:patients())) })
  end
  return column
end

-- Column of the visits that holds the response by the criteria.
local function visit_response(self, visits)
  if self.criteria == "irecist" then return visits.irecist end
  if self.criteria == "imrecist" then return visits.imrecist end
  return visits.overall
end

--- Patients that could not be assessed: { { patient, id, code, row, lesion, message }, ... }.
function methods:refused()
  local list = self.core:refused()
  local ids = self.cohort:column(self.cohort.patients.key)
  for _, r in ipairs(list) do r.id = ids[r.patient] end
  return list
end

--- One row for each visit: id, date, day, sum, nadir, percent, target, nontarget, new, response, reason.
function methods:rows()
  local v, ids = self:visits(), self.cohort:column(self.cohort.patients.key)
  local response, out = visit_response(self, v), {}
  for i = 1, self.core.n_visits do
    out[i] = { id = ids[v.patient[i]], date = v.date[i], day = v.day[i], sum = v.sum[i], nadir = v.nadir[i],
      percent = v.percent[i], complete = v.complete[i], target = v.target[i], nontarget = v.nontarget[i], new = v.new[i],
      response = response[i], reason = self.core:reason(i, self.measure),
      ireason = self.criteria == "irecist" and self.core:ireason(i) or nil }
  end
  return out
end

-- --- best response -----------------------------------------------------------------------------

--- Best response of every patient.
function methods:best()
  return Best.new { response = self, column = best_column(self), convention = self.convention }
end

--- One row for each patient: id, best, confirmed, depth, first, progression.
function Best.methods:rows()
  local r, out = self.response, {}
  local p, ids = r:patients(), r.cohort:column(r.cohort.patients.key)
  for i = 1, #ids do
    out[i] = { id = ids[i], best = p.best[i], confirmed = p.confirmed[i], response = self.column[i], depth = p.depth[i],
      first = r.confirm and p.first_confirmed[i] or p.first[i], progression = p.progression[i] }
  end
  return out
end

local COUNTS = { method = { type = "string", default = "exact" },
  conf_level = { type = "number", default = 0.95, min = 0.5, max = 0.9999 } }
local RATES = {
  recist = { { "objective response", { "CR", "PR" } }, { "disease control", { "CR", "PR", "SD", "NON-CR/NON-PD" } } },
  irecist = { { "objective response", { "iCR", "iPR" } },
    { "disease control", { "iCR", "iPR", "iSD", "NON-iCR/NON-iUPD" } } },
}

--- How many have each best response, with exact limits; objective response and disease control.
--- Percentages are of the patients assessed; refused patients are counted apart. opt: method (of
--- prop.ci), conf_level.
function Best.methods:counts(opt)
  opt = options.check("counts", opt, COUNTS)
  local column, by, n = self.column, {}, 0
  for i = 1, #column do
    local level = column[i]
    if level then
      n = n + 1
      by[level] = (by[level] or 0) + 1
    end
  end
  local self_ = Counts.new { n = n, refused = #column - n, entries = {}, by = by, convention = self.convention,
    conf_level = opt.conf_level, method = opt.method }
  local function add(label, x)
    local e = { label = label, x = x }
    if n > 0 then e.estimate, e.lower, e.upper = core.prop.limits(x, n, opt.method, opt.conf_level) end
    self_.entries[#self_.entries + 1] = e
    return e
  end
  for _, level in ipairs(column.levels) do
    if level ~= "NA" and (by[level] or not level:find("N[OE][ND]")) then add(level, by[level] or 0) end
  end
  for _, rate in ipairs(RATES[self.response.criteria] or RATES.recist) do
    local x = 0
    for _, level in ipairs(rate[2]) do x = x + (by[level] or 0) end
    add(rate[1], x)
  end
  return self_
end

--- The entry of a level or rate: { x, estimate, lower, upper }.
function Counts.methods:of(label)
  for _, e in ipairs(self.entries) do if e.label == label then return e end end
  errors.raise("usage.level", ('no patient can have the response "%s"'):format(tostring(label)))
end

function Counts.methods:rows()
  local out = {}
  for i, e in ipairs(self.entries) do
    out[i] = { statistic = "proportion", term = "best response", group = e.label, value = e.estimate, lower = e.lower,
      upper = e.upper, events = e.x, n = self.n }
  end
  return out
end

function Counts.methods:table()
  local format, rows = require "lunation.format", {}
  for i, e in ipairs(self.entries) do
    rows[i] = { level = e.label, count = ("%d/%d"):format(e.x, self.n), percent = format.rate(e.estimate, e.lower, e.upper) }
  end
  local notes = { self.convention }
  if self.refused > 0 then notes[2] = ("not assessed: %d"):format(self.refused) end
  return { columns = { { key = "level", label = "Best response" }, { key = "count", label = "n/N", align = "right" },
    { key = "percent", label = ("%% (%g%% CI)"):format(100 * self.conf_level), align = "decimal" } }, rows = rows, notes = notes }
end

Best.meta.__len = function(self) return #self.column end
Best.meta.__tostring = function(self) return tostring(self:counts()) end

-- --- data of figures ---------------------------------------------------------------------------

--- Depth of response of every patient who has one, deepest last: { { id, percent, best }, ... }.
function methods:waterfall()
  local p, ids, out = self:patients(), self.cohort:column(self.cohort.patients.key), {}
  local best = best_column(self)
  for i = 1, #ids do
    if p.depth[i] then out[#out + 1] = { id = ids[i], percent = p.depth[i], best = best[i], row = i } end
  end
  table.sort(out, function(a, b)
    if a.percent ~= b.percent then return a.percent > b.percent end
    return a.row < b.row
  end)
  return out
end

--- Change of the sum over time: { { id, day = { 0, ... }, percent = { 0, ... } }, ... }.
function methods:spider()
  local v, p, ids = self:visits(), self:patients(), self.cohort:column(self.cohort.patients.key)
  local by, out = {}, {}
  for i = 1, #ids do
    if p.baseline_sum[i] then
      by[i] = { id = ids[i], day = { 0 }, percent = { 0 } }
      out[#out + 1] = by[i]
    end
  end
  for i = 1, self.core.n_visits do
    local line = by[v.patient[i]]
    if line and v.percent[i] then
      line.day[#line.day + 1], line.percent[#line.percent + 1] = v.day[i], v.percent[i]
    end
  end
  return out
end

local function day_numbers(column) return core.cohort.raw(column) end

--- The course of every patient, in days since the start: { { id, ends, event, response, progression,
--- visits = { { day, response }, ... } }, ... }.
function methods:swimmer()
  local v, p, ids = self:visits(), self:patients(), self.cohort:column(self.cohort.patients.key)
  local start, first = day_numbers(p.start), day_numbers(self.confirm and p.first_confirmed or p.first)
  local progression, outcome = day_numbers(p.progression), p["pfs_" .. self.censoring]
  local ends, response, out = day_numbers(outcome.date), visit_response(self, v), {}
  local function since(i, day) return day and start[i] and day - start[i] end
  for i = 1, #ids do
    out[i] = { id = ids[i], ends = since(i, ends[i]), event = outcome.event[i], response = since(i, first[i]),
      progression = since(i, progression[i]), visits = {} }
  end
  for i = 1, self.core.n_visits do
    local visits = out[v.patient[i]].visits
    visits[#visits + 1] = { day = v.day[i], response = response[i] }
  end
  return out
end

-- --- endpoints ---------------------------------------------------------------------------------

-- The rows of this response's patients for a cohort that may have lost some since.
local function rows_for(self, cohort)
  if cohort == self.cohort then return nil end
  local at, ids, rows = {}, self.cohort:column(self.cohort.patients.key), {}
  for i = 1, #ids do at[ids[i]] = i end
  local wanted = cohort:column(cohort.patients.key)
  for i = 1, #wanted do
    rows[i] = at[wanted[i]]
    if not rows[i] then
      errors.raise("data.link", ("patient %s has no response: assess the cohort that the endpoint uses"):format(tostring(wanted[i])))
    end
  end
  return rows
end

local OTHER = { origin = start, start = start, progression = function(_, p) return p.progression end,
  response = first_response, best = best_column }

-- Date columns that roles can take from the responses, as functions of (self, patients).

-- Date of the first visit of every patient whose response is one of the set.
local function first_visit(self, p, set)
  local v = self:visits()
  local response, date, out = visit_response(self, v), day_numbers(v.date), { n = #p.start }
  for i = self.core.n_visits, 1, -1 do
    if set[response[i]] then out[v.patient[i]] = date[i] end
  end
  return core.column.date(out)
end

local RESPONDED = { irecist = { iCR = true, iPR = true }, imrecist = { CR = true, PR = true } }

local function first_response(self, p)
  if RESPONDED[self.criteria] then return first_visit(self, p, RESPONDED[self.criteria]) end
  return self.confirm and p.first_confirmed or p.first
end

local function progression(self, p)
  if self.criteria == "irecist" then return p.iprogression end
  if self.criteria == "imrecist" then return first_visit(self, p, { PD = true }) end
  return p.progression
end

local function start(_, p) return p.start end
local function given(name) return function(self, p) return self._dates[name] or core.column.date { n = #p.start } end end

local ROLES = { origin = start, start = start, progression = progression, response = first_response, best = best_column,
  death = given("death"), therapy = given("therapy") }
local ORIGINS = { dor = first_response, pps = progression }

local function role_of(name, definition)
  if name == "origin" then return ORIGINS[definition.name] or start end
  if name == "censor" and definition.rules and definition.rules.assessed then
    return function(_, p) return p.last_adequate end
  end
  return ROLES[name]
end

--- The dates of that name that the responses know, for the patients of a cohort: progression, death, therapy, response,
--- or a date of patients(); nil when they know none. By the criteria and the option confirm.
function methods:dates(name, cohort)
  local p, rows = self:patients(), rows_for(self, cohort)
  local column = ROLES[name] and ROLES[name](self, p) or p[name]
  if type(column) ~= "userdata" or column.type ~= "date" then return nil end
  return rows and column:gather(rows) or column
end

-- Why and by which code patient i was refused: by the row of the cohort.
local function refusals(self, rows)
  local by = {}
  for _, r in ipairs(self.core:refused()) do by[r.patient] = r end
  return function(i)
    local r = by[rows and rows[i] or i]
    if r then return ("refused by the criteria: %s"):format(r.code), "data." .. r.code end
  end
end

--- For lunation.data.derivation: the cohort with the columns that the roles need, the roles, and a function of the
--- patient's number that gives the reason and the code of a refusal. Roles that the user names himself stay. Censoring
--- follows the option censoring.
function methods:attach(cohort, roles, definition)
  local rows, p, all = rows_for(self, cohort), self:patients(), {}
  for role, name in pairs(roles) do all[role] = name end
  for _, role in ipairs(require("lunation.base.suggest").keys(definition.columns or {})) do
    local known, column = all[role] == nil and role_of(role, definition), nil
    if known then column = known(self, p)
    elseif all[role] == nil and definition.rules then column = self:dates(role, self.cohort) end
    if column then
      local name = definition.name .. "." .. role
      if rows then column = column:gather(rows) end
      cohort = cohort:derive(name, column)
      all[role] = name
    end
  end
  return cohort, all, refusals(self, rows)
end

-- The visits of the patients in these rows, with the patients' new numbers.
local function gathered_visits(v, rows)
  local patient, first, order, numbers = core.cohort.raw(v.patient), {}, {}, {}
  for i = #v.patient, 1, -1 do first[patient[i]] = i end
  for k, row in ipairs(rows) do
    local i = first[row]
    while i and patient[i] == row do
      order[#order + 1], numbers[#numbers + 1] = i, k
      i = i + 1
    end
  end
  numbers.n = #numbers
  return core.column.integer(numbers), order
end

--- Adds to the input of core.timeline.run what the responses know of the patients of a cohort: assessments, baseline, and
--- the options of the rules that look at them.
function methods:course(cohort, input)
  local rows, v, p = rows_for(self, cohort), self:visits(), self:patients()
  local a = { patient = v.patient, date = v.last_date, response = visit_response(self, v) }
  input.baseline = p.has_baseline
  if rows then
    local order
    a.patient, order = gathered_visits(v, rows)
    a.date, a.response, input.baseline = a.date:gather(order), a.response:gather(order), input.baseline:gather(rows)
  end
  local opt = self.options
  input.assessments = a
  input.options = { gap_days = math.floor(2 * ((opt.interval_days or 56) + (opt.window_days or 7))),
    after_day_counts = opt.therapy_day_counts ~= false }
end

Response.meta.__len = function(self) return self.core.n end

Response.meta.__tostring = function(self)
  local refused = #self.core:refused()
  return ("responses of %d patients at %d visits (%s)%s"):format(self.core.n - refused, self.core.n_visits, self.convention,
    refused > 0 and ("; refused: " .. refused) or "")
end

--- Tables in the shape of CDISC's ADRS, ADTR and ADTTE: see lunation.cdisc.
function methods:adrs() return require("lunation.onco.cdisc").adrs(self) end
--- Tumour sums in the shape of ADaM's ADTR: see lunation.cdisc.
function methods:adtr() return require("lunation.onco.cdisc").adtr(self) end
--- Times to events in the shape of ADaM's ADTTE: see lunation.cdisc.
function methods:adtte(opt) return require("lunation.onco.cdisc").adtte(self, opt) end

--- Lesions from SDTM's TU and TR: see lunation.cdisc.
function M.from_sdtm(tu, tr, opt) return require("lunation.onco.cdisc").lesions(tu, tr, opt) end

--- Responses visit by visit from SDTM's RS, for from_responses: see lunation.cdisc.
function M.responses_from_sdtm(rs, opt) return require("lunation.onco.cdisc").responses(rs, opt) end

--- Several readers of the same patients, and how far they agree: see lunation.readers.
function M.by_reader(cohort, opt) return require("lunation.onco.readers").assess(cohort, opt) end

return M
