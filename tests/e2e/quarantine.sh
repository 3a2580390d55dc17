#!/usr/bin/env bash
# Refused rows: listed with filters, exported with the reason beside the value, corrected by a named person through the
# ordinary way of a batch, settled by one, and settled by themselves once the source comes without them. What is missing is
# listed per unit and month.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
mkdir -p "$work/in"
configure <<CONF
source "spend" {
  kind = file  format = csv  record = payment  path = "$work/in/pay.csv"  complete = yes
  map = { "付款金额(元) -> amount_yuan", "付款日 -> cleared_on", "票号 -> voucher_no", "收款方 -> payee_name" }
}
CONF
run migrate
expect_status 0
{
  echo '票号,单位编码,收款方,付款金额(元),付款日'
  echo 'V1,026,甲,100.00,2026-03-01'
  echo 'V2,026,"乙, 丙",1O0.00,2026-03-02'
  echo 'V3,026,丁,5.00,2026-13-40'
  echo ',,,xxx,'
} >"$work/in/pay.csv"
run collect spend
expect_status 4
expect_equal "$(sql "SELECT count(*), sum(amount_fen) FROM payment")" "1|10000" "payments"

run original payment V1
expect_status 0
grep -qxF 'V1,026,甲,100.00,2026-03-01' "$work/stdout" || fail "original line: $(cat "$work/stdout")"
run original quarantine "$(sql "SELECT quarantine_id FROM quarantine WHERE value LIKE '1O%'")"
expect_status 0
grep -qxF 'V2,026,"乙, 丙",1O0.00,2026-03-02' "$work/stdout" || fail "refused line: $(cat "$work/stdout")"
run original payment V9
expect_status 1
expect_error 'there is no payment with the number "V9"'

run quarantine list --format csv
expect_status 0
expect_equal "$(wc -l <"$work/stdout")" 4 "header and three rows"
run quarantine list --field amount_yuan --source spend --format csv
expect_equal "$(wc -l <"$work/stdout")" 3 "rows of one field"
run quarantine list --source other --format csv
expect_equal "$(wc -l <"$work/stdout")" 1 "rows of another source"
run quarantine list --since 2099-01-01 --format csv
expect_equal "$(wc -l <"$work/stdout")" 1 "rows of a later day"
run quarantine list --out "$work/list.xlsx"
expect_status 0
python3 - "$work/list.xlsx" <<'PY'
import re, sys, zipfile
book = zipfile.ZipFile(sys.argv[1])
sheet = book.read("xl/worksheets/sheet1.xml").decode()
rows = re.findall(r"<row [^>]*>(.*?)</row>", sheet, re.S)
cells = [[re.sub("<[^>]*>", "", c) for c in re.findall(r"<c [^>]*>(.*?)</c>|<c [^>]*/>", r, re.S)] for r in rows]
at = cells[0].index("原值")
assert cells[0][at + 1] == "原因", cells[0]
assert any(r[at] == "1O0.00" and r[at + 1] for r in cells[1:]), cells
PY

id_of() { sql "SELECT quarantine_id FROM quarantine WHERE row_text LIKE '$1%' AND resolved_batch IS NULL"; }
v2=$(id_of V2)
run quarantine correct "$v2" amount_yuan=1oo --by 张三 --reason 凭证原件为100.00
expect_status 5
expect_error 'would be refused again'
run quarantine correct "$v2" amount_yuan=100.00 --reason 凭证原件为100.00
expect_status 2
expect_error 'who decides is missing'
run quarantine correct "$v2" 没有这一列=1 --by 张三 --reason x
expect_status 2
expect_equal "$(sql "SELECT count(*) FROM quarantine_act")" 0 "acts"
run quarantine correct "$v2" '付款金额(元)=100.00' --by 张三 --reason 凭证原件为100.00
expect_status 0
expect_equal "$(sql "SELECT voucher_no, unit_code, payee_name, amount_fen FROM payment WHERE voucher_no = 'V2'")" \
  "V2|026|乙, 丙|10000" "the corrected row"
expect_equal "$(sql "SELECT what, person, reason, changes->0->>'old', changes->0->>'new', batch_id IS NOT NULL FROM quarantine_act")" \
  "corrected|张三|凭证原件为100.00|1O0.00|100.00|t" "the act"
expect_equal "$(sql "SELECT s.name FROM payment p JOIN batch USING (batch_id) JOIN source s USING (source_id) WHERE voucher_no = 'V2'")" \
  corrections "its source"
run quarantine correct "$v2" '付款金额(元)=1.00' --by 张三 --reason 再来
expect_status 5

# The source says the same again: what a person decided stays decided.
echo 'V4,026,戊,1.00,2026-03-05' >>"$work/in/pay.csv"
run collect spend
expect_status 4
expect_equal "$(sql "SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL")" 2 "open rows"
expect_equal "$(sql "SELECT amount_fen FROM payment WHERE voucher_no = 'V2'")" 10000 "the correction stands"

