#!/usr/bin/env bash
# HUP: a broken configuration is refused as a whole and the old one stays at work; a good one is taken over, new sources
# start, removed ones stop, and keys that need a restart are named and kept.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
mkdir -p "$work/one" "$work/two"
one="source \"one\" { kind = file  format = canonical  path = \"$work/one\"  every = 1s }"
two="source \"two\" { kind = file  format = canonical  path = \"$work/two\"  every = 1s }"
pages=$(free_port)
api="api { listen = \"127.0.0.1:$pages\" }"
printf '%s\n' "$api" "$one" | configure
run migrate
expect_status 0
make_ledger "$work/one"
cp "$work/one/unit.csv" "$work/two/"
start_monitor
until_true 60 is "SELECT count(*) FROM source WHERE name = 'one' AND last_success_at IS NOT NULL" 1

printf '%s\n' "$api" "$one" 'source "two" { kind = carrier-pigeon }' | configure
kill -HUP "$monitor"
until_true 20 says 'reload refused, the old configuration stays'
says 'setaside.conf:[0-9]+: source "two": kind "carrier-pigeon" is not known' || fail "the mistake is not named"
kill -0 "$monitor" || fail "the monitor left"
# The old configuration is really at work: a change of its source still comes in.
before=$(sql "SELECT count(*) FROM supplier")
line=$(sed -n 2p "$work/one/supplier.csv" | sed 's/^[^,]*,/919900009000300123,/')
printf '%s\n' "$line" >>"$work/one/supplier.csv"
until_true 30 is "SELECT count(*) > $before OR (SELECT count(*) FROM quarantine) > 0 FROM supplier" t

printf '%s\n' "$api" "$two" | configure
sed -i 's/^jurisdiction.*/jurisdiction = "beijing"/' "$work/setaside.conf"
kill -HUP "$monitor"
until_true 20 says 'setaside.conf is in force'
says 'jurisdiction changed, which needs a restart: the old value stays' || fail "the kept key is not named"
says 'collect one: removed by the new configuration' || fail "the removed source is not named"
until_true 30 is "SELECT count(*) FROM source WHERE name = 'two' AND last_success_at IS NOT NULL" 1
expect_equal "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$pages/healthz")" 200 "the loop's health"

stop_monitor
