-- SPDX-License-Identifier: GPL-3.0-or-later
-- assertions: what the tests of a plug-in may say (lunation.testing), wherever they run:
-- assertions(report, tostring), where report(ok, name, detail) takes the outcome.
return function(report, tostring)
  local M = {}

  local function show(v) return type(v) == "string" and ("%q"):format(v) or tostring(v) end

  local function compared(ok, expected, found, name)
    return report(ok, name, ("expected %s\nfound    %s"):format(show(expected), show(found)))
  end

  --- The value is neither nil nor false.
  function M.ok(value, name)
    return report(value and true or false, name, "found " .. show(value))
  end

  --- The two values are equal.
  function M.is(found, expected, name) return compared(found == expected, expected, found, name) end

  --- The two numbers differ by at most tol of the expected one (1e-9).
  function M.near(found, expected, tol, name)
    if type(tol) == "string" then tol, name = nil, tol end
    local ok = type(found) == "number"
      and math.abs(found - expected) <= (tol or 1e-9) * math.max(math.abs(expected), 1e-300)
    return compared(ok, expected, found, name)
  end

  --- The function raises an error that holds the text.
  function M.fails(fn, text, name)
    local ok, e = pcall(fn)
    if ok then return report(false, name, "no error was raised") end
    return report(tostring(e):find(text, 1, true) ~= nil, name,
      ("expected an error with %s\nfound    %s"):format(show(text), tostring(e)))
  end

  return M
end
