-- SPDX-License-Identifier: GPL-3.0-or-later
-- cells: how two versions of an input differ, where the files that the locks name are still there.
local core = require "lunation.core"

local M = {}

-- The input of a side, unless it is gone or has changed since.
local function read(side, name)
  local d = side.value.data[name]
  local file = d.file and (d.file:sub(1, 1) == "/" and d.file or side.dir .. "/" .. d.file)
  if not file or core.file.kind(file) ~= "file" then return nil end
  if core.digest.file(file) ~= side.lock.inputs[name].sha256 then return nil end
  local ok, data = pcall(core.csv.read, file, { separator = d.separator, decimal = d.decimal,
    encoding = d.encoding })
  return ok and data or nil, d.key
end

local function rows_of(data, key)
  local column, out, order = data:column(key), {}, {}
  for i = 1, #data do
    local id = column[i]
    if id ~= nil and not out[id] then
      out[id] = i
      order[#order + 1] = id
    end
  end
  return out, order
end

local function only_in(names, other)
  local out = {}
  for _, n in ipairs(names) do if not other:has(n) then out[#out + 1] = n end end
  return out
end

local function changed_cells(x, y, rows, other)
  local out = {}
  for _, name in ipairs(x:names()) do
    if y:has(name) then
      local a, b, n = x:column(name), y:column(name), 0
      for id, i in pairs(rows) do
        local j = other[id]
        if j and tostring(a[i]) ~= tostring(b[j]) then n = n + 1 end
      end
      if n > 0 then out[#out + 1] = { column = name, n = n } end
    end
  end
  return out
end

local function count_missing(order, other)
  local n = 0
  for _, id in ipairs(order) do if not other[id] then n = n + 1 end end
  return n
end

--- { rows_removed, rows_added, columns_removed, columns_added, values = { { column, n } } } by key,
--- or nil when a file is gone, has changed since the run, or the input has no key. Never a
--- patient's id.
function M.compare(a, b, name)
  local x, key = read(a, name)
  local y = x and read(b, name)
  if not x or not y or not key or not x:has(key) or not y:has(key) then return nil end
  local left, left_order = rows_of(x, key)
  local right, right_order = rows_of(y, key)
  return { rows_removed = count_missing(left_order, right),
    rows_added = count_missing(right_order, left),
    columns_removed = only_in(x:names(), y), columns_added = only_in(y:names(), x),
    values = changed_cells(x, y, left, right) }
end

return M
