#!/usr/bin/env bash
# A real Alertmanager: what is open stands there under its case, with strings only; when it is closed it ends; when the
# Alertmanager forgets (a restart without its data), what is open stands again.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

peer=${SETASIDE_ALERTMANAGER:-$(command -v prometheus-alertmanager || command -v alertmanager || true)}
[ -n "$peer" ] || { echo "prometheus-alertmanager is not installed" >&2; exit 77; }
peer_port=$(free_port)
cat >"$work/peer.yml" <<'YML'
route: { receiver: nobody }
receivers: [ { name: nobody } ]
YML
start_peer() {
  "$peer" --config.file="$work/peer.yml" --storage.path="$(mktemp -d "$work/peer.XXXX")" --cluster.listen-address= \
    --web.listen-address="127.0.0.1:$peer_port" >>"$work/peer.log" 2>&1 &
  peer_pid=$!
  pids+=("$peer_pid")
  until_true 20 curl -sf "http://127.0.0.1:$peer_port/-/ready"
}
alerts() { curl -sf "http://127.0.0.1:$peer_port/api/v2/alerts?active=true" | jq -r "$1"; }
stand() { [ "$(alerts '[.[].labels.case] | sort | unique | join(" ")')" = "$1" ]; }
start_peer

start_cluster
configure <<CONF
api { listen = "unix:$work/api.sock" }
channel "peer" { kind = alertmanager  servers = { "http://127.0.0.1:$peer_port" }  tls = none  allow = { "127.0.0.0/8" }  repeat = 1s  retry-first = 500ms }
route "arrears" { rules = { "P-4" }  units = { "*" }  channels = { "peer" } }
CONF
run migrate
expect_status 0
start_monitor
until_true 20 is 'SELECT count(*) FROM channel_recipient' 1
make_ledger "$work/ledger"
run import "$work/ledger"
expect_status 0
until_true 30 is "SELECT count(*) > 0 AND count(*) FILTER (WHERE state = 'acknowledged') = count(*) FROM message" t
cases=$(sql "SELECT string_agg(DISTINCT case_key, ' ' ORDER BY case_key) FROM message WHERE channel = 'peer'")
until_true 20 stand "$cases"
expect_equal "$(alerts '[.[] | .labels.alertname] | unique | join(" ")')" SmeArrearsOpen "the name of the alerts"
expect_equal "$(alerts '[.[] | .labels | keys[]] | unique | map(select(test("yuan|amount|days|count"))) | length')" 0 "figures among the labels"
ref=$(sql "SELECT ref FROM message ORDER BY message_id LIMIT 1")
expect_equal "$(alerts "any(.[]; .annotations.ref == \"$ref\" and (.annotations.description | contains(\"$ref\")))")" true "the annotation"

# A case that becomes urgent stands once, and as such.
case=${cases%% *}
sql "INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, payload)
  SELECT message_ref('2026-10-06'), case_key, 'updated', rule_id, 'urgent', unit_code, channel,
    payload || '{\"event\": \"updated\", \"severity\": \"urgent\"}'
  FROM message WHERE case_key = '$case' ORDER BY message_id DESC LIMIT 1"
sql "SELECT pg_notify('setaside_outbox', '')"
stands_as() { [ "$(alerts "[.[] | select(.labels.case == \"$case\") | .labels.severity] | join(\" \")")" = "$1" ]; }
until_true 30 stands_as urgent
expect_equal "$(sql "SELECT severity FROM standing WHERE case_key = '$case'")" urgent "severity on record"

# It forgets everything: what is open stands again without a new message.
before=$(sql 'SELECT count(*) FROM message')
kill -KILL "$peer_pid"
wait "$peer_pid" 2>/dev/null || true
start_peer
until_true 30 stand "$cases"
expect_equal "$(sql 'SELECT count(*) FROM message')" "$before" "messages"

# All is paid: nothing stands any more. A unit is told once a day, so this is another day.
sql "UPDATE message SET payload = jsonb_set(payload, '{as_of}', '\"2020-01-01\"')"
sql "UPDATE obligation SET amount_fen = 0"
run evaluate --full
expect_status 0
until_true 30 is "SELECT count(*) > 0 AND bool_and(state = 'acknowledged') FROM message WHERE event = 'closed'" t
until_true 30 stand ''
