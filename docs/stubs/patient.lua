-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.patient
---what an endpoint's or a class's derive function sees. One view for the whole run, moved
---from patient to patient; it is read only, shows nothing but the columns that were declared, and
---dates are day numbers, so that a difference of two dates is a number of days. Built-in functions
---look at the view itself (lunation.sandbox.view); a plug-in's sandbox gets slices of the same
---data.
---@class lunation.data.patient
local M = {}

---The data of a view. columns: names, or { role = name } to show a column under another name.
---linked: { table = { columns } }.
---@param cohort any?
---@param columns any?
---@param linked any?
---@return any
function M.data(cohort, columns, linked) end

---A view over the cohort's patients: view:at(i) moves it to patient i and returns it.
---@param data any?
---@return any
function M.over(data) end

---A view over the cohort's patients: view:at(i) moves it to patient i and returns it. columns:
---names, or { role = name }; linked: { table = { columns } }.
---@param cohort any?
---@param columns any?
---@param linked any?
---@return any
function M.view(cohort, columns, linked) end

---The data of patients from..to alone, renumbered from 1, as plain tables.
---@param data any?
---@param from any?
---@param to any?
---@return any
function M.slice(data, from, to) end

---Name of patient i for a message: the id where there is one, else the row.
---@param cohort any?
---@param i any?
---@return any
function M.name(cohort, i) end

return M
