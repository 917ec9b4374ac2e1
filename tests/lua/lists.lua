-- SPDX-License-Identifier: GPL-3.0-or-later
-- lists: random cohorts as lists by name, for the tests of identities.
local M = {}

--- The rows with these numbers of every list of c, in this order.
function M.rows_of(c, rows)
  local out = {}
  for name, list in pairs(c) do
    out[name] = {}
    for k, i in ipairs(rows) do out[name][k] = list[i] end
  end
  return out
end

return M
