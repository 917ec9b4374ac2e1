-- SPDX-License-Identifier: GPL-3.0-or-later
-- json: JSON out and in. Objects keep the order of their keys; numbers are the shortest decimals
-- that read back the same; NaN and infinities, which JSON does not have, are null.
local core = require "lunation.core"
local errors = require "lunation.errors"

local json = {}

--- What JSON calls null, where a Lua table must hold it.
json.null = setmetatable({}, { __tostring = function() return "null" end })

local OBJECT, ARRAY = { __name = "json.object" }, { __name = "json.array" }
local ORDER = setmetatable({}, { __mode = "k" }) -- object -> its keys in order

--- An object from a list of { key, value }, in that order; a nil value is null.
function json.object(entries)
  local object, keys = setmetatable({}, OBJECT), {}
  for i, entry in ipairs(entries) do
    keys[i] = entry[1]
    if entry[2] ~= nil then object[entry[1]] = entry[2] end
  end
  ORDER[object] = keys
  return object
end

--- Marks a list as an array, also when it is empty. A field n gives its length.
function json.array(list) return setmetatable(list, ARRAY) end

--- Keys of an object in their order: as built or read, else sorted.
function json.keys(object)
  if ORDER[object] then return ORDER[object] end
  local keys = {}
  for k in pairs(object) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end

-- --- out ------------------------------------------------------------------------------------

local quote = core.text.json

local write