v3=$(id_of V3)
run quarantine settle "$v3" --by 李四 --reason 重复的测试行
expect_status 0
run quarantine settle "$v3" --by 李四 --reason 重复的测试行
expect_status 5
run quarantine list --state settled --format csv
grep -q '李四,重复的测试行' "$work/stdout" || fail "who settled it: $(cat "$work/stdout")"

# The row without a key is settled once the file comes without it.
sed -i '/xxx/d' "$work/in/pay.csv"
run collect spend
expect_equal "$(sql "SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL")" 0 "open rows"
run quarantine counts --format csv
expect_equal "$(tail -n 1 "$work/stdout" | cut -d, -f 2- | tr -d '\r')" "spend,3,3,0" "counts of the day"
# The same bytes again settle nothing and open nothing.
run collect spend
expect_equal "$(sql "SELECT count(*) FROM quarantine")" 3 "rows in quarantine"

# One list per unit and month, largest amounts first.
run unmatched --format csv
expect_equal "$(sed -n 2,3p "$work/stdout" | cut -d, -f 1 | tr '\r\n' '  ' | tr -d ' ')" "V1V2" "unmatched, largest first"
run wanted --each "$work/lists"
expect_status 0
[ -s "$work/lists/026-2026-03.xlsx" ] || fail "no list of unit 026: $(ls "$work/lists")"
run wanted --unit 026 --month 2026-03 --format csv
expect_equal "$(sed -n '2,$p' "$work/stdout" | cut -d, -f 5 | tr -d '\r' | paste -sd' ')" "V1 V2 V4" "wanted, largest first"

# The same two acts by HTTP on a running monitor: nobody, a wrong value, the right one, and once only.
pages=$(free_port)
configure <<CONF
api { listen = "127.0.0.1:$pages"  person-header = "X-Remote-User" }
source "portal" {
  kind = file  format = json  record = payment  path = "$work/in/pay.json"  every = 1d  records = "data.items"
  map = { "no -> voucher_no", "to.0.name -> payee_name", "sum -> amount_yuan unit=yuan", "unit -> unit_code" }
}
CONF
cat >"$work/in/pay.json" <<'JSON'
{"data": {"items": [
  {"no": "J1", "unit": "026", "sum": "7o.5", "to": [{"name": "己"}]},
  {"no": "J2", "unit": "026", "sum": "x", "to": [{"name": "庚"}]}]}}
JSON
run collect portal
expect_status 4
start_monitor
until_true 60 says 'evaluate: as of .* states written'
post() { curl -sS -o "$work/body" -w '%{http_code}' -H 'Content-Type: application/json' -d "$2" "${@:3}" "http://127.0.0.1:$pages$1"; }
number_of() { sql "SELECT quarantine_id FROM v_quarantine WHERE row_text LIKE '%$1%' AND resolved_batch IS NULL"; }
j1=/api/v1/quarantine/$(number_of J1) j2=/api/v1/quarantine/$(number_of J2)
right='{"reason":"凭证为70.50","changes":{"sum":"70.50"}}'
expect_equal "$(post "$j1/correction" "$right")" 403 "a correction by nobody"
expect_equal "$(post "$j1/correction" '{"reason":"x","changes":{"sum":70.5}}' -H 'X-Remote-User: wang')" 400 "a number, which JSON does not keep digit for digit"
expect_equal "$(post "$j1/correction" '{"reason":"x","changes":"sum"}' -H 'X-Remote-User: wang')" 400 "no object"
expect_equal "$(post "$j1/correction" '{"reason":"x","changes":{"sum":"7oo"}}' -H 'X-Remote-User: wang')" 409 "refused again"
expect_equal "$(sql "SELECT count(*) FROM quarantine_act WHERE person = 'wang'")" 0 "acts"
expect_equal "$(post "$j1/correction" "$right" -H 'X-Remote-User: wang')" 201 "a correction: $(cat "$work/body")"
expect_equal "$(sql "SELECT amount_fen, payee_name FROM payment WHERE voucher_no = 'J1'")" "7050|己" "the corrected row"
expect_equal "$(jq -r .batch_id "$work/body")" "$(sql "SELECT batch_id FROM quarantine_act WHERE person = 'wang'")" "its batch"
expect_equal "$(post "$j1/correction" "$right" -H 'X-Remote-User: wang')" 409 "a second correction"
expect_equal "$(post "$j2/settlement" '{"reason":"测试行"}' -H 'X-Remote-User: li')" 201 "a settlement"
expect_equal "$(post "$j2/settlement" '{"reason":"测试行"}' -H 'X-Remote-User: li')" 409 "a second settlement"
expect_equal "$(sql "SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL")" 0 "open rows in the end"
