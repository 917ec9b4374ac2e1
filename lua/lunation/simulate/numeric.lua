-- SPDX-License-Identifier: GPL-3.0-or-later
-- numeric: logarithm, exponential and normal quantile from +, -, *, / and the square root alone,
-- which IEEE 754 rounds correctly, so that a cohort has the same bytes whatever the C library.
local M = {}

local LN2 = 0x1.62e42fefa39efp-1

--- Natural logarithm of x > 0: x = m 2^k with m about 1, then log m = 2 artanh((m-1)/(m+1)). Error:
--- a few units of the last place.
function M.log(x)
  local k = 0
  while x > 1.4142135623730951 do x, k = x / 2, k + 1 end
  while x < 0.7071067811865476 do x, k = x * 2, k - 1 end
  local s = (x - 1) / (x + 1)
  local sum, power, square = 0.0, s, s * s
  for i = 1, 41, 2 do
    sum = sum + power / i
    power = power * square
  end
  return 2 * sum + k * LN2
end

--- Exponential of x: x = k log 2 + r, and the series of r / 16 raised to the 16th power by
--- squaring.
function M.exp(x)
  if x > 700 or x < -700 then return x > 0 and math.huge or 0.0 end
  local k = math.floor(x / LN2 + 0.5)
  local r = (x - k * LN2) / 16
  local sum, term = 1.0, 1.0
  for i = 1, 14 do
    term = term * r / i
    sum = sum + term
  end
  for _ = 1, 4 do sum = sum * sum end
  for _ = 1, math.abs(k) do sum = k > 0 and sum * 2 or sum / 2 end
  return sum
end

--- x to the power y, x >= 0.
function M.pow(x, y)
  if x == 0 then return y == 0 and 1.0 or 0.0 end
  return M.exp(y * M.log(x))
end

local function ratio(r, a, b)
  local x, y = 0.0, 0.0
  for i = #a, 1, -1 do x = x * r + a[i] end
  for i = #b, 1, -1 do y = y * r + b[i] end
  return x / y
end

--- Normal quantile of p in (0, 1), seven digits: Wichura 1988, Applied Statistics 37:477, PPND7 of
--- AS 241.
function M.normal_quantile(p)
  local q = p - 0.5
  if math.abs(q) <= 0.425 then
    return q * ratio(0.180625 - q * q, { 3.3871327179e+00, 5.0434271938e+01, 1.5929113202e+02,
      5.9109374720e+01 },
      { 1.0, 1.7895169469e+01, 7.8757757664e+01, 6.7187563600e+01 })
  end
  local r = math.sqrt(-M.log(q < 0 and p or 1 - p))
  local z
  if r <= 5 then
    z = ratio(r - 1.6, { 1.4234372777e+00, 2.7568153900e+00, 1.3067284816e+00, 1.7023821103e-01 },
      { 1.0, 7.3700164250e-01, 1.2021132975e-01 })
  else
    z = ratio(r - 5, { 6.6579051150e+00, 3.0812263860e+00, 4.2868294337e-01, 1.7337203997e-02 },
      { 1.0, 2.4197894225e-01, 1.2258202635e-02 })
  end
  return q < 0 and -z or z
end

return M
