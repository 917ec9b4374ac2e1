-- SPDX-License-Identifier: GPL-3.0-or-later
local args = require "lunation.cli.args"
local errors = require "lunation.errors"

local SHOWN = 10 -- results that differ, listed for people

local STATUS = { exact = "as printed", rounding = "within rounding", differs = "differs",
  missing = "not computed", ambiguous = "ambiguous" }

-- What is said of a figure that may differ: by what the recipe expects.
local MAY = { rounding = "within rounding, as expected", approximate = "differs, expected to be near",
  direction = "differs, only the direction is known",
  inconsistent = "differs, as it must: the source contradicts itself" }

local function status(e)
  if e.ok then return e.status ~= "exact" and MAY[e.expect] or STATUS[e.status] end
  local by_accident = e.expect == "inconsistent" and e.status ~= "missing"
  return STATUS[e.status] .. (by_accident and ", though the source contradicts itself" or "")
    .. " (!)"
end

local function print_published(list)
  print ""
  local rows = {}
  for i, e in ipairs(list) do
    rows[i] = { analysis = e.analysis, key = e.key, published = e.published, computed = e.computed,
      difference = e.difference or "", status = status(e) }
  end
  print(require("lunation.report.text").table({
    { key = "analysis", label = "Analysis" }, { key = "key", label = "Figure" },
    { key = "published", label = "Published" }, { key = "computed", label = "Computed" },
    { key = "difference", label = "Difference", align = "right" },
    { key = "status", label = "Status" } }, rows))
end

-- The estimates that are not those of the lock, where its results lie beside it.
local function print_changed(v)
  local r = v.results
  if v.same or not r then return end
  print(("%d estimates the same, %d within 1e-9, %d changed, %d gone, %d new"):format(r.same,
    #r.noise, #r.changed, #r.removed, #r.added))
  local rows, list = require "lunation.recipe.rows", {}
  for i = 1, math.min(#r.changed, SHOWN) do
    local c = r.changed[i]
    list[i] = { name = rows.name(c.a), before = rows.estimate(c.a), now = rows.estimate(c.b),
      conclusion = c.conclusion or "" }
  end
  if #list == 0 then return end
  print(require("lunation.report.text").table({ { key = "name", label = "Estimate" },
    { key = "before", label = "Then" }, { key = "now", label = "Now" },
    { key = "conclusion", label = "Conclusion" } }, list))
end

local function off(list)
  local n = 0
  for _, e in ipairs(list) do if not e.ok then n = n + 1 end end
  return n
end

-- What a reader asks for first: verified or not, and why not.
local function print_conclusion(v, findings)
  local n = #v.published
  if #findings == 0 then
    print(("verified: the results are those of the lock, at 10 digits (%s…)%s"):format(
      v.digest:sub(1, 12),
      n > 0 and ("; all %d published figures are as expected"):format(n) or ""))
    return
  end
  print("not verified")
  for _, f in ipairs(findings) do print("finding: " .. f) end
end

local function print_json(v, findings)
  local json = require "lunation.base.json"
  local list = json.array {}
  for i, e in ipairs(v.published) do
    list[i] = json.object { { "analysis", e.analysis }, { "key", e.key }, { "published",
      e.published }, { "computed", e.computed },
      { "difference", e.difference }, { "status", e.status }, { "expect", e.expect },
      { "ok", e.ok } }
  end
  print(json.encode(json.object {
    { "lock", v.file }, { "same", v.same }, { "results_sha256", v.digest },
    { "expected_sha256", v.expected }, { "published", list },
    { "findings", json.array(findings) } }, true))
end

return {
  summary = "runs a lock again; compares with it and with the published figures",
  usage = "verify DIR|LOCK [--data NAME=FILE]...",
  options = {
    { name = "data", arg = "NAME=FILE", many = true, doc = "where the data lie now" },
    { name = "json", doc = "machine-readable output, errors too" },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 1 then
      errors.raise("usage.argument", "verify takes the folder of a run, or its lock",
        { hint = "lunation verify DIR" })
    end
    local v = require("lunation.recipe.verify").run(words[1],
      { data = args.pairs_of(opt.data, "data") })
    local findings = v.findings
    if not v.same then
      findings[#findings + 1] = ("the results are not those of the lock (%s… then, %s… now)")
        :format(v.expected:sub(1, 12), v.digest:sub(1, 12))
    end
    local n = off(v.published)
    if n > 0 then
      findings[#findings + 1] = ("%d of %d published figures are not as expected"):format(n,
        #v.published)
    end
    if opt.json then
      print_json(v, findings)
    else
      print_conclusion(v, findings)
      print_changed(v)
      if #v.published > 0 then print_published(v.published) end
    end
    return #findings > 0 and 1 or 0
  end,
}
