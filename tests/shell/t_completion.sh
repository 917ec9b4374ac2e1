# SPDX-License-Identifier: GPL-3.0-or-later
# Completion comes from the commands' own option tables.
. tests/shell/tap.sh
"$lunation" completion bash >"$tmp/bash"
"$lunation" completion zsh >"$tmp/zsh"
if command -v bash >/dev/null; then
  cat >"$tmp/try" <<'BASH'
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_lunation
echo "${COMPREPLY[@]}"
BASH
  complete() { bash "$tmp/try" "$tmp/bash" "$@"; }
  ok "a command" test "$(complete lunation ver)" = "verify version"
  ok "an option" test "$(complete lunation diff --tol)" = "--tolerance"
  ok "a file" test "$(complete lunation run recipes/study1)" = "recipes/study160.yaml"
fi
if command -v zsh >/dev/null; then ok "zsh can read it" zsh -n "$tmp/zsh"; else echo "ok - skipped: zsh is not installed"; fi
for word in verify diff data init report completion doctor; do
  ok "zsh: $word" grep -q "'$word:" "$tmp/zsh"
done
exits 2 "another shell" "$lunation" completion fish
says "known: bash, zsh" "lists the known ones"
