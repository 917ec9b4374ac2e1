# SPDX-License-Identifier: GPL-3.0-or-later
# The interactive session, fed through a pipe, and with readline through a terminal of script(1).
. tests/shell/tap.sh
printf '%s\n' '1 + 1' 'x = {' ' 3, 4 }' '#x, x[2]' 'error("boom")' '"still here"' 'lun.kohort' '?text.cell' '?km' '?nonsense' 'x = = 2' \
  'p = lun.read("examples/lesions/patients.csv", { key = "id", columns = { start = "date" } })' '?p:column' '?p:colum' \
  'os = lun.cohort(p).start' 'os' 'for' \
  >"$tmp/in"
exits 0 "a session" sh -c "\"$lunation\" repl <\"$tmp/in\""
says '^2$' "an expression is printed"
says "^2	4$" "several lines make one statement"
says 'line 1: boom' "an error is said"
says '^still here' "and the session goes on"
says 'did you mean "cohort"' "our errors with their hint"
says 'text.cell(text) -> text' "help of the core's functions"
says 'analysis km: Survival curves' "help of an analysis"
says 'table:column(name)' "help of a method of an object of the session, from the reference"
says 'p has no "colum": did you mean "column"' "and of one that it has not"
says '^date column of' "a column by its name"
says 'nothing is known about "nonsense"' "help on nothing"
says 'error: line 1: unexpected symbol' "a syntax error"
says 'the last lines are not complete' "an end in the middle"
ok "start-up does not load readline" sh -c "! ldd \"$lunation\" | grep -q readline"

if ! command -v python3 >/dev/null; then echo "ok - skipped: no python3 to play a terminal"; exit 0; fi
cat >"$tmp/terminal.py" <<'PY'
import fcntl, os, pty, select, signal, struct, sys, termios, time
def until(fd, want, seconds=10):
    text, end = b"", time.time() + seconds
    while want not in text and time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try: text += os.read(fd, 4096)
            except OSError: break
    return text
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    os.environ.pop("COLUMNS", None)
    os.execv(sys.argv[1], [sys.argv[1], "repl"])
def check(ok, name): print(("ok - " if ok else "not ok - ") + name)
check(b"Tab completes" in until(fd, b"> "), "a terminal is greeted")
os.write(fd, b"lun.coh\t\n")
check(b"lun.cohort" in until(fd, b"function"), "Tab completes a field")
until(fd, b"> ")
os.write(fd, b'c = lun.cohort(lun.read("examples/conversion-surgery/patients.csv", { key = "id" }))\n')
until(fd, b"> ")
os.write(fd, b'c:where("missing(afp_base\t)", "x")\n')
check(b"afp_baseline)" in until(fd, b"286 read"), "Tab completes a column in an expression")
until(fd, b"> ")
os.write(fd, b'c:crosstab("bclc", "mrecist")\n')
check(b"not shown for want of width" in until(fd, b"width"), "a table is cut to the width")
until(fd, b"> ")
os.write(fd, b"while true do end\n")
time.sleep(0.5)
os.write(fd, b"\x03")
check(b"interrupted" in until(fd, b"interrupted"), "Ctrl-C stops a long computation")
until(fd, b"> ")
os.write(fd, b"6 * 7\n")
check(b"42" in until(fd, b"42"), "and keeps the session")
until(fd, b"> ")
os.write(fd, b"half a line\x03")
until(fd, b"> ", 2)
os.write(fd, b"8 * 8\n")
check(b"64" in until(fd, b"64"), "Ctrl-C leaves a line")
until(fd, b"> ")
os.write(fd, b"\x04")
check(os.waitpid(pid, 0)[1] == 0, "Ctrl-D ends it with 0")
PY
XDG_STATE_HOME="$tmp/state" python3 "$tmp/terminal.py" "$lunation"
ok "history is kept" grep -q '^6 \* 7$' "$tmp/state/lunation/history"
