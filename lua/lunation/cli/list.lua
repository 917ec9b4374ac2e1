-- SPDX-License-Identifier: GPL-3.0-or-later
local core = require "lunation.core"

-- Title of a recipe file without checking all of it.
local function title_of(file)
  local ok, root = pcall(core.yaml.read, file)
  if not ok then return "(does not parse)" end
  local title = root:get("title")
  return title and title.text or ""
end

return {
  summary = "recipes, endpoints, classes and analyses known here",
  usage = "list [FOLDER]",
  options = {},
  run = function(_, words)
    local dir = words[1] or "recipes"
    if core.file.kind(dir) == "directory" then
      print("recipes in " .. dir)
      for _, name in ipairs(core.file.list(dir)) do
        if name:match("%.ya?ml$") then
          print(("  %-46s %s"):format(name, title_of(dir .. "/" .. name)))
        end
      end
    end
    print "endpoints"
    local endpoint = require "lunation.endpoint"
    for _, name in ipairs(endpoint.names()) do
      print(("  %-14s %s"):format(name, endpoint.get(name).title))
    end
    print "classes"
    local classify = require "lunation.classify"
    for _, name in ipairs(classify.names()) do
      print(("  %-22s %s"):format(name, classify.get(name).title))
    end
    print "analyses"
    local analyses = require "lunation.analyses"
    for _, name in ipairs(analyses.names()) do
      print(("  %-14s %s"):format(name, analyses.find(name).doc))
    end
  end,
}
