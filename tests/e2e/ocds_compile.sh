#!/usr/bin/env bash
# ocds compile: every wrapping of the same releases gives the same line, digit for digit; what cannot be placed is left
# out and told; broken input gives one error and no line. The published Mexican records give what their publisher
# compiled, but for contacts that a later release takes back and references without an id, which merging appends.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

one='{"ocid":"o-1","id":"1","date":"2024-01-01T00:00:00Z","tag":["award"],"awards":[{"id":"a","value":{"amount":10.50,"currency":"CNY"}}],"language":"en"}'
two='{"ocid":"o-1","id":"2","date":"2024-02-01T00:00:00Z","tag":["awardUpdate"],"awards":[{"id":"a","status":"active"},{"id":"b","value":{"amount":12345678901234567890.1}}],"language":null}'
want='{"tag":["compiled"],"id":"o-1-2024-02-01T00:00:00Z","date":"2024-02-01T00:00:00Z","ocid":"o-1","awards":[{"id":"a","value":{"amount":10.50,"currency":"CNY"},"status":"active"},{"id":"b","value":{"amount":12345678901234567890.1}}]}'

printf '%s\n%s\n' "$two" "$one" >"$work/lines"
printf '[%s,%s]' "$one" "$two" >"$work/array"
printf '{"uri":"u","releases":[%s,%s],"publisher":{"name":"p"}}' "$two" "$one" >"$work/package"
printf '{"records":[{"ocid":"o-1","releases":[%s,%s]}]}' "$one" "$two" >"$work/records"
for shape in lines array package records; do
  "$SETASIDE_BIN" ocds compile "$work/$shape" >"$work/out" || fail "$shape: exit status $?"
  [ "$(cat "$work/out")" = "$want" ] || fail "$shape gave $(cat "$work/out")"
  "$SETASIDE_BIN" ocds compile - <"$work/$shape" | cmp - "$work/out" || fail "$shape from the standard input differs"
done

printf '%s\n{"id":"x","date":"2024-01-01"}\n{"ocid":"o-2","id":"x"}\n' "$one" >"$work/partly"
status=0
"$SETASIDE_BIN" ocds compile "$work/partly" >"$work/out" 2>"$work/err" || status=$?
[ "$status" = 4 ] || fail "releases without ocid or date: exit status $status"
[ "$(wc -l <"$work/out")" = 1 ] || fail "a release that cannot be placed gave a line"
grep -q 'has no ocid' "$work/err" && grep -q 'has no date' "$work/err" || fail "$(cat "$work/err")"

for broken in '<html>' '{"releases":[{"ocid":"o"' '{"a":NaN}' ''; do
  status=0
  printf '%s' "$broken" | "$SETASIDE_BIN" ocds compile - >"$work/out" 2>"$work/err" || status=$?
  [ "$status" = 1 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] ||
    fail "'$broken': exit status $status, $(cat "$work/out" "$work/err")"
done

samples=${SETASIDE_REAL_DATA:-$SETASIDE_SRC/../shared/data/real}
if [ -d "$samples" ]; then
  "$SETASIDE_BIN" ocds compile "$samples/ocds/mexico-city-finanzas-records.json" >"$work/out"
  python3 - "$samples/ocds/mexico-city-finanzas-records.json" "$work/out" <<'PY'
import json, sys
from decimal import Decimal
theirs = [r["compiledRelease"] for r in json.load(open(sys.argv[1]), parse_float=Decimal)["records"]]
ours = [json.loads(line, parse_float=Decimal) for line in open(sys.argv[2])]
def same(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        b = {k: v for k, v in b.items() if v is not None}
        return a.keys() == b.keys() and all(
            k in ("suppliers", "tenderers") or same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b
assert len(ours) == len(theirs) == 2
assert all(map(same, ours, theirs))
PY
fi
