-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every recipe whose data are shipped: it checks, explains and runs, its published figures come
-- back as it expects, and the specification (or script) beside its data makes them again byte for
-- byte.
local t = dofile("tests/lua/tap.lua")
local program = (os.getenv("B") or "build") .. "/lunation"

local function output(command)
  local pipe = assert(io.popen(command .. " 2>&1; echo \"exit $?\""))
  local text = pipe:read("a")
  pipe:close()
  return text:match("^(.*)exit (%d+)%s*$")
end

local function lines(command)
  local out = {}
  for line in output(command):gmatch("[^\n]+") do out[#out + 1] = line end
  return out
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local folder = output("mktemp -d"):match("%S+")
local root = output("pwd"):match("%S+")
if program:sub(1, 1) ~= "/" then program = root .. "/" .. program end

local function shipped(recipe)
  local any = false
  for path in read(recipe):gmatch("\n%s+file:%s*(%S+)") do
    any = true
    if not read("recipes/" .. path) then return false end
  end
  return any
end

local ran = 0
for _, recipe in ipairs(lines("ls recipes/*.yaml")) do
  if shipped(recipe) then
    ran = ran + 1
    local found, status = output(("%s check %s"):format(program, recipe))
    t.ok(status == "0" or status == "1" and found:find("^warning%["),
      ("check %s: at most warnings: %s"):format(recipe, (found:match("[^\n]*"))))
    local script, explained = output(("%s explain %s"):format(program, recipe))
    t.is(explained, "0", ("explain %s%s"):format(recipe, explained == "0" and "" or ": " .. script))
    local text, code = output(("%s run %s --out %s/%d"):format(program, recipe, folder, ran))
    t.is(code, "0", ("run %s%s"):format(recipe, code == "0" and "" or ": " .. text))
    local met, all = text:match("published figures: (%d+) of (%d+) as expected")
    if read(recipe):find("\npublished:") then
      t.is(met, all, recipe .. ": published figures as expected")
      t.ok(tonumber(all or 0) > 0, recipe .. ": there are published figures")
    end
  end
end
t.ok(ran >= 3, "recipes with data are found")

local made = 0
for _, spec in ipairs(lines("ls examples/*/cohort.yaml")) do
  local home = spec:match("^(.*)/cohort%.yaml$")
  local text, code = output(("%s simulate %s --out %s/cohort"):format(program, spec, folder))
  t.is(code, "0", spec .. ": every exact target and published figure"
    .. (code == "0" and "" or ": " .. text))
  for _, name in ipairs(lines(("cd %s/cohort && ls *.csv"):format(folder))) do
    made = made + 1
    t.ok(read(folder .. "/cohort/" .. name) == read(home .. "/" .. name),
      ("%s makes %s byte for byte"):format(spec, name))
  end
  t.ok(read(home .. "/dictionary.md"):find("No patient is in these data", 1, true), home
    .. ": the dictionary says so")
  output(("rm -r %s/cohort"):format(folder))
end
t.ok(made >= 7, "cohorts are made")

output("rm -r " .. folder)
t.done()
