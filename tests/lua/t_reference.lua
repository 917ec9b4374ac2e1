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

local shared = t.shared()
if shared then
  local _, list = reference.judge(shared .. "/reference/stats/open.json")
  t.is(#list, 50, "every case in scope is judged")
  for _, l in ipairs(list) do
    local known, other = DIFFERENT[l.case.id] or { 0, "^$" }, {}
    for _, d in ipairs(l.result.differences) do
      if not d:find(known[2]) then other[#other + 1] = d end
    end
    t.is(table.concat(other, "\n"), "", l.case.id .. ": nothing wrong")
    t.ok(l.result.wrong <= known[1], ("%s: %d different"):format(l.case.id, l.result.wrong))
    t.ok(l.result.missing <= (MISSING[l.case.id] or 0),
      ("%s: %d missing%s"):format(l.case.id, l.result.missing, l.problem and " (" .. l.problem
        .. ")" or ""))
  end
else
  t.skip("../shared is missing")
end
t.done()
