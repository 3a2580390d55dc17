/* Every rule on arrears, disclosure, complaints and pressure (P, D, K, E), the acts of article 31 and the readings G-30 to
 * G-52: where it is applied and by which test it is held, or why it is not calculated. A rule that a parameter or a finding
 * names and that has no row fails, as does a row whose test is not there. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/act.h"
#include "checks/findings.h"
#include "checks/parameters.h"
#include "lib/coverage.h"

#define CASES       "tests/golden/"
#define TESTS       "tests/checks/"
#define ROWS(table) table, sizeof(table) / sizeof((table)[0])

static const struct covered rules[] = {
	{ "P-1", "checks/coverage.h", CASES "corner/contract.csv", "G30-001" },
	{ "P-2", "checks/due.h", CASES "due_date.csv", "dd-001" },
	{ "P-2", "checks/clause.c", TESTS "clause_test.c",
		"sixty_days_are_allowed_and_sixty_one_are_not_for_a_public_body" },
	{ "P-3", "checks/due.c", CASES "due_date.csv", "dd-027" },
	{ "P-3", "checks/observe.c", TESTS "act_test.c",
		"every_stalled_acceptance_of_a_covered_debt_is_found" },
	{ "P-4", "checks/due.h", CASES "due_date.csv", "dd-002" },
	{ "P-4", "checks/payment.h", TESTS "arrears_property_test.c",
		"paying_on_the_due_day_is_on_time_and_a_day_later_is_late" },
	{ "P-5", "checks/clause.c", TESTS "clause_test.c",
		"words_of_the_payment_clause_are_found_as_they_stand" },
	{ "P-5", "checks/invoice.h", TESTS "invoice_test.c",
		"a_late_invoice_contests_from_the_due_day_until_its_own_term_has_passed" },
	{ "P-5", "checks/arrears_bill.c", TESTS "hints_test.c",
		"a_bill_that_names_the_debt_and_matures_after_its_due_day_is_late" },
	{ "P-6", "checks/dispute.h", CASES "dispute.csv", "dsp-001" },
	{ "P-6", "checks/hints.c", TESTS "clause_test.c",
		"a_dispute_opened_after_the_due_day_is_found_with_the_interest_beside_it" },
	{ "P-7", "checks/interest.h", CASES "interest.csv", "int-001" },
	{ "P-8", "checks/allocate.h", CASES "allocation.csv", "all-001" },
	{ "P-8", "checks/arrears.h", TESTS "arrears_legal_test.c",
		"costs_come_before_the_interest_and_both_before_the_principal" },
	{ "P-9", "checks/observe.c", TESTS "act_test.c",
		"a_deposit_that_is_not_given_back_is_found_and_no_debt_for_goods" },
	{ "P-10", "checks/due.h", CASES "due_date.csv", "dd-013" },
	{ "P-11", "checks/hints.h", TESTS "hints_test.c",
		"limitation_is_near_two_and_a_half_years_after_the_due_day_or_the_last_part_"
		"payment" },
	{ "D-1", "checks/disclosure.c", CASES "disclosure.csv", "dsc-001" },
	{ "D-2", "checks/disclosure.h", TESTS "arrears_test.c",
		"enterprises_and_institutions_report_one_by_one_and_none_as_zero" },
	{ "D-3", "checks/disclosure.h", TESTS "arrears_test.c",
		"enterprises_and_institutions_report_one_by_one_and_none_as_zero" },
	{ "K-2", "checks/complaint.h", CASES "complaint_clock.csv", "cc-001" },
	{ "K-3", "checks/complaint.c", CASES "complaint_clock.csv", "cc-007" },
	{ "K-5", "checks/complaint.h", TESTS "complaint_test.c",
		"what_was_not_admitted_has_no_clock_from_that_day_on" },
	{ "K-7", "checks/complaint.c", CASES "complaint_clock.csv", "cc-016" },
	{ "E-3", "checks/act.h", TESTS "act_test.c",
		"each_finding_names_the_act_of_a_public_body" },
	{ "E-4", "checks/clause.c", TESTS "clause_test.c",
		"e4_a_public_body_must_not_let_the_contractor_finance_the_project" },
	{ "E-6", "checks/ladder.h", TESTS "ladder_test.c",
		"a_row_stands_on_the_highest_step_whose_days_it_has_reached" },
	{ "E-6", "checks/hints.h", TESTS "hints_test.c",
		"ten_working_days_before_the_due_day_across_a_holiday_the_debt_is_due_soon" },
	{ "E-7", "checks/ageing.h", CASES "ageing.csv", "age-001" },
	{ "E-7", "checks/worklist.h", TESTS "practice_test.c",
		"verified_and_undisputed_work_first_then_small_debts_then_amount_times_days" },
	{ "31-1", "checks/act.c", TESTS "act_test.c",
		"the_evidence_of_a_debt_names_the_act_of_a_public_body_and_of_nobody_else" },
	{ "31-2", "checks/act.c", TESTS "act_test.c",
		"every_stalled_acceptance_of_a_covered_debt_is_found" },
	{ "31-3", "checks/act.c", TESTS "act_test.c",
		"a_bill_that_matures_after_the_due_day_is_found_until_it_is_taken_back" },
	{ "31-4", "checks/act.c", TESTS "findings_test.c",
		"e3_an_audit_clause_of_a_public_body_is_act_4_and_of_an_enterprise_none" },
	{ "31-5", "checks/act.c", TESTS "act_test.c",
		"a_deposit_that_is_not_given_back_is_found_and_no_debt_for_goods" },
};

/* What is not calculated, and why no record could tell it. */
static const struct {
	const char *rule, *why;
} not_calculated[] = {
	{ "K-1", "admission is the acceptance desk's, at provincial level or above: the district's "
		 "records begin "
		 "with what was accepted" },
	{ "K-4", "whether a respondent stays silent is known to the desk alone; what follows on "
		 "verified debts is "
		 "the ladder of E-6, proposed and decided by a person" },
	{ "K-6", "the quick mechanism has no day limits: there is nothing to be late with" },
	{ "E-1", "summoning is a deed of the authority; the program proposes it by E-6 and keeps "
		 "who confirmed it" },
	{ "E-2", "credit records and restrictions are decided and kept by other authorities; no "
		 "record of them is read" },
	{ "E-5", "the long-term mechanism is this program as a whole; the article sets no number" },
	{ "E-8", "an encouragement, not a duty: less than thirty percent in advance is no fault of "
		 "a contract" },
	{ "31-6", "an excuse is stated in free words of a ledger sheet (the cause of a debt, shown "
		  "beside it); whether "
		  "it is one of the article's is for a person to say" },
	{ "31-7", "no record says where and when a unit published its overdue sums; the sums "
		  "themselves are D-1" },
};

