-- SPDX-License-Identifier: GPL-3.0-or-later
-- checklists: which item of a reporting guideline this report answers, with links, and which the
-- author must write. The items are in our own words; the publications have theirs, with
-- explanations:
--   STROBE (cohort studies): von Elm et al. 2007, Lancet 370:1453
--   REMARK (tumour markers): McShane et al. 2005, J Natl Cancer Inst 97:1180; Altman et al. 2012,
--     PLoS Med 9:e1001216
--   TARGET (emulated target trials): Cashin et al. 2025, JAMA, doi 10.1001/jama.2025.13350
local errors = require "lunation.errors"
local names = require "lunation.report.names"
local suggest = require "lunation.base.suggest"

local M = {}

-- An item: number, what is asked, where it is answered (names of PLACES), what the author still
-- adds.
local STROBE = { name = "STROBE", what = "cohort studies",
  source = "von Elm et al. 2007, Lancet 370:1453",
  { "1a", "The design named in the title or the abstract", {}, true },
  { "1b", "Abstract: a balanced summary of what was done and found", { "key_results" }, true },
  { "2", "Background and reason for the study", {}, true },
  { "3", "Objectives and prespecified hypotheses", { "recipe" }, true },
  { "4", "Key elements of the design, early in the paper", { "recipe" }, true },
  { "5", "Setting, places, dates of recruitment, follow-up and data collection", {}, true },
  { "6a", "Eligibility, how patients were found and followed", { "flow" },
    "how patients were found" },
  { "6b", "Matched studies: matching criteria, number of exposed and unexposed", { "weighting" },
    "if patients were matched" },
  { "7", "Outcomes, exposures, confounders defined", { "endpoints", "methods" },
    "why these confounders" },
  { "8", "For each variable, where the data come from and how it was measured", { "provenance" },
    "how it was measured" },
  { "9", "Steps against bias", { "design", "landmark", "weighting" }, "what else was done" },
  { "10", "How the size of the study came about", { "flow" }, "why this size" },
  { "11", "How quantitative variables were handled, and groups chosen", { "how" },
    "why these groups" },
  { "12a", "Statistical methods, control of confounding",
    { "methods", "regression", "weighting" } },
  { "12b", "Subgroups and interactions", { "subgroups" } },
  { "12c", "How missing data were handled", { "methods", "baseline" } },
  { "12d", "How loss to follow-up was handled", { "follow_up", "methods" } },
  { "12e", "Sensitivity analyses", { "variants", "landmark" } },
  { "13a", "Numbers at each stage of the study", { "flow", "endpoints" } },
  { "13b", "Reasons for not taking part at each stage", { "flow", "endpoints" } },
  { "13c", "A flow diagram", { "flow" } },
  { "14a", "Characteristics of the patients", { "baseline" } },
  { "14b", "Patients with missing data for each variable", { "baseline" } },
  { "14c", "Follow-up time, with its spread", { "follow_up" } },
  { "15", "Numbers of events, or summaries over time", { "endpoints", "survival" } },
  { "16a", "Unadjusted and adjusted estimates with limits; which confounders and why", {
    "unadjusted", "regression", "weighting" },
    "why these confounders" },
  { "16b", "Boundaries of categories of numbers", { "baseline", "how" } },
  { "16c", "Relative risks as absolute risks for a time that matters", { "rates" } },
  { "17", "Other analyses: subgroups, interactions, sensitivity",
    { "subgroups", "variants", "landmark", "pairwise" } },
  { "18", "Key results, by objective", { "key_results" }, "in words" },
  { "19", "Limitations, direction and size of bias", { "design" }, true },
  { "20", "Cautious interpretation", {}, true },
  { "21", "Generalisability", {}, true },
  { "22", "Funding and the role of the funders", {}, true },
}

local REMARK = { name = "REMARK", what = "studies of tumour markers",
  source = "McShane et al. 2005, J Natl Cancer Inst 97:1180; Altman et al. 2012, PLoS Med \z
    9:e1001216",
  { "1", "Marker, objectives, prespecified hypotheses", { "recipe" }, true },
  { "2", "Patients: disease, stage, source, inclusion and exclusion", { "flow", "baseline" },
    "source of the patients" },
  { "3", "Treatments received and how they were chosen", {}, true },
  { "4", "Type of specimens, controls, preservation", {}, true },
  { "5", "Assay method, quality control, blinding to the outcome", {}, true },
  { "6", "How cases were selected, prospective or retrospective; dates, median follow-up",
    { "flow", "follow_up" }, "design and dates" },
  { "7", "Clinical endpoints defined", { "endpoints", "methods" } },
  { "8", "Candidate variables examined", { "regression", "baseline" } },
  { "9", "Reason for the sample size", {}, true },
  { "10", "Statistical methods, selection of variables, assumptions checked, missing data",
    { "methods", "ph", "baseline" } },
  { "11", "How marker values were handled; cut-points and how they were chosen", { "how" },
    "how the cut-points were chosen" },
  { "12", "Flow of patients, numbers and events in each analysis",
    { "flow", "endpoints", "profile" } },
  { "13", "Characteristics, the marker, missing values", { "baseline" } },
  { "14", "Marker against standard prognostic variables", { "crosstab", "baseline" } },
  { "15", "Univariable analysis of marker and outcome, with limits; a Kaplan-Meier plot",
    { "unadjusted", "survival" } },
  { "16", "Multivariable analysis: estimate with limits of the marker and all other variables",
    { "regression" } },
  { "17", "The marker's effect beside the standard variables, whatever its significance",
    { "regression" } },
  { "18", "Further analyses: assumptions, sensitivity, internal validation",
    { "ph", "variants", "landmark", "validation" } },
  { "19", "Interpretation, other studies, limitations", { "design" }, true },
  { "20", "Implications for research and care", {}, true },
}

