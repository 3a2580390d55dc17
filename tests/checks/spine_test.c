/* The whole way over the golden district: rows in the ledger, facts, judges, document; against the expected snapshots. */
#include <criterion/criterion.h>
#include <event2/event.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "checks/restatement.h"
#include "core/map.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/evaluate.h"
#include "lib/golden.h"
#include "lib/pg.h"
#include "lib/pull.h"

static struct pull pull;

static void set_up(void)
{
	pull_setup(&pull);
}

static void tear_down(void)
{
	pull_teardown(&pull);
}

/* As `setaside import --complete tests/golden/FOLDER`: the folder's rows and no others. Returns the batch. */
static int64_t import(const char *folder)
{
	_cleanup_free_ char *path = mem_format("%s/tests/golden/%s", SETASIDE_SOURCE_DIR, folder);
	struct source_config config;

	source_config_import(&config, "import", path, true);
	pull_run(&pull, &config, NULL);
	source_config_free(&config);
	cr_assert(!pull.failed, "%s", pull.err.text);
	cr_assert_eq(pull.report.counts.refused, 0, "%s", pull.report.sample[0]);
	return pull.report.batch;
}

static json_t *expected(const char *path)
{
	_cleanup_free_ char *full = mem_format("%s/tests/golden/%s", SETASIDE_SOURCE_DIR, path);
	json_error_t fault;
	json_t *root = json_load_file(full, 0, &fault);

	cr_assert(root, "%s: %s", full, fault.text);
	return root;
}

static json_t *snapshot(const char *as_of)
{
	_cleanup_free_ char *text = evaluate_snapshot(pull.base, pull.link, as_of, NULL, -1);
	json_error_t fault;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &fault);

	cr_assert(root, "%s", fault.text);
	return root;
}

/* Every member that is expected is there and equal; more members are the product's own. Returns the leaves compared. */
static int expect_within(const char *path, const json_t *want, const json_t *have)
{
	_cleanup_free_ char *inner = NULL;
	const char *key;
	json_t *value;
	int leaves = 0;

	cr_assert(have, "%s is missing", path);
	if (json_is_object(want)) {
		json_object_foreach((json_t *)want, key, value)
		{
			_cleanup_free_ char *at = mem_format("%s.%s", path, key);
			leaves += expect_within(at, value, json_object_get(have, key));
		}
		return leaves;
	}
	if (json_is_array(want) && json_array_size(want) &&
		json_is_object(json_array_get(want, 0))) {
		cr_assert_eq(json_array_size(want), json_array_size(have), "%s", path);
		for (size_t i = 0; i < json_array_size(want); i++) {
			_cleanup_free_ char *at = mem_format("%s[%zu]", path, i);
			leaves +=
				expect_within(at, json_array_get(want, i), json_array_get(have, i));
		}
		return leaves;
	}
	inner = json_dumps(have, JSON_ENCODE_ANY);
	cr_assert(json_equal(want, have), "%s is %s", path, inner);
	return 1;
}

static void expect_quota(const json_t *want, const json_t *have)
{
	json_t *departments = json_object_get(json_object_get(want, "quota"), "departments");
	json_t *ours = json_object_get(json_object_get(have, "quota"), "departments"), *scope;
	static const char *const bases[] = { "plan", "award" };
	const char *code;
	int leaves = 0;

	for (int i = 0; i < 2; i++) {
		leaves += expect_within(bases[i],
			json_object_get(json_object_get(json_object_get(want, "quota"), "district"),
				bases[i]),
			json_object_get(json_object_get(json_object_get(have, "quota"), "district"),
				bases[i]));
		json_object_foreach(departments, code, scope) leaves +=
			expect_within(code, json_object_get(scope, bases[i]),
				json_object_get(json_object_get(ours, code), bases[i]));
	}
	cr_assert_eq(json_object_size(departments), json_object_size(ours));
	printf("quota: %d members compared\n", leaves);
	cr_assert_gt(leaves, 150);
}

/* The subset of the obligations that needs neither disputes nor caps nor pooled payments, from the CSV alone. */
struct subset {
	struct golden *contracts, *obligations, *payments;
	struct map contract_rows,
		pooled; /* pooled: (unit, supplier) with a payment that names no obligation */
};

static struct subset subset_open(void)
{
	struct subset subset = { .contracts = golden_open("district/contract.csv"),
		.obligations = golden_open("district/obligation.csv"),
		.payments = golden_open("district/payment.csv") };

	for (size_t i = 0; i < golden_rows(subset.contracts); i++)
		map_put(&subset.contract_rows, golden_cell(subset.contracts, i, "contract_no"),
			(uint32_t)i);
	for (size_t i = 0; i < golden_rows(subset.payments); i++) {
		const char *contract = golden_cell(subset.payments, i, "contract_no");
		uint32_t row = map_get(&subset.contract_rows, contract);
		if (*golden_cell(subset.payments, i, "obligation_no"))
			continue;
		if (row != MAP_NONE)
			map_put2(&subset.pooled, golden_cell(subset.contracts, row, "unit_code"),
				golden_cell(subset.contracts, row, "supplier_uscc"), 1);
		map_put2(&subset.pooled, golden_cell(subset.payments, i, "unit_code"),
			golden_cell(subset.payments, i, "payee_uscc"), 1);
	}
	return subset;
}