static const struct covered readings[] = {
	{ "G-30", "checks/coverage.h", CASES "corner/contract.csv", "G30-002" },
	{ "G-31", "checks/due.h", CASES "corner/contract.csv", "G31-001" },
	{ "G-32", "checks/coverage.h", CASES "corner/contract.csv", "G25-002" },
	{ "G-33", "checks/due.h", CASES "corner/contract.csv", "G33-001" },
	{ "G-34", "checks/due.c", CASES "due_date.csv", "dd-034" },
	{ "G-35", "checks/due.c", CASES "due_date.csv", "dd-050" },
	{ "G-36", "checks/due.c", CASES "corner/contract.csv", "G36-001" },
	{ "G-37", "checks/due.c", CASES "corner/contract.csv", "G37-001" },
	{ "G-38", "checks/due.h", CASES "due_date.csv", "dd-054" },
	{ "G-39", "checks/status.c", CASES "due_date.csv", "dd-001" },
	{ "G-40", "checks/payment.h", CASES "corner/contract.csv", "G40-001" },
	{ "G-41", "checks/payment.h", CASES "corner/contract.csv", "G41-001" },
	{ "G-42", "checks/dispute.h", CASES "corner/contract.csv", "G42-001" },
	{ "G-43", "checks/lpr.h", CASES "interest.csv", "int-001" },
	{ "G-44", "checks/arrears_cap.c", CASES "corner/contract.csv", "G44-001" },
	{ "G-45", "checks/allocate.h", CASES "corner/contract.csv", "G45-001" },
	{ "G-46", "checks/interest.h", CASES "interest.csv", "int-028" },
	{ "G-50", "checks/ageing.h", TESTS "arrears_property_test.c",
		"ageing_columns_of_every_table_sum_to_the_balance" },
	{ "G-51", "checks/disclosure.h", CASES "corner/contract.csv", "G51-001" },
	{ "G-52", "checks/complaint.h", CASES "complaint_clock.csv", "cc-001" },
};

static const char *why_not(const char *rule)
{
	for (size_t i = 0; i < sizeof(not_calculated) / sizeof(*not_calculated); i++)
		if (strcmp(not_calculated[i].rule, rule) == 0)
			return not_calculated[i].why;
	return NULL;
}

/* Held by a test, or a reason stands there; not both. */
static void expect_row(const char *rule)
{
	bool held = coverage_has(ROWS(rules), rule);

	cr_expect(held || why_not(rule), "%s has no test and no reason", rule);
	cr_expect(!held || !why_not(rule), "%s is held by a test and said not to be calculated",
		rule);
}

Test(arrears_rules_covered, every_row_names_a_file_that_applies_it_and_a_test_that_is_there)
{
	coverage_expect(ROWS(rules));
	coverage_expect(ROWS(readings));
}

Test(arrears_rules_covered, no_rule_of_the_four_kinds_and_no_act_is_missing)
{
	static const struct {
		const char *prefix;
		int last;
	} kinds[] = { { "P", 11 }, { "D", 3 }, { "K", 7 }, { "E", 8 }, { "31", ACTS } };
	char rule[16];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (int number = 1; number <= kinds[i].last; number++) {
			snprintf(rule, sizeof(rule), "%s-%d", kinds[i].prefix, number);
			expect_row(rule);
		}
}

static bool is_of_arrears(const char *rule)
{
	return strchr("PDKE", rule[0]) && rule[1] == '-';
}

Test(arrears_rules_covered, every_rule_that_a_parameter_or_a_finding_names_has_a_row)
{
	size_t count;
	const struct finding_kind *kinds = finding_kinds(&count);

	for (int i = 0; i < PARAM_COUNT; i++)
		if (is_of_arrears(parameter_defs[i].rule_id))
			expect_row(parameter_defs[i].rule_id);
	for (size_t i = 0; i < count; i++)
		if (is_of_arrears(kinds[i].rule_id))
			expect_row(kinds[i].rule_id);
}

Test(arrears_rules_covered, every_clarification_from_30_to_52_has_a_row)
{
	FILE *file = fopen(SETASIDE_SOURCE_DIR "/tests/golden/README.md", "re");
	char *line = NULL, rule[8];
	size_t room = 0, seen = 0;
	int number;

	cr_assert_not_null(file);
	while (getline(&line, &room, file) >= 0) {
		if (sscanf(line, "- **G-%d ", &number) != 1 || number < 30 || number > 52)
			continue;
		snprintf(rule, sizeof(rule), "G-%02d", number);
		cr_expect(coverage_has(ROWS(readings), rule), "%s", rule);
		seen++;
	}
	free(line);
	fclose(file);
	cr_expect_eq(seen, sizeof(readings) / sizeof(*readings), "each has its paragraph");
}
