# SPDX-License-Identifier: GPL-3.0-or-later
# Every hostile plug-in of tests/nasty ends as its manifest says, and leaves no file behind.
B=$(cd "${B:-build}" && pwd)
here=$(pwd)
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
cd "$empty" || exit 1
"$B/lunation" "$here/tests/sandbox.lua" "$here/tests/nasty"
code=$?
if [ -z "$(ls -A "$empty")" ] && [ ! -e /tmp/pwned ]; then echo "ok - no file was written"
else echo "not ok - a file was written"; code=1
fi
exit $code
