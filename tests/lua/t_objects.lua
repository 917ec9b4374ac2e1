-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every class whose objects a script can get: prints well, has documented fields, rows, length and
-- order where they apply, closes, and says what was probably meant. A new class fails until it is
-- in the table of samples below.
local t = dofile "tests/lua/tap.lua"
local core = require "lunation.core"
local lun = require "lunation"

-- --- what there is ------------------------------------------------------------------------------

-- All classes register when all modules are loaded. Definitions (analyses/, classes/, endpoints/),
-- commands and the parts of the sandbox have no classes.
for _, part in ipairs(core.names()) do local _ = core[part] end
for _, file in ipairs(t.lines_of "cd lua && find lunation -name '*.lua' | LC_ALL=C sort") do
  local name = file:gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
  if not (name:find "%.analyses%." or name:find "%.classes%." or name:find "%.endpoints%."
    or name:find "%.cli%." or name:find "%.sandbox%.") then
    require(name)
  end
end
local known = require("lunation.base.class").known

-- --- samples ------------------------------------------------------------------------------------

local function conversion()
  return lun.read("examples/conversion-surgery/patients.csv", { key = "id", columns = {
    treated = { "no", "yes" }, sex = { "female", "male" }, bclc = { "B", "C" }, start = "date",
    death_date = "date", last_contact = "date", surgery_date = "date", age = "number",
    mrecist = { "CR", "PR", "SD", "PD", "NE" },
    surgery = { levels = { "no", "yes" }, known = "surgery_date" } } })
end

local patients = conversion()
local cohort = lun.cohort(patients):where("treated == 'yes'", "Started")
local os = cohort:endpoint("os", { origin = "start", event = "death_date", censor = "last_contact",
  unit = "months" })
local two = cohort:derive("outcome", "if(missing(death_date), 0, if(age > 55, 1, 2))")
  :derive("months", "months(start, last_contact)")
  :survival { time = "months", event = "outcome", causes = { young = 2, old = 1 } }
local cox = os:cox("age + sex")
local weights = cohort:weights("sex ~ age + bclc", { estimand = "ATE" })
local lesions = lun.read("examples/lesions/lesions.csv", { key = "id", rows = "many", columns = {
  date = "date", lesion = "text", role = "text", organ = "text", node = { "no", "yes" },
  mm = "number", viable_mm = "number" } })
local imaged = lun.cohort(lun.read("examples/lesions/patients.csv", { key = "id",
  columns = { start = "date", death = "date", last_contact = "date" } }), { lesions = lesions })
local response = imaged:recist { criteria = "recist" }

local function read_twice()
  local rows, reader, n = {}, {}, #lesions
  for i = 1, 2 * n do rows[i], reader[i] = (i - 1) % n + 1, i <= n and "one" or "two" end
  local twice = lesions:gather(rows):with("reader", core.column.text(reader))
  return require("lunation.onco.readers").assess(
    lun.cohort(imaged.patients, { lesions = twice }), { criteria = "recist", reader = "reader" })
end

local function location()
  return require("lunation.stat.ranktest").of(cohort, "age", "sex")
end

