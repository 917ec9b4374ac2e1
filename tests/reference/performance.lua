-- SPDX-License-Identifier: GPL-3.0-or-later
-- performance: how well predictions tell and how well they are calibrated.
local core = require "lunation.core"
local lun = require "lunation"

local M = {}

-- The endpoint of a data set's rows in which the covariates are known; "ph.ecog" is ph_ecog in
-- terms.
local function endpoint(d, covariates)
  local columns = {}
  for k, name in ipairs(d:names()) do columns[k] = { (name:gsub("%.", "_")), d:column(name) } end
  local data = require("lunation.data.table").new(core.table.new(columns), {})
  local os = lun.cohort(data):survival { time = "time", event = "status", is = 1 }
  return os:complete { covariates }
end

M["performance-lung"] = function(s, e)
  local os = endpoint(s.data "lung", "age + sex + ph_ecog")
  local fit, out, times = os:cox "age + sex + ph_ecog", {}, {}
  for name, v in pairs(e) do if v.time then times[#times + 1] = v.time end end
  table.sort(times)
  local roc, brier = fit:roc { times = times, variance = "timeroc" }, fit:brier { times = times }
  local tr = { auc = {}, se = {} }
  for k, t in ipairs(times) do
    local want = e["t" .. t]
    local c = fit:calibration { at = t, groups = #want.calibration_quintiles,
      thresholds = want.dca_thresholds }
    local groups, model, all = {}, {}, {}
    for g, v in ipairs(c.groups) do groups[g] = { v.n, v.predicted, v.observed } end
    for i, b in ipairs(c.net_benefit) do model[i], all[i] = b.model, b.all end
    out["t" .. t] = { time = t, auc_ipcw = roc.points[k].auc, brier = brier.points[k].brier,
      brier_null_km = brier.points[k].null, mean_pred_risk = c.predicted,
      observed_risk = c.observed.observed, calibration_quintiles = groups,
      dca_thresholds = want.dca_thresholds, net_benefit_model = model, net_benefit_all = all }
    tr.auc[k], tr.se[k] = roc.points[k].auc, roc.points[k].se
  end
  out.timeROC = tr
  return out
end

return M
