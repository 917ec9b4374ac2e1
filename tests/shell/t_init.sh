# SPDX-License-Identifier: GPL-3.0-or-later
# Every template makes a study that runs at once, the same bytes each time; its report in every form.
. tests/shell/tap.sh
cd "$tmp" || exit 1
for template in survival response; do
  exits 0 "init --template $template" "$lunation" init $template --template $template
  says "next: lunation run $template/study.yaml --out $template/report" "names the next command"
  sh -c "$(sed -n "s|^next: lunation|$lunation|p" out)" >said 2>&1
  ok "which runs" test -f $template/report/report.html
  exits 0 "$template: nothing to complain about" "$lunation" check $template/study.yaml
  "$lunation" init again-$template --template $template >/dev/null
  ok "$template: the same data each time" cmp $template/patients.csv again-$template/patients.csv
  exits 0 "$template: verified" "$lunation" verify $template/report
done
ok "a second study differs from the first" test "$(wc -l <survival/patients.csv)" = 121
exits 5 "nothing is overwritten" "$lunation" init survival
says "survival/study.yaml exists" "which is said"
exits 2 "an unknown template" "$lunation" init other --template cox
says "known: survival, response" "lists the known ones"
ok "and makes nothing" test ! -e other

cp survival/report/report.html before.html
exits 0 "report --to html" "$lunation" report survival/report --to html
exits 0 "report --to md" "$lunation" report survival/report --to md
ok "Markdown with tables" grep -q '^| ' survival/report/report.md
ok "whose figures are there" sh -c 'cd survival/report && for f in $(sed -n "s/^!\[.*\](\(.*\))$/\1/p" report.md); do test -f $f || exit 1; done'
exits 0 "report --out elsewhere" "$lunation" report survival/report --to md --out elsewhere.md
ok "finds the figures from there" grep -q '](survival/report/figures/' elsewhere.md
exits 2 "an unknown form" "$lunation" report survival/report --to odt
says "cannot be written as .odt." "is named"
exits 5 "without pandoc" env PATH=/nowhere "$lunation" report survival/report --to docx
says "pandoc is not installed" "its absence is said"
says "install the package pandoc" "and what to do"
exits 5 "without chromium" env PATH=/nowhere "$lunation" report survival/report --to pdf
says "chromium is not installed" "its absence is said"
ok "and no folder is left behind" sh -c '! ls survival/report | grep tmp'
if command -v pandoc >/dev/null; then
  exits 0 "report --to docx" "$lunation" report survival/report --to docx
  pandoc --to plain survival/report/report.docx >docx.txt
  ok "Word holds the tables" grep -q 'Treatment' docx.txt
  mkdir bin
  ln -s "$(command -v pandoc)" /bin/sh bin/
  exits 0 "without rsvg-convert" env PATH="$tmp/bin" "$lunation" report survival/report --to docx --out plain.docx
  says "the figures are left out" "the missing figures are said"
else
  echo "ok - skipped: pandoc is not installed"
fi
if command -v chromium >/dev/null; then
  exits 0 "report --to pdf" "$lunation" report survival/report --to pdf
  ok "is a PDF" sh -c 'head -c 5 survival/report/report.pdf | grep -q "%PDF-"'
else
  echo "ok - skipped: chromium is not installed"
fi
sed -i '2s/,[AB],/,A,/;3s/,[AB],/,B,/' survival/patients.csv
exits 3 "after the data have changed there is no report of the run" "$lunation" report survival/report --to html
says "data patients has changed since the run" "which is said"

exits 0 "doctor" "$lunation" doctor
exits 0 "doctor without tools" env PATH=/nowhere "$lunation" doctor
says "pandoc *missing *without it: no lunation report --to docx" "says what is lost"
