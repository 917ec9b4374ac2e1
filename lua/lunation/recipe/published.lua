-- SPDX-License-Identifier: GPL-3.0-or-later
-- published: what a paper printed, beside what was computed, at the paper's own digits.
local errors = require "lunation.errors"
local printed = require "lunation.recipe.printed"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

-- "survival(12)[yes]" -> statistic, time, group
local function parse_key(key)
  local statistic, rest = key:match("^([%w_%-]+)(.*)$")
  if not statistic then return key end
  local time = rest:match("^%(([^)]*)%)")
  local group = rest:match("%[(.-)%]$")
  return statistic, tonumber(time or ""), group
end

-- row: of the statistic.
local function matches(row, time, group)
  if time and row.time ~= time then return false end
  if group and row.group ~= group and row.term ~= group and row.result ~= group then
    local named = ("%s: "):format(row.result)
    return named .. tostring(row.term) == group or named .. tostring(row.group) == group
      or row.term and row.group and ("%s, %s"):format(row.term, row.group) == group
  end
  return true
end

local ORDER = { exact = 3, rounding = 2, differs = 0 }

local function worse(a, b) return ORDER[a] < ORDER[b] and a or b end

local EXPECT = { exact = true, rounding = true, approximate = true, direction = true,
  inconsistent = true }

-- "0.15 (0.08–0.28)" and its p-value, printed as "<0.001" or "0.031".
local function with_p(figure, p)
  local sign, digits = p:match "^([<>]?)%s*(.*)$"
  return ("%s, p %s %s"):format(figure, sign ~= "" and sign or "=", digits)
end

-- The key of a row: "survival(12)[yes]".
local function key_of(row)
  local group = row.group or row.term or row.result
  return row.statistic .. (row.time and ("(%g)"):format(row.time) or "")
    .. (group and "[" .. group .. "]" or "")
end

local SHOWN = 4

-- Keys of these rows, at most a few.
local function keys_of(list)
  local out = {}
  for i = 1, math.min(#list, SHOWN) do out[i] = key_of(list[i]) end
  return table.concat(out, ", ") .. (#list > SHOWN and " ..." or "")
end

-- Why a key is that of no row.
local function not_found(statistic, rows)
  local list = rows[statistic]
  return "not computed: " .. (list and "there are " .. keys_of(list)
    or suggest.hint(statistic, suggest.keys(rows)))
end

-- rows: of this analysis, by their statistic.
local function entry(id, key, given, rows)
  local e = type(given) == "table" and given or { value = given }
  local statistic, time, group = parse_key(key)
  local found = {}
  for _, row in ipairs(rows[statistic] or {}) do
    if matches(row, time, group) then found[#found + 1] = row end
  end
  local out = { analysis = id, key = key, published = printed.shown(e.value), expect = e.expect
    or "exact", source = e.from,
    note = e.note }
  if e.p then out.published = with_p(out.published, e.p) end
  if not EXPECT[out.expect] then
    errors.raise("recipe.published", ('published %s %s: expect "%s" is not known'):format(id, key,
      out.expect),
      { hint = "exact, rounding, approximate, direction or inconsistent" })
  end
  if #found == 0 then
    out.status, out.computed = "missing", not_found(statistic, rows)
  elseif #found > 1 then
    out.status, out.computed = "ambiguous", ("%d values: %s"):format(#found, keys_of(found))
  else
    local row = found[1]
    out.row, out.difference = row, printed.difference(e.value, row)
    out.status, out.computed = printed.status(e.value, row)
    if e.p then
      local status, p = printed.status(e.p, { statistic = "p", value = row.p })
      out.status, out.computed = worse(out.status, status), with_p(out.computed, p)
    end
  end
  return out
end

-- Whether a comparison is as the recipe expects. A stated inconsistency must not be reproduced by
-- accident.
local function as_expected(e)
  if e.status == "missing" or e.status == "ambiguous" then return false end
  if e.expect == "approximate" or e.expect == "direction" then return true end
  if e.expect == "inconsistent" then return e.status == "differs" end
  return (ORDER[e.status] or 0) >= (e.expect == "exact" and 3 or 2)
end

--- The comparison: a list of { analysis, key, published, computed, difference (computed less
--- published, as text), status ("exact", "rounding", "differs",
--- "missing", "ambiguous"), expect, ok, source, note }, in the order of the recipe.
function M.compare(study, rows)
  local published, out, of = study.recipe.value.published or {}, {}, {}
  for _, row in ipairs(rows) do
    local own = of[row.analysis] or {}
    of[row.analysis] = own
    local statistic = row.statistic or false
    own[statistic] = own[statistic] or {}
    table.insert(own[statistic], row)
  end
  for _, id in ipairs(schema.keys(published)) do
    if study.results[id] then
      for _, key in ipairs(schema.keys(published[id])) do
        local e = entry(id, key, published[id][key], of[id] or {})
        e.ok = as_expected(e)
        out[#out + 1] = e
      end
    end
  end
  return out
end

return M
