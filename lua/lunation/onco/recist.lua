-- SPDX-License-Identifier: GPL-3.0-or-later
-- recist: from a table of lesions, or of responses, to the response of every visit and patient. The
-- core classifies (core.recist); this binds it to a cohort, prints it, and leads to endpoints.
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local options = require "lunation.base.options"
local Response = require "lunation.onco.responses"

local M = {}

M.class = Response

-- Columns of a lesion table, and those that must be there.
local LESION_COLUMNS = { "patient", "date", "lesion", "role", "mm", "visit", "organ", "node",
  "viable_mm", "state",
  "pattern", "baseline" }
local REQUIRED = { date = true, lesion = true, role = true, mm = true, response = true }

-- Options that the core takes as they are; docs/methods/recist.md says what each means.
local CORE = { "max_targets", "max_per_organ", "min_target_mm", "min_node_mm", "tsm_mm",
  "size_limit_mm",
  "normal_node_mm", "pr_percent", "pd_percent", "pd_min_mm", "pd_min_viable_mm",
  "irecist_confirm_days", "min_sd_days",
  "confirm_days", "max_ne", "accept_sd", "interval_days", "window_days" }

local OPTIONS = {
  criteria = { type = "string", default = "recist", choices = { "recist", "mrecist", "irecist",
    "imrecist" } },
  table = { type = "string" },
  columns = { type = "table", default = {} },
  reader = { type = "string" }, reader_column = { type = "string", default = "reader" },
  confirm = { type = "boolean", default = true },
  censoring = { type = "string", default = "fda", choices = { "fda", "ema" } },
  refused = { type = "string", default = "stop", choices = { "stop", "exclude" } },
  start = { type = "string" }, death = { type = "string" }, therapy = { type = "string" },
  pr_persist = { type = "boolean" }, therapy_day_counts = { type = "boolean" },
}
for _, name in ipairs(CORE) do OPTIONS[name] = { type = "number" } end

local function core_options(opt)
  local out = { pr_persist = opt.pr_persist, therapy_day_counts = opt.therapy_day_counts,
    exclude = opt.refused == "exclude" }
  for _, name in ipairs(CORE) do
    local v = opt[name]
    out[name] = v and (math.tointeger(v) or v)
  end
  return out
end

-- The patients' dates: the column that is named, else the one of that very name when it is a date.
local function patient_columns(cohort, opt)
  local key = cohort.patients.key
  if not key then
    errors.raise("usage.cohort",
      "recist: the patients need a key: lun.read(file, { key = \"id\" })")
  end
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
      errors.raise("usage.option",
        ('recist: a lesion table has no column "%s"'):format(tostring(role)),
        { hint = require("lunation.base.suggest").hint(tostring(role), known) })
    end
  end
  for _, role in ipairs(known) do
    local name = opt.columns[role] or (role == "patient" and (linked.key or cohort.patients.key))
      or role
    if opt.columns[role] or REQUIRED[role] or role == "patient" or linked:has(name) then
      out[role] = linked:column(name)
    end
  end
  return out
end

local function new_response(cohort, userdata, opt, dates)
  local measure = opt.criteria == "mrecist" and "mrecist" or "recist"
  return Response.new { core = userdata, cohort = cohort, criteria = opt.criteria,
    measure = measure, options = opt,
    confirm = opt.confirm, censoring = opt.censoring, _dates = dates,
    convention = M.convention(opt) }
end

--- What the options mean, in a sentence.
function M.convention(opt)
  local names = { recist = "RECIST 1.1", mrecist = "mRECIST", irecist = "iRECIST",
    imrecist = "imRECIST" }
  local confirm = opt.confirm and not opt.criteria:match("^i")
  return ("%s; best response %s; SD from day %d; %s censoring"):format(names[opt.criteria],
    confirm and ("confirmed after %d days"):format(opt.confirm_days or 28) or "unconfirmed",
    opt.min_sd_days or 42,
    opt.censoring:upper())
end

-- The rows of the reader that opt names; all when it names none.
local function rows_of_reader(linked, opt)
  if not opt.reader then return linked end
  local column, rows, seen = linked:column(opt.reader_column), {}, {}
  for i = 1, #linked do
    local who = column[i]
    if who == opt.reader then rows[#rows + 1] = i end
    if who ~= nil then seen[tostring(who)] = true end
  end
  if #rows > 0 then return linked:gather(rows) end
  local suggest = require "lunation.base.suggest"
  errors.raise("usage.reader", ('there is no reader "%s"'):format(opt.reader),
    { hint = suggest.hint(opt.reader, suggest.keys(seen)) })
end

-- Responses that somebody assigned; opt is checked.
local function assess_given(cohort, linked, opt)
  local columns = bound_columns(cohort, linked, opt, { "patient", "date", "response" })
  local dates = patient_columns(cohort, opt)
  return new_response(cohort, core.recist.given(columns, dates, core_options(opt)), opt, dates)
end

--- Responses of a cohort from its linked table of lesions (cohort:recist), or of responses that
--- somebody assigned (a table without lesions, with columns date and response). opt: reader (only
--- the rows of this one; column reader_column), criteria ("recist", "mrecist", "irecist",
--- "imrecist"), table (default "lesions"), columns ({ mm = "diameter" }: roles whose column has
--- another name), start, death, therapy (date columns of the patients; default: those names),
--- confirm, censoring ("fda", "ema"), refused ("stop", "exclude"), and the criteria's own: see
--- docs/methods/recist.md.
function M.assess(cohort, opt)
  opt = options.check("cohort:recist", opt, OPTIONS)
  local linked = rows_of_reader(cohort:linked_table(opt.table or "lesions"), opt)
  local function has(role) return opt.columns[role] or linked:has(role) end
  if not has("lesion") and has("response") then return assess_given(cohort, linked, opt) end
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

--- Responses that somebody assigned, visit by visit: a linked table (opt.table, default
--- "responses") with columns date and response (CR, PR, SD, NON-CR/NON-PD, PD, NE, NED). Options as
--- for cohort:recist.
function M.from_responses(cohort, opt)
  opt = options.check("recist.from_responses", opt, OPTIONS)
  return assess_given(cohort, rows_of_reader(cohort:linked_table(opt.table or "responses"), opt),
    opt)
end

--- Options of cohort:recist with their defaults filled in; unknown ones are errors.
function M.options(opt) return options.check("recist", opt, OPTIONS) end

--- Lesions from SDTM's TU and TR: see lunation.cdisc.
function M.from_sdtm(tu, tr, opt) return require("lunation.onco.cdisc").lesions(tu, tr, opt) end

--- Responses visit by visit from SDTM's RS, for from_responses: see lunation.cdisc.
function M.responses_from_sdtm(rs, opt) return require("lunation.onco.cdisc").responses(rs, opt) end

--- Several readers of the same patients, and how far they agree: see lunation.readers.
function M.by_reader(cohort, opt) return require("lunation.onco.readers").assess(cohort, opt) end

return M
