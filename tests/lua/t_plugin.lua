-- SPDX-License-Identifier: GPL-3.0-or-later
-- A plug-in gives the same in the worker, in process, and as a built-in endpoint would; what is
-- wrong with it is said with its place.
local t = dofile("tests/lua/tap.lua")
local lun, core = require "lunation", require "lunation.core"

local function file_of(text)
  local name = os.tmpname()
  local f = assert(io.open(name, "w"))
  f:write(text)
  f:close()
  return name
end

local source = core.file.read("tests/plugins/ttdr.lua")
local function named(name)
  return file_of((source:gsub('name = "ttdr"', 'name = "' .. name .. '"')))
end

local p, l = { "id,start,last_contact" }, { "id,date,mm" }
for i = 1, 500 do
  p[#p + 1] = ("p%d,2020-01-%02d,2021-%02d-11"):format(i, i % 28 + 1, i % 12 + 1)
  if i % 7 ~= 0 then l[#l + 1] = ("p%d,2019-12-30,%d"):format(i, 20 + i % 70) end
  for k = 3, 1, -1 do
    l[#l + 1] = ("p%d,2020-0%d-%02d,%s"):format(i, 3 + k, i % 28 + 1, (i + k) % 5 == 0 and ""
      or (i * k) % 50)
  end
end
local patients = lun.read(file_of(table.concat(p, "\n") .. "\n"),
  { key = "id", columns = { start = "date", last_contact = "date" } })
local lesions = lun.read(file_of(table.concat(l, "\n") .. "\n"),
  { key = "id", rows = "many", columns = { date = "date", mm = "number" } })
local cohort = lun.cohort(patients, { lesions = lesions })

local function series(e)
  local out = {}
  for i = 1, #e do out[i] = ("%s %s %s"):format(e.time[i], e.status[i], e.reason[i]) end
  for _, x in ipairs(e.excluded) do out[#out + 1] = x.reason .. ": " .. x.n end
  return table.concat(out, "\n")
end

dofile(named("ttdr_host"))
lun.use(named("ttdr_worker"))
lun.use(named("ttdr_trusted"), { trust = true })
local host = cohort:endpoint("ttdr_host", { unit = "months", depth = 0.5 })
t.is(#host, 429, "patients without a baseline are left out")
t.is(host.excluded[1].reason, "no baseline measurement", "with their reason")
t.ok(host.events > 50 and host.censored > 50, "both outcomes occur")
t.is(series(cohort:endpoint("ttdr_worker", { unit = "months", depth = 0.5 })), series(host),
  "the worker gives the same")
t.is(series(cohort:endpoint("ttdr_trusted", { unit = "months", depth = 0.5 })), series(host),
  "in process gives the same")
t.ok(series(cohort:endpoint("ttdr_worker", { unit = "months" })) ~= series(host),
  "options reach the worker")

local n = 0
local function fails(body, pattern, name)
  for _, trust in ipairs { false, true } do
    n = n + 1
    local file = file_of(([[local endpoint = require "lunation.endpoint"
endpoint.define { name = "bad%d", kind = "time_to_event", title = "Bad", needs = { patient = { "start" } },
  derive = function(patient) %s end }
]]):format(n, body))
    lun.use(file, { trust = trust })
    local e = t.fails(function() cohort:endpoint("bad" .. n, {}) end, pattern, name
      .. (trust and ", trusted" or ""))
    e = select(2, pcall(cohort.endpoint, cohort, "bad" .. n, {}))
    t.is(type(e) == "table" and e.file, file, "  with its file")
  end
end

fails("return patient.age", 'patient in row 1: the patient has no column "age"',
  "only declared columns are visible")
fails("local x = nil + 1",
  "%.?.*:3: endpoint bad%d+, patient in row 1: attempt to perform arithmetic",
  "the place of an error")
fails("return { time = 0/0, event = true }", "row 1: time is %-?nan", "a time that is no number")
fails("return { time = 1, event = 2 }", "event must be true, false or the name of a cause",
  "an event that is no event")
fails("return { time = 'soon', event = true }", "time must be a number", "a time that is a text")
fails("return 5", "must return a table", "a result that is no table")
fails("return nil, {}", "the reason is a table", "a reason that is a table")
fails("while true do end", "row 1: the time limit of [%d.]+ seconds", "a loop without end")

local function message_of(body, trust)
  n = n + 1
  local file = file_of(([[local endpoint = require "lunation.endpoint"
endpoint.define { name = "bad%d", kind = "time_to_event", title = "Bad", needs = { patient = { "id" } },
  derive = function(patient) %s end }
]]):format(n, body))
  lun.use(file, { trust = trust })
  local _, e = pcall(cohort.endpoint, cohort, "bad" .. n, {})
  return tostring(e)
end

local LEAKS = { "error('id ' .. patient.id)", "return patient[patient.id]", "require(patient.id)",
  "string.format('%' .. patient.id)", "error({ patient.id })",
  "setmetatable({}, { ['__' .. patient.id] = 1 })",
  "return nil, patient.id .. string.rep(' ', 200)" }
for _, body in ipairs(LEAKS) do
  t.ok(not message_of(body):find("p1%f[%D]"), "no value in the message of " .. body)
end
t.match(message_of("error('id ' .. patient.id)", true), "id p1",
  "a trusted plug-in's own error is shown")
t.match(message_of("error('no date')"), "row 1: no date", "so is one that stands in the source")
t.match(message_of("return nil, patient.id"), "more than 64 different reasons",
  "a reason is no value")
t.done()
