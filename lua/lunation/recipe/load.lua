-- SPDX-License-Identifier: GPL-3.0-or-later
-- load: a recipe file becomes a checked recipe. Nothing is computed and no patient is read.
local core = require "lunation.core"
local errors = require "lunation.errors"
local extend = require "lunation.recipe.extend"
local format = require "lunation.recipe.format"
local path = require "lunation.base.path"
local schema = require "lunation.recipe.schema"
local suggest = require "lunation.base.suggest"

local M = {}

--- A path that the node holds, joined to the folder of the file that wrote it (the recipe's own for
--- --set).
function M.beside(recipe, node)
  return path.beside(core.file.kind(node.file) and node.file or recipe.file, node.text)
end

local function add(self, path, code, message, hint)
  local node = self.places[path] or self.places[""]
  self.errors[#self.errors + 1] = errors.new(code, message,
    schema.place(node, path, { hint = hint }))
end

-- A column declared in short, by its type or its levels, is written out before a setting adds to
-- it: another hospital's names are given by --set data.patients.columns.age.from=AGE.
local function written_out(root, path)
  local column, node = path:match "^(data%.[^.]+%.columns%.[^.]+)%.", root
  if not column then return root end
  for key in column:gmatch "[^.]+" do node = node and node:get(key) end
  if not node or node.kind == "map" then return root end
  local key = node.kind == "list" and "levels" or "type"
  return root:with(column, core.yaml.parse "{}"):with(column .. "." .. key, node)
end

-- --set analyses.os.times=[12,24]: the value is read as YAML and checked like the file's own.
local function apply_settings(root, settings)
  for _, s in ipairs(settings or {}) do
    local path, text = s:match("^([^=]+)=(.*)$")
    if not path then
      errors.raise("usage.set", ('--set %s: expected PATH=VALUE'):format(s),
        { hint = "--set analyses.os.times=[12,24]" })
    end
    root = written_out(root, path):with(path, core.yaml.parse(text, "--set " .. path))
  end
  return root
end

-- Plug-ins run before the recipe is checked, since they add the names that it uses.
local function load_plugins(self, node)
  local use = node:get("use")
  if not use then return end
  local list = use.kind == "list" and use or { use }
  for i = 1, #list do
    local file = M.beside(self, list[i])
    self.plugins[#self.plugins + 1] = require("lunation.plugin").load(file,
      { trust = self.trust, place = list[i] })
  end
end

local function check_endpoint(self, name, e)
  local path = "endpoints." .. name
  if e.time and not e.use then
    if not e.event or (e.is == nil) == (e.causes == nil) then
      add(self, path, "recipe.missing-key", ("%s: time needs event, and is or causes"):format(path),
        "event: death_column, is: 1 - the value that is the event is never guessed; competing "
          .. "events: causes: { relapse: 1, death: 2 }")
    end
    return
  end
  if e.rules and not e.use then return end
  local endpoint = require "lunation.endpoint"
  local wanted = e.use or name
  for _, known in ipairs(endpoint.names()) do if known == wanted then return end end
  add(self, e.use and path .. ".use" or path, "recipe.endpoint",
    ('there is no endpoint "%s"'):format(wanted),
    suggest.hint(wanted, endpoint.names()))
end

-- What an analysis may name, by the role of the field.
local NAMED = { endpoint = { "endpoints", "recipe.endpoint" },
  response = { "response", "recipe.response" } }

-- Endpoints and responses that an analysis names must be defined in the recipe.
local function check_analysis(self, id, a)
  local kind = a[schema.ORDER][1]
  for key, field in pairs(require("lunation.analyses").find(kind).fields) do
    local named = NAMED[field.role]
    local defined = named and self.value[named[1]] or {}
    for _, name in ipairs(named and (type(a[key]) == "table" and a[key] or { a[key] }) or {}) do
      if not defined[name] then
        add(self, ("analyses.%s.%s"):format(id, key), named[2],
          ('the recipe defines no %s "%s"'):format(field.role, name),
          suggest.hint(name, suggest.keys(defined)))
      end
    end
  end
end

local function check_published(self)
  local analyses = self.value.analyses or {}
  for _, id in ipairs(schema.keys(self.value.published or {})) do
    if not analyses[id] then
      add(self, "published." .. id, "recipe.published",
        ('published: there is no analysis "%s"'):format(id), suggest.hint(id, schema.keys(analyses)))
    end
  end
end

-- Rows come from a file, of the recipe or of --data, or from another table.
local function check_data(self, name, d)
  if not d.file and not d.from and not self.data[name] then
    add(self, "data." .. name, "recipe.missing-key", ("data.%s: which file?"):format(name),
      ("file: %s.csv, or lunation run --data %s=FILE"):format(name, name))
  end
