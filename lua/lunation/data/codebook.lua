-- SPDX-License-Identifier: GPL-3.0-or-later
-- codebook: what is in a file that nobody has declared, and a draft of its declaration.
local core = require "lunation.core"
local format = require "lunation.format"

local M = {}

local LEVELS = 12 -- listed for people

--- What is in a CSV file: see core.csv.inspect. opt: separator, decimal, encoding, missing.
function M.read(file, opt)
  local book = core.csv.inspect(file, opt)
  book.key, book.unique = M.key(book)
  return book
end

--- The column that looks like the patient's id, and whether it has one row for each value: the
--- first column named id or ending in id, else the first whose values are all different.
function M.key(book)
  local all_different
  for _, c in ipairs(book.columns) do
    local unique = c.missing == 0 and c.distinct == book.rows
    local name = c.name:lower()
    if c.missing == 0 and (name:match("^id$") or name:match("[_ ]id$") or name:match("^id[_ ]")
      or name == "usubjid") then
      return c.name, unique
    end
    if unique and c.type ~= "number" and c.type ~= "date" then
      all_different = all_different or c.name
    end
  end
  return all_different, all_different ~= nil
end

-- A text of the file for a terminal, which obeys control characters.
local function printable(text)
  return (text:gsub("%c", function(c) return ("\\x%02X"):format(c:byte()) end))
end

local function bound(v) return type(v) == "number" and format.shortest(v) or v end

local function levels_text(levels)
  local out = {}
  for i = 1, math.min(#levels, LEVELS) do
    out[i] = ("%s (%d)"):format(printable(levels[i].text), levels[i].count)
  end
  if #levels > LEVELS then out[#out + 1] = ("and %d more"):format(#levels - LEVELS) end
  return table.concat(out, ", ")
end

local function content(c, is_key)
  if is_key then return ("%d different values"):format(c.distinct) end
  if c.levels then return levels_text(c.levels) end
  if c.min ~= nil then
    return bound(c.min) .. " to " .. bound(c.max) .. (c.format and c.format ~= "YYYY-MM-DD"
      and " as " .. c.format or "")
  end
  return ("%d different values"):format(c.distinct)
end

--- The rows of a table for people: column, type, n, missing, content.
function M.rows(book)
  local out = {}
  for i, c in ipairs(book.columns) do
    out[i] = { column = c.name, type = c.name == book.key and "id" or c.type, n = c.n,
      missing = c.missing,
      content = content(c, c.name == book.key) }
  end
  return out
end

--- Suspicious cells, one sentence each, by address. Values of the id are never shown.
function M.suspects(book)
  local out = {}
  for _, c in ipairs(book.columns) do
    for _, s in ipairs(c.name == book.key and {} or c.suspects) do
      out[#out + 1] = ('line %d, column %s: "%s": %s%s'):format(s.line, c.name,
        printable(s.text), s.why,
        s.count > 1 and (" (%d times)"):format(s.count) or "")
    end
    if c.suspects.more > 0 then
      out[#out + 1] = ("column %s: and %d more"):format(c.name, c.suspects.more)
    end
  end
  return out
end

-- --- the draft -----------------------------------------------------------------------------------

local function quote(text) return '"' .. printable(text:gsub('[\\"]', "\\%0")) .. '"' end

-- A name for expressions: the file's own where it is one, else made of its letters.
local function identifier(name, taken)
  local id = name:match("^[%a_][%w_]*$") and name or name:lower():gsub("[^%w]+", "_"):gsub("^_+",
    ""):gsub("_+$", "")
  if id == "" then id = "column" end
  if id:match("^%d") then id = "x" .. id end
  local base, n = id, 1
  while taken[id] do n = n + 1 id = base .. "_" .. n end
  taken[id] = true
  return id
end

local function sorted_levels(levels)
  local out = {}
  for i, l in ipairs(levels) do out[i] = l.text end
  table.sort(out)
  for i, text in ipairs(out) do out[i] = quote(text) end
  return "[" .. table.concat(out, ", ") .. "]"
end

-- Texts that are no value of a number or date column: missing codes until someone looks at them.
local function codes(c)
  if c.type ~= "number" and c.type ~= "integer" and c.type ~= "date" then return {} end
  local out = {}
  for i, s in ipairs(c.suspects) do out[i] = quote(s.text) end
  return out
end

local function declaration(c, id)
  local parts = { "type: " .. c.type }
  if id ~= c.name then parts[#parts + 1] = "from: " .. quote(c.name) end
  if c.levels then parts[#parts + 1] = "levels: " .. sorted_levels(c.levels) end
  if c.format and c.format ~= "YYYY-MM-DD" then
    parts[#parts + 1] = "format: " .. quote(c.format)
  end
  local missing = codes(c)
  if #missing > 0 then parts[#parts + 1] = "missing: [" .. table.concat(missing, ", ") .. "]" end
  return ("      %s: { %s }%s"):format(id, table.concat(parts, ", "), #missing > 0
    and "   # look at these codes" or "")
end

--- A draft of the recipe's data block for the file, as YAML that the checker takes. name: of the
--- data.
function M.draft(book, name)
  local out, taken = { "data:", "  " .. (name or "patients") .. ":", "    file: "
    .. quote(book.file) }, {}
  for _, option in ipairs { "separator", "decimal", "encoding" } do
    if book[option] then out[#out + 1] = ("    %s: %s"):format(option, quote(book[option])) end
  end
  local key = book.key and identifier(book.key, taken)
  if key then
    out[#out + 1] = "    key: " .. (key == book.key and key or quote(book.key))
    if not book.unique then out[#out + 1] = "    rows: many" end
  end
  out[#out + 1] = "    columns:"
  for _, c in ipairs(book.columns) do
    if c.name ~= book.key then out[#out + 1] = declaration(c, identifier(c.name, taken)) end
  end
  return table.concat(out, "\n") .. "\n"
end

return M
