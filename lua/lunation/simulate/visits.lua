-- SPDX-License-Identifier: GPL-3.0-or-later
-- visits: measurements of target lesions at visits, as lunation's response criteria read them. A
-- diameter follows baseline * (exp(-shrink t) + exp(grow t) - 1), t in months from the first dose
-- (Stein et al. 2008, The Oncologist 13:1046).
local draw = require "lunation.simulate.draw"
local load = require "lunation.simulate.load"
local numeric = require "lunation.simulate.numeric"

local M = {}

M.COLUMNS = { "date", "lesion", "role", "organ", "node", "mm", "viable_mm" }

local function values_of(c, path, v, default)
  if type(v) ~= "string" then return function() return v or default end end
  if not c:has(v) then
    load.fail(c.spec, path, "recipe.simulate", ('%s: there is no variable "%s"'):format(path, v))
  end
  local values = c.values[v]
  return function(i) return values[i] or default end
end

-- Visits of a patient, { number, day }: baseline (0), then every so many days while followed, but
-- for those missed.
local function visits_of(v, start, stop, missed)
  local out = { { number = 0, day = start + v.first } }
  for k = 1, v.n do
    local day = start + k * v.every
    if stop and day > stop then break end
    if v.skipped == 0 or missed:uniform() >= v.skipped then
      out[#out + 1] = { number = k, day = day }
    end
  end
  return out
end

--- Rows of one file of visits: { id, date, lesion, role, organ, node, mm, viable_mm }, as texts.
function M.rows(c, name, v, ids)
  local path, rows = "visits." .. name, {}
  local start, stop = values_of(c, path .. ".from", v.from), values_of(c, path .. ".to", v.to)
  local shrink, grow = values_of(c, path .. ".shrink", v.shrink, 0),
    values_of(c, path .. ".grow", v.grow, 0)
  local new, month = values_of(c, path .. ".new_lesion", v.new_lesion), c.spec.value.month
  local noise, missed, sizes = c:rng(path .. " noise"), c:rng(path .. " missed"), {}
  for k = 1, v.lesions do
    sizes[k] = draw.values(c, path .. ".size", v.size, c:rows(), c:rng(path .. " size " .. k))
  end
  local function mm_text(mm) return mm and ("%.1f"):format(mm) or "" end
  local function add(i, day, lesion, role, organ, mm, viable)
    rows[#rows + 1] = { ids[i], draw.iso(day), lesion, role, organ, "no", mm_text(mm),
      mm_text(viable) }
  end
  local function measured(i, k, visit)
    local t = math.max(0, visit.day - start(i)) / month
    local factor = numeric.exp(-shrink(i) * t) + numeric.exp(grow(i) * t) - 1
    local error_mm = v.noise > 0 and v.noise * numeric.normal_quantile(noise:uniform()) or 0
    local mm = math.max(0, sizes[k][i] * factor + error_mm)
    return visit.number > 0 and mm < v.seen_from and 0 or mm
  end
  for i = 1, c.n do
    local seen_new = false
    for _, visit in ipairs(start(i) and visits_of(v, start(i), stop(i), missed) or {}) do
      for k = 1, v.lesions do
        local mm = measured(i, k, visit)
        add(i, visit.day, "T" .. k, "target", v.organs[math.min(k, #v.organs)], mm,
          mm * numeric.pow(v.viable, visit.number))
      end
      if not seen_new and new(i) and visit.day >= new(i) then
        seen_new = true
        add(i, visit.day, "N1", "new", v.organs[1])
      end
    end
  end
  return rows
end

return M
