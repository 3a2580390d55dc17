#!/usr/bin/env bash
# What is owed, by the commands: ageing whose columns sum to the balance, the day's work, declared debts beside the headline,
# what a review changes, and that the order in which batches came changes nothing.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

golden=$src/tests/golden/corner
day=2026-10-06
# The document without what differs by itself between two databases.
figures() { run snapshot --as-of "$day"; expect_status 0; grep -v '"ledger_known_at"' "$work/stdout" >"$work/$1"; }

# Half of the contracts with all that hangs on them, and the other half: no key is in both.
mkdir -p "$work/half1" "$work/half2" "$work/base"
cp "$golden/unit.csv" "$golden/supplier.csv" "$work/base/"
for kind in contract obligation amendment payment budget_item complaint; do
  head -n 1 "$golden/$kind.csv" | tee "$work/half1/$kind.csv" >"$work/half2/$kind.csv"
done
for kind in contract obligation amendment; do
  tail -n +2 "$golden/$kind.csv" | awk -v one="$work/half1/$kind.csv" -v two="$work/half2/$kind.csv" \
    '{ print >> ($0 ~ /^G[123]/ ? one : two) }'
done
tail -n +2 "$golden/payment.csv" | awk -v one="$work/half1/payment.csv" -v two="$work/half2/payment.csv" \
  '{ print >> (NR % 2 ? one : two) }'
tail -n +2 "$golden/budget_item.csv" >>"$work/half2/budget_item.csv"
tail -n +2 "$golden/complaint.csv" >>"$work/half1/complaint.csv"

start_cluster
configure </dev/null
run migrate
expect_status 0
for part in base half1 half2; do run import "$work/$part"; expect_status 0; done
figures first
sql_as postgres postgres 'DROP DATABASE setaside'
sql_as postgres postgres 'CREATE DATABASE setaside'
run migrate
expect_status 0
for part in half2 base half1; do run import "$work/$part"; expect_status 0; done
figures second
cmp "$work/first" "$work/second" || fail "the order of batches changed a figure"

# K-5: a complaint that was not admitted has no clock, and says why.
mkdir -p "$work/refused"
printf '%s\n' 'complaint_no,contract_no,accepted_on,handed_over_on,extended,answered_on,result,not_admitted_ground' \
  'TS-REFUSED,,,,,2026-09-30,not_admitted,已进入诉讼程序' >"$work/refused/complaint.csv"
run import "$work/refused"
expect_status 0
run complaints --as-of "$day" --format csv
expect_status 0
grep -q '^TS-REFUSED,,no-clock,,no-clock,不予受理,已进入诉讼程序' "$work/stdout" || fail "$(grep TS- "$work/stdout")"

# D-1 to D-3: what is published, and what every enterprise and institution reports for itself, none as zero.
run disclosure --as-of "$day" --format csv
expect_status 0
for kind in 'soe|large_enterprise:D-2' institution:D-3; do
  of_kind=$(awk -F, -v kind="^(${kind%:*})\$" -v day="$day" \
    'NR > 1 && $5 ~ kind && $6 <= day && ($7 == "" || $7 >= day) { print $1 }' "$golden/unit.csv")
  [ -n "$of_kind" ] || fail "no $kind among the units"
  for unit in $of_kind; do
    grep -q "^this_year_to_date,$day,${kind#*:},$unit," "$work/stdout" || fail "no row of $kind $unit"
  done
done

