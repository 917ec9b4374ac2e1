-- SPDX-License-Identifier: GPL-3.0-or-later
-- readers: the same patients assessed by several readers, and how far they agree.
local class = require "lunation.base.class"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local recist = require "lunation.onco.recist"

local M = {}

local Readers = class("readers")
local methods = Readers.methods

--- Responses by reader. opt: reader (column of the lesion table, default "reader"), and the options
--- of cohort:recist.
function M.assess(cohort, opt)
  local rest = {}
  for k, v in pairs(opt or {}) do rest[k] = v end
  local name = rest.reader or "reader"
  rest.reader = nil
  rest = recist.options(rest)
  local linked = cohort:linked_table(rest.table or "lesions")
  local column = factor(linked:column(name))
  local rows = {}
  for i = 1, #column do
    local reader = column[i]
    if not reader then
      errors.raise("data.reader", ("row %d of the lesions has no reader"):format(i),
        { hint = "every row needs one" })
    end
    rows[reader] = rows[reader] or {}
    rows[reader][#rows[reader] + 1] = i
  end
  local names, by = {}, {}
  for _, reader in ipairs(column.levels) do
    if rows[reader] then
      names[#names + 1] = reader
      by[reader] = recist.assess_table(cohort, linked:gather(rows[reader]), rest)
    end
  end
  return Readers.new { names = names, by = by, cohort = cohort }
end

--- Agreement of two readers on the best response, among patients whom both assessed: see
--- lunation.agreement. The first two readers unless others are named.
function methods:agreement(first, second, opt)
  first, second = first or self.names[1], second or self.names[2]
  for _, name in ipairs { first, second } do
    if not self.by[name] then
      errors.raise("usage.reader", ('there is no reader "%s"'):format(tostring(name)),
        { hint = require("lunation.base.suggest").hint(tostring(name), self.names) })
    end
  end
  return self.by[first]:agreement(self.by[second],
    { first = first, second = second, conf_level = opt and opt.conf_level })
end

Readers.meta.__tostring = function(self)
  return ("responses by %d readers: %s"):format(#self.names, table.concat(self.names, ", "))
end

return M
