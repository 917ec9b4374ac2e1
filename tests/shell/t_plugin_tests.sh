# SPDX-License-Identifier: GPL-3.0-or-later
# `lunation test DIR`: a plug-in's tests run in a worker; a hostile one is a failure with a message.
. tests/shell/tap.sh
cd "$tmp" || exit 1
mkdir good bad

cat >good/stays.lua <<'LUA'
require("lunation.endpoint").define {
  name = "stay", kind = "time_to_event", title = "Stay", needs = { patient = { "start", "stop" } },
  derive = function(p)
    if not p.stop then return nil, "still there" end
    return { time = p.stop - p.start, event = true, reason = "left" }
  end,
}
LUA
cat >good/test_stays.lua <<'LUA'
local lun, t = require "lunation", require "lunation.testing"
lun.use "good/stays.lua"
local cohort = t.cohort { columns = { start = "date", stop = "date", age = "number", arm = "text" }, patients = {
  { id = "a", start = "2024-01-01", stop = "2024-01-11", age = 50, arm = "x" },
  { id = "b", start = "2024-01-01", stop = "2024-01-21", age = 60, arm = "y" },
  { id = "c", start = "2024-01-01", age = 70, arm = "x" } } }
local stay = cohort:endpoint("stay", {})
t.is(#stay, 2, "length")
t.is(stay.excluded[1].reason, "still there", "fields within fields")
t.is(stay.time[2], 20, "an element of a column")
t.near(stay:km { by = "arm" }:median("x").estimate, 10, "a method of a result of a method")
t.is(#stay:rows(), 2, "rows")
t.ok(tostring(stay):find("Stay: 2 patients", 1, true), "its text")
t.is(#cohort:where("age > 55", "older"), 2, "a condition")
t.fails(function() return stay.evnts end, 'did you mean "events"', "the program's errors arrive")
t.fails(function() return cohort:write("x") end, "has no field", "what is not there")
t.ok(not pcall(function() return stay:km { by = "nothing" } end), "pcall catches them")
LUA
exits 0 "tests in the worker" "$lunation" test good
says '^10 passed, 0 failed$' "all ran"
exits 0 "the same in the program" "$lunation" test good --trust
says '^10 passed, 0 failed$' "with the same outcome"

hostile() { # NAME CODE PATTERN, the test on standard input
  rm -f bad/*
  { echo 'local lun, t = require "lunation", require "lunation.testing"'; cat; } >"bad/test_$1.lua"
  exits 1 "$1 is a failure" timeout 20 "$lunation" test bad
  says "$2" "$1: $3"
  says '^[0-9]* passed, 1 failed$' "$1: counted as one"
}
echo 'while true do end' | hostile loop 'error\[limit.time\]' "stopped by the clock"
echo 'local s = "x" while true do s = s .. s end' |
  hostile memory 'error\[limit\.' "stopped by a limit"
echo 'io.open("bad/out", "w")' | hostile file 'io is not available to a plug-in' "sees no files"
echo 'lun.read("/etc/passwd", {})' | hostile read 'is no file of the folder' "reads nothing outside"
echo 'lun.use "bad/../good/stays.lua"' | hostile up 'is no file of the folder' "nor by way of .."
echo 'os.execute "touch bad/out"' | hostile command 'os is not available' "starts nothing"
echo 'local c = t.cohort { patients = { { id = "a" } }, columns = { id = "text" } } c.patients.source:x()' |
  hostile object 'error\[' "reaches no further than the program's objects"
echo 't.cohort { patients = { { id = "a" } }, columns = { id = "text" } }:derive("x", function() end)' |
  hostile function 'a function cannot be given' "sends no function into the program"
echo 'while true do pcall(lun.read, "nothing") end' | hostile calls 'error\[limit.requests\]' "asks only so often"
echo 't.ok(false, "wrong")' | hostile wrong 'not ok 1 - wrong' "a plain failure is one too"
echo 't.ok(' | hostile syntax 'error\[plugin.syntax\]' "so is what is no Lua"
ok "nothing was written" [ ! -e bad/out ]