# Columns sum to the balance on every row, and the rows to the total, in fen, for every grouping.
for by in unit department debtor-kind supplier contract-year baseline; do
  run arrears --as-of "$day" --group-by "$by" --format csv
  expect_status 0
  awk -F, -v by="$by" '
    function fen(yuan) { gsub(/[".]/, "", yuan); return yuan + 0 }
    NR == 1 { next }
    { sum = 0; for (i = 3; i <= 11; i++) sum += fen($i)
      if (sum != fen($2)) { print by ": " $0; bad = 1 }
      if ($1 == "total") total = fen($2); else { rows += fen($2); n++ } }
    END { if (bad || n == 0 || rows != total || total == 0) { print by, n, rows, total; exit 1 } }
  ' "$work/stdout" >"$work/awk" || fail "columns do not sum: $(cat "$work/awk")"
done

# A declared debt is listed and aged, and in no headline.
before=$(jq -c '.arrears.district' "$work/second")
mkdir "$work/declared"
echo 'obligation_no,contract_no,kind,amount_yuan,unit_code,creditor_name,outstanding_yuan,declared_due_on,origin,cause' >"$work/declared/obligation.csv"
echo 'SB-001,,,1000.00,108001,京南某厂,600.00,2026-09-01,信访,资金未到位' >>"$work/declared/obligation.csv"
run import "$work/declared"
expect_status 0
figures third
expect_equal "$(jq -c '.arrears.district' "$work/third")" "$before" "headline with a declared debt"
expect_equal "$(jq -c '[.arrears.declared.total.balance_fen, .arrears.declared.debts[0].overdue_days,
  .arrears.declared.by_unit."108001"."31-60".fen, .arrears.declared.debts[0].cause]' "$work/third")" \
  '[60000,35,60000,"资金未到位"]' "declared debt"

# The day's work: every row overdue, suspected until somebody verified it; then it comes first.
run evaluate --as-of "$day"
expect_status 0
run arrears --as-of "$day" --work-list --format json
expect_status 0
expect_equal "$(jq -c '[.work_list.order[0], (.work_list.rows | length > 5), ([.work_list.rows[].standing] | unique)]' "$work/stdout")" \
  '["verified-undisputed",true,["suspected"]]' "work list"
last=$(jq -r '.work_list.rows[-1].obligation_no' "$work/stdout")
run review "$last" verified --reason '电话核实'
expect_status 2
run review "$last" verified --by 王芳 --reason '电话核实' --overdue 0.01
expect_status 5
expect_error 'has changed since it was looked at'
run review "$last" verified --by 王芳 --reason '电话核实'
expect_status 0
run review "$last" verified --by 李强 --reason '再核'
expect_status 5
expect_error "$last is verified: it cannot be verified from there"
run review "$last" --format csv
expect_status 0
expect_equal "$(tail -n +2 "$work/stdout" | cut -d, -f3,4,5)" 'verified,王芳,电话核实' "reviews of $last"
run arrears --as-of "$day" --work-list --format json
expect_equal "$(jq -r '.work_list.rows[0] | .obligation_no + " " + .standing' "$work/stdout")" "$last verified" "first work"
expect_equal "$(sql "SELECT count(*) > 5 FROM v_arrears_change WHERE change = 'new'")" t "new ones by day"

# What the ledgers say beside the figures stands on the work list; per official; another order by option and configuration.
mkdir "$work/notes"
{
  echo 'obligation_no,contract_no,kind,amount_yuan,delivered_on,accepted_on,settled_on,contract_due_on,disputed_yuan,dispute_opened_on,dispute_settled_on,origin,cause,responsible,fund_source,costs_yuan'
  grep "^$last," "$golden/obligation.csv" | sed 's/$/,信访,资金未到位,赵敏,区级财政,120.00/'
} >"$work/notes/obligation.csv"
printf '%s\n' 'plan_id,obligation_no,instalment,agreed_on,due_on,amount_yuan,fund_source' \
  "HK-1,$last,1,2026-06-01,2026-11-30,100.00,专项债" "HK-1,$last,2,2026-06-01,2027-02-28,200.00,专项债" \
  >"$work/notes/repayment_plan.csv"
run import "$work/notes"
expect_status 0
run arrears --as-of "$day" --work-list --official 赵敏 --format json
expect_equal "$(jq -c '[.work_list.rows[] | [.obligation_no, .origin, .cause, .responsible, .fund_source]]' "$work/stdout")" \
  "[[\"$last\",\"信访\",\"资金未到位\",\"赵敏\",\"区级财政\"]]" "work of one official"
expect_equal "$(jq -r '.work_list.rows[0].promised_on' "$work/stdout")" 2027-02-28 "the day by which a plan promises all"
run explain "obligation/$last" --as-of "$day"
expect_status 0
expect_equal "$(jq -c '[.. | objects | select(.event? == "promised") | [.day, .ref, .ahead]]' "$work/stdout")" \
  '[["2026-11-30","HK-1",true],["2027-02-28","HK-1",true]]' "promises on the timeline"
run arrears --as-of "$day" --work-list --order 'days' --format json
expect_equal "$(jq -c '[.work_list.order[0], (.work_list.rows | [.[].overdue_days] | . == (sort | reverse))]' "$work/stdout")" \
  '["days",true]' "order by days"
run arrears --work-list --order 'size'
expect_status 2

# The legal order of payments is an option beside the default; the explanation names the articles.
run arrears --as-of "$day" --payment-order legal --format json
expect_equal "$(jq -c '[.payment_order // "", ([.obligations[].interest_paid_fen] | add > 0)]' "$work/stdout")" \
  '["costs-interest-principal",true]' "legal order"
late=$(jq -r '[.obligations[] | select(.interest_paid_fen > 0)][0].obligation_no' "$work/stdout")
run explain "$late" --as-of "$day" --payment-order legal
grep -q '第五百六十一条（费用、利息、主债务）' "$work/stdout" || fail "the explanation names no article"
run explain "$late" --as-of "$day"
! grep -q '第五百六十一条（费用' "$work/stdout" || fail "the default names the legal order"

# A verified row of three months is proposed for 通报; a person decides, once, and by name.
run evaluate --as-of 2027-01-15
expect_status 0
run proposals --format json
expect_status 0
proposal=$(jq -r '.[0].proposal_id' "$work/stdout")
expect_equal "$(jq -r '.[0] | .step + " " + .rows[0].obligation_no' "$work/stdout")" "report $last" "proposal"
run proposals confirm "$proposal" --by 王芳
expect_status 2
run proposals confirm "$proposal" --by 王芳 --reason '约谈后仍未支付'
expect_status 0
run proposals decline "$proposal" --by 李强 --reason '再议'
expect_status 5
expect_error "proposal $proposal does not wait: it is confirmed already"
run proposals confirm 99999 --by 王芳 --reason x
expect_status 1
run proposals list --state all --format csv
expect_equal "$(tail -n +2 "$work/stdout" | grep -c confirmed)" 1 "confirmed proposals"
