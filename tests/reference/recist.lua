-- SPDX-License-Identifier: GPL-3.0-or-later
-- recist: compares the response criteria with a file of expected answers, for
-- tests/reference/run.lua.
local core = require "lunation.core"
local json = require "lunation.base.json"

local matched, wrong, missing = 0, 0, 0
local null = json.null

local function show(v)
  if type(v) == "number" then return ("%.10g"):format(v) end
  return v == null and "null" or tostring(v)
end

local function same(found, expected)
  if expected == null then return found == nil or found == null end
  if type(expected) == "number" then
    return type(found) == "number" and math.abs(found - expected) <= 1e-4 * math.max(1,
      math.abs(expected) / 10)
  end
  return found == expected
end

local function compare(id, field, found, expected)
  if expected == nil then return end
  if same(found, expected) then
    matched = matched + 1
  else
    wrong = wrong + 1
    print(("%s %s: expected %s, found %s"):format(id, field, show(expected), show(found)))
  end
end

local function get(t, key)
  local v = t[key]
  if v == null then return nil end
  return v
end

-- --- patients to lesion tables ------------------------------------------------------------------

local COLUMNS = { "patient", "visit", "date", "lesion", "role", "organ", "node", "mm",
  "viable_mm", "state",
  "pattern", "baseline" }

local function new_rows() return { n = 0 } end

local function add(rows, row)
  rows.n = rows.n + 1
  row.patient = "1"
  rows[rows.n] = row
end

local function size(v)
  if v == nil or v == null then return nil end
  return type(v) == "number" and core.num.shortest(v) or tostring(v)
end

-- One entry of a visit's targets, as rows.
local function add_target(rows, row, v)
  local function with(fields)
    local r = {}
    for k, x in pairs(row) do r[k] = x end
    for k, x in pairs(fields) do r[k] = x end
    add(rows, r)
  end
  if type(v) ~= "table" or v == null then
    with { mm = size(v) }
  elseif v.fragments then
    for _, part in ipairs(v.fragments) do with { mm = size(part), state = "fragment" } end
  elseif v.merged_into then
    with { state = "merged" }
  else
    with { mm = size(v.total_mm), viable_mm = size(v.viable_mm) }
  end
end

-- The date of a day since the patient's start.
local function iso(p, day)
  return core.column.date { core.cohort.raw(core.column.date { get(p, "start_date")
    or "2024-01-01" })[1] + day }[1]
end

local function baseline_rows(rows, p)
  local b = get(p, "baseline")
  if not b then return end
  local date = b.date or iso(p, -7)
  add(rows, { visit = 0, date = date, role = "visit", baseline = "yes" })
  for _, t in ipairs(b.targets or {}) do
    add(rows, { visit = 0, date = date, role = "target", lesion = t.id, organ = t.organ,
      baseline = "yes",
      node = t.node == true and "yes" or nil, mm = size(t.mm or t.total_mm),
      viable_mm = size(t.viable_mm) })
  end
  for _, t in ipairs(b.nontargets or {}) do
    local named = type(t) == "table"
    add(rows, { visit = 0, date = date, role = "nontarget", lesion = named and t.id or t,
      organ = named and t.organ or nil,
      node = named and t.node == true and "yes" or nil, baseline = "yes" })
  end
end

local CYTOLOGY = { positive = "cytology-positive", none = "cytology-none",
  negative = "cytology-none" }
local SITES = { effusion = "effusion", liver = "liver", ["porta-node"] = "porta-node",
  node = "node" }

local function new_lesion(n)
  local state = n.certainty or (n.recist_unequivocal == false and "equivocal") or "unequivocal"
  if n.trend == "increase" and state == "unequivocal" then state = "increase" end
  return { role = n.kind == "nontarget" and "new-nontarget" or "new", lesion = n.id,
    mm = size(n.mm), state = state,
    organ = SITES[n.site] or n.site, pattern = n.cytology and CYTOLOGY[n.cytology] or n.pattern }
end

local function visit_rows(rows, v, number, date)
  local dates = get(v, "dates") or {}
  local function row(fields)
    fields.visit, fields.date = number, get(dates, fields.lesion) or date
    return fields
  end
  add(rows, { visit = number, date = date, role = "visit", state = get(v, "symptoms")
    and "symptoms" or nil })
  for _, id in ipairs(json.keys(get(v, "targets") or json.object {})) do
    add_target(rows, row { lesion = id, role = "target" }, v.targets[id])
  end
  for _, id in ipairs(json.keys(get(v, "nontargets") or json.object {})) do
    add(rows, row { lesion = id, role = "nontarget", state = v.nontargets[id] })
  end
  for _, n in ipairs(get(v, "new") or {}) do add(rows, row(new_lesion(n))) end
end

