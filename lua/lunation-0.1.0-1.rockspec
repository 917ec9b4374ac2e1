-- SPDX-License-Identifier: GPL-3.0-or-later
-- For `luarocks make lua/lunation-0.1.0-1.rockspec` in this folder's parent, and `luarocks lint`. It stands
-- beside the modules that it installs, since the top level of the tree is fixed.
rockspec_format = "3.0"
package = "lunation"
version = "0.1.0-1"
source = { url = "." } -- made in place; no archive is published
description = {
  summary = "Survival and response analysis of clinical cohorts",
  detailed = "Kaplan-Meier, Cox, competing risks, RECIST and endpoints of one's own, as recipes and Lua scripts.",
  license = "GPL-3.0-or-later",
}
dependencies = { "lua >= 5.4, < 5.5" }
external_dependencies = { GSL = { header = "gsl/gsl_cdf.h" }, YAML = { header = "yaml.h" }, MD = { header = "sha2.h" } }
build = {
  type = "make",
  build_target = "module",
  install_target = "install-module",
  install_variables = { LUADIR = "$(LUADIR)", LIBDIR = "$(LIBDIR)" },
}
