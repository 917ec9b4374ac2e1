-- SPDX-License-Identifier: GPL-3.0-or-later
-- options: what figures may be told about their looks. One list, in groups that kinds of figures
-- share, for the checks, for `draw:` of recipes and for the documentation (docs/figures.md).
local spec = require("lunation.figure.spec")
local svg = require("lunation.figure.svg")
local look = require("lunation.figure.look")
local words = require("lunation.report.words")

local options = {}

local function text(doc, choices) return { type = "text", doc = doc, choices = choices } end
local function number(doc, min, max) return { type = "number", doc = doc, min = min, max = max } end
local function numbers(doc)
  return { type = "list", of = { type = "number" }, single = true, doc = doc }
end
local function texts(doc)
  return { type = "list", of = { type = "text" }, single = true, doc = doc }
end

-- What a text in the panel is: place (in units of the axes) and words.
local PLACED = { type = "map", fields = {
  x = { type = "number", required = true, doc = "place along the horizontal axis" },
  y = { type = "number", required = true, doc = "place along the vertical axis" },
  text = { type = "text", required = true, doc = "what stands there" },
  align = text("which end of the text is at x (left)", { "left", "middle", "right" }) } }

--- The groups: group -> option -> schema (of lunation.recipe.schema).
options.GROUPS = {
  -- every figure; a report gives these itself
  about = {
    title = text "what the figure is, for screen readers and in the file; not drawn",
    description = text "the figure in a sentence, for screen readers",
    id = text "name of the figure in a page",
    lang = text("language of the fixed words (en)", { "en", "zh" }),
  },
  -- every figure
  words = {
    heading = text "title drawn above the figure",
    subtitle = text "a line under the heading",
    caption = text "text below the figure",
    notes = texts "sentences for the footnote",
  },
  frame = {
    width = text "single (85 mm), double (174 mm) or millimetres",
    font_size = number("size of the ordinary text in points (9); lines and marks go with it", 5,
      18),
    palette = texts "okabe-ito (told apart by the colour blind), grey, or colours like \"#0072B2\"",
    linetype = texts "of the series: solid, dashed, dotted, dotdash, longdash, twodash; one for \z
      all, or one for each",
  },
  size = { height = number("height of the panel in millimetres", 20, 300) },
  -- figures with a vertical axis
  y = {
    y_low = number "where the vertical axis begins, in its own unit",
    y_high = number "where it ends",
    y_step = number("distance of its ticks", 0),
  },
  panel = {
    hlines = numbers "horizontal lines of reference",
    vlines = numbers "vertical lines of reference",
    texts = { type = "list", of = PLACED, doc = "texts in the panel: { x, y, text, align }" },
  },
  labels = {
    xlab = text "name of the horizontal axis",
    ylab = text "name of the vertical axis",
  },
  -- curves over time
  time = {
    last = number("where the time axis ends", 0),
    step = number("distance of its ticks", 0),
    time_unit = text("unit of the axis and the medians, when it is not the endpoint's", { "days",
      "weeks", "months",
      "years" }),
    legend = text("where the groups are named: above, at the ends of the curves, or inside the \z
      panel (both)",
      { "both", "top", "end", "inside", "none" }),
    table_rows = { type = "list", of = text("a row", { "at_risk", "weighted", "censored",
      "events" }), single = true,
      doc = "rows of the risk table: at_risk, weighted, censored, events (all)" },
    table_step = number("distance of the columns of the risk table: a multiple of step", 0),
  },
  -- diagnostic panels
  xy = {
    x_low = number "where the horizontal axis begins",
    x_high = number "where it ends",
    x_step = number("distance of its ticks", 0),
    legend = text("where the series are named (top)", { "top", "inside", "none" }),
  },
}

--- The groups of each kind of figure.
options.KINDS = {
  km = { "words", "frame", "size", "y", "panel", "labels", "time" },
  cuminc = { "words", "frame", "size", "y", "panel", "labels", "time" },
  forest = { "words", "frame" }, flow = { "words", "frame" }, sankey = { "words", "frame" },
    swimmer = { "words", "frame" }, love = { "words", "frame" },
  grid = { "words" }, waterfall = { "words", "frame", "size", "y" },
  spider = { "words", "frame", "size", "y", "panel", "labels" }, xy = { "words", "frame", "size",
    "panel", "xy" },
  overlap = { "words", "frame", "size", "y", "panel", "labels", "xy" }, loglog = { "words", "frame",
    "size", "labels" },
  schoenfeld = { "words", "frame", "size", "y", "panel", "labels", "xy" },
  rmst = { "words", "frame", "size", "y", "panel", "labels", "xy" },
  calibration = { "words", "frame", "size", "y", "panel", "labels", "xy" },
  roc = { "words", "frame", "size", "y", "panel", "labels", "xy" },
}

local LUA_TYPE = { text = "string", number = "number", list = "any" }

--- The fields of a kind for spec.check: its own, and those of its groups.
function options.fields(kind, own)
  local out = {}
  for _, group in ipairs { "about", table.unpack(options.KINDS[kind]) } do
    for name, schema in pairs(options.GROUPS[group]) do out[name] = LUA_TYPE[schema.type] end
  end
  out.width = "any"
  for name, field in pairs(own) do out[name] = field end
  return out
