-- SPDX-License-Identifier: GPL-3.0-or-later
-- causes: the causes of an endpoint by name and by number.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

--- The names of an endpoint's causes; "cause 1", ... where they have none.
function M.names(endpoint)
  local out = {}
  for cause = 1, math.max(1, endpoint.surv.causes) do
    out[cause] = endpoint.causes and endpoint.causes[cause] or "cause " .. cause
  end
  return out
end

--- The number of a cause given by name or number. Errors: usage.cause, with a suggestion.
function M.number(what, names, cause)
  if math.type(cause) == "integer" and names[cause] then return cause end
  for i, name in ipairs(names) do if name == cause then return i end end
  local text = ("%s: there is no cause %s; there %s %d")
    :format(what, tostring(cause), #names == 1 and "is" or "are", #names)
  errors.raise("usage.cause", text, { hint = suggest.hint(tostring(cause), names) })
end

return M
