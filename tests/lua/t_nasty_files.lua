-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every file of tests/nasty, at the layer of the readers: what MANIFEST.tsv says of it, as far as a
-- reader decides it. What is left to the recipe's schema or to a study is accepted here.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local DIR = "tests/nasty/"

local NUMBERS = { time = "number", status = "integer", age = "number", arm = "factor" }
local DATES = { enrol = "date", death = "date", status = "integer", age = "number" }

local function with(columns, name, what)
  local copy = {}
  for k, v in pairs(columns) do copy[k] = v end
  copy[name] = what
  return copy
end

-- file = { line, column, pattern of the message or hint, options }
local REFUSED = {
  csv_cr_only = { 1, 1, "CR only" },
  csv_gbk_header = { 1, 1, "not valid UTF%-8.*gb18030" },
  csv_gb18030_4byte = { 2, nil, "not valid UTF%-8.*gb18030" },
  csv_utf16le_bom = { 1, 1, "UTF%-16" },
  csv_latin1 = { 2, 18, "not valid UTF%-8" },
  csv_nul_byte = { 5, 3, "zero byte" },
  csv_ragged_short = { 6, nil, "line 6 has 4 fields, the header has 5" },
  csv_ragged_long = { 6, nil, "line 6 has 6 fields, the header has 5" },
  csv_dup_header = { 1, 5, '"age" stands twice' },
  csv_dup_id = { 13, 1, "line 13 is that of line 4" },
  csv_decimal_comma = { 5, 2, '"2,5" is not a number.*decimal: ","', { separator = ";" } },
  csv_thousands = { 9, 2, '"1,100" is not a number' },
  csv_negative_time = { 4, 2, "below 0",
    { columns = with(NUMBERS, "time", { type = "number", min = 0 }) } },
  csv_na_spellings = { 3, 4, '"N/A" is not a number.*missing' },
  csv_inf_nan = { 3, 2, '"inf" is not a number' },
  csv_hex_octal_underscore = { 2, 4, '"0x3D" is not a number' },
  csv_int_overflow = { 2, 4, "too large", { columns = with(NUMBERS, "age", "integer") } },
  csv_status_text = { 8, 3, '"lost" is not one of the levels alive, dead',
    { columns = with(NUMBERS, "status", { "alive", "dead" }) } },
  csv_fullwidth_digits = { 2, 4, "full%-width" },
  csv_fullwidth_comma = { 1, 1, "1 field in the header.*full%-width" },
  csv_units = { 2, 2, '"5d" is not a number' },
  csv_huge_field = { 3, 5, "longer than 65536 bytes" },
  csv_unclosed_quote = { 4, 5, "quote that opens here is not closed" },
  csv_quote_inside = { 4, 4, "quote inside" },
  csv_empty = { 1, 1, "file is empty" },
  csv_header_only = { 2, 1, "no data rows" },
  csv_wide_preamble = { 1, 1, "1 field in the header, but line 3 has 5.*skip" },
  csv_date_ambiguous = { 2, 2, '"03/04/2021" is not a date.*format', { columns = DATES } },
  csv_date_impossible = { 2, 2, '"2021%-02%-29" is not a date.*no such day', { columns = DATES } },
  csv_date_excel_serial = { 2, 2, "excel%-1900 or excel%-1904", { columns = DATES } },
  yaml_alias_bomb = { 1, 4, "anchors and aliases are not allowed" },
  yaml_alias_recursive = { 1, 4, "anchors and aliases are not allowed" },
  yaml_anchors_5000 = { 1, 5, "anchors and aliases are not allowed" },
  yaml_deep_flow = { 1, 33, "deeper than 32" },
  yaml_deep_flow_map = { 1, 129, "deeper than 32" },
  yaml_deep_block = { 33, 33, "deeper than 32" },
  yaml_dup_key = { 19, 1, '"data" is given twice: first on line 3, column 1' },
  yaml_dup_key_quoted = { 19, 1, '"time" is given twice: first on line 4, column 1' },
  yaml_merge_key = { 19, 7, "not allowed" },
  yaml_tag_exec = { 3, 7, "tags are not allowed" },
  yaml_two_documents = { 19, 1, "more than one document" },
  yaml_tab_indent = { 6, 1, "tab in the indentation" },
  yaml_invalid_utf8 = { 2, 9, "not valid UTF%-8" },
  yaml_empty = { 1, 1, "empty" },
  yaml_scalar_120k = { 2, 8, "longer than 65536 bytes" },
}

