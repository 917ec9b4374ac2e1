-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.deterministic
---what a script sees in place of the parts of Lua that differ from run to run: pairs
---walks sorted keys, math.random is a seeded stream, and no address is printed.
---@class lunation.base.deterministic
local M = {}

---As Lua's own, in the order of the keys: numbers, then texts bytewise, then false and true. A key
---removed on the way is passed over.
---@param t any
---@return any
function M.pairs(t) end

---As Lua's own; a value without a text of its own is its kind ("table"), not an address.
---@param v any?
---@return any
function M.tostring(v) end

---As Lua's own, with this tostring.
---@param ... any
---@return any
function M.print(...) end

---The globals of a script: Lua's own but for the above. seed: of math.random (default 1). Texts
---made by string.format hold no addresses from here on.
---@param seed any?
---@return any
function M.environment(seed) end

return M
