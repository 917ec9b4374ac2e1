-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox_rows: a Cox model as rows, as a table and as text.
local Cox = require("lunation.surv.cox_model").class
local format = require "lunation.format"
local pvalue = require "lunation.stat.pvalue"
local result = require "lunation.base.result"

local methods = Cox.methods

-- Patients and events of each level of a factor among the rows used.
local function count_levels(self, factor)
  local n, events, status, levels = {}, {}, self.endpoint.status:totable(), factor:totable()
  local keys, seen = self:_keys(), {}
  local cause = self:_cause()
  for _, i in ipairs(self.fit.used) do
    local level, s = levels[i], status[i]
    local id = keys and keys[i] ~= nil and level .. "\0" .. keys[i]
    if not id or not seen[id] then n[level] = (n[level] or 0) + 1 end
    if id then seen[id] = true end
    if (cause and s == cause) or (not cause and s ~= 0) then
      events[level] = (events[level] or 0) + 1
    end
  end
  return { n = n, events = events }
end

-- The same, counted once: every table and figure of a model asks for its rows.
local function level_counts(self, term)
  local counts = rawget(self, "_counts")
  if not counts then
    counts = {}
    rawset(self, "_counts", counts)
  end
  counts[term] = counts[term] or count_levels(self, self.design:factor(term.at))
  return counts[term].n, counts[term].events
end

local function warning_of(self, j)
  local status = self.fit.status[j]
  if status == "aliased" then return "redundant" end
  if status == "infinite" then return self.fit.coef[j] > 0 and "infinite" or "zero" end
end

local function coefficient_row(self, j, patients, fields)
  local b, limits = self:_value(j), self:_limits(j)
  local row = { statistic = "hr", term = self.names[j], value = b and math.exp(b),
    lower = limits.lower, upper = limits.upper,
    p = self.fit.p[j], log_hr = b, se = self.fit.se[j], n = patients, events = self.events,
    conf_level = self.opt.conf_level,
    warning = warning_of(self, j) }
  for k, v in pairs(fields) do row[k] = v end
  local _, log_p = pvalue.normal(self.fit.z[j])
  return pvalue.row(row, row.p, log_p)
end

--- One row for each coefficient (statistic "hr", with log_hr, se, p, n, events; variable and level
--- for factors), one for each reference level ("reference"), and the tests of the model (p_lr,
--- p_wald, p_score).
function methods:rows()
  local out, patients = {}, self.patients
  for _, term in ipairs(self.terms) do
    local n, events
    if term.levels then
      n, events = level_counts(self, term)
      local level = term.levels[1]
      out[#out + 1] = { statistic = "reference", term = term.name .. ": " .. level,
        variable = term.name, level = level, value = 1,
        n = n[level] or 0, events = events[level] or 0 }
    end
    for j = term.from, term.to do
      local level = term.levels and term.levels[j - term.from + 2]
      out[#out + 1] = coefficient_row(self, j, patients, level
        and { variable = term.name, level = level, n = n[level] or 0,
        events = events[level] or 0 } or { variable = term.name })
    end
  end
  for _, test in ipairs { "lr", "wald", "score", "robust_score" } do
    local t = self[test]
    if t then
      local _, log_p = pvalue.chisq(t.statistic, t.df)
      out[#out + 1] = { statistic = "p_" .. test, value = t.p, log_p = log_p, chisq = t.statistic,
        df = t.df, n = patients,
        events = self.events }
    end
  end
  return out
end

--- The regression table. opt: see lunation.report.tables.
function methods:table(opt)
  return require("lunation.report.tables").regression({ { self.title, self } }, opt)
end

-- "218 patients", "218 patients in 436 rows"; without a key the rows of (start, stop] data are what
-- is known.
local function counted(self)
  local patients, rows = self.patients, self.n
  if patients ~= rows then return ("%d patients in %d rows"):format(patients, rows) end
  return ("%d %s"):format(rows, self.endpoint.start and not self:_keys() and "rows" or "patients")
end

local function printed_test(name, t)
  return ("%s: chi-square %s on %d degree%s of freedom, %s"):format(name,
    format.number(t.statistic, 2), t.df,
    t.df == 1 and "" or "s", format.p(t.p))
end

-- The test of the whole model; with weights or clusters those that hold there, and why the usual
-- one is missing.
local function printed_tests(self)
  local lr, out = self.lr, {}
  if lr and not self.robust then return { printed_test("Likelihood ratio test", lr) } end
  if self.wald then
    out[1] = printed_test(self.robust and "Robust Wald test" or "Wald test", self.wald)
  end
  if self.robust_score then out[#out + 1] = printed_test("Robust score test", self.robust_score) end
  if self.weighted then
    out[#out + 1] =
      "No likelihood ratio test: a weighted likelihood is not that of the patients observed."
  elseif self.clustered then
    out[#out + 1] = "No likelihood ratio test: it takes the rows of a cluster for independent."
  end
  return out
end

Cox.meta.__tostring = function(self)
  local t = self:table()
  t.caption = ("%s: %s, events = %d"):format(self.title, counted(self), self.events)
  local out = { result.text(t) }
  for _, line in ipairs(printed_tests(self)) do out[#out + 1] = line end
  for _, w in ipairs(self.warnings) do out[#out + 1] = "Warning: " .. w end
  return table.concat(out, "\n")
end
