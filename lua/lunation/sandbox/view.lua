-- SPDX-License-Identifier: GPL-3.0-or-later
-- view: the patient that a derive function sees: one read-only object, moved from patient to patient, that
-- shows nothing but the declared columns. Shared by the host (lunation.data.patient) and the sandbox; a function
-- of no upvalues, so that it can be sent to the worker.
--
-- build(fail) gives new(data, state): fail(code, message, hint) raises. data.columns = { name = values },
-- data.linked = { name = { columns, date = values of the date column or nil, groups = { [i] = rows of
-- patient i in order of date } } }, data.absent = { name = true } for optional roles that are not bound,
-- data.open = true: any other name is nil.
-- The patient shown is number state.row.
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
    local columns, date, groups = table_data.columns, table_data.date or NONE, table_data.groups
    local at = { row = 0 }
    local visit = object("a visit", columns, at, function(k) undeclared("a visit", k, columns) end)
    local function iterate(wanted)
      local rows, i = groups[state.row] or NONE, 0
      return function()
        i = i + 1
        while rows[i] and not wanted(rows[i]) do i = i + 1 end
        if not rows[i] then return nil end
        at.row = rows[i]
        return visit
      end
    end
    local methods = {}
    --- for visit in patient.lesions:all() do ... visit.mm ... end
    function methods.all() return iterate(function() return true end) end
    --- Visits after the day (a visit on the day itself is not after it).
    function methods.after(_, day)
      return iterate(function(row) local d = date[row] return d ~= nil and d > day end)
    end
    --- Visits up to and including the day.
    function methods.until_day(_, day)
      return iterate(function(row) local d = date[row] return d ~= nil and d <= day end)
    end
    --- Value of a column at the last visit on or before the day; nil when there is none.
    function methods.baseline(_, column, day)
      local c, value = columns[column], nil
      if not c then undeclared("a visit", column, columns) end
      for _, row in ipairs(groups[state.row] or NONE) do
        local d = date[row]
        if d and d <= day and c[row] ~= nil then value = c[row] end
      end
      return value
    end
    --- Number of this patient's rows.
    function methods.count() return #(groups[state.row] or NONE) end
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