static void subset_close(struct subset *subset)
{
	map_free(&subset->contract_rows);
	map_free(&subset->pooled);
	golden_free(subset->contracts);
	golden_free(subset->obligations);
	golden_free(subset->payments);
}

static bool contract_has_dispute(const struct subset *subset, const char *contract_no)
{
	for (size_t i = 0; i < golden_rows(subset->obligations); i++)
		if (strcmp(golden_cell(subset->obligations, i, "contract_no"), contract_no) == 0 &&
			*golden_cell(subset->obligations, i, "disputed_yuan"))
			return true;
	return false;
}

static bool subset_has(const struct subset *subset, size_t row)
{
	const char *kind = golden_cell(subset->obligations, row, "kind");
	const char *contract_no = golden_cell(subset->obligations, row, "contract_no");
	uint32_t contract = map_get(&subset->contract_rows, contract_no);

	if (strcmp(kind, "delivery") != 0 && strcmp(kind, "progress") != 0)
		return false;
	cr_assert_neq(contract, MAP_NONE, "%s", contract_no);
	return !*golden_cell(subset->contracts, contract, "late_cap_percent") &&
	       !contract_has_dispute(subset, contract_no) &&
	       map_get2(&subset->pooled, golden_cell(subset->contracts, contract, "unit_code"),
		       golden_cell(subset->contracts, contract, "supplier_uscc")) == MAP_NONE;
}

static const json_t *find_obligation(const json_t *root, const char *number)
{
	const json_t *list = json_object_get(root, "obligations");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		if (strcmp(json_string_value(json_object_get(row, "obligation_no")), number) == 0)
			return row;
	}
	return NULL;
}

static void expect_obligations(const json_t *want, const json_t *have)
{
	struct subset subset = subset_open();
	int compared = 0;

	for (size_t i = 0; i < golden_rows(subset.obligations); i++) {
		const char *number = golden_cell(subset.obligations, i, "obligation_no");
		const json_t *row = find_obligation(want, number);
		if (!row || !subset_has(&subset, i)) /* not known on the day */
			continue;
		expect_within(number, row, find_obligation(have, number));
		compared++;
	}
	printf("obligations: %d of %zu rows compared one by one\n", compared,
		golden_rows(subset.obligations));
	subset_close(&subset);
	cr_assert_gt(compared, 300);
}

static void expect_snapshot(const char *as_of, const char *path)
{
	json_t *want = expected(path), *have = snapshot(as_of);

	expect_quota(want, have);
	expect_obligations(want, have);
	printf("snapshot %s: %d members equal\n", as_of, expect_within(as_of, want, have));
	json_decref(want);
	json_decref(have);
}

TestSuite(spine, .init = set_up, .fini = tear_down, .timeout = 120);

Test(spine, the_district_gives_the_expected_snapshot_of_an_autumn_day)
{
	import("district");
	expect_snapshot("2026-10-20", "district/expected.json");
}

Test(spine, the_district_gives_the_expected_snapshot_of_the_last_day_of_the_year)
{
	import("district");
	expect_snapshot("2026-12-31", "district/expected-2026-12-31.json");
}

Test(spine, the_corner_district_gives_its_three_snapshots)
{
	static const char *const days[] = { "2026-06-30", "2026-10-06", "2027-01-15" };

	import("corner");
	for (int i = 0; i < 3; i++) {
		_cleanup_free_ char *path = mem_format("corner/expected-%s.json", days[i]);
		json_t *want = expected(path), *have = snapshot(days[i]);
		printf("corner %s: %d members equal\n", days[i],
			expect_within(days[i], want, have));
		json_decref(want);
		json_decref(have);
	}
}

Test(spine, an_earlier_ledger_gives_the_same_bytes_for_ever)
{
	int64_t batch = import("district");
	_cleanup_free_ char *first =
		evaluate_snapshot(pull.base, pull.link, "2026-10-20", NULL, -1);
	_cleanup_free_ char *moment = mem_text(pg_text(pull.db, "SELECT clock_timestamp()"));
	_cleanup_free_ char *by_batch = NULL, *by_time = NULL, *later = NULL;

	pg_exec(pull.db, "SELECT pg_sleep(0.01)");
	import("corner");   /* every old row is closed */
	import("district"); /* and comes back as a new version */
	pg_exec(pull.db, "CLUSTER payment USING payment_voucher; CLUSTER contract USING "
			 "contract_group"); /* another physical order */
	by_batch = evaluate_snapshot(pull.base, pull.link, "2026-10-20", NULL, batch);
	by_time = evaluate_snapshot(pull.base, pull.link, "2026-10-20", moment, -1);
	later = evaluate_snapshot(pull.base, pull.link, "2026-10-20", NULL, batch + 1);
	cr_assert_str_eq(by_batch, first);
	cr_assert_str_eq(by_time, first);
	cr_assert_str_neq(later, first);
}

