-- SPDX-License-Identifier: GPL-3.0-or-later
-- metrics: the advance widths of Helvetica (Arial and Liberation Sans share them), in thousandths
-- of the font size, so that text can be laid out without a font engine.
local metrics = {}

-- ASCII from blank (32) to tilde (126).
local REGULAR = { 278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
  556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667,
  722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556,
  222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584 }
local BOLD = { 278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556,
  556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722,
  722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667,
  944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278,
  278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280,
  389, 584 }
-- Beyond ASCII, where it is not as wide as a digit: punctuation and signs.
local OTHER = { [0xA0] = 278, [0xB0] = 400, [0xB1] = 549, [0xB2] = 333, [0xB3] = 333, [0xB7] = 333,
  [0xD7] = 584, [0x2009] = 200, [0x2013] = 556, [0x2014] = 1000, [0x2018] = 222, [0x2019] = 222,
  [0x201C] = 333, [0x201D] = 333, [0x2026] = 1000, [0x2190] = 1000, [0x2192] = 1000, [0x2212] = 584,
  [0x2260] = 549, [0x2264] = 549, [0x2265] = 549, [0x221E] = 713, [0xC6] = 1000, [0xD8] = 778,
  [0xE6] = 889, [0x152] = 1000, [0x2020] = 556, [0x2021] = 556 }

local function is_wide(code)
  return code >= 0x1100 and (code <= 0x115F or code >= 0x2E80 and code <= 0xA4CF or code >= 0xAC00
    and code <= 0xD7A3 or code >= 0xF900 and code <= 0xFAFF or code >= 0xFE30 and code <= 0xFE4F
    or code >= 0xFF00 and code <= 0xFF60 or code >= 0xFFE0 and code <= 0xFFE6
    or code >= 0x20000 and code <= 0x3FFFD)
end

local function of_code(code, narrow)
  if code < 127 then return code >= 32 and narrow[code - 31] or 0 end
  return OTHER[code] or is_wide(code) and 1000 or code >= 0x300 and code <= 0x36F and 0 or 556
end

--- The width of text at a font size.
function metrics.width(text, size, bold)
  local narrow, sum = bold and BOLD or REGULAR, 0
  if text:find("[\128-\255]") then
    for _, code in utf8.codes(text, true) do sum = sum + of_code(code, narrow) end
  else
    for _, code in ipairs { text:byte(1, -1) } do sum = sum + (narrow[code - 31] or 0) end
  end
  return sum * size / 1000
end

--- Columns of a terminal: 2 for a wide character, 0 for a combining one.
function metrics.columns(text)
  if not text:find("[\128-\255]") then return #text end
  local sum = 0
  for _, code in utf8.codes(text, true) do
    sum = sum + (is_wide(code) and 2 or code >= 0x300 and code <= 0x36F and 0 or 1)
  end
  return sum
end

-- Pieces that may stand at the end of a line: words, and each wide character.
local function pieces(text)
  local out, word = {}, {}
  local function flush()
    if #word > 0 then out[#out + 1] = table.concat(word) word = {} end
  end
  for _, code in utf8.codes(text, true) do
    local c = utf8.char(code)
    word[#word + 1] = c
    if code == 32 or is_wide(code) then flush() end
  end
  flush()
  return out
end

--- text broken into lines no wider than `width`. A single word that is wider stays whole.
function metrics.wrap(text, width, size, bold)
  local lines = {}
  for paragraph in (text .. "\n"):gmatch("(.-)\n") do
    if metrics.width(paragraph, size, bold) <= width then
      lines[#lines + 1] = paragraph
    else
      local line = ""
      for _, piece in ipairs(pieces(paragraph)) do
        if line ~= "" and metrics.width((line .. piece):gsub(" $", ""), size, bold) > width then
          lines[#lines + 1] = line:gsub(" $", "")
          line = ""
        end
        line = line .. piece
      end
      lines[#lines + 1] = line:gsub(" $", "")
    end
  end
  return lines
end

return metrics
