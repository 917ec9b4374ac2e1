# SPDX-License-Identifier: GPL-3.0-or-later
# require "lunation" from stock lua5.4 gives the same bytes as the program.
. tests/shell/tap.sh
if ! command -v lua5.4 >/dev/null; then echo "ok - skipped: lua5.4 is not installed"; exit 0; fi
if ldd "$lunation" | grep -q libasan; then echo "ok - skipped: stock lua5.4 has no sanitizer"; exit 0; fi
ok "make module" make -s module
stock() { LUA_PATH='lua/?.lua;lua/?/init.lua;;' LUA_CPATH="${B:-build}/module/?.so;;" lua5.4 "$@"; }
ok "the module does not link liblua" sh -c "! ldd ${B:-build}/module/lunation/core.so | grep -q liblua"
ok "require" stock -e 'assert(require("lunation")._VERSION)'
for recipe in study160 conversion-surgery-sintilimab-lenvatinib; do
  "$lunation" explain recipes/$recipe.yaml >"$tmp/script.lua"
  "$lunation" "$tmp/script.lua" >"$tmp/program" 2>&1
  stock "$tmp/script.lua" >"$tmp/stock" 2>&1
  ok "$recipe: the same output" cmp "$tmp/program" "$tmp/stock"
  ok "$recipe: which holds results" grep -q '95% CI' "$tmp/stock"
done
echo 'require("lunation").read("/nowhere.csv")' >"$tmp/bad.lua"
exits 1 "an error of ours in stock Lua" stock "$tmp/bad.lua"
says "/nowhere.csv: No such file" "prints well"
if command -v luarocks >/dev/null; then
  ok "luarocks lint" luarocks lint lua/lunation-0.1.0-1.rockspec
  ok "luarocks make" luarocks --lua-version 5.4 --tree "$tmp/tree" make --deps-mode none lua/lunation-0.1.0-1.rockspec B="${B:-build}"
  ok "installs what lua5.4 can require" env LUA_PATH="$tmp/tree/share/lua/5.4/?.lua;$tmp/tree/share/lua/5.4/?/init.lua" \
    LUA_CPATH="$tmp/tree/lib/lua/5.4/?.so" lua5.4 -e 'assert(require("lunation").cohort)'
else
  echo "ok - skipped: luarocks is not installed"
fi
