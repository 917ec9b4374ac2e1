-- SPDX-License-Identifier: GPL-3.0-or-later
-- tables: the tables of results, each built in one place for reports, for print and for scripts. A
-- function takes results and returns { caption, columns, rows, notes, groups }, as document:table
-- takes it. opt of all: lang, id, caption, notes.
local errors = require("lunation.errors")
local format = require("lunation.format")
local words = require("lunation.report.words")

local tables = {}

local function block(opt, caption, t)
  t.id, t.caption, t.notes = opt.id, opt.caption or caption, t.notes or {}
  for _, note in ipairs(opt.notes or {}) do t.notes[#t.notes + 1] = note end
  return t
end

local function confidence(level, w)
  return level == 0.95 and w.ci95 or ("%g%% CI"):format(100 * level)
end

local function at_time(time, unit, w)
  return ("%s %s"):format(format.shortest(time), w[unit] or unit)
end

-- --- curves --------------------------------------------------------------------------------------

--- Patients, events, median and the rates at the times that were asked for, of the groups of
--- endpoint:km. opt.label: what the groups are called.
function tables.survival(km, opt)
  opt = opt or {}
  local w, about = words.get(opt.lang), require("lunation.core").km.about(km)
  local unit, ci, missing, rows = w[about.unit] or about.unit, confidence(km.conf_level, w), false,
    {}
  local columns = { { key = "group", label = opt.label or about.by or w.group },
    { key = "n", label = w.n, align = "right" },
    { key = "events", label = w.events, align = "right" },
    { key = "median", label = ("%s, %s (%s)"):format(w.median, unit, ci), align = "decimal" } }
  for k, time in ipairs(about.times) do
    columns[#columns + 1] = { key = "t" .. k, align = "decimal",
      label = ("%s (%s)"):format(at_time(time, about.unit, w), ci) }
  end
  for label, curve in km:curves() do
    local m = km:median(label)
    local row = { group = label ~= "" and label or w.all, n = math.tointeger(curve.n) or curve.n,
      events = math.tointeger(curve.events) or curve.events,
      median = format.time(m.estimate, m.lower, m.upper) }
    missing = missing or not (m.estimate and m.lower and m.upper)
    for k, time in ipairs(about.times) do
      local at = km:at(time, label)
      row["t" .. k] = format.rate(at.survival, at.lower, at.upper)
      missing = missing or not at.upper
    end
    rows[#rows + 1] = row
  end
  return block(opt, about.title, { columns = columns, rows = rows,
    notes = { km.convention, missing and w.ne_note or nil } })
end

--- Cumulative incidence of each cause and group of endpoint:cuminc at its times. opt.label: what
--- the groups are called.
function tables.incidence(cuminc, opt)
  opt = opt or {}
  local w, rows, ci = words.get(opt.lang), {}, confidence(cuminc.conf_level, words.get(opt.lang))
  local columns = { { key = "group", label = opt.label or cuminc.by or w.group },
    { key = "cause", label = w.by_cause }, { key = "n", label = w.n, align = "right" },
    { key = "events", label = w.events, align = "right" } }
  for k, time in ipairs(cuminc.times) do
    columns[#columns + 1] = { key = "t" .. k, align = "decimal",
      label = ("%s (%s)"):format(at_time(time, cuminc.unit, w), ci) }
  end
  for _, label in ipairs(cuminc.labels) do
    for cause, name in ipairs(cuminc.names) do
      local curve = cuminc:curve(label, cause)
      local row = { group = label ~= "" and label or w.all, cause = name, n = curve.n,
        events = curve.events }
      for k, time in ipairs(cuminc.times) do
        local at = cuminc:at(time, label, cause)
        row["t" .. k] = format.rate(at.incidence, at.lower, at.upper)
      end
      rows[#rows + 1] = row
    end
  end
  return block(opt, cuminc.title, { columns = columns, rows = rows, notes = { cuminc.convention } })
end

-- --- regression ----------------------------------------------------------------------------------

local EFFECTS = { hr = "HR", odds_ratio = "OR", shr = "SHR", coefficient = "Coefficient" }

local function is_shown(row)
  return EFFECTS[row.statistic] and row.term ~= "(intercept)" or row.statistic == "reference"
end

-- The terms of all models in order of appearance: { term, variable, level, rows = { [model] = row }
-- }.
local function lines_of(models)
  local lines, by_term = {}, {}
  for m, model in ipairs(models) do
    for _, row in ipairs(model.fit:rows()) do
      if is_shown(row) then
        local line = by_term[row.term]
        if not line then
          line = { term = row.term, variable = row.level and row.variable, level = row.level,
            rows = {} }
          lines[#lines + 1], by_term[row.term] = line, line
        end
        line.rows[model.column or m] = row
      end
    end
  end
  return lines
end

local function effect_cell(row, w)
  if not row then return "" end
  if row.statistic == "reference" then return w.reference end
  if row.warning and not row.lower then return w.not_estimable end
  if row.statistic == "coefficient" then
    return format.estimate(row.value, row.lower, row.upper, 3)
  end
  return format.hr(row.value, row.lower, row.upper)
end

local function p_cell(row)
  return row and row.statistic ~= "reference" and row.p and format.p_value(row.p) or ""
end

local function regression_columns(names, effect, w, opt, with_events)
  local columns, groups = { { key = "term", label = w.variable },
    { key = "n", label = w.n, align = "right" } }, {}
  if with_events then columns[3] = { key = "events", label = w.events, align = "right" } end
  for m, name in ipairs(names) do
    columns[#columns + 1] = { key = "e" .. m, label = effect, align = "decimal" }
    columns[#columns + 1] = { key = "p" .. m, label = "*p*", align = "decimal" }
    if #names > 1 then groups[m] = { label = name, from = "e" .. m, to = "p" .. m } end
  end
  if opt.ph then columns[#columns + 1] = { key = "ph", label = w.ph_p, align = "decimal" } end
  return columns, groups
end

-- Patients and events of a model: a test of the whole model counts patients where its rows are not.
local function size_of(fit)
  for _, row in ipairs(fit:rows()) do
    if row.statistic:find("^p_") and row.n then return row.n, row.events or fit.events end
  end
  return fit.n, fit.events
end

-- Notes on what a reader may not guess: per what, patients of each model, rows without an estimate.
local function regression_notes(models, lines, names, w)
  local notes, seen, whole, sharing = {}, {}, {}, {}
  for m, model in ipairs(models) do
    local column = model.column or m
    sharing[column] = (sharing[column] or 0) + 1
  end
  for m, model in ipairs(models) do
    local convention = model.fit.convention
    if not seen[convention] then
      seen[convention] = true
      notes[#notes + 1] = convention
    end
    if #names > 1 and sharing[model.column or m] == 1 then
      local n, events = size_of(model.fit)
      whole[#whole + 1] = events and w.size_events:format(model.label, format.integer(n),
        format.integer(events)) or w.size:format(model.label, format.integer(n))
    end
  end
  for _, line in ipairs(lines) do
    for m = 1, #names do
      local row = line.rows[m]
      if row and row.warning and not row.lower then
        notes[#notes + 1] = ("%s: %s (%s)."):format(line.term, w.not_estimable:lower(), row.warning)
        break
      end
    end
    if not line.level and not seen.unit then
      seen.unit = true
      table.insert(notes, 1, w.per_unit)
    end
  end
  if #whole > 0 then notes[#notes + 1] = table.concat(whole, "; ") .. "." end
  return notes
end

--- Regression table: one model, or several side by side. models: { { label, fit } ... } of
--- endpoint:cox or cohort:logistic, or { label = text, fit = result, column = k } to put several
--- results (each covariate alone) into one pair of columns. opt: columns (names of the pairs, when
--- models state theirs), ph (result of fit:zph()), label(variable).
function tables.regression(models, opt)
  opt = opt or {}
  local w, list, names = words.get(opt.lang), {}, opt.columns or {}
  for i, m in ipairs(models) do
    list[i] = { label = m.label or m[1], fit = m.fit or m[2], column = m.column }
    if not opt.columns then names[i] = list[i].label or "" end
  end
  local lines, rows, variable, with_events = lines_of(list), {}, nil, false
  local kind, level = "hr", nil
  for _, row in ipairs(list[1].fit:rows()) do
    if EFFECTS[row.statistic] then kind, level = row.statistic, row.conf_level break end
  end
  local label = opt.label or function(name) return name end
  local function ph_cell(name)
    local test = opt.ph and name and rawget(opt.ph.tests, name)
    return test and format.p_value(test.p) or nil
  end
  for _, line in ipairs(lines) do
    if line.level and line.variable ~= variable then
      rows[#rows + 1] = { term = label(line.variable), ph = ph_cell(line.variable),
        heading = not opt.ph or nil }
    end
    variable = line.level and line.variable or nil
    local any
    for m = 1, #names do any = any or line.rows[m] end
    local row = { term = line.level or label(line.term), indent = line.level and 1 or nil,
      n = any.n, events = not any.group and any.events or nil,
      ph = not line.level and ph_cell(line.term) or nil }
    for m = 1, #names do
      row["e" .. m], row["p" .. m] = effect_cell(line.rows[m], w), p_cell(line.rows[m])
    end
    rows[#rows + 1], with_events = row, with_events or row.events ~= nil
  end
  level = level or list[1].fit.conf_level
  local columns, groups = regression_columns(names,
    ("%s (%s)"):format(EFFECTS[kind], confidence(level, w)), w, opt, with_events)
  return block(opt, opt.title and w.regression .. ", " .. opt.title or w.regression, { rows = rows,
    columns = columns, groups = groups, notes = regression_notes(list, lines, names, w) })
end

-- --- tests, counts -------------------------------------------------------------------------------

--- All pairs of endpoint:pairwise with p and adjusted p.
function tables.pairwise(pairwise, opt)
  opt = opt or {}
  local w, rows = words.get(opt.lang), {}
  for i, pair in ipairs(pairwise.pairs) do
    rows[i] = { pair = pair.a .. " vs " .. pair.b, n = pair.n, p = format.p_value(pair.p),
      adjusted = format.p_value(pair.adjusted) }
  end
  return block(opt, w.pairwise, { rows = rows, notes = { pairwise.convention }, columns = {
    { key = "pair", label = w.comparison }, { key = "n", label = w.n, align = "right" },
    { key = "p", label = "*p*", align = "decimal" },
    { key = "adjusted", label = w.adjusted_p, align = "decimal" } } })
end

--- Tests of proportional hazards of fit:zph(). opt.label(variable): what it is called.
function tables.hazards(zph, opt)
  opt = opt or {}
  local w, rows = words.get(opt.lang), {}
  local label = opt.label or function(name) return name end
  for i, r in ipairs(zph:rows()) do
    rows[i] = { term = label(r.term), chisq = format.number(r.value, 2), df = r.df
      and format.integer(r.df), p = format.p_value(r.p),
      strong = r.term == "global" or nil }
  end
  return block(opt, w.ph_table, { rows = rows, notes = { zph.convention }, columns = {
    { key = "term", label = w.variable },
    { key = "chisq", label = "Chi-square", align = "decimal" },
    { key = "df", label = "df", align = "right" },
    { key = "p", label = "*p*", align = "decimal" } } })
end

--- Estimates with limits, a line for each row of a result: group or term, statistic, estimate, p.
--- opt: decimals (2), conf_level.
function tables.estimates(result, opt)
  opt = opt or {}
  local w, rows, se = words.get(opt.lang), {}, false
  for i, r in ipairs(result:rows()) do
    rows[i] = { name = r.group or r.term or w.all, statistic = r.statistic:gsub("_", " "),
      value = r.value and format.estimate(r.value, r.lower, r.upper, opt.decimals or 2)
        or r.warning,
      p = r.p and format.p_value(r.p) or nil, se = opt.se and format.number(r.se, 3) or nil }
    se = se or rows[i].se
  end
  local columns = { { key = "name", label = opt.label or w.group },
    { key = "statistic", label = w.quantity },
    { key = "value", label = ("%s (%s)"):format(w.estimate, confidence(opt.conf_level
      or result.conf_level, w)), align = "decimal" },
    se and { key = "se", label = "SE", align = "decimal" }
    or { key = "p", label = "*p*", align = "decimal" } }
  return block(opt, result.title, { columns = columns, rows = rows, notes = { result.convention } })
end

--- Counts and percentages with limits: a list of results below each other. A result has label,
--- entries { label, x, estimate, lower, upper }, n, conf_level, convention and missing, as those of
--- cohort:proportions, of best responses and of classes.
function tables.proportions(results, opt)
  opt = opt or {}
  local w, rows, notes = words.get(opt.lang), {}, {}
  for _, r in ipairs(results) do
    if #results > 1 then rows[#rows + 1] = { level = r.label, heading = true } end
    for _, e in ipairs(r.entries) do
      rows[#rows + 1] = { level = e.label, count = ("%d/%d"):format(e.x, r.n),
        percent = format.rate(e.estimate, e.lower, e.upper),
        indent = (#results > 1 and 1 or 0) + (e.indent or 0), strong = e.strong }
    end
    if (r.missing or 0) > 0 then
      notes[#notes + 1] = ("%s, %s: %d"):format(r.label, w.missing, r.missing)
    end
  end
  local convention = results[1].convention
  if #results > 1 then convention = convention:gsub(" %(%d+%)$", "") end
  table.insert(notes, 1, convention)
  local label = results[1].label
  return block(opt, #results > 1 and label or nil, { rows = rows, notes = notes, columns = {
    { key = "level", label = #results == 1 and label or "" },
    { key = "count", label = "n/N", align = "right" },
    { key = "percent", label = ("%% (%s)"):format(confidence(results[1].conf_level, w)),
      align = "decimal" } } })
end

-- --- safety --------------------------------------------------------------------------------------

--- Adverse events by worst grade: each patient counts once in each row. events: { label, heading,
--- any, grades = { n of grade 1.. } }; n: patients at risk. opt.grades: list of the grades that
--- have a column (default {1,2,3,4,5}).
function tables.adverse(events, n, opt)
  opt = opt or {}
  local w, rows, grades = words.get(opt.lang), {}, opt.grades or { 1, 2, 3, 4, 5 }
  local columns = { { key = "event", label = w.event },
    { key = "any", label = w.any_grade, align = "decimal" } }
  for _, g in ipairs(grades) do
    columns[#columns + 1] = { key = "g" .. g, label = ("%s %d"):format(w.grade, g),
      align = "decimal" }
  end
  columns[#columns + 1] = { key = "severe", label = w.grade .. " ≥ 3", align = "decimal" }
  for i, e in ipairs(events) do
    local row = { event = e.label, heading = e.heading, indent = e.indent }
    if not e.heading then
      local any, severe = 0, 0
      for g, count in ipairs(e.grades) do
        any, severe = any + count, severe + (g >= 3 and count or 0)
      end
      if e.any and e.any ~= any then
        errors.raise("report.adverse",
          ("'%s': %d patients by grade, %d in all; each counts once, at the worst grade")
            :format(e.label, any, e.any))
      end
      if any > n then
        errors.raise("report.adverse", ("'%s': %d patients of %d"):format(e.label, any, n))
      end
      row.any, row.severe = format.count(any, n), format.count(severe, n)
      for _, g in ipairs(grades) do
        row["g" .. g] = (e.grades[g] or 0) > 0 and format.count(e.grades[g], n) or "0"
      end
    end
    rows[i] = row
  end
  return block(opt, w.adverse,
    { columns = columns, rows = rows, notes = { w.worst_grade:format(format.integer(n)) } })
end

return tables
