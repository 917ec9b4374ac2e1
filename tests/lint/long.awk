# SPDX-License-Identifier: GPL-3.0-or-later
# KIND:LENGTH:TEXT for functions over 60 lines, files over 500, and files with lines over 100 columns.
function tell(kind, n, what) { print kind ":" n ":" kind " of " n " " what }
function file_end() {
  if (last > 500) tell("1 file", last, "lines: " name)
  if (wide) tell("3 lines", widest, "columns at most, " wide " over 100: " name)
}
FNR == 1 { file_end(); name = FILENAME; start = wide = widest = 0 }
{ last = FNR }
length($0) > 100 { wide++; if (length($0) > widest) widest = length($0) }
name ~ /\.[ch]$/ && /^[a-z].*[^;]$/ { head = $0 }
name ~ /\.[ch]$/ && /^{$/ { start = FNR; what = head }
name ~ /\.lua$/ && /^(local )?function |^return .*function\(|^return {/ { start = FNR; what = $0 }
start && (/^}/ || /^end/) {
  if (FNR - start + 1 > 60 && what !~ /^return {/)
    tell("2 function", FNR - start + 1, "lines: " name ":" start ": " what)
  start = 0
}
END { file_end() }
