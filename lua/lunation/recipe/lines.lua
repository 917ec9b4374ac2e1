-- SPDX-License-Identifier: GPL-3.0-or-later
-- lines: the text of a recipe, so that a report can show the lines behind a result.
local core = require "lunation.core"

local Lines = {}
Lines.__index = Lines

--- The lines of a file.
function Lines.of(file)
  local list = {}
  for line in (core.file.read(file) .. "\n"):gmatch("(.-)\r?\n") do list[#list + 1] = line end
  return setmetatable({ list = list }, Lines)
end

local function indent_of(line) return #line:match("^%s*") end

--- The block of a key whose value starts at line `at`: from the key's line to the next line that is
--- not deeper, without the common indent. nil when the key is not found there.
function Lines:block(at, key)
  local from = at
  while from > 0 and not self.list[from]:match("^%s*[\"']?" .. key:gsub("%p", "%%%0")
    .. "[\"']?%s*:") do from = from - 1 end
  if from == 0 then return nil end
  local indent, out = indent_of(self.list[from]), {}
  for i = from, #self.list do
    local line = self.list[i]
    if i > from and line:match("%S") and indent_of(line) <= indent then break end
    out[#out + 1] = line:sub(indent + 1)
  end
  while out[#out] and not out[#out]:match("%S") do out[#out] = nil end
  return table.concat(out, "\n")
end

return Lines
