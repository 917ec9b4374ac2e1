-- SPDX-License-Identifier: GPL-3.0-or-later
-- summary: the first section of a report: what was found in a sentence, what is doubtful about the
-- design, and the medians and hazard ratios beside what was published.
local beside = require "lunation.report.beside"
local format = require "lunation.format"
local names = require "lunation.report.names"
local headline = require "lunation.recipe.headline"

local M = {}

local function cards(study, endpoints)
  local out = { { "Patients analysed", format.integer(#study.cohort) } }
  for _, e in ipairs(endpoints) do
    if #out < 3 then
      out[#out + 1] = { e[2].title .. ", events", ("%d of %d"):format(e[2].events, e[2].n) }
    end
  end
  local ok = 0
  for _, p in ipairs(study.published) do if p.ok then ok = ok + 1 end end
  if #study.published > 0 then
    out[#out + 1] = { "Published figures as expected", ("%d of %d"):format(ok, #study.published) }
  end
  return out
end

-- --- in a sentence -------------------------------------------------------------------------------

-- The analyses whose comparison counts immortal time.
local function immortal(study)
  local out = {}
  for _, w in ipairs(study.warnings) do
    if w.code == "design.immortal-time" then
      for _, id in ipairs(w.analyses) do out[id] = true end
    end
  end
  return out
end

-- "0.26 (0.14–0.50)" with the level of its limits: "0.26 (95% CI 0.14–0.50)"; a unit before.
local function with_limits(row, text, words, unit)
  local level = words.ci95:gsub("^95", ("%g"):format(100 * (row.conf_level or 0.95)))
  unit = unit and " " .. (words[unit] or unit) or ""
  if not text:find(" (", 1, true) then return text .. unit end
  return (text:gsub(" %(", function() return unit .. " (" .. level .. " " end))
end

-- The first hazard ratio that immortal time does not touch, else the first of all.
local function first_ratio(list, touched)
  local first
  for _, h in ipairs(list) do
    if h.row.statistic == "hr" and h.row.value then
      if not touched[h.analysis] then return h end
      first = first or h
    end
  end
  return first
end

local function sentence(study, words)
  local list, label = headline.of(study), names.labels(study.cohort.patients)
  local touched, parts = immortal(study), {}
  local read, n = study.cohort.read, #study.cohort
  parts[1] = n == read and ("%s patients were analysed."):format(format.integer(n))
    or ("%s of %s patients were analysed."):format(format.integer(n), format.integer(read))
  for _, h in ipairs(list) do
    local row = h.row
    if row.statistic == "median" and not row.group then
      parts[#parts + 1] = row.value and ("%s: median %s."):format(h.title,
        with_limits(row, format.time(row.value, row.lower, row.upper), words, row.unit))
        or ("%s: the median is not reached."):format(h.title)
      break
    end
  end
  local h = first_ratio(list, touched)
  if h then
    local row = h.row
    parts[#parts + 1] = ("%s: HR %s for %s%s."):format(h.title,
      with_limits(row, format.hr(row.value, row.lower, row.upper), words), label(row.term or ""),
      row.p and ", " .. format.p(row.p) or "")
    if touched[h.analysis] then
      parts[#parts + 1] = "This comparison counts immortal time, which favours the later group."
    end
  end
  return table.concat(parts, " ")
end

-- --- key results ---------------------------------------------------------------------------------

local function published(e, printed)
  if not e then return printed end
  local text = e.published
  return printed and printed .. "; " .. text or text
end

-- A line for each group of an analysis: its median, and its hazard ratio against the others.
local function lines_of(list)
  local lines, by, last = {}, nil, nil
  for _, h in ipairs(list) do
    if h.analysis ~= last then
      by, last = {}, h.analysis
      lines[#lines + 1] = { group = ("[%s](#%s)"):format(h.title, h.analysis), heading = true }
    end
    local row = h.row
    local level = row.statistic == "hr" and (row.term or ""):match ": (.*)$"
    local line = level and by[level]
    if not line then
      line = { group = h.group, n = row.n, events = row.events, indent = 1 }
      by[row.group or level or ""] = line
      lines[#lines + 1] = line
    end
    if row.statistic == "median" then
      line.median = format.time(row.value, row.lower, row.upper)
    else
      line.hr = row.value and format.hr(row.value, row.lower, row.upper) or row.warning
      line.p = row.p and format.p_value(row.p)
    end
    line.published = published(h.published, line.published)
  end
  return lines
end

local function unit_of(list)
  local unit
  for _, h in ipairs(list) do
    if unit and h.row.unit and h.row.unit ~= unit then return nil end
    unit = unit or h.row.unit
  end
  return unit
end

-- What a reader asks for first: medians and hazard ratios, beside what was published.
local function key_results(doc, study)
  local list, w = headline.of(study), doc.words
  if #list == 0 then return end
  local unit, used = unit_of(list), {}
  local rows = lines_of(list)
  for _, row in ipairs(rows) do for key in pairs(row) do used[key] = true end end
  local columns = {}
  local function add(key, label, align)
    if used[key] then columns[#columns + 1] = { key = key, label = label, align = align } end
  end
  add("group", w.group)
  add("n", w.n, "right")
  add("events", w.events, "right")
  add("median", unit and ("%s, %s (%s)"):format(w.median, w[unit] or unit, w.ci95)
    or ("%s (%s)"):format(w.median, w.ci95), "decimal")
  add("hr", ("HR (%s)"):format(w.ci95), "decimal")
  add("p", "*p*", "decimal")
  add("published", w.published, "decimal")
  doc:table { id = "key-results", caption = "Key results", columns = columns, rows = rows,
    notes = { w.ne_note } }
end

-- --- the design ----------------------------------------------------------------------------------

local IMMORTAL = "Compared from the start of the clock on, but known only later: until then these "
  .. "patients cannot have the event (immortal time), which makes the later group look better "
  .. "than it is. A landmark analysis or the time-dependent form does not."

-- What is doubtful about the design; the warnings on immortal time as one note.
local function design_notes(doc, study)
  local titles, subjects = {}, {}
  for _, a in ipairs(study.plan.analyses) do
    titles[a.id] = names.link(a)
  end
  for _, w in ipairs(study.warnings) do
    if w.subject then
      local where = {}
      for i, id in ipairs(w.analyses) do where[i] = titles[id] end
      subjects[#subjects + 1] = ("%s (%s)"):format(w.subject, table.concat(where, ", "))
    end
  end
  if #subjects > 0 then
    doc:note("design", IMMORTAL)
    doc:list(subjects)
  end
  for _, w in ipairs(study.warnings) do
    if w.code:match("^design") and not w.subject then
      local message = w.message:gsub("^([%w_.-]+)", function(id) return titles[id] end)
      doc:note("design", message .. (w.hint and ". " .. w.hint or "") .. ".")
    end
  end
end

--- Adds the section. endpoints: { { name, endpoint } ... }.
function M.show(doc, study, endpoints)
  local v = study.recipe.value
  doc:section("summary", "Summary")
  if v.description then doc:paragraph(v.description) end
  doc:paragraph("**" .. sentence(study, doc.words) .. "**")
  doc:facts(cards(study, endpoints), "cards")
  design_notes(doc, study)
  key_results(doc, study)
  if doc.suppress_below then
    doc:note("info", require("lunation.report.suppress").note(doc.suppress_below))
  end
end

return M
