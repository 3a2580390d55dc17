/* Every rule of the set-aside and of size classes, and every reading where the law is silent: where it is applied, and by
 * which test it is held. A row whose file does not name the rule, or whose test is gone, fails. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "checks/explain_reason.h"
#include "checks/findings.h"
#include "core/buf.h"
#include "core/mem.h"

struct covered {
	const char *rule;   /* "Q-1", "G-10" */
	const char *source; /* the file that applies it and names it */
	const char *test;   /* the file of the test */
	const char *named;  /* in it: the name of a test, or a case of a table */
};

static const struct covered rules[] = {
	{ "Q-1", "checks/quota.c", "tests/checks/quota_test.c",
		"a_jurisdiction_without_its_own_rules_falls_back_to_the_national_floor" },
	{ "Q-2", "checks/quota.c", "tests/checks/quota_case_test.c",
		"q2_q3_exactly_forty_percent_is_met" },
	{ "Q-3", "checks/quota.c", "tests/checks/quota_case_test.c",
		"q2_q3_one_fen_below_is_not_met_and_lacks_one_fen" },
	{ "Q-4", "checks/parameters.c", "tests/golden/corner/budget_item.csv", "G20-XM01" },
	{ "Q-5", "checks/explain_reason.c", "tests/checks/quota_case_test.c",
		"q5_g10_a_revised_snapshot_takes_the_place_of_the_older_one" },
	{ "Q-6", "checks/explain_reason.c", "tests/checks/quota_case_test.c",
		"q6_the_small_and_micro_band_ends_at_what_is_not_awarded_and_what_they_won" },
	{ "Q-7", "checks/explain_reason.c", "tests/golden/award_item.csv", "Q-7" },
	{ "Q-8", "checks/explain_reason.c", "tests/golden/quota_item.csv", "Q-8" },
	{ "Q-9", "checks/explain_reason.c", "tests/checks/quota_case_test.c",
		"q9_g19_a_unit_that_moves_in_mid_year_counts_by_the_day" },
	{ "Q-10", "checks/findings_preference.c", "tests/checks/findings_procurement_test.c",
		"q10_a_preference_is_within_the_band_of_its_day_and_class" },
	{ "Q-11", "checks/explain_reason.c", "tests/checks/quota_case_test.c",
		"q11_goods_without_the_makers_declaration_count_in_the_upper_value_only" },
	{ "Q-12", "checks/explain_reason.c", "tests/checks/findings_test.c",
		"q12_q7_what_a_reserved_contract_must_not_be" },
	{ "Q-13", "checks/award_band.c", "tests/checks/award_band_test.c",
		"control_by_a_large_enterprise_excludes_and_deemed_status_includes" },
	{ "Q-14", "checks/findings.c", "tests/checks/findings_test.c",
		"q14_a_declaration_is_compared_with_the_figures_of_the_year_before" },
	{ "N-1", "checks/findings_clocks.c", "tests/checks/findings_procurement_test.c",
		"n1_a_departments_yearly_notice_is_asked_for_after_its_day" },
	{ "N-2", "checks/findings_clocks.c", "tests/checks/findings_procurement_test.c",
		"n2_a_contract_is_signed_within_thirty_days_of_the_award_notice" },
	{ "Z-1", "checks/size.h", "tests/golden/size_class.csv", "Z-1" },
	{ "Z-2", "checks/size.h", "tests/checks/findings_test.c",
		"q14_a_declaration_is_compared_with_the_figures_of_the_year_before" },
	{ "Z-3", "checks/size.h", "tests/golden/size_class.csv", "Z-3" },
	{ "Z-4", "checks/size.h", "tests/checks/size_test.c",
		"z4_verdicts_go_by_the_standard_of_2011_whatever_a_later_one_says" },
	{ "Z-5", "checks/findings.c", "tests/checks/findings_test.c", "status-not-stated" },
};

