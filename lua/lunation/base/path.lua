-- SPDX-License-Identifier: GPL-3.0-or-later
-- path: names of files.
local core = require "lunation.core"

local M = {}

--- The folder of a path: "a/b" -> "a", "b" -> ".".
function M.folder(path)
  local dir = path:match("^(.*)/[^/]*$")
  return dir == "" and "/" or dir or "."
end

--- A path that stands in a file, which is relative to that file's folder.
function M.beside(file, path)
  local dir = M.folder(file)
  if path:sub(1, 1) == "/" or dir == "." then return path end
  return dir == "/" and "/" .. path or dir .. "/" .. path
end

function M.base(path) return path:match("([^/]*)/*$") end

-- The absolute path of something that may not be there yet.
local function absolute(path)
  if core.file.kind(path) then return core.file.real(path) end
  return core.file.real(M.folder(path)):gsub("/$", "") .. "/" .. M.base(path)
end

local function split(path)
  local parts = {}
  for part in path:gmatch("[^/]+") do parts[#parts + 1] = part end
  return parts
end

--- `to` as seen from the folder `from`; absolute when they share nothing but the root. `from` need
--- not be there yet. Errors: io.open when its folder, or `to`, is not there.
function M.relative(from, to)
  local target = core.file.real(to)
  local a, b = split(absolute((from:gsub("/+$", "")))), split(target)
  local same = 0
  while same < #a and same < #b - 1 and a[same + 1] == b[same + 1] do same = same + 1 end
  if same == 0 then return target end
  local parts = {}
  for i = 1, #a - same do parts[i] = ".." end
  table.move(b, same + 1, #b, #parts + 1, parts)
  return table.concat(parts, "/")
end

return M
