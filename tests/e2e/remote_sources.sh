#!/usr/bin/env bash
# The three ways a remote source fails (a web page, a feed that ends early, a wrong password) give one clear error with
# its exit status and change nothing; the good ones come in once and change nothing when they come again.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
sql_as postgres postgres "CREATE DATABASE finance"
sql_as postgres postgres "CREATE ROLE needs_password LOGIN PASSWORD 'right'"
sql_as postgres finance "CREATE TABLE voucher (no text, amount numeric, paid date, changed timestamptz DEFAULT now())"
sql_as postgres finance "INSERT INTO voucher VALUES ('V1', 10.50, '2026-03-02'), ('V2', 7, NULL)"
sql_as postgres finance "GRANT SELECT ON voucher TO needs_password"
cat >"$work/voucher.sql" <<'SQL'
SELECT no AS "凭证号", amount AS "支付金额(元)", paid AS "清算日期", changed
FROM voucher WHERE changed > coalesce($1::timestamptz, '-infinity') - interval '1 hour' ORDER BY no
SQL

release() { # ocid amount
  printf '{"ocid":"%s","id":"r","date":"2026-03-01","buyer":{"id":"B1","name":"城管委"},"awards":[{"id":"1",%s' "$1" \
    "\"status\":\"active\",\"value\":{\"amount\":$2,\"currency\":\"CNY\"},\"suppliers\":[{\"id\":\"S1\",\"name\":\"甲\"}]}]}"
}
mkdir "$work/www"
printf '{"links":{"next":"/two"},"releases":[%s]}' "$(release o1 5.00)" >"$work/www/one"
printf '{"links":{"next":"/two"},"releases":[%s]}' "$(release o2 6.5)" >"$work/good"
printf '<!DOCTYPE html><html>503</html>' >"$work/www/page"
# The file says how many bytes come; "cut" announces more than it sends.
cat >"$work/server.py" <<'PY'
import http.server, os, sys
root, port_file = sys.argv[1:3]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            body = open(os.path.join(root, self.path.strip("/")), "rb").read()
        except OSError:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + (100 if body.startswith(b"cut") else 0)))
        self.end_headers()
        self.wfile.write(body.removeprefix(b"cut"))
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as out:
    out.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()
PY
python3 "$work/server.py" "$work/www" "$work/http_port" &
pids+=("$!")
until_true 10 test -s "$work/http_port"
url=http://127.0.0.1:$(cat "$work/http_port")

echo wrong >"$work/password"
configure <<CONF
source "feed" { kind = http  format = ocds  url = "$url/one"  next = "links.next"  plain-http = true  allow = { "127.0.0.1" } }
source "page" { kind = http  format = ocds  url = "$url/page"  next = "links.next"  plain-http = true  allow = { "127.0.0.1" } }
source "inward" { kind = http  format = ocds  url = "$url/one"  plain-http = true }
source "treasury" {
  kind = postgres  record = payment  dsn = "host=$cluster port=$(port) dbname=finance user=needs_password"
  password-file = "$work/password"  query-file = "$work/voucher.sql"  watermark = "changed"  map = { "changed -> -" }
}
CONF
run migrate
expect_status 0
before=$(ledger_print)

refused() { # source, status, pattern
  run collect "$1"
  expect_status "$2"
  expect_error "$3"
  expect_one_error_line
  expect_equal "$(ledger_print)" "$before" "the ledger after $1"
}

refused page 1 'not-json'
refused inward 5 '127\.0\.0\.1 is not permitted'
refused feed 1 'page 2.*404'
{ printf cut; cat "$work/good"; } >"$work/www/two"
refused feed 1 'page 2.*ended early'
refused treasury 3 'password authentication failed'
! grep -q wrong "$work/stderr" || fail "the password is shown"

# An empty page that names a next one, itself, ends the feed.
sed 's|/two|/three|' "$work/good" >"$work/www/two"
printf '{"links":{"next":"/three"},"releases":[]}' >"$work/www/three"
run collect feed
expect_status 0
expect_equal "$(sql "SELECT count(*), sum(amount_fen) FROM award")" "2|1150" "awards"
run collect feed
expect_status 0
grep -qE 'new 0  changed 0 ' "$work/stdout" || fail "the same feed again: $(cat "$work/stdout")"

echo right >"$work/password"
run collect treasury
expect_status 0
expect_equal "$(sql "SELECT count(*), sum(amount_fen) FROM payment")" "2|1750" "payments"
sql_as postgres finance "UPDATE voucher SET amount = 8, changed = now() WHERE no = 'V2'"
run collect treasury
expect_status 0
grep -qE 'new 0  changed 1 ' "$work/stdout" || fail "the changed voucher: $(cat "$work/stdout")"
expect_equal "$(sql "SELECT sum(amount_fen) FROM payment")" 1850 "payments after the change"
