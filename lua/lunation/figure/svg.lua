-- SPDX-License-Identifier: GPL-3.0-or-later
-- svg: a canvas that writes SVG with real text. Elements carry classes; one style sheet gives them
-- their colours, in light and dark, so that the same drawing serves inside a report and as a file.
-- Coordinates are pixels of 1/96 inch; nothing in the body has an id, so drawings can share a page.
local metrics = require("lunation.figure.metrics")
local look = require("lunation.figure.look")
local escape = require("lunation.report.inline").escape
local format = require("lunation.format")

local svg = { SINGLE = 321, DOUBLE = 658 } -- 85 mm and 174 mm
svg.SIZE = 12 -- of ordinary text: 9 pt

local FONT =
  'Helvetica,Arial,"Liberation Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'

local USUAL = look.PALETTES["okabe-ito"]
svg.COLOURS = #USUAL.light

local function sheet(palette, ink, soft, grid, paper, stripe)
  local out = {
    ".lf .paper{fill:", paper, "}.lf .halo{stroke:", paper, "}.lf text{fill:", ink,
    "}.lf .soft{fill:", soft,
    "}.lf .ink{stroke:", ink, "}.lf .axis{stroke:", soft, "}.lf .grid{stroke:", grid,
    "}.lf .shade{fill:", grid, "}.lf .stripe{fill:", stripe, "}.lf .fill{fill:", ink,
    "}.lf .hollow{fill:", paper, "}.lf .box{fill:", paper, ";stroke:", soft, "}",
  }
  return table.concat(out) .. look.rules(".lf", palette)
end

local LIGHT_SHEET = sheet(USUAL.light, "#1b1f24", "#5a6169", "#e4e7ea", "#ffffff", "#f5f7f8")
local DARK_SHEET = sheet(USUAL.dark, "#e8eaed", "#a3abb3", "#343a41", "#15181c", "#1d2227")

