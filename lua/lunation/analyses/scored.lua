-- SPDX-License-Identifier: GPL-3.0-or-later
-- scored: what the kinds roc and brier share: several models and columns judged on the same
-- patients.
local errors = require "lunation.errors"
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

local M = {}

--- The fields of both, with those of one.
function M.fields(own)
  own.models = { type = "list", of = { type = "text" }, single = true,
    doc = "the terms of each Cox model" }
  own.cause = { type = "text", doc = "the cause that is the event, where there are several; of "
    .. "columns only" }
  own.ties, own.conf_level = fields.ties, fields.conf_level
  return own
end

--- What is judged, in order: a list of { name (of the result), label, terms or column }.
function M.list(opt)
  local out = {}
  for i, terms in ipairs(opt.models or {}) do
    out[#out + 1] = { name = ("model %d"):format(i), label = terms, terms = terms }
  end
  for _, column in ipairs(opt.markers or {}) do
    out[#out + 1] = { name = column, label = column, column = column }
  end
  return out
end

local function against(score) return score.name .. " against the first" end

--- The calls: fits, scores by the method of the kind's name, and differences to the first where
--- there are times. how: the options of the method beyond those of both kinds.
function M.calls(opt, kind, how)
  local list, reads, calls = M.list(opt), {}, {}
  how.times, how.cause, how.conf_level = opt.times, opt.cause, opt.conf_level
  if #list == 0 then
    errors.raise("recipe.option", kind .. ": state models, markers, or both")
  end
  for i, score in ipairs(list) do reads[i] = score.terms or score.column end
  calls[1] = fields.complete(opt[kind], reads)
  for i, score in ipairs(list) do
    local what = score.column
    if score.terms then
      local fit = fields.then_call("cox " .. i, "patients", "cox", score.terms, { ties = opt.ties })
      calls[#calls + 1], what = fields.hidden(fit), fields.result("cox " .. i)
    end
    calls[#calls + 1] = fields.then_call(score.name, "patients", kind, what, how)
    if i > 1 and opt.times then
      calls[#calls + 1] = fields.then_call(against(score), score.name, "compare",
        fields.result(list[1].name))
    end
  end
  return calls
end

--- A table of each score, and of its differences to the first.
function M.show(doc, r, opt, id)
  for i, score in ipairs(M.list(opt)) do
    for k, name in ipairs { score.name, against(score) } do
      if r[name] then
        local t = r[name]:table()
        if k == 1 and i == 1 then
          for _, note in ipairs(fields.incomplete(r.patients)) do t.notes[#t.notes + 1] = note end
        end
        show.put(doc, t, ("%s-%d%s"):format(id, i, k == 2 and "-difference" or ""))
      end
    end
  end
end

return M
