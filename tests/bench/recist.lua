-- SPDX-License-Identifier: GPL-3.0-or-later
-- A million lesion measurements to visit responses, best response and PFS, on one core:
-- build/lunation tests/bench/recist.lua [ROWS]. The goal is a second.
local core = require "lunation.core"
local c = core.column

local wanted = tonumber(arg[1]) or 1000000
local LESIONS, VISITS = 4, 10
local patients = math.max(1, wanted // (LESIONS * VISITS))

local state = 1
local function random(n)
  state = (state * 1103515245 + 12345) % 2147483648
  return state // 65536 % n
end

local rows = { patient = {}, date = {}, lesion = {}, role = {}, organ = {}, mm = {}, viable_mm = {},
  state = {} }
local keys, starts, deaths = { n = patients }, { n = patients }, { n = patients }
local n = 0
for p = 1, patients do
  keys[p], starts[p] = "P" .. p, 19723
  if p % 3 == 0 then deaths[p] = 19723 + 56 * VISITS + random(300) end
  local size = { 20 + random(60), 20 + random(60), 20 + random(60) }
  for v = 0, VISITS - 1 do
    for k = 1, LESIONS do
      n = n + 1
      local target = k < LESIONS
      rows.patient[n], rows.date[n], rows.lesion[n] = keys[p], v == 0 and 19716 or 19723 + 56 * v,
        target and "T" .. k or "N1"
      rows.role[n], rows.organ[n] = target and "target" or "nontarget",
        ({ "liver", "lung", "liver", "bone" })[k]
      if target then
        size[k] = math.max(0, size[k] + (v > 0 and random(9) - 4 or 0))
        rows.mm[n], rows.viable_mm[n] = size[k], size[k] // 2
      else
        rows.state[n] = v > 0 and "present" or nil
      end
    end
  end
end

local function build(make, list)
  list.n = n
  return make(list)
end
local columns = { patient = build(c.factor, rows.patient), date = build(c.date, rows.date),
  lesion = build(c.factor, rows.lesion),
  role = build(c.factor, rows.role), organ = build(c.factor, rows.organ),
  mm = build(c.number, rows.mm),
  viable_mm = build(c.number, rows.viable_mm), state = build(c.factor, rows.state) }
rows = nil
collectgarbage()

local best
for _ = 1, 5 do
  local from = os.clock()
  local r = core.recist.assess(columns, { key = c.text(keys), start = c.date(starts),
    death = c.date(deaths) })
  local visits, summary = r:visits(), r:patients()
  local took = os.clock() - from
  best = math.min(best or took, took)
  assert(#visits.overall == r.n_visits and #summary.pfs_fda.date == patients)
end
print(("recist: %d measurements of %d patients to responses, best response and PFS: %.3f s"):format(
  n, patients, best))
