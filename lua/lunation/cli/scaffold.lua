-- SPDX-License-Identifier: GPL-3.0-or-later
-- scaffold: lunation init.
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"
local templates = require "lunation.templates"

local function known(name)
  for _, n in ipairs(templates.names) do if n == name then return end end
  errors.raise("usage.template", ('there is no template "%s"'):format(name),
    { hint = suggest.hint(name, templates.names) })
end

local function refuse_overwriting(dir, files)
  local kind = core.file.kind(dir)
  if kind and kind ~= "directory" then
    errors.raise("io.exists", dir .. " exists and is not a folder")
  end
  for _, f in ipairs(files) do
    if core.file.kind(dir .. "/" .. f[1]) then
      errors.raise("io.exists", dir .. "/" .. f[1] .. " exists; nothing is overwritten",
        { hint = "choose another folder" })
    end
  end
end

local function templates_text()
  local out = {}
  for i, n in ipairs(templates.names) do out[i] = n .. " (" .. templates.get(n).title .. ")" end
  return table.concat(out, ", ")
end

return {
  summary = "a study that runs at once, with simulated data",
  usage = "init DIR [--template NAME]",
  options = {
    { name = "template", arg = "NAME", doc = templates_text() },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 1 then
      errors.raise("usage.argument", "init takes the folder to make",
        { hint = "lunation init my-study" })
    end
    local dir, name = (words[1]:gsub("(.)/+$", "%1")), opt.template or templates.names[1]
    known(name)
    local template = templates.get(name)
    local files = template.files()
    refuse_overwriting(dir, files)
    if not core.file.kind(dir) then core.file.mkdir(dir) end
    for _, f in ipairs(files) do
      core.file.write(dir .. "/" .. f[1], f[2])
      print("wrote " .. dir .. "/" .. f[1])
    end
    if template.before then print("next: " .. template.before(dir)) end
    print(("%s: lunation run %s/study.yaml --out %s/report"):format(template.before and "then"
      or "next", dir, dir))
  end,
}
