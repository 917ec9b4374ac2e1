-- SPDX-License-Identifier: GPL-3.0-or-later
-- fields: schema pieces that several kinds of analysis share.
local M = {}

function M.endpoint(doc) return { type = "text", required = true, role = "endpoint", doc = doc or "an endpoint of this recipe" } end

M.by = { type = "text", role = "column", doc = "column whose values are the groups" }
M.by_required = { type = "text", required = true, role = "column", doc = "column whose values are the groups" }
M.strata = { type = "list", of = { type = "text" }, single = true, role = "column", doc = "columns whose cells are the strata" }
M.times = { type = "list", of = { type = "number", min = 0 }, single = true, doc = "times at which the rate is given" }
M.conf_level = { type = "number", min = 0.5, max = 0.9999, default = 0.95, doc = "confidence level" }
M.conf_type = { type = "text", choices = { "log", "log-log", "plain", "arcsine", "logit" }, doc = "transformation of the limits" }
M.median_rule = { type = "text", choices = { "r", "sas", "spss" },
  doc = "limits of the median: r and sas invert the band, spss is symmetric" }
M.ties = { type = "text", choices = { "efron", "breslow", "exact" }, doc = "how tied event times are handled" }
M.adjust = { type = "text", choices = { "holm", "hochberg", "hommel", "bh", "by", "bonferroni", "none" }, default = "holm",
  doc = "adjustment of several p-values" }
M.columns = { type = "list", of = { type = "text" }, single = true, required = true, role = "column", doc = "columns" }
M.terms = { type = "text", doc = "model terms in R's notation: a + b + strata(c)" }
M.flag = function(doc, default) return { type = "boolean", default = default or false, doc = doc } end

--- A call of the plan.
function M.call(as, on, method, ...)
  return { as = as, on = on, method = method, args = { ... } }
end

--- A call on an earlier result of the same analysis.
function M.then_call(as, on, method, ...)
  return { as = as, on = on, method = method, args = { ... }, local_on = true }
end

return M
