-- SPDX-License-Identifier: GPL-3.0-or-later
-- flow: the steps from the patients read to those analysed, each counted, as a result: what share
-- of those before it a step keeps. Its elements are the steps themselves.
local core = require "lunation.core"
local format = require "lunation.format"
local result = require("lunation.base.result").class

local M = {}
local Flow = result("flow")
Flow.meta.__len = rawlen -- its steps

local LEVEL = 0.95

--- The flow of a cohort: read (patients of the file), steps = { { label, kind, before, kept,
--- excluded, missing } ... }.
function M.of(read, steps)
  local self = { read = read,
    convention =
      "Shares of the patients before each step; 95% limits: Clopper and Pearson, exact." }
  for i, step in ipairs(steps) do self[i] = step end
  return Flow.new(self)
end

--- Patients read; of each step how many it keeps (n), leaves out (excluded) and could not decide
--- (undecided), and the share it keeps (proportion, with exact limits).
function Flow.methods:rows()
  local out = { { statistic = "n", group = "read", value = self.read } }
  for _, s in ipairs(self) do
    local function add(statistic, value)
      out[#out + 1] = { statistic = statistic, group = s.label, value = value, n = s.before }
    end
    add("n", s.kept)
    add("excluded", s.before - s.kept)
    if s.missing > 0 then add("undecided", s.missing) end
    if s.before > 0 then
      local value, lower, upper = core.prop.limits(s.kept, s.before, "exact", LEVEL)
      out[#out + 1] = { statistic = "proportion", group = s.label, value = value, lower = lower,
        upper = upper,
        events = s.kept, n = s.before }
    end
  end
  return out
end

function Flow.methods:table()
  local rows = { { step = "Patients read", kept = self.read } }
  for i, s in ipairs(self) do
    local share = s.before > 0 and { core.prop.limits(s.kept, s.before, "exact", LEVEL) }
    rows[i + 1] = { step = s.label, kept = s.kept, out = s.before - s.kept, missing = s.missing,
      share = share and format.rate(share[1], share[2], share[3]) or "" }
  end
  return { columns = { { key = "step", label = "Step" }, { key = "kept", label = "Patients",
    align = "right" },
    { key = "out", label = "Left out", align = "right" }, { key = "missing", label = "Undecided",
      align = "right" },
    { key = "share", label = "Kept (95% CI)", align = "decimal" } }, rows = rows,
      notes = { self.convention } }
end

return M
