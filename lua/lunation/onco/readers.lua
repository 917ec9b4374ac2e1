-- SPDX-License-Identifier: GPL-3.0-or-later
-- readers: the same patients assessed by several readers, and how far they agree.
local class = require "lunation.base.class"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local recist = require "lunation.onco.recist"

local M = {}

local Readers = class("readers")
local Agreement = class("agreement")
local methods = Readers.methods

--- Responses by reader. opt: reader (column of the lesion table, default "reader"), and the options of
--- cohort:recist.
function M.assess(cohort, opt)
  local rest = {}
  for k, v in pairs(opt or {}) do rest[k] = v end
  local name = rest.reader or "reader"
  rest.reader = nil
  rest = recist.options(rest)
  local linked = cohort:linked_table(rest.table or "lesions")
  local column = factor(linked:column(name))
  local rows = {}
  for i = 1, #column do
    local reader = column[i]
    if not reader then
      errors.raise("data.reader", ("row %d of the lesions has no reader"):format(i), { hint = "every row needs one" })
    end
    rows[reader] = rows[reader] or {}
    rows[reader][#rows[reader] + 1] = i
  end
  local names, by = {}, {}
  for _, reader in ipairs(column.levels) do
    if rows[reader] then
      names[#names + 1] = reader
      by[reader] = recist.assess_table(cohort, linked:gather(rows[reader]), rest)
    end
  end
  return Readers.new { names = names, by = by, cohort = cohort }
end

-- Observed agreement and Cohen's kappa of two lists of equal length, with the standard error of J. L. Fleiss,
-- J. Cohen, B. S. Everitt, Psychol Bull 1969;72:323, formula 13.
local function kappa(a, b)
  local n, cells, rows, columns = #a, {}, {}, {}
  for i = 1, n do
    local key = a[i] .. "\0" .. b[i]
    cells[key] = (cells[key] or 0) + 1 / n
    rows[a[i]], columns[b[i]] = (rows[a[i]] or 0) + 1 / n, (columns[b[i]] or 0) + 1 / n
  end
  local words = {}
  for _, t in ipairs { rows, columns } do for w in pairs(t) do words[w] = true end end
  words = require("lunation.base.suggest").keys(words)
  local po, pe = 0, 0
  for _, w in ipairs(words) do
    po = po + (cells[w .. "\0" .. w] or 0)
    pe = pe + (rows[w] or 0) * (columns[w] or 0)
  end
  if n == 0 or pe >= 1 then return po, nil, nil end
  local k, diagonal, off = (po - pe) / (1 - pe), 0, 0
  for _, w in ipairs(words) do
    local p = (cells[w .. "\0" .. w] or 0)
    diagonal = diagonal + p * ((1 - pe) - ((rows[w] or 0) + (columns[w] or 0)) * (1 - po)) ^ 2
    for _, u in ipairs(words) do
      if u ~= w then off = off + (cells[w .. "\0" .. u] or 0) * ((columns[w] or 0) + (rows[u] or 0)) ^ 2 end
    end
  end
  local variance = (diagonal + (1 - po) ^ 2 * off - (po * pe - 2 * pe + po) ^ 2) / (n * (1 - pe) ^ 4)
  return po, k, math.sqrt(math.max(0, variance))
end
M.kappa = kappa

--- Agreement of two readers on the best response, among patients whom both assessed: n, observed, kappa, se, lower, upper, and the patients on
--- whom they differ: { { id, [reader] = response }, ... }.
function methods:agreement(first, second)
  for _, name in ipairs { first or self.names[1], second or self.names[2] } do
    if not self.by[name] then
      errors.raise("usage.reader", ('there is no reader "%s"'):format(tostring(name)),
        { hint = require("lunation.base.suggest").hint(tostring(name), self.names) })
    end
  end
  first, second = first or self.names[1], second or self.names[2]
  local one, two = self.by[first]:column("best"), self.by[second]:column("best")
  local seen, too = self.by[first]:column("visits"), self.by[second]:column("visits")
  local ids, a, b, differ = self.cohort:column(self.cohort.patients.key), {}, {}, {}
  for i = 1, #one do
    if one[i] and two[i] and seen[i] > 0 and too[i] > 0 then
      a[#a + 1], b[#b + 1] = one[i], two[i]
      if one[i] ~= two[i] then differ[#differ + 1] = { id = ids[i], [first] = one[i], [second] = two[i] } end
    end
  end
  local observed, k, se = kappa(a, b)
  return Agreement.new { first = first, second = second, n = #a, observed = observed, kappa = k or 0 / 0, se = se or 0 / 0,
    lower = k and k - 1.959963984540054 * se or 0 / 0, upper = k and math.min(1, k + 1.959963984540054 * se) or 0 / 0,
    disagreements = differ }
end

Agreement.meta.__tostring = function(self)
  local out = { ("%s and %s: %d patients, agreement %.1f%%, kappa %.2f (95%% CI %.2f to %.2f)"):format(self.first, self.second,
    self.n, 100 * self.observed, self.kappa, self.lower, self.upper) }
  for _, d in ipairs(self.disagreements) do
    out[#out + 1] = ("  %s: %s, %s"):format(tostring(d.id), d[self.first], d[self.second])
  end
  return table.concat(out, "\n")
end

Readers.meta.__tostring = function(self) return ("responses by %d readers: %s"):format(#self.names, table.concat(self.names, ", ")) end

return M
