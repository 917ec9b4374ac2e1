-- SPDX-License-Identifier: GPL-3.0-or-later
-- tools: programs that are used when they are there. Each says what is lost without it.
local core = require "lunation.core"
local errors = require "lunation.errors"

local M = {}

M.known = {
  { name = "pandoc", programs = { "pandoc" }, package = "pandoc",
    lost = "lunation report --to docx" },
  { name = "chromium", programs = { "chromium", "chromium-browser", "google-chrome" },
    package = "chromium",
    lost = "lunation report --to pdf" },
  { name = "rsvg-convert", programs = { "rsvg-convert" }, package = "librsvg2-bin",
    lost = "figures as PDF, EPS, PNG and TIFF, nor in Word (they are left out of docx reports)" },
  { name = "convert", programs = { "magick", "convert" }, package = "imagemagick",
    lost = "figures as TIFF" },
}

local function quote(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

--- Path of a program in $PATH, or nil.
function M.which(program)
  for dir in (os.getenv("PATH") or ""):gmatch("[^:]+") do
    local path = dir .. "/" .. program
    if core.file.kind(path) then return path end
  end
end

--- Path of a known tool, or nil and its entry.
function M.find(name)
  for _, tool in ipairs(M.known) do
    if tool.name == name then
      for _, program in ipairs(tool.programs) do
        local path = M.which(program)
        if path then return path, tool end
      end
      return nil, tool
    end
  end
end

--- The same; an error when it is not there.
function M.need(name)
  local path, tool = M.find(name)
  if not path then
    errors.raise("io.tool", name .. " is not installed",
      { hint = ("install the package %s (%s needs it)"):format(tool.package, tool.lost) })
  end
  return path
end

--- Runs a program with these arguments (no shell sees them), its output thrown away. Errors:
--- io.tool.
function M.run(path, args)
  local words = { quote(path) }
  for _, a in ipairs(args) do words[#words + 1] = quote(a) end
  local ok, how, code = os.execute(table.concat(words, " ") .. " >/dev/null 2>&1")
  if not ok then errors.raise("io.tool", ("%s failed (%s %d)"):format(path, how, code)) end
end

return M