local function common()
  local out = {
    ".lf text{font-family:", FONT, ";font-size:", svg.SIZE, "px;font-variant-numeric:tabular-nums}",
    ".lf .b{font-weight:bold}.lf .i{font-style:italic}.lf .sm{font-size:11px}",
    ".lf .xs{font-size:10px}.lf .lg{font-size:15px}",
    ".lf .m{text-anchor:middle}.lf .e{text-anchor:end}",
    ".lf .line,.lf .ink,.lf .axis,.lf .grid{fill:none}",
    ".lf .line{stroke-width:2;stroke-linejoin:round}.lf .ink,.lf .axis,.lf .grid,",
    ".lf .box{stroke-width:1}.lf .thin{stroke-width:1.2}.lf .tick{stroke-width:1}",
    ".lf .band{opacity:.15}.lf .fade{opacity:.5}.lf .band.fade{opacity:.06}",
    ".lf .dot{stroke-dasharray:2 3}",
    ".lf .bar{fill-opacity:.85}.lf .flow{fill-opacity:.4}",
    ".lf .halo{paint-order:stroke;stroke-width:3}",
  }
  for i, dash in ipairs(look.DASHES) do
    if dash ~= "" then out[#out + 1] = (".lf .d%d{stroke-dasharray:%s}"):format(i, dash) end
  end
  return table.concat(out)
end

--- The style sheet: shared rules, light, and dark where the reader asks for it (never in print).
svg.STYLE = common() .. LIGHT_SHEET .. "@media screen and (prefers-color-scheme:dark){"
  .. DARK_SHEET .. "}"

local number = require("lunation.core").num.hundredths
svg.number = number -- a coordinate: at most two decimals

local canvas = {}
canvas.__index = canvas

--- A canvas of `width` pixels; its height is given when it is finished. frame: what stands around
--- the drawing: heading, subtitle, caption (texts), scale (of all sizes), look (of
--- lunation.figure.look).
function svg.canvas(width, frame)
  return setmetatable({ width = width, n = 0, frame = frame or {} }, canvas)
end

local function put(c, text)
  local n = c.n + 1
  c.n, c[n] = n, text
end

function canvas:line(x1, y1, x2, y2, class)
  put(self, ('<path class="%s" d="M%s %sL%s %s"/>'):format(class, number(x1), number(y1),
    number(x2), number(y2)))
end

--- d: path data, or a list of pieces.
function canvas:path(d, class)
  put(self, '<path class="' .. class .. '" d="' .. (type(d) == "table" and table.concat(d) or d)
    .. '"/>')
end

function canvas:rect(x, y, width, height, class, radius)
  put(self, ('<rect class="%s" x="%s" y="%s" width="%s" height="%s"%s/>'):format(class, number(x),
    number(y), number(width), number(height), radius and (' rx="' .. number(radius) .. '"') or ""))
end

function canvas:circle(x, y, radius, class)
  put(self, ('<circle class="%s" cx="%s" cy="%s" r="%s"/>'):format(class, number(x), number(y),
    number(radius)))
end

--- One line of text. class: m (middle), e (end), b, i, sm, xs, soft, f1...; rotate: degrees.
function canvas:text(x, y, text, class, rotate)
  if text == "" then return end
  local at = ('x="%s" y="%s"'):format(number(x), number(y))
  if rotate then
    at = ('%s transform="rotate(%s %s %s)"'):format(at, number(rotate), number(x), number(y))
  end
  put(self, "<text" .. (class and class ~= "" and ' class="' .. class .. '"' or "") .. " " .. at
    .. ">"
    .. escape(text) .. "</text>")
end

--- Several lines; returns the baseline of the last.
function canvas:lines(x, y, lines, class, leading)
  leading = leading or svg.SIZE + 3
  for i, line in ipairs(lines) do self:text(x, y + (i - 1) * leading, line, class) end
  return y + (#lines - 1) * leading
end

--- Another figure, moved to x, y.
function canvas:place(x, y, fig)
  local scale = fig.scale ~= 1 and (" scale(%s)"):format(format.shortest(fig.scale)) or ""
  put(self, ('<g transform="translate(%s %s)%s">%s</g>'):format(number(x), number(y), scale,
    fig.body))
  for _, css in ipairs(fig.styles) do self:style(css) end
end

--- Rules that the drawing needs beside the style sheet, each once.
function canvas:style(css)
  self.styles = self.styles or {}
  for _, known in ipairs(self.styles) do if known == css then return end end
  self.styles[#self.styles + 1] = css
end

--- The mark of series k, so that colour never stands alone.
function canvas:marker(k, x, y, radius, class)
  local r = radius or 4
  class = class or "f" .. k
  local shape = (k - 1) % 5
  if shape == 0 then return self:circle(x, y, r, class) end
  local s = r * 1.2
  local d
  if shape == 1 then
    d = { "M", x - s, y - s * 0.85, "H", x + s, "V", y + s * 0.85, "H", x - s, "Z" }
  elseif shape == 2 then
    d = { "M", x, y - s * 1.15, "L", x + s * 1.1, y + s * 0.8, "H", x - s * 1.1, "Z" }
  elseif shape == 3 then
    d = { "M", x, y - s * 1.3, "L", x + s * 1.3, y, "L", x, y + s * 1.3, "L", x - s * 1.3, y, "Z" }
  else
    d = { "M", x, y + s * 1.15, "L", x + s * 1.1, y - s * 0.8, "H", x - s * 1.1, "Z" }
  end
  for i = 1, #d do
    if type(d[i]) == "number" then d[i] = number(d[i]) .. " " end
  end
  self:path(d, class)
end

function svg.series(k) return (k - 1) % svg.COLOURS + 1 end

--- Class of the line of series k: colour and dash.
function svg.stroke(k)
  local s = svg.series(k)
  return "line s" .. s .. " d" .. s
end

function svg.fill(k) return "f" .. svg.series(k) end

local function head(fig, id, size)
  return ('<svg class="lf" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%s-t \z
    %s-d" %s'
    .. ' viewBox="0 0 %s %s"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>'):format(id, id,
    size, number(fig.width / fig.scale), number(fig.height / fig.scale), id, escape(fig.title), id,
    escape(fig.description))
end

local figure = {}

--- The drawing for a page that holds svg.STYLE. id must be unique on the page.
function figure:inline(id)
  local size = ('width="%s" height="%s"'):format(number(self.width), number(self.height))
  local own = #self.styles > 0 and "<style>" .. table.concat(self.styles) .. "</style>" or ""
  return head(self, id, size) .. own .. self.body .. "</svg>"
end

--- The numbers behind the figure: { columns = { {key=, label=} ... }, rows = { {...} ... } }.
function figure:data()
  return self.numbers
end

--- Writes the figure; the ending decides the form: svg; pdf, eps, png (rsvg-convert makes them),
--- tif or tiff (with ImageMagick). opt: dpi of PNG and TIFF (300).
function figure:save(path, opt) return require("lunation.figure.file").save(self, path, opt) end

local MM = 25.4 / 96

-- fig.svg is made when it is asked for: a report needs only the inline form.
local lazy = {
  svg = function(fig)
    local size = ('width="%smm" height="%smm"'):format(number(fig.width * MM),
      number(fig.height * MM))
    return table.concat { head(fig, fig.id or "figure", size), "<style>", svg.STYLE,
      table.concat(fig.styles), '</style><rect class="paper" width="',
        number(fig.width / fig.scale),
      '" height="', number(fig.height / fig.scale), '"/>', fig.body, "</svg>\n" }
  end,
}
local figure_meta = { __name = "lunation.figure" }

function figure_meta.__index(fig, key)
  if figure[key] then return figure[key] end
  if key == "id" or key == "numbers" then return nil end
  if not lazy[key] then
    require("lunation.errors").raise("usage.field", "a figure has no field '" .. tostring(key)
      .. "'",
      { hint = "it has svg, width, height, title, description, data(), inline(id), save(path, { \z
        dpi = })" })
  end
  local value = lazy[key](fig)
  rawset(fig, key, value)
  return value
end

function figure_meta.__tostring(fig)
  return ("figure: %s (%d x %d mm)"):format(fig.title, math.floor(fig.width * MM + 0.5),
    math.floor(fig.height * MM + 0.5))
end

local PAD = 8 -- beside the texts of the frame

-- The heading and the subtitle above the drawing; returns their height.
local function draw_heading(c, frame)
  local y, room = 0, c.width - 2 * PAD
  if frame.heading then
    y = c:lines(PAD, 18, metrics.wrap(frame.heading, room, svg.SIZE, true), "b", 16)
  end
  if frame.subtitle then
    y = c:lines(PAD, y + (y > 0 and 15 or 17), metrics.wrap(frame.subtitle, room, 11), "sm soft",
      14)
  end
  return y > 0 and y + 6 or 0
end

-- The drawing within its frame; returns its height with it.
local function framed(c, height)
  local frame, body = c.frame, table.concat(c, "", 1, c.n)
  if not (frame.heading or frame.subtitle or frame.caption) then return body, height end
  local around = svg.canvas(c.width)
  local top = draw_heading(around, frame)
  put(around, ('<g transform="translate(0 %s)">%s</g>'):format(number(top), body))
  local bottom = top + height
  if frame.caption then
    local lines = metrics.wrap(frame.caption, c.width - 2 * PAD, 10)
    bottom = around:lines(PAD, bottom + 6, lines, "soft xs", 13) + PAD
  end
  return table.concat(around, "", 1, around.n), bottom
end

--- Ends the drawing. about: id, title, description, numbers.
function canvas:finish(height, about)
  local frame, scale = self.frame, self.frame.scale or 1
  local body, bottom = framed(self, height)
  if frame.look then
    body = ('<g class="%s">%s</g>'):format(frame.look.class, body)
    self:style(frame.look.css)
  end
  return setmetatable({ width = self.width * scale, height = math.ceil(bottom) * scale,
    scale = scale,
    body = body, styles = self.styles or {}, id = about.id, title = about.title,
    description = about.description, numbers = about.numbers }, figure_meta)
end

return svg
