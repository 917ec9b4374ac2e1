-- SPDX-License-Identifier: GPL-3.0-or-later
-- published: printed figures beside computed ones, at the paper's own digits.
local t = dofile("tests/lua/tap.lua")
local published = require "lunation.recipe.published"

local ROWS = {
  { analysis = "a", result = "km", statistic = "survival", time = 12, group = "yes", value = 0.9333,
    lower = 0.8723, upper = 0.9987 },
  { analysis = "a", result = "km", statistic = "survival", time = 12, group = "no", value = 0.4833,
    lower = 0.3722, upper = 0.6277 },
  { analysis = "a", result = "km", statistic = "median", group = "yes", value = 36.0,
    lower = 25.0 },
  { analysis = "a", result = "cox", statistic = "hr", term = "surgery: yes", value = 0.1521,
    lower = 0.0833, upper = 0.2774 },
  { analysis = "a", result = "logrank", statistic = "p", value = 0.0004 },
}

-- The comparison of one figure: key, text or { value =, expect = }.
local function compare(key, given)
  local study = { recipe = { value = { published = { a = { [key] = given } } } },
    results = { a = {} } }
  return published.compare(study, ROWS)[1]
end

local function status(key, given, expected, name)
  t.is(compare(key, given).status, expected, name)
end

status("survival(12)[yes]", "93.3% (87.2-99.9)", "exact", "a rate with limits")
status("survival(12)[yes]", "93.3% (87.2–99.9)", "exact", "with an en dash")
status("survival(12)[yes]", "93.4% (87.2-99.9)", "rounding", "one unit of the last digit off")
status("survival(12)[yes]", "93.6% (87.2-99.9)", "differs", "three units off")
status("survival(12)[yes]", "93.3% (87.2-99.5)", "differs", "the limit differs")
status("median[yes]", "36 (25-NE)", "exact", "a limit that is not estimable")
status("median[yes]", "36 (25-60)", "differs", "a limit where there is none")
status("hr", "0.15 (0.08-0.28)", "exact", "a hazard ratio")
status("hr[surgery: yes]", "0.152 (0.083-0.277)", "exact", "to three digits, by its term")
status("p", "<0.001", "exact", "a bound that holds")
status("p", "<0.0001", "differs", "a bound that does not")
status("p", "<0.0004", "differs", "the bound itself is not below it")
status("median[yes]", ">36", "differs", "nor above it")
status("survival(12)", "93.3%", "ambiguous", "two groups and no word which")
status("survival(24)[yes]", "93.3%", "missing", "not computed")

t.is(compare("survival(24)[yes]", "93.3%").computed,
  "not computed: there are survival(12)[yes], survival(12)[no]", "with the keys there are")
t.is(compare("survivl(12)[yes]", "93.3%").computed, 'not computed: did you mean "survival"?',
  "or with what was meant")
t.is(compare("survival(12)", "93.3%").computed, "2 values: survival(12)[yes], survival(12)[no]",
  "the keys that tell them apart")

t.is(compare("survival(12)[yes]", "93% (87.2-99.9)").computed, "93% (87.2–99.9)",
  "each part is shown with the paper's digits")

t.ok(compare("p", "<0.001").ok, "as expected when nothing is said")
t.ok(not compare("survival(12)[yes]", "93.4% (87.2-99.9)").ok, "exact is expected")
t.ok(compare("survival(12)[yes]", { value = "93.4% (87.2-99.9)", expect = "rounding" }).ok,
  "unless rounding is")
t.ok(not compare("survival(24)[yes]", { value = "93.3%", expect = "approximate" }).ok,
  "approximate must be computed")
t.ok(not compare("survival(12)[yes]", { value = "93.4% (87.2-99.9)", expect = "inconsistent" }).ok,
  "rounding is no inconsistency")
t.is(compare("survival(12)[yes]", "93.1%").difference, "+0.2 points", "computed less published")
t.is(compare("hr", "0.20 (0.08-0.28)").difference, "−0.05", "with its sign")
t.is(compare("p", "<0.001").computed, "0.00040",
  "p beside a bound has the digits that tell on which side it lies")
