# SPDX-License-Identifier: GPL-3.0-or-later
# The codebook of a file, and a draft that the recipe's checker takes as it is.
. tests/shell/tap.sh
root=$PWD
cd "$tmp" || exit 1
cat >mine.csv <<'CSV'
Patient ID,Tumour size (mm),Start date,Sex,status,Überleben
1,12.5,2020-01-02,f,1,3
2,ND,2020-02-03,m,0,4
3,14,2020-03-04,f,1,5
4,15,2020-04-05,m,0,6
5,16,2020-05-06,f,1,7
6,,2020-06-07,m,0,8
CSV
exits 0 "data FILE" "$lunation" data mine.csv
says "mine.csv: 6 rows, 6 columns" "its size"
says "^Patient ID *id *6 *0 *6 different values" "the id, whose values are not shown"
says "^Tumour size (mm) *number *5 *1 *12.5 to 16" "a number, its missing and range"
says "^Start date *date *6 *0 *2020-01-02 to 2020-06-07" "a date and its range"
says "^Sex *factor *6 *0 *f (3), m (3)" "levels and how many"
says 'line 3, column Tumour size (mm): "ND": if it means missing' "a suspicious cell by its address"
"$lunation" data mine.csv --draft >draft
ok "names that expressions can use" grep -q 'tumour_size_mm: { type: number, from: "Tumour size (mm)", missing: \["ND"\] }' draft
ok "levels in a stated order" grep -q 'Sex: { type: factor, levels: \["f", "m"\] }' draft
{
  echo 'lunation: 1'
  echo 'id: drafted'
  echo 'version: 1.0.0'
  echo 'title: Drafted'
  cat draft
  echo 'analyses: { all: { table1: [tumour_size_mm, Sex] } }'
} >study.yaml
exits 0 "a recipe with the draft runs" "$lunation" run study.yaml --out out-draft
ok "and reads the file" grep -q '"term":"tumour_size_mm","statistic":"median","time":null,"value":14.5' out-draft/results.json
exits 0 "as JSON" "$lunation" data mine.csv --json
says '"name": "Tumour size (mm)"' "with every column"
exits 0 "another separator" "$lunation" data "$root/tests/nasty/csv_decimal_comma.csv" --separator ';' --decimal ,
says 'decimal: ","' "goes into the draft"
exits 0 "a level with control characters" "$lunation" data "$root/tests/nasty/csv_escape_seq_in_level.csv"
if grep -q "$(printf '\033')" "$tmp/out"; then echo "not ok - the terminal obeys a level"; else echo "ok - the terminal does not obey it"; fi
exits 5 "a file that is not there" "$lunation" data nothing.csv
exits 2 "no file" "$lunation" data

# What the file needs is an option of this command.
tr ',' ';' <"$root/examples/study160/patients.csv" >"$tmp/semi.csv"
exits 3 "semicolons" "$lunation" data "$tmp/semi.csv"
says 'help: --separator ";"' "the option that reads them"
exits 0 "with it" "$lunation" data "$tmp/semi.csv" --separator ";"
printf 'id,name\n1,\304\343\n' >"$tmp/gbk.csv"
exits 3 "a file in GBK" "$lunation" data "$tmp/gbk.csv"
says 'help: --encoding gb18030' "the option that reads it"
