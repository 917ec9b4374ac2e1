-- SPDX-License-Identifier: GPL-3.0-or-later
-- write: the files of a simulated cohort: CSV, and the data dictionary.
local core = require "lunation.core"
local draw = require "lunation.simulate.draw"
local suggest = require "lunation.base.suggest"

local M = {}

local function quoted(text)
  if not text:find '[,"\n\r]' then return text end
  return '"' .. text:gsub('"', '""') .. '"'
end

local function cell(v, type_)
  if v == nil then return "" end
  if type_ == "date" then return draw.iso(v) end
  if type(v) == "number" then return core.num.shortest(v) end
  return quoted(v)
end

M.cell = cell

local function lines(rows) return table.concat(rows, "\n") .. "\n" end

-- Screened patients who are not in the cohort: a few values each.
local function others(made, rows)
  local o = made.spec.value.others
  if not o then return end
  local cells = {}
  for k, column in ipairs(made.columns) do
    cells[k] = quoted((o.values or {})[column.name] or "")
  end
  local rest = table.concat(cells, ",")
  for i = made.n + 1, made.n + o.n do rows[i + 1] = ("P%03d,%s"):format(i, rest) end
end

--- The patients as CSV text.
function M.patients(made)
  local head = { quoted(made.spec.value.key) }
  for k, column in ipairs(made.columns) do head[k + 1] = quoted(column.name) end
  local rows = { table.concat(head, ",") }
  for i = 1, made.n do
    local cells = { made.ids[i] }
    for k, column in ipairs(made.columns) do
      cells[k + 1] = cell(column.values[i], column.about.type)
    end
    rows[i + 1] = table.concat(cells, ",")
  end
  others(made, rows)
  return lines(rows)
end

--- A file of many rows for each patient as CSV text.
function M.file(made, file)
  local rows = { made.spec.value.key .. "," .. table.concat(file.columns, ",") }
  for k, row in ipairs(file.rows) do rows[k + 1] = table.concat(row, ",") end
  return lines(rows)
end

-- --- the data dictionary -------------------------------------------------------------------------

local function md(text) return (tostring(text):gsub("|", "\\|")) end

local function range(column, n)
  local low, high
  for i = 1, n do
    local v = column.values[i]
    if v ~= nil then low, high = math.min(low or v, v), math.max(high or v, v) end
  end
  if not low then return "no value" end
  local type_ = column.about.type
  return cell(low, type_) .. " to " .. cell(high, type_)
end

local function content(column, n)
  local about, counts, missing = column.about, {}, 0
  for i = 1, n do
    local v = column.values[i]
    if v == nil then missing = missing + 1 else counts[v] = (counts[v] or 0) + 1 end
  end
  local text
  if about.levels then
    local parts = {}
    for k, level in ipairs(about.levels) do
      parts[k] = ("%s: %d"):format(level, counts[level] or 0)
    end
    text = table.concat(parts, "; ")
  else
    text = about.type == "text" and "" or range(column, n)
  end
  return md(text), missing
end

local function describe(target)
  local text = target.of .. ": " .. target.statistic
  if target.at then text = text .. (" at %s"):format(core.num.shortest(target.at)) end
  if target.by then text = text .. " by " .. target.by end
  if target.where then text = text .. ", where " .. target.where end
  return text
end

M.describe = describe

local WORDS = { exact = "met, every printed digit", rounding = "one unit of the last digit off",
  differs = "not met" }

local function targets(out, list)
  if #list == 0 then return end
  out[#out + 1] = "\n## Targets\n\n| Target | Wanted | Computed | |\n|---|---|---|---|"
  for _, t in ipairs(list) do
    out[#out + 1] = ("| %s | %s | %s | %s |"):format(md(describe(t)), md(t.value), md(t.computed),
      WORDS[t.status])
  end
end

local function published(out, list, recipe)
  if not list then return end
  local met = 0
  for _, e in ipairs(list) do if e.ok then met = met + 1 end end
  out[#out + 1] = ("\n## Published figures of %s\n\n%d of %d as the recipe expects.\n"):format(
    recipe, met, #list)
  out[#out + 1] = "| Figure | Published | Computed | Status |\n|---|---|---|---|"
  for _, e in ipairs(list) do
    out[#out + 1] = ("| %s %s | %s | %s | %s |"):format(md(e.analysis), md(e.key), md(e.published),
      md(e.computed), e.status)
  end
end

--- The data dictionary as Markdown. compared: published figures of the recipe, or nil.
function M.dictionary(made, name, compared)
  local v, out = made.spec.value, {}
  out[1] = ("<!-- Made by lunation simulate, seed %d, specification sha256 %s"):format(v.seed,
    made.spec.digest)
  for _, file in ipairs(suggest.keys(made.spec.inputs)) do
    out[#out + 1] = ("     with %s sha256 %s"):format(file:match "[^/]+$", made.spec.inputs[file])
  end
  out[#out] = out[#out] .. " -->"
  out[#out + 1] = "# " .. v.title .. "\n"
  out[#out + 1] = "**No patient is in these data.** They are simulated from a specification.\n"
  if v.description then out[#out + 1] = v.description .. "\n" end
  out[#out + 1] = ("## %s\n\n%d rows, one for each simulated patient.\n"):format(name, made.n)
  out[#out + 1] =
    "| Column | Meaning | Type | Unit | Levels or range | Missing |\n|---|---|---|---|---|---|"
  out[#out + 1] = ("| %s | Number of the patient | text | | | 0 |"):format(v.key)
  for _, column in ipairs(made.columns) do
    local text, missing = content(column, made.n)
    out[#out + 1] = ("| %s | %s | %s | %s | %s | %d |"):format(md(column.name),
      md(column.about.label or ""),
      column.about.type, md(column.about.unit or ""), text, missing)
  end
  if v.others then
    out[#out + 1] = ("\n%d more rows are screened patients who are not in the cohort."):format(
      v.others.n)
  end
  for _, file in ipairs(made.files) do
    out[#out + 1] = ("\n## %s.csv\n\n%d rows, %s: %s, %s."):format(file.name, #file.rows,
      file.what, v.key,
      table.concat(file.columns, ", "))
  end
  targets(out, made.targets)
  published(out, compared, v.recipe)
  return lines(out)
end

return M
