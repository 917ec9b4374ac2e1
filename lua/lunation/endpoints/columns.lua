-- SPDX-License-Identifier: GPL-3.0-or-later
-- columns: the roles of endpoints that begin at an origin and are censored at a date.
-- columns(names, origin, censor): names = { role = doc }; origin and censor are the docs of those
-- two where they say more than the usual.
local ORIGIN = { type = "date", required = true, doc = "start of the clock" }

local function columns(_, names, origin, censor)
  local out = {
    origin = { type = "date", required = true, doc = origin or ORIGIN.doc },
    censor = { type = "date", required = true, doc = censor or "last assessment without an event" },
  }
  for role, doc in pairs(names) do out[role] = { type = "date", required = true, doc = doc } end
  return out
end

return setmetatable({ ORIGIN = ORIGIN }, { __call = columns })