-- make(): a fresh object. rows = false: it has none. option(word): a call with that option, which
-- is unknown. field: one that it has (convention). unknown: code and words of an unknown field's
-- error.
local OBJECTS = {
  table = { make = conversion },
  cohort = { make = function() return cohort:where("age > 0", "x") end },
  endpoint = { make = function() return os:where("age > 0") end,
    option = function(bad) return cohort:endpoint("os", { [bad] = 1 }) end, word = "unitt" },
  flow = { make = function() return cohort:flow() end },
  logrank = { make = function() return os:logrank { by = "sex" } end,
    option = function(bad) return os:logrank { by = "sex", [bad] = 1 } end, word = "stratas" },
  maxcombo = { make = function() return os:maxcombo { by = "sex" } end },
  pairwise = { make = function() return os:pairwise { by = "mrecist" } end },
  facets = { make = function() return os:facets("bclc", { by = "sex" }) end },
  rmst = { make = function() return os:rmst { by = "sex", tau = 24 } end,
    option = function(bad) return os:rmst { [bad] = 24 } end, word = "taw" },
  cuminc = { make = function() return two:cuminc { by = "sex", times = { 12 } } end },
  gray = { make = function() return two:gray { by = "sex", cause = "old" } end },
  finegray = { make = function() return two:finegray("age", { cause = "old" }) end },
  cox = { make = function() return os:cox("age + sex") end,
    option = function(bad) return os:cox("age", { [bad] = "efron" }) end, word = "tiess" },
  zph = { make = function() return cox:zph() end },
  cox_curve = { make = function() return cox:curve { x = { age = 60, sex = "male" } } end },
  cox_prediction = { make = function() return cox:predict { type = "lp" } end },
  cox_effect = { make = function()
    return cox:effect("age", { at = { 40, 70 }, reference = 60 })
  end },
  cox_term_tests = { make = function() return cox:term_tests() end },
  cause_specific = { make = function() return two:cause_specific("age") end },
  concordance = { make = function() return cox:concordance() end },
  concordance_difference = { make = function()
    return cox:concordance():compare(os:cox("age"):concordance())
  end },
  standardised = { make = function() return cox:standardised { by = "sex", times = { 12 } } end },
  power_plan = { make = function() return lun.power.survival { hr = 0.7, power = 0.8 } end },
  roc = { make = function() return cox:roc { times = { 12 } } end },
  performance_difference = { make = function()
    return cox:roc { times = { 12 } }:compare(os:cox("age"):roc { times = { 12 } })
  end },
  brier = { make = function() return cox:brier { times = { 12, 24 } } end },
  calibration = { make = function() return cox:calibration { at = 12 } end },
  bootstrap = { make = function()
    return os:bootstrap { statistic = "rmst", at = 24, replicates = 20 }
  end },
  stacked = { make = function()
    return os:cox("sex", { weights = weights, robust = true }):stacked()
  end },
  weights = { make = function() return cohort:weights("sex ~ age") end },
  balance = { make = function() return weights:balance() end },
  weighted_curves = { make = function()
    return weights:curves(os, { statistic = "rmst", at = 24 })
  end },
  linear = { make = function() return cohort:linear("age ~ sex") end },
  logistic = { make = function() return cohort:logistic("bclc ~ age") end },
  table1 = { make = function() return cohort:table1 { columns = { "age" }, by = "sex" } end },
  summary = { make = function() return cohort:summary { "age" } end },
  proportion = { make = function() return require("lunation.stat.prop").ci(3, 10) end },
  proportions = { make = function() return cohort:proportions("mrecist") end },
  contrast = { make = function() return require("lunation.stat.prop").compare(3, 10, 5, 12) end },
  crosstab = { make = function() return cohort:crosstab("sex", "bclc") end },
  location_test = { make = location },
  classes = { make = function() return cohort:classify("bclc", {}) end },
  response = { make = function() return imaged:recist { criteria = "recist" } end },
  best_response = { make = function() return response:best() end },
  response_counts = { make = function() return response:best():counts() end },
  readers = { make = read_twice, rows = false },
  agreement = { make = function() return read_twice():agreement() end },
  waterfall = { make = function() return cohort:waterfall { change = "mshrink" } end },
  swimmer = { make = function()
    return cohort:swimmer { start = "start", stop = "last_contact" }
  end },
  predicted_incidence = { make = function()
    return two:finegray("age", { cause = "old" }):predict { x = { age = 60 }, times = { 2 } }
  end },
  simulated_cohort = { internal = "what a specification makes before it is written" },
}

-- Classes of the core: those that scripts see, and those that stand behind the above.
local CORE = {
  ["lunation.surv.km"] = { make = function() return os:km { by = "sex" } end,
    option = function(bad) return os:km { [bad] = "log" } end, word = "conf_typ" },
  ["lunation.data.column"] = { make = function() return cohort:column("age") + 0 end,
    rows = false, field = "type" },
  ["lunation.columns"] = { make = function() return conversion().data end, rows = false,
    unknown = { "recipe.column", "no column" } },
  ["lunation.bytes"] = { internal = "scratch memory" },
  ["lunation.text.buffer"] = { internal = "a text while it is written" },
  ["lunation.guest"] = { internal = "the state of a plug-in" },
  ["lunation.process"] = { internal = "the worker of a plug-in" },
  ["lunation.node"] = { internal = "YAML with its places" },
  ["lunation.csv"] = { internal = "a file while it is read" },
  ["lunation.expr"] = { internal = "a parsed expression" },
  ["lunation.formula"] = { internal = "a parsed formula" },
  ["lunation.design"] = { internal = "behind cox and finegray" },
  ["lunation.boot_plan"] = { internal = "behind bootstrap" },
  ["lunation.surv.boot"] = { internal = "behind bootstrap" },
  ["lunation.surv.concord"] = { internal = "behind concordance" },
  ["lunation.surv.cox"] = { internal = "behind cox" },
  ["lunation.cox_curve"] = { internal = "behind cox_curve" },
  ["lunation.surv.finegray"] = { internal = "behind finegray" },
  ["lunation.stat.linear"] = { internal = "behind linear" },
  ["lunation.logit"] = { internal = "behind logistic and weights" },
  ["lunation.onco.recist"] = { internal = "behind response" },
  ["lunation.rng"] = { internal = "random numbers, which own nothing" },
  ["lunation.surv"] = { make = function() return os:where("age > 0").surv end, rows = false,
    field = "n" },
}

