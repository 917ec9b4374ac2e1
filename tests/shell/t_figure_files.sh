# SPDX-License-Identifier: GPL-3.0-or-later
# Figures as PDF, PNG and TIFF from scripts, recipes and runs; without the programs it is said.
. tests/shell/tap.sh
cp -r examples "$tmp"
cd "$tmp" || exit 1
cat >study.yaml <<'END'
lunation: 1
id: files
version: 1.0.0
title: One figure
data:
  patients: { file: examples/study160/patients.csv, key: id, columns: { time: { type: number }, event: { type: integer } } }
endpoints:
  os: { time: time, event: event, is: 1, unit: days }
analyses:
  curve: { km: os }
report: { figures: [svg, png, pdf], dpi: 100, formats: [json] }
END
cat >save.lua <<'END'
local lun = require "lunation"
local os_ = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" })):survival { time = "time", event = "event", is = 1 }
lun.figure.km(os_:km {}):save(arg[1], { dpi = tonumber(arg[2]) })
END
mkdir empty
exits 0 "without the programs the run ends well" env PATH="$tmp/empty" "$lunation" run study.yaml --out bare
says "rsvg-convert is not installed (package librsvg2-bin): no figures as png" "and says what is not there"
ok "the SVG is there" test -s bare/figures/flow.svg
exits 5 "a script hears of it as an error" env PATH="$tmp/empty" "$lunation" save.lua x.png
says "rsvg-convert is not installed" "with the name of the package"
exits 2 "an ending that is not known" "$lunation" save.lua x.bmp
says "known endings: svg, pdf, eps, png, tif, tiff" "the known ones are named"
exits 2 "a resolution that cannot be" "$lunation" save.lua x.png 5
says "from 36 to 2400" "its limits are named"
if command -v rsvg-convert >/dev/null; then
  exits 0 "a run with figures as PNG and PDF" "$lunation" run study.yaml --out run
  ok "174 mm at 100 dpi are 685 pixels" sh -c 'od -An -tu1 -j18 -N2 run/figures/curve-figure.png | awk "{ exit !(\$1 * 256 + \$2 == 685 || \$1 * 256 + \$2 == 686) }"'
  ok "the PNG states its resolution" sh -c 'od -An -c -j37 -N4 run/figures/curve-figure.png | tr -d " " | grep -q pHYs && od -An -tu1 -j41 -N4 run/figures/curve-figure.png | awk "{ exit !(\$3 * 256 + \$4 == 3937) }"'
  exits 0 "the figures of a run in another form" "$lunation" report run --figures pdf --out again
  ok "the same bytes each time" cmp run/figures/curve-figure.pdf again/curve-figure.pdf
  exits 2 "a form that is not known" "$lunation" report run --figures gif
  if command -v magick >/dev/null || command -v convert >/dev/null; then
    exits 0 "TIFF" "$lunation" save.lua x.tif 72
    ok "is a TIFF" sh -c 'od -An -c -N2 x.tif | grep -q "I *I\|M *M"'
  fi
fi
echo "1..$n"
