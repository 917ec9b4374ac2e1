-- SPDX-License-Identifier: GPL-3.0-or-later
-- riskset: the numbers under a time axis (Morris et al. 2019, BMJ Open 9:e030215): at each time the
-- patients still at risk, and those censored or with an event before it. At every time the three
-- add up to the patients of the group, and a table that does not is refused.
local spec = require("lunation.figure.spec")

local riskset = {}

-- Counts before `t` from the vectors of a curve.
local function count(curve, times)
  local at_risk, censored, events = {}, {}, {}
  local i, c, d = 1, 0, 0
  for k, t in ipairs(times) do
    while i <= #curve.time and curve.time[i] < t do
      c, d = c + curve.n_censor[i], d + curve.n_event[i]
      i = i + 1
    end
    at_risk[k], censored[k], events[k] = curve.n - c - d, c, d
  end
  return { at_risk = at_risk, censored = censored, events = events }
end

local function check(figure, curve, row, times)
  for k, t in ipairs(times) do
    local total = row.entered and row.entered[k] or curve.n
    local found = row.at_risk[k] + row.censored[k] + row.events[k]
    if math.abs(found - total) > 1e-6 then
      spec.fail(figure,
        "group '%s' at time %s: %s at risk + %s censored + %s with an event = %s, not %s",
        curve.label, tostring(t), tostring(row.at_risk[k]), tostring(row.censored[k]),
        tostring(row.events[k]), tostring(found), tostring(total))
    end
  end
end

--- One row for each curve: { at_risk =, censored =, events =, weighted =, entered = } over `times`.
--- s.risk_table(times) gives the curves; s.risk holds them; else the curves' own counts are summed.
function riskset.rows(figure, s, times)
  local given = s.risk_table and s.risk_table(times) or s.risk
  local rows = {}
  for i, curve in ipairs(s.curves) do
    local row = given and (given.curves or given)[i] or not given and count(curve, times)
    if not row then spec.fail(figure, "the risk table has no row for group '%s'", curve.label) end
    check(figure, curve, row, times)
    rows[i] = row
  end
  return rows
end

return riskset