local function unlisted(classes, listed)
  local out = {}
  for _, name in ipairs(classes) do if not listed[name] then out[#out + 1] = name end end
  table.sort(out)
  return table.concat(out, " ")
end

local keys = require("lunation.base.suggest").keys
t.is(unlisted(keys(known), OBJECTS), "", "every class of lunation.base.class has a sample here")
t.is(unlisted(core.docs.classes(), CORE), "", "and every class of the core")
t.is(unlisted(keys(OBJECTS), known), "", "and no sample is of a class that is gone")

-- --- what holds for each of them ----------------------------------------------------------------

local printed = require("lunation.base.deterministic").tostring
local pages = {}
for _, file in ipairs(t.lines_of "ls docs/api/*.md docs/api/core/*.md") do
  pages[#pages + 1] = core.file.read(file)
end
local words = {}
for word in table.concat(pages):gmatch "[%a_][%w_]*" do words[word] = true end

local function address(text) return text:find "0x%x%x%x%x" end

local function check_fields(name, object)
  local last, disordered, bare = nil, nil, {}
  for field, value in pairs(object) do
    if last and type(field) == type(last) and not (last < field) then disordered = field end
    last = field
    if type(field) == "string" and not words[field] then bare[#bare + 1] = field end
    if address(printed(value)) then bare[#bare + 1] = tostring(field) end
  end
  t.is(disordered, nil, name .. ": fields in order")
  t.is(table.concat(bare, " "), "", name .. ": every field is in the reference, and prints")
end

local function check_rows(name, object)
  local rows, n = object:rows(), 0
  for _ in object:each() do n = n + 1 end
  t.is(n, #rows, name .. ": each() walks the rows")
  t.ok(#object > 0, name .. ": #")
  local bad
  for _, row in ipairs(rows) do
    if type(row) ~= "table" or getmetatable(row) then bad = "not plain" end
  end
  t.is(bad, nil, name .. ": rows are plain tables")
end

local function check_closing(name, o)
  local kept
  do
    local object <close> = o.make()
    kept = object
  end
  local uses = { field = function() return kept[o.field or "convention"] end,
    length = function() return #kept end,
    pairs = function() for _ in pairs(kept) do return end end }
  for what, use in pairs(uses) do
    local e = t.fails(use, "closed", ("%s: %s after its end"):format(name, what))
    t.is(type(e) == "table" and e.code, "usage.closed", name .. ": with a code")
  end
  local ok, text = pcall(tostring, kept)
  t.ok(not ok or not address(text), name .. ": no address even then")
end

local function check(name, o)
  local object = o.make()
  local text = tostring(object)
  t.ok(not address(text) and #text > 8, name .. ": prints, without an address")
  check_fields(name, object)
  if o.rows ~= false then check_rows(name, object) end
  local code, words_of = table.unpack(o.unknown or { "usage.field", "no field" })
  local e = t.fails(function() return object.convetion end, words_of, name .. ": a misspelt field")
  t.is(type(e) == "table" and e.code, code, name .. ": with a code")
  t.fails(function() return object:rwos() end, o.rows == false and words_of or 'mean "rows"',
    name .. ": a misspelt method")
  t.fails(function() object.new = 1 end, "read only", name .. ": cannot be written to")
  if o.option then
    t.fails(function() return o.option(o.word) end, 'did you mean "', name .. ": a misspelt option")
  end
  check_closing(name, o)
end

for _, list in ipairs { OBJECTS, CORE } do
  for _, name in ipairs(keys(list)) do
    if list[name].make then check(name, list[name]) end
  end
end

-- --- what R's users write -----------------------------------------------------------------------

t.fails(function() return os:coxph("age") end, "R's coxph is endpoint:cox", "R's name of a model")
t.fails(function() return cohort:filter("age > 1") end, "cohort:where", "and of a step")
t.fails(function() return lun.Surv() end, "cohort:survival", "and of a function")
t.fails(function() return os:km("sex") end, "options come as one table", "an option without its name")
t.fails(function() return os.km { by = "sex" } end, "with a colon", "a point for a colon")

-- a call without its argument says which, and shows a call
for call, f in pairs {
  ['cohort:where%("'] = function() cohort:where() end,
  ['cohort:exclude%("'] = function() cohort:exclude() end,
  ['cohort:derive%("'] = function() cohort:derive() end,
  ['cohort:endpoint%("'] = function() cohort:endpoint() end,
  ['endpoint:cox%("'] = function() os:cox() end,
  ['endpoint:cause_specific%("'] = function() os:cause_specific() end,
  ['endpoint:finegray%("'] = function() os:finegray() end,
  ['endpoint:split%("'] = function() os:split() end,
  ['lun.read%("'] = function() lun.read() end,
  ['figure:save%("'] = function() lun.figure.km(os:km()):save() end,
} do
  t.fails(f, "the argument %w+ is missing %(write " .. call, "no argument: " .. call)
end
t.fails(function() os:cox {} end, "terms is a table, not a string or object", "a wrong argument")
-- --- what plug-ins may ask for ------------------------------------------------------------------

local allow, exists = require "lunation.sandbox.allow", {}
for _, class in pairs(known) do for name in pairs(class.methods) do exists[name] = true end end
for _, methods in ipairs { core.km.class, core.column.class } do
  for name in pairs(methods) do exists[name] = true end
end
for _, list in ipairs { allow.estimators, allow.readers } do
  for _, name in ipairs(list) do
    t.ok(exists[name], "a plug-in may ask for " .. name .. ", which exists")
  end
end

t.done()
