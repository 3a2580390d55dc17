#!/usr/bin/env bash
# A torn CSV, an HTML page saved as CSV, a file without its key column: one clear error that names the file, exit
# status 1, and the ledger is as it was. A single bad row is another thing: it goes to quarantine, exit status 4.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
configure </dev/null
run migrate
expect_status 0
make_ledger "$work/good"
run import "$work/good"
expect_status 0
before=$(ledger_print)

refused() { # what is wrong, a pattern of the error
  run import "$work/bad"
  expect_status 1
  expect_error "$2"
  expect_one_error_line
  expect_equal "$(ledger_print)" "$before" "the ledger after $1"
}

fresh_copy() { rm -rf "$work/bad"; cp -r "$work/good" "$work/bad"; }

fresh_copy
size=$(stat -c %s "$work/bad/payment.csv")
printf '"ZF-torn,' >>"$work/bad/payment.csv"
[ "$(stat -c %s "$work/bad/payment.csv")" -gt "$size" ]
refused "a torn CSV" 'payment\.csv'

fresh_copy
cat >"$work/bad/contract.csv" <<'HTML'
<!DOCTYPE html>
<html><head><title>503 Service Temporarily Unavailable</title></head>
<body><h1>系统维护中，请稍后再试</h1></body></html>
HTML
refused "an HTML page" 'contract\.csv'

fresh_copy
sed -i '1s/voucher_no/voucher/' "$work/bad/payment.csv"
refused "a missing column" 'voucher_no'

fresh_copy
sed -i '2s/,cash/,barter/' "$work/bad/payment.csv"
run import "$work/bad"
expect_status 4
expect_error 'payment\.csv'
expect_equal "$(sql "SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL")" 1 "rows in quarantine"

run import "$work/nothing-here"
expect_status 2
expect_error 'nothing-here'

# The same rows again: no new, no changed.
run import "$work/good"
[ "$status" -eq 0 ] || fail "the good directory again: status $status"
grep -qE 'new 0  changed (0|1) ' "$work/stdout" || fail "the same rows again: $(cat "$work/stdout")"
