-- SPDX-License-Identifier: GPL-3.0-or-later
-- facets: the curves of an endpoint within each level of a second column.
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local result = require("lunation.base.result").class

local M = {}
local Facets = result("facets")

-- Numbers of the rows at each level.
local function rows_by_level(column)
  local rows = {}
  for _, level in ipairs(column.levels) do rows[level] = {} end
  for i = 1, #column do
    if column[i] ~= nil then table.insert(rows[column[i]], i) end
  end
  return rows
end

--- Kaplan-Meier curves within each level of a column: facets.of(endpoint, "bclc", { by = "arm",
--- logrank = true }). opt: those of endpoint:km, and logrank (the test of the groups within each
--- level). Levels without patients are passed over; patients without a value are counted. Fields:
--- panels = { { level, km, logrank } ... }.
function M.of(endpoint, name, opt)
  local given = {}
  for k, v in pairs(opt or {}) do given[k] = v end
  local test = given.logrank
  given.logrank = nil
  if test and not given.by then
    errors.raise("usage.option", "facets: the log-rank test compares groups",
      { hint = "say which with by" })
  end
  local column = factor(endpoint.cohort:column(name))
  local rows, panels, known = rows_by_level(column), {}, 0
  for _, level in ipairs(column.levels) do
    local kept = rows[level]
    if #kept > 0 then
      local part = endpoint:_part(kept, endpoint.cohort:_rows(kept))
      panels[#panels + 1] = { level = level, km = part:km(given),
        logrank = test and part:logrank { by = given.by, strata = given.strata } or nil }
      known = known + #kept
    end
  end
  if #panels == 0 then
    errors.raise("data.empty", ("facets: column %s has no value"):format(name))
  end
  local label = endpoint.cohort.patients:label(name)
  return Facets.new { name = name, label = label, panels = panels, title = endpoint.title,
    missing = #column - known }
end

function Facets.getters.convention(self)
  local out = ("Within each level of %s: %s"):format(self.label, self.panels[1].km.convention)
  if self.missing > 0 then out = out .. (" %s is missing: %d."):format(self.label, self.missing) end
  return out
end

--- The rows of the curves, and p of each test, with the level as term.
function Facets.methods:rows()
  local out = {}
  for _, panel in ipairs(self.panels) do
    local term = self.name .. ": " .. panel.level
    for _, row in ipairs(panel.km:rows()) do
      row.term = term
      out[#out + 1] = row
    end
    if panel.logrank then
      out[#out + 1] = { statistic = "p", term = term, value = panel.logrank.p,
        n = panel.logrank.used }
    end
  end
  return out
end

--- The tables of the curves below each other. opt: see lunation.report.tables.
function Facets.methods:table(opt)
  local all
  for _, panel in ipairs(self.panels) do
    local t = panel.km:table(opt)
    local head = panel.level
    if panel.logrank and panel.logrank.p then
      head = head .. ", log-rank " .. require("lunation.format").p(panel.logrank.p)
    end
    all = all or { caption = ("%s, %s"):format(self.title, self.label), columns = t.columns,
      rows = {}, notes = { self.convention } }
    all.rows[#all.rows + 1] = { [t.columns[1].key] = head, heading = true }
    for _, row in ipairs(t.rows) do
      row.indent = 1
      all.rows[#all.rows + 1] = row
    end
    if t.notes[2] then all.notes[2] = t.notes[2] end
  end
  return all
end

return M
