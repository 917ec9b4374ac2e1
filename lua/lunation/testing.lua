-- SPDX-License-Identifier: GPL-3.0-or-later
-- testing: assertions for the tests of a plug-in, run by `lunation test DIR`. Prints TAP.
local errors = require "lunation.errors"

local M = { passed = 0, failed = 0 }

local function report(ok, name, detail)
  local n = M.passed + M.failed + 1
  if ok then M.passed = M.passed + 1 else M.failed = M.failed + 1 end
  print(("%s %d - %s"):format(ok and "ok" or "not ok", n, name or "assertion " .. n))
  if not ok then print("#   " .. detail:gsub("\n", "\n#   ")) end
  return ok
end

local function show(v) return type(v) == "string" and ("%q"):format(v) or tostring(v) end

--- The value is neither nil nor false.
function M.ok(value, name) return report(value and true or false, name, "found " .. show(value)) end

--- The two values are equal.
function M.is(found, expected, name)
  return report(found == expected, name, ("expected %s\nfound    %s"):format(show(expected),
    show(found)))
end

--- The two numbers differ by at most tol of the expected one (1e-9).
function M.near(found, expected, tol, name)
  if type(tol) == "string" then tol, name = nil, tol end
  local ok = type(found) == "number"
    and math.abs(found - expected) <= (tol or 1e-9) * math.max(math.abs(expected), 1e-300)
  return report(ok, name, ("expected %s\nfound    %s"):format(show(expected), show(found)))
end

--- The function raises an error that holds the text.
function M.fails(fn, text, name)
  local ok, e = pcall(fn)
  if ok then return report(false, name, "no error was raised") end
  return report(tostring(e):find(text, 1, true) ~= nil, name,
    ("expected an error with %s\nfound    %s"):format(show(text), tostring(e)))
end

local function cell(v)
  if v == nil then return "" end
  return '"' .. tostring(v):gsub('"', '""') .. '"'
end

-- A table of the library from rows, by way of a file as a hospital would send it.
local function table_of(rows, opt)
  local names, lines, path = {}, {}, os.tmpname()
  for name in pairs(opt.columns) do names[#names + 1] = name end
  if not opt.columns[opt.key] then names[#names + 1] = opt.key end
  table.sort(names)
  lines[1] = table.concat(names, ",")
  for i, row in ipairs(rows) do
    local cells = {}
    for k, name in ipairs(names) do cells[k] = cell(row[name]) end
    lines[i + 1] = table.concat(cells, ",")
  end
  local file = assert(io.open(path, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
  local ok, t = pcall(require("lunation").read, path, opt)
  os.remove(path)
  if not ok then error(t, 0) end
  return t
end

--- A small cohort from rows written down: t.cohort { patients = { { id = "a", start = "2024-01-31"
--- } }, columns = { start = "date" }, linked = { lesions = { rows = { ... }, columns = { ... } } }
--- }.
function M.cohort(spec)
  local linked = {}
  for name, l in pairs(spec.linked or {}) do
    linked[name] = table_of(l.rows, { key = "id", rows = "many", columns = l.columns })
  end
  return require("lunation").cohort(table_of(spec.patients, { key = "id", columns = spec.columns }),
    linked)
end

--- Runs one file of tests; an error in it is a failed test.
function M.run(path)
  local chunk, message = loadfile(path, "t")
  local ok, e = chunk ~= nil, message
  if chunk then ok, e = pcall(chunk) end
  if not ok then report(false, path, errors.is(e) and errors.render(e) or tostring(e)) end
end

return M
