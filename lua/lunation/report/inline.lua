-- SPDX-License-Identifier: GPL-3.0-or-later
-- inline: the small markup inside paragraphs, notes and table cells: **strong**, *emphasis*,
-- `code`, [text](target). Everything else is plain text. Backslash takes the next mark literally.
local core_text = require("lunation.core").text
local has, escape = core_text.has, core_text.html

--- Text safe inside HTML and SVG, attributes included.
local inline = { escape = escape }

-- The first mark at or after `from`: its kind, first and last byte, text, target.
local function next_mark(text, from)
  local at = text:find("[*`%[\\]", from)
  while at do
    local c = text:sub(at, at)
    if c == "\\" and text:find("^[*`%[\\]", at + 1) then
      return "plain", at, at + 1, text:sub(at + 1, at + 1)
    end
    local first, last, body, target
    if c == "`" then
      first, last, body = text:find("^`([^`]+)`", at)
      if first then return "code", first, last, body end
    elseif c == "[" then
      first, last, body, target = text:find("^%[([^%]]+)%]%(([^)%s]+)%)", at)
      if first then return "link", first, last, body, target end
    else
      first, last, body = text:find("^%*%*(.-)%*%*", at)
      if first and body ~= "" then return "strong", first, last, body end
      first, last, body = text:find("^%*([^*%s][^*]*)%*", at)
      if first then return "emphasis", first, last, body end
    end
    at = text:find("[*`%[\\]", at + 1)
  end
end

-- Walks the text; emit(kind, text, target) for each piece.
local function walk(text, emit)
  local from = 1
  while true do
    local kind, first, last, body, target = next_mark(text, from)
    if not kind then break end
    if first > from then emit("plain", text:sub(from, first - 1)) end
    emit(kind, body, target)
    from = last + 1
  end
  if from <= #text then emit("plain", text:sub(from)) end
end

local tags = { strong = "strong", emphasis = "em", code = "code" }

-- Only places inside the document and web addresses; never a script.
local function is_safe(target)
  return target:find("^#") or target:find("^https?://") or target:find("^mailto:")
end

--- Calls emit(kind, text) for each piece of a text: plain, code, strong, emphasis or link, without its
--- marks.
function inline.pieces(text, emit)
  walk(text, function(kind, body) emit(kind, kind == "plain" and body or inline.plain(body)) end)
end

function inline.html(text)
  if not has(text, "*`[\\") then return escape(text) end
  local out = {}
  walk(text, function(kind, body, target)
    if kind == "plain" then
      out[#out + 1] = escape(body)
    elseif kind == "link" then
      out[#out + 1] = is_safe(target) and '<a href="' .. escape(target) .. '">' .. escape(body)
        .. "</a>"
        or escape(body)
    else
      local inner = kind == "code" and escape(body) or inline.html(body)
      out[#out + 1] = "<" .. tags[kind] .. ">" .. inner .. "</" .. tags[kind] .. ">"
    end
  end)
  return table.concat(out)
end

--- Without marks, for terminals, CSV and text in figures.
function inline.plain(text)
  if not has(text, "*`[\\") then return text end
  local out = {}
  walk(text, function(kind, body)
    out[#out + 1] = (kind == "plain" or kind == "code") and body or inline.plain(body)
  end)
  return table.concat(out)
end

--- The markup is Markdown already; only line breaks must go where a cell or a list item holds it.
function inline.markdown(text)
  return (text:gsub("\n", " "))
end

return inline
