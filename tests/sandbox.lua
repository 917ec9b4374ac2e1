-- SPDX-License-Identifier: GPL-3.0-or-later
-- Runs every Lua file of a folder with a MANIFEST.tsv as a plug-in and compares how it ends with
-- the manifest: make sandbox DIR=... A file's chunk returns a function that is called once for each
-- patient.
local core, errors, sandbox = require "lunation.core", require "lunation.errors",
  require "lunation.sandbox"
local dir, only = arg[1], arg[2]
local SECONDS = 5

local DATA = { open = true, columns = { id = { n = 3, "p-one", "p-two", "p-three" },
  time = { n = 3, 12.5, 3, 40 },
  status = { n = 3, 1, 0, 1 }, age = { n = 3, 61, 70, 55 }, arm = { n = 3, "a", "b", "a" } } }

local function check(out, i)
  local time, event = out.first[i], out.second[i]
  local bad = (out.is_table[i] or math.type(time) == nil or type(event) ~= "number")
    and "it must return time and event, found "
    .. (out.is_table[i] and "a table" or type(time)) .. " and " .. type(event)
    or time ~= time and "time is not a number" or time < 0 and "time is negative"
    or time == math.huge and "time is infinite"
  if bad then errors.raise("plugin.result", bad .. ", row " .. i) end
  return time, event
end

local function run(file, trust)
  local box = sandbox.open(file, { trust = trust })
  local text = core.file.read(file)
  local definitions, rows = box:load(text), {}
  for _, d in ipairs(definitions) do
    local out = box:ask({ op = "derive", fn = d.value.derive.fn, from = 1, n = 3, data = DATA }, 3)
    for i = 1, 3 do rows[i] = ("%.17g %g"):format(check(out, i)) end
  end
  box:close()
  return table.concat(rows, ";")
end

local function outcome(file)
  local ok, result = pcall(run, file, false)
  if ok then return "accept", result end
  if not errors.is(result) or errors.exit_code(result) ~= 6 then
    return "broken", tostring(result)
  end
  return result.code:match("^limit") and "limit" or "error",
    errors.render(result):gsub("\n%s*", " ")
end

-- A limit that is refused before anything runs is an error too; a value or an id must not be in a
-- message.
local function as_expected(expect, found, message)
  if found == "broken" or message:find("p-one", 1, true) then return false end
  return found == expect or expect == "limit" and found == "error" or expect == "error"
    and found == "limit"
    or expect == "either" and found ~= "accept"
end

local failed, n = 0, 0
for line in core.file.read(dir .. "/MANIFEST.tsv"):gmatch("[^\n]+") do
  local file, kind, expect = line:match("^([^\t]+)\t([^\t]+)\t([^\t]+)")
  if kind == "lua" and (not only or file == only) then
    local before = os.time()
    local found, message = outcome(dir .. "/" .. file)
    if expect == "accept" and found == "accept" then
      for _ = 1, 3 do
        local _, again = outcome(dir .. "/" .. file)
        if again ~= message then
          found, message = "broken", "two runs differ: " .. message .. " and " .. again
        end
      end
    end
    local ok = as_expected(expect, found, message) and os.time() - before <= SECONDS
    n, failed = n + 1, failed + (ok and 0 or 1)
    print(("%s %d - %s: %s %s"):format(ok and "ok" or "not ok", n, file, found, message))
  end
end
print("1.." .. n)
os.exit(failed == 0 and n > 0 and 0 or 1)
