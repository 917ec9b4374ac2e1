-- SPDX-License-Identifier: GPL-3.0-or-later
-- roc: receiver operating characteristic, one curve for each time or model, with its area.
local spec = require("lunation.figure.spec")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")
local format = require("lunation.format")

local FIELDS = options.fields("roc", { curves = "table!", annotation = "table" })
local CURVE = { label = "string!", fpr = "any!", tpr = "any!", auc = "table" }

--- ROC figure. curves: { label, fpr, tpr (fractions, from 0,0 to 1,1), auc = { estimate, lower,
--- upper } }.
return function(s)
  spec.check("roc", s, FIELDS)
  local w, series, parts = words.get(s.lang), {}, {}
  for k, curve in ipairs(s.curves) do
    spec.check("roc curve " .. k, curve, CURVE)
    local auc = curve.auc
      and (", AUC " .. (curve.auc.lower and format.estimate(curve.auc.estimate, curve.auc.lower,
      curve.auc.upper) or format.number(curve.auc.estimate))) or ""
    series[k] = { label = curve.label .. auc, kind = "line", x = {}, y = {} }
    for i = 1, #curve.fpr do
      series[k].x[i], series[k].y[i] = 100 * curve.fpr[i], 100 * curve.tpr[i]
    end
    parts[k] = curve.label .. auc
  end
  local axis = { low = 0, high = 100, step = 20 }
  return require("lunation.figure.xy")(options.pass("xy", s, { title = s.title or w.roc,
    xlab = s.xlab or w.false_positive, ylab = s.ylab or w.sensitivity, x = axis, y = axis,
      square = true,
    diagonal = true, suffix = "%", x_suffix = "%", annotation = s.annotation,
    description = s.description or table.concat(parts, "; ") .. ".", series = series }))
end
