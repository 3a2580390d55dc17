#!/usr/bin/env bash
# The database is away for a minute (E2E_OUTAGE_S): the monitor stays, says that figures are stale, comes back by itself,
# catches up on what was written meanwhile, and loses nothing.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

outage=${E2E_OUTAGE_S:-60}
start_cluster
pages=$(free_port)
mkdir -p "$work/drop"
configure <<CONF
api { listen = "127.0.0.1:$pages" }
source "drop" { kind = file  format = canonical  path = "$work/drop"  every = 2s }
CONF
run migrate
expect_status 0
make_ledger "$work/drop"
start_monitor
batch_judged() { is "SELECT max(known_batch) = (SELECT max(batch_id) FROM batch) FROM check_run" t; }
until_true 60 batch_judged
payments=$(sql "SELECT count(*) FROM payment")
[ "$payments" -gt 10 ] || fail "only $payments payments came in"
code() { curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$pages$1"; }
ready() { [ "$(code /readyz)" = 200 ]; }
stale() { [ "$(code /readyz)" = 503 ]; }
until_true 20 ready

"$pgctl" down "$cluster" immediate
until_true 20 stale
says 'database away, figures are stale' || fail "the status does not say so"
# A payment arrives while nobody can write it down.
head -n 1 "$work/drop/payment.csv" >"$work/header"
line=$(sed -n 2p "$work/drop/payment.csv" | sed 's/^[^,]*,/ZF-LATE,/')
printf '%s\r\n' "$line" >>"$work/drop/payment.csv"
end=$((SECONDS + outage))
while [ "$SECONDS" -lt "$end" ]; do
  kill -0 "$monitor" || fail "the monitor left while the database was away"
  expect_equal "$(code /healthz)" 200 "the loop's health"
  sleep 1
done

"$pgctl" up "$cluster"
until_true 60 ready
until_true 60 is "SELECT count(*) FROM payment" "$((payments + 1))"
until_true 60 batch_judged
expect_equal "$(sql "SELECT count(*) FROM payment WHERE voucher_no = 'ZF-LATE'")" 1 "the late payment"
expect_equal "$(sql "SELECT count(*) FROM quarantine")" 0 "rows in quarantine"

stop_monitor
