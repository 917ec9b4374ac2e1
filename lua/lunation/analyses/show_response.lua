-- SPDX-License-Identifier: GPL-3.0-or-later
-- show_response: how the analyses of responses are written into a report.
local generic = require("lunation.analyses.show").generic
local looks = require("lunation.analyses.fields").looks

local M = {}

local function waterfall(doc, response, title, id, opt)
  local patients = {}
  for i, p in ipairs(response:waterfall()) do
    patients[i] = { id = p.id, change = p.percent, best = p.best }
  end
  if #patients == 0 then return false end
  local figure = require("lunation.figure").waterfall(looks(doc, opt, {
    id = id .. "-waterfall", patients = patients, title = title }))
  doc:figure { id = id .. "-waterfall", exact = true, caption = figure.description,
    figure = figure }
  return true
end

local function spider(doc, response, title, id, opt)
  local courses = {}
  for i, l in ipairs(response:spider()) do
    courses[i] = { id = l.id, time = l.day, change = l.percent }
  end
  local figure = require("lunation.figure").spider(looks(doc, opt, { id = id .. "-spider",
    patients = courses, unit = "days", title = title }))
  doc:figure { id = id .. "-spider", exact = true, caption = figure.description, figure = figure }
end

-- A lane for each patient up to progression, death or the last assessment; what is before a
-- response and what after.
local function swimmer(doc, response, title, id, opt)
  local patients = {}
  for _, p in ipairs(response:swimmer()) do
    if p.ends and p.ends > 0 then
      local from = p.response and p.response < p.ends and p.response
      local lane = {
        id = p.id, segments = { { from = 0, to = from or p.ends, phase = "on study" } },
        events = {},
        ongoing = p.event == "censored" }
      if from then
        lane.segments[2] = { from = from, to = p.ends, phase = "in response" }
        lane.events[1] = { time = from, event = "response" }
      end
      if p.event ~= "censored" then
        lane.events[#lane.events + 1] = { time = p.ends, event = p.event }
      end
      patients[#patients + 1] = lane
    end
  end
  if #patients == 0 then return end
  local figure = require("lunation.figure").swimmer(looks(doc, opt, { id = id .. "-swimmer",
    patients = patients, unit = "days", title = title, phases = { "on study", "in response" },
    events = { "response", "progression", "death" } }))
  doc:figure { id = id .. "-swimmer", exact = true, caption = figure.description, figure = figure }
end

function M.response(doc, r, opt, study, id)
  local title, response = opt.title or "Best response", study.env[opt.response]
  generic(doc, title, r.counts, id .. "-counts")
  if not opt.figures then return end
  if waterfall(doc, response, title, id, opt) then spider(doc, response, title, id, opt) end
  swimmer(doc, response, title, id, opt)
end

function M.course(doc, r, opt, _, id)
  local s, phases, events = r.swimmer, {}, {}
  for k, p in ipairs(s.phases) do phases[k] = p.name end
  for k, e in ipairs(s.events) do events[k] = e.name end
  local title = opt.title or "Course of each patient"
  if #s.patients > 0 then
    local figure = require("lunation.figure").swimmer(looks(doc, opt, {
      id = id, patients = s.patients, unit = s.unit, title = title,
      phases = phases, events = #events > 0 and events or nil }))
    doc:figure { id = id .. "-figure", exact = true, caption = figure.description, figure = figure }
  end
  generic(doc, title, s, id .. "-table")
end

local function sankey(doc, a, id, opt)
  local flows = {}
  for i, from in ipairs(a.rows_levels) do
    for k, to in ipairs(a.columns_levels) do
      if a.counts[i][k] > 0 then
        flows[#flows + 1] = { from = from, to = to, n = a.counts[i][k] }
      end
    end
  end
  local figure = require("lunation.figure").sankey(looks(doc, opt, { id = id .. "-sankey",
    flows = flows, title = ("Best response: %s and %s"):format(a.first, a.second),
    stages = { { title = a.first, nodes = a.rows_levels },
      { title = a.second, nodes = a.columns_levels } } }))
  doc:figure { id = id .. "-sankey", exact = true, caption = figure.description, figure = figure }
end

function M.agreement(doc, r, opt, _, id)
  local a = r.agreement
  generic(doc, opt.title or "Best response by both", a, id .. "-table")
  if opt.figures and a.n > 0 then sankey(doc, a, id, opt) end
  local differ = a:differences()
  if #differ.rows == 0 then
    doc:paragraph("They agree on every patient.")
    return
  end
  doc:table { id = id .. "-differences",
    caption = ("The %d patients on whom they differ"):format(#differ.rows),
    columns = differ.columns, rows = differ.rows }
end

function M.adam(doc, _, opt, study, id)
  local cdisc = require "lunation.onco.cdisc"
  local response, adtte = study.env[opt.adam], {}
  for _, name in ipairs(opt.endpoints) do
    local rows = study.env[name]:adtte()
    table.move(rows, 1, #rows, #adtte + 1, adtte)
  end
  local sets = { { "adrs", "ADRS: responses", response:adrs() }, { "adtr",
    "ADTR: sums of diameters", response:adtr() },
    { "adtte", "ADTTE: times to events", adtte } }
  local said = {}
  for _, set in ipairs(sets) do
    if #set[3] > 0 then
      said[#said + 1] = ("tables/%s-%s.csv (%d rows)"):format(id, set[1], #set[3])
    end
  end
  doc:paragraph(("The data sets stand in %s."):format(table.concat(said, ", ")))
  doc:details("The data sets", function(inner)
    for _, set in ipairs(sets) do
      if #set[3] > 0 then
        inner:table { id = id .. "-" .. set[1], caption = set[2], columns = cdisc.columns(set[1]),
          rows = set[3] }
      end
    end
  end)
end

return M
