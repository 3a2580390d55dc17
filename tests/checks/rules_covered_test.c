/* Every rule of the set-aside and of size classes, and every reading where the law is silent: where it is applied, and by
 * which test it is held. A row whose file does not name the rule, or whose test is gone, fails. */
#include <criterion/criterion.h>

#include "checks/explain_reason.h"
#include "checks/findings.h"
#include "lib/coverage.h"

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
	{ "Q-10", "checks/findings_preference.c", "tests/checks/findings_preference_test.c",
		"q10_a_preference_is_within_the_band_of_its_day_and_class" },
	{ "Q-11", "checks/explain_reason.c", "tests/checks/quota_case_test.c",
		"q11_goods_without_the_makers_declaration_count_in_the_upper_value_only" },
	{ "Q-12", "checks/explain_reason.c", "tests/checks/findings_test.c",
		"q12_q7_what_a_reserved_contract_must_not_be" },
	{ "Q-13", "checks/award_band.c", "tests/checks/award_band_test.c",
		"control_by_a_large_enterprise_excludes_and_deemed_status_includes" },
	{ "Q-14", "checks/findings.c", "tests/checks/findings_test.c",
		"q14_a_declaration_is_compared_with_the_figures_of_the_year_before" },
	{ "N-1", "checks/findings_clocks.c", "tests/checks/findings_clocks_test.c",
		"n1_a_departments_yearly_notice_is_asked_for_after_its_day" },
	{ "N-2", "checks/findings_clocks.c", "tests/checks/findings_clocks_test.c",
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
#define ROWS(table) table, sizeof(table) / sizeof((table)[0])

Test(rules_covered, every_rule_is_applied_by_name_and_held_by_a_test)
{
	coverage_expect(ROWS(rules));
}

Test(rules_covered, every_reading_is_applied_by_name_and_held_by_a_test)
{
	coverage_expect(ROWS(readings));
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
