#!/usr/bin/env bash
# What we send is what other people's libraries expect: mails are read by mailparser, webhooks verified by standardwebhooks
# and svix with both keys of a rotation, wrapped ones by cloudevents.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

packages=$(dirname "$bin")/verify
command -v node >/dev/null || { echo "node is not installed" >&2; exit 77; }
[ -e "$packages/node_modules" ] || { echo "tests/verify/install $packages was not run" >&2; exit 77; }
export SECRETS="whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= whsec_OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg="

# Modules are found from where the script stands.
cp "$src/tests/verify/receive.mjs" "$packages/"
node "$packages/receive.mjs" "$work/ports" >"$work/receive.log" 2>&1 &
pids+=($!)
until_true 20 test -s "$work/ports"
read -r smtp_port http_port <"$work/ports"

start_cluster
echo "$SECRETS" >"$work/keys"
echo "http://127.0.0.1:$http_port/hook" >"$work/hook"
echo "http://127.0.0.1:$http_port/events" >"$work/events"
chmod 600 "$work/keys" "$work/hook" "$work/events"
configure <<CONF
api { listen = "unix:$work/api.sock" }
channel "office" { kind = mail  server = "smtp://127.0.0.1:$smtp_port"  tls = none  from = "采购监测 <monitor@xc.example>"  to = { "a@xc.example", "b@xc.example" } }
channel "hook" { kind = webhook  url-file = "$work/hook"  secret-file = "$work/keys"  tls = none  allow = { "127.0.0.0/8" } }
channel "events" { kind = webhook  body = cloudevents  url-file = "$work/events"  secret-file = "$work/keys"  tls = none  allow = { "127.0.0.0/8" } }
route "all" { rules = { "*" }  units = { "*" }  channels = { "office", "hook", "events" } }
CONF
run migrate
expect_status 0
start_monitor
until_true 20 is 'SELECT count(*) FROM route' 3
make_ledger "$work/ledger"
run import "$work/ledger"
expect_status 0
run evaluate
expect_status 0
all_acknowledged() { is "SELECT count(*) > 0 AND count(*) FILTER (WHERE state <> 'acknowledged') = 0 FROM message" t; }
until_true 60 all_acknowledged
report=$(curl -sS --fail-with-body "http://127.0.0.1:$http_port/report") || fail "$report"
expect_equal "$(jq .mails <<<"$report")" "$(sql "SELECT count(*) FROM message WHERE channel = 'office'")" mails
expect_equal "$(jq .hooks <<<"$report")" "$(sql "SELECT count(*) FROM message WHERE channel IN ('hook', 'events')")" webhooks
expect_equal "$(jq .events <<<"$report")" "$(sql "SELECT count(*) FROM message WHERE channel = 'events'")" events
expect_equal "$(jq .threads <<<"$report")" "$(sql "SELECT count(DISTINCT case_key) FROM message")" threads
[ "$(jq .lists <<<"$report")" -gt 0 ] || fail "no mail carried a list: $report"
