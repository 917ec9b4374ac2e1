-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local ref = dofile("tests/lua/reference.lua")(t)
local core = require "lunation.core"
local rmst = require "lunation.rmst"

local function endpoint(time, status)
  return { surv = core.surv.new { time = time, status = status }, title = "OS", unit = "days" }
end

if ref then
  local lung, values = ref.data "lung", {}
  for i = 1, #lung do values[i] = "arm" .. math.tointeger(lung:column "sex"[i] - 1) end
  local r = rmst.fit(endpoint(lung:column "time", lung:column "status"), { by = core.column.factor(values, { "arm0", "arm1" }), tau = 700 })
  local function arm(g)
    return { rmst = g.rmst.estimate, se = g.rmst.se, rmst_ci = { g.rmst.lower, g.rmst.upper }, rmtl = g.rmtl.estimate,
      rmtl_ci = { g.rmtl.lower, g.rmtl.upper } }
  end
  local function row(c) return { c.estimate, c.lower, c.upper, c.p } end
  local c, a, b = r.contrasts[1], r.groups[1], r.groups[2]
  ref.agree("rmst-lung-sex", ref.expected "rmst-lung-sex", { arm0 = arm(a), arm1 = arm(b),
    unadjusted = { row(c.difference), row(c.ratio), row(c.rmtl_ratio) },
    survfit_rmean = { { a.rmst.estimate, a.rmst.se }, { b.rmst.estimate, b.rmst.se } } }, 28)
  t.match(tostring(r), "rmst_difference", "prints")
end

local r = rmst.fit(endpoint({ 1, 2, 4 }, { 1, 0, 1 }), { tau = 3 })
t.near(r.groups[1].rmst.estimate, 1 + 2 * 2 / 3, 1e-15, "the area by hand")
t.near(rmst.fit(endpoint({ 1, 2, 4 }, { 1, 0, 1 }), { tau = 9 }).groups[1].rmst.estimate, 1 + 3 * 2 / 3, 1e-15,
  "a curve that has reached 0 is known beyond its last time")
local short = rmst.fit(endpoint({ 1, 2 }, { 1, 0 }), { tau = 3 })
t.is(short.groups[1].rmst, nil, "no mean beyond follow-up")
t.match(short:rows()[1].warning, "not followed to tau", "and the row says why")
t.is(rmst.fit(endpoint({ 1, 2 }, { 0, 0 }), { tau = 2 }).groups[1].rmst.estimate, 2.0, "no events: tau itself")
t.fails(function() rmst.fit(endpoint({}, {}), {}) end, "tau must be above 0", "no rows")
t.done()
