-- SPDX-License-Identifier: GPL-3.0-or-later
-- tables: the tables of a study from plain rows, ready for document:table. Each function returns {
-- id, caption, columns, rows, notes, groups }; numbers are formatted here and nowhere else.
local errors = require("lunation.errors")
local format = require("lunation.format")
local words = require("lunation.report.words")

local tables = {}

local function language(opt)
  return words.get(opt and opt.lang)
end

local function block(opt, caption, t)
  t.id, t.caption = opt.id, opt.caption or caption
  t.notes = t.notes or {}
  for _, note in ipairs(opt.notes or {}) do t.notes[#t.notes + 1] = note end
  return t
end

local function confidence(opt, w)
  local level = opt.conf_level or 0.95
  return level == 0.95 and w.ci95 or format.number(100 * level, level * 100 % 1 == 0 and 0 or 1)
    .. "% CI"
end

local function is_known(v) return v ~= nil and v == v end

-- --- regression ----------------------------------------------------------------------------------

local function estimate_cell(e, w, decimals)
  if not e then return "" end
  if e.reference then return w.reference end
  if e.not_estimable or not is_known(e.hr) then return w.not_estimable end
  return format.estimate(e.hr, e.lower, e.upper, decimals)
end

local function p_cell(e)
  if not e or e.reference or e.not_estimable or not is_known(e.p) then return "" end
  return format.p_value(e.p)
end

local function regression_columns(models, opt, w)
  local columns = { { key = "term", label = w.variable },
    { key = "n", label = w.n, align = "right" },
    { key = "events", label = w.events, align = "right" } }
  local groups = {}
  for m, name in ipairs(models) do
    columns[#columns + 1] = { key = "e" .. m, align = "decimal",
      label = ("%s (%s)"):format(opt.effect or w.hr, confidence(opt, w)) }
    columns[#columns + 1] = { key = "p" .. m, label = "*p*", align = "decimal" }
    if #models > 1 then groups[m] = { label = name, from = "e" .. m, to = "p" .. m } end
  end
  if opt.ph then columns[#columns + 1] = { key = "ph", label = w.ph_p, align = "decimal" } end
  return columns, groups
end

--- Regression table, one model or several side by side. rows: { label (variable), level, unit ("per
--- 10 years"), n, events, ph (p of the test of proportional hazards), reference, models = { { hr,
--- lower, upper, p, reference, not_estimable = reason } ... } or these fields in the row itself }.
--- opt: models (names), effect ("HR"), conf_level, decimals (2), ties, robust, ph, id, caption,
--- notes, lang.
function tables.regression(rows, opt)
  opt = opt or {}
  local w, models, out, notes, variable = language(opt), opt.models or { "" }, {}, {}, nil
  local columns, groups = regression_columns(models, opt, w)
  for _, r in ipairs(rows) do
    local text = r.label
    if r.label and r.unit then text = r.label .. ", " .. r.unit end
    if r.level then
      if r.label and r.label ~= variable then out[#out + 1] = { term = text, heading = true } end
      text = r.level
    end
    variable = r.label or variable
    local line = { term = text, n = r.n, events = r.events, indent = r.level and 1 or nil,
      ph = is_known(r.ph) and format.p_value(r.ph) or nil }
    for m in ipairs(models) do
      local e = r.models and r.models[m] or not r.models and r or nil
      if e and r.reference then e = { reference = true } end
      line["e" .. m], line["p" .. m] = estimate_cell(e, w, opt.decimals or 2), p_cell(e)
      if e and e.not_estimable then
        notes[#notes + 1] = ("%s: %s (%s)."):format(text, w.not_estimable:lower(), e.not_estimable)
      end
    end
    out[#out + 1] = line
  end
  if opt.ties then notes[#notes + 1] = w.ties_note:format(opt.ties) end
  if opt.robust then notes[#notes + 1] = w.robust_note end
  return block(opt, w.regression, { columns = columns, rows = out, groups = groups, notes = notes })
end

-- --- survival
-- --------------------------------------------------------------------------------------

--- Survival rates. groups: { label, n, events, median = {estimate, lower, upper}, rates = { {time,
--- survival, lower, upper, n_risk} ... } } with the same times in each. opt: unit ("months"),
--- conf_type, conf_level, decimals (1, of percentages), id, caption, notes, lang.
function tables.survival(groups, opt)
  opt = opt or {}
  local w, rows = language(opt), {}
  local unit, ci = w[opt.unit or "months"] or opt.unit, confidence(opt, w)
  local columns = { { key = "group", label = w.group }, { key = "n", label = w.n, align = "right" },
    { key = "events", label = w.events, align = "right" },
    { key = "median", label = ("%s, %s (%s)"):format(w.median, unit, ci), align = "decimal" } }
  for k, rate in ipairs(groups[1] and groups[1].rates or {}) do
    columns[#columns + 1] = { key = "t" .. k,
      label = ("%s %s (%s)"):format(format.shortest(rate.time), unit, ci), align = "decimal" }
  end
  for i, g in ipairs(groups) do
    local m = g.median or {}
    rows[i] = { group = g.label or w.all, n = g.n, events = g.events,
      median = is_known(m.estimate) and format.time(m.estimate, m.lower or 0 / 0, m.upper or 0 / 0)
      or format.missing }
    for k, rate in ipairs(g.rates or {}) do
      if groups[1].rates[k].time ~= rate.time then
        errors.raise("report.rates",
          ("group '%s': time %s where the first group has %s"):format(g.label or "", rate.time,
          groups[1].rates[k].time))
      end
      rows[i]["t" .. k] = format.rate(rate.survival, rate.lower, rate.upper, opt.decimals)
    end
  end
  return block(opt, w.survival_rates, { columns = columns, rows = rows,
    notes = { w.limits_note:format(opt.conf_type or "log"), w.ne_note } })
end

-- --- response
-- ----------------------------------------------------------------------------------------

--- Response by group with exact (or other) limits. categories: { label, cells = { {n, lower, upper}
--- ... one for each group }, strong }; groups: { {label, n} ... }. opt: limits ("exact"), id,
--- caption, ....
function tables.response(categories, groups, opt)
  opt = opt or {}
  local w, rows = language(opt), {}
  local columns, spans = { { key = "category", label = w.response } }, {}
  for k, g in ipairs(groups) do
    columns[#columns + 1] = { key = "n" .. k, label = "n (%)", align = "decimal" }
    columns[#columns + 1] = { key = "c" .. k, label = confidence(opt, w), align = "decimal" }
    spans[k] = { label = ("%s (N = %s)"):format(g.label or w.all, format.integer(g.n)),
      from = "n" .. k, to = "c" .. k }
  end
  for i, category in ipairs(categories) do
    rows[i] = { category = category.label, strong = category.strong }
    for k, g in ipairs(groups) do
      local cell = category.cells[k]
      rows[i]["n" .. k] = format.count(cell.n, g.n)
      rows[i]["c" .. k] = cell.lower and format.ci(100 * cell.lower, 100 * cell.upper, 1) or nil
    end
  end
  return block(opt, w.response, { columns = columns, rows = rows, groups = spans,
    notes = { w.percent_limits:format(opt.limits or "exact (Clopper-Pearson)") } })
end

-- --- safety
-- --------------------------------------------------------------------------------------------

--- Adverse events by worst grade: each patient counts once in each row. events: { label, heading,
--- any, grades = { n of grade 1.. } , severe (n of grade 3 or more) }; n: patients at risk. opt:
--- grades (list of the grades that have a column, default {1,2,3,4,5}), id, caption, notes, lang.
function tables.adverse(events, n, opt)
  opt = opt or {}
  local w, rows, grades = language(opt), {}, opt.grades or { 1, 2, 3, 4, 5 }
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
          ("'%s': %d patients by grade, %d in all; each counts once, at the worst grade"):format(e.label, any, e.any))
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

-- --- pairs, published
-- ----------------------------------------------------------------------------------

--- Pairwise p as a triangle. labels: the groups; p: function(i, j) for i > j, or matrix p[i][j].
--- opt: adjust ("Holm"), test ("log-rank"), id, caption, notes, lang.
function tables.pairwise(labels, p, opt)
  opt = opt or {}
  local w, rows = language(opt), {}
  local columns = { { key = "group", label = "" } }
  for j = 1, #labels - 1 do
    columns[j + 1] = { key = "c" .. j, label = labels[j], align = "decimal" }
  end
  for i = 2, #labels do
    local row = { group = labels[i] }
    for j = 1, i - 1 do
      local value = type(p) == "function" and p(i, j) or type(p) == "table" and p[i][j]
      row["c" .. j] = format.p_value(value)
    end
    rows[i - 1] = row
  end
  return block(opt, w.pairwise, { columns = columns, rows = rows,
    notes = { w.pairwise_note:format(opt.test or "log-rank", opt.adjust or w.none) } })
end

--- What a source printed beside what was computed. rows: { quantity, published, computed, status =
--- "same"|"rounding"|"differs"|"not stated"|any text, from (where, which method) }.
function tables.published(rows, opt)
  opt = opt or {}
  local w, out, differs = language(opt), {}, 0
  for i, r in ipairs(rows) do
    if r.status == "differs" then differs = differs + 1 end
    out[i] = { quantity = r.quantity, from = r.from, published = r.published, computed = r.computed,
      status = w.statuses[r.status] or r.status, strong = r.status == "differs" or nil }
  end
  return block(opt, w.published_table,
    { rows = out, notes = { w.differs_note:format(differs, #rows) }, columns = {
    { key = "quantity", label = w.quantity }, { key = "from", label = w.from },
    { key = "published", label = w.published },
    { key = "computed", label = w.computed }, { key = "status", label = w.status } } })
end

return tables
