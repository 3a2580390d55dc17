#include "checks/quota.h"

#include "lib/facts_csv.h"
#include "lib/golden.h"

#include <criterion/criterion.h>
#include <string.h>

static void compare(const struct law *law, const struct golden *golden, size_t i)
{
	const char *id = golden_cell(golden, i, "case_id");
	bool district = strcmp(golden_cell(golden, i, "level"), "district") == 0;
	struct quota_floor floor =
		quota_floor_of(law, (int)cell_int(golden, i, "fiscal_year"), district);
	struct quota_sums sums = { cell_int(golden, i, "strict_base_fen"),
		cell_int(golden, i, "adjusted_base_fen"), cell_int(golden, i, "sme_fen"),
		cell_int(golden, i, "small_micro_fen") };
	struct quota_verdict verdict = quota_judge(floor, sums);

	cr_expect_str_eq(floor.rule_id, golden_cell(golden, i, "expected_rule"), "%s", id);
	cr_expect_str_eq(quota_status_name(verdict.sme),
		golden_cell(golden, i, "expected_sme_status"), "%s", id);
	cr_expect_str_eq(quota_status_name(verdict.small_micro),
		golden_cell(golden, i, "expected_small_micro_status"), "%s", id);
	cr_expect_eq(verdict.sme_gap, cell_int(golden, i, "expected_sme_gap_fen"), "%s", id);
	cr_expect_eq(verdict.sme_gap_adjusted, cell_int(golden, i, "expected_sme_gap_adjusted_fen"),
		"%s", id);
	cr_expect_eq(verdict.small_micro_gap, cell_int(golden, i, "expected_small_micro_gap_fen"),
		"%s", id);
	cr_expect_eq(verdict.small_micro_gap_at_target,
		cell_int(golden, i, "expected_small_micro_gap_at_target_fen"), "%s", id);
}

Test(quota, every_golden_row)
{
	struct law_csv *csv = law_csv_read();
	struct golden *golden = golden_open("quota.csv");

	cr_assert_gt(golden_rows(golden), 30);
	for (size_t i = 0; i < golden_rows(golden); i++)
		compare(&csv->law, golden, i);
	golden_free(golden);
	law_csv_free(csv);
}

static const struct quota_floor forty = { "Q-3", 400000, 700000 };

static struct quota_verdict judge(fen_t base, fen_t sme, fen_t small_micro)
{
	return quota_judge(forty, (struct quota_sums){ base, base, sme, small_micro });
}

Test(quota, exactly_forty_percent_is_met)
{
	cr_expect_eq(judge(1000, 400, 280).sme, QUOTA_MET);
	cr_expect_eq(judge(1000, 400, 280).small_micro, QUOTA_MET);
	cr_expect_eq(judge(1000, 400, 280).sme_gap, 0);
}

Test(quota, one_fen_less_is_not_met_and_the_gap_is_one_fen)
{
	cr_expect_eq(judge(1000, 399, 280).sme, QUOTA_NOT_MET);
	cr_expect_eq(judge(1000, 399, 280).sme_gap, 1);
	cr_expect_eq(judge(1000, 400, 279).small_micro, QUOTA_NOT_MET);
	cr_expect_eq(judge(1000, 400, 279).small_micro_gap, 1);
}

Test(quota, one_fen_more_of_base_is_not_met)
{
	cr_expect_eq(judge(1001, 400, 280).sme, QUOTA_NOT_MET);
	cr_expect_eq(judge(1001, 401, 281).sme, QUOTA_MET);
}

Test(quota, without_a_base_there_is_no_verdict)
{
	cr_expect_eq(judge(0, 0, 0).sme, QUOTA_NO_BASE);
	cr_expect_eq(judge(0, 0, 0).small_micro, QUOTA_UNDEFINED);
}

Test(quota, the_largest_amounts_neither_wrap_nor_round)
{
	fen_t base = MONEY_FEN_MAX - 1;
	fen_t sme = base / 5 * 2 + (base % 5 * 2 + 4) / 5; /* ceil(0.4 × base) */

	cr_expect_eq(judge(base, sme, sme).sme, QUOTA_MET);
	cr_expect_eq(judge(base, sme - 1, 0).sme, QUOTA_NOT_MET);
	cr_expect_eq(judge(base, sme - 1, 0).sme_gap, 1);
}

Test(quota, a_jurisdiction_without_its_own_rules_falls_back_to_the_national_floor)
{
	struct law_csv *csv = law_csv_read();
	struct quota_floor floor;

	csv->parameters.of[PARAM_Q3_SME].count = 0;
	csv->parameters.of[PARAM_Q2_SME].count = 0;
	floor = quota_floor_of(&csv->law, 2026, true);
	cr_expect_str_eq(floor.rule_id, "Q-1");
	cr_expect_eq(floor.sme_ppm, 300000);
	law_csv_free(csv);
}

Test(quota, g18_district_and_departments_go_by_the_floor_of_their_year)
{
	static const struct {
		int year;
		const char *district, *department;
	} floors[] = { { 2020, "Q-1", "Q-1" }, { 2021, "Q-2", "Q-2" }, { 2025, "Q-2", "Q-2" },
		{ 2026, "Q-3", "Q-2" }, { 2028, "Q-3", "Q-2" }, { 2029, "Q-2", "Q-2" } };
	struct law_csv *csv = law_csv_read();

	for (size_t i = 0; i < sizeof(floors) / sizeof(floors[0]); i++) {
		cr_expect_str_eq(quota_floor_of(&csv->law, floors[i].year, true).rule_id,
			floors[i].district, "%d", floors[i].year);
		cr_expect_str_eq(quota_floor_of(&csv->law, floors[i].year, false).rule_id,
			floors[i].department, "%d", floors[i].year);
	}
	law_csv_free(csv);
}