local function write_array(out, list, indent)
  local n = list.n or #list
  if n == 0 then out[#out + 1] = "[]" return end
  local inner = indent and indent .. "  "
  for i = 1, n do
    out[#out + 1] = (i == 1 and "[" or ",") .. (inner or "")
    write(out, list[i], inner)
  end
  out[#out + 1] = (indent or "") .. "]"
end

local function write_object(out, object, indent)
  local inner = indent and indent .. "  "
  local first = true
  for _, key in ipairs(json.keys(object)) do
    out[#out + 1] = (first and "{" or ",") .. (inner or "") .. quote(tostring(key))
      .. (indent and ": " or ":")
    write(out, object[key], inner)
    first = false
  end
  out[#out + 1] = first and "{}" or (indent or "") .. "}"
end

local function is_array(t)
  local meta = getmetatable(t)
  return meta == ARRAY or (meta ~= OBJECT and #t > 0)
end

function write(out, v, indent)
  local kind = type(v)
  if kind == "string" then out[#out + 1] = quote(v)
  elseif kind == "number" then
    out[#out + 1] = (v ~= v or v == math.huge or v == -math.huge) and "null" or core.num.shortest(v)
  elseif kind == "boolean" then out[#out + 1] = tostring(v)
  elseif v == nil or v == json.null then out[#out + 1] = "null"
  elseif kind ~= "table" then
    errors.raise("usage.json", ("a %s cannot be written as JSON"):format(kind))
  elseif is_array(v) then write_array(out, v, indent)
  else write_object(out, v, indent) end
end

--- Value as JSON. A table with elements is an array, any other an object with sorted keys;
--- json.array and json.object say so, and keep an order. pretty: one entry on each line. Errors:
--- usage.json.
function json.encode(value, pretty)
  local out = {}
  write(out, value, pretty and "\n" or nil)
  return table.concat(out)
end

-- --- in ---------------------------------------------------------------------------------------

local MAX_DEPTH = 200

local function fail(self, at, message)
  local line, start = 1, 1
  for feed in self.text:sub(1, at - 1):gmatch("()\n") do line, start = line + 1, feed + 1 end
  errors.raise("data.json", message, { file = self.name, line = line,
    column = (utf8.len(self.text, start, at - 1, true) or at - start) + 1 })
end

local UNESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n",
  r = "\r", t = "\t" }

local function code_point(self, at)
  local high = tonumber(self.text:match("^%x%x%x%x", at + 2)
    or fail(self, at, "\\u needs four hex digits"), 16)
  if high < 0xD800 or high > 0xDFFF then return utf8.char(high), at + 6 end
  local low = high < 0xDC00 and tonumber(self.text:match("^\\u(%x%x%x%x)", at + 6) or "0", 16) or 0
  if low < 0xDC00 or low > 0xDFFF then fail(self, at, "half of a surrogate pair") end
  return utf8.char(0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00)), at + 12
end

-- at: the opening quote. Returns the text and the place after the closing one.
local function read_text(self, at)
  local parts, p = {}, at + 1
  while true do
    local stop = self.text:find('[%c"\\]', p)
    if not stop then fail(self, at, "the text that begins here is not closed") end
    parts[#parts + 1] = self.text:sub(p, stop - 1)
    local c = self.text:sub(stop, stop)
    if c == '"' then return table.concat(parts), stop + 1 end
    if c ~= "\\" and c ~= "\127" then fail(self, stop, "a control character inside a text") end
    if c == "\127" then parts[#parts + 1], p = c, stop + 1
    else
      local e = self.text:sub(stop + 1, stop + 1)
      if e == "u" then parts[#parts + 1], p = code_point(self, stop)
      elseif UNESCAPES[e] then parts[#parts + 1], p = UNESCAPES[e], stop + 2
      else fail(self, stop, "an unknown escape") end
    end
  end
end

local function skip(self, at) return self.text:find("[^ \t\r\n]", at) or #self.text + 1 end

local read

local function read_array(self, at, depth)
  local list, n = json.array {}, 0
  local p = skip(self, at + 1)
  if self.text:sub(p, p) == "]" then return list, p + 1 end
  while true do
    n = n + 1
    list[n], p = read(self, p, depth + 1)
    p = skip(self, p)
    local c = self.text:sub(p, p)
    if c == "]" then return list, p + 1 end
    if c ~= "," then fail(self, p, "expected , or ] here") end
    p = skip(self, p + 1)
  end
end

local function read_object(self, at, depth)
  local object, keys, seen = setmetatable({}, OBJECT), {}, {}
  ORDER[object] = keys
  local p = skip(self, at + 1)
  if self.text:sub(p, p) == "}" then return object, p + 1 end
  while true do
    if self.text:sub(p, p) ~= '"' then fail(self, p, "expected a key in quotes here") end
    local key, after = read_text(self, p)
    if seen[key] then fail(self, p, ('key "%s" is given twice'):format(key)) end
    seen[key], keys[#keys + 1] = true, key
    after = skip(self, after)
    if self.text:sub(after, after) ~= ":" then fail(self, after, "expected : here") end
    object[key], p = read(self, skip(self, after + 1), depth + 1)
    p = skip(self, p)
    local c = self.text:sub(p, p)
    if c == "}" then return object, p + 1 end
    if c ~= "," then fail(self, p, "expected , or } here") end
    p = skip(self, p + 1)
  end
end

local function read_number(self, at)
  local text = self.text:match("^%-?%d+%.?%d*[eE]?[+-]?%d*", at) or ""
  local v = core.num.parse(text)
  local strict = text:find("^%-?0%f[%D]") or text:find("^%-?[1-9]")
  if not v or not strict or text:find("%.$") or text:find("%.[eE]") then
    fail(self, at, "not JSON")
  end
  if text:find("^%-?%d+$") then v = math.tointeger(v) and #text < 16 and math.tointeger(v) or v end
  return v, at + #text
end

local WORDS = { ["true"] = true, ["false"] = false, null = json.null }

function read(self, at, depth)
  if depth > MAX_DEPTH then fail(self, at, "nesting deeper than " .. MAX_DEPTH .. " levels") end
  local c = self.text:sub(at, at)
  if c == "{" then return read_object(self, at, depth) end
  if c == "[" then return read_array(self, at, depth) end
  if c == '"' then return read_text(self, at) end
  local word = self.text:match("^%l+", at)
  if word and WORDS[word] ~= nil then return WORDS[word], at + #word end
  return read_number(self, at)
end

--- Value of a JSON text; null is json.null, objects keep their order (json.keys). name stands for
--- the file in messages. Errors: data.json with line and column.
function json.decode(text, name)
  local self = { text = text, name = name }
  local value, at = read(self, skip(self, 1), 0)
  at = skip(self, at)
  if at <= #text then fail(self, at, "something follows the end") end
  return value
end

return json
