#!/usr/bin/env bash
# The pages of a running monitor: the API's snapshot has the bytes of the command's, figures and arrears are the members of
# that snapshot, a wrong question is the caller's fault, and none of it ends the monitor.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
pages=$(free_port)
configure <<CONF
api { listen = "127.0.0.1:$pages"  person-header = "X-Remote-User" }
CONF
run migrate
expect_status 0
run import "$src/tests/golden/district"
expect_status 0
start_monitor
until_true 60 says 'evaluate: as of .* states written'

get() { curl -sS -o "$work/body" -w '%{http_code}' "http://127.0.0.1:$pages$1"; }

for day in 2026-10-20 2026-12-31; do
  run snapshot --as-of $day
  expect_status 0
  expect_equal "$(get "/api/v1/snapshot?as_of=$day")" 200 "status of the snapshot"
  cmp "$work/body" "$work/stdout" || fail "the API's snapshot of $day differs from the command's"
done
run snapshot --as-of 2026-10-20 --no-obligations
expect_equal "$(get '/api/v1/snapshot?as_of=2026-10-20&obligations=0')" 200 "status of the short snapshot"
cmp "$work/body" "$work/stdout" || fail "the short snapshots differ"

as_of=$(sql "SELECT as_of FROM check_run ORDER BY run_id DESC LIMIT 1")
run snapshot --as-of "$as_of"
expect_equal "$(get /api/v1/figures)" 200 "status of the figures"
cp "$work/body" "$work/figures"
department=$(python3 -c 'import json, sys; print(next(iter(json.load(open(sys.argv[1]))["quota"]["departments"])))' "$work/figures")
expect_equal "$(get "/api/v1/figures?unit_code=$department")" 200 "status of a unit's figures"
python3 - "$work/figures" "$work/body" "$department" "$work/stdout" <<'PY' || fail "a department alone differs from the list"
import json, sys
figures, one = (json.load(open(path)) for path in sys.argv[1:3])
published = json.load(open(sys.argv[4]))["quota"]["district"]["snapshots"]
assert published.keys() == {"initial", "adjusted", "final"}
assert figures["quota"]["district"]["snapshots"] == published
assert one["quota_unit"]["scope"] == sys.argv[3]
assert one["quota_unit"]["figures"]["plan"] == figures["quota"]["departments"][sys.argv[3]]["plan"]
PY
expect_equal "$(get '/api/v1/figures?unit_code=nobody')" 404 "status of nobody's figures"
expect_equal "$(get '/api/v1/arrears?coverage=covered&limit=500')" 200 "status of the arrears"
python3 - "$work/stdout" "$work/figures" "$work/body" <<'PY' || fail "figures or arrears differ from the snapshot"
import json, sys
snapshot, figures, arrears = (json.load(open(path)) for path in sys.argv[1:])
assert figures["as_of"] == snapshot["as_of"], (figures["as_of"], snapshot["as_of"])
for scope in ("plan", "award"):
    assert figures["quota"]["district"][scope] == snapshot["quota"]["district"][scope], scope
assert figures["quota"]["departments"].keys() == snapshot["quota"]["departments"].keys()
for code, department in snapshot["quota"]["departments"].items():
    assert figures["quota"]["departments"][code]["plan"] == department["plan"], code
rows = {row["obligation_no"]: row for row in snapshot["obligations"]}
assert len(arrears["items"]) == snapshot["arrears"]["district"]["overdue_obligations"] > 100
for item in arrears["items"]:
    row = rows[item["obligation_no"]]
    for member in ("status", "due", "overdue_fen", "overdue_days", "outstanding_fen", "due_source"):
        assert item[member] == row[member], (item["obligation_no"], member, item[member], row[member])
PY

