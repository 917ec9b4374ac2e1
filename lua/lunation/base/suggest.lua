-- SPDX-License-Identifier: GPL-3.0-or-later
-- suggest: "did you mean", for every name that a person may misspell.

-- Edits (insert, delete, replace, swap of neighbours) from a to b.
local function distance(a, b)
  local n, m = #a, #b
  local before, last, now = {}, {}, {}
  for j = 0, m do last[j] = j end
  for i = 1, n do
    now[0] = i
    for j = 1, m do
      local best = last[j - 1] + (a:byte(i) == b:byte(j) and 0 or 1)
      best = math.min(best, last[j] + 1, now[j - 1] + 1)
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        best = math.min(best, before[j - 2] + 1)
      end
      now[j] = best
    end
    before, last, now = last, now, before
  end
  return last[m]
end

local suggest = {}

--- The name closest to word, or nil when none is close. names: a list.
function suggest.closest(word, names)
  local best, found = #word // 3 + 1, nil
  for _, name in ipairs(names) do
    local d = distance(word:lower(), name:lower())
    if d < best or (d == best and (not found or name < found)) then best, found = d, name end
  end
  return found
end

--- Keys of a table as a sorted list of strings.
function suggest.keys(t)
  local keys = {}
  for k in pairs(t) do if type(k) == "string" then keys[#keys + 1] = k end end
  table.sort(keys)
  return keys
end

--- A hint for an unknown word: "did you mean X?", or the list of what is known.
function suggest.hint(word, names)
  local near = suggest.closest(word, names)
  if near then return 'did you mean "' .. near .. '"?' end
  if #names == 0 then return "none is known here" end
  return "known: " .. table.concat(names, ", ")
end

return suggest
