-- SPDX-License-Identifier: GPL-3.0-or-later
-- allow: what a plug-in's Lua sees, as data. Whatever is not named here does not exist for it. The
-- same list holds in the worker process and in process (--trust). Names under `own` are versions of
-- lunation.sandbox.library and its parts, not Lua's.
return {
  source_bytes = 256 * 1024,  -- of one plug-in
  text_bytes = 1024 * 1024,   -- of a text that string.rep, gsub or concat makes
  pattern_bytes = 1000,       -- of a pattern
  pattern_steps = 1000 * 1000, -- of one match of a pattern
  moves = 1000 * 1000,        -- of one table.move
  reason_bytes = 200,         -- of a reason
  reasons = 64,               -- different reasons to leave patients out
  globals = {
    as_lua = { "assert", "error", "ipairs", "select", "tonumber", "type" },
    own = { "next", "pairs", "pcall", "require", "setmetatable", "tostring" },
  },
  libraries = {
    math = { as_lua = { "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor",
      "fmod", "huge", "log", "max",
      "maxinteger", "min", "mininteger", "modf", "pi", "rad", "sin", "sqrt", "tan", "tointeger",
      "type", "ult" }, own = {} },
    string = { as_lua = { "byte", "char", "len", "lower", "reverse", "sub", "upper" },
      own = { "find", "format", "gmatch", "gsub", "match", "rep", "split" } },
    table = { as_lua = { "pack" }, own = { "concat", "insert", "move", "remove", "sort",
      "unpack" } },
    utf8 = { as_lua = { "char", "codepoint", "len", "offset" }, own = {} },
  },
  modules = { "lunation.analyses", "lunation.classify", "lunation.endpoint", "lunation.report" },
  -- Methods of cohorts, endpoints and results that a plug-in's analysis may ask for,
  estimators = { "bootstrap", "brier", "calibration", "cause_specific", "classify", "concordance",
    "cox", "crosstab", "cuminc", "endpoint", "exclude", "finegray", "flow", "followup", "gray",
    "km", "landmark", "linear", "logistic", "logrank", "maxcombo", "multinomial", "pairwise",
    "proportions", "recist", "rmst", "roc", "split", "standardised", "summary", "survival",
    "swimmer", "table1", "waterfall", "where", "zph" },
  -- and those that its tests may use beside them.
  readers = { "aggregate", "at", "best", "column", "curve", "derive", "has", "label",
    "left_out", "linked_table", "max", "mean", "median", "min", "names", "quantile", "rows", "sum",
    "table", "totable", "with_class" },
  metamethods = { "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__idiv",
    "__concat", "__len", "__eq",
    "__lt", "__le", "__index", "__newindex", "__call", "__tostring" },
  -- Refused by name, so that the message says so; all else that is absent is nil.
  refused = { "collectgarbage", "coroutine", "debug", "dofile", "getmetatable", "io", "load",
    "loadfile", "loadstring",
    "os", "package", "print", "rawequal", "rawget", "rawlen", "rawset", "warn", "xpcall" },
  refused_in = { math = { "random", "randomseed" }, string = { "dump", "pack",
    "packsize", "unpack" } },
}
