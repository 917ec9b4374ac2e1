-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local call = fields.call

return require("lunation.analyses").define {
  kind = "logrank", title = "Tests of survival between groups",
  doc = "The log-rank test and its relatives with other weights, MaxCombo (the largest of several, "
    .. "for hazards that may not be proportional), a trend over ordered groups; weighted patients "
    .. "have the robust variance.",
  fields = {
    logrank = fields.endpoint(), by = fields.by_required, strata = fields.strata,
    tests = { type = "list", single = true, default = { "logrank" }, doc = "the tests",
      of = { type = "text",
      choices = { "logrank", "gehan", "tarone-ware", "peto", "modified-peto", "fleming-harrington",
        "maxcombo" } } },
    rho = { type = "number", min = 0, max = 10,
      doc = "of the Fleming-Harrington test: weight of early differences" },
    gamma = { type = "number", min = 0, max = 10,
      doc = "of the Fleming-Harrington test: weight of late differences" },
    trend = fields.flag "also a trend over the groups in their order",
    weights = { type = "text", role = "column", doc = "column of sampling weights" },
    cluster = { type = "text", role = "column",
      doc = "column that names the clusters, with weights" },
    ties = { type = "text", choices = { "efron", "breslow" },
      doc = "means at tied events, with weights" },
  },
  calls = function(opt)
    local calls = {}
    for i, test in ipairs(opt.tests) do
      local args = { by = opt.by, strata = opt.strata, weights = opt.weights, cluster = opt.cluster,
        ties = opt.weights and opt.ties }
      if test == "maxcombo" then calls[i] = call(test, opt.logrank, "maxcombo", args)
      else
        args.test, args.trend = test, opt.trend or nil
        if test == "fleming-harrington" then args.rho, args.gamma = opt.rho, opt.gamma end
        calls[i] = call(test, opt.logrank, "logrank", args)
      end
    end
    return calls
  end,
  show = function(doc, r, opt, study, id)
    local rows = {}
    for i, name in ipairs(opt.tests) do
      local test = r[name]
      rows[i] = { test = test.title, statistic = name == "maxcombo" and test.statistic
        or test.chisq, df = name ~= "maxcombo" and test.df or nil,
        p = require("lunation.format").p_value(test.p), trend = opt.trend
          and require("lunation.format").p_value(test.trend_p) or nil }
    end
    local columns = { { key = "test", label = "Test" }, { key = "statistic",
      label = "Chi-square, or largest |z|", align = "decimal", decimals = 2 },
      { key = "df", label = "df", align = "right" },
      { key = "p", label = "*p*", align = "decimal" } }
    if opt.trend then columns[5] = { key = "trend", label = "*p* for trend", align = "decimal" } end
    doc:table { id = id .. "-tests", caption = ("%s by %s"):format(study.env[opt.logrank].title,
      study.cohort.patients:label(opt.by)),
      columns = columns, rows = rows }
  end,
}
