-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"

local OPTIONS = { "separator", "decimal", "encoding" }

local function print_codebook(codebook, book)
  print(("%s: %d rows, %d columns"):format(book.file, book.rows, #book.columns))
  print("")
  print(require("lunation.report.text").table({
    { key = "column", label = "Column" }, { key = "type", label = "Type" },
    { key = "n", label = "n", align = "right" },
    { key = "missing", label = "Missing", align = "right" },
    { key = "content", label = "Content" } }, codebook.rows(book)))
  local suspects = codebook.suspects(book)
  if #suspects > 0 then
    print("\nsuspicious cells")
    for _, line in ipairs(suspects) do print("  " .. line) end
  end
  for _, note in ipairs(book.notes) do print("note: " .. note) end
  print("\ndraft for a recipe (only the columns that are used need stay)\n")
end

local function print_json(book)
  local json = require "lunation.base.json"
  for _, c in ipairs(book.columns) do
    c.suspects_more = c.suspects.more
    c.suspects.more = nil
    json.array(c.suspects)
  end
  print(json.encode(book, true))
end

-- A declaration that the reader asks for is an option here.
local function as_option(e)
  for _, name in ipairs(errors.is(e) and e.hint and OPTIONS or {}) do
    e.hint = e.hint:gsub("declare the ", "declare "):gsub("declare (" .. name .. "): (%S+)", "--%1 %2")
  end
  return e
end

return {
  summary = "what is in a file, and a draft of its declaration",
  usage = "data FILE [--name NAME] [--separator S] [--decimal D] [--encoding E]",
  options = {
    { name = "name", arg = "NAME", doc = "name of the data in the recipe (patients)" },
    { name = "separator", arg = "S", doc = 'between the cells: "," unless stated' },
    { name = "decimal", arg = "D", doc = 'decimal mark: "." or ","' },
    { name = "encoding", arg = "E", doc = "utf-8, latin1, gb18030" },
    { name = "draft", doc = "only the draft" },
    { name = "json", doc = "machine-readable output, errors too" },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 1 then
      errors.raise("usage.argument", "data takes one file", { hint = "lunation data patients.csv" })
    end
    local codebook = require "lunation.data.codebook"
    local settings = {}
    for _, name in ipairs(OPTIONS) do settings[name] = opt[name] end
    local ok, book = pcall(codebook.read, words[1], settings)
    if not ok then error(as_option(book), 0) end
    for _, name in ipairs(OPTIONS) do book[name] = opt[name] end
    if opt.json then
      print_json(book)
      return 0
    end
    if not opt.draft then print_codebook(codebook, book) end
    io.stdout:write(codebook.draft(book, opt.name))
  end,
}
