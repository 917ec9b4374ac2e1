-- SPDX-License-Identifier: GPL-3.0-or-later
-- Compares this program with files of independent cases: build/lunation tests/reference/run.lua
-- [FILE...] (no file: those of ../shared). For each case: matched, wrong, missing, the worst
-- relative error, and where numbers differ. Last line: matched M, wrong W, missing X (numbers).
-- Exits with 1 when any is wrong or missing. Only what issue 3 leaves for later is out of scope,
-- and it is listed.
local core = require "lunation.core"
local from_call = require "tests.reference.r.answer"
local suite = dofile("tests/reference/suite.lua")

local FAMILIES = { "curves", "tests", "cox", "competing", "glm", "rates", "performance",
  "planning" }
local LATER = { "multistate-", "aft-", "param-", "royston-", "cox-lasso", "cox-pspline-ridge",
  "cox-frailty-", "mi-", "match-",
  "adjusted-", "clone-", "ipd-" }

local answers = {}
for _, family in ipairs(FAMILIES) do
  for id, answer in pairs(dofile("tests/reference/" .. family .. ".lua")) do
    if type(answer) == "function" and id:find("-", 1, true) then answers[id] = answer end
  end
end

local M = { SHOWN = 4 }

local function out_of_scope(id)
  for _, prefix in ipairs(LATER) do if id:sub(1, #prefix) == prefix then return true end end
end

-- The judgement of one answer (a function of the suite and the case) and what went wrong in words.
local function judged(s, case, answer)
  local ok, found, problems = pcall(answer, s, case)
  if not ok then
    return suite.judge(case), "error: " .. tostring(type(found) == "table" and found.message or found)
  end
  return suite.judge(case, found), problems and problems[1] and table.concat(problems,
    "\n         ", 1, math.min(#problems, M.SHOWN)) or nil
end

-- The cases of the open set are answered by functions of their names, which use the program as a
-- script does; other cases, of whatever name, by the R expression in their field `call`.
local function judge(s, case)
  local named = s.set == "open" and answers[case.id]
  return judged(s, case, named and function() return named(s, case.expected) end or from_call.of)
end

local function show(case, r, problem)
  local verdict = r.wrong > 0 and "wrong" or r.missing > 0 and "missing" or "matched"
  print(("%-8s %-32s matched %d, wrong %d, missing %d, worst relative error %.1e (tolerance %g)"):format(verdict, case.id, r.matched,
    r.wrong, r.missing, r.worst, case.tolerance_rel))
  if problem then print("         " .. problem) end
  for i = 1, math.min(M.SHOWN, #r.differences) do print("         " .. r.differences[i]) end
  if r.wrong > M.SHOWN then print(("         and %d more"):format(r.wrong - M.SHOWN)) end
  if r.missing > 0 and not problem then
    print("         missing: " .. table.concat(r.absent, " ", 1, math.min(M.SHOWN, r.missing))
      .. (r.missing > M.SHOWN and " ..." or ""))
  end
end

--- The judgement of a case by its call alone, and what could not be had.
function M.by_call(s, case) return judged(s, case, from_call.of) end

--- Whether the case is left for later.
M.out_of_scope = out_of_scope

--- Judges the cases of a file that `wanted` (a function of the id; nil: all) selects.
--- Returns totals and a list of { case, result, problem }.
function M.judge(path, wanted)
  local s = suite.open(path)
  local total, list, later = { matched = 0, wrong = 0, missing = 0, texts = 0 }, {}, {}
  for _, case in ipairs(s.cases) do
    if out_of_scope(case.id) then later[#later + 1] = case.id
    elseif not wanted or wanted(case.id) then
      local r, problem = judge(s, case)
      for k in pairs(total) do total[k] = total[k] + r[k] end
      list[#list + 1] = { case = case, result = r, problem = problem }
    end
  end
  return total, list, later
end

local function report(path)
  local total, list, later = M.judge(path)
  print(("%s: %d cases"):format(path, #list))
  for _, l in ipairs(list) do show(l.case, l.result, l.problem) end
  if #later > 0 then
    print(("out of scope, not run: %d cases: %s"):format(#later, table.concat(later, " ")))
  end
  print(("not compared: %d texts (names of terms, notes)"):format(total.texts))
  return total.matched, total.wrong, total.missing
end

local function responses(path)
  local matched, wrong, missing = dofile("tests/reference/recist.lua")(path)
  print(("%s: matched %d, wrong %d, missing %d fields"):format(path, matched, wrong, missing))
  return matched, wrong, missing
end

-- A file of cases has data sets; the other kind describes patients and their lesions.
local function one(path)
  return (core.file.read(path):find('"datasets"%s*:') and report or responses)(path)
end

local function main(files)
  local all = { 0, 0, 0 }
  if #files == 0 then
    local shared = dofile("tests/lua/tap.lua").shared()
    if shared then files = { shared .. "/reference/recist/open.json", shared
      .. "/reference/stats/open.json" }
    else print "../shared is missing: there is nothing to compare with" end
  end
  for _, path in ipairs(files) do
    for i, n in ipairs { one(path) } do all[i] = all[i] + n end
  end
  print(("matched %d, wrong %d, missing %d"):format(table.unpack(all)))
  os.exit(all[2] + all[3] == 0 and 0 or 1)
end

if arg and arg[0] and arg[0]:find("reference/run%.lua$") then main(arg) end
return M
