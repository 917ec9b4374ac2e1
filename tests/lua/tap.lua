-- SPDX-License-Identifier: GPL-3.0-or-later
-- tap: the assertions of the Lua tests. `local t = dofile("tests/lua/tap.lua")`, ..., `t.done()`.
local t = { n = 0, failed = 0 }

local function line(ok, name, detail)
  t.n = t.n + 1
  if not ok then t.failed = t.failed + 1 end
  print((ok and "ok " or "not ok ") .. t.n .. " - " .. name
    .. (ok and "" or "\n#   " .. detail:gsub("\n", "\n#   ")))
  return ok
end

local function show(v)
  return type(v) == "string" and string.format("%q", v) or tostring(v)
end

function t.ok(value, name)
  return line(value and true or false, name, "found " .. show(value))
end

function t.is(actual, expected, name)
  return line(actual == expected, name, "expected " .. show(expected) .. "\nfound    "
    .. show(actual))
end

-- relative tolerance, absolute below 1e-300
function t.near(actual, expected, tol, name)
  local ok = type(actual) == "number" and type(expected) == "number"
    and (actual == expected or math.abs(actual - expected) <= tol * math.max(math.abs(expected),
      1e-300))
  return line(ok, name, "expected " .. show(expected) .. " within " .. tol .. "\nfound    "
    .. show(actual))
end

function t.match(text, pattern, name)
  return line(tostring(text):find(pattern) ~= nil, name, "no " .. show(pattern) .. " in "
    .. show(tostring(text)))
end

-- fn must raise an error whose text matches pattern; the error is returned
function t.fails(fn, pattern, name)
  local ok, err = pcall(fn)
  if ok then return line(false, name, "no error was raised") end
  line(tostring(err):find(pattern) ~= nil, name, "no " .. show(pattern) .. " in "
    .. show(tostring(err)))
  return err
end

function t.skip(reason)
  print("ok " .. t.n + 1 .. " - skipped: " .. reason)
  t.n = t.n + 1
end

-- The folder of shared reference data, or nil.
function t.shared()
  for _, dir in ipairs { os.getenv("LUNATION_SHARED") or "", "../shared", "../../shared" } do
    local f = dir ~= "" and io.open(dir .. "/METHODS.md")
    if f then f:close() return dir end
  end
end

-- What a command prints, as a list of lines.
function t.lines_of(command)
  local out, pipe = {}, assert(io.popen(command))
  for line in pipe:lines() do out[#out + 1] = line end
  pipe:close()
  return out
end

function t.done()
  print("1.." .. t.n)
  os.exit(t.failed == 0 and 0 or 1)
end

return t
