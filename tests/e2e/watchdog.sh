#!/usr/bin/env bash
# The watchdog of systemd: pings come at half its time, also while the database is away; none from a process that hangs.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
pages=$(free_port)
configure <<CONF
api { listen = "127.0.0.1:$pages" }
CONF
run migrate
expect_status 0

# Writes what systemd would be told, one line each, into $work/notes.
cat >"$work/notes.py" <<'PY'
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
with open(sys.argv[2], "a", buffering=1) as notes:
    while True:
        notes.write(s.recv(4096).decode().replace("\n", " ") + "\n")
PY
: >"$work/notes"
python3 "$work/notes.py" "$work/notify" "$work/notes" &
pids+=("$!")
until_true 10 test -S "$work/notify"
export NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=1000000
start_monitor
unset NOTIFY_SOCKET WATCHDOG_USEC
noted() { grep -q "$1" "$work/notes"; }
pings() { grep -c WATCHDOG=1 "$work/notes" || true; }
until_true 30 noted READY=1
until_true 20 noted 'STATUS=watching'

"$pgctl" down "$cluster" immediate
until_true 20 noted 'STATUS=database away'
count=$(pings)
sleep 3
[ $(($(pings) - count)) -ge 3 ] || fail "$(($(pings) - count)) pings in 3 s while the database is away"

kill -STOP "$monitor"
sleep 0.6
count=$(pings)
sleep 2
expect_equal "$(pings)" "$count" "pings of a process that hangs"
kill -CONT "$monitor"
more() { [ "$(pings)" -gt "$count" ]; }
until_true 10 more

kill -HUP "$monitor"
until_true 10 noted 'RELOADING=1'
kill -TERM "$monitor"
until_true 10 noted STOPPING=1
status=0
wait "$monitor" || status=$?
expect_status 0
"$pgctl" up "$cluster"
