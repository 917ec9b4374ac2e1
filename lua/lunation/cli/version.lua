-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  summary = "the version",
  usage = "version",
  run = function()
    print("lunation " .. require("lunation")._VERSION)
  end,
}
