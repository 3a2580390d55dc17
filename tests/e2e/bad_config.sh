#!/usr/bin/env bash
# A configuration with mistakes: every one is named with its line and what would be right, exit status 2, nothing runs.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

cat >"$work/setaside.conf" <<'CONF'
database { dsn = "host=/nowhere dbname=setaside password=hunter2" }
state = "var/lib/setaside"
jurisdiction = "beijing-xicheng"
CONF
run check-config
expect_status 2
expect_error ':1: database: a password must not stand in the dsn'
expect_error ':2: state is "var/lib/setaside", it must be an absolute path'
! grep -q hunter2 "$work/stderr" || fail "the password is shown"

cat >"$work/setaside.conf" <<'CONF'
database { dsn = "host=/nowhere dbname=setaside" }
state = "/var/lib/setaside"
jurisdiction = "beijing-xicheng"
source "a" { kind = ftp  every = 5 }
CONF
run check-config
expect_status 2
expect_error ':4: source "a": kind "ftp" is not known, write one of: '
expect_error ':4: source "a": every is "5", it must be a duration'
expect_equal "$(cat "$work/stdout")" "" "stdout"

for command in monitor evaluate snapshot migrate; do
  run "$command"
  expect_status 2
done

printf 'database { dsn = "x" }\njurisdiction = x\nsource "torn" {\n' >"$work/setaside.conf"
run check-config
expect_status 2
expect_error 'the file ends inside the block source, close it with }'
expect_one_error_line

printf 'database { dsn = "dbname=x" }\njurisdictoin = x\n' >"$work/setaside.conf"
run check-config
expect_status 2
expect_error ':2: unknown key "jurisdictoin", did you mean jurisdiction?'

run check-config --surplus
expect_status 2
expect_error 'unknown option --surplus'
