-- SPDX-License-Identifier: GPL-3.0-or-later
-- parse: the text of an R expression as a tree, as far as the calls of reference cases need the
-- language.
-- Nodes: { kind = "constant", value = }, { kind = "name", name = }, { kind = "call", fn = node,
-- args = { { name =,
-- node = } } } (operators, if, for, { and <- are calls too, of a name), { kind = "function",
-- params =, body = }.
local M = {}

-- --- words
-- ----------------------------------------------------------------------------------------

local OPERATORS = { "<<-", ":::", "%%", "<-", "->", "<=", ">=", "==", "!=", "&&", "||", "::", "[[" }
local ESCAPES = { n = "\n", t = "\t", ["\\"] = "\\", ['"'] = '"', ["'"] = "'" }

local function quoted(text, i, quote)
  local out, k = {}, i + 1
  while text:sub(k, k) ~= quote do
    local c = text:sub(k, k)
    if c == "" then error("an R string does not end", 0) end
    if c == "\\" then
      k = k + 1
      c = ESCAPES[text:sub(k, k)] or error("R string: unknown escape", 0)
    end
    out[#out + 1], k = c, k + 1
  end
  return table.concat(out), k + 1
end

local function operator(text, i)
  local infix = text:match("^%%[%a%*/]*%%", i)
  if infix then return infix end
  for _, op in ipairs(OPERATORS) do
    if text:sub(i, i + #op - 1) == op then return op end
  end
  return text:sub(i, i)
end

-- The words of the text: { type = "number", "string", "name", "op", "line" or "end", value }.
local function words(text)
  local out, i = {}, 1
  local function add(type, value, next)
    out[#out + 1], i = { type = type, value = value }, next
  end
  while i <= #text do
    local c = text:sub(i, i)
    if c == "\n" then add("line", c, i + 1)
    elseif c:find("%s") then i = i + 1
    elseif c == "#" then i = text:find("\n", i, true) or #text + 1
    elseif c == '"' or c == "'" then add("string", quoted(text, i, c))
    elseif c == "`" then add("name", quoted(text, i, c))
    elseif text:find("^%.?%d", i) then
      local n = text:match("^%d*%.?%d*[eE][%+%-]?%d+", i) or text:match("^%d*%.?%d*", i)
      add("number", tonumber(n), i + #n + (text:sub(i + #n, i + #n) == "L" and 1 or 0))
    elseif text:find("^[%a%.]", i) then
      local n = text:match("^[%w%._]+", i)
      add("name", n, i + #n)
    else
      local op = operator(text, i)
      add("op", op, i + #op)
    end
  end
  out[#out + 1] = { type = "end", value = "the end" }
  return out
end

-- --- expressions
-- ----------------------------------------------------------------------------------

local LEFT = { ["<-"] = { 2, 1 }, ["~"] = { 4, 5 }, ["||"] = { 6, 7 }, ["|"] = { 6, 7 },
  ["&&"] = { 8, 9 }, ["&"] = { 8, 9 },
  ["=="] = { 12, 13 }, ["!="] = { 12, 13 }, ["<"] = { 12, 13 }, [">"] = { 12, 13 },
    ["<="] = { 12, 13 }, [">="] = { 12, 13 },
  ["+"] = { 14, 15 }, ["-"] = { 14, 15 }, ["*"] = { 16, 17 }, ["/"] = { 16, 17 },
    [":"] = { 20, 21 }, ["^"] = { 25, 24 } }
local PREFIX = { ["~"] = 5, ["!"] = 10, ["-"] = 22, ["+"] = 22 }
local INFIX = { 18, 19 }
local CONSTANTS = { TRUE = true, FALSE = false, Inf = math.huge, NaN = 0 / 0, pi = math.pi }
local MISSING = { NA = true, NA_real_ = true, NA_integer_ = true, NA_character_ = true }

local Parser = {}
Parser.__index = Parser

local function name(n) return { kind = "name", name = n } end
local function call(fn, ...)
  local args = {}
  for i, node in ipairs { ... } do args[i] = { node = node } end
  return { kind = "call", fn = type(fn) == "string" and name(fn) or fn, args = args }
end

function Parser:peek()
  while self.inside > 0 and self.words[self.at].type == "line" do self.at = self.at + 1 end
  return self.words[self.at]
end

function Parser:take()
  local w = self:peek()
  self.at = self.at + 1
  return w
end

function Parser:lines()
  while self.words[self.at].type == "line" do self.at = self.at + 1 end
end

function Parser:is(op)
  local w = self:peek()
  return w.type == "op" and w.value == op
end

function Parser:want(op)
  if not self:is(op) then error(("R: expected %s, found %s"):format(op,
    tostring(self:peek().value)), 0) end
  return self:take()
end

-- f with line ends ignored (within brackets) or not (within braces).
function Parser:within(inside, f)
  local before = self.inside
  self.inside = inside
  local out = f()
  self.inside = before
  return out
end

-- Arguments up to the closing bracket; an empty one has no node.
function Parser:arguments(close)
  local out = {}
  while not self:is(close) do
    local arg, w, after = {}, self:peek(), self.words[self.at + 1]
    if (w.type == "name" or w.type == "string") and after.type == "op" and after.value == "=" then
      arg.name = w.value
      self.at = self.at + 2
    end
    if not self:is(",") and not self:is(close) then arg.node = self:expression(0) end
    out[#out + 1] = arg
    if self:is(",") then
      self:take()
      if self:is(close) then out[#out + 1] = {} end
    end
  end
  return out
end

function Parser:bracketed(close)
  self:take()
  return self:within(1, function()
    local out = self:arguments(close)
    self:want(close)
    return out
  end)
end

local WORDS = {}

WORDS["function"] = function(self)
  local params = {}
  for i, a in ipairs(self:bracketed ")") do
    params[i] = a.name and a or { name = a.node.name }
  end
  self:lines()
  return { kind = "function", params = params, body = self:expression(0) }
end

WORDS["if"] = function(self)
  local condition = self:bracketed(")")[1].node
  self:lines()
  local yes, before = self:expression(0), self.at
  self:lines()
  local w = self:peek()
  if w.type == "name" and w.value == "else" then
    self:take()
    self:lines()
    return call("if", condition, yes, self:expression(0))
  end
  self.at = before
  return call("if", condition, yes)
end

WORDS["for"] = function(self)
  self:want "("
  return self:within(1, function()
    local variable = name(self:take().value)
    self:take() -- in
    local over = self:expression(0)
    self:want ")"
    return self:within(0, function()
      self:lines()
      return call("for", variable, over, self:expression(0))
    end)
  end)
end

function Parser:block()
  self:take()
  return self:within(0, function()
    local out = { kind = "call", fn = name "{", args = {} }
    while true do
      while self:peek().type == "line" or self:is ";" do self.at = self.at + 1 end
      if self:is "}" then break end
      out.args[#out.args + 1] = { node = self:expression(0) }
    end
    self:take()
    return out
  end)
end

function Parser:primary()
  local w = self:peek()
  if w.type == "op" and w.value == "{" then return self:block() end
  if w.type == "op" and w.value == "(" then return call("(", self:bracketed(")")[1].node) end
  self:take()
  if w.type == "number" or w.type == "string" then return { kind = "constant", value = w.value } end
  if w.type == "op" and PREFIX[w.value] then return call(w.value,
    self:expression(PREFIX[w.value])) end
  if w.type ~= "name" then error("R: found " .. tostring(w.value), 0) end
  if WORDS[w.value] then return WORDS[w.value](self) end
  if CONSTANTS[w.value] ~= nil then return { kind = "constant", value = CONSTANTS[w.value] } end
  if MISSING[w.value] then return { kind = "constant" } end
  return name(w.value)
end

-- What may follow a primary at once: a call, an index, a field, a package's name.
function Parser:postfix()
  local node = self:primary()
  while true do
    local w = self:peek()
    local op = w.type == "op" and w.value
    if op == "(" then node = { kind = "call", fn = node, args = self:bracketed ")" }
    elseif op == "[" or op == "[[" then
      local args = self:bracketed "]"
      if op == "[[" then self:want "]" end
      table.insert(args, 1, { node = node })
      node = { kind = "call", fn = name(op), args = args }
    elseif op == "$" then
      self:take()
      node = call("$", node, { kind = "constant", value = self:take().value })
    elseif op == "::" or op == ":::" then
      self:take()
      node = name(self:take().value)
    else return node end
  end
end

function Parser:expression(least)
  local left = self:postfix()
  while true do
    local w = self:peek()
    local op = w.type == "op" and w.value
    local power = op and (op:sub(1, 1) == "%" and INFIX or LEFT[op])
    if not power or power[1] < least then return left end
    self:take()
    self:lines()
    left = call(op, left, self:expression(power[2]))
  end
end

--- The tree of an expression.
function M.parse(text)
  local self = setmetatable({ words = words(text), at = 1, inside = 0 }, Parser)
  self:lines()
  local out = self:expression(0)
  self:lines()
  if self:peek().type ~= "end" then error("R: found " .. tostring(self:peek().value), 0) end
  return out
end

return M
