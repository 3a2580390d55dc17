#!/usr/bin/env bash
# What can still be reserved, what it would give, and what changed a published figure.
# shellcheck source=tests/lib/e2e.bash
. "$(dirname "$0")/../lib/e2e.bash"

start_cluster
configure </dev/null

run migrate --demonstration
expect_status 0
make_ledger "$work/ledger"
# Who answers for procurement: an optional column of the units.
python3 - "$work/ledger/unit.csv" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
with open(sys.argv[1], "w", encoding="utf-8", newline="") as out:
    writer = csv.DictWriter(out, [*rows[0], "contact"])
    writer.writeheader()
    writer.writerows(row | {"contact": "采购科 010-6600" if not row["parent_code"] else ""} for row in rows)
PY
run import "$work/ledger" --complete
expect_status 0
run evaluate --as-of 2026-04-20
expect_status 0
run figures --as-of 2026-04-20 --format json
expect_status 0
cp "$work/stdout" "$work/published.json"
expect_equal "$(query "$work/published.json" 'd["quota"]["phase"]')" in-year "phase"

# A unit below a department has figures, too: of all units together they are the department's. Nobody's are an error.
python3 - "$work/published.json" "$work/ledger/unit.csv" >"$work/below" <<'PY'
import csv, json, sys
departments = json.load(open(sys.argv[1]))["quota"]["departments"]
rows = list(csv.DictReader(open(sys.argv[2], encoding="utf-8")))
parent = next(r["parent_code"] for r in rows if r["parent_code"] in departments)
print(parent, *[r["unit_code"] for r in rows if parent in (r["parent_code"], r["unit_code"])])
PY
read -r department units <"$work/below"
total=0
for unit in $units; do
  run figures --unit "$unit" --as-of 2026-04-20 --format json
  expect_status 0
  cp "$work/stdout" "$work/unit.json"
  expect_equal "$(query "$work/unit.json" '[r["scope"] for r in d["quota"]]')" "['$unit']" "unit shown"
  [ "$unit" = "$department" ] || total=$((total + $(query "$work/unit.json" 'd["quota"][0]["plan"]["strict_base_fen"]')))
done
[ "$total" -gt 0 ] || fail "no unit below department $department has a budget"
[ "$total" -le "$(query "$work/published.json" "d['quota']['departments']['$department']['plan']['strict_base_fen']")" ] || fail "units have more than their department"
run figures --unit nobody --as-of 2026-04-20
expect_status 1
expect_error 'no department and no unit "nobody" has figures in 2026'

# A ledger is not wound back: a past day is computed by a snapshot, which tells nobody.
run evaluate --as-of 2026-04-19
expect_status 5
expect_error 'snapshot --as-of 2026-04-19'

# What the records themselves are asked is stored too, and told to nobody.
run findings --format json
expect_status 0
cp "$work/stdout" "$work/findings.json"
[ "$(query "$work/findings.json" 'len([f for f in d if f["severity"] == "info"])')" -gt 0 ] || fail "no findings of records"
expect_equal "$(query "$work/findings.json" '[f for f in d if not (f["rule"] and f["citation"]) and f["severity"] == "info"]')" '[]' "findings of records without rule or article"
run findings --rule N-2 --state all --format csv
expect_status 0
head -n 1 "$work/stdout" | grep -q '^finding_id,rule,code,words,citation' || fail "$(head -n 1 "$work/stdout")"
expect_equal "$(sql "SELECT count(*) FROM message JOIN message_finding USING (message_id) JOIN finding USING (finding_id) WHERE finding.severity = 'info'")" 0 "messages about records"

# The stored figure, which pages read, has the same members.
body=$(sql "SELECT body -> 'targets' -> 'sme' ->> 'gap_fen' FROM quota_figure WHERE scope = 'district'")
expect_equal "$body" "$(query "$work/published.json" 'd["quota"]["district"]["targets"]["sme"]["gap_fen"]')" "gap in the stored figure"

