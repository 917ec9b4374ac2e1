-- SPDX-License-Identifier: GPL-3.0-or-later
-- weighted: descriptions of the variables of a baseline table in the weighted groups, and their
-- standardised differences.
local core = require "lunation.core"

local M = {}

-- The weights of each group's known values, in the order of the values.
local function sorted(x, w, in_group)
  local at = {}
  for i = 1, #x do
    if in_group(i) and x[i] ~= nil and w[i] ~= nil then at[#at + 1] = i end
  end
  table.sort(at, function(a, b)
    if x[a] ~= x[b] then return x[a] < x[b] end
    return a < b
  end)
  return at
end

-- The smallest value at which the weights reach the share p of their sum.
local function quantile(x, w, order, sum, p)
  local reached = 0
  for _, i in ipairs(order) do
    reached = reached + w[i]
    if reached >= p * sum * (1 - 1e-12) then return x[i] end
  end
end

--- A number in a weighted group: { n (sum of weights), mean, sd, median, q1, q3 }. sd with the
--- factor n / (n - 1) of the number of patients; quantiles invert the weighted distribution
--- function.
function M.number(x, w, in_group)
  local order = sorted(x, w, in_group)
  local sum, mean, squares = 0, 0, 0
  for _, i in ipairs(order) do sum, mean = sum + w[i], mean + w[i] * x[i] end
  if sum == 0 then return { n = 0 } end
  mean = mean / sum
  for _, i in ipairs(order) do squares = squares + w[i] * (x[i] - mean) ^ 2 end
  return { n = sum, mean = mean, sd = #order > 1
    and math.sqrt(squares / sum * #order / (#order - 1)) or nil,
    median = quantile(x, w, order, sum, 0.5), q1 = quantile(x, w, order, sum, 0.25),
    q3 = quantile(x, w, order, sum, 0.75) }
end

--- The levels of a factor in a weighted group: { counts (sums of weights), n }.
function M.factor(x, levels, w, in_group)
  local counts, place, n = {}, {}, 0
  for k, level in ipairs(levels) do counts[k], place[level] = 0, k end
  for i = 1, #x do
    if in_group(i) and x[i] ~= nil and w[i] ~= nil then
      local k = place[x[i]]
      counts[k], n = counts[k] + w[i], n + w[i]
    end
  end
  return { counts = counts, n = n }
end

--- Difference of two weighted means over the pooled standard deviation of the unweighted groups
--- (Austin & Stuart 2015), so that before and after are on one scale.
function M.number_smd(a, b, before_a, before_b)
  if not (a.mean and b.mean and before_a.sd and before_b.sd) then return nil end
  local scale = math.sqrt((before_a.sd ^ 2 + before_b.sd ^ 2) / 2)
  if scale == 0 then return a.mean == b.mean and 0.0 or nil end
  return math.abs(a.mean - b.mean) / scale
end

--- Yang and Dalton's distance of the weighted shares.
function M.factor_smd(a, b) return core.summary.smd_factor(a.counts, b.counts) end

--- Kish's effective sample size of a group.
function M.effective(w, in_group)
  local sum, squares = 0, 0
  for i = 1, #w do
    if in_group(i) and w[i] ~= nil then sum, squares = sum + w[i], squares + w[i] ^ 2 end
  end
  return squares > 0 and sum * sum / squares or 0
end

return M
