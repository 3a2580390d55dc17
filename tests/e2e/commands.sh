#!/usr/bin/env bash
# The commands of an operator's day on a small ledger: figures in every format, explanations, the outbox, the doctor.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
echo http://127.0.0.1:1/hook >"$work/url"
echo "whsec_$(head -c 32 /dev/zero | base64 -w0)" >"$work/secret"
configure <<CONF
channel "hook" { kind = webhook  url-file = "$work/url"  secret-file = "$work/secret"  tls = none  allow = { "127.0.0.1/32" } }
route "all" { rules = { "*" }  units = { "*" }  channels = { "hook" } }
CONF

run evaluate
expect_status 1
expect_error 'setaside migrate'
run doctor
expect_status 1
grep -q '^fail .*schema' "$work/stdout" || fail "the doctor does not see the missing schema: $(cat "$work/stdout")"
run migrate --demonstration
expect_status 0
run migrate
expect_status 0
grep -q ' 0 applied now' "$work/stdout" || fail "a second migration did something: $(cat "$work/stdout")"

make_ledger "$work/ledger"
run import "$work/ledger" --dry-run
expect_status 0
expect_equal "$(sql "SELECT count(*) FROM batch")" 0 "batches after a rehearsal"
run import "$work/ledger" --source office
expect_status 0
expect_equal "$(sql "SELECT name FROM source")" office "the source"
run collect nobody
expect_status 2
expect_error 'has no source "nobody"'
run evaluate --as-of 2026-10-20
expect_status 0
grep -q 'obligations 140' "$work/stdout" || fail "$(cat "$work/stdout")"

run snapshot --as-of 2026-10-20
expect_status 0
cp "$work/stdout" "$work/snapshot.json"
run snapshot --as-of 2026-10-20 --out "$work/again.json"
expect_status 0
cmp "$work/snapshot.json" "$work/again.json" || fail "--out writes something else"
expect_equal "$(query "$work/snapshot.json" 'len(d["obligations"])')" 140 "obligations in the snapshot"
run snapshot --as-of 2026-10-20 --no-obligations
expect_status 0
expect_equal "$(query "$work/stdout" '"obligations" in d')" False "obligations left out"

run figures --as-of 2026-10-20 --format json
expect_status 0
expect_equal "$(query "$work/stdout" 'd["quota"]')" "$(query "$work/snapshot.json" 'd["quota"]')" "quota of figures and snapshot"
run figures --as-of 2026-10-20 --format csv
expect_status 0
expect_equal "$(head -n 1 "$work/stdout" | cut -d, -f1-4)" "scope,name,rule,plan_strict_base_yuan" "csv header"
expect_equal "$(wc -l <"$work/stdout")" 8 "csv lines: header, district, six departments"
run figures --as-of 2026-10-20 --unit 903001
expect_status 0
grep -q '^903001 .*有差额' "$work/stdout" || fail "$(cat "$work/stdout")"
expect_equal "$(wc -l <"$work/stdout")" 2 "lines for one department"
run figures --fiscal-year 12
expect_status 2

run arrears --as-of 2026-10-20 --format json
expect_status 0
overdue=$(query "$work/stdout" 'sum(1 for o in d["obligations"] if o["overdue_fen"] > 0)')
[ "$overdue" -gt 5 ] || fail "only $overdue overdue obligations"
run arrears --as-of 2026-10-20 --format csv
expect_status 0
expect_equal "$(wc -l <"$work/stdout")" $((overdue + 1)) "csv lines of arrears"
python3 - "$work/stdout" <<'EOF' || fail "overdue_since and overdue_days do not agree: $(head -2 "$work/stdout")"
import csv, datetime, sys
rows = list(csv.DictReader(open(sys.argv[1])))
day = datetime.date.fromisoformat("2026-10-20")
sys.exit(not rows or any((day - datetime.date.fromisoformat(r["overdue_since"])).days != int(r["overdue_days"]) for r in rows))
EOF
number=$(sed -n 2p "$work/stdout" | cut -d, -f1)
for command in notice disclosure complaints; do
  run "$command" --as-of 2026-10-20
  expect_status 0
done
disclosed() { # what the disclosure of the district by now says in the CSV column of that number
  run disclosure --as-of 2026-10-20 --format csv
  expect_status 0
  grep '^this_year_to_date,2026-10-20,D-1,district,' "$work/stdout" | cut -d, -f"$1"
}
before=$(disclosed 7)
expect_equal "$(head -1 "$work/stdout" | cut -d, -f7- | tr -d '\r')" \
  "amount_yuan,verified_obligations,verified_yuan,refuted_obligations,refuted_yuan" "columns of the disclosure"
expect_equal "$(disclosed 8)" 0 "verified rows in the disclosure before anybody looked"
owed=$(sql "SELECT min(obligation_no) FROM v_obligation_standing JOIN obligation_state USING (obligation_no)
  WHERE standing = 'suspected' AND debtor_kind IN ('organ', 'institution')")
run review "$owed" verified --by 王芳 --reason 电话核实
expect_status 0
expect_equal "$(disclosed 8)" 1 "verified rows in the disclosure"
expect_equal "$(disclosed 7)" "$before" "the sum of the disclosure after a review"
run explain "obligation/$number" --as-of 2026-10-20
expect_status 0
grep -q "$number" "$work/stdout" || fail "the explanation does not name its obligation"
query "$work/stdout" 'd' >/dev/null || fail "the explanation is not JSON"
run explain calendar/2027 --as-of 2026-10-20
expect_status 0
expect_equal "$(query "$work/stdout" 'd["known"], d["count"] == len(d["waiting"])')" '(False, True)' "a missing calendar"
run explain no-such-thing
expect_status 1
expect_one_error_line

run alerts test hook
expect_status 0
ref=$(cut -d' ' -f1 "$work/stdout")
run alerts list --format json
expect_status 0
expect_equal "$(query "$work/stdout" 'd[0]["ref"] + d[0]["state"]')" "${ref}queued" "the queued test"
run alerts show "$ref"
expect_status 0
expect_equal "$(query "$work/stdout" 'd["payload"]["demonstration"]')" True "the mark of demonstration data"
run alerts retry "$ref"
expect_status 5
sql "UPDATE message SET state = 'failed' WHERE ref = '$ref'"
run alerts retry "$ref"
expect_status 0
expect_equal "$(sql "SELECT state FROM message WHERE ref = '$ref'")" queued "the state after a retry"
run alerts show A-20000101-000001
expect_status 1
run alerts test nobody
expect_status 1
run alerts dance
expect_status 2

run doctor
expect_status 0
run doctor --json
expect_status 0
expect_equal "$(query "$work/stdout" '{x["verdict"] for x in d} <= {"ok", "warn"}')" True "the doctor's verdicts"
