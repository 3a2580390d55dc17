#!/usr/bin/env bash
# TERM ends in order: a message under way gets its time, status 0. A second TERM ends at once with status 1, and what was
# under way is tried again by the next start, marked as a possible repetition.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
hook=$(free_port)
pages=$(free_port)
echo "http://127.0.0.1:$hook/hook" >"$work/url"
echo "whsec_$(head -c 32 /dev/zero | base64 -w0)" >"$work/secret"
mkdir -p "$work/drop"
configure <<CONF
api { listen = "127.0.0.1:$pages" }
source "drop" { kind = file  format = canonical  path = "$work/drop"  every = 1h }
channel "hook" {
  kind = webhook
  url-file = "$work/url"
  secret-file = "$work/secret"
  tls = none
  allow = { "127.0.0.1/32" }
  retry-first = 1s
  retry-cap = 2s
}
route "all" { rules = { "*" }  units = { "*" }  channels = { "hook" } }
CONF
run migrate
expect_status 0
make_ledger "$work/drop"

# A receiver that takes a call and answers after $1 seconds; calls are counted by lines of $work/calls.
cat >"$work/receiver.py" <<'PY'
import http.server, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        with open(sys.argv[2], "a") as calls:
            calls.write(self.headers["webhook-id"] + "\n")
        time.sleep(float(sys.argv[3]))
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
PY
start_receiver() {
  python3 "$work/receiver.py" "$hook" "$work/calls" "$1" &
  receiver=$!
  pids+=("$receiver")
}

touch "$work/calls"
start_receiver 3
start_monitor
until_true 60 test -s "$work/calls"
kill -TERM "$monitor"
begin=$SECONDS
status=0
wait "$monitor" || status=$?
expect_status 0
[ $((SECONDS - begin)) -le 15 ] || fail "the stop took $((SECONDS - begin)) s"
[ "$(sql "SELECT count(*) FROM message WHERE state = 'acknowledged'")" -gt 0 ] || fail "the call under way was not awaited"

kill "$receiver"
wait "$receiver" || true
start_receiver 60
calls=$(wc -l <"$work/calls")
# The first stop may have awaited everything there was: one more, whatever came before.
run alerts test hook
expect_status 0
start_monitor
more_calls() { [ "$(wc -l <"$work/calls")" -gt "$calls" ]; }
until_true 60 more_calls
kill -TERM "$monitor"
until_true 10 says 'SIGTERM: stopping'
kill -TERM "$monitor"
begin=$SECONDS
status=0
wait "$monitor" || status=$?
expect_status 1
[ $((SECONDS - begin)) -le 2 ] || fail "the second signal was not answered at once"
says 'again while stopping' || fail "the second signal is not in the log"

# The lease ends and the message goes out again under its own id, once the receiver answers.
kill "$receiver"
wait "$receiver" || true
sql "UPDATE message SET lease_until = clock_timestamp() WHERE state = 'sending'"
start_receiver 0
start_monitor
until_true 120 is "SELECT count(*) FROM message WHERE state <> 'acknowledged'" 0
expect_equal "$(sql "SELECT count(*) FROM delivery WHERE class = 'acknowledged'")" "$(sql "SELECT count(*) FROM message")" \
  "acknowledged deliveries"