local function rows_of(p)
  local rows, numbers, n = new_rows(), {}, 0
  baseline_rows(rows, p)
  for _, v in ipairs(p.visits) do
    local date = v.date or iso(p, v.day)
    if not numbers[date] then
      n = n + 1
      numbers[date] = n
    end
    visit_rows(rows, v, numbers[date], date)
  end
  return rows
end

local function columns_of(rows)
  local out = {}
  for _, name in ipairs(COLUMNS) do
    local values = { n = rows.n }
    for i = 1, rows.n do values[i] = rows[i][name] end
    local make = (name == "lesion" or name == "organ") and core.column.factor
      or name == "visit" and core.column.integer or core.column.text
    out[name] = make(values)
  end
  return out
end

local OPTION_NAMES = { min_target_node_mm = "min_node_mm",
  nact_same_day_counts = "therapy_day_counts" }
local KNOWN = { min_sd_days = 1, confirm_days = 1, max_ne = 1, accept_sd = 1, pr_persist = 1,
  interval_days = 1,
  window_days = 1, irecist_confirm_days = 1, tsm_mm = 1, max_targets = 1, max_per_organ = 1,
  min_target_mm = 1,
  min_node_mm = 1, size_limit_mm = 1, therapy_day_counts = 1 }

local function options_of(...)
  local out = {}
  for _, config in ipairs { ... } do
    for k, v in pairs(config) do
      k = OPTION_NAMES[k] or k
      if KNOWN[k] and v ~= null then out[k] = v end
    end
  end
  return out
end

local function assess(p, options)
  local rows = rows_of(p)
  local ok, start, death, therapy = pcall(function()
    return core.column.date { get(p, "start_date") or "2024-01-01" },
      core.column.date { n = 1, get(p, "death_date") },
      core.column.date { n = 1, get(p, "nact_date") }
  end)
  if not ok then error({ code = "data.bad-date", message = tostring(start) }, 0) end
  return core.recist.assess(columns_of(rows),
    { key = core.column.text { "1" }, start = start, death = death, therapy = therapy }, options)
end

-- --- comparisons --------------------------------------------------------------------------------

local function days(from, to)
  if not to then return nil end
  return core.cohort.raw(core.column.date { to })[1] - core.cohort.raw(core.column.date { from })[1]
end

local function compare_outcome(id, name, start, found, expected)
  if expected == nil or expected == null then return end
  local event = found.event[1]
  compare(id, name .. ".type", event == "censored" and event or "event-" .. event, expected.type)
  compare(id, name .. ".day", days(start, found.date[1]), expected.day)
  compare(id, name .. ".date", found.date[1], expected.date)
  compare(id, name .. ".reason", found.reason[1], expected.reason)
end

local function yes(v) if v == nil then return nil end return v == "yes" end

local function compare_visit(id, v, i, e)
  local at = id .. " visit " .. i
  compare(at, "date", v.date[i], e.date)
  compare(at, "day", v.day[i], e.day)
  compare(at, "sum_mm", v.sum[i], e.sum_mm)
  compare(at, "complete", yes(v.complete[i]), e.complete)
  compare(at, "reference_nadir_mm", v.nadir[i], e.reference_nadir_mm)
  compare(at, "pchg_from_baseline", v.percent[i], e.pchg_from_baseline)
  compare(at, "target", v.target[i], e.target)
  compare(at, "nontarget", v.nontarget[i], e.nontarget)
  compare(at, "new_lesion", yes(v.new[i]), e.new_lesion)
  compare(at, "overall", v.overall[i], e.overall)
  compare(at, "irecist", v.irecist[i], e.irecist)
end