t.is(compare("p", "0.001").computed, "<0.001", "below half of the last digit")
t.ok(not compare("p", "<0.0001").ok, "a difference is a finding")
ROWS[#ROWS + 1] = { analysis = "a", result = "orr", statistic = "proportion", term = "ORR",
  value = 70 / 120, events = 70, n = 120 }
ROWS[#ROWS + 1] = { analysis = "a", result = "model", statistic = "shr", term = "age",
  value = 1.055, lower = 1.005, upper = 1.107, p = 0.0291 }
status("proportion", "58% (70/120)", "exact", "a percentage with its counts")
status("proportion", "58% (71/120)", "differs", "another count")
status("proportion", "58% (70/121)", "differs", "another denominator")
status("proportion", "57% (70/120)", "rounding", "the right counts, a percentage one unit off")
status("proportion", "70 of 120", "exact", "counts alone")
status("proportion", ">50%", "exact", "a bound in per cent")
status("proportion", ">60%", "differs", "that does not hold")
t.is(compare("proportion", "58% (71/120)").computed, "58% (70/120)",
  "counts are shown as they were printed")
t.is(compare("proportion", "71 of 120").difference, "−1", "and compared")
t.is(compare("proportion", "69 of 120").difference, "+1", "in both directions")
ROWS[#ROWS + 1] = { analysis = "a", result = "os", statistic = "median", group = "all",
  value = 12.0, lower = 10.0, upper = 25.0 }
status("median[all]", "12 (10-NE)", "differs", "a limit that the paper did not have")
ROWS[#ROWS + 1] = { analysis = "a", result = "os", statistic = "change", value = -2.5 }
status("change", "−2.5", "exact", "a minus sign")
status("change", "2.5", "differs", "and none")
ROWS[#ROWS + 1] = { analysis = "a", result = "os", statistic = "p_trend", value = 0.0007 }
t.is(compare("p_trend", "0.002").computed, "0.001", "p that rounds to the last digit is a number")
status("shr[age]", { value = "1.055 (1.005-1.107)", p = "0.029" }, "exact",
  "a ratio with its p-value")
status("shr[age]", { value = "1.055 (1.005-1.107)", p = "0.031" }, "differs",
  "with another p-value")
t.is(compare("shr[age]", { value = "1.055", p = "<0.05" }).computed, "1.055, p = 0.029",
  "both are shown")
t.ok(compare("hr", { value = "0.23 (0.13-0.43)", expect = "approximate" }).ok,
  "unless it is declared approximate")
t.ok(compare("p", { value = "<0.0001", expect = "inconsistent" }).ok,
  "a contradiction is asserted as one")
t.ok(not compare("p", { value = "<0.001", expect = "inconsistent" }).ok,
  "and must not be reproduced")
t.fails(function() compare("p", { value = "1", expect = "maybe" }) end, "is not known",
  "an unknown expectation")

-- How far from rounding to what was printed, in units of the last digits: by hand.
local distance = require("lunation.recipe.printed").distance
t.near(distance("0.15 (0.08-0.28)", { value = 0.17, lower = 0.08, upper = 0.285 }),
  (2 - 0.499) + (0.5 - 0.499), 1e-9, "two units and a half one, less what rounds")
t.is(distance("0.15 (0.08-0.28)", { value = 0.1521, lower = 0.0833, upper = 0.2774 }), 0.0,
  "every digit is met")
t.is(distance("36 (25-NE)", { value = 36, lower = 25 }), 0.0, "a limit that neither has")
t.ok(distance("36 (25-NE)", { value = 36, lower = 25, upper = 60 }) > 40, "or only one has")
t.is(distance("58% (70/120)", { value = 70 / 120, events = 70, n = 120 }), 0.0,
  "a share and its counts")
t.near(distance("58% (70/120)", { value = 68 / 120, events = 68, n = 120 }),
  2 + (58 - 100 * 68 / 120 - 0.499), 1e-9, "two patients, and the share that they make")
t.is(distance("2 of 120", { value = 1 / 120, events = 1, n = 118 }), 3, "counts alone")
t.is(distance(36, { value = 36.2 }), 0.0, "a number that YAML read as one")

t.done()