struct waiting {
	struct event_base *base;
	struct err err;
	json_t *document;
};

static void on_restated(void *arg, const struct err *err, const char *json, size_t length)
{
	struct waiting *waiting = arg;

	if (err)
		waiting->err = *err;
	else
		waiting->document = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
	event_base_loopbreak(waiting->base);
}

static json_t *restated(const char *before, bool trend)
{
	struct waiting waiting = { .base = pull.base, .err = ERR_INIT };
	struct restatement_request request = { .as_of = day("2026-10-20"),
		.known_before = before,
		.jurisdiction = "beijing-xicheng" };
	struct restatement *job =
		trend ? trend_start(pull.link, &request, on_restated, &waiting, &waiting.err)
		      : restatement_start(pull.link, &request, on_restated, &waiting, &waiting.err);

	cr_assert(job, "%s", waiting.err.text);
	event_base_dispatch(pull.base);
	cr_assert(waiting.document, "%s", waiting.err.text);
	return waiting.document;
}

static int64_t district_sme(const json_t *scopes, const char *state)
{
	const json_t *district = json_array_get(scopes, 0);

	return json_integer_value(json_object_get(json_object_get(district, state), "sme_fen"));
}

Test(spine, the_restatement_lists_what_changed_a_published_figure)
{
	import("district");
	_cleanup_free_ char *published =
		evaluate_snapshot(pull.base, pull.link, "2026-10-20", NULL, -1);
	_cleanup_free_ char *moment = mem_text(pg_text(pull.db, "SELECT clock_timestamp()"));
	_cleanup_free_ char *again = NULL;
	json_t *document, *rows, *scopes, *snapshot;

	pg_exec(pull.db, "SELECT pg_sleep(0.01)");
	import("corner");
	again = evaluate_snapshot(pull.base, pull.link, "2026-10-20", moment, -1);
	cr_expect_str_eq(again, published, "byte for byte");
	document = restated(moment, false);
	scopes = json_object_get(document, "scopes");
	snapshot = json_loads(published, 0, NULL);
	cr_expect_eq(district_sme(scopes, "before"),
		json_integer_value(json_object_get(
			json_object_get(
				json_object_get(json_object_get(snapshot, "quota"), "district"),
				"plan"),
			"sme_fen")));
	rows = json_object_get(document, "rows");
	cr_expect_gt(json_array_size(rows), 100, "every row of the district is gone");
	json_decref(snapshot);
	json_decref(document);
	document = restated("now", false);
	cr_expect_eq(json_array_size(json_object_get(document, "rows")), 0);
	json_decref(document);
}

Test(spine, the_trend_has_a_point_for_each_month_that_was_known)
{
	json_t *document, *point;

	import("district");
	/* The import is of today; a ledger that was not there yet has no point. */
	pg_exec(pull.db, "UPDATE batch SET committed_at = '2026-08-15 12:00+08'");
	document = restated(NULL, true);
	cr_expect_eq(json_array_size(json_object_get(document, "points")), 3);
	point = json_array_get(json_object_get(document, "points"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(point, "as_of")), "2026-08-31");
	point = json_array_get(json_object_get(document, "points"), 2);
	cr_expect_str_eq(json_string_value(json_object_get(point, "as_of")), "2026-10-20");
	cr_expect_gt(json_array_size(json_object_get(point, "scopes")), 3);
	json_decref(document);
}

/* What pages and mails read is what the command prints. */
Test(spine, the_stored_figures_are_the_members_of_the_snapshot)
{
	import("corner");
	evaluate(pull.base, pull.link, "2026-10-06");
	json_t *root = snapshot("2026-10-06"), *quota = json_object_get(root, "quota"), *scope;
	const char *code;
	int compared = 0;

	json_t *stored =
		json_loads(pg_text(pull.db, "SELECT json_object_agg(scope, body) FROM quota_figure "
					    "WHERE fiscal_year = 2026"),
			0, NULL);
	cr_assert(stored);
	json_object_foreach(stored, code, scope)
	{
		_cleanup_free_ char *text = json_dumps(scope, JSON_SORT_KEYS);
		json_t *want =
			strcmp(code, "district") == 0
				? json_object_get(quota, "district")
				: json_object_get(json_object_get(quota, "departments"), code);
		_cleanup_free_ char *wanted = json_dumps(want, JSON_SORT_KEYS);

		cr_assert_str_eq(text, wanted, "%s", code);
		compared++;
	}
	cr_expect_eq(compared, 1 + (int)json_object_size(json_object_get(quota, "departments")));
	json_decref(stored);
	json_decref(root);
}