run open-items --as-of 2026-04-20 --format json
expect_status 0
cp "$work/stdout" "$work/open.json"
sum=$(query "$work/open.json" 'sum(i["adds_fen"] for i in d["open_items"] if i["action"] == "reserve")')
expect_equal "$sum" "$(query "$work/published.json" 'd["quota"]["district"]["forecast"]["reservable_fen"]')" "sum of the open list"
[ "$sum" -gt 0 ] || fail "nothing is open"
expect_equal "$(query "$work/open.json" '{i["contact"] for i in d["open_items"]}')" "{'采购科 010-6600'}" "contact of the open items, else of their department"
expect_equal "$(query "$work/open.json" 'all(a["rank"] + 1 == b["rank"] for a, b in zip(d["open_items"], d["open_items"][1:]) if a["department"] == b["department"])')" True "ranks of the open list"
run open-items --as-of 2026-04-20 --format csv
expect_status 0
head -n 1 "$work/stdout" | grep -q '^department,rank,unit_code,project_code.*,notice_on,contact' || fail "$(head -n 1 "$work/stdout")"

python3 - "$work/open.json" "$work/change.json" <<'PY'
import json, sys
item = next(i for i in json.load(open(sys.argv[1]))["open_items"] if i["action"] == "reserve")
change = {"do": "reserve", "for": "small_micro"}
change.update({k: item[k] for k in ("unit_code", "project_code", "package_no")})
json.dump({"changes": [change]}, open(sys.argv[2], "w"))
json.dump(item["adds_fen"], open(sys.argv[2] + ".adds", "w"))
PY
before=$(sql "SELECT count(*), max(batch_id) FROM batch")
run what-if "$work/change.json" --as-of 2026-04-20 --format json
expect_status 0
cp "$work/stdout" "$work/what_if.json"
plan() { query "$work/what_if.json" "d['scopes']['district']['$1']['plan']['sme_fen']"; }
expect_equal $(($(plan after) - $(plan before))) "$(cat "$work/change.json.adds")" "what reserving one project adds"
expect_equal "$(plan before)" "$(query "$work/published.json" 'd["quota"]["district"]["plan"]["sme_fen"]')" "the figure before"
run what-if - --as-of 2026-04-20 <"$work/change.json"
expect_status 0
grep -q '调整后' "$work/stdout" || fail "$(cat "$work/stdout")"
expect_equal "$(sql "SELECT count(*), max(batch_id) FROM batch")" "$before" "batches: the ledger is untouched"
echo '{"changes": [{"do": "wish"}]}' >"$work/wrong.json"
run what-if "$work/wrong.json"
expect_status 1
expect_error 'change 1: "do"'
run what-if "$work/absent.json"
expect_status 2

run explain quota/plan/district/2026 --as-of 2026-04-20
expect_status 0
expect_equal "$(query "$work/stdout" 'sum(r["adds"]["sme_fen"] for r in d["rows"])')" "$(plan before)" "sum of the explained rows"
query "$work/stdout" 'd["formulas"][0]["text"]' | grep -q '40%' || fail "no formula"

# Workbooks hold amounts as numbers and names as texts; the monthly table adds up as printed.
member() { python3 -c 'import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read(f"xl/{sys.argv[2]}.xml").decode())' "$1" "$2"; }
sheet() { member "$1" worksheets/sheet1; }
run figures --as-of 2026-04-20 --format xlsx
expect_status 2
run figures --as-of 2026-04-20 --format xlsx --out "$work/figures.xlsx"
expect_status 0
sheet "$work/figures.xlsx" | grep -q "<v>$(query "$work/published.json" 'repr(d["quota"]["district"]["plan"]["strict_base_fen"] / 100).removesuffix(".0")')</v>" ||
  fail "the district's base is no number of the workbook"
! sheet "$work/figures.xlsx" | grep -q '<f>' || fail "a formula in a workbook"
for list in "" --work-list; do
	# shellcheck disable=SC2086 # no option or one
	run arrears $list --as-of 2026-04-20 --format csv --out "$work/arrears.csv"
	expect_status 0
	# shellcheck disable=SC2086
	run arrears $list --as-of 2026-04-20 --format xlsx --out "$work/arrears.xlsx"
	expect_status 0
	rows=$(python3 -c 'import csv, sys; print(len(list(csv.reader(open(sys.argv[1], encoding="utf-8-sig")))))' "$work/arrears.csv")
	[ "$rows" -gt 1 ] || fail "arrears $list: no rows"
	expect_equal "$(sheet "$work/arrears.xlsx" | grep -o '<row ' | wc -l)" "$rows" "rows of the workbook, arrears $list"
