-- SPDX-License-Identifier: GPL-3.0-or-later
-- show: how the results of the built-in kinds enter a report. Every count and number comes from the
-- results, never from the data again. Each function: (doc, results, opt, study, id).
local format = require "lunation.format"
local looks = require("lunation.analyses.fields").looks
local names = require "lunation.report.names"
local words = require "lunation.report.words"

local M = {}

local function label_of(study, name) return study.cohort.patients:label(name) end

-- A column's label in the data dictionary, with its unit where it has one, for the variables of a
-- model: "Largest tumour, per cm".
local function labels(doc, study)
  local w, patients = words.get(doc.lang), study.cohort.patients
  return function(name)
    if not patients.data:has(name) then return name end
    local unit = patients:about(name).unit
    local label = patients:label(name)
    return unit and label .. w.per:format(w["per_" .. unit] or unit) or label
  end
end

-- A table of a result (lunation.report.tables) in the document's language, under a heading of its
-- own.
local function put(doc, t, id, caption)
  t.id, t.caption = id, caption or t.caption
  doc:table(t)
end


-- What the groups of an analysis are called, for its tables.
local function named(doc, study, by)
  return { lang = doc.lang, label = by and label_of(study, by) or nil }
end

-- Kinds whose results are shown by a file of their own take these too.
M.labels, M.put, M.named = labels, put, named

-- --- Kaplan-Meier ------------------------------------------------------------------------------

