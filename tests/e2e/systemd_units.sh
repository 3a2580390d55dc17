#!/usr/bin/env bash
# The units are ones that systemd understands, and stay as locked up as they are said to be.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

command -v systemd-analyze >/dev/null || exit 77
units=$work/units
mkdir -p "$units"
for unit in setaside.service setaside-migrate.service setaside.socket; do
  # The program is not installed here.
  sed "s#/usr/bin/setaside#$bin#" "$src/systemd/$unit" >"$units/$unit"
done
SYSTEMD_UNIT_PATH=$units:/lib/systemd/system systemd-analyze verify \
  "$units"/setaside.service "$units"/setaside-migrate.service "$units"/setaside.socket >"$work/stdout" 2>"$work/stderr" ||
  fail "verify: $(cat "$work/stderr")"
! grep -E 'setaside[^:]*:[0-9]+:' "$work/stderr" || fail "verify complains"

for unit in setaside.service setaside-migrate.service; do
  exposure=$(systemd-analyze security --offline=true --no-pager "$units/$unit" | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p')
  [ -n "$exposure" ] || fail "no exposure level for $unit"
  [ "${exposure%%.*}" -lt 2 ] || fail "$unit: exposure level $exposure, at least 2"
done
