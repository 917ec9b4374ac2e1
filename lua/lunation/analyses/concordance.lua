-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local format = require "lunation.format"

local function name_of(i) return ("model %d"):format(i) end

return require("lunation.analyses").define {
  kind = "concordance", title = "Concordance of models",
  doc = "How well Cox models order the patients: Harrell's or Uno's C of each, and the \z
    differences to the first. All are fitted to the patients who have everything that any of them \z
    reads.",
  fields = {
    concordance = fields.endpoint(),
    models = { type = "list", of = { type = "text" }, required = true, single = true,
      doc = "the terms of each model" },
    measure = { type = "text", choices = { "harrell", "uno" }, default = "harrell",
      doc = "Uno's C does not depend on the censoring" },
    ["until"] = { type = "number", min = 0, doc = "only what happens up to this time" },
    ties = fields.ties,
  },
  calls = function(opt)
    local calls = { fields.complete(opt.concordance, opt.models) }
    local how = { timewt = opt.measure == "uno" and "n/G2" or "n",
      ["until"] = opt["until"] }
    for i, terms in ipairs(opt.models) do
      local fit = fields.then_call("cox " .. i, "patients", "cox", terms, { ties = opt.ties })
      calls[#calls + 1] = fields.hidden(fit)
      calls[#calls + 1] = fields.then_call(name_of(i), "cox " .. i, "concordance", how)
      if i > 1 then
        calls[#calls + 1] = fields.then_call(("model %d against model 1"):format(i), name_of(i),
          "compare", fields.result(name_of(1)))
      end
    end
    return calls
  end,
  show = function(doc, r, opt, _, id)
    local rows = {}
    for i, terms in ipairs(opt.models) do
      local c, against = r[name_of(i)], r[("model %d against model 1"):format(i)]
      rows[i] = { model = terms, n = c.n, c = format.estimate(c.estimate, c.lower, c.upper, 3),
        difference = against and format.estimate(against.estimate, against.lower, against.upper, 3),
        p = against and format.p_value(against.p) }
    end
    local columns = { { key = "model", label = "Model" }, { key = "n", label = "n",
      align = "right" },
      { key = "c", label = ("C (%g%% CI)"):format(100 * r[name_of(1)].conf_level),
        align = "decimal" } }
    if #rows > 1 then
      columns[4] = { key = "difference", label = "Difference to the first", align = "decimal" }
      columns[5] = { key = "p", label = "*p*", align = "decimal" }
    end
    doc:table { id = id .. "-concordance", caption = r[name_of(1)].title, columns = columns,
      rows = rows, notes = { r[name_of(1)].convention,
        table.unpack(fields.incomplete(r.patients)) } }
  end,
}
