-- SPDX-License-Identifier: GPL-3.0-or-later
-- shapes: our results in the shapes of the reference files, where several families need them.
local core = require "lunation.core"

local M = {}

--- What an estimator needs of an endpoint. time, status, start: columns or lists.
function M.endpoint(time, status, start, more)
  local y = { time = time, status = status, start = start }
  for k, v in pairs(more or {}) do y[k] = v end
  return { surv = core.surv.new(y), title = "", unit = "days" }
end

--- The same from columns of a table.
function M.of(d, time, status, start)
  return M.endpoint(d:column(time or "time"), d:column(status or "status"), start
    and d:column(start))
end

--- A column as a factor whose levels are named as R does: "sex=1".
function M.named(column, prefix)
  local levels, values, seen = {}, { n = #column }, {}
  for i = 1, #column do
    local v = column.type == "factor" and column[i] or ("%g"):format(column[i])
    values[i] = prefix .. "=" .. v
    seen[values[i]] = true
  end
  for _, l in ipairs(column.levels or {}) do levels[#levels + 1] = prefix .. "=" .. l end
  if #levels == 0 then
    for l in pairs(seen) do levels[#levels + 1] = l end
    table.sort(levels)
  end
  return core.column.factor(values, levels)
end

--- f(row) for each of n rows.
function M.rows(n, f)
  local out = { n = n }
  for i = 1, n do out[i] = f(i) end
  return out
end

local function label_of(label) return label ~= "" and label or "all" end

--- km_tab: every time of every curve.
function M.table(km)
  local out = {}
  for label, c in km:curves() do
    local se = {}
    for i = 1, #c.time do se[i] = c.survival[i] > 0 and c.survival[i] * c.se_log[i] or 0 / 0 end
    out[label_of(label)] = { time = c.time, n_risk = c.n_risk, n_event = c.n_event,
      n_censor = c.n_censor, surv = c.survival,
      se_logsurv = c.se_log, se_surv = se, cumhaz = c.cumhaz, se_cumhaz = c.se_cumhaz,
      lower = c.lower, upper = c.upper }
  end
  return out
end

--- km_q: quartiles with limits.
function M.quantiles(km)
  local out = {}
  for label in km:curves() do
    local q = { probs = { 0.25, 0.5, 0.75 }, quantile = {}, lower = {}, upper = {} }
    for i, p in ipairs(q.probs) do
      local r = km:quantile(p, label)
      q.quantile[i], q.lower[i], q.upper[i] = r.estimate, r.lower, r.upper
    end
    out[label_of(label)] = q
  end
  return out
end

--- R's number at risk at t is that of the curve's next time. It is ours, except with delayed entry:
-- those who enter between t and that time count in R's.
function M.next_at_risk(curve, t, otherwise)
  for i = 1, #curve.time do if curve.time[i] >= t then return curve.n_risk[i] end end
  return otherwise
end

--- km_at: each curve at given times.
function M.at(km, times)
  local out = {}
  for label, curve in km:curves() do
    local a = { time = times, n_risk = {}, surv = {}, se_surv = {}, lower = {}, upper = {} }
    for i, time in ipairs(times) do
      local r = km:at(time, label)
      a.n_risk[i], a.surv[i], a.se_surv[i], a.lower[i],
        a.upper[i] = M.next_at_risk(curve, time, r.n_risk), r.survival, r.se, r.lower, r.upper
    end
    out[label_of(label)] = a
  end
  return out
end

--- sd_out and wlr: a log-rank test with its vectors; the first test where there are several.
function M.logrank(r)
  local k, u, v = #r.labels, {}, {}
  for g = 1, k do
    u[g] = r.observed[g] - r.expected[g]
    v[g] = { table.unpack(r.variance, (g - 1) * k + 1, g * k) }
  end
  return { n = r.n, observed = r.observed, expected = r.expected, var = v, U = u, V = v,
    chisq = r.chisq, df = r.df, p = r.p,
    z = k == 2 and u[1] / math.sqrt(v[1][1]) or nil }
end

return M
