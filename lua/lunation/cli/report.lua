-- SPDX-License-Identifier: GPL-3.0-or-later
local args = require "lunation.cli.args"
local errors = require "lunation.errors"
local output = require "lunation.recipe.output"
local suggest = require "lunation.base.suggest"

local function format_of(opt)
  local convert = require "lunation.report.convert"
  local to = opt.to or "html"
  for _, f in ipairs(convert.formats) do if f == to then return convert, f end end
  errors.raise("usage.format", ('a report cannot be written as "%s"'):format(to),
    { hint = suggest.hint(to, convert.formats) })
end

-- The study of a run, computed again and the same.
local function again(dir, opt)
  local v = require("lunation.recipe.verify").run(dir, { data = args.pairs_of(opt.data, "data") })
  if not v.same or #v.findings > 0 then
    errors.raise("data.lock", (v.findings[1] or "the results are not those of the run")
      .. ": this would not be its report",
      { hint = "lunation verify " .. dir .. " says what differs; lunation run makes a new one" })
  end
  return v.study
end

local function warn(why)
  if why then io.stderr:write("warning[io.tool]: ", why, "\n") end
end

-- The figures alone, in the forms named: "png,pdf".
local function write_figures(doc, opt, dir)
  local files, core = require "lunation.figure.file", require "lunation.core"
  local kinds, out = {}, opt.out or dir .. "/figures"
  for kind in opt.figures:gmatch "[^,%s]+" do
    local known = false
    for _, k in ipairs(files.types) do known = known or k == kind end
    if not known then
      errors.raise("usage.format", ('a figure cannot be written as "%s"'):format(kind),
        { hint = suggest.hint(kind, files.types) })
    end
    kinds[#kinds + 1] = kind
  end
  if not core.file.kind(out) then core.file.mkdir(out) end
  local paths, lost = files.folder(doc:figures(), out, kinds, opt.dpi,
    function(f) return output.safe_name(f.id) end)
  for _, why in ipairs(lost) do warn(why) end
  for _, path in ipairs(paths) do print(path) end
end

return {
  summary = "the report of a run in another form",
  usage = "report DIR --to html|md|docx|pdf|ars [--out FILE], report DIR --figures png,pdf [--dpi \z
    N] [--out FOLDER]",
  options = {
    { name = "to", arg = "FORMAT", doc = "html, md, docx (pandoc makes it), pdf (chromium makes \z
      it) or ars (CDISC results as JSON)" },
    { name = "out", arg = "FILE", doc = "the file to write (DIR/report.FORMAT, for ars \z
      DIR/results.ars.json), the folder of figures (DIR/figures)" },
    { name = "figures", arg = "KINDS", doc = "the figures alone, as svg, pdf, eps, png, tiff" },
    { name = "dpi", arg = "N", type = "integer", doc = "resolution of PNG and TIFF (300)" },
    { name = "data", arg = "NAME=FILE", many = true, doc = "where the data lie now" },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 1 then
      errors.raise("usage.argument", "report takes the folder of a run",
        { hint = "lunation report DIR --to pdf" })
    end
    local dir, convert, to = words[1], format_of(opt)
    local study = again(dir, opt)
    local doc = require("lunation.report.study").document(study)
    if opt.figures then return write_figures(doc, opt, dir) end
    local out, lost = convert[to](doc, opt.out
      or dir .. "/" .. (output.FILES[to] or "report." .. to), dir, study)
    warn(lost)
    print(out)
  end,
}
