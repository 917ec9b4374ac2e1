-- SPDX-License-Identifier: GPL-3.0-or-later
-- errors: what a person is told. An error is a table: code, message, and where known file, line,
-- column, path, excerpt, hint. The first word of the code decides the exit code.
local errors = {}

local meta = { __name = "lunation.error" }

local function place(e)
  if not e.file then return nil end
  local at = e.file
  if e.line then at = at .. ":" .. e.line end
  if e.column then at = at .. ":" .. e.column end
  return at
end

function meta.__tostring(e)
  local parts = { e.message }
  local at = place(e)
  if at then table.insert(parts, 1, at .. ": ") end
  if e.hint then parts[#parts + 1] = " (" .. e.hint .. ")" end
  return table.concat(parts)
end

--- An error table, not yet raised. fields: file line column path excerpt hint patient.
function errors.new(code, message, fields)
  local e = { code = code, message = message }
  for k, v in pairs(fields or {}) do e[k] = v end
  return setmetatable(e, meta)
end

--- Raises an error table.
function errors.raise(code, message, fields)
  error(errors.new(code, message, fields), 0)
end

--- Whether e is an error table.
function errors.is(e)
  return type(e) == "table" and type(e.code) == "string" and type(e.message) == "string"
end

local EXIT = { usage = 2, recipe = 2, data = 3, numeric = 4, io = 5, limit = 6, plugin = 6,
  interrupted = 130, internal = 70 }

--- The exit code of the program that ends with e.
function errors.exit_code(e)
  return errors.is(e) and EXIT[e.code:match("^[^.]*")] or 70
end

--- The full form for a terminal: code and message, place, excerpt with a caret, hint.
function errors.render(e)
  local out = { "error[" .. e.code .. "]: " .. e.message }
  local at = place(e)
  if at then out[#out + 1] = "  --> " .. at .. (e.path and ("   (" .. e.path .. ")") or "") end
  if e.excerpt then
    local number = tostring(e.line or "")
    local margin = (" "):rep(#number)
    out[#out + 1] = margin .. " |"
    out[#out + 1] = number .. " | " .. e.excerpt
    if e.column then
      out[#out + 1] = margin .. " | " .. (" "):rep(e.column - 1) .. ("^"):rep(e.width or 1)
    end
  end
  if e.hint then out[#out + 1] = "   = help: " .. e.hint end
  for i = 2, e.details and #e.details or 0 do
    local d = e.details[i]
    out[#out + 1] = ("  line %d: %s%s"):format(d.line, d.message, d.hint and " (" .. d.hint
      .. ")" or "")
  end
  return table.concat(out, "\n")
end

return errors
