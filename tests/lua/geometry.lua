-- SPDX-License-Identifier: GPL-3.0-or-later
-- geometry: what lies where in a figure, read from its SVG: for tests of the layout without a
-- browser.
-- `local geometry = dofile("tests/lua/geometry.lua")`.
local metrics = require("lunation.figure.metrics")

local geometry = {}

local function attributes(tag)
  local out = {}
  for name, value in tag:gmatch('([%w-]+)="([^"]*)"') do out[name] = value end
  return out
end

local function has(class, word) return (" " .. class .. " "):find(" " .. word .. " ", 1,
  true) ~= nil end

local function plain(text)
  return (text:gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"'):gsub("&amp;", "&"))
end

-- The box of a text; at: where its group is moved to, and scaled.
local function box_of(a, text, at)
  local class = a.class or ""
  local size = has(class, "lg") and 15 or has(class, "xs") and 10 or has(class, "sm") and 11 or 12
  local width = metrics.width(text, size, has(class, "b"))
  local x, y = tonumber(a.x), tonumber(a.y)
  local left = has(class, "m") and x - width / 2 or has(class, "e") and x - width or x
  local b = { text = text, class = class, left = left, right = left + width, top = y - size * 0.72,
    bottom = y + size * 0.22, x = x, y = y }
  if (a.transform or ""):find("rotate(-90", 1, true) then -- upright: turned about its anchor
    b.left, b.right, b.top, b.bottom = x - size * 0.72, x + size * 0.22, y - width / 2,
      y + width / 2
  end
  for _, key in ipairs { "left", "right", "x" } do b[key] = at.x + b[key] * at.scale end
  for _, key in ipairs { "top", "bottom", "y" } do b[key] = at.y + b[key] * at.scale end
  return b
end

-- Elements in order with the move and the scale of the groups that they stand in.
local function walk(fig, visit)
  local outer, at, from_byte = {}, { x = 0, y = 0, scale = fig.scale }, 1
  while true do
    local from, to, closing, name, rest = fig.body:find("<(/?)(%a+)([^>]*)>", from_byte)
    if not from then return end
    local a = attributes(rest)
    if name == "g" and closing == "" then
      local x, y = (a.transform or ""):match("translate%(([%d.-]+) ([%d.-]+)%)")
      local scale = tonumber((a.transform or ""):match("scale%(([%d.]+)%)")) or 1
      outer[#outer + 1] = at
      at = { x = at.x + (tonumber(x) or 0) * at.scale, y = at.y + (tonumber(y) or 0) * at.scale,
        scale = at.scale * scale }
    elseif name == "g" then
      at = table.remove(outer)
    elseif closing == "" then
      visit(name, a, at, fig.body:sub(to + 1, (fig.body:find("<", to + 1, true) or 0) - 1))
    end
    from_byte = to + 1
  end
end

--- The texts of a figure: { text, class, x, y (anchor), left, right, top, bottom }.
function geometry.texts(fig)
  local out = {}
  walk(fig, function(name, a, at, text)
    if name == "text" then out[#out + 1] = box_of(a, plain(text), at) end
  end)
  return out
end

--- The elements of one name: their attributes, and at = { x, y, scale } of their group.
function geometry.elements(fig, wanted)
  local out = {}
  walk(fig, function(name, a, at)
    if name == wanted then
      a.at = at
      out[#out + 1] = a
    end
  end)
  return out
end

--- Pairs of texts that lie on each other, as sentences.
function geometry.overlaps(fig)
  local texts, out = geometry.texts(fig), {}
  for i, a in ipairs(texts) do
    for j = i + 1, #texts do
      local b = texts[j]
      if a.left < b.right - 0.5 and b.left < a.right - 0.5 and a.top < b.bottom - 0.5
        and b.top < a.bottom - 0.5 then
        out[#out + 1] = ('"%s" and "%s"'):format(a.text, b.text)
      end
    end
  end
  return out
end

-- The box of a path: the corners of M, L, H, V and C, relative or not.
local function box_of_path(d)
  local x, y, left, right, top, bottom = 0, 0, math.huge, -math.huge, math.huge, -math.huge
  for command, rest in d:gmatch("([MLHVCmlhvZ])([^MLHVCmlhvZ]*)") do
    local n = {}
    for v in rest:gmatch("%-?[%d.]+") do n[#n + 1] = tonumber(v) end
    local from_x, from_y = command:find("%l") and x or 0, command:find("%l") and y or 0
    local kind = command:upper()
    for i = 1, #n, (kind == "H" or kind == "V") and 1 or 2 do
      if kind == "H" then x = from_x + n[i]
      elseif kind == "V" then y = from_y + n[i]
      else x, y = from_x + n[i], from_y + n[i + 1] end
      left, right = math.min(left, x), math.max(right, x)
      top, bottom = math.min(top, y), math.max(bottom, y)
    end
  end
  return left, top, right, bottom
end

--- Texts, paths, rectangles and circles that leave the figure, as sentences.
function geometry.outside(fig)
  local out = {}
  local function check(what, left, top, right, bottom)
    if left < -0.5 or top < -0.5 or right > fig.width + 0.5 or bottom > fig.height + 0.5 then
      out[#out + 1] = ("%s: %.0f %.0f to %.0f %.0f"):format(what, left, top, right, bottom)
    end
  end
  for _, b in ipairs(geometry.texts(fig)) do check(b.text, b.left, b.top, b.right, b.bottom) end
  for _, r in ipairs(geometry.elements(fig, "rect")) do
    local x, y = r.at.x + r.x * r.at.scale, r.at.y + r.y * r.at.scale
    check("rect " .. r.class, x, y, x + r.width * r.at.scale, y + r.height * r.at.scale)
  end
  for _, p in ipairs(geometry.elements(fig, "path")) do
    local left, top, right, bottom = box_of_path(p.d)
    check("path " .. p.class, p.at.x + left * p.at.scale, p.at.y + top * p.at.scale,
      p.at.x + right * p.at.scale, p.at.y + bottom * p.at.scale)
  end
  for _, c in ipairs(geometry.elements(fig, "circle")) do
    local x, y, r = c.at.x + c.cx * c.at.scale, c.at.y + c.cy * c.at.scale, c.r * c.at.scale
    check("circle " .. c.class, x - r, y - r, x + r, y + r)
  end
  return out
end

--- The places of the ticks of horizontal axes.
function geometry.ticks(fig)
  local out = {}
  for _, p in ipairs(geometry.elements(fig, "path")) do
    local x1, y1, x2, y2 = p.d:match("^M([%d.]+) ([%d.]+)L([%d.]+) ([%d.]+)$")
    if p.class == "axis" and x1 and x1 == x2
      and math.abs(y2 - y1 - 5) < 0.02 then 
      out[#out + 1] = p.at.x + x1 * p.at.scale
    end
  end
  return out
end

--- Numbers of a risk table that stand off the ticks; and how many numbers there are.
function geometry.off_ticks(fig)
  local ticks, out, n = geometry.ticks(fig), {}, 0
  for _, b in ipairs(geometry.texts(fig)) do
    if has(b.class, "n") then
      n = n + 1
      local away = math.huge
      for _, x in ipairs(ticks) do away = math.min(away, math.abs(x - b.x)) end
      if away > 0.5 then out[#out + 1] = ('"%s" is %.2f px away'):format(b.text, away) end
    end
  end
  return out, n
end

return geometry
