-- SPDX-License-Identifier: GPL-3.0-or-later
-- curves: step functions and the bands around them. p holds t (times), h (heights), lower and
-- upper, each from index 0; x and y are scales; k is the series.
local svg = require("lunation.figure.svg")

local curves = {}

-- Path of a step function from index a to b, continued to the time of b.
local function step_path(d, x, y, t, h, a, b)
  local level = y:at(h[a])
  d[#d + 1] = svg.number(level)
  for i = a + 1, b do
    local to = y:at(h[i])
    if to ~= level or i == b then
      d[#d + 1] = "H" .. svg.number(x:at(t[i]))
      if to ~= level then d[#d + 1] = "V" .. svg.number(to) end
      level = to
    end
  end
end

--- The line of series k over indices a to b of p = { t, h }.
function curves.line(c, k, p, x, y, a, b, class)
  if b <= a then return end
  local d = { "M", svg.number(x:at(p.t[a])), " " }
  step_path(d, x, y, p.t, p.h, a, b)
  c:path(d, svg.stroke(k) .. class)
end

--- The band between p.lower and p.upper over indices a to b, as far as both are known.
function curves.band(c, k, p, x, y, a, b, class)
  while b > a and not p.upper[b] do b = b - 1 end
  if b <= a or not p.upper[b] then return end
  local d = { "M", svg.number(x:at(p.t[a])), " " }
  step_path(d, x, y, p.t, p.upper, a, b)
  for i = b - 1, a, -1 do -- back along the lower limit, which holds from t[i] on
    d[#d + 1] = "V" .. svg.number(y:at(p.lower[i])) .. "H" .. svg.number(x:at(p.t[i]))
  end
  d[#d + 1] = "Z"
  c:path(d, "band " .. svg.fill(k) .. class)
end

return curves
