-- SPDX-License-Identifier: GPL-3.0-or-later
-- metrics: the advance widths of Helvetica (Arial and Liberation Sans share them), in thousandths
-- of the font size, so that text can be laid out without a font engine.
local core_text = require("lunation.core").text
local text_width, columns = core_text.width, core_text.columns

local metrics = {}

--- The width of text at a font size.
function metrics.width(text, size, bold) return text_width(text, bold) * size / 1000 end

--- The width of the widest of some lines, 0 of none.
function metrics.widest(lines, size, bold)
  local width = 0
  for _, line in ipairs(lines) do width = math.max(width, metrics.width(line, size, bold)) end
  return width
end

--- Columns of a terminal: 2 for a wide character, 0 for a combining one.
metrics.columns = columns

-- Pieces that may stand at the end of a line: words, and each wide character.
local function pieces(text)
  local out, word = {}, {}
  local function flush()
    if #word > 0 then out[#out + 1] = table.concat(word) word = {} end
  end
  for _, code in utf8.codes(text, true) do
    local c = utf8.char(code)
    word[#word + 1] = c
    if code == 32 or columns(c) == 2 then flush() end
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
