-- SPDX-License-Identifier: GPL-3.0-or-later
-- cause_specific: Cox models of each cause of an endpoint, side by side.
local causes = require "lunation.surv.causes"
local cox = require "lunation.surv.cox"
local errors = require "lunation.errors"

local M = {}
local CauseSpecific = require("lunation.base.result").class "cause_specific"

--- A model of each cause of an endpoint, the other causes censoring. Fields: models (a list),
--- causes (their names). opt: as for endpoint:cox, without cause.
function M.fit(endpoint, formula, given)
  local names, models = causes.names(endpoint), {}
  if #names < 2 then
    errors.raise("usage.cause", "cause_specific: the endpoint has one kind of event",
      { hint = "use endpoint:cox(terms)" })
  end
  for k in ipairs(names) do
    local opt = { cause = k }
    for key, v in pairs(given or {}) do opt[key] = v end
    models[k] = cox.fit(endpoint, formula, opt)
  end
  return CauseSpecific.new { models = models, causes = names, title = endpoint.title,
    convention = models[1].convention, conf_level = models[1].opt.conf_level }
end

--- The rows of the models, with the cause as group.
function CauseSpecific.methods:rows()
  local out = {}
  for k, model in ipairs(self.models) do
    for _, row in ipairs(model:rows()) do
      row.group = self.causes[k]
      out[#out + 1] = row
    end
  end
  return out
end

--- The models side by side. opt: see lunation.report.tables.
function CauseSpecific.methods:table(opt)
  local list, o = {}, { title = self.title .. ", cause-specific hazards" }
  for k, model in ipairs(self.models) do list[k] = { label = self.causes[k], fit = model } end
  for key, v in pairs(opt or {}) do o[key] = v end
  return require("lunation.report.tables").regression(list, o)
end

return M
