#!/usr/bin/env bash
# The registers over a year: who approved what, what it does to the figures, and what is refused.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
configure </dev/null

run migrate --demonstration
expect_status 0
make_ledger "$work/ledger"
run import "$work/ledger" --complete
expect_status 0

# An unreserved project of the year that is neither announced nor signed by April, and its unit.
read -r unit project budget <<<"$(sql "SELECT unit_code, project_code, sum(budget_fen) FROM budget_item WHERE fiscal_year = 2026
  AND reserve_form IN ('', 'none') AND exemption_code = '' AND snapshot = 'initial' AND approved_on <= '2026-03-01' AND project_code <> ''
  AND (notice_on IS NULL OR notice_on > '2026-12-31')
  AND NOT EXISTS (SELECT FROM contract c WHERE c.unit_code = budget_item.unit_code AND c.project_code = budget_item.project_code
    AND c.signed_on < '2026-04-01') GROUP BY 1, 2 HAVING count(*) = 1 ORDER BY 3 DESC, 2 LIMIT 1" | tr '|' ' ')"
[ -n "$budget" ] || fail "no unreserved project"
figures() { run figures --as-of 2026-03-20 --format json "$@"; expect_status 0; }
base() { query "$work/stdout" 'd["quota"]["district"]["plan"]["adjusted_base_fen"]'; }
figures
cp "$work/stdout" "$work/before.json"
before=$(base)

# What an entry must say.
add() { run register add "$@" --by 李明; }
exempt() { add exemption 2 --year 2026 --unit "$unit" --project "$project" "$@"; }
batches=$(sql "SELECT count(*) FROM batch")
exempt --reason 只有一家 --valid-from 2026-02-01
expect_status 5
expect_error 'approver.*value-missing'
exempt --approver 王芳 --valid-from 2026-02-01
expect_status 5
expect_error 'reason.*value-missing'
exempt --approver 王芳 --reason 只有一家
expect_status 5
expect_error 'valid_from.*value-missing'
exempt --approver 王芳 --reason 只有一家 --valid-from 2026-02-01 --valid-to 2026-01-31
expect_status 5
expect_error 'register-validity'
add exemption 6 --year 2026 --unit "$unit" --project "$project" --approver 王芳 --reason 只有一家 --valid-from 2026-02-01
expect_status 5
expect_error 'circumstances 1 to 5'
add exemption 2 --year 2026 --unit "$unit" --project nowhere --approver 王芳 --reason 只有一家 --valid-from 2026-02-01
expect_status 5
expect_error 'no such project'
add wish 1 --approver 王芳 --reason 只有一家 --valid-from 2026-02-01
expect_status 5
run register wish
expect_status 2
expect_equal "$(sql "SELECT count(*) FROM batch")" "$batches" "batches: nothing was kept"
expect_equal "$(sql "SELECT count(*) FROM quarantine")" 0 "rows in quarantine"

# An approved exemption lowers the adjusted base by the project's budget; the strict one stays.
exempt --approver 王芳 --reason 只有一家 --evidence 批复1号 --valid-from 2026-02-01
expect_status 0
grep -q 'entry .*-0001 is on record: batch' "$work/stdout" || fail "$(cat "$work/stdout")"
entry=$(sql "SELECT entry_no FROM register_entry")
figures
cp "$work/stdout" "$work/exempt.json"
expect_equal $((before - $(base))) "$budget" "what the exemption takes from the adjusted base"
expect_equal "$(query "$work/exempt.json" 'd["quota"]["district"]["plan"]["strict_base_fen"]')" \
	"$(query "$work/before.json" 'd["quota"]["district"]["plan"]["strict_base_fen"]')" "strict base"
run explain quota/plan/district/2026 --as-of 2026-03-20
expect_status 0
expect_equal "$(query "$work/stdout" '[(e["entry_no"], e["approver"], e["evidence"], "46号第六条" in e["article"]) for r in d["rows"] for e in r.get("register", [])]')" \
	"[('$entry', '王芳', '批复1号', True)]" "what the explanation names"
expect_equal "$(query "$work/stdout" 'sum(r["adds"]["adjusted_base_fen"] for r in d["rows"])')" \
	"$(query "$work/exempt.json" 'd["quota"]["district"]["plan"]["adjusted_base_fen"]')" "sum of the explained rows"

# The same subject twice at a time is refused, at another time it is not.
exempt --approver 王芳 --reason 再次 --valid-from 2026-05-01
expect_status 5
expect_error "overlaps with entry $entry"
published=$(sql "SELECT clock_timestamp()")