local function compare_list(id, name, column, expected)
  if expected == nil or expected == null then return end
  compare(id, name .. " length", #column, #expected)
  for i = 1, #expected do compare(id, name .. "[" .. i .. "]", column[i], expected[i]) end
end

local function compare_duration(id, start, p, e)
  if e == nil then return end
  local from = p.confirmed[1] == "CR" or p.confirmed[1] == "PR"
  if e == null then return compare(id, "duration_of_response", from and "one" or nil, null) end
  local first, last = days(start, p.first_confirmed[1]), days(start, p.pfs_fda.date[1])
  compare(id, "duration.start", first, e.start)
  compare(id, "duration.end", last, e["end"])
  compare(id, "duration.event", p.pfs_fda.event[1] ~= "censored", e.event)
  compare(id, "duration.days", first and last - first, e.days)
end

local function compare_persist(id, p, options, e)
  if e == nil or e == null then return end
  local o = options_of(options)
  o.pr_persist = true
  local r = assess(p, o)
  local v, s = r:visits(), r:patients()
  compare_list(id, "pr_persist.overall", v.overall, e.overall)
  compare_list(id, "pr_persist.irecist", v.irecist, e.irecist)
  compare(id, "pr_persist.bor", s.best[1], e.bor)
  compare(id, "pr_persist.cbor", s.confirmed[1], e.cbor)
end

local function compare_answers(p, r, options)
  local id, e, v, s = p.id, p.expect, r:visits(), r:patients()
  local start = s.start[1]
  compare(id, "baseline_sum_mm", s.baseline_sum[1], e.baseline_sum_mm)
  if e.timepoints then
    compare(id, "number of timepoints", r.n_visits, #e.timepoints)
    for i, t in ipairs(e.timepoints) do compare_visit(id, v, i, t) end
  end
  compare(id, "bor", s.best[1], e.bor)
  compare(id, "cbor", s.confirmed[1], e.cbor)
  compare_list(id, "irecist", v.irecist, e.irecist)
  compare(id, "ibor", s.ibest[1], e.ibor)
  compare(id, "iupd_progression_day", days(start, s.iprogression[1]), e.iupd_progression_day)
  for _, name in ipairs { "pfs_fda", "pfs_ema", "ttp_fda", "ttp_ema" } do
    compare_outcome(id, name, start, s[name], e[name])
  end
  compare(id, "best_pchg", s.depth[1], e.best_pchg)
  local responder = s.confirmed[1] == "CR" or s.confirmed[1] == "PR"
  compare(id, "time_to_response_day", responder and days(start, s.first_confirmed[1]) or nil,
    e.time_to_response_day)
  compare_duration(id, start, s, e.duration_of_response)
  compare_persist(id, p, options, e.pr_persist)
end

local function run_patient(p, rules)
  local options = options_of(rules, get(p, "config") or {})
  local ok, r = pcall(assess, p, options)
  if not ok then
    local code = type(r) == "table" and r.code and r.code:match("^data%.(.*)") or tostring(r)
    return compare(p.id, "refused", code, p.expect.refused == nil and null or p.expect.refused)
  end
  compare(p.id, "refused", nil, p.expect.refused)
  if p.expect.refused == nil or p.expect.refused == null then compare_answers(p, r, options) end
end

local function run_sequence(s, rules)
  local best, confirmed = core.rules.best(s.days, s.responses,
    options_of(rules, get(s, "config") or {}))
  compare(s.id, "bor", best, s.expect.bor)
  compare(s.id, "cbor", confirmed, s.expect.cbor)
end

local function run_mrecist(m, rules)
  local ok, r = pcall(assess, m, options_of(rules, get(m, "config") or {}))
  if not ok then return compare(m.id, "assessed", tostring(r), true) end
  compare_list(m.id, "mrecist_overall", r:visits("mrecist").overall, m.expect.mrecist_overall)
  compare_list(m.id, "recist11_overall", r:visits("recist").overall, m.expect.recist11_overall)
end

local ASCITES = { none = 0, mild = 1, ["moderate-severe"] = 2 }

local function run_liver(d)
  for i, c in ipairs(d.child_pugh or {}) do
    local score, class = core.liver.child_pugh {
      bilirubin = c.bilirubin_mg_dl, albumin = c.albumin_g_dl, inr = c.inr,
      ascites = ASCITES[c.ascites], encephalopathy = c.encephalopathy_grade }
    compare("child_pugh " .. i, "score", score, c.score)
    compare("child_pugh " .. i, "class", class, c.class)
  end
  for i, c in ipairs(d.albi or {}) do
    local albi, grade, modified = core.liver.albi(c.bilirubin_umol_l, c.albumin_g_l)
    compare("albi " .. i, "albi", albi, c.albi)
    compare("albi " .. i, "grade", grade, c.grade)
    compare("albi " .. i, "malbi", modified, c.malbi)
  end
end

local PARTS = { meta = true, patients = true, sequences = true, mrecist = true, child_pugh = true,
  albi = true,
  overall_table = true }

local function run_file(file)
  local text = core.file.read(file)
  text = text:gsub("([:%[,]%s*)(%-?NaN)", '%1"NaN"'):gsub("([:%[,]%s*)(%-?)Infinity",
    '%1"%2Infinity"')
  local d = json.decode(text, file)
  local rules = d.meta and d.meta.rules or {}
  for _, p in ipairs(d.patients or {}) do run_patient(p, rules) end
  for _, s in ipairs(d.sequences or {}) do run_sequence(s, rules) end
  for _, m in ipairs(d.mrecist or {}) do run_mrecist(m, rules) end
  run_liver(d)
  for i, o in ipairs(d.overall_table or {}) do
    compare("overall_table " .. i, "overall",
      (core.rules.overall(o.target, o.nontarget, o.new_lesion)), o.overall)
  end
  for _, part in ipairs(json.keys(d)) do
    if not PARTS[part] then
      missing = missing + 1
      print(file .. ": nothing here knows the part " .. part)
    end
  end
end

--- Compares with a file; prints what differs. Returns the fields matched, wrong, missing.
local function run(file)
  matched, wrong, missing = 0, 0, 0
  run_file(file)
  return matched, wrong, missing
end

return run
