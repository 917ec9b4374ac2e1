-- SPDX-License-Identifier: GPL-3.0-or-later
-- The script that explain prints gives every number of its recipe.
local t = dofile "tests/lua/tap.lua"
local core = require "lunation.core"
local explain = require "lunation.recipe.explain"
local load_recipe = require "lunation.recipe.load"
local plan = require "lunation.recipe.plan"
local run = require "lunation.recipe.run"

-- Recipes whose patients are not in this repository: name -> the file under ../shared/data.
local SHARED = { ["hcc-longitudinal-treatment"] = { visits = "hcc_sysucc_longitudinal.csv" },
  ["hcc-resection-cxcl17"] = { patients = "hcc_cxcl17.csv" } }

local function quiet(script)
  local env = setmetatable({ print = function(result) tostring(result) end }, { __index = _G })
  return assert(load(script, "=script", "t", env))()
end

-- The rows of what the script returns, in the order of the recipe.
local function script_rows(p, results)
  local study = { plan = p, results = results }
  return run.rows(study)
end

-- The first difference between two rows, as text; nil when there is none.
local function difference(a, b)
  for k, v in pairs(a) do
    if b[k] ~= v then return ("%s: %s, %s"):format(k, tostring(v), tostring(b[k])) end
  end
  for k, v in pairs(b) do if a[k] == nil then return ("%s: nil, %s"):format(k, tostring(v)) end end
end

local function compare(name, data)
  local p = plan.of(load_recipe.recipe("recipes/" .. name .. ".yaml", { data = data }))
  local script = explain.script(p)
  local rows, other = run.rows(run.study(p)), script_rows(p, quiet(script))
  t.is(#other, #rows, name .. ": as many estimates")
  t.ok(#rows > 10, name .. ": there are estimates")
  local different = {}
  for i, row in ipairs(rows) do
    local d = difference(row, other[i] or {})
    if d then
      different[#different + 1] = ("%s %s %s: %s"):format(row.analysis, row.result,
        row.statistic, d)
    end
  end
  t.is(table.concat(different, "\n", 1, math.min(5, #different)), "", name .. ": each the same")
end

local shared = t.shared()
for _, file in ipairs(core.file.list("recipes")) do
  local name = file:match("^(.*)%.yaml$")
  local data = {}
  for key, csv in pairs(name and SHARED[name] or {}) do
    data[key] = shared and shared .. "/data/" .. csv
  end
  if name and SHARED[name] and not shared then t.skip(name .. ": ../shared is missing")
  elseif name then compare(name, data) end
end

t.done()
