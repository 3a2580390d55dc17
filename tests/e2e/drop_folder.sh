#!/usr/bin/env bash
# A drop folder: whole files become batches one by one and move to done/ with a receipt, a refused one to refused/ with
# its reason, one that is still being written is left alone; the daemon sees a new file without waiting for its scan.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
drop=$work/drop
mkdir "$drop"
configure <<CONF
source "office" { kind = file  format = csv  record = payment  path = "$drop"  every = 1h
  map = { "凭证号 -> voucher_no", "付款金额(元) -> amount_yuan", "清算日期 -> cleared_on" } }
CONF
run migrate
expect_status 0

table() { # NAME ROW... ; old enough to be whole
  printf '凭证号,付款金额(元),清算日期\n' >"$drop/.making"
  printf '%s\n' "${@:2}" >>"$drop/.making"
  touch -d '1 hour ago' "$drop/.making"
  mv "$drop/.making" "$drop/$1"
}
table a.csv 'V1,1.00,2026-03-01' 'V2,2.50,2026-03-02'
touch -d '2 hours ago' "$drop/a.csv"
printf '<html>登录</html>' >"$drop/b.csv"
touch -d '90 minutes ago' "$drop/b.csv"
table c.csv 'V3,3.00,2026-03-03' 'V4,"3,0",2026-03-03'
printf 'half' >"$drop/d.csv.part"
run collect office
expect_status 1
expect_error 'not-a-table'
expect_equal "$(sql "SELECT concat_ws(' ', count(*), sum(amount_fen)) FROM payment")" '3 650' "ledger"
expect_equal "$(sql "SELECT count(*) FROM batch")" 2 "batches"
expect_equal "$(cd "$drop" && find . -type f | sort | tr '\n' ' ')" \
  './d.csv.part ./done/a.csv ./done/a.csv.receipt.json ./done/c.csv ./done/c.csv.receipt.json ./refused/b.csv ./refused/b.csv.reason.json ' \
  "files"
python3 - "$drop" <<'PY'
import hashlib, json, sys
drop = sys.argv[1]
a = json.load(open(drop + "/done/a.csv.receipt.json"))
assert a["rows"]["new"] == 2 and a["batch"] == 1 and a["source"] == "office" and a["refusals"] == [], a
assert a["sha256"] == hashlib.sha256(open(drop + "/done/a.csv", "rb").read()).hexdigest(), a
c = json.load(open(drop + "/done/c.csv.receipt.json"))
assert c["rows"]["refused"] == 1 and "amount-grouping" in c["refusals"][0], c
b = json.load(open(drop + "/refused/b.csv.reason.json"))
assert "not-a-table" in b["reason"], b
PY

# The same name again is kept beside the first one; a rehearsal moves nothing.
table a.csv 'V1,1.00,2026-03-01'
run collect office --dry-run
expect_status 0
[ -f "$drop/a.csv" ] || fail "a rehearsal moved the file"
run collect office
expect_status 0
expect_equal "$(find "$drop/done" -name 'a.csv*.receipt.json' | wc -l)" 2 "receipts of a.csv"
run collect office
expect_status 0
grep -q 'nothing new' "$work/stdout" || fail "an empty folder: $(cat "$work/stdout")"

# One that cannot be opened blocks nobody, and is told as a fault of the source; lock files and the like are no files.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  table locked.csv 'L1,1.00,2026-03-01'
  touch -d '3 hours ago' "$drop/locked.csv"
  chmod 0600 "$drop/locked.csv"
  table open.csv 'L2,1.00,2026-03-01'
  printf 'lock' >"$drop/~\$open.xlsx"
  touch -d '4 hours ago' "$drop/~\$open.xlsx"
  before=$(stat -c %U "$work")
  chown -R nobody "$work/state" "$drop" "$work/setaside.conf"
  chown root "$drop/locked.csv"
  chmod o+x "$work"
  status=0
  setpriv --reuid=nobody --regid=nogroup --clear-groups "$bin" -c "$work/setaside.conf" collect office >"$work/stdout" 2>"$work/stderr" || status=$?
  expect_status 1
  expect_error 'cannot open locked.csv: Permission denied'
  expect_equal "$(sql "SELECT count(*) FROM payment WHERE voucher_no IN ('L1', 'L2')")" 1 "rows behind the locked file"
  expect_equal "$(sql "SELECT concat_ws(' ', fault, detail ->> 'file') FROM v_source_fault WHERE fault = 'unread-file'")" \
    'unread-file locked.csv' "fault"
  [ -f "$drop/~\$open.xlsx" ] || fail "a lock file was taken"
  chown -R "$before" "$work/state" "$drop" "$work/setaside.conf"
  chmod 0644 "$drop/locked.csv"
  run collect office
  expect_status 0
  expect_equal "$(sql "SELECT count(*) FROM v_source_fault WHERE fault = 'unread-file'")" 0 "faults afterwards"
fi

# A file that somebody still writes is not read, whatever its age, and holds up nobody.
start_monitor
until_true 20 says 'service: watching'
exec 7>"$drop/e.csv"
printf '凭证号,付款金额(元),清算日期\nV5,5.00,2026-03-' >&7
touch -d '1 minute ago' "$drop/e.csv"
table f.csv 'V6,6.00,2026-03-06'
touch -d '30 seconds ago' "$drop/f.csv"
until_true 10 is "SELECT count(*) FROM payment WHERE voucher_no = 'V6'" 1
expect_equal "$(sql "SELECT count(*) FROM payment WHERE voucher_no = 'V5'")" 0 "rows of a half-written file"
printf '05\n' >&7
exec 7>&-
until_true 20 is "SELECT count(*) FROM payment WHERE voucher_no = 'V5'" 1
until_true 5 test -f "$drop/done/e.csv.receipt.json"
