-- SPDX-License-Identifier: GPL-3.0-or-later
local core = require "lunation.core"
local errors = require "lunation.errors"

return {
  summary = "runs the tests of a plug-in: the files test_*.lua of a folder",
  usage = "test DIR",
  options = {
    { name = "trust", doc = "run the tests in the program, not in a sandboxed worker" },
    { name = "help", doc = "this help" },
  },
  run = function(opt, words)
    if #words ~= 1 then
      errors.raise("usage.argument", "which folder?", { hint = "lunation test DIR" })
    end
    local testing, n = require "lunation.testing", 0
    local names = core.file.list(words[1])
    table.sort(names)
    for _, name in ipairs(names) do
      if name:match("^test_.*%.lua$") then
        n = n + 1
        print("# " .. name)
        testing.run(words[1], name, opt.trust)
      end
    end
    if n == 0 then
      errors.raise("usage.argument", ("%s has no file test_*.lua"):format(words[1]),
        { hint = "see docs/adding.md" })
    end
    print(("%d passed, %d failed"):format(testing.passed, testing.failed))
    return testing.failed == 0 and testing.passed > 0 and 0 or 1
  end,
}
