-- SPDX-License-Identifier: GPL-3.0-or-later
-- convert: a report as a Word or PDF file, by programs that are used when they are there.
local core = require "lunation.core"
local errors = require "lunation.errors"
local path = require "lunation.base.path"
local tools = require "lunation.base.tools"

local M = {}

local DPI = 600 -- of the figures in Word

-- A folder beside the result, gone when the variable closes.
local function workshop(out)
  local dir = out .. ".tmp"
  core.file.remove_tree(dir)
  core.file.mkdir(dir)
  return setmetatable({ dir = dir }, { __close = function(self)
    core.file.remove_tree(self.dir)
  end })
end

local function made(file, what)
  if core.file.kind(file) ~= "file" then errors.raise("io.tool", what .. " made no file") end
  return file
end

-- Figures as PNG in dir; without rsvg-convert none, and Word shows their captions only.
local function write_figures(doc, dir)
  local files = require "lunation.figure.file"
  if files.lost "png" then return false end
  files.folder(doc:figures(), dir, { "png" }, DPI, function(f) return f.id end)
  return true
end

--- Writes the document as a Word file by pandoc. Returns the file, and a sentence about what is
--- lost.
function M.docx(doc, out)
  local pandoc = tools.need("pandoc")
  local work <close> = workshop(out)
  local figures = write_figures(doc, work.dir)
  local text = require("lunation.report.markdown").write(doc,
    { figures = work.dir, figure_type = ".png", word = true })
  if not figures then text = text:gsub("\n!%[[^\n]*", "\n") end
  core.file.write(work.dir .. "/report.md", text)
  tools.run(pandoc, { "--from", "markdown-implicit_figures", "--to", "docx", "--output",
    work.dir .. "/report.docx", work.dir .. "/report.md" })
  core.file.rename(made(work.dir .. "/report.docx", "pandoc"), out)
  return out, not figures
    and "rsvg-convert is not installed (package librsvg2-bin): the figures are left out" or nil
end

local function print_page(chromium, work, sandbox)
  local args = { "--headless", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir=" .. work
    .. "/profile",
    "--print-to-pdf=" .. work .. "/report.pdf", "file://"
      .. core.file.real(work .. "/report.html") }
  -- as root the browser refuses its own sandbox; the page is ours and has no scripts
  if not sandbox then table.insert(args, 1, "--no-sandbox") end
  return pcall(tools.run, chromium, args) and core.file.kind(work .. "/report.pdf") == "file"
end

--- Writes the document as a PDF file: the HTML report printed by Chromium.
function M.pdf(doc, out)
  local chromium = tools.need("chromium")
  local work <close> = workshop(out)
  core.file.write(work.dir .. "/report.html", require("lunation.report.html").write(doc))
  if not print_page(chromium, work.dir, true) then print_page(chromium, work.dir, false) end
  core.file.rename(made(work.dir .. "/report.pdf", "chromium"), out)
  return out
end

--- Writes the document as HTML.
function M.html(doc, out)
  core.file.write(out, require("lunation.report.html").write(doc))
  return out
end

--- Writes the document as Markdown, with the figures of the folder dir.
function M.md(doc, out, dir)
  local figures = dir .. "/figures"
  if core.file.kind(figures) then figures = path.relative(path.folder(out), figures) end
  core.file.write(out, require("lunation.report.markdown").write(doc, { figures = figures }))
  return out
end

--- Writes the results as a ReportingEvent of the CDISC Analysis Results Standard.
function M.ars(_, out, _, study)
  core.file.write(out, require("lunation.report.ars").write(study))
  return out
end

M.formats = { "html", "md", "docx", "pdf", "ars" }

return M
