-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local ref = dofile("tests/lua/reference.lua")(t)
local core = require "lunation.core"
local cuminc = require "lunation.cuminc"

local function endpoint(time, status)
  return { surv = core.surv.new { time = time, status = status }, title = "", unit = "months" }
end

if ref then
  -- Progression to PCM first, else death, as the case builds it.
  local d = ref.data "mgus2"
  local time, status, sex = {}, {}, {}
  for i = 1, #d do
    local p = d:column "pstat"[i] == 1
    time[i] = p and d:column "ptime"[i] or d:column "futime"[i]
    status[i] = p and 1 or d:column "death"[i] == 1 and 2 or 0
    sex[i] = tostring(d:column "sex"[i])
  end
  local by = core.column.factor(sex, { "F", "M" })
  local times, est, var, aj, loglog = { 60, 120, 240 }, {}, {}, {}, {}
  local aalen = cuminc.fit(endpoint(time, status), { by = by, variance = "aalen" })
  for k, which in ipairs { { "F", 1 }, { "M", 1 }, { "F", 2 }, { "M", 2 } } do
    est[k], var[k] = {}, {}
    for i, at in ipairs(times) do
      local p = aalen:at(at, which[1], which[2])
      est[k][i], var[k][i] = p.incidence, p.se ^ 2
    end
  end
  ref.agree("cif-mgus2", ref.expected "cif-mgus2", { cuminc = { est = est, var = var } }, 24)
  local e = ref.expected "cif-mgus2"
  for _, set in ipairs { { "log", "aj" }, { "log-log", "aj_loglog_ci" } } do
    local fit = cuminc.fit(endpoint(time, status), { by = by, conf_type = set[1] })
    for _, g in ipairs { "F", "M" } do
      for i, at in ipairs(times) do
        for cause = 1, 2 do
          local p, x = fit:at(at, g, cause), e[set[2]]["sex=" .. g]
          local name = ("%s %s cause %d at %d"):format(set[2], g, cause, at)
          t.near(p.se, x.se[i][cause + 1], 1e-8, name .. ": se")
          t.near(p.lower, x.lower[i][cause + 1], 1e-8, name .. ": lower")
          t.near(p.upper, x.upper[i][cause + 1], 1e-8, name .. ": upper")
        end
      end
    end
  end
end

local r = cuminc.fit(endpoint({ 1, 2, 3, 4 }, { 1, 2, 0, 1 }), { times = { 2, 9 } })
t.near(r:at(2, nil, 1).incidence, 0.25, 1e-15, "by hand")
t.near(r:at(4, nil, 1).incidence, 0.75, 1e-15, "by hand, after a censoring")
t.is(r:at(9, nil, 1).incidence, nil, "nothing beyond the last time")
t.is(#cuminc.fit(endpoint({}, {}), { times = { 1 } }):rows(), 1, "no rows: a row that says so")
t.fails(function() r:curve(nil, 3) end, "no cause 3", "unknown cause")
t.done()
