-- SPDX-License-Identifier: GPL-3.0-or-later
-- What `make reference` runs: no number is wrong, and no more are missing than are known to be.
local t = dofile("tests/lua/tap.lua")
local reference = dofile("tests/reference/run.lua")
local suite = dofile("tests/reference/suite.lua")

-- The judge itself.
local case = { expected = { a = { 1, "NA", 2 }, p = 1e-3, b = "a word", c = "Inf" },
  tolerance_rel = 1e-8 }
local r = suite.judge(case, { a = { 1 + 1e-9, nil, 2.1 }, p = 1e-3, c = math.huge })
t.is(("%d %d %d %d"):format(r.matched, r.wrong, r.missing, r.texts), "4 1 0 1",
  "a number is matched, wrong, or a text")
t.is(suite.judge(case).missing, 5, "no answer: every number is missing")
t.is(suite.judge(case, { a = { 1, 0.5, 2 } }).wrong, 1, "a number where NA is expected is wrong")
t.is(suite.judge(case, { p = 1e-3 + 2e-11 }).wrong, 1, "a p-value has the smaller absolute floor")

-- Numbers of each case that nothing answers yet.
local MISSING = {}

-- Where the expected number is the doubtful one: how many differ, and where.
-- MaxCombo: its p-value there comes from a random integration: see docs/methods/log-rank.md.
-- Gonen and Heller's K, Harrell's C of the spline model: OpenBLAS rounds the linear predictors of
-- patients with equal covariates differently: see docs/methods/cox.md.
local DIFFERENT = { ["maxcombo-lung"] = { 1, "^/p_two_sided: .*found 0%.00098399846" },
  ["cox-spline-rcs"] = { 5, "^/rcs/harrell_c" },
  ["cox-concordance"] = { 1, "^/gonen_heller: .*found 0%.62107417495" } }

-- --- R's expressions
-- --------------------------------------------------------------------------------

local answer = require "tests.reference.r.answer"
local none = { folder = ".", has = function() return false end }
local function value_of(text) return answer.of(none, { call = text, dataset = {} }) end
local function words(list)
  local out = {}
  for i, v in ipairs(list) do out[i] = tostring(v) end
  return out
end
local function is(text, expected, what)
  local found = value_of(text)
  t.is(type(found) == "table" and table.concat(words(found), " ") or tostring(found), expected,
    what or text)
end

is("-2^2 + 7 %% 4 * 2", "2.0", "R's order of operations")
is("c(1, 2, 3)[-1] * c(10, 100)", "20 300")
is("{ f <- function(x, y = 2 * x, ...) x + y\n f(3) + f(y = 1, 5) }", "15", "arguments by name")
is("{ x <- c(b = 1, a = 5); x[[\"a\"]] }", "5")
is("as.integer(factor(c('u', 'a', 'u'), levels = c('u', 'a')))", "1 2 1")
is("sapply(list(1:3, 4:6), function(v) sum(v))", "6 15")
is("{ s <- 0\n for (i in 1:4) if (i %% 2 == 0) s <- s + i\n s }", "6")
is("tapply(c(1, 2, 30), c('x', 'x', 'y'), mean)", "1.5 30.0")
is("c(NA, 1) > 0 | TRUE", "true true", "a missing value that decides nothing")
is("solve(matrix(c(2, 0, 0, 4), 2), c(2, 2))", "1.0 0.5")
is("{ d <- data.frame(a = 1:3, g = c('u', 'v', 'u')); d[d$g == 'u' & d$a > 1, ]$a }", "3")
local found, problems = value_of "list(a = 1, b = no_such_function(2))"
t.is(found.a, 1, "a part that cannot be had leaves the others")
t.ok(problems[1]:find "no_such_function" ~= nil, "and is told")

-- A small model, whose maximum is known: one event among one of two at risk, twice.
local one = value_of [[{
  d <- data.frame(time = c(1, 2, 3, 4), status = c(1, 1, 1, 0), x = c(0, 1, 0, 1))
  f <- coxph(Surv(time, status) ~ x, data = d, ties = "breslow")
  list(n = f$n, loglik0 = f$loglik[1], km = A(survfit(Surv(time, status) ~ 1, data = d)$surv),
    chisq = survdiff(Surv(time, status) ~ x, data = d)$chisq)
}]]
t.is(one.n, 4, "coxph is the program's")
t.near(one.loglik0, -math.log(24), 1e-14, "its likelihood without effect")
t.is(table.concat(one.km, " "), "0.75 0.5 0.25 0.25", "survfit is the program's")
-- x = 1: 1 event, 1/2 + 2/3 + 1/2 expected, variance 1/4 + 2/9 + 1/4.
t.near(one.chisq, (1 - 5 / 3) ^ 2 / (13 / 18), 1e-14, "survdiff is the program's")

-- --- the open set
-- -----------------------------------------------------------------------------------

-- Its differences that are not known.
local function unknown(id, r)
  local known, other = DIFFERENT[id] or { 0, "^$" }, {}
  for _, d in ipairs(r.differences) do if not d:find(known[2]) then other[#other + 1] = d end end
  return table.concat(other, "\n"), known[1]
end

local shared = t.shared()
if shared then
  local path = shared .. "/reference/stats/open.json"
  local _, list = reference.judge(path)
  t.is(#list, 52, "every case in scope is judged")
  for _, l in ipairs(list) do
    local other, known = unknown(l.case.id, l.result)
    t.is(other, "", l.case.id .. ": nothing wrong")
    t.ok(l.result.wrong <= known, ("%s: %d different"):format(l.case.id, l.result.wrong))
    t.ok(l.result.missing <= (MISSING[l.case.id] or 0),
      ("%s: %d missing%s"):format(l.case.id, l.result.missing, l.problem and " (" .. l.problem
        .. ")" or ""))
  end
  local s = suite.open(path)
  for _, case_of in ipairs(s.cases) do
    if not reference.out_of_scope(case_of.id) then
      local by_call, why = reference.by_call(s, case_of)
      t.is(unknown(case_of.id, by_call) .. by_call.missing, "0",
        case_of.id .. ": the same by its call" .. (why and " " .. why or ""))
    end
  end
else
  t.skip("../shared is missing")
end
t.done()
