-- SPDX-License-Identifier: GPL-3.0-or-later
-- suggest: "did you mean", for every name that a person may misspell.

local r_names = require "lunation.base.r_names"
local rank = require("lunation.core").text.rank

local suggest = {}

--- The name closest to word, or nil when none is close. names: a list.
function suggest.closest(word, names)
  local best, found = 2 * (#word // 3 + 2), nil
  for _, name in ipairs(names) do
    local d = rank(word:lower(), name:lower())
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

--- What stands here for a name of R's, as a hint; nil for other names.
function suggest.from_r(word)
  return r_names[word] and ("R's %s is %s here"):format(word, r_names[word])
end

--- A hint for an unknown word: "did you mean X?", or the list of what is known.
function suggest.hint(word, names)
  local near = suggest.closest(word, names)
  if near then return 'did you mean "' .. near .. '"?' end
  if #names == 0 then return "none is known here" end
  return "known: " .. table.concat(names, ", ")
end

return suggest
