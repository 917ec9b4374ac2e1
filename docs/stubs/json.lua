-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.json
---JSON out and in. Objects keep the order of their keys; numbers are the shortest decimals
---that read back the same; NaN and infinities, which JSON does not have, are null.
---@class lunation.base.json
local M = {}

---An object from a list of { key, value }, in that order; a nil value is null.
---@param entries any?
---@return any
function M.object(entries) end

---Marks a list as an array, also when it is empty. A field n gives its length.
---@param list any?
---@return any
function M.array(list) end

---Keys of an object in their order: as built or read, else sorted.
---@param object any?
---@return any
function M.keys(object) end

---Value as JSON. A table with elements is an array, any other an object with sorted keys;
---json.array and json.object say so, and keep an order. pretty: one entry on each line. Errors:
---usage.json.
---@param value any?
---@param pretty any?
---@return any
function M.encode(value, pretty) end

---Value of a JSON text; null is json.null, objects keep their order (json.keys). name stands for
---the file in messages. Errors: data.json with line and column.
---@param text any?
---@param name any?
---@return any
function M.decode(text, name) end

return M
