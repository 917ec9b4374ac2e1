-- SPDX-License-Identifier: GPL-3.0-or-later
-- variants: sensitivity analyses. A variant is the recipe with its entries laid over it; it runs
-- beside the recipe, and its results are laid beside the main ones.
local errors = require "lunation.errors"
local format = require "lunation.format"
local rows_module = require "lunation.recipe.rows"
local suggest = require "lunation.base.suggest"

local M = {}

local SAME = 1e-9 -- relative: what differs by less is the same result

local function names(recipe)
  local out = {}
  for i, v in ipairs(recipe.variants) do out[i] = v.name end
  return out
end

--- The variant of that name. Errors: usage.variant.
function M.find(recipe, name)
  for _, v in ipairs(recipe.variants) do if v.name == name then return v end end
  errors.raise("usage.variant", ('the recipe has no variant "%s"'):format(name), {
    hint = #recipe.variants > 0 and
    suggest.hint(name, names(recipe)) or "variants: in the recipe defines them" })
end

--- The variants to run: all, or those named; "none" names none.
function M.chosen(recipe, list)
  if not list then return recipe.variants end
  local out = {}
  for _, name in ipairs(list) do if name ~= "none" then out[#out + 1] = M.find(recipe, name) end end
  return out
end

-- The analyses that a variant runs: those it names, of those wanted; nil for all.
local function analyses_of(v, only)
  if not only or #only == 0 then return v.only end
  local out = {}
  for _, id in ipairs(only) do
    local named = not v.only
    for _, own in ipairs(v.only or {}) do named = named or own == id end
    if named and v.recipe.value.analyses[id] then out[#out + 1] = id end
  end
  return out
end

-- how: a function of lunation.recipe.run.
local function evaluate(how, v, ids, other)
  local ok, study = xpcall(function()
    return require("lunation.recipe.run")[how](require("lunation.recipe.plan").of(v.recipe, ids),
      other)
  end, function(e)
    return errors.is(e) and e or errors.new("internal.error", debug.traceback(tostring(e), 2))
  end)
  if ok then return study end
  study.message = ("variant %s: %s"):format(v.name, study.message)
  error(study, 0)
end

--- Reads the data of a variant and derives its endpoints: everything but the estimates.
function M.prepare(v) return evaluate("prepare", v, v.only) end

--- Runs variants (of M.chosen). only: the analyses wanted, or nil. main: the study that they vary,
--- of which they take over the data and endpoints that are the same. Returns
--- { { variant, study } ... }.
function M.run(list, only, main)
  local out = {}
  for _, v in ipairs(list) do
    local ids = analyses_of(v, only)
    if not ids or #ids > 0 then
      out[#out + 1] = { variant = v, study = evaluate("study", v, ids, main) }
    end
  end
  return out
end

-- The rows of the main study that a variant's are compared with.
local function main_rows(study, variant_study)
  local ran, out = {}, {}
  for _, a in ipairs(variant_study.plan.analyses) do ran[a.id] = true end
  for _, row in ipairs(study.rows) do if ran[row.analysis] then out[#out + 1] = row end end
  return out, ran
end

--- All rows of a study: its own, then those of its variants, each with the variant's name. Compares
--- them.
function M.rows(study)
  local out = table.move(study.rows, 1, #study.rows, 1, {})
  for _, v in ipairs(study.variants) do
    local rows = require("lunation.recipe.run").rows(v.study)
    local main
    main, v.ran = main_rows(study, v.study)
    v.comparison = rows_module.compare(main, rows, SAME)
    for _, row in ipairs(rows) do
      row.variant = v.variant.name
      out[#out + 1] = row
    end
  end
  return out
end

--- What a variant lays over the recipe: { { path, a, b } ... }.
function M.changes(study, v)
  local function own(value)
    local out = {}
    for _, key in ipairs(require("lunation.recipe.format").overrides) do out[key] = value[key] end
    return out
  end
  return require("lunation.recipe.diff").changes(own(study.recipe.value),
    own(v.variant.recipe.value))
end

-- --- side by side -------------------------------------------------------------------------------

local RATIO = { hr = true, shr = true, odds_ratio = true, ratio = true }
local SHARE = { survival = true, proportion = true, incidence = true }
local P = { p = true, p_adjusted = true, p_trend = true }

-- The statistics that a reader concludes from.
local SHOWN = { median = true, rmst = true, difference = true }
for _, set in ipairs { RATIO, SHARE, P } do for k in pairs(set) do SHOWN[k] = true end end

local function cell(row)
  if not row then return format.missing end
  if RATIO[row.statistic] then
    return row.value and format.hr(row.value, row.lower, row.upper)
      .. (row.p and "; " .. format.p(row.p) or "") or format.missing
  end
  if SHARE[row.statistic] then return format.rate(row.value, row.lower, row.upper) end
  if P[row.statistic] then return format.p_value(row.value) end
  return row.value and format.time(row.value, row.lower, row.upper) or format.missing
end

-- Where small counts are suppressed, percentages and rates would tell them by their difference.
local function is_shown(study, row)
  local report = study.recipe.value.report
  return SHOWN[row.statistic] and not (report and report.suppress_below and SHARE[row.statistic])
end

-- What is shown of a variant: main row -> { b, conclusion }, and rows that the main study has not.
local function shown(study, v)
  local changed, added = {}, {}
  for _, c in ipairs(v.comparison.changed) do if is_shown(study, c.a) then changed[c.a] = c end end
  for _, row in ipairs(v.comparison.removed) do
    if is_shown(study, row) then changed[row] = {} end
  end
  for _, row in ipairs(v.comparison.added) do
    if is_shown(study, row) then added[#added + 1] = row end
  end
  return changed, added
end

--- The results that a variant changes, beside the main ones: a list of { analysis, row, main,
--- cells = { variant name -> text }, conclusions = { variant name -> sentence } }. What no variant
--- changes is left out.
function M.table(study)
  local out, changed = {}, {}
  for i, v in ipairs(study.variants) do changed[i] = shown(study, v) end
  for _, row in ipairs(study.rows) do
    local line
    for i, v in ipairs(study.variants) do
      local c = changed[i][row]
      if c then
        line = line or { analysis = row.analysis, row = row, main = cell(row), cells = {},
          conclusions = {} }
        line.cells[v.variant.name], line.conclusions[v.variant.name] = cell(c.b), c.conclusion
      end
    end
    if line then
      for _, v in ipairs(study.variants) do
        if v.ran[row.analysis] and not line.cells[v.variant.name] then
          line.cells[v.variant.name] = "same"
        end
      end
      out[#out + 1] = line
    end
  end
  for _, v in ipairs(study.variants) do
    for _, row in ipairs(select(2, shown(study, v))) do
      out[#out + 1] = { analysis = row.analysis, row = row, main = format.missing,
        cells = { [v.variant.name] = cell(row) }, conclusions = {} }
    end
  end
  return out
end

--- How many conclusions the variants change.
function M.conclusions(study)
  local n = 0
  for _, line in ipairs(M.table(study)) do if next(line.conclusions) then n = n + 1 end end
  return n
end

return M
