-- SPDX-License-Identifier: GPL-3.0-or-later
-- Simulated cohorts: arithmetic without the C library, margins, distributions, what is seen of
-- events, the search, errors by place, and the same bytes twice.
local t = dofile "tests/lua/tap.lua"
local core = require "lunation.core"
local load = require "lunation.simulate.load"
local numeric = require "lunation.simulate.numeric"
local simulate = require "lunation.simulate"
local write = require "lunation.simulate.write"

local file = os.tmpname()

local function specified(text, opt)
  core.file.write(file, "simulate: 1\nid: x\ntitle: X\n" .. text)
  return load.checked(file, opt)
end

local function made(text, opt) return simulate.make(specified(text, opt)) end

local function values(cohort, name)
  for _, c in ipairs(cohort.columns) do if c.name == name then return c.values end end
end

local function counts(cohort, name)
  local out, v = {}, values(cohort, name)
  for i = 1, cohort.n do out[v[i] or "none"] = (out[v[i] or "none"] or 0) + 1 end
  return out
end

-- --- arithmetic ----------------------------------------------------------------------------------
local worst_log, worst_exp, worst_z = 0, 0, 0
for i = 1, 2000 do
  local p = i / 2001
  worst_log = math.max(worst_log, math.abs(numeric.log(p) / math.log(p) - 1))
  worst_exp = math.max(worst_exp, math.abs(numeric.exp(p * 60 - 30) / math.exp(p * 60 - 30) - 1))
  worst_z = math.max(worst_z, math.abs(numeric.normal_quantile(p) - core.dist.norm_quantile(p)))
end
t.ok(worst_log < 5e-15, "logarithm")
t.ok(worst_exp < 5e-14, "exponential")
t.ok(worst_z < 1e-6, "normal quantile, AS 241")
t.is(numeric.pow(0, 2), 0.0, "a power of zero")
t.near(numeric.pow(7.5, 1 / 3), 7.5 ^ (1 / 3), 1e-14, "a root")

-- --- variables -----------------------------------------------------------------------------------
local c = made [[
n: 101
variables:
  sex: { counts: { female: 15, male: rest } }
  arm: { shares: { a: 0.5, b: 0.5 } }
  stage: { cases: [ { where: "sex == 'female'", counts: { B: 5, C: rest } }, { shares: { B: 1 } } ] }
  hvtt: { counts: { "yes": 4, "no": rest }, where: "sex == 'female'", otherwise: "no" }
  grade: { counts: { "3": 30, "4": rest }, type: integer }
  age: { normal: { mean: 60, sd: 20 }, min: 50, max: 70, decimals: 0, missing: 7 }
  afp: { quantiles: { "0": 1, "0.5": 20, "1": 1000 }, decimals: 1 }
  start: { dates: { from: 2024-02-28, to: 2024-03-01 } }
  later: { after: { date: start, months: 12 } }
  old: { value: "if(age >= 60, 'old', 'young')", levels: [young, old] }
  secret: { uniform: { from: 0, to: 1 }, hidden: true }
]]
t.is(counts(c, "sex").female, 15, "a count is exact")
t.is(counts(c, "sex").male, 86, "the rest")
t.is(counts(c, "arm").a, 51, "shares by largest remainders, the first level at a tie")
t.is(counts(c, "stage").C, 10, "a count within a case")
t.is(counts(c, "hvtt").yes, 4, "where: only those patients")
t.is(math.type(values(c, "grade")[1]), "integer", "levels as whole numbers")
t.is(counts(c, "age").none, 7, "so many values are missing")
t.is(counts(c, "old").none, nil, "what is derived does not miss them")
local inside, leap = true, true
for i = 1, 101 do
  local age = values(c, "age")[i]
  inside = inside and (not age or age >= 50 and age <= 70)
  local start, later = values(c, "start")[i], values(c, "later")[i]
  leap = leap and later - start == (start == 19781 and 366 or start == 19782 and 365
    or start == 19783 and 365 and 365)
end
t.ok(inside, "truncated by drawing again")
t.ok(leap, "calendar months: 29 February goes to the 28th")
t.is(values(c, "secret"), nil, "hidden variables are not written")

local few = made "n: 10\nvariables: { a: { uniform: { from: 0, to: 1 } }, b: { uniform: { from: \z
  0, to: 1 } } }"