static const struct covered readings[] = {
	{ "G-01", "checks/explain_reason.c", "tests/golden/corner/budget_item.csv", "G17-XM36" },
	{ "G-02", "checks/award_item.h", "tests/golden/corner/contract.csv", "G27-002" },
	{ "G-03", "checks/size.h", "tests/golden/corner/contract.csv", "G25-001" },
	{ "G-10", "checks/explain_reason.c", "tests/golden/corner/budget_item.csv", "G10-XM01" },
	{ "G-11", "checks/plan_item.c", "tests/golden/corner/budget_item.csv", "G11-XM01" },
	{ "G-12", "checks/explain_reason.c", "tests/checks/plan_item_test.c",
		"g12_a_reservation_that_names_no_group_adds_to_the_sme_part_only" },
	{ "G-13", "checks/plan_item.c", "tests/checks/findings_test.c", "plan-share-missing" },
	{ "G-14", "checks/plan_item.c", "tests/checks/findings_test.c",
		"plan-exemption-incomplete" },
	{ "G-15", "checks/plan_item.c", "tests/checks/findings_test.c",
		"plan-exempt-and-reserved" },
	{ "G-16", "checks/quota.h", "tests/golden/corner/budget_item.csv", "G17-XM21" },
	{ "G-17", "checks/explain_verdict.c", "tests/golden/corner/budget_item.csv", "G17-XM11" },
	{ "G-18", "checks/quota.c", "tests/checks/quota_test.c",
		"g18_district_and_departments_go_by_the_floor_of_their_year" },
	{ "G-19", "checks/unit_tree.h", "tests/golden/corner/contract.csv", "G19-001" },
	{ "G-20", "checks/explain_reason.c", "tests/golden/corner/budget_item.csv", "G20-XM09" },
	{ "G-21", "checks/award_item.h", "tests/golden/corner/contract.csv", "G38-001" },
	{ "G-22", "checks/award_item.h", "tests/golden/corner/contract.csv", "G22-001" },
	{ "G-23", "checks/award_item.c", "tests/checks/quota_case_test.c",
		"q7_g23_a_contract_cancelled_after_its_award_leaves_the_award_basis" },
	{ "G-24", "checks/explain_reason.c", "tests/golden/corner/contract.csv", "G25-001" },
	{ "G-25", "checks/award_item.c", "tests/golden/corner/contract.csv", "G25-008" },
	{ "G-26", "checks/award_item.c", "tests/checks/quota_case_test.c",
		"q7_g26_a_consortium_of_medium_and_small_is_sme_wholly_and_small_by_its_share" },
	{ "G-27", "checks/award_item.h", "tests/golden/corner/contract.csv", "G27-001" },
	{ "G-28", "checks/figures.h", "tests/golden/corner/contract.csv", "G28-001" },
	{ "G-60", "daemon/core/uscc.h", "tests/core/uscc_test.c",
		"g60_the_first_test_that_fails_in_their_order_is_the_reason" },
	{ "G-61", "checks/size.c", "tests/checks/size_test.c",
		"g61_the_longest_listed_prefix_decides_else_the_section_of_the_division" },
	{ "G-62", "checks/size.h", "tests/golden/corner/contract.csv", "G25-003" },
};
/* Cases in tables: the test that goes through every row of the table. */
static const struct {
	const char *table, *test, *named;
} readers[] = {
	{ "tests/golden/quota_item.csv", "tests/checks/plan_item_test.c", "every_golden_row" },
	{ "tests/golden/award_item.csv", "tests/checks/award_item_test.c", "every_golden_row" },
	{ "tests/golden/size_class.csv", "tests/checks/size_test.c", "every_golden_row" },
	{ "tests/golden/corner/", "tests/checks/snapshot_test.c", "corner_cases_on_30_june_2026" },
};
#define ROWS(table) table, sizeof(table) / sizeof((table)[0])

static char *read_source(const char *path)
{
	_cleanup_free_ char *full = mem_format("%s/%s", SETASIDE_SOURCE_DIR, path);
	FILE *file = fopen(full, "rbe");
	struct buf buf;
	char piece[8192], *text;
	size_t count;

	cr_assert_not_null(file, "%s", full);
	buf_init(&buf, 16 << 20);
	while ((count = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&buf, piece, count);
	fclose(file);
	text = buf_take(&buf);
	buf_free(&buf);
	return text;
}

static bool is_inside_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "Q-1" is not named by "Q-10". */
static bool names(const char *text, const char *rule)
{
	size_t length = strlen(rule);

	for (const char *at = strstr(text, rule); at; at = strstr(at + 1, rule))
		if (!is_inside_word(at[length]) && (at == text || !is_inside_word(at[-1])))
			return true;
	return false;
}

/* The name of the table as its test opens it: "quota_item.csv", "corner". */
static char *opened_as(const char *table)
{
	const char *name = table + strlen("tests/golden/");
	size_t length = strlen(name);

	return mem_format("\"%.*s\"", (int)(name[length - 1] == '/' ? length - 1 : length), name);
}

/* A case of a table is held by the test that reads the table. */
static void expect_read(const char *table)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		_cleanup_free_ char *test = NULL, *name = NULL;

		if (strncmp(table, readers[i].table, strlen(readers[i].table)) != 0)
			continue;
		test = read_source(readers[i].test);
		name = opened_as(readers[i].table);
		cr_expect_not_null(strstr(test, readers[i].named), "%s", readers[i].test);
		cr_expect_not_null(
			strstr(test, name), "%s does not read %s", readers[i].test, name);
		return;
	}
	cr_expect_fail("no test reads %s", table);
}

static void expect_covered(const struct covered *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *source = read_source(rows[i].source);
		_cleanup_free_ char *test = read_source(rows[i].test);

		cr_expect(names(source, rows[i].rule), "%s does not name %s", rows[i].source,
			rows[i].rule);
		cr_expect_not_null(strstr(test, rows[i].named), "%s of %s is not in %s",
			rows[i].named, rows[i].rule, rows[i].test);
		if (strstr(rows[i].test, ".csv"))
			expect_read(rows[i].test);
	}
}

Test(rules_covered, every_rule_is_applied_by_name_and_held_by_a_test)
{
	expect_covered(ROWS(rules));
}

Test(rules_covered, every_reading_is_applied_by_name_and_held_by_a_test)
{
	expect_covered(ROWS(readings));
}

Test(rules_covered, every_rule_says_where_its_text_stands)
{
	const char *own = rule_article("no such rule");

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		cr_expect_str_neq(rule_article(rules[i].rule), own, "%s", rules[i].rule);
}

Test(rules_covered, q10_the_bands_of_the_price_preference_are_dated_parameters)
{
	struct parameters parameters;
	day_t before, from;

	cr_assert(day_parse("2022-06-30", 10, &before) && day_parse("2022-07-01", 10, &from));
	parameters_defaults(&parameters);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_GOODS_SERVICES_MIN, from), 100000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_GOODS_SERVICES_MAX, from), 200000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_GOODS_SERVICES_MIN, before), 60000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_GOODS_SERVICES_MAX, before), 100000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_PART_GOODS_SERVICES_MIN, before), 20000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_PART_GOODS_SERVICES_MAX, from), 60000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_PART_WORKS_MAX, from), 20000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_WORKS_MIN, before), 30000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q10_WORKS_MAX, from), 50000);
}
