-- SPDX-License-Identifier: GPL-3.0-or-later
-- overlap: the distribution of the propensity score in each group; where only one of them has
-- patients, nothing can be compared.
local spec = require("lunation.figure.spec")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")

local FIELDS = options.fields("overlap", { groups = "table!" })
local GROUP = { label = "string!", score = "any!", weight = "any" }
local GRID, BINS = 100, 100

-- Counts (or sums of weights) of scores in fine bins, and Silverman's width.
local function bin(score, weight)
  local bins, total, sum, square = {}, 0, 0, 0
  for b = 1, BINS do bins[b] = 0 end
  for i = 1, #score do
    local v, g = score[i], weight and weight[i] or 1
    total, sum, square = total + g, sum + g * v, square + g * v * v
    local b = math.min(BINS, math.floor(v * BINS) + 1)
    bins[b] = bins[b] + g
  end
  local mean = sum / total
  local width = 1.06 * math.sqrt(math.max(square / total - mean * mean, 0)) * (#score) ^ -0.2
  return bins, total, math.max(width, 0.01)
end

-- The kernel at distances of 0, 1/2, 1, 3/2 ... steps of the grid: a bin's middle lies between two
-- points of the grid.
local function kernel_of(width)
  local kernel = {}
  for d = 0, 4 * GRID do
    local u = d / (2 * GRID) / width
    kernel[d] = math.exp(-0.5 * u * u)
  end
  return kernel
end

-- Gaussian kernel density over 0 to 1 from the bins. What the kernel would lay outside is reflected
-- inside, so that the area is one.
local function density(score, weight)
  local bins, total, width = bin(score, weight)
  local x, y, reach, kernel = {}, {}, 4 * width, kernel_of(width)
  for g = 0, GRID do x[g + 1], y[g + 1] = g / GRID, 0 end
  local function add(v, mass)
    local middle = math.floor(2 * GRID * v + 0.5)
    for g = math.max(0, math.ceil((v - reach) * GRID)),
      math.min(GRID, math.floor((v + reach) * GRID)) do
      local d = 2 * g - middle
      y[g + 1] = y[g + 1] + mass * kernel[d < 0 and -d or d]
    end
  end
  for b = 1, BINS do
    local v, mass = (b - 0.5) / BINS, bins[b] / (total * width * math.sqrt(2 * math.pi))
    if mass > 0 then
      add(v, mass)
      if v < reach then add(-v, mass) end
      if v > 1 - reach then add(2 - v, mass) end
    end
  end
  return x, y
end

-- The scores of a result of cohort:weights.
local function of_result(weights, opt)
  local s = weights:drawing()
  if not (opt and opt.weighted) then
    for _, group in ipairs(s.groups) do group.weight = nil end
  end
  for name, value in pairs(opt or {}) do
    if name ~= "weighted" then s[name] = value end
  end
  return s
end

--- Overlap figure: overlap(result, fields) of cohort:weights (weighted = true: the weighted
--- scores), or overlap(fields). groups: { label, score (vector of fractions), weight }; lang;
--- title, description.
return function(given, opt)
  local s = type(given.drawing) == "function" and of_result(given, opt) or given
  spec.check("overlap", s, FIELDS)
  local w, series, parts = words.get(s.lang), {}, {}
  for k, group in ipairs(s.groups) do
    spec.check("overlap group " .. k, group, GROUP)
    if #group.score == 0 then spec.fail("overlap", "group '%s' has no scores", group.label) end
    local least, most = math.huge, -math.huge
    for i = 1, #group.score do
      local v = group.score[i]
      if not (v >= 0 and v <= 1) then
        spec.fail("overlap", "group '%s': score %s is not in 0 to 1", group.label, tostring(v))
      end
      least, most = math.min(least, v), math.max(most, v)
    end
    local x, y = density(group.score, group.weight)
    series[k] = { label = ("%s (n = %d)"):format(group.label, #group.score), x = x, y = y,
      filled = true }
    parts[k] = ("%s: n = %d, %.2f to %.2f"):format(group.label, #group.score, least, most)
  end
  return require("lunation.figure.xy")(options.pass("xy", s, { title = s.title or w.overlap,
    xlab = s.xlab or w.propensity, ylab = s.ylab or w.density, x = { low = 0, high = 1,
      step = 0.2 },
    y = { low = 0 }, series = series, description = s.description
    or table.concat(parts, "; ") .. "." }))
end