local WARNED = {
  csv_near_dup_id = "lines 4 and 13 differ only",
  csv_na_999 = "999 stands 2 times",
  csv_zero_width_level = '"A" .line 2. and "A<U%+200B>" .line 6. look alike',
}

local LIMITS = { csv_huge_field = true, yaml_scalar_120k = true }

local function read(name, options)
  if name:match("^yaml") then return core.yaml.read(DIR .. name .. ".yaml") end
  local header = core.file.read(DIR .. name .. ".csv"):match("^[^\n]*") or ""
  local columns = {}
  for column, type in pairs(options.columns or NUMBERS) do
    if header:find(column, 1, true) then columns[column] = type end
  end
  return core.csv.read(DIR .. name .. ".csv", { columns = columns, separator = options.separator,
    key = header:find("id", 1, true) and "id" or nil, unique = true })
end

local function refused(name, expected)
  local started = os.clock()
  local ok, e = pcall(read, name, expected[4] or {})
  local text = not ok and type(e) == "table" and tostring(e.message) .. " " .. tostring(e.hint)
    or "was accepted"
  t.match(text, expected[3], name .. ": the message")
  if ok or type(e) ~= "table" then return end
  t.is(e.line, expected[1], name .. ": the line")
  if expected[2] then t.is(e.column, expected[2], name .. ": the column") end
  t.ok(e.code:match(LIMITS[name] and "^limit%." or name:match("^csv") and "^data%." or "^recipe%."),
    name .. ": the code " .. e.code)
  t.ok(os.clock() - started < 1, name .. ": in time")
  t.ok(not text:find("P00"), name .. ": no id in the message")
end

local function accepted(name, expect)
  local ok, data, notes = pcall(read, name, name:match("date") and { columns = DATES } or {})
  if not t.ok(ok, name .. ": accepted" .. (ok and "" or " " .. tostring(data))) then return end
  if name:match("^yaml") then return t.is(data.kind, "map", name .. ": a map") end
  if WARNED[name] then
    return t.match(table.concat(notes, "\n"), WARNED[name], name .. ": the warning")
  end
  if expect == "accept" then t.is(table.concat(notes, "\n"), "", name .. ": no warning") end
end

local files = 0
for line in core.file.read(DIR .. "MANIFEST.tsv"):gmatch("[^\n]+") do
  local file, kind, expect = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)")
  if kind == "csv" or kind == "yaml" then
    local name = file:gsub("%.%w+$", "")
    files = files + 1
    if REFUSED[name] then refused(name, REFUSED[name]) else accepted(name, expect) end
  end
end
t.is(files, 85, "all files of the manifest")

-- The same data however they are written.
local base = read("csv_base", {})
local function same(name, options, columns)
  local data = core.csv.read(DIR .. name .. ".csv", options)
  local equal = #data == #base
  for _, column in ipairs(columns) do
    for i = 1, #base do equal = equal and data:column(column)[i] == base:column(column)[i] end
  end
  t.ok(equal, name .. ": the values of csv_base")
end
for _, name in ipairs { "csv_bom_utf8", "csv_crlf", "csv_no_final_newline", "csv_quoted_newline",
  "csv_spaces" } do
  same(name, { columns = NUMBERS, key = "id" }, { "id", "time", "status", "age", "arm" })
end
local chinese = core.csv.read(DIR .. "csv_gbk_header.csv", { encoding = "gb18030" })
t.is(chinese:names()[1], "编号", "a header in GB18030")
t.is(core.csv.read(DIR .. "csv_gb18030_4byte.csv", { encoding = "gb18030" }) ~= nil, true,
  "characters of four bytes")
t.is(core.csv.read(DIR .. "csv_utf16le_bom.csv", { encoding = "utf-16" }):names()[1], "id",
  "UTF-16 when declared")
t.is(core.csv.read(DIR .. "csv_wide_preamble.csv", { skip = 2 }):names()[1], "id",
  "title lines skipped")
local big = core.csv.read(DIR .. "csv_id_beyond_2p53.csv", { key = "id", unique = true })
t.is(big:column("id").type, "text", "ids are texts")
local norway = core.yaml.read(DIR .. "yaml_norway.yaml")
t.ok(norway:get("study") and norway:get("study").text, "words stay text")

collectgarbage() collectgarbage()
t.done()
