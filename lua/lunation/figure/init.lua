-- SPDX-License-Identifier: GPL-3.0-or-later
-- figure: `lun.figure.km { ... }` and its siblings. Each is a function of one table that returns a
-- figure: svg, width, height, title, description, data(), inline(id), save(path).
local suggest = require("lunation.base.suggest")

local NAMES = { "km", "cuminc", "forest", "flow", "waterfall", "spider", "swimmer", "love",
  "overlap", "schoenfeld", "loglog", "rmst", "calibration", "roc", "sankey", "xy", "grid" }

local names = {}
for _, name in ipairs(NAMES) do names[name] = true end

return setmetatable({}, { __names = names, __index = function(t, name)
  for _, known in ipairs(NAMES) do
    if known == name then
      local draw = require("lunation.figure." .. name)
      rawset(t, name, draw)
      return draw
    end
  end
  require("lunation.errors").raise("usage.field",
    ("there is no figure '%s'"):format(tostring(name)),
    { hint = suggest.from_r(name) or suggest.hint(tostring(name), NAMES) })
end })