local TARGET = { name = "TARGET", what = "observational studies that emulate a target trial",
  source = "Cashin et al. 2025, JAMA 334:1084, doi 10.1001/jama.2025.13350; BMJ 390:e087179",
  { "1a", "Abstract: that a target trial is emulated, the objectives, the trial in short",
    {}, true },
  { "1b", "Abstract: sources of the data", { "provenance" }, true },
  { "1c", "Abstract: assumptions, methods, findings, conclusions", { "key_results" }, true },
  { "2", "Background: what is known and where the gap is", {}, true },
  { "3", "The causal question: whom, strategies, end of follow-up, outcomes", { "recipe" }, true },
  { "4", "Why emulating a target trial with these data may answer it", {}, true },
  { "5", "Sources of the data: purpose, type, places, setting, period, linkage", { "provenance" },
    "where, when and for what purpose they were collected" },
  { "6a", "Target trial: eligibility", {}, true },
  { "6b", "Target trial: treatment strategies", {}, true },
  { "6c", "Target trial: assignment at random", {}, true },
  { "6d", "Target trial: follow-up from assignment, its end", {}, true },
  { "6e", "Target trial: outcomes", {}, true },
  { "6f", "Target trial: causal contrasts and effect measures", {}, true },
  { "6g", "Target trial: assumptions that identify each estimand", {}, true },
  { "6h", "Target trial: analysis, missing data", {}, true },
  { "7a", "Emulation: how eligibility was ascertained", { "flow" } },
  { "7b", "Emulation: how the strategies were ascertained", { "landmark" }, true },
  { "7c", "Emulation: how patients were assigned to strategies", { "baseline" }, true },
  { "7d", "Emulation: follow-up starts at assignment, how its end was defined",
    { "endpoints", "landmark", "design" } },
  { "7e", "Emulation: how outcomes were ascertained", { "endpoints", "methods" } },
  { "7f", "Emulation: causal contrasts and effect measures", { "weighting", "methods" }, true },
  { "7g.i", "Emulation: assumptions, confounding at baseline among them", { "overlap" }, true },
  { "7g.ii", "Emulation: the variables that the assumptions rest on", { "weighting", "regression" },
    "why these covariates suffice" },
  { "7h.i", "Emulation: changes of the trial's analysis", { "methods" },
    "what the emulation changed" },
  { "7h.ii", "Emulation: sensitivity analyses of definitions, assumptions, methods",
    { "variants", "landmark" } },
  { "8", "Patients assessed, eligible and assigned to each strategy; a flow diagram", { "flow" } },
  { "9", "Baseline characteristics by strategy", { "baseline" } },
  { "10", "Length of follow-up and reasons for its end, by strategy", { "follow_up", "survival" } },
  { "11", "Missing data by strategy", { "baseline", "endpoints" } },
  { "12", "Outcomes by strategy", { "survival", "rates" } },
  { "13", "Estimates of effect with their precision, absolute and relative",
    { "weighting", "regression", "rates" } },
  { "14", "Results of sensitivity analyses", { "variants", "landmark", "ph" } },
  { "15", "Interpretation under the assumptions and with the precision", {}, true },
  { "16", "Limitations: trial and emulation, plausibility of the assumptions", { "design" }, true },
  { "17", "Ethics", {}, true },
  { "18", "Registration and protocol", {}, true },
  { "19", "Availability of data and code", { "provenance" }, "where the data can be had" },
  { "20", "Funding and the role of the funders", {}, true },
  { "21", "Interests of the authors", {}, true },
}

local LISTS = { strobe = STROBE, remark = REMARK, target = TARGET }

--- The guidelines known: "remark", "strobe", "target".
M.names = suggest.keys(LISTS)

-- --- where things stand in a report --------------------------------------------------------------

