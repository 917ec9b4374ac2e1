-- SPDX-License-Identifier: GPL-3.0-or-later
-- need: arguments without which a call has no meaning.
local errors = require "lunation.errors"

local function article(kind) return (kind:match "^[aeiou]" and "an " or "a ") .. kind end

--- Raises usage.argument unless value, the argument `name` of the call `what`, is of one of the
--- types. example: a call as it should be.
return function(what, name, value, types, example)
  for _, kind in ipairs(types) do if type(value) == kind then return end end
  local found = value == nil and "is missing" or ("is %s, not %s"):format(article(type(value)),
    article((table.concat(types, " or "):gsub("userdata", "object"))))
  errors.raise("usage.argument", ("%s: the argument %s %s"):format(what, name, found),
    { hint = "write " .. example })
end