# Withdrawn in mid-year: from that day on the budget is back; the day before it is not.
run register withdraw "$entry" --approver 张伟 --on 2026-03-15
expect_status 5
expect_error register-withdrawal
run register withdraw "$entry" --approver 张伟 --reason 供应商已增加 --on 2026-03-15
expect_status 0
grep -q 'is withdrawn' "$work/stdout" || fail "$(cat "$work/stdout")"
figures
expect_equal "$(base)" "$before" "adjusted base after the withdrawal"
run figures --as-of 2026-03-14 --format json
expect_status 0
cp "$work/stdout" "$work/day_before.json"
expect_equal "$(query "$work/day_before.json" 'd["quota"]["district"]["plan"]["adjusted_base_fen"]')" $((before - budget)) "adjusted base on the day before"
run register withdraw "$entry" --approver 张伟 --reason 再次
expect_status 5
expect_error "entry $entry is withdrawn already: on 2026-03-15 by 张伟"
run register withdraw 1999-0001 --approver 张伟 --reason 再次
expect_status 5
expect_error 'there is no entry 1999-0001'

# What was published before the withdrawal is found again, byte for byte, and what changed it is listed.
figures --known-at "$published"
cmp "$work/stdout" "$work/exempt.json" || fail "the published figure is not reproduced"
run report restatement --as-of 2026-03-20 --known-at "$published" --out "$work/restated.csv"
expect_status 0
grep -q "register.exemption: $entry" "$work/restated.csv" || fail "$(cat "$work/restated.csv")"

# After a withdrawal the days are free again.
exempt --approver 王芳 --reason 再次 --valid-from 2026-05-01 --valid-to 2026-05-31
expect_status 0

# A correction makes a contract a reserved one; an authority's answer and a deemed unit decide what it adds.
read -r contract supplier <<<"$(sql "SELECT c.contract_no, c.supplier_uscc FROM contract c JOIN supplier s ON s.uscc = c.supplier_uscc
  JOIN unit u ON u.unit_code = c.unit_code AND u.kind IN ('organ', 'institution')
  WHERE c.signed_on BETWEEN '2026-01-01' AND '2026-10-01' AND c.project_code <> '' AND c.reserve_form = 'none' AND c.status <> 'cancelled'
    AND c.declared_size = 'S' AND s.deemed = 'none' ORDER BY 1 LIMIT 1" | tr '|' ' ')"
[ -n "$supplier" ] || fail "no contract"
award() { run explain quota/award/district/2026 --as-of 2026-10-20; expect_status 0; query "$work/stdout" "[r for r in d['rows'] if r['contract_no'] == '$contract'][0]['adds']['$1']"; }
expect_equal "$(award sme_fen)" 0 "what an unreserved contract adds"
add correction reserve_form=whole --contract "$contract" --approver 王芳 --reason 合同为预留合同 --valid-from 2026-01-01
expect_status 0
amount=$(award sme_fen)
[ "$amount" -gt 0 ] || fail "the correction has no effect"
add size L --supplier "$supplier" --approver 区经济促进局 --reason 书面答复 --valid-from 2026-01-01
expect_status 0
expect_equal "$(award sme_fen)" 0 "what a large enterprise's contract adds"
add deemed prison --contract "$contract" --approver 省监狱局 --reason 证明 --valid-from 2026-01-01
expect_status 0
expect_equal "$(award small_micro_fen)" "$amount" "what a deemed unit's contract adds"
add correction amount_yuan=1 --contract "$contract" --approver 王芳 --reason 金额 --valid-from 2026-01-01
expect_status 5
expect_error register-field
add size S --contract nowhere --approver 王芳 --reason 答复 --valid-from 2026-01-01
expect_status 5
expect_error 'no contract nowhere'

# Everything stays on record: who, when, and what stood before.
run register list --format json
expect_status 0
expect_equal "$(query "$work/stdout" 'len(d)')" 5 "entries"
run register list exemption --history --format json
expect_status 0
expect_equal "$(query "$work/stdout" "sorted((e['entry_no'] == '$entry', e['withdrawn_by'], e['replaced_at'] != '') for e in d)")" \
	"[(False, '', False), (True, '', True), (True, '张伟', False)]" "versions of the exemptions"
run register list --of "$supplier" --format csv
expect_status 0
expect_equal "$(wc -l <"$work/stdout")" 2 "lines: header and the one entry"

# The incremental run of the monitor's kind gives what everything computed at once gives.
run evaluate --as-of 2026-12-01
expect_status 0
add deemed disabled_welfare --supplier "$supplier" --approver 民政局 --reason 证明 --valid-from 2026-01-01
expect_status 0
run evaluate --as-of 2026-12-01
expect_status 0
stored=$(sql "SELECT body -> 'award' FROM quota_figure WHERE scope = 'district'")
run figures --as-of 2026-12-01 --format json
expect_status 0
expect_equal "$(python3 -c 'import json, sys; print(json.loads(sys.argv[1]) == json.load(open(sys.argv[2]))["quota"]["district"]["award"])' "$stored" "$work/stdout")" True "stored figures of the district"
