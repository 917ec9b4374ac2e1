-- SPDX-License-Identifier: GPL-3.0-or-later
-- overlap: groups that may share patients (a major response contains the complete ones): the
-- patients of each group stacked, so that a pair of groups is compared with a shared patient in
-- both.
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

local function rows_of(endpoint, group)
  local rows, kept = core.expr.mask(endpoint.cohort.patients.data, group.where), {}
  for k = 1, #rows do kept[k] = rows[k] end
  if #kept == 0 then
    errors.raise("data.empty", ("no patient has %s"):format(group.where),
      { hint = ("group %s: check the condition and the levels it names"):format(group.name) })
  end
  return kept
end

--- Stacks the groups { { name, where } ... }. Returns the endpoint of all their rows, the groups as
--- a factor over it, and how many patients are in more than one.
function M.stack(endpoint, groups)
  local rows, names, levels, seen, shared = {}, {}, {}, {}, 0
  for k, group in ipairs(groups) do
    levels[k] = group.name
    for _, i in ipairs(rows_of(endpoint, group)) do
      rows[#rows + 1], names[#names + 1] = i, group.name
      seen[i] = (seen[i] or 0) + 1
      if seen[i] == 2 then shared = shared + 1 end
    end
  end
  names.n = #names
  return endpoint:_part(rows, endpoint.cohort:_rows(rows)), core.column.factor(names, levels),
    shared
end

return M
