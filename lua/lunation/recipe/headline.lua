-- SPDX-License-Identifier: GPL-3.0-or-later
-- headline: the estimates a reader asks for first, for the summary on the terminal and in the
-- report: medians of curves and hazard ratios of groups, in the order of the recipe.
local format = require "lunation.format"
local run = require "lunation.recipe.run"

local M = {}

local function result_text(row)
  if row.statistic == "median" then
    local known = row.value or row.lower or row.upper
    return "median " .. format.time(row.value, row.lower, row.upper)
      .. (known and row.unit and " " .. row.unit or "")
  end
  local text = "HR " .. (row.value and format.hr(row.value, row.lower, row.upper) or row.warning
    or format.missing)
  return row.p and text .. ", " .. format.p(row.p) or text
end

-- The analyses that the recipe wants in its summary, or nil for all.
local function chosen(study)
  local report = study.recipe.value.report
  local ids = report and report.key_results
  if not ids then return nil end
  local out = {}
  for _, id in ipairs(ids) do out[id] = true end
  return out
end

local function is_headline(row)
  return row.statistic == "median" and row.result == "km" or row.statistic == "hr"
    and row.result == "cox"
end

-- The published figure that was compared with this very estimate, or nil.
local function published_of(study, row)
  for _, e in ipairs(study.published) do
    local r = e.row
    if r and r.analysis == row.analysis and r.result == row.result and r.statistic == row.statistic
      and r.group == row.group
      and r.term == row.term and r.time == row.time then
      return e
    end
  end
end

--- A list of { analysis, title, group, row, result (text), published (entry of
--- lunation.recipe.published) }.
function M.of(study)
  local titles, out, only = {}, {}, chosen(study)
  for _, a in ipairs(study.plan.analyses) do titles[a.id] = a.opt.title or a.id end
  for _, row in ipairs(run.rows(study)) do
    if is_headline(row) and (not only or only[row.analysis]) then
      out[#out + 1] = { analysis = row.analysis, title = titles[row.analysis], group = row.group
        or row.term or "all", row = row,
        result = result_text(row), published = published_of(study, row) }
    end
  end
  return out
end

return M
