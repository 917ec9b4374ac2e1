# SPDX-License-Identifier: GPL-3.0-or-later
# docs/scripting.md prints what it says it prints; the commands of docs/guide.md end as they say.
. tests/shell/tap.sh
guide=$PWD/docs/guide.md
# blocks FILE KIND NAMED: the blocks of a kind; with NAMED, those below a line `name`: become that file
blocks() {
  awk -v kind="$2" -v dir="$tmp" -v named="$3" '
    /^```/ { if (inside) { inside = 0 } else { inside = 1; use = $0 == "```" kind; file = named && name != "" ? dir "/" name : ""; name = "" } next }
    inside && use { if (file != "") print > file; else print; next }
    { name = match($0, /`[^`]*`:$/) ? substr($0, RSTART + 1, RLENGTH - 3) : ($0 == "" ? name : "") }' "$1"
}
blocks docs/scripting.md lua 1 >"$tmp/script.lua"
blocks docs/scripting.md text >"$tmp/expected"
blocks docs/guide.md sh | grep '^lunation' >"$tmp/commands"
(blocks docs/guide.md csv 1; blocks docs/guide.md yaml 1) >"$tmp/unnamed"
cp -r examples recipes "$tmp"
cd "$tmp" || exit 1
# Warnings (of a build that cannot deny system calls to plug-ins) are not what the page shows.
exits 0 "scripting.md: the script runs" sh -c '"$0" script.lua 2>script.err' "$lunation"
sed 's/ *$//' out >found
ok "and prints what the page shows" diff expected found
for file in first_relapse.lua os-sex.svg relapse.svg survival.html hazard-ratios.csv mine.csv mine.yaml; do
  ok "$file is there" test -s $file
done
ok "every file of the guide has a name" test ! -s unnamed

PATH=$(dirname "$lunation"):$PATH
# Each command with the exit code that its comment states, 0 without one.
while IFS= read -r line; do
  command=${line%%#*} code=${line##*exit code }
  [ "$code" != "$line" ] || code=0
  case $command in
    *docx*) command -v pandoc >/dev/null || { echo "ok - skipped: pandoc is not installed"; continue; } ;;
  esac
  exits "$code" "guide.md: $command" sh -c "$command"
done <commands
ok "the report of the own file is there" test -s mine/report.html
sed 's/,61,/,161,/; s/^02,lenvatinib/02,placebo/' mine.csv >bad.csv
exits 3 "bad cells" lunation check mine.yaml --data patients=bad.csv
awk '/^error.data.range/ { show = 1 } /^```/ { show = 0 } show' "$guide" >expected
ok "are named as the guide shows" diff expected out
