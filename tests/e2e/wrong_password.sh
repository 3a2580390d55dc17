#!/usr/bin/env bash
# A wrong or missing password: exit status 3, one clear line that does not show it, nothing changed.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
sql_as postgres postgres "CREATE ROLE needs_password LOGIN SUPERUSER PASSWORD 'right'"
echo wrong-secret >"$work/password"
configure </dev/null
sed -i "1s|.*|database { dsn = \"host=$cluster port=$(port) dbname=setaside user=needs_password\"  password-file = \"$work/password\" }|" \
  "$work/setaside.conf"

for command in migrate evaluate snapshot; do
  run "$command"
  expect_status 3
  expect_error 'password authentication failed'
  expect_one_error_line
  ! grep -q wrong-secret "$work/stderr" || fail "the password is shown"
done
expect_equal "$(sql_as postgres setaside "SELECT count(*) FROM pg_namespace WHERE nspname = 'setaside'")" 0 "schemas made"

rm "$work/password"
run migrate
[ "$status" -eq 2 ] || [ "$status" -eq 3 ] || fail "status $status without a password file"
expect_error "$work/password"

echo right >"$work/password"
run migrate
expect_status 0
run evaluate
expect_status 0

# A server that is not there at all is the same to the caller.
"$pgctl" down "$cluster" fast
run evaluate
expect_status 3
expect_one_error_line
"$pgctl" up "$cluster"
