# For tests/e2e/*.sh: a private PostgreSQL, a configuration, the program, and expectations that say what was wrong.
# A scenario sources this file; everything it started is ended with it.
# Environment: SETASIDE_BIN, SETASIDE_SRC (set by ctest).
# shellcheck shell=bash
set -euo pipefail

src=${SETASIDE_SRC:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
bin=${SETASIDE_BIN:-$src/build/setaside}
pgctl=$src/tests/lib/pg_cluster
work=$(mktemp -d /tmp/ss-e2e.XXXXXX)
cluster=
pids=()

finish() {
  local status=$? i
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -CONT "${pids[i]}" 2>/dev/null || true
    kill -TERM "${pids[i]}" 2>/dev/null || true
  done
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    wait "${pids[i]}" 2>/dev/null || true
  done
  if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then
    for log in "$work"/*.log "$work"/stderr; do
      if [ -s "$log" ]; then printf '== %s\n' "$log" >&2; tail -n 40 "$log" >&2; fi
    done
  fi
  if [ -n "$cluster" ]; then "$pgctl" remove "$cluster"; fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

start_cluster() {
  cluster=$("$pgctl" make)
  sql_as postgres postgres "CREATE DATABASE setaside"
}
port() { cat "$cluster/port"; }
sql_as() { psql -XqAt -v ON_ERROR_STOP=1 -h "$cluster" -p "$(port)" -U "$1" -d "$2" -c "$3"; }
sql() { PGOPTIONS='-c search_path=setaside' sql_as postgres setaside "$1"; }

# Writes the configuration: the three lines and whatever comes on stdin.
configure() {
  mkdir -p "$work/state"
  {
    echo "database { dsn = \"host=$cluster port=$(port) dbname=setaside user=postgres\" }"
    echo "state = \"$work/state\""
    echo 'jurisdiction = "beijing-xicheng"'
    cat
  } >"$work/setaside.conf"
}

# Runs the program; its answers are in $work/stdout and $work/stderr, its status in $status.
run() {
  status=0
  "$bin" -c "$work/setaside.conf" "$@" >"$work/stdout" 2>"$work/stderr" || status=$?
}
expect_status() { [ "$status" = "$1" ] || fail "status $status instead of $1: $(cat "$work/stderr")"; }
expect_error() { grep -qE -- "$1" "$work/stderr" || fail "stderr does not say /$1/: $(cat "$work/stderr")"; }
expect_one_error_line() { [ "$(wc -l <"$work/stderr")" = 1 ] || fail "not one error line: $(cat "$work/stderr")"; }
expect_equal() { [ "$1" = "$2" ] || fail "$3: $1 instead of $2"; }

# query FILE EXPRESSION: Python over a JSON document, which is d.
query() { python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"; }

# A sum over everything that a failed command must not change.
ledger_print() {
  sql "SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM payment), (SELECT count(*) FROM contract),
              (SELECT count(*) FROM quarantine), (SELECT version FROM state_version), (SELECT count(*) FROM message)"
}

# until_true SECONDS COMMAND...
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || fail "not within its time: $*"
    sleep 0.1
  done
}
says() { grep -qE -- "$1" "$work/monitor.log"; }
is() { [ "$(sql "$1" 2>/dev/null)" = "$2" ]; }

start_monitor() {
  : >"$work/monitor.log"
  "$bin" -c "$work/setaside.conf" monitor >>"$work/monitor.log" 2>&1 &
  monitor=$!
  pids+=("$monitor")
}

# Ends the monitor as systemd does; it has to leave in order.
stop_monitor() {
  kill -TERM "$monitor"
  status=0
  wait "$monitor" || status=$?
  expect_status 0
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# A small, whole canonical directory: make_ledger DIR
make_ledger() {
  python3 "$src/daemon/sample/make_district.py" "$work/sample" 2026-10-20 http://127.0.0.1:1
  mkdir -p "$1"
  cp "$work/sample/district/"*.csv "$1/"
}