local more = made "n: 10\nvariables: { new: { uniform: { from: 0, to: 1 } }, b: { uniform: { \z
  from: 0, to: 1 } } }"
t.is(values(few, "b")[7], values(more, "b")[7],
  "a stream for each name: another variable moves no other")

-- --- events --------------------------------------------------------------------------------------
local many = made [[
n: 40000
unit: months
variables:
  arm: { shares: { a: 0.5, b: 0.5 } }
  x: { shares: { "0": 0.5, "2": 0.5 }, type: number }
events:
  death: { median: 10, shape: 1.5, hazard_ratios: { arm: { b: 0.5 }, x: 1.3 }, ends: true }
  relapse: { survival: { "6": 0.8, "12": 0.5 } }
follow_up: { duration: 30, loss: 0.1 }
outcomes:
  os: { of: death, write: false }
  rfs: { of: relapse, write: false }
  both: { of: [relapse, death], competing: true }
targets:
  - { of: os, statistic: survival, at: 10, where: "arm == 'a' and x == 0", value: "50%" }
  - { of: os, statistic: hr, by: arm, where: "x == 0", value: "0.5" }
  - { of: os, statistic: hr, by: x, where: "arm == 'a'", value: "1.3" }
  - { of: rfs, statistic: survival, at: 6, value: "80%" }
  - { of: rfs, statistic: survival, at: 12, value: "50%" }
  - { of: rfs, statistic: survival, at: 24, value: "20%" }
  - { of: os, statistic: median, where: "arm == 'b' and x == 0", value: "15.9" }
  - { of: os, statistic: follow_up, value: "30.0" }
]]
-- S(24) goes on at the hazard of 6 to 12 months: 0.5 * (0.5 / 0.8)^2 = 0.195; median 10 * 2^(1/1.5)
-- = 15.87
for k, off in ipairs { 1.5, 0.03, 0.04, 1, 1, 1.5, 0.4, 0.1 } do
  local target = many.targets[k]
  local wanted, found = tonumber(target.value:match "[%d.]+"),
    tonumber(target.computed:match "[%d.]+")
  t.ok(math.abs(wanted - found) <= off, ("%s: %s, found %s"):format(write.describe(target),
    target.value, target.computed))
end
local kinds = counts(many, "both_status")
t.ok(kinds.none > 0 and kinds.relapse > 0 and kinds.death > 0, "competing events are named")

local trial = [[
n: 200
variables:
  arm: { shares: { control: 0.5, new: 0.5 } }
  start: { dates: { from: 2024-01-01, to: 2024-12-31 } }
events:
  progression: { median: 5 }
  death: { median: 9, after: progression, ends: true }
follow_up: { origin: start, close: 2026-12-31, events: { of: death, n: 90 } }
outcomes: { os: { of: death } , pfs: { of: [progression, death] } }
]]
local cut = made(trial)
local dead, closed, ordered = 0, 0, true
for i = 1, 200 do
  local death, last, progression = values(cut, "death")[i], values(cut, "last_contact")[i],
    values(cut, "progression")[i]
  if death then dead, closed = dead + 1, math.max(closed, death) end
  ordered = ordered and (not death or death == last) and (not progression or progression <= last)
end
t.is(dead, 90, "the study closes at the 90th death")
for i = 1, 200 do
  ordered = ordered and values(cut, "last_contact")[i] <= math.max(closed,
    values(cut, "start")[i] + 1)
end
t.ok(ordered, "nothing is seen after the end of follow-up")

-- --- the search ----------------------------------------------------------------------------------
local targets = [[
targets:
  - { of: os, statistic: survival, at: 12, where: "arm == 'new'", value: "64.0% (55.3-74.1)", exact: true }
  - { of: os, statistic: median, where: "arm == 'control'", value: "11.2", exact: true }
  - { of: os, statistic: hr, by: arm, value: "0.70", exact: true }
search: { steps: 20000, reach: 120 }
]]
local plain = trial:gsub(", events: { of: death, n: 90 }", "")
local found = made(plain .. targets)
for _, target in ipairs(found.targets) do
  t.is(target.status, "exact", ("found: %s %s"):format(write.describe(target), target.value))
end
t.ok(found.steps < 20000, "and stops there")
local honest = true
for i = 1, 200 do
  local death, last, progression = values(found, "death")[i], values(found, "last_contact")[i],
    values(found, "progression")[i]
  honest = honest and (not death or death == last) and (not progression or progression <= last)
    and last <= 20818 and last > values(found, "start")[i]