done
run open-items --as-of 2026-04-20 --format xlsx --out "$work/open.xlsx"
expect_status 0
run figures --as-of 2026-04-20 --basis mixed --format csv
expect_status 0
head -n 1 "$work/stdout" | grep -q 'mixed_award_small_micro_yuan' || fail "$(head -n 1 "$work/stdout")"
run figures --as-of 2026-10-20 --basis snapshots --format csv --out "$work/snapshots.csv"
expect_status 0
run snapshot --as-of 2026-10-20 --no-obligations --out "$work/october.json"
expect_status 0
python3 - "$work/snapshots.csv" "$work/october.json" <<'PY' || fail "the budget snapshots in the table are not those of the document"
import csv, json, sys
from decimal import Decimal
rows = {r["scope"]: r for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))}
quota = json.load(open(sys.argv[2]))["quota"]
scopes = {"district": quota["district"], **quota["departments"]}
assert rows.keys() == scopes.keys(), rows.keys()
for code, scope in scopes.items():
    for kind, stated in scope["snapshots"].items():
        for column, member in (("base", "strict_base"), ("sme", "sme"), ("small_micro", "small_micro")):
            assert Decimal(rows[code][f"{kind}_{column}_yuan"]) * 100 == stated[member + "_fen"], (code, kind, column)
        assert int(rows[code][f"{kind}_own_items"]) == stated["own_items"]
assert scopes["district"]["snapshots"]["initial"]["own_items"] > 0
PY
run figures --as-of 2026-10-20 --format csv --out "$work/figures.csv"
expect_status 0
python3 - "$work/figures.csv" "$work/october.json" <<'PY' || fail "the bases side by side are not those of the document"
import csv, json, sys
from decimal import Decimal
rows = {r["scope"]: r for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))}
quota = json.load(open(sys.argv[2]))["quota"]
columns = {"plan_strict_base": "plan.strict_base", "plan_adjusted_base": "plan.adjusted_base", "plan_sme_gap": "plan.sme_gap",
           "plan_sme_gap_adjusted": "plan.sme_gap_adjusted", "plan_sme_upper": "plan.band.sme_upper",
           "award_base": "award.base", "award_sme": "award.sme", "award_small_micro_upper": "award.band.small_micro_upper",
           "paid_base": "paid.base", "paid_sme": "paid.sme", "paid_small_micro": "paid.small_micro",
           "q4_goods_services_base": "q4.goods_services.base", "q4_works_base": "q4.works.base", "q4_works_sme": "q4.works.sme"}
for code, scope in {"district": quota["district"], **quota["departments"]}.items():
    for column, path in columns.items():
        stated = scope
        for member in (path + "_fen").split("."):
            stated = stated[member]
        assert Decimal(rows[code][column + "_yuan"]) * 100 == stated, (code, column)
assert quota["district"]["paid"]["base_fen"] > 0
PY
run figures --as-of 2026-04-20 --basis all
expect_status 2
run report monthly --as-of 2026-04-20 --out "$work/monthly.csv"
expect_status 0
python3 - "$work/monthly.csv" <<'PY' || fail "the monthly table does not add up"
import csv, sys
from decimal import Decimal
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
for column in rows[0]:
    if column.endswith("_wan") and column != "gap_wan":
        assert sum(Decimal(row[column] or 0) for row in rows[:-1]) == Decimal(rows[-1][column]), column
PY
run report monthly --as-of 2026-04-20 --out "$work/monthly.xlsx"
expect_status 0
run report notice --as-of 2026-04-20 --fiscal-year 2026 --out "$work/notice.html"
expect_status 0
grep -q '年预留项目面向中小企业采购共计' "$work/notice.html" || fail "no sentence in the notice"
grep -q '<caption>面向中小企业预留项目明细' "$work/notice.html" || fail "no list of projects in the notice"
run report notice --as-of 2026-04-20 --fiscal-year 2026 --out "$work/notice.xlsx"
expect_status 0
expect_equal "$(member "$work/notice.xlsx" workbook | grep -o '<sheet ' | wc -l)" 2 "sheets of the notice"
run report notice-projects --as-of 2026-04-20 --fiscal-year 2026 --out "$work/projects.csv"
expect_status 0
head -n 1 "$work/projects.csv" | grep -q 'scope,number,project_name,option,sme_wan,link' || fail "$(head -n 1 "$work/projects.csv")"
run report notice --as-of 2026-04-20 --out "$work/notice.doc"
expect_status 2

