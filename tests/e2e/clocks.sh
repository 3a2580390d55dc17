#!/usr/bin/env bash
# The day is Beijing's, whatever the host's zone, at the year's end, on the leap day and at midnight; a clock that is set
# back by a day changes no due day and tells nothing twice; an unpublished calendar year is one finding and one message.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

faketime=$(find /usr/lib /usr/local/lib -name 'libfaketimeMT.so.1' -print -quit 2>/dev/null || true)
[ -n "$faketime" ] || { echo "libfaketime is not installed" >&2; exit 77; }

# at ZONE "UTC TIME" COMMAND...: runs the program with a stopped clock on a host in that zone.
at() {
  local zone=$1 seconds
  seconds=$(date -u -d "$2" +%s)
  shift 2
  status=0
  env TZ="$zone" LD_PRELOAD="$faketime" FAKETIME_FMT=%s FAKETIME="$seconds" FAKETIME_DONT_FAKE_MONOTONIC=1 \
    DONT_FAKE_MONOTONIC=1 ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
    "$bin" -c "$work/setaside.conf" "$@" >"$work/stdout" 2>"$work/stderr" || status=$?
}
evaluated_on() {
  expect_status 0
  grep -q "^as of $1," "$work/stdout" || fail "$2: $(head -n 1 "$work/stdout") instead of $1"
}
due() { sql "SELECT due_on || ' ' || status FROM obligation_state WHERE obligation_no = '$1'"; }
messages() { sql "SELECT count(*) FROM message WHERE case_key LIKE '$1'"; }

start_cluster
echo 'http://127.0.0.1:9/' >"$work/hook.url"
echo 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=' >"$work/hook.key"
chmod 600 "$work/hook.url" "$work/hook.key"
configure <<CONF
channel "hook" { kind = webhook  tls = none  url-file = "$work/hook.url"  secret-file = "$work/hook.key"  allow = { "127.0.0.0/8" } }
route "all" { rules = { "*" }  units = { "*" }  channels = { "hook" } }
CONF
run migrate
expect_status 0

mkdir "$work/ledger"
head -n 1 "$src/tests/golden/corner/contract.csv" >"$work/ledger/contract.csv"
head -n 1 "$src/tests/golden/corner/obligation.csv" >"$work/ledger/obligation.csv"
cp "$src/tests/golden/corner/unit.csv" "$src/tests/golden/corner/supplier.csv" "$work/ledger/"
contract() { echo "$1,P-$1,01,101001,919911062302079394,$2,900000.00,none,,,S,0,,,delivery,,,,,active," >>"$work/ledger/contract.csv"; }
debt() { echo "$1,$2,delivery,1000.00,$3,,,,,," >>"$work/ledger/obligation.csv"; }
contract C24 2024-01-10
contract C25 2025-01-10
debt LEAP C24 2024-01-30
debt COMMON C25 2025-01-30
debt YEAR C25 2025-12-01
debt NIGHT C25 2026-03-01
for i in $(seq 60); do debt "NEXT-$i" C25 2026-12-05; done
run import "$work/ledger"
expect_status 0

# The leap day is a day like others: thirty days from 30 January end on it in 2024, on Saturday 1 March in 2025.
at UTC '2024-02-29 12:00' evaluate
evaluated_on 2024-02-29 "leap day"
expect_equal "$(due LEAP)" '2024-02-29 not-due' "on the leap day"
at UTC '2024-02-29 16:00' evaluate
evaluated_on 2024-03-01 "the day after"
expect_equal "$(due LEAP)" '2024-02-29 overdue' "the day after the leap day"
at UTC '2025-03-03 00:00' evaluate
expect_equal "$(due COMMON)" '2025-03-03 not-due' "a common year, rolled from Saturday"

# New Year comes with Beijing's midnight, 16:00 UTC.
at America/Los_Angeles '2025-12-31 15:59:59' evaluate
evaluated_on 2025-12-31 "last second of the year"
expect_equal "$(due YEAR)" '2025-12-31 not-due' "on the last day"
at America/Los_Angeles '2025-12-31 16:00:00' evaluate
evaluated_on 2026-01-01 "first second of the year"
expect_equal "$(due YEAR)" '2025-12-31 overdue' "on New Year's Day"

# Midnight on hosts far west and far east of Beijing, and on one with summer time.
for zone in America/Los_Angeles Pacific/Kiritimati Europe/Berlin; do
  at "$zone" '2026-03-31 15:59:59' evaluate --as-of 2026-03-31
  at "$zone" '2026-03-31 15:59:59' snapshot --no-obligations
  grep -q '"as_of": *"2026-03-31"' "$work/stdout" || fail "$zone: not Beijing's day before midnight"
  at "$zone" '2026-03-31 16:00:00' snapshot --no-obligations
  grep -q '"as_of": *"2026-04-01"' "$work/stdout" || fail "$zone: not Beijing's day after midnight"
done
at Pacific/Kiritimati '2026-03-31 15:59:59' evaluate
evaluated_on 2026-03-31 "before midnight"
expect_equal "$(due NIGHT)" '2026-03-31 not-due' "before midnight"
before=$(messages 'arrears/%')
at Pacific/Kiritimati '2026-03-31 16:00:00' evaluate
evaluated_on 2026-04-01 "after midnight"
expect_equal "$(due NIGHT)" '2026-03-31 overdue' "after midnight"
expect_equal "$(messages 'arrears/%')" $((before + 1)) "one message for what fell due"

# The clock is set back by a day, and catches up again.
moved() { sql "SELECT count(*) FROM finding_event WHERE event IN ('closed', 'reopened')"; }
moved_before=$(moved)
dues=$(sql "SELECT string_agg(obligation_no || due_on || status, ',' ORDER BY obligation_no) FROM obligation_state")
at UTC '2026-03-31 10:00' evaluate
evaluated_on 2026-04-01 "a clock set back"
grep -q 'set back' "$work/stderr" || fail "nobody is told that the clock was set back"
at UTC '2026-04-01 02:00' evaluate
evaluated_on 2026-04-01 "the same day again"
at UTC '2026-04-02 02:00' evaluate
evaluated_on 2026-04-02 "the day after"
expect_equal "$(messages 'arrears/%')" $((before + 1)) "nothing told twice"
expect_equal "$(sql "SELECT string_agg(obligation_no || due_on || status, ',' ORDER BY obligation_no) FROM obligation_state")" \
  "$dues" "due days and states"
expect_equal "$(moved)" "$moved_before" "findings that came and went"
# Far ahead was wrong from the start: then today counts.
at UTC '2026-08-01 02:00' evaluate
at UTC '2026-04-03 02:00' evaluate
evaluated_on 2026-04-03 "a clock that had been months ahead"

# Sixty debts wait for the calendar of 2027: one finding, one message, whether they are due by the text or not yet.
missing() { sql "SELECT count(*) || ' ' || coalesce(max((evidence->>'obligations')::integer), 0) FROM finding WHERE code = 'calendar-missing' AND state = 'open'"; }
at UTC '2026-12-31 02:00' evaluate
expect_equal "$(missing)" '1 60' "findings and debts before the year"
at UTC '2027-01-05 02:00' evaluate
evaluated_on 2027-01-05 "the unknown year"
expect_equal "$(sql "SELECT count(*) FROM obligation_state WHERE status = 'calendar-missing' AND overdue_fen = 0 AND interest_fen = 0 AND outstanding_fen = 100000")" 60 "debts that wait"
expect_equal "$(missing)" '1 60' "findings and debts in the year"
expect_equal "$(messages 'calendar/2027')" 1 "messages about the calendar"