end
t.ok(honest, "the search keeps the order of events and the close of the study")
t.is(write.patients(made(plain .. targets)), write.patients(found), "the same bytes twice")
t.ok(write.patients(made(plain .. targets, { seed = 2 })) ~= write.patients(found),
  "other ones from another seed")

-- --- visits --------------------------------------------------------------------------------------
local lesions = made [[
n: 20
variables:
  start: { dates: { from: 2024-01-01, to: 2024-12-31 } }
  d: { uniform: { from: 0.05, to: 0.3 }, hidden: true }
visits:
  lesions: { from: start, every: 56, n: 3, lesions: 2, size: { uniform: { from: 20, to: 80 } }, shrink: d, grow: 0.02, viable: 0.8 }
]]
t.is(#lesions.files[1].rows, 20 * 4 * 2, "a row for each lesion at each visit")
t.is(lesions.files[1].rows[1][7], lesions.files[1].rows[1][8], "all is viable at baseline")
local first, second = lesions.files[1].rows[1], lesions.files[1].rows[3]
t.ok(tonumber(second[7]) < tonumber(first[7]), "lesions shrink")
t.near(tonumber(second[8]), 0.8 * tonumber(second[7]), 0.01,
  "the viable share falls from visit to visit")

local places = made [[
n: 200
variables:
  start: { dates: { from: 2024-01-01, to: 2024-12-31 } }
  new: { after: { date: start, days: 100 }, where: "start < date('2024-07-01')" }
visits:
  lesions: { from: start, every: 56, n: 5, lesions: 3, organs: [liver, lung], shrink: 1.1,
    size: { uniform: { from: 20, to: 22 } }, skipped: 0.2, seen_from: 5, new_lesion: new }
]]
local rows, organs, days, smallest, news, newly = places.files[1].rows, {}, {}, math.huge, 0, {}
for _, r in ipairs(rows) do
  if r[4] == "target" then
    organs[r[3] .. " " .. r[5]] = true
    days[r[1] .. r[2]] = true
    local mm = tonumber(r[7])
    if mm > 0 then smallest = math.min(smallest, mm) end
  else
    news, newly[r[1]] = news + 1, true
  end
end
t.ok(organs["T1 liver"] and organs["T2 lung"] and organs["T3 lung"] and not organs["T1 lung"],
  "organs in order, the last for all after it")
local visits, baselines = 0, 0
for _ in pairs(days) do visits = visits + 1 end
t.ok(math.abs(visits - 200 - 0.8 * 5 * 200) < 60, "a share of the visits is missed: " .. visits)
for i = 1, 200 do
  local start = values(places, "start")[i]
  local day = require("lunation.simulate.draw").iso(start - 7)
  if days[places.ids[i] .. day] then baselines = baselines + 1 end
end
t.is(baselines, 200, "but no baseline")
t.ok(smallest >= 5, "what is smaller than can be seen is measured as 0")
local with_new = 0
for _ in pairs(newly) do with_new = with_new + 1 end
t.is(news, with_new, "a new lesion is written once, at the first visit from its day on")

-- --- the dictionary ------------------------------------------------------------------------------
local text = write.dictionary(found, "patients.csv")
t.ok(text:find("No patient is in these data", 1, true),
  "the dictionary says that no patient is in the data")
t.ok(text:find("seed 1, specification sha256 " .. found.spec.digest, 1, true),
  "seed and digest of the specification")
t.is(#found.spec.digest, 64, "which is a SHA-256")
t.ok(text:find "| arm |  | factor |  | control: 100; new: 100 | 0 |", "levels with their counts")
t.ok(text:find "| os: survival at 12, where arm == 'new' | 64.0%% %(55.3%-74.1%) |", "targets")

-- --- errors --------------------------------------------------------------------------------------
local function refused(text_, pattern, line, name)
  local ok, e = pcall(made, text_)
  t.ok(not ok and type(e) == "table" and tostring(e.message):find(pattern)
    and (not line or e.line == line),
    name .. (ok and ": accepted" or ": " .. tostring(e)))
end
refused("n: 5\nvariables:\n  a: { cuonts: { x: 1 } }\n", 'unknown key "cuonts"', 6,
  "an unknown key")
refused("n: 5\nvariables:\n  a: { label: A }\n", "does not say how", 6, "no draw")
refused("n: 5\nvariables:\n  a: { counts: { x: 3, y: 1 } }\n", "add up to 4, but there are 5", 6,
  "counts that do not add up")
refused("n: 5\nvariables:\n  a: { shares: { x: 0.3, y: 0.3 } }\n", "add up to 0.6", 6,
  "shares that do not add up")
refused("variables:\n  a: { shares: { x: 1 } }\n", "number of patients, is missing", nil, "no n")
refused("n: 5\nvariables:\n  a: { normal: { mean: 0, sd: 1 }, min: 90 }\n",
  "no value between min and max", 6, "an empty range")
refused("n: 5\nvariables:\n  a: { dates: { from: 2024-02-30, to: 2024-03-01 } }\n", "is no date", 6,
  "a date that does not exist")
refused("n: 5\nevents:\n  death: { median: 5 }\n", "need follow_up", nil, "no follow-up")
refused("n: 5\nevents:\n  death: { median: 5, hazard_ratios: { arm: 2 } }\nfollow_up: { duration: \z
  9 }\n", 'no variable "arm"', 6,
  "an unknown covariate")
refused("n: 5\noutcomes:\n  os: { of: deth }\nevents: { death: { median: 5 } }\nfollow_up: { \z
  duration: 9 }\n", 'no event "deth"', 6,
  "an unknown event")

