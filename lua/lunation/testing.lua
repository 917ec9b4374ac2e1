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

for name, fn in pairs(require("lunation.sandbox.assertions")(report, tostring)) do M[name] = fn end

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

--- Runs one file of tests of a folder in a worker, or with trust in this process; an error in it
--- is a failed test.
function M.run(dir, name, trust)
  local path, ok, e = dir .. "/" .. name, nil, nil
  if trust then
    local chunk, message = loadfile(path, "t")
    ok, e = chunk ~= nil, message
    if chunk then ok, e = pcall(chunk) end
  else
    ok, e = pcall(require("lunation.sandbox.trial").run, dir, path, report)
  end
  if not ok then
    if errors.is(e) and e.code == "interrupted" then error(e, 0) end
    report(false, path, errors.is(e) and errors.render(e) or tostring(e))
  end
end

return M
