-- SPDX-License-Identifier: GPL-3.0-or-later
-- view: the patient that a derive function sees: one read-only object, moved from patient to
-- patient, that shows nothing but the declared columns. Shared by the host (lunation.data.patient)
-- and the sandbox; a function of no upvalues, so that it can be sent to the worker.
--
-- build(fail) gives new(data, state): fail(code, message, hint) raises. data.columns = { name =
-- values }, data.linked = { name = { columns, date = values of the date column or nil, first } },
-- where the rows of patient i are first[i] to first[i + 1] - 1, in order of date (missing last),
-- data.absent = { name = true } for optional roles that are not bound, data.open = true: any other
-- name is nil. The patient shown is number state.row.
return function(fail)
  local function keys(t)
    local out = {}
    for k in pairs(t) do out[#out + 1] = k end
    table.sort(out)
    return out
  end

  local function undeclared(what, key, columns)
    local name = type(key) == "string" and key:sub(1, 40) or "of that kind"
    fail("plugin.column", ('%s has no column "%s" here'):format(what, name),
      "only declared columns are visible: " .. table.concat(keys(columns), ", "))
  end

  local function object(what, columns, state, other)
    local order
    local function step(_, k)
      order = order or keys(columns)
      local i = 1
      if k ~= nil then
        while order[i] ~= k do i = i + 1 end
        i = i + 1
      end
      while order[i] and columns[order[i]][state.row] == nil do i = i + 1 end
      if order[i] then return order[i], columns[order[i]][state.row] end
    end
    return setmetatable({}, {
      __index = function(_, k)
        local c = columns[k]
        if c then return c[state.row] end
        return other(k)
      end,
      __newindex = function() fail("plugin.readonly", what .. " is read only") end,
      __pairs = function(self) return step, self, nil end,
      __metatable = "locked" })
  end

  local NONE = {}

  local function linked(table_data, state)
    local columns, date, first = table_data.columns, table_data.date or NONE, table_data.first
    local at = { row = 0 }
    local visit = object("a visit", columns, at, function(k) undeclared("a visit", k, columns) end)
    -- Goes through the rows from..to.
    local function iterate(from, to)
      local row = from - 1
      return function()
        row = row + 1
        if row > to then return nil end
        at.row = row
        return visit
      end
    end
    -- The first of this patient's rows whose date is past the day or missing, and the last of those
    -- with a date.
    local function split(day)
      local row, stop = first[state.row], first[state.row + 1]
      while row < stop do
        local d = date[row]
        if d == nil or d > day then break end
        row = row + 1
      end
      return row, stop - 1
    end
    local methods = {}
    --- for visit in patient.lesions:all() do ... visit.mm ... end
    function methods.all() return iterate(first[state.row], first[state.row + 1] - 1) end
    --- Visits after the day (a visit on the day itself is not after it).
    function methods.after(_, day)
      local from, to = split(day)
      while to >= from and date[to] == nil do to = to - 1 end
      return iterate(from, to)
    end
    --- Visits up to and including the day.
    function methods.until_day(_, day) return iterate(first[state.row], split(day) - 1) end
    --- Value of a column at the last visit on or before the day; nil when there is none.
    function methods.baseline(_, column, day)
      local c = columns[column]
      if not c then undeclared("a visit", column, columns) end
      for row = split(day) - 1, first[state.row], -1 do
        if c[row] ~= nil then return c[row] end
      end
    end
    --- Number of this patient's rows.
    function methods.count() return first[state.row + 1] - first[state.row] end
    return setmetatable({}, { __index = methods, __len = methods.count, __metatable = "locked",
      __newindex = function() fail("plugin.readonly", "the visits are read only") end })
  end

  return function(data, state)
    local tables, absent = {}, data.absent or NONE
    for name, t in pairs(data.linked or NONE) do tables[name] = linked(t, state) end
    return object("the patient", data.columns, state, function(k)
      local t = tables[k]
      if t then return t end
      if not absent[k] and not data.open then undeclared("the patient", k, data.columns) end
    end)
  end
end
