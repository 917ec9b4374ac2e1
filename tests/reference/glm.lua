-- SPDX-License-Identifier: GPL-3.0-or-later
-- glm: logistic and multinomial regression.
local shapes = dofile("tests/reference/shapes.lua")
local core = require "lunation.core"
local glm = core.glm

local M = {}

local function is(column, level) return shapes.rows(#column, function(i) return column[i] == level and 1 or 0 end) end

local function square(v, p)
  local out = {}
  for i = 1, p do
    out[i] = {}
    for j = 1, p do out[i][j] = v[p * (i - 1) + j] end
  end
  return out
end

M["logistic-hcc"] = function(s)
  local d = s.data "hcc_sim"
  local child, surgery = d:column "child", shapes.named(d:column "surgery", "surgery")
  local x = { d:column "haic", d:column "age", d:column "size_cm", is(child, "A6"), is(child, "B7"),
    shapes.rows(#d, function(i) return math.log(d:column "afp"[i]) end) }
  local fit, firth = glm.logit(surgery, x, { profile = 0.95 }), glm.logit(surgery, x, { firth = true, profile = 0.95 })
  local z, p, fitted, brier = {}, {}, {}, 0
  for j = 1, #fit.coef do
    z[j] = fit.coef[j] / fit.se[j]
    p[j] = 2 * core.dist.norm_upper(math.abs(z[j]))
  end
  local limits = {}
  for j = 1, #fit.coef do limits[j] = { fit.lower[j], fit.upper[j] } end
  for i = 1, fit.n do
    fitted[i] = fit.fitted[2 * i]
    brier = brier + (fitted[i] - d:column "surgery"[i]) ^ 2 / fit.n
  end
  return { coef = fit.coef, se = fit.se, z = z, p = p, vcov = type(fit.vcov[1]) == "number" and square(fit.vcov, #fit.coef) or fit.vcov,
    deviance = -2 * fit.loglik, null_deviance = -2 * fit.loglik_null, aic = 2 * #fit.coef - 2 * fit.loglik, loglik = fit.loglik,
    auc = glm.auc(fitted, surgery), brier = brier, profile_ci = limits,
    firth = { coef = firth.coef, se = firth.se, lower = firth.lower, upper = firth.upper, loglik = { firth.loglik, firth.loglik_null } } }
end

M["multinom-hcc"] = function(s)
  local d = s.data "hcc_sim"
  local pvtt, regimen = d:column "pvtt", d:column "regimen"
  local x = { d:column "age", d:column "size_cm", is(pvtt, "Vp1-2"), is(pvtt, "Vp3"), is(pvtt, "Vp4"), d:column "ecog" }
  local fit = glm.logit(regimen, x)
  local coef, se, first = { {}, {} }, { {}, {} }, { {}, {}, {} }
  for e = 1, 2 do
    for j = 1, 7 do coef[e][j], se[e][j] = fit.coef[7 * (e - 1) + j], fit.se[7 * (e - 1) + j] end
  end
  for i = 1, 3 do
    for k = 1, 3 do first[i][k] = fit.fitted[3 * (i - 1) + k] end
  end
  local number, sum, squares, ess = {}, { 0, 0, 0 }, { 0, 0, 0 }, {}
  for k, level in ipairs(regimen.levels) do number[level] = k end
  for i = 1, fit.n do
    local k = number[regimen[i]]
    local w = 1 / fit.fitted[3 * (i - 1) + k]
    sum[k], squares[k] = sum[k] + w, squares[k] + w * w
  end
  for k = 1, 3 do ess[k] = sum[k] ^ 2 / squares[k] end
  return { coef = coef, se = se, deviance = -2 * fit.loglik, ps_first3 = first, weight_sum_by_arm = sum, ess = ess }
end

return M
