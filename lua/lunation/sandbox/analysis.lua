-- SPDX-License-Identifier: GPL-3.0-or-later
-- analysis: the program's side of a plug-in's analysis kinds and report sections. What a plug-in
-- asks for is looked at before it is done: only estimators are called, and only on the cohort, on
-- endpoints that the recipe names, and on earlier results of the same analysis.
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local M = {}

local METHODS = require("lunation.sandbox.allow").estimators

local WRITES = { "facts", "list", "note", "paragraph", "subsection", "table" }

local function has(list, v)
  for _, x in ipairs(list) do if x == v then return true end end
  return false
end

local function refuse(box, line, message, hint)
  errors.raise("plugin.result", message, { file = box.file, line = line, hint = hint })
end

local function checked_call(box, f, opt, call, earlier)
  if type(call) ~= "table" or type(call.as) ~= "string" or type(call.method) ~= "string"
    or type(call.on) ~= "string" then
    refuse(box, f.line, "calls must return a list of { as =, on =, method =, args = { ... } }")
  end
  if not has(METHODS, call.method) then
    refuse(box, f.line, ('calls: "%s" cannot be called'):format(call.method:sub(1, 40)),
      suggest.hint(call.method, METHODS))
  end
  local args = call.args == nil and {} or call.args
  if type(args) ~= "table" then refuse(box, f.line, "calls: args must be a list") end
  local is_endpoint = false
  for _, v in pairs(opt) do is_endpoint = is_endpoint or v == call.on end
  if not (earlier[call.on] or is_endpoint or call.on == "cohort") then
    refuse(box, f.line,
      ('calls: "%s" is neither "cohort", an option of the analysis, nor an earlier result'):format(
        call.on:sub(1, 40)))
  end
  return { as = call.as, on = call.on, method = call.method, args = args,
    local_on = earlier[call.on] }
end

--- calls(opt) of a kind: asks the plug-in.
function M.calls(box, f)
  return function(opt)
    local list, earlier = box:ask { op = "call", fn = f.fn, args = { opt } }, {}
    if type(list) ~= "table" or #list == 0 then
      refuse(box, f.line, "calls must return a list of calls")
    end
    for i, call in ipairs(list) do
      list[i] = checked_call(box, f, opt, call, earlier)
      earlier[list[i].as] = true
    end
    return list
  end
end

-- Rows as plain tables; what names a patient is left out.
local function plain_rows(rows)
  local out = {}
  for i, row in ipairs(rows) do
    out[i] = {}
    for k, v in pairs(row) do
      if k ~= "id" and (type(v) == "number" or type(v) == "string" or type(v) == "boolean") then
        out[i][k] = v
      end
    end
  end
  return out
end

local function plain_result(r)
  local ok, convention = pcall(function() return r.convention end)
  return { rows = plain_rows(r:rows()), text = tostring(r), convention = ok
    and type(convention) == "string" and convention or nil }
end

-- Writes what the plug-in noted into the document.
local function replay(box, f, doc, notes)
  if type(notes) ~= "table" then refuse(box, f.line, "show wrote nothing that can be read") end
  for _, note in ipairs(notes) do
    local method, args = note[1], note[2]
    if not has(WRITES, method) or type(args) ~= "table" then
      refuse(box, f.line, "show wrote something unknown")
    end
    local ok, e = pcall(doc[method], doc, table.unpack(args, 1, args.n))
    if not ok then
      refuse(box, f.line, ("doc:%s: %s"):format(method, errors.is(e) and e.message
        or "its arguments do not fit"))
    end
  end
end

--- show(doc, results, opt) of a kind.
function M.show(box, f)
  return function(doc, results, opt)
    local plain = {}
    for name, r in pairs(results) do
      if type(r) ~= "number" then plain[name] = plain_result(r) end
    end
    replay(box, f, doc, box:ask { op = "show", fn = f.fn, methods = WRITES, results = plain,
      opt = opt })
  end
end

--- show(doc, study) of a report section: study has id, title, n and rows().
function M.section(box, f)
  return function(doc, study)
    local v, rows = study.recipe.value, require("lunation.recipe.run").rows(study)
    replay(box, f, doc, box:ask { op = "show", fn = f.fn, methods = WRITES,
      study = { id = v.id, title = v.title, n = #study.cohort, rows = plain_rows(rows) } })
  end
end

return M
