-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"
local call, then_call = fields.call, fields.then_call

return require("lunation.analyses").define {
  kind = "immortal", title = "An exposure that begins during follow-up",
  doc = "The same hazard ratio three ways: the exposure taken as known from the start (naive: its "
    .. "patients cannot die before it), at landmarks, and as a time-dependent covariate.",
  fields = {
    immortal = fields.endpoint(), by = fields.by_required,
    at = { type = "list", of = { type = "number", min = 0 }, single = true, required = true,
      doc = "landmarks" },
    adjust = { type = "text", doc = "further model terms" }, strata = fields.strata,
    ties = fields.ties,
    conf_level = fields.conf_level,
  },
  calls = function(opt)
    local terms = fields.stratified(opt.by .. (opt.adjust and " + " .. opt.adjust or ""), opt.strata)
    local cox = { ties = opt.ties, conf_level = opt.conf_level }
    local calls = { call("naive", opt.immortal, "cox", terms, cox) }
    for _, at in ipairs(opt.at) do
      local name = ("at %s"):format(require("lunation.core").num.shortest(at))
      calls[#calls + 1] = fields.hidden(call(name .. " set", opt.immortal, "landmark", at))
      calls[#calls + 1] = then_call("landmark " .. name, name .. " set", "cox", terms, cox)
    end
    calls[#calls + 1] = fields.hidden(call("rows", opt.immortal, "split", opt.by))
    calls[#calls + 1] = then_call("time-dependent", "rows", "cox", terms, cox)
    return calls
  end,
  show = show.immortal,
}
