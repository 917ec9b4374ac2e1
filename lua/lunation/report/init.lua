-- SPDX-License-Identifier: GPL-3.0-or-later
-- report: a document from a script. `local doc = lun.report.new { title = "..." }`, blocks, then
-- `lun.report.save(doc, "report.html")`.
local errors = require("lunation.errors")
local document = require("lunation.report.document")

local report = { new = document.new }

local WRITERS = { html = "html", htm = "html", md = "markdown", txt = "text" }

--- The document as text: to = "html", "md" or "txt".
function report.render(doc, to)
  local writer = WRITERS[to]
  if not writer then
    errors.raise("usage.format", "a report cannot be written as '" .. tostring(to) .. "'",
      { hint = "known: html, md, txt" })
  end
  return require("lunation.report." .. writer).write(doc)
end

--- Writes the document to a file; the ending of its name decides the form.
function report.save(doc, path)
  local text = report.render(doc, path:match("%.(%w+)$"))
  local file, why = io.open(path, "wb")
  if not file then errors.raise("io.write", "cannot write report: " .. why) end
  file:write(text)
  file:close()
  return path
end

-- --- sections of plug-ins ------------------------------------------------------------------------

local sections = require("lunation.base.registry").new {
  what = "report.define", noun = "a section", name = "id",
  keys = { id = { "string", true }, title = { "string", true }, show = { "function", true } },
}

--- Adds a section to the reports of recipes: { id, title, show = function(doc, study) ... end }. It
--- stands after the analyses. study: id, title, n, and rows(), the rows of all results.
function report.define(definition) return sections:define(definition) end

--- The sections that were added, in order.
function report.sections() return sections.order end

return report
