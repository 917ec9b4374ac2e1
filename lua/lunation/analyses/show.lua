-- SPDX-License-Identifier: GPL-3.0-or-later
-- show: how the results of the built-in kinds enter a report. Every count and number comes from the
-- results, never from the data again. Each function: (doc, results, opt, study, id).
local format = require "lunation.format"

local M = {}

-- --- rows of a result, by statistic and group -------------------------------------------------

local function index(result)
  local by, groups, times, seen_group, seen_time = {}, {}, {}, {}, {}
  for _, row in ipairs(result:rows()) do
    local g = row.group or ""
    if not seen_group[g] then
      seen_group[g] = true
      groups[#groups + 1] = g
    end
    if row.time and not seen_time[row.time] and row.statistic == "survival" then
      seen_time[row.time] = true
      times[#times + 1] = row.time
    end
    by[g .. "\0" .. row.statistic .. "\0" .. (row.time or "")] = row
  end
  return { groups = groups, times = times, get = function(group, statistic, time)
    return by[group .. "\0" .. statistic .. "\0" .. (time or "")]
  end }
end

local function time_cell(row)
  if not row then return "" end
  return format.time(row.value, row.lower, row.upper)
end

local function rate_cell(row)
  if not row then return "" end
  return format.rate(row.value, row.lower, row.upper)
end

local function label_of(study, name) return study.cohort.patients:label(name) end

local function group_text(g) return g == "" and "All patients" or g end

local function conf(opt) return ("%g%% CI"):format(100 * (opt.conf_level or 0.95)) end

-- --- Kaplan-Meier ------------------------------------------------------------------------------

local function curve_table(doc, r, opt, study, id)
  local ix, unit = index(r.km), r.km.unit
  local columns = { { key = "group", label = opt.by and label_of(study, opt.by) or "Group" },
    { key = "n", label = "n", align = "right" }, { key = "events", label = "Events", align = "right" },
    { key = "median", label = ("Median, %s (%s)"):format(unit, conf(opt)), align = "decimal" } }
  for _, t in ipairs(ix.times) do
    columns[#columns + 1] = { key = "t" .. t, label = ("%g %s (%s)"):format(t, unit, conf(opt)), align = "decimal" }
  end
  local rows = {}
  for _, g in ipairs(ix.groups) do
    local median = ix.get(g, "median")
    local row = { group = group_text(g), n = median.n, events = median.events, median = time_cell(median) }
    for _, t in ipairs(ix.times) do row["t" .. t] = rate_cell(ix.get(g, "survival", t)) end
    rows[#rows + 1] = row
  end
  doc:table { id = id .. "-rates", caption = r.km.title or "Survival rates and medians", columns = columns, rows = rows,
    notes = { r.km.convention, "NE: not estimable." } }
end

-- What stands beside the curves: hazard ratio and test with their methods.
local function annotations(r)
  local out = {}
  if r.cox then
    for _, row in ipairs(r.cox:rows()) do
      if row.statistic == "hr" then
        out[#out + 1] = ("HR %s %s"):format((row.term or ""):gsub("^.-: ", ""), format.hr(row.value, row.lower, row.upper))
      end
    end
  end
  if r.logrank then
    for _, row in ipairs(r.logrank:rows()) do
      if row.statistic == "p" then out[#out + 1] = "log-rank " .. format.p(row.value) end
    end
  end
  return out
end

local function km_figure(doc, km, r, opt, study, id, title)
  local by = opt.by and label_of(study, opt.by)
  local figure = require("lunation.figure").km(km, { id = id, title = title, annotation = annotations(r),
    group_title = by, landmark = opt.landmark and opt.at or nil, from_landmark = opt.landmark and true or nil })
  doc:figure { id = id .. "-figure", figure = figure, caption = (by and "%s by %s" or "%s"):format(title, by)
    .. ", Kaplan-Meier estimates." }
end

local function sentence_tests(doc, r)
  if r.logrank then doc:paragraph(tostring(r.logrank):gsub("\n+$", "")) end
end

local function follow_up(doc, r)
  if not r.follow_up then return end
  local ix = index(r.follow_up)
  local parts = {}
  for _, g in ipairs(ix.groups) do
    local m = ix.get(g, "median")
    parts[#parts + 1] = (g == "" and "" or g .. ": ") .. time_cell(m) .. " " .. (r.follow_up.unit or "")
  end
  doc:paragraph(("Median follow-up (reverse Kaplan-Meier): %s."):format(table.concat(parts, "; ")))
end

function M.km(doc, r, opt, study, id)
  if opt.figure then km_figure(doc, r.km, r, opt, study, id, r.km.title) end
  curve_table(doc, r, opt, study, id)
  follow_up(doc, r)
  sentence_tests(doc, r)
  if r.cox then M.hr_table(doc, { { "Cox regression", r.cox } }, opt, study, id) end
  if r.pairwise then M.pairwise(doc, r, opt, study, id) end
  if r.rmst then M.generic(doc, "Restricted mean survival time", r.rmst, id .. "-rmst") end
end

-- --- competing causes ---------------------------------------------------------------------------

local function incidence_table(doc, r, opt, study, id)
  local columns, rows = { { key = "group", label = opt.by and label_of(study, opt.by) or "Group" }, { key = "cause", label = "Cause" },
    { key = "n", label = "n", align = "right" }, { key = "events", label = "Events", align = "right" } }, {}
  for _, t in ipairs(r.times) do
    columns[#columns + 1] = { key = "t" .. t, label = ("%g %s (%s)"):format(t, r.unit, conf(opt)), align = "decimal" }
  end
  for _, label in ipairs(r.labels) do
    for cause, name in ipairs(r.names) do
      local c = r:curve(label, cause)
      local row = { group = group_text(label), cause = name, n = c.n, events = c.events }
      for _, t in ipairs(r.times) do
        local at = r:at(t, label, cause)
        row["t" .. t] = format.rate(at.incidence, at.lower, at.upper)
      end
      rows[#rows + 1] = row
    end
  end
  doc:table { id = id .. "-incidence", caption = r.title, columns = columns, rows = rows, notes = { r.convention } }
end

function M.cuminc(doc, r, opt, study, id)
  if opt.figure then
    local drawing = r.cuminc:drawing()
    drawing.id, drawing.title = id, study.env[opt.cuminc].title
    if r.gray and r.gray.p then drawing.annotation = { "Gray's test, " .. r.gray.cause .. ": " .. format.p(r.gray.p) } end
    doc:figure { id = id .. "-figure", figure = require("lunation.figure").cuminc(drawing),
      caption = drawing.title .. ", cumulative incidence." }
  end
  incidence_table(doc, r.cuminc, opt, study, id)
  if r.gray then doc:paragraph(tostring(r.gray)) end
end

-- --- Cox ---------------------------------------------------------------------------------------

-- Rows term | level | n | events | HR (CI) | p of models given as { label, fit }.
function M.hr_table(doc, models, opt, study, id)
  local rows = {}
  for _, m in ipairs(models) do
    for _, row in ipairs(m[2]:rows()) do
      if row.statistic == "hr" then
        rows[#rows + 1] = { model = m[1], term = row.term, n = row.n, events = row.events,
          hr = format.hr(row.value, row.lower, row.upper), p = format.p_value(row.p) }
      end
    end
  end
  doc:table { id = id .. "-hr", caption = "Hazard ratios", columns = {
    { key = "model", label = "Model" }, { key = "term", label = "Covariate" }, { key = "n", label = "n", align = "right" },
    { key = "events", label = "Events", align = "right" }, { key = "hr", label = ("HR (%s)"):format(conf(opt)), align = "decimal" },
    { key = "p", label = "p", align = "decimal" } }, rows = rows, notes = { models[1][2].convention } }
end

local function forest(doc, fit, opt, study, id)
  local title = study.env[opt.cox].title
  doc:figure { id = id .. "-forest", caption = title .. ", hazard ratios of the model.",
    figure = require("lunation.figure").forest(fit, { id = id, title = title }) }
end

function M.cox(doc, r, opt, study, id)
  local uni, order, seen = {}, {}, {}
  local function note(row)
    if not seen[row.term] then
      seen[row.term] = true
      order[#order + 1] = row.term
    end
  end
  local multi = {}
  for _, row in ipairs(r.model:rows()) do
    if row.statistic == "hr" then multi[row.term] = row end
  end
  local names = {}
  for name in pairs(r) do if name:match("^univariable: ") then names[#names + 1] = name end end
  table.sort(names)
  for _, a in ipairs(study.plan.analyses) do
    if a.id == id then
      names = {}
      for _, call in ipairs(a.calls) do if call.as:match("^univariable: ") then names[#names + 1] = call.as end end
    end
  end
  for _, name in ipairs(names) do
    for _, row in ipairs(r[name]:rows()) do
      if row.statistic == "hr" then
        uni[row.term] = row
        note(row)
      end
    end
  end
  for _, row in ipairs(r.model:rows()) do if row.statistic == "hr" then note(row) end end
  local rows = {}
  local function cells(row) return row and format.hr(row.value, row.lower, row.upper) or "", row and format.p_value(row.p) or "" end
  for _, term in ipairs(order) do
    local u, up = cells(uni[term])
    local m, mp = cells(multi[term])
    local any = uni[term] or multi[term]
    local row = { term = term, n = any.n, events = any.events, m = m, mp = mp }
    if #names > 0 then row.u, row.up = u, up end
    rows[#rows + 1] = row
  end
  local columns = { { key = "term", label = "Covariate" }, { key = "n", label = "n", align = "right" },
    { key = "events", label = "Events", align = "right" } }
  if #names > 0 then
    columns[#columns + 1] = { key = "u", label = ("Univariable HR (%s)"):format(conf(opt)), align = "decimal" }
    columns[#columns + 1] = { key = "up", label = "p", align = "decimal" }
  end
  columns[#columns + 1] = { key = "m", label = ("%s HR (%s)"):format(#order > 1 and "Multivariable" or "", conf(opt)), align = "decimal" }
  columns[#columns + 1] = { key = "mp", label = "p", align = "decimal" }
  if opt.figure == "forest" then forest(doc, r.model, opt, study, id) end
  doc:table { id = id .. "-regression", caption = ("Cox regression, %s"):format(study.env[opt.cox].title), columns = columns, rows = rows,
    notes = { r.model.convention } }
  if r.model.converged == false then doc:note("warning", r.model.why) end
  if r.ph then M.generic(doc, "Test of proportional hazards", r.ph, id .. "-ph") end
end

function M.landmark(doc, r, opt, study, id)
  doc:paragraph(("Landmark at %g %s: %d patients were still observed; %s."):format(opt.at, r.landmark.unit, r.landmark.n,
    (tostring(r.landmark):match("; (.*)$") or ""):gsub(" left out", "")))
  M.km(doc, { km = r.km, logrank = r.logrank, cox = r.cox }, opt, study, id)
end

function M.immortal(doc, r, opt, study, id)
  local models = { { "naive (known from the start)", r.naive } }
  for _, at in ipairs(opt.at) do
    local name = ("landmark at %s"):format(require("lunation.core").num.shortest(at))
    models[#models + 1] = { name .. " " .. study.env[opt.immortal].unit, r[name] }
  end
  models[#models + 1] = { "time-dependent", r["time-dependent"] }
  doc:paragraph(("%s begins during follow-up: a patient must live long enough to get there. Counting it from the start "
    .. "credits that waiting time to the exposure (immortal time) and makes it look better than it is. The landmark and "
    .. "time-dependent forms do not."):format(label_of(study, opt.by)))
  M.hr_table(doc, models, opt, study, id)
end

-- --- the rest ------------------------------------------------------------------------------------

function M.pairwise(doc, r, _, _, id)
  local rows = {}
  local adjusted = {}
  for _, row in ipairs(r.pairwise:rows()) do
    if row.statistic == "p_adjusted" then adjusted[row.group] = row.value end
  end
  for _, row in ipairs(r.pairwise:rows()) do
    if row.statistic == "p" then
      rows[#rows + 1] = { pair = row.group, p = format.p_value(row.value), adjusted = format.p_value(adjusted[row.group]) }
    end
  end
  doc:table { id = id .. "-pairwise", caption = "Pairwise log-rank tests", columns = { { key = "pair", label = "Comparison" },
    { key = "p", label = "p", align = "decimal" }, { key = "adjusted", label = "adjusted p", align = "decimal" } }, rows = rows,
    notes = { r.pairwise.convention } }
end

-- A result that knows its own table (columns, rows, notes), else its rows as they are.
function M.generic(doc, caption, result, id)
  local ok, t = pcall(function() return result:table() end)
  if ok and t then
    doc:table { id = id, caption = caption, columns = t.columns, rows = t.rows, notes = t.notes }
    return
  end
  local rows = {}
  for _, row in ipairs(result:rows()) do
    rows[#rows + 1] = { name = row.term or row.group or "", statistic = row.statistic,
      value = (row.lower or row.upper) and format.estimate(row.value, row.lower, row.upper, 3)
        or row.statistic == "p" and format.p_value(row.value) or format.number(row.value, math.type(row.value) == "integer" and 0 or 3),
      p = row.p and format.p_value(row.p) or "" }
  end
  doc:table { id = id, caption = caption, columns = { { key = "name", label = "" }, { key = "statistic", label = "Statistic" },
    { key = "value", label = "Value", align = "decimal" }, { key = "p", label = "p", align = "decimal" } }, rows = rows,
    notes = { result.convention } }
end

function M.table1(doc, r, opt, study, id)
  M.generic(doc, opt.title or "Baseline characteristics", r.table1, id .. "-table")
end

function M.proportions(doc, r, opt, study, id)
  local rows = {}
  local convention
  for _, name in ipairs(opt.proportions) do
    for k, row in ipairs(r[name]:rows()) do
      rows[#rows + 1] = { variable = k == 1 and label_of(study, name) or "", level = row.group, count = ("%d/%d"):format(row.events, row.n),
        percent = format.rate(row.value, row.lower, row.upper) }
    end
    convention = r[name].convention
  end
  doc:table { id = id .. "-table", caption = opt.title or "Counts and percentages", columns = { { key = "variable", label = "" },
    { key = "level", label = "" }, { key = "count", label = "n/N", align = "right" },
    { key = "percent", label = ("%% (%s)"):format(conf(opt)), align = "decimal" } }, rows = rows, notes = { convention } }
end

function M.crosstab(doc, r, opt, study, id)
  M.generic(doc, opt.title or ("%s by %s"):format(label_of(study, opt.crosstab), label_of(study, opt.by)), r.crosstab, id .. "-table")
end

function M.summary(doc, r, opt, study, id)
  M.generic(doc, opt.title or "Summary", r.summary, id .. "-table")
end

-- Waterfall and spider of a response, where a change was measured.
local function response_figures(doc, response, title, id)
  local patients, lines = {}, response:spider()
  for i, p in ipairs(response:waterfall()) do patients[i] = { id = p.id, change = p.percent, best = p.best } end
  if #patients == 0 then return end
  local waterfall = require("lunation.figure.waterfall") { id = id .. "-waterfall", patients = patients, title = title }
  doc:figure { id = id .. "-waterfall", caption = waterfall.description, figure = waterfall }
  local courses = {}
  for i, l in ipairs(lines) do courses[i] = { id = l.id, time = l.day, change = l.percent } end
  local spider = require("lunation.figure.spider") { id = id .. "-spider", patients = courses, unit = "days", title = title }
  doc:figure { id = id .. "-spider", caption = spider.description, figure = spider }
end

function M.response(doc, r, opt, study, id)
  M.generic(doc, opt.title or "Best response", r.counts, id .. "-counts")
  if opt.figures then response_figures(doc, study.env[opt.response], opt.title or "Best response", id) end
end

function M.waterfall(doc, r, opt, _, id)
  local w = r.waterfall
  local figure = require("lunation.figure.waterfall") { id = id, patients = w.patients, ylab = w.label,
    title = opt.title or w.label }
  doc:figure { id = id .. "-figure", caption = figure.description, figure = figure }
  doc:paragraph(tostring(w) .. ".")
end

return M
