-- SPDX-License-Identifier: GPL-3.0-or-later
-- first_of: the shape that PFS, RFS, DFS, EFS and TTP share: the first of some dated events counts, others
-- only end the observation.
local M = {}

-- The earliest dated event of patient among the roles in `events`, or nil.
local function earliest(patient, events)
  local day, reason
  for _, e in ipairs(events) do
    local d = patient[e.role]
    if d and (not day or d < day) then day, reason = d, e.reason end
  end
  return day, reason
end

--- Option of the endpoints that have competing events: each end is a cause of its own (for cumulative incidence).
M.COMPETING = { competing = { type = "boolean", default = false } }

--- derive function: events = { { role =, reason = }, ... } count; competing = the same shape: they end
--- the observation without counting, or, with the option competing, are causes beside the events' reasons.
function M.derive(events, competing)
  return function(patient, opt)
    local from = patient.origin
    if not from then return nil, "no start date" end
    local day, reason = earliest(patient, events)
    local other, other_reason = earliest(patient, competing or {})
    local causes = opt and opt.competing
    if day and (not other or day <= other) then
      return { from = from, to = day, event = causes and reason or true, reason = reason }
    end
    if other then return { from = from, to = other, event = causes and other_reason or false, reason = other_reason } end
    if not patient.censor then return nil, "neither event nor last assessment" end
    return { from = from, to = patient.censor, event = false, reason = "no event at last assessment" }
  end
end

--- Roles: origin, each of names = { role = doc }, censor.
function M.columns(names, origin_doc, censor_doc)
  local columns = {
    origin = { type = "date", required = true, doc = origin_doc or "start of the clock" },
    censor = { type = "date", required = true, doc = censor_doc or "last assessment without an event" },
  }
  for role, doc in pairs(names) do columns[role] = { type = "date", required = true, doc = doc } end
  return columns
end

return M
