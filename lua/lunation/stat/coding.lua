-- SPDX-License-Identifier: GPL-3.0-or-later
-- coding: which level of which factor each column of a model matrix stands for, with its patients;
-- the rows of a regression's results say so.
local M = {}

-- Rows of each level of a factor, in all and by the level of an outcome.
local function count(factor, outcome)
  local n, cases = {}, {}
  for i = 1, #factor do
    local level = factor[i]
    if level ~= nil then
      n[level], cases[level] = (n[level] or 0) + 1, cases[level] or {}
      local y = outcome and outcome[i]
      if y then cases[level][y] = (cases[level][y] or 0) + 1 end
    end
  end
  return n, cases
end

--- column -> { variable, level, n, cases = { outcome's level -> n }, reference } for the columns of
--- a design (of core.design) that code a level of a factor; reference, on the first column of a
--- term, is the same of the level that has no column. outcome: a factor over the rows used, or nil.
function M.of(design, outcome)
  local out, from, columns = {}, 1, {}
  for _, t in ipairs(design.term) do columns[t] = (columns[t] or 0) + 1 end
  for t, name in ipairs(design.terms) do
    local levels, width = design:levels(t), columns[t] or 0
    if levels then
      local n, cases = count(design:factor(t), outcome)
      local function entry(level)
        return { variable = name, level = level, n = n[level] or 0, cases = cases[level] or {} }
      end
      for k = 1, width do out[from + k - 1] = entry(levels[k + 1]) end
      if width > 0 then out[from].reference = entry(levels[1]) end
    end
    from = from + width
  end
  return out
end

--- Puts into the row of a column the level that it stands for (entry, an element of M.of), and
--- before it into out the row of the reference level, with these fields, where there is one.
function M.add_level(out, row, entry, fields)
  local reference = entry.reference
  if reference then
    local first = { statistic = "reference", term = reference.variable .. ": " .. reference.level,
      variable = reference.variable, level = reference.level, value = 1, n = reference.n }
    for k, v in pairs(fields) do first[k] = v end
    out[#out + 1] = first
  end
  row.variable, row.level, row.n = entry.variable, entry.level, entry.n
end

return M