# A year's corrections: one budget row doubles.
moment=$(sql "SELECT clock_timestamp()")
python3 - "$work/ledger/budget_item.csv" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
row = next(r for r in rows if r["fiscal_year"] == "2026" and r["approved_on"] and r["approved_on"] < "2026-04-20"
           and float(r["budget_yuan"]) > 0)
row["budget_yuan"] = f'{float(row["budget_yuan"]) * 2:.2f}'
with open(sys.argv[1], "w", encoding="utf-8", newline="") as out:
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
PY
run import "$work/ledger" --complete
expect_status 0
run figures --as-of 2026-04-20 --known-at "$moment" --format json
expect_status 0
cmp "$work/stdout" "$work/published.json" || fail "the published figure is not reproduced"
run report restatement --as-of 2026-04-20 --known-at "$moment" --out "$work/restated.csv"
expect_status 0
expect_equal "$(wc -l <"$work/restated.csv")" 2 "lines: header and the one row"
grep -q ',changed,' "$work/restated.csv" || fail "$(cat "$work/restated.csv")"
grep -q 'budget_yuan: ' "$work/restated.csv" || fail "$(cat "$work/restated.csv")"
run report restatement --as-of 2026-04-20 --known-at "$moment" --out "$work/restated.html"
expect_status 0
grep -q '<caption>造成变化的记录' "$work/restated.html" || fail "no table of the rows"
run report restatement --as-of 2026-04-20 --known-at "$moment" --out "$work/restated.xlsx"
expect_status 0
expect_equal "$(member "$work/restated.xlsx" workbook | grep -o 'sheet name="[^"]*"' | tr '\n' ' ')" 'sheet name="数字变化" sheet name="造成变化的记录" ' "sheets of the restatement"
expect_equal "$(member "$work/restated.xlsx" worksheets/sheet2 | grep -o '<row ' | wc -l)" 2 "rows of its records: header and the one row"
run report trend --as-of 2026-04-20 --out "$work/trend.csv"
expect_status 0
run report trend --as-of 2026-04-20 --out "$work/trend.xlsx"
expect_status 0
expect_equal "$(sheet "$work/trend.xlsx" | grep -o '<row ' | wc -l)" "$(wc -l <"$work/trend.csv")" "rows of the trend's workbook"
run report trend --as-of 2026-04-20 --out "$work/absent/trend.xlsx"
expect_status 2
run report restatement --out "$work/restated.csv"
expect_status 2
run report wishes --out "$work/restated.csv"
expect_status 2
run report restatement --known-at now --out "$work/restated.doc"
expect_status 2

# A named person closes the year: only then is it said that a floor was not reached.
mkdir "$work/marks"
printf 'fiscal_year,unit_code,mark,marked_on,marked_by,reason\n2026,,closed,2027-02-10,王芳,年终决算\n' >"$work/marks/year_mark.csv"
run import "$work/marks"
expect_status 0
words() { query "$work/stdout" 'sorted({s["outlook_words"] for s in d["quota"]["departments"].values()})'; }
run figures --as-of 2027-02-09 --fiscal-year 2026 --format json
expect_status 0
expect_equal "$(query "$work/stdout" 'd["quota"]["phase"]')" preliminary "phase before the closing"
words | grep -q 未达到 && fail "said too early: $(words)"
run figures --as-of 2027-02-10 --fiscal-year 2026 --format json
expect_status 0
expect_equal "$(query "$work/stdout" 'd["quota"]["phase"], d["quota"]["closed_by"]')" "('final', '王芳')" "phase after it"
words | grep -q 未达到 || fail "$(words)"
printf 'fiscal_year,unit_code,mark,marked_on,marked_by,reason\n2026,,closed,2027-02-11,,\n' >"$work/marks/year_mark.csv"
run import "$work/marks"
expect_status 4
run hints --as-of 2026-10-20 --format csv
expect_status 0
head -n 1 "$work/stdout" | grep -q '^code,words,rule' || fail "$(head -n 1 "$work/stdout")"
