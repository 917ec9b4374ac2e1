-- SPDX-License-Identifier: GPL-3.0-or-later
-- lunation: the public module. `local lun = require "lunation"`.
require "lunation.data.column" -- the methods of columns
local lun = { _VERSION = "0.1.0" }

--- Reads a CSV file with declared columns: see lunation.table.
function lun.read(path, opt) return require("lunation.data.table").read(path, opt) end

--- A cohort of patients, with linked tables: see lunation.cohort.
function lun.cohort(patients, linked) return require("lunation.cohort").new(patients, linked) end

--- Loads a plug-in: a Lua file that defines endpoints, classes, analyses or report sections. It
--- runs in a worker process, or with opt = { trust = true } in this one.
function lun.use(path, opt) return require("lunation.plugin").load(path, opt) end

--- What estimators do where the script says nothing: lun.conventions "sas" (r, sas, stata, spss),
--- or { follow = "sas", month = 30 }; see docs/methods/conventions.md. Without an argument: the
--- conventions in force.
function lun.conventions(given) return require("lunation.base.conventions").use(given) end

local ELSEWHERE = { tables = "lunation.report.tables", power = "lunation.stat.power" }
local parts = { endpoint = true, classify = true, figure = true, report = true, tables = true,
  errors = true,
  format = true, power = true }

-- lun.figure, lun.tables, lun.power, lun.report ... are loaded on first use.
return setmetatable(lun, { __names = parts, __index = function(t, name)
  if not parts[name] then
    local suggest = require "lunation.base.suggest"
    local known = suggest.keys(t)
    for k in pairs(parts) do known[#known + 1] = k end
    table.sort(known)
    require("lunation.errors").raise("usage.field", ('lunation has no "%s"'):format(tostring(name)),
      { hint = suggest.from_r(name) or suggest.hint(tostring(name), known) })
  end
  local module = require(ELSEWHERE[name] or "lunation." .. name)
  rawset(t, name, module)
  return module
end })
