#!/usr/bin/env bash
# collect --dry-run shows what the rows would become and every refusal, and leaves nothing: no batch, no original bytes.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
{
  echo '凭证号,付款金额(万元),清算日期,收款人全称,备注'
  for n in $(seq 25); do echo "V$n,1.5,2026-03-0$((n % 9 + 1)),甲公司,注$n"; done
  echo 'V26,"1,2,3",2026-03-01,乙公司,'
  echo 'V27,2,03/04/2026,乙公司,'
  echo 'V28,2,三月五日,乙公司,'
} >"$work/pay.csv"
configure <<CONF
source "office" { kind = file  format = csv  record = payment  path = "$work/pay.csv"
  map = { "凭证号 -> voucher_no", "付款金额 -> amount_yuan", "清算日期 -> cleared_on", "收款人全称 -> payee_name" } }
CONF
run migrate
expect_status 0
mkdir "$work/tmp"
TMPDIR="$work/tmp" run collect office --dry-run
expect_status 4
shows() { grep -qF -- "$1" "$work/stdout" || fail "it does not show '$1': $(head -30 "$work/stdout")"; }
shows '付款金额(万元) "1.5" -> amount_yuan'
shows '备注 "注1" -> (extra)'
shows 'amount_yuan = 15000.00'
shows 'row 27: refused, amount_yuan "1,2,3": amount-grouping'
shows 'row 28: refused, cleared_on "03/04/2026": date-order-unknown'
shows 'row 29: remark, cleared_on "三月五日": text-date, this is text and not a date'
expect_equal "$(grep -c ': payment$' "$work/stdout")" 20 "rows shown"
expect_equal "$(find "$work/tmp" "$work/state" -type f | wc -l)" 0 "files left behind"
expect_equal "$(sql "SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM source) + (SELECT count(*) FROM quarantine)")" 0 \
  "rows in the ledger"
