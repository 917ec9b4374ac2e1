-- SPDX-License-Identifier: GPL-3.0-or-later
-- The benchmark's data, from a fixed seed: proportional hazards with half the rows censored. A set
-- is a file of doubles, column after column: time, status, group (1 to 4), weight, x1 .. xp.
-- x1 .. x(p/2) are normal with a shared factor, the others indicators; times are whole days or not.
local core = require "lunation.core"

local M = {}
local CHUNK = 200
local FORMAT = ("<" .. ("d"):rep(CHUNK))

function M.write(path, columns)
  local f = assert(io.open(path, "wb"))
  for _, x in ipairs(columns) do
    for i = 1, #x, CHUNK do
      local j = math.min(#x, i + CHUNK - 1)
      f:write(string.pack(j - i + 1 == CHUNK and FORMAT or "<" .. ("d"):rep(j - i + 1),
        table.unpack(x, i, j)))
    end
  end
  assert(f:close())
end

function M.read(path, n)
  local f = assert(io.open(path, "rb"))
  local columns = {}
  for text in function() return f:read(8 * n) end do
    local x, at = {}, 1
    for i = 1, n, CHUNK do
      local count = math.min(CHUNK, n - i + 1)
      local v = { string.unpack(count == CHUNK and FORMAT or "<" .. ("d"):rep(count), text, at) }
      at = v[count + 1]
      table.move(v, 1, count, i, x)
    end
    columns[#columns + 1] = core.column.number(x)
  end
  f:close()
  return columns
end

function M.make(n, p, days, seed)
  local rng = core.rng.new(seed, "benchmark")
  local normal = (p + 1) // 2
  local columns = {}
  for j = 1, 4 + p do columns[j] = {} end
  for i = 1, n do
    local factor, eta = rng:normal(), 0
    for j = 1, p do
      local x
      if j <= normal then
        x = math.floor((0.8 ^ 0.5 * rng:normal() + 0.2 ^ 0.5 * factor) * 1e4 + 0.5) / 1e4
      else
        x = rng:uniform() < 0.1 + 0.5 * (j - normal) / (p - normal) and 1 or 0
      end
      columns[4 + j][i] = x
      eta = eta + (j % 2 == 1 and 0.5 or -0.5) / p ^ 0.5 * x
    end
    local group = 1 + rng:below(4)
    local event = rng:exponential() * 1000 / math.exp(eta + 0.1 * (group - 1))
    local censor = math.min(rng:exponential() * 1000 / math.exp(0.15), 3650)
    local time = math.min(event, censor)
    columns[1][i] = days and math.ceil(time) or math.max(math.floor(time * 1e6 + 0.5) / 1e6, 1e-6)
    columns[2][i] = event <= censor and 1 or 0
    columns[3][i] = group
    columns[4][i] = math.floor(1e4 * (0.25 + 1.5 * rng:uniform()) + 0.5) / 1e4
  end
  return columns
end

-- Each row in three pieces: start, stop, status, row.
function M.split(columns)
  local out = { {}, {}, {}, {} }
  for i, t in ipairs(columns[1]) do
    local cuts = { 0, t / 3, 2 * t / 3, t }
    if t >= 3 then cuts[2], cuts[3] = math.floor(t / 3), math.floor(2 * t / 3) end
    for piece = 1, 3 do
      local k = #out[1] + 1
      out[1][k], out[2][k] = cuts[piece], cuts[piece + 1]
      out[3][k], out[4][k] = piece == 3 and columns[2][i] or 0, i
    end
  end
  return out
end

function M.write_csv(path, columns)
  local f = assert(io.open(path, "w"))
  local head = { "time", "status", "group", "weight" }
  for j = 5, #columns do head[j] = "x" .. j - 4 end
  f:write(table.concat(head, ","), "\n")
  local line = {}
  for i = 1, #columns[1] do
    for j, x in ipairs(columns) do line[j] = ("%.10g"):format(x[i]) end
    f:write(table.concat(line, ","), "\n")
  end
  assert(f:close())
end

local LEVELS = { "no", "yes", "unknown", "CR", "PR", "SD", "PD", "hepatectomy" }

local SHAPES = {
  dates = function(rng)
    return ("%04d-%02d-%02d"):format(1990 + rng:below(34), 1 + rng:below(12), 1 + rng:below(28))
  end,
  text = function(rng)
    return ("patient %d of ward %d"):format(rng:below(250000), rng:below(300))
  end,
  factors = function(rng) return LEVELS[1 + rng:below(#LEVELS)] end,
}

--- A file of n rows and four columns of dates, texts or factors.
function M.write_shape(path, shape, n)
  local rng, f = core.rng.new(9, shape), assert(io.open(path, "w"))
  local cell, line = SHAPES[shape], {}
  f:write("a,b,c,d\n")
  for _ = 1, n do
    for j = 1, 4 do line[j] = cell(rng) end
    f:write(table.concat(line, ","), "\n")
  end
  assert(f:close())
end

return M
