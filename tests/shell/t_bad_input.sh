#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is wrong with a study is said with file, line, column and what to do; the exit code tells the
# kind; no report is written and an earlier one stays as it was.
B=$(cd "${B:-build}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
n=0

say() { # OK|NOT NAME
  n=$((n + 1))
  echo "$1 $n - $2"
}

digest() { find report -type f -exec sha256sum {} + | LC_ALL=C sort; }

cat >good.yaml <<'END'
lunation: 1
id: small
version: 1.0.0
title: A small study
data:
  patients:
    file: patients.csv
    key: id
    columns:
      start: { type: date }
      death: { type: date }
      last: { type: date }
      arm: { type: factor, levels: [A, B] }
      afp: { type: number, min: 0 }
      months: { type: number }
      died: { type: integer }
cohort:
  - derive: { log_afp: log10(afp) }
  - include: { where: afp >= 1, as: AFP measured }
endpoints:
  os: { origin: start, event: death, censor: last, unit: months }
  given: { time: months, event: died, is: 1, unit: months }
analyses:
  overall: { km: os, times: [6] }
  by-arm: { km: given, by: arm, logrank: true }
END
cat >good.csv <<'END'
id,start,death,last,arm,afp,months,died
P1,2020-01-01,2020-06-01,2020-06-01,A,12,5,1
P2,2020-01-15,,2021-01-15,B,400,12,0
P3,2020-02-01,2020-12-01,2020-12-01,A,8.5,10,1
P4,2020-03-01,2021-02-01,2021-02-01,B,90,11,1
P5,2020-03-10,,2021-03-10,A,20,12,0
P6,2020-04-01,2020-09-01,2020-09-01,B,3,5,1
END
cp good.csv patients.csv
"$B/lunation" run good.yaml --out report >log 2>&1 || { cat log; say "not ok" "the good study runs"; exit 1; }
say ok "the good study runs"
digest >before

# bad NAME CODE PATTERN...: runs recipe.yaml on patients.csv, then takes both back
bad() {
  name=$1 code=$2
  shift 2
  "$B/lunation" run recipe.yaml --out report >stdout 2>message </dev/null
  found=$?
  wrong=
  [ "$found" = "$code" ] || wrong="exit code $found, not $code"
  [ -s stdout ] && wrong="$wrong; something on standard output"
  for pattern in "$@"; do grep -qE -e "$pattern" message || wrong="$wrong; no /$pattern/"; done
  grep -qE 'lua:[0-9]+:|stack traceback|internal' message && wrong="$wrong; an inner error"
  digest >after
  cmp -s before after || wrong="$wrong; the earlier report has changed"
  "$B/lunation" run recipe.yaml --out new >/dev/null 2>&1
  [ -z "$(find . -name 'new*' -o -name '*.tmp' -o -name '*.lock')" ] || wrong="$wrong; something was written"
  if [ -n "$wrong" ]; then
    say "not ok" "$name: $wrong"
    sed 's/^/# /' message
  else
    say ok "$name"
  fi
  [ -n "$SHOW" ] && sed 's/^/# /' message
  chmod 644 patients.csv recipe.yaml 2>/dev/null
  fresh
}

fresh() {
  cp good.yaml recipe.yaml
  cp good.csv patients.csv
}
recipe() { sed "$1" good.yaml >recipe.yaml; }
data() { sed "$1" good.csv >patients.csv; }
fresh

rm recipe.yaml
bad "no recipe" 5 'recipe.yaml'
rm patients.csv
bad "no data file" 5 'patients.csv' 'recipe.yaml:7:11' '--data patients='
recipe '/file: patients.csv/d'
bad "data without a file" 2 'recipe.yaml:7:5' 'data.patients: which file' '--data patients='
recipe '/^analyses/,$d'
echo 'published: { by-arm: { median: "3" } }' >>recipe.yaml
bad "published figures without analyses" 2 'recipe.yaml:[0-9]+:[0-9]+' 'no analysis "by-arm"|"analyses" is missing'
if [ "$(id -u)" != 0 ]; then
  chmod 000 patients.csv
  bad "no right to read the data" 5 'patients.csv' 'recipe.yaml:7:11' 'permission|denied'
  chmod 000 recipe.yaml
  bad "no right to read the recipe" 5 'recipe.yaml' 'permission|denied'
fi
data '3s/$/,9/'
bad "a line with too many cells" 3 'patients.csv:3'
data '3s/,[^,]*$//'
bad "a line with too few cells" 3 'patients.csv:3'
recipe 's/afp: { type/apf: { type/'
bad "a declared column that is not there" 3 'apf' 'did you mean "?afp' 'recipe.yaml|patients.csv:1'
recipe 's/by: arm/by: amr/'
bad "an unknown column in an analysis" 2 'recipe.yaml:25' 'amr' 'did you mean "?arm'
recipe 's/origin: start/origin: begin/'
bad "an unknown column in an endpoint" 2 'recipe.yaml:21' 'begin'
data '1s/arm/afp/'
bad "a duplicate column" 3 'patients.csv:1' 'afp'
recipe 's/^title.*/&\ntitle: Again/'
bad "a duplicate key" 2 'recipe.yaml:5:1' 'title' 'line 4'
data 's/^P4/P2/'
bad "a duplicate patient" 3 'patients.csv:5' 'line 3'
data '2s/2020-01-01/2020-13-01/'
bad "a date that is no date" 3 'patients.csv:2:2' 'start' '2020-13-01'
data '2s/2020-01-01/01.02.2020/'
bad "a date of another order" 3 'patients.csv:2:2' 'start' '01.02.2020'
data '4s/8.5/"8,5"/'
bad "a decimal comma" 3 'patients.csv:4:' 'afp' '8,5' 'decimal'
data '4s/8.5/high/'
bad "text in a number" 3 'patients.csv:4:' 'afp' 'high' 'missing'
data '4s/8.5/-8.5/'
bad "a number below its range" 3 'patients.csv:4:' 'afp' '-8.5'
data '4s/,10,1/,-10,1/'
bad "a negative time" 3 'P3' '-10' 'patients.csv:4|recipe.yaml:22'
data '4s/2020-12-01/2019-12-01/g'
bad "a death before the start" 3 'P3' 'recipe.yaml:21' 'date'
data '4s/,A,/,C,/'
bad "an unknown level" 3 'patients.csv:4:' 'arm' '"C"'
data '2,$s/^\([^,]*,[^,]*,[^,]*,[^,]*,[^,]*\),[^,]*/\1,/'
bad "a column that is all missing" 3 'AFP measured|afp' 'recipe.yaml:19'
data '2,$s/,[01]$/,0/'
bad "no events" 3 'died' 'recipe.yaml:22'
data '2,$s/,B,/,A,/'
bad "one group only" 3 'arm' 'recipe.yaml:25' 'group'
recipe 's/^title/titel/'
bad "an unknown key" 2 'recipe.yaml:4:1' 'titel' 'did you mean "?title'
recipe 's/times: \[6\]/time: [6]/'
bad "an unknown option" 2 'recipe.yaml:24:' 'time' 'did you mean "?times'
recipe 's/times: \[6\]/times: soon/'
bad "a wrong type" 2 'recipe.yaml:24:29' 'times' 'soon'
recipe 's/levels: \[A, B\]/levels: 3/'
bad "a wrong type deep down" 2 'recipe.yaml:13:' 'levels'
recipe 's/type: factor/type: category/'
bad "an unknown type of column" 2 'recipe.yaml:13:' 'category' 'factor'
recipe 's/log_afp: log10(afp)/a: b + 1, b: a + 1/'
bad "a circular derivation" 2 'recipe.yaml:18:' '"?a"? .*"?b"?'
recipe 's/log10(afp)/"log10(afp * (2 + )"/'
bad "an expression that does not parse" 2 'recipe.yaml:18:42' '^ *\| {42}\^'
recipe 's/where: afp >= 1/where: afp >== 1/'
bad "a condition that does not parse" 2 'recipe.yaml:19:'
recipe 's/log10(afp)/log10(apf)/'
bad "an unknown column in an expression" 2 'recipe.yaml:18:30' 'apf' 'did you mean "?afp'
recipe 's/km: given/km: givne/'
bad "an unknown endpoint" 2 'recipe.yaml:25:' 'givne' 'did you mean "?given'
recipe 's/{ km: os/{ kn: os/'
bad "an unknown kind of analysis" 2 'recipe.yaml:24:' 'kn' 'km'

cat >twice.lua <<'END'
local endpoint = require "lunation.endpoint"
endpoint.define {
  name = "twice", kind = "time_to_event", title = "A plug-in that fails",
  needs = { patient = { "months", "afp" } },
  derive = function(patient)
    if patient.afp > 100 then local nothing = nil; return nothing.time end
    return { time = patient.months, event = true }
  end,
}
END
recipe 's/^data:/use: [twice.lua]\n&/; s/^  given: .*/  given: { use: twice }/'
bad "an error in an endpoint of one's own" 6 'twice.lua:6' 'patient.* (P2|row 2)' 'nothing'
sed '6d; s/return { time.*/return { time = "long" }/' twice.lua >twice.new && mv twice.new twice.lua
recipe 's/^data:/use: [twice.lua]\n&/; s/^  given: .*/  given: { use: twice }/'
bad "an endpoint that returns no time" 6 'twice.lua' 'patient.* (P1|row 1)' 'time must be a number'
echo 'local x = = 2' >twice.lua
recipe 's/^data:/use: [twice.lua]\n&/'
bad "a plug-in that does not parse" 6 'twice.lua:1'
echo 'io.open("x")' >twice.lua
recipe 's/^data:/use: [twice.lua]\n&/'
bad "a plug-in that reaches for files" 6 'twice.lua:1' 'io' 'no files'
recipe 's/^data:/use: [none.lua]\n&/'
bad "a plug-in that is not there" 5 'none.lua' 'recipe.yaml:5:7'
# What a word processor, R or a newcomer writes
recipe "s/where: afp >= 1/where: arm == A/"
bad "a level without quotes" 2 'recipe.yaml:[0-9]+:[0-9]+' "level of arm goes in quotes: 'A'"
recipe "s/where: afp >= 1/where: arm == ‘A’/"
bad "typographic quotes in an expression" 2 'recipe.yaml:[0-9]+:[0-9]+' 'a straight one'
recipe 's/title: A small study/title: “A small study”/'
bad "typographic quotes in YAML" 2 'recipe.yaml:[0-9]+:8' 'type straight quotes'
recipe 's/^title: A small/title：A small/'
bad "a full-width colon" 2 'recipe.yaml:[0-9]+:1' 'title：A small' 'full-width colon'
recipe 's/^  overall: .*/  overall: { km: os, times: [1，2] }/'
bad "a full-width comma" 2 'recipe.yaml:[0-9]+:' 'plain one'
recipe 's/^  overall: .*/  overall: { km: os, landmark: 6 }/'
bad "a key that is an analysis" 2 'recipe.yaml:' 'landmark is an analysis of its own'
recipe 's/^  overall: .*/  overall: { subgroup: os, by: arm }/'
bad "an analysis by another name" 2 'recipe.yaml:' 'cox with where:'
recipe 's/log10(afp)/if(afp > median(afp), 1, 0)/'
bad "a statistic in an expression" 2 'recipe.yaml:' 'one patient at a time'
mkdir other && echo mine >other/notes.txt
"$B/lunation" run good.yaml --out other >stdout 2>message
if [ $? = 5 ] && [ "$(cat other/notes.txt)" = mine ] && grep -q 'other' message; then
  say ok "a folder of something else is refused"
else
  say "not ok" "a folder of something else is refused"
fi
echo "1..$n"
