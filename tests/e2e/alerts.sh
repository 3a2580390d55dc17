#!/usr/bin/env bash
# What persons do to cases and messages: acknowledge, assign, escalate, silence; retry of one and of a range, on record;
# lists searched and exported; the dry run of other routes. Each act says who and why, or is refused.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
echo 'http://127.0.0.1:9/' >"$work/hook.url"
echo 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=' >"$work/hook.key"
chmod 600 "$work/hook.url" "$work/hook.key"
channels="channel \"hook\" { kind = webhook  tls = none  url-file = \"$work/hook.url\"  secret-file = \"$work/hook.key\"  allow = { \"127.0.0.0/8\" } }
channel \"office\" { kind = mail  server = \"smtp://127.0.0.1:9\"  tls = none  from = \"m@x.example\"  to = { \"a@x.example\", \"b@x.example\" } }"
configure <<CONF
api { listen = "unix:$work/api.sock"  person-header = "X-Remote-User" }
$channels
route "all" { rules = { "*" }  units = { "*" }  channels = { "hook" } }
CONF
run migrate
expect_status 0
start_monitor
until_true 30 is 'SELECT count(*) FROM channel_recipient' 3
stop_monitor
today=$(TZ=Asia/Shanghai date +%F)
python3 "$src/daemon/sample/make_district.py" "$work/sample" "$today" http://127.0.0.1:1
mkdir "$work/ledger"
cp "$work/sample/district/"*.csv "$work/ledger/"
run import "$work/ledger"
expect_status 0
run evaluate
expect_status 0
case=$(sql "SELECT case_key FROM message WHERE case_key LIKE 'arrears/%' ORDER BY 1 LIMIT 1")
ref=$(sql "SELECT ref FROM message WHERE case_key = '$case'")
unit=${case#arrears/}
[ -n "$ref" ] || fail "nothing is told of arrears"

# Persons.
run alerts ack "$case"
expect_status 2
expect_error "name is missing"
run alerts ack "$case" --by 王芳
expect_status 2
expect_error "reason is missing"
run alerts ack "$case" --by 王芳 --reason 已电话核实
expect_status 0
grep -q "^$case is acknowledged by 王芳" "$work/stdout" || fail "$(cat "$work/stdout")"
run alerts ack "$case" --by 王芳 --reason 再次
expect_status 5
run alerts assign "$ref" --by 王芳 --reason 分管 --to 李强
expect_status 0
run alerts escalate "$case" --by 李强 --reason 需局长协调 --to 赵敏
expect_status 0
expect_equal "$(sql "SELECT string_agg(DISTINCT event || ':' || actor, ' ' ORDER BY event || ':' || actor) FROM finding_event WHERE run_id IS NULL")" \
  'acknowledged:王芳 assigned:王芳 escalated:李强' "the acts on record"
run alerts ack arrears/nobody --by 王芳 --reason x
expect_status 1

# Silence: what waits moves to its end, and comes back.
run alerts silence "$case" --by 王芳 --reason 双方正在对账
expect_status 2
run alerts silence "$case" --by 王芳 --reason 双方正在对账 --until 2020-01-01
expect_status 2
run alerts silence "$case" --by 王芳 --reason 双方正在对账 --until "$(TZ=Asia/Shanghai date -d '+3 days' +%F)"
expect_status 0
expect_equal "$(sql "SELECT next_try_at > now() + interval '2 days' FROM message WHERE ref = '$ref'")" t "it waits"
run alerts unsilence "$case" --by 王芳 --reason 对账完成
expect_status 0
expect_equal "$(sql "SELECT next_try_at <= now() FROM message WHERE ref = '$ref'")" t "it may leave"
run alerts unsilence "$case" --by 王芳 --reason 对账完成
expect_status 5

# Replays: one, a range, and who asked.
run alerts retry "$ref"
expect_status 5
sql "UPDATE message SET state = 'failed'"
run alerts retry "$ref" --by 王芳 --reason 邮箱已恢复
expect_status 0
expect_equal "$(sql "SELECT person || ' ' || reason || ' ' || state_before FROM message_replay")" '王芳 邮箱已恢复 failed' "the replay"
run alerts retry
expect_status 2
failed=$(sql "SELECT count(*) FROM message WHERE state = 'failed'")
[ "$failed" -gt 1 ] || fail "too little to test a range with"
run alerts retry --channel office --state failed --by 王芳
expect_status 1
run alerts retry --channel hook --state failed --since 2020-01-01 --until 2020-01-31 --by 王芳
expect_status 1
run alerts retry --channel hook --state failed --since "$(date -d '-1 day' +%F)" --by 王芳 --reason 接口已恢复
expect_status 0
expect_equal "$(wc -l <"$work/stdout")" "$failed" "lines of the range"
expect_equal "$(sql "SELECT count(*) FROM message WHERE state = 'failed'")" 0 "left over"
run alerts show "$ref"
expect_equal "$(jq -r '.replays[0].person' "$work/stdout")" 王芳 "who had it tried again"

# A digest whose cases left by themselves would tell them again.
sql "INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, payload, state)
  VALUES ('A-20200101-000001', 'digest/hook/1', 'opened', 'digest', 'notice', 'district', 'hook', '{}', 'rejected')"
run alerts retry A-20200101-000001 --by 王芳
expect_status 5
grep -q 'its cases left by themselves' "$work/stderr" || fail "it does not say why: $(cat "$work/stderr")"
run alerts retry --channel hook --state rejected --by 王芳
expect_status 1
sql "DELETE FROM message WHERE ref = 'A-20200101-000001'"

# What its case has said since stands: an opening that was given up does not leave after the end that arrived.
written='INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, payload, state) VALUES'
sql "$written ('A-20200101-000002', 'arrears/over', 'opened', 'P-4', 'notice', 'u', 'hook', '{}', 'failed'),
  ('A-20200101-000003', 'arrears/over', 'closed', 'P-4', 'notice', 'u', 'hook', '{}', 'acknowledged'),
  ('A-20200101-000004', 'arrears/open', 'opened', 'P-4', 'notice', 'u', 'hook', '{}', 'failed'),
  ('A-20200101-000005', 'arrears/listed', 'opened', 'P-4', 'notice', 'u', 'hook', '{}', 'failed'),
  ('A-20200101-000006', 'arrears/listed', 'closed', 'P-4', 'notice', 'u', 'hook', '{}', 'superseded'),
  ('A-20200101-000007', 'digest/hook/2', 'opened', 'digest', 'notice', 'district', 'hook', '{}', 'acknowledged')"
sql "UPDATE message SET superseded_by = (SELECT message_id FROM message WHERE ref = 'A-20200101-000007')
  WHERE ref = 'A-20200101-000006'"
run alerts retry A-20200101-000002 --by 王芳
expect_status 5
grep -q 'a later message of its case has been told' "$work/stderr" || fail "it does not say why: $(cat "$work/stderr")"
run alerts retry --channel hook --state failed --by 王芳
expect_status 5
expect_equal "$(cat "$work/stdout")" 'A-20200101-000004 is queued again' "what of the range leaves"
grep -q 'A-20200101-000002.*has been told' "$work/stderr" || fail "the closed case: $(cat "$work/stderr")"
grep -q 'A-20200101-000005.*has been told' "$work/stderr" || fail "what a digest told: $(cat "$work/stderr")"
expect_equal "$(sql "SELECT count(*) FROM message WHERE ref LIKE 'A-20200101-%' AND state = 'failed'")" 2 "what stays given up"
sql "DELETE FROM message_replay WHERE message_id IN (SELECT message_id FROM message WHERE ref LIKE 'A-20200101-%')"
sql "DELETE FROM message WHERE ref LIKE 'A-20200101-%'"

# A channel that its endpoint has ended comes back when a person says so, at once.
touch "$work/gone"
python3 - "$work/gone" "$work/gone.port" >"$work/gone.log" 2>&1 <<'PY' &
import http.server, os, sys
class Gone(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(410 if os.path.exists(sys.argv[1]) else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Gone)
open(sys.argv[2], "w").write(str(server.server_port))
server.serve_forever()
PY
helper=$!
pids+=("$helper")
until_true 10 test -s "$work/gone.port"
echo "http://127.0.0.1:$(cat "$work/gone.port")/" >"$work/hook.url"
start_monitor
until_true 30 is "SELECT enabled FROM channel WHERE name = 'hook'" f
refused=$(sql "SELECT count(*) FROM message WHERE state = 'rejected'")
rm "$work/gone"
stop_monitor
sql "DELETE FROM route"
start_monitor
until_true 30 is 'SELECT count(*) FROM route' 1
expect_equal "$(sql "SELECT enabled FROM channel WHERE name = 'hook'")" f "a restart alone enables nothing"
run alerts enable hook
expect_status 2
expect_error "name is missing"
run alerts enable nobody --by 王芳
expect_status 1
run alerts enable office --by 王芳
expect_status 5
run alerts enable hook --by 王芳 --reason 对方已恢复
expect_status 0
grep -q "^hook is enabled by 王芳; it was disabled: HTTP 410" "$work/stdout" || fail "$(cat "$work/stdout")"
grep -q "^$refused of its messages were refused" "$work/stdout" || fail "$(cat "$work/stdout")"
expect_equal "$(sql "SELECT channel || person || reason FROM v_channel_enabled WHERE disabled_reason LIKE 'HTTP 410%'")" 'hook王芳对方已恢复' "on record"
until_true 30 is "SELECT count(*) > 0 FROM message WHERE channel = 'hook' AND state = 'acknowledged'" t
stop_monitor
kill "$helper"
echo 'http://127.0.0.1:9/' >"$work/hook.url"
sql "UPDATE message SET state = 'queued', first_try_at = NULL, next_try_at = now() WHERE channel = 'hook'"

# Lists, searched and exported. A try that reached nobody is on the ledger once the monitor runs.
start_monitor
until_true 30 is "SELECT count(*) > 0 FROM delivery WHERE class = 'retry-later'" t

# The same acts by HTTP, by whom the proxy has signed in.
act() { # body, further arguments of curl
  local body=$1
  shift
  curl -sS --unix-socket "$work/api.sock" -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/json' "$@" \
    -d "$body" "http://x/api/v1/findings/$ref/acts"
}
until_true 20 test -S "$work/api.sock"
expect_equal "$(act '{"act": "assigned", "reason": "x", "to": "y"}' | cut -c1)" 4 "nobody is signed in"
expect_equal "$(act '{"act": "assigned", "reason": "轮值", "to": "周宁"}' -H 'X-Remote-User: wang')" 201 "$(cat "$work/answer")"
expect_equal "$(act '{"act": "closed", "reason": "x"}' -H 'X-Remote-User: wang' | cut -c1)" 4 "a run closes, nobody else"
expect_equal "$(act '{"act": "unsilenced", "reason": "x"}' -H 'X-Remote-User: wang')" 409 "$(cat "$work/answer")"
finding=$(sql "SELECT min(finding_id) FROM finding WHERE assignee = '周宁'")
curl -sS --unix-socket "$work/api.sock" "http://x/api/v1/findings/$finding" >"$work/answer"
expect_equal "$(jq -r '.assignee + " " + (.events[-1] | .event + " " + .actor + " " + .reason + " " + .to)' "$work/answer")" \
  '周宁 assigned wang 轮值 周宁' "the finding by HTTP"

run alerts list --unit "$unit" --format json
expect_equal "$(jq -r '[.[].ref] | join(" ")' "$work/stdout")" "$ref" "messages of the unit"
run alerts list --text "${ref,,}" --format json
expect_equal "$(jq length "$work/stdout")" 1 "messages found by their reference"
run alerts list --state acknowledged --format csv
expect_equal "$(wc -l <"$work/stdout")" 1 "nothing was acknowledged"
run alerts deliveries --channel hook --state retry-later --format csv --out "$work/deliveries.csv"
expect_status 0
head -n 1 "$work/deliveries.csv" | grep -q '^delivery_no,started_at,took_ms,ref,' || fail "$(head -n 1 "$work/deliveries.csv")"
grep -q "^[0-9]*,20" "$work/deliveries.csv" || fail "no delivery in the export"
run alerts deliveries --format xlsx
expect_status 2
run alerts deliveries --format xlsx --out "$work/deliveries.xlsx"
expect_status 0
python3 - "$work/deliveries.xlsx" <<'PY' || fail "the workbook is not one"
import sys, zipfile
book = zipfile.ZipFile(sys.argv[1])
assert book.testzip() is None and b"<sheetData>" in book.read("xl/worksheets/sheet1.xml")
PY
run alerts deliveries --format csv --out "$work/none/x.csv"
expect_status 1

# Other routes: nothing is sent or written by trying them.
before=$(ledger_print)
configure <<CONF
api { listen = "unix:$work/api.sock" }
$channels
route "one" { rules = { "*" }  units = { "$unit" }  channels = { "office" }  to = { "b@x.example" }  digest = weekly }
route "much" { rules = { "*" }  units = { "*" }  channels = { "hook" }  amount = 999999999999 }
CONF
run alerts route dry-run --since "$(date -d '-1 day' +%F)" --until "$(date -d '+1 day' +%F)" --format json
expect_status 0
expect_equal "$(jq -r '[.[] | .case + " " + .channel + " " + .recipient + " " + .digest] | join(";")' "$work/stdout")" \
  "$(sql "SELECT string_agg(case_key || ' office b@x.example yes', ';' ORDER BY created_at, case_key COLLATE \"C\")
          FROM message WHERE '$unit' IN (unit_code, payload #>> '{department,code}')")" "who would have been told"
expect_error '^[1-9][0-9]* messages would have been told'
run alerts route dry-run --format json
expect_status 0
expect_equal "$(jq length "$work/stdout")" 0 "last month"
[ "$(sql 'SELECT count(*) FROM route')" = 1 ] || fail "the dry run changed the routes"
expect_equal "$(cut -d'|' -f1-4 <<<"$(ledger_print)")" "$(cut -d'|' -f1-4 <<<"$before")" "the ledger"
run alerts route dance
expect_status 2
