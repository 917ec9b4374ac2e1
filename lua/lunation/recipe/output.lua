-- SPDX-License-Identifier: GPL-3.0-or-later
-- output: the folder that a run leaves. Everything is written into DIR.tmp and put in place as a
-- whole: a run that dies leaves the previous folder as it was. Before a folder is replaced the new
-- one is flushed to the disk, so that it survives a power cut as well.
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"

local M = {}

--- What tells a run's folder from any other.
M.LOCK = "run.lock.yaml"

--- The files of the forms of a report, by form.
M.FILES = { html = "report.html", md = "report.md", json = "results.json", csv = "results.csv",
  ars = "results.ars.json" }

--- The forms that a recipe's report has.
function M.formats(report) return report.formats or { "html", "json", "csv" } end

-- Fields of results.json and results.csv, in order.
local FIELDS = { "analysis", "result", "group", "term", "statistic", "time", "value", "lower",
  "upper", "conf_level", "se",
  "p", "n", "events", "unit", "text", "warning", "log_p", "variant" }

local function row_text(row)
  local v = row.value
  if v == nil then return format.missing end
  if row.statistic == "p" or row.statistic == "p_adjusted" then return format.p_value(v) end
  local decimals = (math.type(v) == "integer" or v == math.floor(v)) and 0 or 3
  if row.lower or row.upper then return format.estimate(v, row.lower, row.upper, 3) end
  return format.number(v, decimals)
end

local function results_json(rows)
  for _, row in ipairs(rows) do row.text = row.text or row_text(row) end
  return core.text.rows(rows, FIELDS, "json")
end

local function results_csv(rows)
  return table.concat(FIELDS, ",") .. "\n" .. core.text.rows(rows, FIELDS, "csv")
end

--- The rows of a study as they are written: small counts are suppressed where the recipe says so.
function M.rows(study)
  local k = (study.recipe.value.report or {}).suppress_below
  return k and require("lunation.report.suppress").rows(study.all_rows, k) or study.all_rows
end

-- All that is computed: the text is made from it, and log_p stands only where the p has lost its
-- digits.
local DIGESTED = {}
for _, f in ipairs(FIELDS) do
  if f ~= "text" and f ~= "log_p" then DIGESTED[#DIGESTED + 1] = f end
end

--- Digest of the results at ten significant digits: equal for runs whose numbers agree.
function M.results_digest(rows)
  return core.digest.text(core.text.rows(rows, DIGESTED, "digest"))
end

--- A file name made of a caption or an id: never a path.
function M.safe_name(id) return (id:gsub("[^%w%-_.]", "-"):gsub("^%.+", "")) end

local safe_name = M.safe_name

local function check_target(dir)
  local kind, parent = core.file.kind(dir), dir:match("^(.*[^/])/+[^/]+$")
  if kind == nil and parent and core.file.kind(parent) ~= "directory" then
    errors.raise("io.folder", ("%s: there is no folder %s"):format(dir, parent),
      { hint = "create it first" })
  end
  if kind == nil then return end
  if kind ~= "directory" then
    errors.raise("io.exists", dir .. " exists and is not a folder",
      { hint = "choose another --out" })
  end
  if core.file.kind(dir .. "/" .. M.LOCK) ~= "file" and #core.file.list(dir) > 0 then
    errors.raise("io.exists", dir
      .. " holds other files; only the folder of an earlier run is replaced",
      { hint = "choose another --out, or remove the folder yourself" })
  end
end

--- Refuses an output folder that must not be replaced, before anything is computed.
M.check_target = check_target

local WRITERS = {
  html = function(doc) return require("lunation.report.html").write(doc) end,
  md = function(doc) return require("lunation.report.markdown").write(doc) end,
  json = function(_, study) return results_json(M.rows(study)) end,
  csv = function(_, study) return results_csv(M.rows(study)) end,
  ars = function(_, study) return require("lunation.report.ars").write(study) end,
}

-- The figures in the further forms that the recipe asks for.
local function also_as(figures, dir, report)
  local kinds = {}
  for _, kind in ipairs(report.figures or {}) do
    if kind ~= "svg" then kinds[#kinds + 1] = kind end
  end
  local _, lost = require("lunation.figure.file").folder(figures, dir, kinds, report.dpi,
    function(f) return safe_name(f.id) end)
  return lost
end

--- Writes the run: doc (the report), study (that has run), lock (text), report (of the recipe:
--- formats, figures, dpi). Returns the paths, and sentences on what could not be made for want of a
--- program.
function M.write(dir, doc, study, lock, report)
  check_target(dir)
  local lock_file <close> = core.file.lock(dir .. ".lock")
  local tmp = dir .. ".tmp"
  if core.file.kind(tmp) then core.file.remove_tree(tmp) end
  -- what failed, or the folder before this one
  local cleared <close> = setmetatable({}, { __close = function()
    if core.file.kind(tmp) then core.file.remove_tree(tmp) end
  end })
  core.file.mkdir(tmp)
  local names = {}
  local function folder(name) core.file.mkdir(tmp .. "/" .. name) end
  local function add(name, bytes)
    core.file.write(tmp .. "/" .. name, bytes)
    names[#names + 1] = name
  end
  for _, f in ipairs { "html", "json", "csv", "md", "ars" } do
    for _, wanted in ipairs(M.formats(report)) do
      if wanted == f then add(M.FILES[f], WRITERS[f](doc, study)) end
    end
  end
  local figures, tables = doc:figures(), doc:tables()
  if #figures > 0 then folder "figures" end
  for _, f in ipairs(figures) do add("figures/" .. safe_name(f.id) .. ".svg", f.figure.svg) end
  local lost = also_as(figures, tmp .. "/figures", report)
  if #tables > 0 then folder "tables" end
  for _, t in ipairs(tables) do
    add("tables/" .. safe_name(t.id) .. ".csv", require("lunation.report.csv").table(t))
  end
  add(M.LOCK, lock)
  if core.file.kind(dir) then
    core.file.sync(tmp)
    core.file.exchange(tmp, dir)
  else
    core.file.rename(tmp, dir)
  end
  return names, lost
end

return M
