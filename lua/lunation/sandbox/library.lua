-- SPDX-License-Identifier: GPL-3.0-or-later
-- library: the environment of a plug-in, built from lunation.sandbox.allow. It runs inside the
-- plug-in's own Lua state. A function of no upvalues, so that it can be sent to the worker.
--
-- build(allow, modules, refuse) gives the environment: modules = { name = table of functions },
-- refuse(code, message, hint) raises.
return function(allow, modules, refuse)
  local own = { globals = {}, string = {}, table = {} }
  local inside = {} -- read-only proxy -> the table behind it
  local strings, floor = string, math.floor

  local function refuse_name(name)
    refuse("plugin.refused", name .. " is not available to a plug-in",
      "it sees no files, processes, clock or network")
  end

  local function set(names)
    local out = {}
    for _, n in ipairs(names) do out[n] = true end
    return out
  end

  local function readonly(name, functions, refused)
    local proxy = setmetatable({}, {
      __index = refused and function(_, k)
        local f = functions[k]
        if f == nil and refused[k] then refuse_name(name .. "." .. k) end
        return f
      end or functions,
      __newindex = function() refuse("plugin.readonly", name .. " is read only") end,
        __metatable = false })
    inside[proxy] = functions
    return proxy
  end

  -- --- tables in a fixed order -------------------------------------------------------------------

  local RANK = { number = 1, string = 2, boolean = 3 }

  local function before(a, b)
    local x, y = RANK[type(a)], RANK[type(b)]
    if x ~= y then return x < y end
    if x == 3 then return a and not b end
    return a < b
  end

  local function sorted_keys(t)
    local keys = {}
    for k in next, inside[t] or t do
      if not RANK[type(k)] then
        refuse("plugin.order", "a table with keys that are " .. type(k) .. "s has no order")
      end
      keys[#keys + 1] = k
    end
    table.sort(keys, before)
    return keys
  end

  local function own_pairs(t)
    local mt = type(t) == "table" and getmetatable(t)
    if mt == "locked" then return pairs(t) end -- a patient or a visit
    if type(t) ~= "table" then
      refuse("plugin.error", "pairs: expected a table, found a " .. type(t))
    end
    local keys, i, behind = sorted_keys(t), 0, inside[t] or t
    return function()
      i = i + 1
      while keys[i] ~= nil and behind[keys[i]] == nil do i = i + 1 end
      if keys[i] ~= nil then return keys[i], behind[keys[i]] end
    end, t, nil
  end

  own.globals.pairs = own_pairs

  local last = {}
  function own.globals.next(t, k)
    if type(t) ~= "table" then
      refuse("plugin.error", "next: expected a table, found a " .. type(t))
    end
    if last.of ~= t or k == nil then
      last = { of = t, keys = sorted_keys(t), at = {} }
      for i, key in ipairs(last.keys) do last.at[key] = i end
    end
    local i, behind = k == nil and 1 or (last.at[k] or #last.keys) + 1, inside[t] or t
    while last.keys[i] ~= nil and behind[last.keys[i]] == nil do i = i + 1 end
    if last.keys[i] ~= nil then return last.keys[i], behind[last.keys[i]] end
  end

  -- --- errors that cannot be caught --------------------------------------------------------------

  local function passed(ok, e, ...)
    if not ok and e == "not enough memory" then error(e, 0) end
    return ok, e, ...
  end

  -- The time limit needs nothing here: its hook raises again at the next instruction.
  function own.globals.pcall(f, ...) return passed(pcall(f, ...)) end

  -- --- metatables --------------------------------------------------------------------------------

  local metamethod, private = set(allow.metamethods), setmetatable({}, { __mode = "k" })

  -- A private copy: what is put into the plug-in's own metatable later has no effect.
  local function copy_of(mt)
    local copy = { __metatable = false }
    for k, v in next, mt do
      if metamethod[k] then copy[k] = v
      elseif type(k) == "string" and k:sub(1, 2) == "__" then
        refuse("plugin.metatable", '"' .. k:sub(1, 20)
          .. '" is not available in the metatables of a plug-in')
      end
    end
    private[mt] = copy
    return copy
  end

  function own.globals.setmetatable(t, mt)
    if type(t) ~= "table" or type(mt) ~= "table" then
      refuse("plugin.error", "setmetatable: expected two tables")
    end
    if getmetatable(t) ~= nil then
      refuse("plugin.metatable", "this table has a metatable already")
    end
    return setmetatable(t, private[mt] or copy_of(mt))
  end

  -- --- texts without addresses -------------------------------------------------------------------

  local function own_tostring(v)
    local t = type(v)
    if t == "table" then
      local mt = debug.getmetatable(v)
      local f = mt and rawget(mt, "__tostring")
      local s = f and f(v)
      return type(s) == "string" and s or "table"
    end
    if t == "function" or t == "userdata" or t == "thread" then return t end
    return tostring(v)
  end
  own.globals.tostring = own_tostring

  local function text(what, s)
    if type(s) == "number" then return tostring(s) end
    if type(s) ~= "string" then
      refuse("plugin.error", what .. ": expected a text, found a " .. type(s))
    end
    return s
  end

  local function whole(what, n, default)
    if n == nil then n = default end
    if type(n) ~= "number" or n ~= floor(n) then
      refuse("plugin.error", what .. ": expected a whole number")
    end
    return n
  end

  function own.string.rep(s, n, sep)
    s, n, sep = text("string.rep", s), whole("string.rep", n), text("string.rep", sep or "")
    if n > allow.text_bytes or n > 0 and n * (#s + #sep) > allow.text_bytes then
      refuse("limit.text", ("string.rep: at most %d bytes"):format(allow.text_bytes))
    end
    return strings.rep(s, n, sep)
  end

  function own.string.format(f, ...)
    f = text("string.format", f)
    if #f > 4096 then refuse("limit.text", "string.format: a format of more than 4096 bytes") end
    local args, n = { ... }, 0
    local checked = strings.gsub(f, "%%([-+ #0]*%d*%.?%d*)(.?)", function(flags, kind)
      if kind == "%" then return nil end
      n = n + 1
      if kind == "p" then
        refuse("plugin.refused", "string.format: %p is not available to a plug-in")
      end
      if kind == "q" or kind == "s" then args[n] = own_tostring(args[n]) end
      return "%" .. flags .. kind
    end)
    local _ = checked
    return strings.format(f, table.unpack(args, 1, math.max(n, select("#", ...))))
  end

  -- Lua's matcher backtracks in C, where no limit of time is seen: texts are looked for as they
  -- are.
  local function literal(name, what)
    if strings.find(what, "[%^%$%*%+%?%.%(%)%[%]%%%-]") then
      refuse("limit.pattern", name .. ": patterns are not available to a plug-in",
        "string.find(s, text, 1, true) looks for a text as it is; string.split takes it apart")
    end
  end

  function own.string.find(s, what, init, plain)
    s, what = text("string.find", s), text("string.find", what)
    if not plain then literal("string.find", what) end
    return strings.find(s, what, whole("string.find", init, 1), true)
  end

  --- Every occurrence of a plain text replaced by another; also the number of them.
  function own.string.gsub(s, what, by)
    s, what, by = text("string.gsub", s), text("string.gsub", what), text("string.gsub", by)
    if what == "" then refuse("plugin.error", "string.gsub: nothing to look for") end
    local out, from, bytes = {}, 1, 0
    while true do
      local i, j = strings.find(s, what, from, true)
      if not i then break end
      out[#out + 1] = strings.sub(s, from, i - 1)
      bytes, from = bytes + i - from + #by, j + 1
      if bytes > allow.text_bytes then
        refuse("limit.text", ("string.gsub: at most %d bytes"):format(allow.text_bytes))
      end
    end
    out[#out + 1] = strings.sub(s, from)
    return table.concat(out, by), #out - 1
  end

  --- The parts of a text between the separators, as a list.
  function own.string.split(s, sep)
    s, sep = text("string.split", s), text("string.split", sep)
    if sep == "" then refuse("plugin.error", "string.split: an empty separator") end
    local out, from = {}, 1
    while true do
      local i, j = strings.find(s, sep, from, true)
      out[#out + 1] = strings.sub(s, from, i and i - 1)
      if not i then return out end
      from = j + 1
    end
  end

  -- --- lists -------------------------------------------------------------------------------------

  -- Lua's own work on a length that a metatable may lie about, in C, where no limit of steps is
  -- seen.
  local function plain_list(name)
    local f = table[name]
    own.table[name] = function(t, ...)
      if type(t) ~= "table" then
        refuse("plugin.error", "table." .. name .. ": expected a table, found a " .. type(t))
      end
      if getmetatable(t) ~= nil then
        refuse("plugin.metatable", "table." .. name .. ": this table has a metatable")
      end
      return f(t, ...)
    end
  end
  for _, name in ipairs { "concat", "insert", "remove", "sort", "unpack" } do plain_list(name) end

  function own.table.move(a, from, to, at, b)
    b = b or a
    for _, t in ipairs { a, b } do
      if type(t) ~= "table" or getmetatable(t) ~= nil then
        refuse("plugin.metatable", "table.move: expected plain tables")
      end
    end
    from, to, at = whole("table.move", from), whole("table.move", to), whole("table.move", at)
    if to - from >= allow.moves or to - from < 0 and to >= from then
      refuse("limit.moves", ("table.move: at most %d values"):format(allow.moves))
    end
    return table.move(a, from, to, at, b)
  end

  -- --- the environment ---------------------------------------------------------------------------

  local function gather(list, from, mine)
    local out = {}
    for _, name in ipairs(list.as_lua) do out[name] = from[name] end
    for _, name in ipairs(list.own) do out[name] = mine[name] end
    return out
  end

  local loaded = {}
  for _, name in ipairs(allow.modules) do
    if modules[name] then loaded[name] = readonly(name, modules[name]) end
  end

  function own.globals.require(name)
    local m = type(name) == "string" and loaded[name]
    if not m then
      refuse("plugin.require",
        ('require "%s" is not available to a plug-in'):format(own_tostring(name):sub(1, 40)),
        table.concat(allow.modules, ", ") .. " are")
    end
    return m
  end

  local env = gather(allow.globals, _G, own.globals)
  for name, list in pairs(allow.libraries) do
    env[name] = readonly(name, gather(list, _G[name], own[name] or {}),
      set((allow.refused_in or {})[name] or {}))
  end
  env._G = env
  debug.setmetatable("", { __index = env.string, __metatable = false })
  local refused = set(allow.refused)
  return setmetatable(env, { __metatable = false, __index = function(_, k)
    if refused[k] then refuse_name(k) end
  end })
end
