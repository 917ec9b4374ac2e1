-- SPDX-License-Identifier: GPL-3.0-or-later
-- design: what is wrong with a study's design, said before a reviewer does.
local M = {}

-- Words of a formula that are column names.
local function columns_of(terms, cohort)
  local out = {}
  for word in terms:gmatch("[%a_][%w_]*") do
    if cohort.patients:has(word) then out[word] = true end
  end
  return out
end

local function add(list, code, analysis, message, hint)
  list[#list + 1] = { code = code, analysis = analysis, message = message, hint = hint }
end

-- Groups or covariates known only after the clock started make patients immortal until then.
local function immortal_time(study, a, list)
  for _, call in ipairs(a.calls) do
    local compares = call.method == "km" or call.method == "logrank" or call.method == "cox" or call.method == "pairwise"
      or call.method == "rmst"
    local endpoint = compares and not call.local_on and study.env[call.on]
    if endpoint and a.kind ~= "immortal" then
      local names = {}
      local first = call.args[1]
      if type(first) == "string" then names = columns_of(first, study.cohort)
      elseif first and first.by then names[first.by] = true end
      for _, name in ipairs(require("lunation.suggest").keys(names)) do
        local known = study.cohort.patients:about(name).known
        local roles = endpoint.about.roles or {}
        if known and known ~= roles.origin then
          add(list, "design.immortal-time", a.id, ("%s compares %s from %s on, but %s becomes known only at %s: until "
            .. "then its patients cannot have the event (immortal time)"):format(a.id, name, roles.origin or "the start",
            name, known), "use a landmark analysis (landmark: " .. endpoint.name .. ", at: ..., by: " .. name
            .. ") or the time-dependent form (immortal: " .. endpoint.name .. ")")
          break
        end
      end
      if #list > 0 and list[#list].analysis == a.id then return end
    end
  end
end

-- Groups with fewer than five patients or no event give unstable estimates.
local function sparse_groups(study, a, list)
  local by = a.opt.by
  local endpoint = study.env[a.opt[a.kind] or ""]
  if not by or type(by) ~= "string" or not endpoint or not study.cohort.patients:has(by) then return end
  if type(endpoint) ~= "table" or not rawget(endpoint, "status") then return end
  local column, n, events = endpoint.cohort:column(by), {}, {}
  for i = 1, #endpoint.status do
    local level = column[i]
    if level ~= nil then
      n[level] = (n[level] or 0) + 1
      if endpoint.status[i] ~= 0 then events[level] = (events[level] or 0) + 1 end
    end
  end
  local levels = {}
  for level in pairs(n) do levels[#levels + 1] = level end
  table.sort(levels, function(x, y) return tostring(x) < tostring(y) end)
  if #levels == 1 then
    add(list, "design.one-group", a.id, ("%s: every patient has %s = %s: there is nothing to compare"):format(a.id, by, levels[1]))
  end
  for _, level in ipairs(levels) do
    if n[level] < 5 then
      add(list, "design.sparse", a.id, ("%s: the group %s = %s has %d patient%s"):format(a.id, by, tostring(level), n[level],
        n[level] == 1 and "" or "s"))
    end
    if not events[level] then
      add(list, "design.no-events", a.id, ("%s: the group %s = %s has no event; its hazard ratio is not finite"):format(a.id,
        by, tostring(level)))
    end
  end
end

--- Warnings about a prepared study: { { code, analysis, message, hint }, ... }.
function M.warnings(study)
  local list = {}
  for _, a in ipairs(study.plan.analyses) do
    immortal_time(study, a, list)
    sparse_groups(study, a, list)
  end
  for name, value in pairs(study.env) do
    if type(value) == "table" and rawget(value, "notes") then
      for _, note in ipairs(value.notes) do add(list, "data.note", nil, name .. ": " .. tostring(note.message or note)) end
    end
  end
  table.sort(list, function(a, b)
    if (a.analysis or "") ~= (b.analysis or "") then return (a.analysis or "") < (b.analysis or "") end
    return a.message < b.message
  end)
  return list
end

return M
