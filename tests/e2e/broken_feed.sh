#!/usr/bin/env bash
# A feed that ends early, one that is no JSON, one that answers 503: `collect` gives one clear error, exit status 1, and
# the ledger is as it was. The same feed whole again comes in.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
feed=$(free_port)
configure <<CONF
source "portal" {
  kind = http
  format = ocds
  url = "http://127.0.0.1:$feed/releases.json"
  next = "links.next"
  plain-http = yes
  allow = { "127.0.0.1/32" }
}
CONF
run migrate
expect_status 0
python3 "$src/daemon/sample/make_district.py" "$work/sample" 2026-10-20 "http://127.0.0.1:$feed"

# Serves the sample's pages as the file $work/mode says: whole, early, html, busy. The second page is the broken one.
cat >"$work/feed.py" <<'PY'
import http.server, pathlib, sys
work = pathlib.Path(sys.argv[2])
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        mode = (work / "mode").read_text().strip()
        body = (work / "sample/feed" / self.path.lstrip("/")).read_bytes()
        if self.path != "/releases-2.json":
            mode = "whole"
        if mode == "html":
            body = "<html><body>系统维护中</body></html>".encode()
        self.send_response(503 if mode == "busy" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if mode == "early" else body)
        self.close_connection = mode == "early"
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
PY
echo whole >"$work/mode"
python3 "$work/feed.py" "$feed" "$work" &
pids+=("$!")
until_true 10 curl -sf -o /dev/null "http://127.0.0.1:$feed/releases.json"

before=$(ledger_print)
for mode in early html busy; do
  echo "$mode" >"$work/mode"
  run collect portal
  expect_status 1
  expect_one_error_line
  expect_equal "$(ledger_print)" "$before" "the ledger after a feed that is $mode"
done
echo whole >"$work/mode"
run collect portal
expect_status 0
[ "$(sql "SELECT count(*) FROM award")" -eq 8 ] || fail "$(sql "SELECT count(*) FROM award") awards instead of 8"
before=$(ledger_print)
run collect portal
expect_status 0
expect_equal "$(sql "SELECT count(*) FROM award")" 8 "awards after the same feed again"
