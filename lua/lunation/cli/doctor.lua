-- SPDX-License-Identifier: GPL-3.0-or-later
local tools = require "lunation.base.tools"

local function line(name, ok, text)
  print(("%-14s %-8s %s"):format(name, ok and "ok" or "missing", text))
end

return {
  summary = "what is installed, and what is lost without it",
  usage = "doctor",
  options = { { name = "help", doc = "this help" } },
  run = function()
    line("lunation", true, require("lunation")._VERSION .. ", " .. _VERSION)
    for _, tool in ipairs(tools.known) do
      local path = tools.find(tool.name)
      line(tool.name, path, path or ("without it: no %s (package %s)"):format(tool.lost,
        tool.package))
    end
  end,
}
