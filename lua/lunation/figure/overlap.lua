-- SPDX-License-Identifier: GPL-3.0-or-later
-- overlap: the distribution of the propensity score in each group; where only one of them has
-- patients, nothing can be compared.
local spec = require("lunation.figure.spec")
local words = require("lunation.report.words")

local FIELDS = { groups = "table!", lang = "string", title = "string", description = "string", notes = "table", id = "string",
  xlab = "string" }
local GROUP = { label = "string!", score = "any!", weight = "any" }
local GRID, BINS = 100, 200

-- Gaussian kernel density (Silverman's width) of scores in 0 to 1, from counts in fine bins. What the
-- kernel would lay outside 0 to 1 is reflected inside.
local function density(score, weight)
  local n, sum, square, bins = #score, 0, 0, {}
  for b = 1, BINS do bins[b] = 0 end
  local total = 0
  for i = 1, n do
    local v, g = score[i], weight and weight[i] or 1
    total, sum, square = total + g, sum + g * v, square + g * v * v
    local b = math.min(BINS, math.floor(v * BINS) + 1)
    bins[b] = bins[b] + g
  end
  local mean = sum / total
  local width = math.max(1.06 * math.sqrt(math.max(square / total - mean * mean, 0)) * n ^ -0.2, 0.01)
  local x, y, scale = {}, {}, 1 / (total * width * math.sqrt(2 * math.pi))
  for g = 0, GRID do
    local at, d = g / GRID, 0
    for b = 1, BINS do
      if bins[b] > 0 then
        local v = (b - 0.5) / BINS
        for _, image in ipairs { v, -v, 2 - v } do
          local u = (at - image) / width
          if u > -5 and u < 5 then d = d + bins[b] * math.exp(-0.5 * u * u) end
        end
      end
    end
    x[g + 1], y[g + 1] = at, d * scale
  end
  return x, y
end

--- Overlap figure. groups: { label, score (vector of fractions), weight }; lang; title, description.
return function(s)
  spec.check("overlap", s, FIELDS)
  local w, series, parts = words.get(s.lang), {}, {}
  for k, group in ipairs(s.groups) do
    spec.check("overlap group " .. k, group, GROUP)
    if #group.score == 0 then spec.fail("overlap", "group '%s' has no scores", group.label) end
    local least, most = math.huge, -math.huge
    for i = 1, #group.score do
      local v = group.score[i]
      if not (v >= 0 and v <= 1) then spec.fail("overlap", "group '%s': score %s is not in 0 to 1", group.label, tostring(v)) end
      least, most = math.min(least, v), math.max(most, v)
    end
    local x, y = density(group.score, group.weight)
    series[k] = { label = ("%s (n = %d)"):format(group.label, #group.score), x = x, y = y, filled = true }
    parts[k] = ("%s: n = %d, %.2f to %.2f"):format(group.label, #group.score, least, most)
  end
  return require("lunation.figure.xy") { id = s.id, title = s.title or w.overlap, xlab = s.xlab or w.propensity, ylab = w.density,
    x = { low = 0, high = 1, step = 0.2 }, y = { low = 0 }, series = series, notes = s.notes,
    description = s.description or table.concat(parts, "; ") .. "." }
end