# The same changes imagined by both: the same answer, and nothing in the ledger.
post() { curl -sS -o "$work/body" -w '%{http_code}' -H 'Content-Type: application/json' --data-binary "@$2" "http://127.0.0.1:$pages$1"; }
cat >"$work/change.json" <<'JSON'
{"changes": [{"do": "reserve", "for": "small_micro", "unit_code": "UNIT", "project_code": "PROJECT", "package_no": "PACKAGE"}]}
JSON
item=$(sql "SELECT concat_ws('|', unit_code, project_code, package_no) FROM budget_item WHERE fiscal_year = 2026
  AND reserve_form = 'none' AND approved_on < '2026-03-01' AND budget_fen > 0 ORDER BY 1 LIMIT 1")
IFS='|' read -r unit project package <<<"$item"
sed -i "s/UNIT/$unit/; s/PROJECT/$project/; s/PACKAGE/$package/" "$work/change.json"
# The first look at the records comes some time after the evaluation.
until_true 60 says 'records: batch .* procurements looked at'
state_before=$(sql "SELECT concat_ws(' ', (SELECT max(batch_id) FROM batch), (SELECT max(run_id) FROM check_run), (SELECT count(*) FROM finding))")
run what-if "$work/change.json" --as-of 2026-10-20 --format json
expect_status 0
expect_equal "$(post '/api/v1/what-if?as_of=2026-10-20' "$work/change.json")" 200 "status of imagined changes: $(cat "$work/body")"
cmp "$work/body" "$work/stdout" || fail "the API imagines something else than the command"
expect_equal "$(sql "SELECT concat_ws(' ', (SELECT max(batch_id) FROM batch), (SELECT max(run_id) FROM check_run), (SELECT count(*) FROM finding))")" \
  "$state_before" "what the ledger holds after imagining"
sed -i "s/$project/NOWHERE/" "$work/change.json"
expect_equal "$(post /api/v1/what-if "$work/change.json")" 422 "a change of nothing"
grep -q 'change 1' "$work/body" || fail "$(cat "$work/body")"
head -c 1048577 /dev/zero | tr '\0' ' ' >"$work/much"
expect_equal "$(post /api/v1/what-if "$work/much")" 413 "more than a mebibyte"

for basis in plan adjusted notice mixed; do
  run explain "quota/$basis/district/2026" --as-of 2026-10-20
  expect_status 0
  expect_equal "$(get "/api/v1/explain?id=quota/$basis/district/2026&as_of=2026-10-20")" 200 "status of an explanation"
  cmp "$work/body" "$work/stdout" || fail "the API explains $basis otherwise than the command"
done
# The row of a contract as its file had it, by both.
number=$(sql "SELECT min(contract_no) FROM contract")
run original contract "$number"
expect_status 0
cp "$work/stdout" "$work/original"
expect_equal "$(get "/api/v1/original?kind=contract&number=$number")" 200 "status of an original"
python3 - "$work/body" "$work/original" <<'PY'
import json, sys
items = json.load(open(sys.argv[1]))["items"]
told = "".join(f"batch {i['batch_id']}, source {i['source']}, {i['file']} row {i['place']}:\n{i['text']}\n" for i in items)
assert items and len(items[0]["sha256"]) == 64 and told == open(sys.argv[2]).read(), (items, told)
PY
expect_equal "$(get '/api/v1/original?kind=contract&number=NOWHERE')" 404 "the original of nothing"
expect_equal "$(get '/api/v1/original?kind=nothing&number=1')" 400 "the original of no kind"
expect_equal "$(get '/api/v1/original?kind=contract')" 400 "an original without number"

run explain "quota/mixed/district/2026" --as-of 2026-10-20
grep -q '"part":"plan"' "$work/stdout" || fail "no budget row stands behind the figure of circulars"
grep -q '"part":"award"' "$work/stdout" || fail "no contract stands behind the figure of circulars"

run explain rules
expect_status 0
expect_equal "$(get /api/v1/rules)" 200 "status of the rules"
cmp "$work/body" "$work/stdout" || fail "the API lists other rules than the command"

expect_equal "$(get /)" 200 "status of the page"
expect_equal "$(get '/api/v1/snapshot?as_of=2026-02-30')" 400 "an impossible date"
expect_equal "$(get '/api/v1/snapshot?known_at=yesterday-ish')" 400 "a time that is none"
expect_equal "$(get /api/v1/findings/1)" 200 "one finding"
expect_equal "$(get /healthz)" 200 "the monitor is alive"

# A signed-in person reviews a debt as it is on the screen; the next run takes it up; nobody else can write.
post() { curl -sS -o "$work/body" -w '%{http_code}' -X POST -H 'Content-Type: application/json' "${@:3}" -d "$2" "http://127.0.0.1:$pages$1"; }
get '/api/v1/arrears?coverage=covered&limit=1' >/dev/null
debt=$(jq -r '.items[0].obligation_no' "$work/body")
get "/api/v1/arrears/$debt" >/dev/null
seen=$(jq -c '{verdict: "verified", reason: "电话核实", overdue_since, overdue_fen}' "$work/body")
expect_equal "$(jq -r .standing "$work/body")" suspected "standing before"
expect_equal "$(post "/api/v1/arrears/$debt/reviews" "$seen")" 403 "a review by nobody"
expect_equal "$(post "/api/v1/arrears/$debt/reviews" "$(jq -c '.overdue_fen += 1' <<<"$seen")" -H 'X-Remote-User: wang')" 409 "a review of other figures"
expect_equal "$(post "/api/v1/arrears/$debt/reviews" "$seen" -H 'X-Remote-User: wang')" 201 "a review"
expect_equal "$(post "/api/v1/arrears/$debt/reviews" "$seen" -H 'X-Remote-User: li')" 409 "a second review"
expect_equal "$(get '/api/v1/reviews?limit=5')" 200 "list of reviews"
expect_equal "$(jq -r '.items[] | .obligation_no + " " + .verdict + " " + .reviewer' "$work/body")" "$debt verified wang" "reviews"
get "/api/v1/arrears/$debt" >/dev/null
expect_equal "$(jq -r .standing "$work/body")" verified "standing after"
until_true 60 is "SELECT count(*) > 0 FROM proposal WHERE state = 'proposed'" t
expect_equal "$(get '/api/v1/proposals?state=proposed')" 200 "list of proposals"
number=$(jq -r '.items[0].proposal_id' "$work/body")
expect_equal "$(post "/api/v1/proposals/$number/decision" '{"decision":"maybe","reason":"x"}' -H 'X-Remote-User: wang')" 400 "no decision"
expect_equal "$(post "/api/v1/proposals/$number/decision" '{"decision":"declined","reason":"已付款在途"}' -H 'X-Remote-User: wang')" 201 "a decision"
expect_equal "$(post "/api/v1/proposals/$number/decision" '{"decision":"confirmed","reason":"x"}' -H 'X-Remote-User: li')" 409 "a second decision"
# An entry of the registers comes by HTTP as by the command, is evaluated at once, and is withdrawn once.
supplier=$(sql "SELECT uscc FROM supplier ORDER BY uscc LIMIT 1")
answer="{\"value\":\"S\",\"supplier_uscc\":\"$supplier\",\"approver\":\"区经济促进局\",\"reason\":\"书面答复\",\"valid_from\":\"2026-01-01\"}"
expect_equal "$(post /api/v1/registers/size/entries "$answer")" 403 "an entry by nobody"
expect_equal "$(post /api/v1/registers/size/entries "$(jq -c 'del(.approver)' <<<"$answer")" -H 'X-Remote-User: wang')" 400 "an entry that nobody approved"
expect_equal "$(post /api/v1/registers/wish/entries "$answer" -H 'X-Remote-User: wang')" 409 "a register that is none"
expect_equal "$(post /api/v1/registers/size/entries "$answer" -H 'X-Remote-User: wang')" 201 "an entry"
entry=$(jq -r .entry_no "$work/body") batch=$(jq -r .batch_id "$work/body")
until_true 60 is "SELECT max(known_batch) >= $batch FROM check_run" t
expect_equal "$(post /api/v1/registers/size/entries "$answer" -H 'X-Remote-User: li')" 409 "an entry that overlaps"
grep -q "overlaps with entry $entry" "$work/body" || fail "$(cat "$work/body")"
expect_equal "$(post "/api/v1/register-entries/$entry/withdrawal" '{"approver":"区经济促进局","reason":"更正"}' -H 'X-Remote-User: wang')" 201 "a withdrawal"
expect_equal "$(post "/api/v1/register-entries/$entry/withdrawal" '{"approver":"区经济促进局","reason":"更正"}' -H 'X-Remote-User: wang')" 409 "a second withdrawal"
expect_equal "$(get "/api/v1/registers?of=$supplier&history=1")" 200 "list of entries"
expect_equal "$(jq -r '.items | map(.recorded_by + " " + .withdrawn_by) | join(",")' "$work/body")" "wang 区经济促进局,wang " "versions of the entry"
expect_equal "$(get "/api/v1/registers?history=1&limit=1")" 200 "first page of the entries"
expect_equal "$(get "/api/v1/registers?history=1&limit=1&cursor=$(jq -r '.next | @uri' "$work/body")")" 200 "second page of the entries"
expect_equal "$(jq -r '.items[0].is_current' "$work/body")" false "the older version"
expect_equal "$(get '/api/v1/work-list')" 200 "work list"
expect_equal "$(jq -r '.work_list.rows[0].obligation_no' "$work/body")" "$debt" "verified work comes first"
