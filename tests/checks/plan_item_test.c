#include "checks/plan_item.h"

#include "checks/words.h"
#include "core/text.h"
#include "lib/facts_csv.h"
#include "lib/golden.h"

#include <criterion/criterion.h>
#include <string.h>

static struct budget_item_fact item_of_case(const struct golden *golden, size_t i)
{
	return (struct budget_item_fact){ .budget_fen = cell_yuan(golden, i, "budget_yuan"),
		.currency = "CNY",
		.reserve_form = words_reserve_form(golden_cell(golden, i, "reserve_form")),
		.reserved_for = words_reserved_for(golden_cell(golden, i, "reserved_for")),
		.required_share_ppm = cell_percent(golden, i, "required_share_percent"),
		.exemption_code = golden_cell(golden, i, "exemption_code"),
		.exemption_reason = golden_cell(golden, i, "exemption_reason"),
		.exemption_approver = golden_cell(golden, i, "exemption_approver"),
		.exemption_on = cell_day(golden, i, "exemption_on"),
		.withdrawn_on = cell_day(golden, i, "withdrawn_on") };
}

/* Bits named in a ';' list. */
static unsigned findings_of_case(const char *list)
{
	unsigned bits = 0;

	while (*list) {
		size_t length = strcspn(list, ";");
		int bit = 0;

		while (bit < PLAN_FINDING_COUNT &&
			(strlen(plan_finding_name(bit)) != length ||
				strncmp(plan_finding_name(bit), list, length) != 0))
			bit++;
		cr_assert_lt(bit, PLAN_FINDING_COUNT, "unknown finding in %s", list);
		bits |= 1u << bit;
		list += length + (list[length] == ';');
	}
	return bits;
}

Test(plan_item, every_golden_row)
{
	struct golden *golden = golden_open("quota_item.csv");

	cr_assert_gt(golden_rows(golden), 30);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		struct budget_item_fact item = item_of_case(golden, i);
		struct plan_part part = plan_item_judge(NULL, &item, cell_day(golden, i, "as_of"));

		cr_expect_eq(part.strict, cell_int(golden, i, "expected_strict_fen"), "%s", id);
		cr_expect_eq(part.adjusted, cell_int(golden, i, "expected_adjusted_fen"), "%s", id);
		cr_expect_eq(part.sme, cell_int(golden, i, "expected_sme_fen"), "%s", id);
		cr_expect_eq(part.small_micro, cell_int(golden, i, "expected_small_micro_fen"),
			"%s", id);
		cr_expect_eq(part.findings,
			findings_of_case(golden_cell(golden, i, "expected_findings")), "%s", id);
	}
	golden_free(golden);
}

static struct budget_item_fact *add_item(
	struct facts *facts, const char *package, enum snapshot_kind snapshot, const char *approved)
{
	struct budget_item_fact *item = facts_add_budget_item(facts);

	item->fiscal_year = 2026;
	item->unit_code = "001001";
	item->project_code = "XM01";
	item->package_no = package;
	item->snapshot = snapshot;
	item->approved_on = text_day(approved, strlen(approved));
	return item;
}

Test(plan_item, of_one_package_the_latest_approved_row_counts)
{
	struct facts *facts = facts_new();
	struct plan_rows rows;

	add_item(facts, "01", SNAPSHOT_FINAL, "2026-02-01");
	add_item(facts, "01", SNAPSHOT_ADJUSTED, "2026-05-01");
	add_item(facts, "01", SNAPSHOT_INITIAL, "2026-09-01");
	add_item(facts, "02", SNAPSHOT_INITIAL, "");
	rows = plan_effective_rows(facts, 2026, text_day("2026-06-30", 10));
	cr_assert_eq(rows.count, 1);
	cr_expect_eq(rows.rows[0], 1);
	free(rows.rows);
	rows = plan_effective_rows(facts, 2026, text_day("2026-09-01", 10));
	cr_assert_eq(rows.count, 1);
	cr_expect_eq(rows.rows[0], 2);
	free(rows.rows);
	facts_free(facts);
}

Test(plan_item, on_one_day_final_goes_before_adjusted_and_of_equals_the_later_row)
{
	struct facts *facts = facts_new();
	struct plan_rows rows;

	add_item(facts, "01", SNAPSHOT_FINAL, "2026-03-01");
	add_item(facts, "01", SNAPSHOT_FINAL, "2026-03-01");
	add_item(facts, "01", SNAPSHOT_ADJUSTED, "2026-03-01");
	rows = plan_effective_rows(facts, 2026, text_day("2026-12-31", 10));
	cr_assert_eq(rows.count, 1);
	cr_expect_eq(rows.rows[0], 1);
	free(rows.rows);
	facts_free(facts);
}

Test(plan_item, amounts_given_without_a_form_count_as_given)
{
	struct budget_item_fact item = { .budget_fen = 1000,
		.reserve_form = RESERVE_UNSTATED,
		.reserved_fen = 400,
		.reserved_small_micro_fen = NUMBER_NONE,
		.required_share_ppm = NUMBER_NONE,
		.exemption_code = "",
		.withdrawn_on = DAY_NONE };
	struct plan_part part = plan_item_judge(NULL, &item, text_day("2026-12-31", 10));

	cr_expect_eq(part.sme, 400);
	cr_expect_eq(part.small_micro, 0);
}

Test(plan_item, g12_a_reservation_that_names_no_group_adds_to_the_sme_part_only)
{
	struct budget_item_fact item = { .budget_fen = 1000,
		.reserve_form = RESERVE_WHOLE,
		.required_share_ppm = NUMBER_NONE,
		.exemption_code = "",
		.withdrawn_on = DAY_NONE };
	day_t as_of = text_day("2026-12-31", 10);

	cr_expect_eq(plan_item_judge(NULL, &item, as_of).sme, 1000);
	cr_expect_eq(plan_item_judge(NULL, &item, as_of).small_micro, 0);
	item.reserved_for = RESERVED_FOR_SME;
	cr_expect_eq(plan_item_judge(NULL, &item, as_of).small_micro, 0);
	item.reserved_for = RESERVED_FOR_SMALL_MICRO;
	cr_expect_eq(plan_item_judge(NULL, &item, as_of).sme, 1000);
	cr_expect_eq(plan_item_judge(NULL, &item, as_of).small_micro, 1000);
}
