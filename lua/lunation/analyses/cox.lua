-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call = fields.call

-- Top-level terms of a formula: "a + b*c + strata(d)" -> { "a", "b*c", "strata(d)" }.
local function split_terms(formula)
  local out, depth, from = {}, 0, 1
  for i = 1, #formula + 1 do
    local c = formula:sub(i, i)
    if c == "(" then depth = depth + 1 elseif c == ")" then depth = depth - 1 end
    if (c == "+" and depth == 0) or c == "" then
      out[#out + 1] = formula:sub(from, i - 1):match("^%s*(.-)%s*$")
      from = i + 1
    end
  end
  return out
end

local SPECIAL = { strata = true, cluster = true, offset = true }

-- One model for each covariate, with the strata and clusters of the whole model.
local function univariable(opt, cox)
  local own, common = {}, {}
  for _, term in ipairs(split_terms(opt.terms)) do
    local fn = term:match("^(%a+)%s*%(")
    if fn and SPECIAL[fn] then common[#common + 1] = term else own[#own + 1] = term end
  end
  for _, term in ipairs(split_terms(opt.also or "")) do
    if term ~= "" then own[#own + 1] = term end
  end
  local calls = {}
  for _, term in ipairs(own) do
    calls[#calls + 1] = call("univariable: " .. term, opt.cox, "cox", table.concat({ term, table.unpack(common) }, " + "), cox)
  end
  return calls
end

return require("lunation.analyses").define {
  kind = "cox", title = "Cox regression",
  doc = "Hazard ratios of several covariates in one model and, if asked for, each alone.",
  fields = {
    cox = fields.endpoint(), terms = { type = "text", required = true, doc = fields.terms.doc },
    univariable = fields.flag "also a model for each covariate alone",
    also = { type = "text", doc = "covariates that are shown univariably only" },
    ties = fields.ties, robust = fields.flag "robust (sandwich) standard errors",
    conf_level = fields.conf_level, ph_test = fields.flag "test of proportional hazards",
    figure = { type = "text", choices = { "forest", "none" }, default = "none", doc = "figure of the hazard ratios" },
  },
  calls = function(opt)
    local cox = { ties = opt.ties, robust = opt.robust or nil, conf_level = opt.conf_level }
    local calls = { call("model", opt.cox, "cox", opt.terms, cox) }
    if opt.univariable then
      for _, c in ipairs(univariable(opt, cox)) do calls[#calls + 1] = c end
    end
    if opt.ph_test then calls[#calls + 1] = fields.then_call("ph", "model", "zph") end
    return calls
  end,
  show = show.cox,
}