end

--- The options of a kind for a recipe: name -> schema.
function options.recipe(kind)
  local out = {}
  for _, group in ipairs(options.KINDS[kind]) do
    for name, schema in pairs(options.GROUPS[group]) do out[name] = schema end
  end
  return out
end

--- The fields of s that are options of a kind, for a figure that is drawn by another.
function options.pass(kind, s, more)
  for _, group in ipairs { "about", table.unpack(options.KINDS[kind]) } do
    for name in pairs(options.GROUPS[group]) do
      if more[name] == nil then more[name] = s[name] end
    end
  end
  return more
end

local MM = 96 / 25.4
local USUAL_SIZE = 9 -- points

--- Pixels of millimetres.
function options.pixels(mm) return mm * MM end

local function width_of(figure, given, usual)
  if given == nil then return usual end
  if given == "single" then return svg.SINGLE end
  if given == "double" then return svg.DOUBLE end
  local mm = tonumber(given)
  if not mm or mm < 40 or mm > 600 then
    spec.fail(figure, "width is '%s': single, double or 40 to 600 millimetres", tostring(given))
  end
  return mm * MM
end

--- An option that is a list or one thing, as a list; nil where it is not given.
function options.list(v) return type(v) ~= "table" and v ~= nil and { v } or v end

--- The canvas that the options ask for; everything on it is scaled with the size of the text.
--- usual: the width in pixels where none is given.
function options.canvas(figure, s, usual)
  local size = s.font_size or USUAL_SIZE
  if size < 5 or size > 18 then
    spec.fail(figure, "font_size is %s: 5 to 18 points", tostring(size))
  end
  local scale = size / USUAL_SIZE
  return svg.canvas(width_of(figure, s.width, usual or svg.DOUBLE) / scale, { scale = scale,
    heading = s.heading,
    subtitle = s.subtitle, caption = s.caption, look = look.of(figure, s.palette, s.linetype) })
end

--- The panel's height in pixels of the canvas.
function options.height(figure, s, c, usual)
  if not s.height then return usual end
  if s.height < 20 or s.height > 300 then
    spec.fail(figure, "height is %s: 20 to 300 mm", tostring(s.height))
  end
  return s.height * MM / (c.frame.scale or 1)
end

--- The vertical axis: usual = { low, high, step, most, widen } with what s says instead.
function options.y_axis(figure, s, usual)
  local low, high = s.y_low or usual.low, s.y_high or usual.high
  if (s.y_low or s.y_high) and high <= low then
    spec.fail(figure, "the vertical axis would go from %g to %g", low, high)
  end
  return { low = low, high = high, step = s.y_step or usual.step, most = usual.most,
    widen = usual.widen and not (s.y_low and s.y_high) }
end

local ALIGN = { left = "", middle = "m ", right = "e " }
local ASIDE = { left = 4, middle = 0, right = -4 } -- pixels
local TEXT = { x = "number!", y = "number!", text = "string!", align = "string" }

local function inside(figure, what, v, axis)
  if v < axis.low - 1e-9 or v > axis.high + 1e-9 then
    spec.fail(figure, "%s at %g lies outside the axis (%g to %g)", what, v, axis.low, axis.high)
  end
  return axis:at(v)
end

--- Lines of reference and texts, on scales x and y.
function options.references(figure, s, c, x, y)
  for _, v in ipairs(options.list(s.hlines) or {}) do
    local at = inside(figure, "a horizontal line", v, y)
    c:line(x.from, at, x.to, at, "ink dot")
  end
  for _, v in ipairs(options.list(s.vlines) or {}) do
    local at = inside(figure, "a vertical line", v, x)
    c:line(at, y.from, at, y.to, "ink dot")
  end
  for _, t in ipairs(s.texts or {}) do
    spec.check(figure .. ": a text", t, TEXT)
    local align = spec.choice(figure, "align", t.align, { "left", "middle", "right" })
    c:text(inside(figure, "a text", t.x, x) + ASIDE[align], inside(figure, "a text", t.y, y),
      t.text,
      ALIGN[align] .. "sm halo")
  end
end

--- A list of sentences: those of the figure, then those of the user.
function options.notes(s, own)
  local more = options.list(s.notes) or {}
  for i, note in ipairs(own) do own[i] = words.known(s.lang, note) end
  for i, note in ipairs(more) do own[#own + 1] = words.known(s.lang, note) end
  return own
end

-- A month is a twelfth of 365.25 days.
local IN_DAYS = { days = 1, weeks = 7, months = 30.4375, years = 365.25 }

--- How many `unit` (days, weeks, months, years) one of s.time_unit has; 1 when it is not given.
function options.per_time_unit(figure, s, unit)
  if not s.time_unit or s.time_unit == unit then return 1 end
  spec.choice(figure, "time_unit", s.time_unit, { "days", "weeks", "months", "years" })
  if not IN_DAYS[unit] then
    spec.fail(figure, "times in %s cannot be shown in %s: days, weeks, months and years are known",
      unit, s.time_unit)
  end
  return IN_DAYS[s.time_unit] / IN_DAYS[unit]
end

return options
