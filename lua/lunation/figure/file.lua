-- SPDX-License-Identifier: GPL-3.0-or-later
-- file: a figure as a file for a journal: SVG directly; PDF, EPS and PNG by rsvg-convert; TIFF from
-- the PNG by ImageMagick. Programs that are not there are said, never fatal for a report.
local core = require "lunation.core"
local errors = require "lunation.errors"
local need = require "lunation.base.need"
local tools = require "lunation.base.tools"

local M = {}

--- The forms that a figure can be written in.
M.types = { "svg", "pdf", "eps", "png", "tiff" }

local NEEDS = { svg = {}, pdf = { "rsvg-convert" }, eps = { "rsvg-convert" },
  png = { "rsvg-convert" },
  tiff = { "rsvg-convert", "convert" } }

--- What is missing for a form, as a sentence; nil when it can be written.
function M.lost(kind)
  for _, name in ipairs(NEEDS[kind]) do
    local found, tool = tools.find(name)
    if not found then
      return ("%s is not installed (package %s): no figures as %s"):format(name, tool.package, kind)
    end
  end
end

-- CRC-32 of a PNG chunk.
local function crc(bytes)
  local c = 0xFFFFFFFF
  for i = 1, #bytes do
    c = c ~ bytes:byte(i)
    for _ = 1, 8 do c = c & 1 == 1 and (c >> 1) ~ 0xEDB88320 or c >> 1 end
  end
  return c ~ 0xFFFFFFFF
end

-- The PNG with its resolution stated (chunk pHYs, pixels in a metre, after the header).
local function with_dpi(png, dpi)
  local metre = math.floor(dpi / 0.0254 + 0.5)
  local chunk = "pHYs" .. (">I4I4B"):pack(metre, metre, 1)
  return png:sub(1, 33) .. (">I4"):pack(9) .. chunk .. (">I4"):pack(crc(chunk)) .. png:sub(34)
end

-- rsvg-convert with a fixed date, so that the bytes are the same in every run.
local function rsvg(from, to, kind, dpi)
  local program = tools.need "rsvg-convert"
  tools.run(tools.which "env", { "SOURCE_DATE_EPOCH=0", program, "--format", kind,
    "--dpi-x", tostring(dpi), "--dpi-y", tostring(dpi), "--background-color", "white", "--output",
    to, from })
  if core.file.kind(to) ~= "file" then errors.raise("io.tool", "rsvg-convert made no file") end
end

local function png(from, to, dpi)
  rsvg(from, to, "png", dpi)
  core.file.write(to, with_dpi(core.file.read(to), dpi))
end

local convert = { png = png }

function convert.pdf(from, to) rsvg(from, to, "pdf", 96) end
function convert.eps(from, to) rsvg(from, to, "eps", 96) end

function convert.tiff(from, to, dpi)
  local program, between = tools.need "convert", to .. ".png"
  png(from, between, dpi)
  tools.run(program, { between, "-units", "PixelsPerInch", "-density", tostring(dpi),
    "-alpha", "off",
    "-compress", "LZW", to })
  core.file.remove_tree(between)
  if core.file.kind(to) ~= "file" then errors.raise("io.tool", "convert made no file") end
end

--- The SVG file as another kind. dpi: of PNG and TIFF (300).
function M.convert(from, to, kind, dpi) convert[kind](from, to, dpi or 300) end

local ENDINGS = { svg = "svg", pdf = "pdf", eps = "eps", png = "png", tif = "tiff", tiff = "tiff" }

--- Writes a figure; the ending of the path decides the form. opt: dpi of PNG and TIFF (300).
--- Errors: usage.format, io.tool (a program is not installed), io.write.
function M.save(fig, path, opt)
  need("figure:save", "path", path, { "string" }, 'figure:save("curves.svg")')
  local dpi = opt and opt.dpi or 300
  local kind = ENDINGS[(path:match("%.(%w+)$") or "svg"):lower()]
  if not kind then
    errors.raise("usage.format", ("a figure cannot be written as %s"):format(path),
      { hint = "known endings: svg, pdf, eps, png, tif, tiff" })
  end
  if math.type(dpi) ~= "integer" or dpi < 36 or dpi > 2400 then
    errors.raise("usage.option", "dpi must be a whole number from 36 to 2400, found "
      .. tostring(dpi))
  end
  if kind == "svg" then
    core.file.write(path, fig.svg)
    return path
  end
  local source = path .. ".source.svg"
  core.file.write(source, fig.svg)
  local cleared <close> = setmetatable({}, { __close = function()
    core.file.remove_tree(source)
  end })
  M.convert(source, path, kind, dpi)
  return path
end

--- Writes the figures of a document into a folder in each of the kinds. name(figure) gives the
--- file's name without its ending. Returns the paths and the sentences on what cannot be written
--- here.
function M.folder(figures, dir, kinds, dpi, name)
  local paths, lost = {}, {}
  for _, kind in ipairs(kinds) do
    local why = M.lost(kind)
    if why then lost[#lost + 1] = why end
    for _, f in ipairs(why and {} or figures) do
      paths[#paths + 1] = M.save(f.figure, ("%s/%s.%s"):format(dir, name(f), kind), { dpi = dpi })
    end
  end
  return paths, lost
end

return M
