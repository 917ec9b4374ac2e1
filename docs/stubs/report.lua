-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.report
---a document from a script. `local doc = lun.report.new { title = "..." }`, blocks, then
---`lun.report.save(doc, "report.html")`.
---@class lunation.report
local M = {}

---The document as text: to = "html", "md" or "txt".
---@param doc any?
---@param to any?
---@return any
function M.render(doc, to) end

---Writes the document to a file; the ending of its name decides the form.
---@param doc any?
---@param path any?
---@return any
function M.save(doc, path) end

---Adds a section to the reports of recipes: { id, title, show = function(doc, study) ... end }. It
---stands after the analyses. study: id, title, n, and rows(), the rows of all results.
---@param definition any?
---@return any
function M.define(definition) end

---The sections that were added, in order.
---@return any
function M.sections() end

return M
