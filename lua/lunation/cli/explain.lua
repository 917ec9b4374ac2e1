-- SPDX-License-Identifier: GPL-3.0-or-later
local errors = require "lunation.errors"
local recipe_command = require "lunation.cli.recipe"
local suggest = require "lunation.base.suggest"

-- Sections of docs/messages.md: the codes in their order, and code -> text.
local function sections()
  local codes, of, code = {}, {}, nil
  for line in require("lunation.embedded")("docs/messages.md"):gmatch "([^\n]*)\n" do
    local heading = line:match "^## (%S+)$"
    if heading then
      code = heading
      codes[#codes + 1], of[code] = code, { code }
    elseif code then
      table.insert(of[code], line)
    end
  end
  return codes, of
end

-- The page of a code; "[code]" and "error[code]" are taken as well.
local function explain_code(word)
  local codes, of = sections()
  local code = word:match "%[(.-)%]" or word
  if not of[code] then
    local analysis = require("lunation.analyses").find(code)
    if analysis then return require("lunation.cli.help").analysis(code, analysis) end
    local near = suggest.closest(code, codes)
    errors.raise("usage.argument", ('there is no message "%s"'):format(code),
      { hint = near and ('did you mean "%s"?'):format(near) or "a code stands in brackets: \z
        error[data.date] is explained by lunation explain data.date; docs/messages.md has all" })
  end
  print((table.concat(of[code], "\n"):gsub("\n+$", "")))
end

local function is_code(word)
  return not word:find "[/\\]" and not word:find "%.ya?ml$" and word:find "^[%a%[%].-]+$"
end

local options = { { name = "variant", arg = "NAME",
  doc = "the script of this variant of the recipe" } }
for _, o in ipairs(recipe_command.options) do options[#options + 1] = o end

return {
  summary = "the Lua script of a recipe, or what a message or an analysis means",
  usage = "explain RECIPE|CODE|ANALYSIS [--data NAME=FILE]...",
  options = options,
  run = function(opt, words)
    if #words == 1 and is_code(words[1]) then return explain_code(words[1]) end
    local recipe = recipe_command.load(opt, words)
    local only = opt.only
    if opt.variant then
      local v = require("lunation.recipe.variants").find(recipe, opt.variant)
      recipe, only = v.recipe, only or v.only
    end
    io.stdout:write(require("lunation.recipe.explain").script(
      require("lunation.recipe.plan").of(recipe, only)))
  end,
}
