-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.courses
---what waterfall, spider and swimmer show of responses.
---@class lunation.onco.courses
local M = {}

---Depth of response of every patient who has one, deepest last: { { id, percent, best }, ... }.
---@param self any?
---@return lun.waterfall
function M.waterfall(self) end

---Change of the sum over time: { { id, day = { 0, ... }, percent = { 0, ... } }, ... }.
---@param self any?
---@return any
function M.spider(self) end

---The course of every patient, in days since the start: { { id, ends, event, response,
---progression, visits = { { day, response }, ... } }, ... }.
---@param self any?
---@return lun.swimmer
function M.swimmer(self) end

return M
