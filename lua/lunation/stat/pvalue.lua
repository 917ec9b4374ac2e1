-- SPDX-License-Identifier: GPL-3.0-or-later
-- pvalue: p-values, with their natural logarithm where the number itself has lost digits or is 0.
local core = require "lunation.core"
local dist = core.dist

local M = { SMALL = 1e-300 }

local function with_log(p, log_p)
  if p and p < M.SMALL then return p, log_p() end
  return p, nil
end

--- Two-sided p of a standard normal z, and log p when p is below 1e-300. nil for nil or NaN.
function M.normal(z)
  if not z or z ~= z then return nil end
  local a = math.abs(z)
  return with_log(2 * dist.norm_upper(a), function()
    return math.log(2) + dist.norm_log_upper(a)
  end)
end

--- The same of an upper tail of chi-square; nil without degrees of freedom.
function M.chisq(x, df)
  if not x or x ~= x or not df or df <= 0 then return nil end
  return with_log(dist.chisq_upper(x, df), function() return dist.chisq_log_upper(x, df) end)
end

--- The same, two-sided, of Student's t.
function M.t(t, df)
  if not t or t ~= t or not df or df <= 0 then return nil end
  local a = math.abs(t)
  return with_log(dist.t_two_sided(a, df), function()
    return math.log(2) + dist.t_log_upper(a, df)
  end)
end

--- The row with log_p beside a p (or a value that is one) below 1e-300. log_p: the logarithm, known
--- already.
function M.row(row, p, log_p)
  if p and p < M.SMALL then row.log_p = log_p end
  return row
end

return M
