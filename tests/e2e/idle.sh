#!/usr/bin/env bash
# An idle monitor: it asks the database for the heartbeat of its LISTEN link and the outbox once a minute, wakes up for its
# timers only, and (release build, SETASIDE_RELEASE_BIN) holds less than 20 MB.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

bin=${SETASIDE_RELEASE_BIN:-$bin}
[ -x "$bin" ] || bin=${SETASIDE_BIN:?}
watch=${E2E_IDLE_S:-35}
start_cluster
pages=$(free_port)
mkdir -p "$work/drop"
configure <<CONF
api { listen = "127.0.0.1:$pages" }
source "drop" { kind = file  format = canonical  path = "$work/drop"  every = 1h }
CONF
run migrate
expect_status 0
make_ledger "$work/drop"
sql "ALTER SYSTEM SET log_statement = 'all'"
sql "SELECT pg_reload_conf()" >/dev/null
start_monitor
until_true 60 is "SELECT max(known_batch) = (SELECT max(batch_id) FROM batch) FROM check_run" t
sleep 3

server_log=$cluster/data/server.log
field() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$monitor/status"; }
from=$(wc -l <"$server_log")
wakeups=$(field voluntary_ctxt_switches)
sleep "$watch"
wakeups=$(($(field voluntary_ctxt_switches) - wakeups))
# psql of this script does not speak meanwhile; other lines are checkpoints and the like. The outbox has a net of one look
# each minute; everything else comes by NOTIFY.
statements() { tail -n +$((from + 1)) "$server_log" | grep -E 'LOG: +(statement|execute)' || true; }
beats=$(statements | grep -c 'setaside listen' || true)
looks=$(statements | grep -c 'setaside outbox' || true)
asked=$(statements | grep -vE 'setaside (listen|outbox)' || true)
[ -z "$asked" ] || fail "an idle monitor asked: $asked"
[ "$beats" -ge 1 ] || fail "no heartbeat in $watch s: statements are not seen"
[ "$beats" -le $((2 * (watch / 30 + 1))) ] || fail "$beats statements on the LISTEN link in $watch s"
[ "$looks" -le $((5 * (watch / 60 + 1))) ] || fail "$looks statements of the outbox in $watch s"
# A heartbeat each 10 s of the loop, a SELECT 1 each 30 s (sending, receiving), little else.
[ "$wakeups" -le $((watch / 2 + 10)) ] || fail "$wakeups wake-ups in $watch s"

rss=$(field VmRSS)
printf 'idle: %s wake-ups in %s s, %s heartbeats, RSS %s kB\n' "$wakeups" "$watch" "$beats" "$rss"
if ! nm "$bin" 2>/dev/null | grep __asan_init >/dev/null; then
  [ "$rss" -lt 20480 ] || fail "an idle monitor holds $rss kB"
fi
