-- SPDX-License-Identifier: GPL-3.0-or-later
-- complete: the patients of an endpoint who have everything that several models read.
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

-- Numbers of the rows that have everything that each of the models reads.
local function complete_rows(endpoint, models)
  local data, lacking, out = endpoint.cohort.patients.data, {}, {}
  for _, terms in ipairs(models) do
    local from = 1
    for _, row in ipairs(core.design.new(terms, data, { tt = true }).rows) do
      for i = from, row - 1 do lacking[i] = true end
      from = row + 1
    end
    for i = from, endpoint.n do lacking[i] = true end
  end
  for i = 1, endpoint.n do if not lacking[i] then out[#out + 1] = i end end
  return out
end

--- The endpoint of those patients: see endpoint:complete.
function M.of(endpoint, models)
  local rows = complete_rows(endpoint, models)
  if #rows == 0 then
    errors.raise("data.empty", "no patient has a value of everything that the models read",
      { hint = "leave out the terms that are rarely known" })
  end
  local excluded, left = { table.unpack(endpoint.excluded) }, endpoint.n - #rows
  if left > 0 then
    excluded[#excluded + 1] = { reason = "a missing value in one of the models", n = left }
  end
  local result = endpoint:_part(rows, endpoint.cohort:_rows(rows), excluded)
  rawset(result, "incomplete", left)
  return result
end

return M
