-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.registry
---named definitions of one kind (endpoints, classes, kinds of analysis, sections of the
---report): those that are built in, a file each, read when it is asked for, and those that a script
---or a plug-in adds.
---@class lunation.base.registry
local M = {}

---A registry. spec:
---  what      the function that registers, for messages: "endpoint.define"
---  noun      one of its things, with its article: "an endpoint"
---  name      the key that names a definition: "name"
---  keys      what a definition may have: { title = { "string", true }, ... }: its type, and whether it must be there
---  folder    built-in definitions are the modules folder.NAME
---  built_in  their names
---  unknown   code of the error when a name is not known
---  check     function(definition, bad): what else must hold; bad(message, hint) raises
---@param spec any?
---@return any
function M.new(spec) end

---@class lun.Registry
local Registry = {}

---Registers a definition and returns it. Errors (plugin.define): unknown, missing or mistyped
---keys, a name that is taken.
---@param definition any?
---@return any
function Registry:define(definition) end

---The definition of that name, or nil.
---@param name any
---@return any
function Registry:find(name) end

---The definition of that name; an unknown name is an error with a suggestion.
---@param name any
---@return any
function Registry:get(name) end

---All names, sorted.
---@return string[]
function Registry:names() end

return M
