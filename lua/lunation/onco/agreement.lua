-- SPDX-License-Identifier: GPL-3.0-or-later
-- agreement: the best response of the same patients twice, by two readers or by two criteria: cross
-- table, kappa, and on whom they differ.
local core = require "lunation.core"
local errors = require "lunation.errors"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class

local M = {}
local Agreement = result("agreement", { "kappa", "se", "lower", "upper", "p", "weighted" })

local OPTIONS = { first = { type = "string", default = "first" },
  second = { type = "string", default = "second" },
  conf_level = { type = "number", default = 0.95, min = 0.5, max = 0.9999 } }

-- Levels that occur in either list, in the order of the criteria.
local function levels_of(levels, a, b)
  local seen, out = {}, {}
  for i = 1, #a do seen[a[i]], seen[b[i]] = true, true end
  for _, level in ipairs(levels) do if seen[level] then out[#out + 1] = level end end
  return out
end

local function count(a, b, rows, columns)
  local at, to, counts = {}, {}, {}
  for k, level in ipairs(rows) do at[level], counts[k] = k, {} end
  for k, level in ipairs(columns) do
    to[level] = k
    for i = 1, #rows do counts[i][k] = 0 end
  end
  for i = 1, #a do
    local r, c = at[a[i]], to[b[i]]
    if r and c then counts[r][c] = counts[r][c] + 1 end
  end
  return counts
end

local ORDERED = { CR = true, PR = true, SD = true, PD = true, iCR = true, iPR = true, iSD = true,
  iUPD = true, iCPD = true }

-- Kappa with linear weights, of the patients whom both find CR, PR, SD or PD.
local function weighted(a, b, levels, conf_level)
  local ordered = {}
  for _, level in ipairs(levels) do if ORDERED[level] then ordered[#ordered + 1] = level end end
  if #ordered < 3 then return nil end
  return core.crosstab.kappa(count(a, b, ordered, ordered), "linear", conf_level)
end

local function same_words(x, y)
  if #x ~= #y then return false end
  for i = 1, #x do if x[i] ~= y[i] then return false end end
  return true
end

--- Agreement of two columns of words over the same patients: x, y factors, ids their names. opt:
--- first, second (names of the two), conf_level. n, observed (share that agree), and where both
--- have the same levels kappa with se and limits (J. L. Fleiss, J. Cohen, B. S. Everitt, Psychol
--- Bull 1969;72:323), weighted (the same with linear weights, patients with an ordered response
--- only), rows_levels, columns_levels, counts, disagreements = { { id, first, second }, ... }.
function M.of(x, y, ids, opt)
  opt = options.check("agreement", opt, OPTIONS)
  if #x ~= #y then
    errors.raise("usage.argument", "agreement: the two are of different patients")
  end
  local a, b, differ, agree = {}, {}, {}, 0
  for i = 1, #x do
    if x[i] and y[i] then
      a[#a + 1], b[#b + 1] = x[i], y[i]
      if x[i] == y[i] then agree = agree + 1
      else differ[#differ + 1] = { id = ids[i], first = x[i], second = y[i] } end
    end
  end
  local self = { first = opt.first, second = opt.second, n = #a, conf_level = opt.conf_level,
    disagreements = differ,
    rows_levels = levels_of(x.levels, a, b), columns_levels = levels_of(y.levels, a, b) }
  self.counts = count(a, b, self.rows_levels, self.columns_levels)
  if same_words(x.levels, y.levels) then
    self.observed = #a > 0 and agree / #a or 0 / 0
    if #self.rows_levels > 1 then
      local k = core.crosstab.kappa(self.counts, "none", opt.conf_level)
      self.kappa, self.se, self.lower, self.upper, self.p = k.kappa, k.se, k.lower, k.upper
        and math.min(1, k.upper), k.p
      self.weighted = weighted(a, b, self.rows_levels, opt.conf_level)
    end
  else
    self.observed = 0 / 0
  end
  return Agreement.new(self)
end

Agreement.getters.convention = function(self)
  return ("Best response of the %d patients whom both assessed; kappa with the standard error of "
    .. "Fleiss, Cohen and Everitt (1969); weighted kappa with linear weights over CR, PR, SD and "
    .. "PD."):format(self.n)
end

--- Observed agreement, kappa and weighted kappa.
function Agreement.methods:rows()
  local group = ("%s and %s"):format(self.first, self.second)
  local out = { { statistic = "agreement", group = group, value = self.observed, n = self.n } }
  for _, k in ipairs { { "kappa", self }, { "kappa_weighted", self.weighted } } do
    local v = k[2]
    if v and v.kappa then
      out[#out + 1] = { statistic = k[1], group = group, value = v.kappa, lower = v.lower,
        upper = v.upper, se = v.se, p = v.p,
        n = self.n }
    end
  end
  return out
end

--- The cross table: rows by the first, columns by the second.
function Agreement.methods:table()
  local columns, rows, notes = {
    { key = "level", label = ("%s \\ %s"):format(self.first, self.second) } }, {}, {}
  for k, level in ipairs(self.columns_levels) do
    columns[k + 1] = { key = "c" .. k, label = level, align = "right" }
  end
  for i, level in ipairs(self.rows_levels) do
    rows[i] = { level = level }
    for k in ipairs(self.columns_levels) do rows[i]["c" .. k] = self.counts[i][k] end
  end
  local format = require "lunation.format"
  if self.kappa then
    notes[1] = ("%d patients, agreement %.1f%%, kappa %s"):format(self.n, 100 * self.observed,
      format.estimate(self.kappa, self.lower, self.upper, 2))
    if self.weighted and self.weighted.kappa then
      notes[1] = notes[1] .. ", weighted " .. format.estimate(self.weighted.kappa,
        self.weighted.lower, self.weighted.upper, 2)
    end
    notes[1] = notes[1] .. "."
  end
  return { columns = columns, rows = rows, notes = notes }
end

--- The patients on whom they differ, as a table of the report.
function Agreement.methods:differences()
  return { columns = { { key = "id", label = "Patient" }, { key = "first", label = self.first }, {
    key = "second", label = self.second } },
    rows = self.disagreements }
end

return M
