-- SPDX-License-Identifier: GPL-3.0-or-later
-- factor: any column as a factor. Texts become levels in bytewise order, numbers in increasing order.
local core = require "lunation.core"

return function(column)
  if column.type == "factor" then return column end
  local texts, seen, values = { n = #column }, {}, {}
  for i = 1, #column do
    local v = column[i]
    if v ~= nil then
      texts[i] = type(v) == "number" and core.num.shortest(v) or tostring(v)
      if not seen[v] then
        seen[v] = true
        values[#values + 1] = v
      end
    end
  end
  if column.type == "number" or column.type == "integer" then
    table.sort(values)
  else
    table.sort(values, function(a, b) return tostring(a) < tostring(b) end)
  end
  for i, v in ipairs(values) do values[i] = type(v) == "number" and core.num.shortest(v) or tostring(v) end
  return core.column.factor(texts, values)
end
