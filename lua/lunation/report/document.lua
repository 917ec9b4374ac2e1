-- SPDX-License-Identifier: GPL-3.0-or-later
-- document: the one model of a report. A document is a list of blocks, each checked when it is
-- added; the writers (html, markdown, text, csv) only read it.
--
-- Text in paragraphs, notes, list items and cells may carry **strong**, *emphasis*, `code` and
-- [links](#id).
local errors = require("lunation.errors")
local words = require("lunation.report.words")
local format = require("lunation.format")

local document = {}
local methods = {}
local meta = { __name = "lunation.document", __index = methods }

local function fail(code, ...)
  errors.raise("report." .. code, string.format(...))
end

local FIELDS = { title = true, subtitle = true, lang = true, simulated = true, banner = true,
  footer = true, suppress_below = true }

--- A new document. fields: title, subtitle, lang ("en" or "zh"), simulated (true, or the sentence
--- that each printed page shows), banner (another sentence, such as "Draft"), footer,
--- suppress_below (counts below it are not shown, see lunation.report.suppress).
function document.new(fields)
  for name in pairs(fields) do
    if not FIELDS[name] then fail("field", "a document has no field '%s'", tostring(name)) end
  end
  local w = words.get(fields.lang)
  return setmetatable({ title = fields.title or "", subtitle = fields.subtitle, lang = w.language,
    words = w,
    -- "" takes back what an extended recipe says
    simulated = fields.simulated == true and w.simulated
      or fields.simulated ~= "" and fields.simulated or nil,
    suppress_below = fields.suppress_below, banner = fields.banner, footer = fields.footer,
    blocks = {}, ids = {},
    count = { table = 0, figure = 0 } }, meta)
end

local function add(doc, block)
  doc.blocks[#doc.blocks + 1] = block
  return block
end

-- The id of a block: its own, or one made from its kind and number; unique in the document.
local function claim(doc, id, kind)
  if not id then
    doc.made = (doc.made or 0) + 1
    id = kind .. "-" .. doc.made
  end
  if not id:find("^[%w_][%w_.-]*$") then
    fail("id", "'%s' cannot be an id: letters, digits, _ . - only", id)
  end
  if doc.ids[id] then fail("id", "two blocks have the id '%s'", id) end
  doc.ids[id] = true
  return id
end

--- A section (or subsection) heading.
function methods:section(id, title)
  return add(self, { kind = "section", level = 2, id = claim(self, id, "section"), title = title })
end

function methods:subsection(id, title)
  return add(self, { kind = "section", level = 3, id = claim(self, id, "section"), title = title })
end

function methods:paragraph(text)
  return add(self, { kind = "paragraph", text = text })
end

function methods:list(items)
  return add(self, { kind = "list", items = items })
end

--- Lines of source text (a recipe, a script).
function methods:code(text)
  return add(self, { kind = "code", text = text })
end

--- Pairs { label, value }: style "cards" (large figures at the top of a report) or "list".
function methods:facts(pairs_, style)
  return add(self, { kind = "facts", pairs = pairs_, style = style or "list" })
end

local NOTES = { warning = true, info = true, design = true }

--- kind: "warning", "info" or "design" (a remark on the design of the study).
function methods:note(kind, text)
  if not NOTES[kind] then
    fail("note", "a note is a warning, info or design, not '%s'", tostring(kind))
  end
  return add(self, { kind = "note", note = kind, text = text })
end

local ALIGN = { left = true, right = true, center = true, decimal = true }
-- Fields of a row that say how it looks; no column may have such a key.
local ROW_STYLE = { heading = true, strong = true, indent = true, muted = true }

local function check_columns(t)
  local known = {}
  for i, column in ipairs(t.columns) do
    if type(column.key) ~= "string" then
      fail("column", "table '%s': column %d has no key", t.id, i)
    end
    if ROW_STYLE[column.key] then
      fail("column", "table '%s': a column may not be called '%s'", t.id, column.key)
    end
    if known[column.key] then
      fail("column", "table '%s': two columns are called '%s'", t.id, column.key)
    end
    if column.align and not ALIGN[column.align] then
      fail("column", "table '%s', column '%s': align is '%s'", t.id, column.key,
        tostring(column.align))
    end
    known[column.key] = i
  end
  for i, row in ipairs(t.rows) do
    for key in pairs(row) do
      if not known[key] and not ROW_STYLE[key] then
        fail("row", "table '%s', row %d: there is no column '%s'", t.id, i, tostring(key))
      end
    end
  end
end

--- Finds the columns that the groups of a table's heads span: group.first, group.last.
function document.span_groups(t)
  local position, last = {}, 0
  for i, column in ipairs(t.columns) do position[column.key] = i end
  for _, group in ipairs(t.groups or {}) do
    local from, to = position[group.from], position[group.to]
    if not from or not to or from > to or from <= last then
      fail("column", "table '%s': group '%s' must run over columns from left to right", t.id or "",
        tostring(group.label))
    end
    group.first, group.last, last = from, to, to
  end
  return t.groups or {}
end

--- A table: id, caption, columns { {key, label, align = "left"|"right"|"center"|"decimal",
--- decimals (of numbers)} ... }, rows { {key = text or number ...} ... }, notes, groups { {label,
--- from = key, to = key} ... } over the heads. A row may say heading (its first cell spans the
--- table), strong, muted, indent = 1, 2.
function methods:table(t)
  t.id = claim(self, t.id, "table")
  check_columns(t)
  self.count.table = self.count.table + 1
  return add(self, { kind = "table", id = t.id, number = self.count.table,
    caption = t.caption or "", columns = t.columns, rows = t.rows, notes = t.notes or {},
    groups = document.span_groups(t) })
end

--- A figure: id, caption, figure (of lunation.figure), notes. Its numbers go with it. exact: it
--- shows single patients or exact counts, and is left out of a report that suppresses small ones.
function methods:figure(t)
  if t.exact and self.suppress_below then
    return self:note("info", self.words.not_drawn:format(t.caption or ""))
  end
  if type(t.figure) ~= "table" or not t.figure.body then
    fail("figure", "figure '%s' is not a figure", tostring(t.id))
  end
  self.count.figure = self.count.figure + 1
  return add(self, { kind = "figure", id = claim(self, t.id, "figure"), number = self.count.figure,
    caption = t.caption or "", figure = t.figure, notes = t.notes or {} })
end

-- Nested list items of the steps of a flow.
local function flow_items(steps)
  local items = {}
  for _, step in ipairs(steps) do
    items[#items + 1] = ("%s: n = %s"):format(step.label, step.n)
    for _, reason in ipairs(step.excluded or {}) do
      items[#items + 1] = ("– %s: n = %s"):format(reason[1] or reason.reason, reason[2] or reason.n)
    end
    for _, arm in ipairs(step.arms or {}) do
      for _, item in ipairs(flow_items(arm.steps or { arm })) do
        items[#items + 1] = "– " .. item
      end
    end
  end
  return items
end

--- The flow of patients: a figure drawn from the steps (see figure/flow.lua) and the same as a
--- list.
function methods:flow(t)
  if self.suppress_below then
    local items = flow_items(require("lunation.report.suppress").flow(t.steps, self.suppress_below))
    self:paragraph(t.caption .. ":")
    return self:list(items)
  end
  local fig = require("lunation.figure.flow") { steps = t.steps, arms = t.arms, lang = self.lang,
    title = t.caption }
  local block = self:figure { id = t.id, caption = t.caption, figure = fig, notes = t.notes }
  local items = flow_items(t.steps)
  for _, item in ipairs(flow_items(t.arms or {})) do items[#items + 1] = item end
  self:details(self.words.text_alternative, function(d) d:list(items) end)
  return block
end

-- The blocks that `build` adds: a function of the document, or a list of texts.
local function gather(doc, build)
  local outer = doc.blocks
  doc.blocks = {}
  if type(build) == "function" then
    build(doc)
  else
    for _, text in ipairs(build) do doc:paragraph(text) end
  end
  local inner = doc.blocks
  doc.blocks = outer
  return inner
end

--- A part that opens on demand. content: function(doc) adding blocks, or a list of paragraphs.
function methods:details(title, content)
  return add(self, { kind = "details", title = title, blocks = gather(self, content) })
end

--- "How this was computed", under a result. t: method (sentence), recipe (text), options (pairs),
--- n, events, excluded (pairs reason, n), warnings (texts).
function methods:how(t)
  local w = self.words
  return self:details(w.how, function(d)
    if t.method then d:paragraph(t.method) end
    local facts = {}
    if t.n then facts[#facts + 1] = { w.n, t.n } end
    if t.events then facts[#facts + 1] = { w.events, t.events } end
    for _, pair in ipairs(t.options or {}) do facts[#facts + 1] = pair end
    for _, pair in ipairs(t.excluded or {}) do
      facts[#facts + 1] = { w.excluded .. ": " .. (pair[1] or pair.reason), pair[2] or pair.n }
    end
    if #facts > 0 then d:facts(facts) end
    if t.recipe then d:code(t.recipe) end
    for _, text in ipairs(t.warnings or {}) do d:note("warning", text) end
  end)
end

--- Where everything came from: a section of its own with pairs { label, value } in a box.
function methods:provenance(rows)
  self:section("provenance", self.words.provenance)
  return self:facts(rows, "box")
end

local function all_of(doc, kind)
  local found = {}
  local function visit(blocks)
    for _, block in ipairs(blocks) do
      if block.kind == kind then found[#found + 1] = block end
      if block.blocks then visit(block.blocks) end
    end
  end
  visit(doc.blocks)
  return found
end

--- Every table of the document, every figure: those inside details too.
function methods:tables() return all_of(self, "table") end

function methods:figures() return all_of(self, "figure") end

--- The text of a cell: a number with the column's decimals or in its shortest form; nothing for
--- nil.
function document.cell(value, column)
  if value == nil then return "" end
  if type(value) ~= "number" then return tostring(value) end
  if value ~= value then return format.missing end
  if column and column.decimals then return format.number(value, column.decimals) end
  if value == math.floor(value) then return format.integer(value) end
  return format.shortest(value)
end

return document