-- Analyses for which test(a) is true, as links.
local function analyses(study, test)
  local out = {}
  for _, a in ipairs(study.plan.analyses) do
    if test(a.kind, a.opt) then
      out[#out + 1] = { a.id, a.opt.title or a.definition.title .. ": " .. a.id }
    end
  end
  return out
end

local function kinds(...)
  local wanted = {}
  for _, kind in ipairs { ... } do wanted[kind] = true end
  return function(study) return analyses(study, function(kind) return wanted[kind] end) end
end

local function option(name)
  return function(study)
    return analyses(study, function(_, opt)
      local v = opt[name]
      return v and v ~= "none" and (type(v) ~= "table" or #v > 0)
    end)
  end
end

local function fixed(id, text) return function() return { { id, text } } end end

local PLACES = {
  recipe = fixed("provenance", "the recipe and its version"),
  provenance = fixed("provenance", "Provenance"),
  flow = fixed("flow", "Flow of patients"), methods = fixed("methods", "Methods"),
  endpoints = function(study)
    return next(study.recipe.value.endpoints or {}) and { { "endpoints", "Endpoints" } } or {}
  end,
  design = function(study)
    return #study.warnings > 0 and { { "summary", "remarks on the design" } } or {}
  end,
  key_results = fixed("summary", "Key results"), profile = fixed("profile", "Analyses performed"),
  how = function() return { { nil, "under each result, \"How this was computed\"" } } end,
  baseline = kinds("table1", "proportions", "summary"),
  survival = kinds("km", "cuminc", "landmark", "weighting", "simon_makuch"),
  regression = kinds("cox", "logistic", "finegray"), weighting = kinds("weighting"),
    overlap = kinds("weighting"),
  landmark = kinds("landmark", "immortal", "simon_makuch"), crosstab = kinds("crosstab"),
    pairwise = kinds("pairwise"),
  follow_up = option "follow_up", rates = option "times", ph = option "ph_test",
    subgroups = option "facet",
  validation = kinds("bootstrap", "concordance"),
  variants = function(study)
    return #(study.variants or {}) > 0 and { { "variants", "Sensitivity analyses" } } or {}
  end,
  unadjusted = function(study)
    return analyses(study, function(kind, opt)
      return kind == "km" and opt.by or opt.univariable
    end)
  end,
}

local MOST = 4 -- links in a cell

local function links(study, item)
  local out, seen = {}, {}
  for _, name in ipairs(item[3]) do
    for _, place in ipairs(PLACES[name](study)) do
      if not seen[place[2]] then
        seen[place[2]] = true
        out[#out + 1] = place[1] and ("[%s](#%s)"):format(place[2], place[1]) or place[2]
      end
    end
  end
  local more = #out - MOST
  if more > 0 then out[MOST + 1] = ("and %d more"):format(more) end
  return table.concat(out, "; ", 1, math.min(#out, MOST + (more > 0 and 1 or 0)))
end

local function author(item, found)
  if type(item[4]) == "string" then return found ~= "" and item[4] or "this item" end
  return (item[4] or found == "") and "this item" or ""
end

--- The rows of a guideline for a study that has run: { { number, text, where (links, "" for nowhere
--- in this report), author (what the author must write, "" for nothing) }, ... }. Errors:
--- usage.checklist.
function M.rows(name, study)
  local list = LISTS[name]
  if not list then
    errors.raise("usage.checklist", ('there is no checklist "%s"'):format(tostring(name)),
      { hint = suggest.hint(tostring(name), M.names) })
  end
  local out = {}
  for i, item in ipairs(list) do
    local where = links(study, item)
    out[i] = { number = item[1], text = item[2], where = where, author = author(item, where) }
  end
  return out, list
end

-- The second half of the REMARK profile: every analysis performed, with its patients and events.
local function profile(doc, study)
  local rows = {}
  for _, a in ipairs(study.plan.analyses) do
    local n, events
    for _, row in ipairs(study.rows) do
      if row.analysis == a.id and row.n and (not n or row.n > n) then
        n, events = row.n, row.events
      end
    end
    rows[#rows + 1] = { analysis = names.link(a), kind = a.definition.title,
      n = n and math.floor(n) or nil, events = events and math.floor(events) or nil }
  end
  doc:table { id = "profile", caption = "Analyses performed (REMARK profile)", rows = rows,
    columns = {
    { key = "analysis", label = "Analysis" }, { key = "kind", label = "Method" },
    { key = "n", label = doc.words.n, align = "right" }, { key = "events", label = doc.words.events,
      align = "right" } },
    notes = { "Patients and events of the largest group or model of the analysis." } }
end

--- Adds the section of a guideline to the report of a study.
function M.show(doc, study, name)
  local rows, list = M.rows(name, study)
  local answered = 0
  for _, row in ipairs(rows) do if row.where ~= "" then answered = answered + 1 end end
  doc:section("checklist-" .. name, "Checklist: " .. list.name)
  doc:paragraph(("%s, for %s: where this report answers its items, and what the author must write. "
    .. "%d of %d lines have an answer here. The items are paraphrased; the published checklist "
    .. "decides."):format(list.name,
    list.what, answered, #rows))
  if name == "remark" then profile(doc, study) end
  doc:table { id = "checklist-" .. name .. "-table", caption = ("%s checklist"):format(list.name),
    rows = rows, columns = {
    { key = "number", label = "Item" }, { key = "text", label = "What is asked" },
    { key = "where", label = "In this report" },
    { key = "author", label = "The author writes" } },
      notes = { "Source: " .. list.source .. "." } }
end

return M
