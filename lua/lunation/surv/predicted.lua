-- SPDX-License-Identifier: GPL-3.0-or-later
-- predicted: what is judged against an endpoint, a column of its cohort or a Cox model, as numbers
-- of the patients for whom they are known.
local Cox = require("lunation.surv.cox_model").class
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

local function is_model(what) return Cox.is(what) end

-- The rows that a Cox model is asked about: its own (nil), or those of another endpoint's cohort.
local function newdata(endpoint, model)
  return model.endpoint ~= endpoint and endpoint.cohort or nil
end

-- Columns by time: a name for all times, or a list beside them.
local function column_at(endpoint, what, times, t)
  if type(what) == "string" then return endpoint.cohort:column(what) end
  for k, time in ipairs(times) do if time == t then return endpoint.cohort:column(what[k]) end end
end

local function check(what, times)
  if type(what) == "string" or is_model(what) then return end
  if type(what) ~= "table" or getmetatable(what) then
    errors.raise("usage.marker",
      "expected a column's name, a list of names, or a Cox model, found a " .. type(what))
  end
  if #what ~= #times then
    errors.raise("usage.marker", ("%d columns for %d times"):format(#what, #times),
      { hint = "name one column for each time" })
  end
end

-- Without strata patients are ordered by the linear predictor alike at all times.
local function marker_of(endpoint, model, t)
  if model.design.strata then return model:probability(t, newdata(endpoint, model)) end
  return model:predict { type = "lp", newdata = newdata(endpoint, model), se = false }.fit
end

--- { label, n, dropped, surv, rows, at(t) -> column of surv's rows, endpoint }: what (a column's
--- name, a list of names beside the times, a Cox model) of the patients for whom it is known at all
--- times. kind: "risk" (probability of the event by t) or "marker" (any number, larger for an
--- earlier event). Errors: usage.marker, data.empty, usage.start.
function M.of(endpoint, what, times, kind)
  check(what, times)
  if endpoint.start then
    errors.raise("usage.start", "patients who enter late cannot be weighted for censoring",
      { hint = "use an endpoint without delayed entry" })
  end
  local raw, rows = {}, {}
  local function value(t)
    if raw[t] == nil then
      raw[t] = not is_model(what) and column_at(endpoint, what, times, t)
        or kind == "risk" and what:probability(t, newdata(endpoint, what)) or marker_of(endpoint,
          what, t)
    end
    return raw[t]
  end
  for i = 1, endpoint.n do
    local known = true
    for _, t in ipairs(times) do known = known and value(t)[i] ~= nil end
    if known then rows[#rows + 1] = i end
  end
  if #rows == 0 then errors.raise("data.empty", "no patient has a prediction") end
  local all = #rows == endpoint.n
  local self = { rows = rows, n = #rows, dropped = endpoint.n - #rows, endpoint = endpoint,
    label = is_model(what) and what.formula or type(what) == "string"
      and endpoint.cohort.patients:label(what)
      or table.concat(what, ", ") }
  self.surv = all and endpoint.surv
    or core.surv.new { time = endpoint.time:gather(rows), status = endpoint.status:gather(rows) }
  function self.at(t)
    local column = value(t)
    if all then return column end
    return column:gather(rows)
  end
  -- For times of which only the known ones need their predictions kept.
  function self.forget(t) raw[t] = nil end
  return self
end

--- Whether probabilities are known at every time: of a model.
M.is_model = is_model

--- A sentence on who was left out, "" if nobody.
function M.dropped(predicted)
  if predicted.dropped == 0 then return "" end
  return (" %d patient%s without a prediction left out."):format(predicted.dropped,
    predicted.dropped == 1 and "" or "s")
end

return M
