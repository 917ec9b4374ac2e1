-- SPDX-License-Identifier: GPL-3.0-or-later
local args = require "lunation.cli.args"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local function format_of(opt)
  local convert = require "lunation.report.convert"
  local to = opt.to or "html"
  for _, f in ipairs(convert.formats) do if f == to then return convert, f end end
  errors.raise("usage.format", ('a report cannot be written as "%s"'):format(to), { hint = suggest.hint(to, convert.formats) })
end

return {
  summary = "the report of a run in another form",
  usage = "report DIR --to html|md|docx|pdf [--out FILE]",
  options = {
    { name = "to", arg = "FORMAT", doc = "html, md, docx (pandoc makes it) or pdf (chromium makes it)" },
    { name = "out", arg = "FILE", doc = "the file to write (DIR/report.FORMAT)" },
    { name = "data", arg = "NAME=FILE", many = true, doc = "where the data lie now" },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 1 then errors.raise("usage.argument", "report takes the folder of a run", { hint = "lunation report DIR --to pdf" }) end
    local dir, convert, to = words[1], format_of(opt)
    local v = require("lunation.recipe.verify").run(dir, { data = args.pairs_of(opt.data, "data") })
    if not v.same or #v.findings > 0 then
      errors.raise("data.lock", (v.findings[1] or "the results are not those of the run") .. ": this would not be its report",
        { hint = "lunation verify " .. dir .. " says what differs; lunation run makes a new one" })
    end
    local out, lost = convert[to](require("lunation.report.study").document(v.study), opt.out or dir .. "/report." .. to, dir)
    if lost then io.stderr:write("warning[io.tool]: ", lost, "\n") end
    print(out)
  end,
}
