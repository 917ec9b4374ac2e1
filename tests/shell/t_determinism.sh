#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A study gives the same bytes in every file: run again, on two threads, in a German and a Turkish
# locale, in another time zone, with another umask, from another folder.
. tests/shell/tap.sh
here=$PWD

# same NAME: the last run, in $tmp/out, is as the first, in $tmp/first
same() {
  n=$((n + 1))
  if [ -f "$tmp/out/run.lock.yaml" ] && diff -r "$tmp/first" "$tmp/out" >"$tmp/.said" 2>&1; then
    echo "ok $n - $recipe: $1"
  else
    echo "not ok $n - $recipe: $1"
    cut -c1-200 "$tmp/.said" | head -20 | sed 's/^/#   /'
  fi
  rm -rf "$tmp/out"
}
run() { "$lunation" run "$here/recipes/$recipe.yaml" --out "$tmp/out" "$@" >/dev/null 2>&1; }

locales=
export LOCPATH="$tmp/locales"
mkdir "$LOCPATH"
for l in de_DE tr_TR; do
  localedef -i $l -f UTF-8 "$LOCPATH/$l.UTF-8" >/dev/null 2>&1 && locales="$locales $l.UTF-8"
done

for recipe in study160 conversion-surgery-sintilimab-lenvatinib; do
  rm -rf "$tmp/first"
  run
  mv "$tmp/out" "$tmp/first"
  run
  same "a second run"
  run --threads 1
  same "one thread"
  run --threads 2
  same "two threads"
  for l in $locales; do
    (LC_ALL=$l run)
    same "$l"
  done
  (TZ=Pacific/Auckland run)
  same "another time zone"
  (umask 077 && run)
  same "another umask"
  (cd / && run)
  same "another folder"
done
[ -n "$locales" ] || echo "ok $((n += 1)) - skipped: no localedef"