-- --- demands that no cohort meets ----------------------------------------------------------------
refused('n: 5\nvariables:\n  a: { quantiles: { "0.1": 1, "0.9": 2 } }\n', 'from "0" to "1"', 6,
  "quantiles without their ends")
refused('n: 5\nvariables:\n  a: { quantiles: { "0": 3, "1": 2 } }\n', "both rising", 6,
  "quantiles that fall")
refused("n: 5\nvariables:\n  a: { uniform: { from: 3, to: 1 } }\n", "from lies above to", 6,
  "an empty interval")
refused("n: 5\nvariables:\n  a: { probabilities: { x: 1.2, y: 0.1 } }\n", "outside 0 to 1", 6,
  "a probability above 1")
refused("n: 5\nvariables:\n  a: { value: b + 1 }\n", 'variables.a.value: there is no column "b"', 6,
  "an unknown variable in an expression, at its place")
refused("n: 5\nvariables:\n  a: { counts: { x: 1, y: rest }, where: c > 1 }\n",
  'variables.a.where: there is no column "c"', 6, "and in a condition")
refused("n: 5\nvariables:\n  s: { dates: { from: 2024-01-01, to: 2024-01-09 } }\n\z
  follow_up: { origin: s, close: 2023-01-01 }\nevents: { d: { median: 3 } }\n", "after it", 7,
  "a study that closes before it begins")

local TRIAL = "n: 60\nvariables: { a: { shares: { x: 0.5, y: 0.5 } } }\n\z
  events: { death: { median: 10, ends: true } }\nfollow_up: { duration: 30 }\n\z
  outcomes: { os: { of: death } }\ntargets:\n  - { of: os, "
local function impossible(target, pattern, name) refused(TRIAL .. target, pattern, 10, name) end
impossible('statistic: survival, at: 12, value: "120%" }', "between 0 and 100%%", "a rate above 1")
impossible('statistic: survival, at: 50, value: "20%" }', "followed for 50, only 30",
  "a rate after the follow-up")
impossible('statistic: median, value: "50" }', "followed for 50, only 30",
  "a median after the follow-up")
impossible('statistic: median, value: "20 (5-10)" }', "between its limits", "limits elsewhere")
impossible('statistic: events, value: "61" }', "61 events of 60 patients", "more events than patients")
impossible('statistic: p, by: a, value: "1.5" }', "between 0 and 1", "a p-value above 1")
impossible('statistic: hr, by: a, value: "much" }', "holds no number", "a value that is none")
impossible('statistic: hr, by: a, value: "0.5 (0.1-0.6)" }', "geometric mean of its limits",
  "a ratio off the centre of its limits")
impossible('statistic: hr, by: a, value: "0.50 (0.45-0.56)" }', "need at least %d+ events",
  "limits too narrow for the patients")
-- exp(-+1.96 * sqrt(4 / 60)) about 0.5 is 0.301 to 0.829: just possible
t.ok(made(TRIAL .. 'statistic: hr, by: a, value: "0.50 (0.30-0.83)" }'), "and just wide enough")
os.remove(file)
t.done()
