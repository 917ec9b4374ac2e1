-- SPDX-License-Identifier: GPL-3.0-or-later
-- suppress: small counts are not shown: a count from 1 to k - 1 becomes "<k", and further counts
-- are left out ("–") so that totals do not give it away. In a table the whole row of a small count
-- goes, with its percentages; where it is the only one of its variable's levels, the smallest other
-- level goes too; where levels overlap (a sum beside its parts), all do.
local M = {}

local GONE = "–"

--- Whether a count is small: 1 to k - 1.
function M.is_small(n, k) return n ~= nil and n == n and n > 0 and n < k end

function M.label(k) return "<" .. k end

--- Which of several groups with a known total may not show their events: those that are small (or
--- have few without the event), and where there is one of them also the group with the fewest
--- events of the others, since the total would tell. groups: { { n, events } ... }; returns
--- { true or nil }.
function M.groups(groups, k)
  local hidden, found, least = {}, 0, nil
  for i, g in ipairs(groups) do
    local events, rest = g.events, g.n and g.events and g.n - g.events
    if M.is_small(g.n, k) or M.is_small(events, k) or M.is_small(rest, k) then
      hidden[i], found = true, found + 1
    elseif events and events > 0 and (not least or events < groups[least].events) then
      least = i
    end
  end
  if found == 1 and least then hidden[least] = true end
  return hidden
end

-- --- cells ---------------------------------------------------------------------------------------

-- The count that a cell shows: "3 (5.0%)", "3/60", "2.4 (3.1%)"; a number in a column of counts.
local function count_in(value, column)
  if type(value) == "number" then
    return column.align == "right" and math.type(value) == "integer" and value or nil
  end
  if type(value) ~= "string" then return nil end
  local x = value:match "^([%d,.]+) %([%d.]+%%%)$" or value:match "^(%d+)/%d+$"
  return x and tonumber((x:gsub(",", "")))
end

-- Of how many: "3/60".
local function of_in(value)
  return type(value) == "string" and tonumber(value:match "^%d+/(%d+)$" or nil) or nil
end

-- How many are not counted: of "58/60" two, of "58 (96.7%)" about two.
local function rest_of(value, x)
  local of = of_in(value)
  if of then return of - x end
  local percent = type(value) == "string" and tonumber(value:match "%(([%d.]+)%%%)$" or nil)
  return percent and percent > 0 and math.floor(x * (100 - percent) / percent + 0.5) or nil
end

local KEPT = { n = true, df = true, number = true }

-- The counts of a row by key, the least that is small; others of a fraction count too ("58/60": two
-- not).
local function counts_of(row, columns, k)
  local out, small, total = {}, false, 0
  for _, column in ipairs(columns) do
    local v = row[column.key]
    local x = count_in(v, column)
    if x and column.key ~= "df" then
      out[column.key] = x
      small = small or M.is_small(x, k) or M.is_small(rest_of(v, x), k)
      total = total + x
    end
  end
  return out, small, total
end

local function mask_row(row, columns, counts, k)
  for _, column in ipairs(columns) do
    local key, v = column.key, row[column.key]
    local x = counts[key]
    if x and not (KEPT[key] and not M.is_small(x, k)) then
      row[key] = M.is_small(x, k) and M.label(k) or GONE
    elseif type(v) == "string" and v:find("%d%%") and column ~= columns[1] then
      row[key] = GONE
    end
  end
end

