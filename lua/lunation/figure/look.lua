-- SPDX-License-Identifier: GPL-3.0-or-later
-- look: the colours and the dashes of the series. The usual look stands in the style sheet that a
-- page has once; another one is a class of its own, whose rules travel with the drawing.
local errors = require("lunation.errors")
local suggest = require("lunation.base.suggest")

local look = {}

-- Okabe-Ito, those that reach 3:1 on white; the lighter set does so on the dark paper.
look.PALETTES = {
  ["okabe-ito"] = {
    light = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#1b1f24", "#8A6D00" },
    dark = { "#56B4E9", "#F5905A", "#35C79B", "#E3A0C6", "#e8eaed", "#E4C441" } },
  grey = {
    light = { "#1b1f24", "#7a7a7a", "#4a4a4a", "#8f8f8f", "#1b1f24", "#5f5f5f" },
    dark = { "#f0f0f0", "#9a9a9a", "#c8c8c8", "#808080", "#f0f0f0", "#b4b4b4" } },
}
look.DASHES = { "", "8 3", "2 2.5", "9 3 2 3", "14 4", "5 2 1 2 1 2" }
-- R's names of the line types.
local LINETYPES = { solid = "none", dashed = "8 3", dotted = "2 2.5", dotdash = "9 3 2 3",
  longdash = "14 4",
  twodash = "5 2 1 2 1 2" }
local PAPER = { 0x15, 0x18, 0x1c } -- in the dark

local function linear(v)
  v = v / 255
  return v <= 0.04045 and v / 12.92 or ((v + 0.055) / 1.055) ^ 2.4
end

local function luminance(rgb)
  return 0.2126 * linear(rgb[1]) + 0.7152 * linear(rgb[2]) + 0.0722 * linear(rgb[3])
end

local function rgb_of(colour)
  local r, g, b = colour:match("^#(%x%x)(%x%x)(%x%x)$")
  return { tonumber(r, 16), tonumber(g, 16), tonumber(b, 16) }
end

--- The contrast of two colours ("#rrggbb"), 1 to 21 (WCAG 2.1).
function look.contrast(a, b)
  local x, y = luminance(rgb_of(a)), luminance(rgb_of(b))
  return (math.max(x, y) + 0.05) / (math.min(x, y) + 0.05)
end

-- The colour, mixed with white until it reaches 3:1 on the dark paper.
local function lightened(colour)
  local rgb, paper = rgb_of(colour), luminance(PAPER) + 0.05
  for step = 0, 20 do
    local out = {}
    for i, v in ipairs(rgb) do out[i] = math.floor(v + (255 - v) * step / 20 + 0.5) end
    if (luminance(out) + 0.05) / paper >= 3 then
      return ("#%02x%02x%02x"):format(out[1], out[2], out[3])
    end
  end
end

--- Rules that colour the series inside `scope` (a selector).
function look.rules(scope, colours)
  local out = {}
  for i, colour in ipairs(colours) do
    out[i] = ("%s .s%d{stroke:%s}%s .f%d,%s text.f%d{fill:%s}"):format(scope, i, colour, scope, i,
      scope, i, colour)
  end
  return table.concat(out)
end

local function palette_of(figure, given)
  if type(given) == "table" and #given == 1
    and not tostring(given[1]):find("^#") then given = given[1] end
  if type(given) == "string" then
    if look.PALETTES[given] then return look.PALETTES[given] end
    errors.raise("figure.spec", ("%s: unknown palette '%s'"):format(figure, given), {
      hint = suggest.hint(given,
        suggest.keys(look.PALETTES)) .. "; or a list of colours like \"#0072B2\"" })
  end
  local out = { light = {}, dark = {} }
  for i = 1, 6 do
    local colour = given[(i - 1) % math.max(#given, 1) + 1]
    if type(colour) ~= "string" or not colour:find("^#%x%x%x%x%x%x$") then
      errors.raise("figure.spec", ("%s: '%s' is not a colour"):format(figure, tostring(colour)),
        { hint = "colours are written \"#0072B2\"" })
    end
    out.light[i], out.dark[i] = colour, lightened(colour)
  end
  return out
end

local function dashes_of(figure, given)
  if type(given) == "string" then given = { given } end
  local out = {}
  for i = 1, 6 do
    local name = given[(i - 1) % math.max(#given, 1) + 1]
    out[i] = LINETYPES[name]
    if not out[i] then
      errors.raise("figure.spec", ("%s: unknown linetype '%s'"):format(figure, tostring(name)),
        { hint = suggest.hint(tostring(name), suggest.keys(LINETYPES)) })
    end
  end
  return out
end

--- The look that a figure asks for: { class, css }, or nil when it is the usual one. palette: a
--- name or a list of colours; linetype: one of R's names or a list of them.
function look.of(figure, palette, linetype)
  if palette == nil and linetype == nil then return nil end
  local colours = palette and palette_of(figure, palette)
  local dashes = linetype and dashes_of(figure, linetype)
  local key = table.concat(colours and colours.light or {}) .. "/"
    .. table.concat(dashes or {}, ",")
  local class = "p" .. require("lunation.core").digest.text(key):sub(1, 8)
  local scope, css = ".lf ." .. class, {}
  for i, dash in ipairs(dashes or {}) do
    css[#css + 1] = ("%s .d%d{stroke-dasharray:%s}"):format(scope, i, dash)
  end
  if colours then
    css[#css + 1] = look.rules(scope, colours.light)
    css[#css + 1] = "@media screen and (prefers-color-scheme:dark){" .. look.rules(scope,
      colours.dark) .. "}"
  end
  return { class = class, css = table.concat(css) }
end

return look
