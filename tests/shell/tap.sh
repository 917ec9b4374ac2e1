# SPDX-License-Identifier: GPL-3.0-or-later
# tap.sh: the assertions of the shell tests. `. tests/shell/tap.sh`; $lunation is the program, $tmp a
# folder of the test's own.
lunation=$PWD/${B:-build}/lunation
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0

ok() { # NAME COMMAND...: the command succeeds
  n=$((n + 1)) name=$1
  shift
  if "$@" >"$tmp/.said" 2>&1; then echo "ok $n - $name"; else
    echo "not ok $n - $name"
    sed 's/^/#   /' "$tmp/.said"
  fi
}

exits() { # CODE NAME COMMAND...: the command ends with that code; what it said is in $tmp/out
  n=$((n + 1)) want=$1 name=$2 code=0
  shift 2
  "$@" >"$tmp/out" 2>&1 || code=$?
  if [ "$code" = "$want" ]; then echo "ok $n - $name"; else
    echo "not ok $n - $name"
    echo "#   exit code $code, not $want"
    sed 's/^/#   /' "$tmp/out"
  fi
}

says() { # PATTERN NAME: the last `exits` said it
  n=$((n + 1))
  if grep -q -e "$1" "$tmp/out"; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    echo "#   no $1 in:"
    sed 's/^/#   /' "$tmp/out"
  fi
}