-- Runs of rows that are levels of one variable: the indented ones below a head; all rows of a table
-- without heads.
local function blocks_of(rows)
  local indented, out = false, {}
  for _, row in ipairs(rows) do indented = indented or row.indent ~= nil end
  for _, row in ipairs(rows) do
    if #out == 0 or indented and not row.indent then out[#out + 1] = {} end
    table.insert(out[#out], row)
  end
  return out
end

-- Levels whose fractions sum to more than all overlap.
local function overlap(list)
  local sum, of = 0, nil
  for _, e in ipairs(list) do
    for key, x in pairs(e.counts) do
      local all = of_in(e.row[key])
      if all then sum, of = sum + x, all end
    end
  end
  return of and sum > of
end

-- Columns whose rows are parts of one whole, so that a total tells what one of them hides.
local PARTS = { group = true, term = true, level = true }

local function mask_block(rows, columns, k)
  local list, small, levels = {}, 0, false
  for _, row in ipairs(rows) do
    local counts, is_small, total = counts_of(row, columns, k)
    if next(counts) then
      list[#list + 1] = { row = row, counts = counts, small = is_small, total = total }
      if is_small then small = small + 1 end
      for key in pairs(counts) do levels = levels or type(row[key]) == "string" end
    end
  end
  if small == 0 then return 0 end
  local all = levels and overlap(list)
  if (levels or PARTS[columns[1].key]) and small == 1 and not all then
    local least
    for _, e in ipairs(list) do
      if not e.small and e.total > 0 and (not least or e.total < least.total) then least = e end
    end
    if least then least.small = true end
  end
  for _, e in ipairs(list) do
    if e.small or all then mask_row(e.row, columns, e.counts, k) end
  end
  return small
end

--- Masks the small counts of a table's rows. Returns how many rows had one.
function M.table(t, k)
  local found = 0
  for _, block in ipairs(blocks_of(t.rows)) do found = found + mask_block(block, t.columns, k) end
  return found
end

-- --- sentences -----------------------------------------------------------------------------------

local PATTERNS = { "(%f[%w.]%d+)( patients?)", "(%f[%w.]%d+)( events?)", "(: )(%d+)( left out)",
  "(missing: )(%d+)", "(n = )(%d+)",
  "(%f[%w.]%d+)( with)", "(up to the landmark: )(%d+)", "(%f[%w.]%d+)( of %d+)" }

--- A sentence without small counts.
function M.text(text, k)
  for _, pattern in ipairs(PATTERNS) do
    text = text:gsub(pattern, function(...)
      local parts = { ... }
      for i, part in ipairs(parts) do
        if part:find "^%d+$" and M.is_small(tonumber(part), k) then parts[i] = M.label(k) end
      end
      return table.concat(parts)
    end)
  end
  return text
end

local function mask_list(list, k)
  for i, text in ipairs(list) do list[i] = M.text(text, k) end
end

local function mask_blocks(blocks, k)
  for _, b in ipairs(blocks) do
    if b.kind == "table" then M.table(b, k) end
    if b.notes then mask_list(b.notes, k) end
    if b.kind == "list" then mask_list(b.items, k) end
    if b.kind == "paragraph" or b.kind == "note" then b.text = M.text(b.text, k) end
    for _, pair in ipairs(b.kind == "facts" and b.pairs or {}) do
      if type(pair[2]) == "string" then pair[2] = M.text(pair[2], k) end
    end
    if b.blocks then mask_blocks(b.blocks, k) end
  end
end

--- Masks the tables and sentences of a document; its figures were drawn with k.
function M.document(doc, k) mask_blocks(doc.blocks, k) end

-- --- the flow ------------------------------------------------------------------------------------

--- The steps of a flow with small exclusions masked: the reason, the count of the box before it,
--- and the reasons before that box, since their differences would tell.
function M.flow(steps, k)
  local out = {}
  for i, step in ipairs(steps) do
    out[i] = { label = step.label, n = step.n, excluded = {} }
    for j, reason in ipairs(step.excluded or {}) do
      out[i].excluded[j] = { reason[1], reason[2] }
    end
  end
  for i, step in ipairs(steps) do
    for j, reason in ipairs(step.excluded or {}) do
      if M.is_small(reason[2], k) then
        out[i].excluded[j][2], out[i].n = M.label(k), GONE
        for _, before in ipairs(i > 1 and out[i - 1].excluded or {}) do
          if type(before[2]) == "number" and before[2] > 0 then before[2] = GONE end
        end
      end
    end
  end
  return out
end

-- --- counts under curves -------------------------------------------------------------------------

--- At risk, censored and events at each time, which add up to a known total: small ones as "<k",
--- and one more where only one is small. lists: lists of counts; values: what is printed for them.
function M.under_curves(lists, values, k)
  for t = 1, #lists[1] do
    local small, least = 0, nil
    for i, list in ipairs(lists) do
      if M.is_small(list[t], k) then
        values[i][t], small = M.label(k), small + 1
      elseif not least or list[t] < lists[least][t] then
        least = i
      end
    end
    if small == 1 and least and #lists > 1 then values[least][t] = GONE end
  end
end

-- --- rows of results -----------------------------------------------------------------------------

local COUNTED = { proportion = true, weighted_proportion = true, missing = true, n = true,
  events = true, survival = true,
  event = true, incidence = true }

local function key_of(row)
  local variable = row.term and (row.term:match "^(.-): " or row.term) or ""
  if COUNTED[row.statistic] and not row.statistic:find "proportion"
    and row.statistic ~= "missing" then
    variable = variable .. "\0" .. tostring(row.group)
  end
  return table.concat({ row.analysis, row.result, variable }, "\0")
end

local function is_small_row(row, k)
  local events = row.events
  return M.is_small(row.n, k) or events
    and (M.is_small(events, k) or row.n and M.is_small(row.n - events, k))
    or (row.statistic == "missing" or row.statistic == "n" or row.statistic == "events")
    and M.is_small(row.value, k)
end

-- Groups of curves that stand beside a small one: their keys are marked in small.
local function beside_totals(rows, k, small)
  local curves, order = {}, {}
  for _, row in ipairs(rows) do
    if row.group and row.events and COUNTED[row.statistic] and not row.term then
      local id = table.concat({ row.analysis, row.result, tostring(row.variant) }, "\0")
      local list = curves[id]
      if not list then
        list = { seen = {} }
        curves[id], order[#order + 1] = list, list
      end
      if not list.seen[row.group] then
        list.seen[row.group] = true
        list[#list + 1] = { n = row.n, events = row.events, key = key_of(row) }
      end
    end
  end
  for _, list in ipairs(order) do
    for i in pairs(M.groups(list, k)) do small[list[i].key] = true end
  end
end

--- The rows of results with small counts masked: within a variable (or a group of curves) that has
--- one, counts, percentages and rates are left out, and a warning says so. So they are in the rows
--- of variants: a difference from the main ones would tell.
function M.rows(rows, k)
  local small, out = {}, {}
  for _, row in ipairs(rows) do
    if is_small_row(row, k) then small[key_of(row)] = true end
  end
  beside_totals(rows, k, small)
  for i, row in ipairs(rows) do
    local copy = {}
    for name, v in pairs(row) do copy[name] = v end
    if row.variant or small[key_of(row)] then
      copy.events = nil
      if row.variant or M.is_small(row.n, k) then copy.n = nil end
      if COUNTED[row.statistic] then
        copy.value, copy.lower, copy.upper, copy.se = nil, nil, nil, nil
        copy.text = M.is_small(row.events or row.value, k) and M.label(k) or GONE
      end
      copy.warning = (row.warning and row.warning .. "; " or "")
        .. ("counts below %d are not shown"):format(k)
    end
    out[i] = copy
  end
  return out
end

--- What a reader is told.
function M.note(k)
  return ("Counts from 1 to %d are shown as %s. Further counts are left out (–) so that totals \z
    do not give them away: within each table with its margins, and between groups of patients \z
    that add up to a total shown elsewhere in this report, in tables, sentences, figures and \z
    results. This does not cover the times of events that curves show, the sizes of groups, nor \z
    what other reports of the same patients show. The lock of the run holds exact counts of the \z
    input: it is not for publication."):format(k - 1, M.label(k))
end

return M