end

-- What the report names are analyses, each in one section at most.
local function check_report(self)
  local report, within = self.value.report or {}, {}
  local function check(path, ids, section)
    for i, id in ipairs(ids or {}) do
      local here = ("report.%s[%d]"):format(path, i)
      if not self.value.analyses[id] then
        add(self, here, "recipe.report", ('%s: there is no analysis "%s"'):format(path, id),
          suggest.hint(id, suggest.keys(self.value.analyses)))
      elseif section and within[id] then
        add(self, here, "recipe.report", ('%s: "%s" is in the section "%s" already'):format(path, id,
          within[id]), "an analysis stands in one section")
      end
      if section then within[id] = section end
    end
  end
  check("key_results", report.key_results)
  for _, name in ipairs(schema.keys(report.sections or {})) do
    check("sections." .. name, report.sections[name], name)
  end
end

local function check_meaning(self)
  local v = self.value
  for _, name in ipairs(schema.keys(v.data or {})) do
    if v.data[name] then check_data(self, name, v.data[name]) end
  end
  v.endpoints = v.endpoints or {}
  for _, name in ipairs(schema.keys(v.endpoints)) do
    if v.endpoints[name] then check_endpoint(self, name, v.endpoints[name]) end
  end
  for _, id in ipairs(schema.keys(v.analyses or {})) do
    if v.analyses[id] then check_analysis(self, id, v.analyses[id]) end
  end
  check_published(self)
  check_report(self)
end

-- The variants, each a checked recipe of its own that shares the plug-ins: { { name, title, note,
-- only, recipe } }.
local function load_variants(self, root)
  local out = {}
  for _, name in ipairs(schema.keys(self.value.variants or {})) do
    local v = self.value.variants[name]
    local recipe = { file = self.file, bases = self.bases, plugins = self.plugins,
      digest = self.digest, data = self.data }
    local laid = extend.lay(root, root:get("variants"):get(name), format.overrides_of(v))
    recipe.value, recipe.errors, recipe.places = schema.check(laid, format.recipe, self.check)
    if recipe.value then check_meaning(recipe) end
    for _, data in ipairs(suggest.keys(v.data or {})) do
      if type(v.data[data]) == "table" and v.data[data].file then
        add(self, ("variants.%s.data.%s.file"):format(name, data), "recipe.variant",
          ("variant %s: a variant reads the recipe's files"):format(name),
          "other data are another run: lunation run --data, and lunation diff to compare")
      end
    end
    for i, id in ipairs(v.only or {}) do
      if recipe.value and not (recipe.value.analyses or {})[id] then
        add(self, ("variants.%s.only[%d]"):format(name, i), "recipe.variant",
          ('variant %s: there is no analysis "%s"'):format(name, id),
          suggest.hint(id, suggest.keys(recipe.value.analyses)))
      end
    end
    table.move(recipe.errors, 1, #recipe.errors, #self.errors + 1, self.errors)
    out[#out + 1] = { name = name, title = v.title or name, note = v.note, only = v.only,
      recipe = recipe }
  end
  return out
end

--- Reads and checks a recipe. opt: data = { name = file } replacing the recipe's, set = {
--- "path=value" }, seed, trust = true (plug-ins run in this process). Returns the recipe: { file,
--- bases (what it extends), value, places, errors, plugins, digest, variants }. When errors is not
--- empty the recipe must not be run.
function M.recipe(file, opt)
  opt = opt or {}
  local root, bases = extend.read(file)
  root = apply_settings(root, opt.set)
  local self = { file = file, bases = bases, plugins = {}, digest = core.digest.file(file),
    data = opt.data or {},
    trust = opt.trust }
  load_plugins(self, root)
  self.value, self.errors, self.places, self.check = schema.check(root, format.recipe)
  if self.value then check_meaning(self) end
  for name in pairs(self.data) do
    if self.value and self.value.data and not self.value.data[name] then
      errors.raise("usage.data", ('--data %s=...: the recipe has no data "%s"'):format(name, name),
        { hint = suggest.hint(name, suggest.keys(self.value.data)) })
    end
  end
  self.variants = #self.errors == 0 and load_variants(self, root) or {}
  if opt.seed and self.value then
    self.value.seed = opt.seed
    for _, v in ipairs(self.variants) do v.recipe.value.seed = opt.seed end
  end
  return self
end

--- The same, raising what is wrong: the first error, with all of them in its `list`.
function M.checked(file, opt)
  local recipe = M.recipe(file, opt)
  local first = recipe.errors[1]
  if #recipe.errors > 1 then
    first = errors.new(first.code, first.message, { list = recipe.errors })
  end
  if first then error(first, 0) end
  return recipe
end

return M