-- What stands beside the curves: hazard ratio and test with their methods.
local function annotations(doc, r)
  local out = {}
  if r.cox then
    for _, row in ipairs(r.cox:rows()) do
      if row.statistic == "hr" then
        out[#out + 1] = ("HR %s %s"):format((row.term or ""):gsub("^.-: ", ""),
          format.hr(row.value, row.lower, row.upper))
      end
    end
  end
  if r.logrank then
    for _, row in ipairs(r.logrank:rows()) do
      if row.statistic == "p" then
        out[#out + 1] = words.known(doc.lang, "log-rank") .. " " .. format.p(row.value)
      end
    end
  end
  return out
end

-- The options of the figure of curves: those of the analysis, and what the report adds.
local function drawing(doc, opt, more)
  local out = require("lunation.analyses.fields").drawn(opt)
  for name, value in pairs(more) do out[name] = value end
  out.suppress_below = doc.suppress_below
  return looks(doc, opt, out)
end

local function km_figure(doc, km, r, opt, study, id, title)
  local by = opt.by and label_of(study, opt.by)
  local figure = require("lunation.figure").km(km,
    drawing(doc, opt, { id = id, title = title, annotation = annotations(doc, r),
    group_title = by, landmark = opt.landmark and opt.at or nil, from_landmark = opt.landmark
      and true or nil }))
  doc:figure { id = id .. "-figure", figure = figure,
    caption = (by and "%s by %s" or "%s"):format(title, by)
    .. ", Kaplan-Meier estimates." }
end

local function facets(doc, r, opt, study, id)
  if not r.facets then return end
  local by = opt.by and label_of(study, opt.by)
  if opt.figure then
    doc:figure { id = id .. "-facets", caption = ("%s within each level of %s."):format(r.km.title,
      r.facets.label),
      figure = require("lunation.figure").km(r.facets,
        drawing(doc, opt, { id = id .. "-facets", group_title = by })) }
  end
  put(doc, r.facets:table(named(doc, study, opt.by)), id .. "-facets-rates")
end

local function sentence_tests(doc, r)
  if r.logrank then doc:paragraph(tostring(r.logrank):gsub("\n+$", "")) end
end

local function follow_up(doc, r)
  if not r.follow_up then return end
  local parts = {}
  for label in r.follow_up:curves() do
    local m = r.follow_up:median(label)
    parts[#parts + 1] = (label == "" and "" or label .. ": ")
      .. format.time(m.estimate, m.lower, m.upper) .. " " .. r.follow_up.unit
  end
  doc:paragraph(("Median follow-up (reverse Kaplan-Meier): %s."):format(table.concat(parts, "; ")))
end

function M.km(doc, r, opt, study, id)
  if opt.figure then km_figure(doc, r.km, r, opt, study, id, r.km.title) end
  put(doc, r.km:table(named(doc, study, opt.by)), id .. "-rates")
  follow_up(doc, r)
  sentence_tests(doc, r)
  if r.cox then
    put(doc, r.cox:table { lang = doc.lang, label = labels(doc, study), title = r.cox.title },
      id .. "-hr")
  end
  if r.pairwise then M.pairwise(doc, r, opt, study, id) end
  facets(doc, r, opt, study, id)
  if r.rmst then put(doc, r.rmst:table(named(doc, study, opt.by)), id .. "-rmst") end
end

-- --- competing causes ---------------------------------------------------------------------------

function M.cuminc(doc, r, opt, study, id)
  if opt.figure then
    local drawing = r.cuminc:drawing()
    drawing.id, drawing.title = id, study.env[opt.cuminc].title
    if r.gray and r.gray.p then
      drawing.annotation = { "Gray's test, " .. r.gray.cause .. ": " .. format.p(r.gray.p) }
    end
    doc:figure { id = id .. "-figure", exact = true,
      figure = require("lunation.figure").cuminc(looks(doc, opt, drawing)),
      caption = drawing.title .. ", cumulative incidence." }
  end
  put(doc, r.cuminc:table(named(doc, study, opt.by)), id .. "-incidence")
  if r.gray then doc:paragraph(tostring(r.gray)) end
end

-- --- Cox ---------------------------------------------------------------------------------------

--- Models of the same endpoint side by side.
function M.models(doc, models, study, id)
  put(doc, require("lunation.report.tables").regression(models,
    { lang = doc.lang, label = labels(doc, study) }), id .. "-hr")
end

local function forest(doc, fit, title, study, id, opt)
  doc:figure { id = id .. "-forest", caption = title .. ", hazard ratios of the model.",
    figure = require("lunation.figure").forest(fit, looks(doc, opt, { id = id, title = title,
      label = labels(doc, study), suppress_below = doc.suppress_below })) }
end

-- Cause-specific models side by side.
local function causes(doc, result, study, id)
  put(doc, result:table { lang = doc.lang, label = labels(doc, study) }, id .. "-causes")
end

local UNIVARIABLE = "univariable: "

--- The models of a cox or logistic analysis for tables.regression: each covariate alone in one pair
--- of columns, the model of all in another.
function M.side_by_side(results, calls)
  local models = {}
  for _, call in ipairs(calls) do
    local name = call.as:match("^" .. UNIVARIABLE .. "(.*)")
    if name then models[#models + 1] = { label = name, fit = results[call.as], column = 1 } end
  end
  local alone = #models > 0
  models[#models + 1] = { label = "Multivariable", fit = results.model, column = alone and 2 or 1 }
  return models, alone and { "Univariable", "Multivariable" } or { "" }
end

local function calls_of(study, id)
  for _, a in ipairs(study.plan.analyses) do if a.id == id then return a.calls end end
end

function M.regression(doc, r, study, id, title)
  local models, columns = M.side_by_side(r, calls_of(study, id))
  put(doc, require("lunation.report.tables").regression(models, {
    lang = doc.lang, columns = columns, ph = r.ph,
    label = labels(doc, study), title = title }), id .. "-regression")
end

-- Scaled Schoenfeld residuals of each coefficient, two beside each other.
local function schoenfeld(doc, r, opt, study, id)
  local figure, panels = require "lunation.figure", {}
  local label = names.labels(study.cohort.patients)
  for _, name in ipairs(r.model.names) do
    panels[#panels + 1] = { heading = label(name), figure = figure.schoenfeld(r.ph, looks(doc, opt,
      { term = name, ylab = "β(t), " .. label(name),
        unit = study.env[opt.cox].unit, width = "single" })) }
  end
  doc:figure { id = id .. "-schoenfeld", exact = true,
    caption = "Scaled Schoenfeld residuals: a slope is a hazard ratio that changes with time.",
    figure = figure.grid { id = id .. "-schoenfeld", panels = panels } }
end

function M.cox(doc, r, opt, study, id)
  local title = study.env[opt.cox].title
  if opt.figure == "forest" then forest(doc, r.model, title, study, id, opt) end
  M.regression(doc, r, study, id, title)
  if r.model.converged == false then doc:note("warning", r.model.why) end
  if r.causes then causes(doc, r.causes, study, id) end
  if r.ph then
    put(doc, r.ph:table { lang = doc.lang, label = names.labels(study.cohort.patients) },
      id .. "-ph")
  end
  if r.ph and opt.ph_figure then schoenfeld(doc, r, opt, study, id) end
  if r["term tests"] then
    put(doc, r["term tests"]:table(), id .. "-terms", "Tests of the terms")
  end
  if r.effect then
    put(doc, r.effect:table(), id .. "-effect",
      ("Hazard ratios along %s"):format(label_of(study, opt.effect)))
  end
end

function M.finegray(doc, r, opt, study, id)
  local title = ("%s: %s"):format(study.env[opt.finegray].title, r.model.cause)
  if opt.figure == "forest" then forest(doc, r.model, title, study, id, opt) end
  M.regression(doc, r, study, id, title)
  for _, warning in ipairs(r.model.warnings) do doc:note("warning", warning) end
  if r.causes then causes(doc, r.causes, study, id) end
  for _, name in ipairs { "predicted", "predicted by causes" } do
    if r[name] then put(doc, r[name]:table(), id .. "-" .. name:gsub(" ", "-")) end
  end
end

function M.landmark(doc, r, opt, study, id)
  doc:paragraph(("Landmark at %g %s: %d patients were still observed; %s."):format(opt.at,
    r.landmark.unit, r.landmark.n,
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
  doc:paragraph(("%s begins during follow-up: a patient must live long enough to get there. "
    .. "Counting it from the start credits that waiting time to the exposure (immortal time) and "
    .. "makes it look better than it is. The landmark and time-dependent forms do not."):format(
    label_of(study, opt.by)))
  M.models(doc, models, study, id)
end

-- --- the rest ------------------------------------------------------------------------------------

function M.pairwise(doc, r, _, _, id)
  put(doc, r.pairwise:table { lang = doc.lang }, id .. "-pairwise")
end

--- A result as its own table says, with a caption.
function M.generic(doc, caption, result, id)
  put(doc, result:table { lang = doc.lang }, id, caption)
end

function M.table1(doc, r, opt, study, id)
  M.generic(doc, opt.title or "Baseline characteristics", r.table1, id .. "-table")
  if opt.weights and opt.figure then
    doc:figure { id = id .. "-love",
      caption = "Differences between the groups before and after weighting.",
      figure = require("lunation.figure").love(r.table1, looks(doc, opt, { id = id .. "-love" })) }
  end
end

function M.proportions(doc, r, opt, _, id)
  local list = {}
  for i, name in ipairs(opt.proportions) do list[i] = r[name] end
  put(doc, require("lunation.report.tables").proportions(list, { lang = doc.lang }), id .. "-table",
    opt.title or "Counts and percentages")
end

function M.crosstab(doc, r, opt, study, id)
  M.generic(doc, opt.title or ("%s by %s"):format(label_of(study, opt.crosstab),
    label_of(study, opt.by)), r.crosstab, id .. "-table")
end

function M.summary(doc, r, opt, study, id)
  M.generic(doc, opt.title or "Summary", r.summary, id .. "-table")
end

function M.flow(doc, r, opt, _, id)
  M.generic(doc, opt.title or "Flow of patients", r.flow, id .. "-table")
end

function M.waterfall(doc, r, opt, _, id)
  local w = r.waterfall
  local figure = require("lunation.figure").waterfall(looks(doc, opt, {
    id = id, patients = w.patients, ylab = w.label,
    title = opt.title or w.label }))
  doc:figure { id = id .. "-figure", exact = true, caption = figure.description, figure = figure }
  doc:paragraph(tostring(w) .. ".")
end

return M
