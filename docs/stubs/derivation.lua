-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.derivation
---what endpoints and classes share: options and roles are told apart and checked, the
---data that a definition declares are gathered, derive runs for every patient, and who was left out
---is counted.
---@class lunation.data.derivation
local M = {}

---A copy of KEYS with more keys.
---@param more any?
---@return any
function M.keys(more) end

---Checks columns, options and needs of a definition, for a registry.
---@param definition any?
---@param bad any?
---@return any
function M.check(definition, bad) end

---A derivation of a definition for the cohort. about: kind ("endpoint", "class"), definition,
---cohort, given (the user's options), engine (options of the kind itself, for options.check),
---own_names. Options `response` (responses that fill roles: their refused patients are left out)
---and `table` (name of the linked table) are known to all.
---@param about any?
---@return any
function M.new(about) end

---Leaves patient i out. excluded is a list of { reason, n, rows, code }, and has them by reason
---too; code is that of a refusal.
---@param excluded any?
---@param reason any?
---@param i any?
---@param code any?
---@return lun.derivation
function M.exclude(excluded, reason, i, code) end

---Ids of the patients left out: a list of { id, reason, code } in the order of the cohort.
---@param excluded any?
---@param cohort any?
---@return any
function M.left_out(excluded, cohort) end

---@class lun.Derivation
local Derivation = {}

---Patient i for a message. A plug-in's messages name the row, not the id: they may leave the
---hospital.
---@param i any?
---@return any
function Derivation:who(i) end

---derive returned what it must not.
---@param i any?
---@param message any?
---@return any
function Derivation:fail(i, message) end

---Runs derive: take(i, result, reason) for every patient for whom it gives a result; the others
---are excluded. unsaid: the reason when derive gives none.
---@param unsaid any?
---@param take any?
---@return any
function Derivation:run(unsaid, take) end

return M
