/* Limits of supplements and deposits, subcontracts, reserved packages that ended, twins: each rule at its edge. */
#include "checks/findings.h"

#include <criterion/criterion.h>

#include "lib/one_package.h"

TestSuite(findings_procurement, .init = package_set_up, .fini = package_tear_down);

Test(findings_procurement, n2_supplements_are_at_most_a_tenth_of_the_contract)
{
	struct amendment_fact *amendment = facts_add_amendment(package.facts);

	amendment->contract_no = package.contract->contract_no;
	amendment->amended_on = day("2026-04-01");
	amendment->amount_change_fen = 100000;
	cr_expect_eq(package_count("supplement-over-limit", "2026-06-30"), 0, "exactly a tenth");
	package.facts->amendments.items[0].amount_change_fen = 100001;
	cr_expect_eq(package_count("supplement-over-limit", "2026-06-30"), 1);
	cr_expect_eq(package_count("supplement-over-limit", "2026-03-31"), 0, "not yet");
	package.facts->amendments.items[0].amount_change_fen = -500000;
	cr_expect_eq(package_count("supplement-over-limit", "2026-06-30"), 0, "a reduction");
}

Test(findings_procurement, n2_a_performance_deposit_is_at_most_a_tenth)
{
	struct obligation_fact *deposit = facts_add_obligation(package.facts);

	deposit->obligation_no = "D-1";
	deposit->contract_no = package.contract->contract_no;
	deposit->kind = KIND_DEPOSIT;
	deposit->amount_fen = 100000;
	cr_expect_eq(package_count("deposit-over-limit", "2026-06-30"), 0);
	package.facts->obligations.items[0].amount_fen = 100001;
	cr_expect_eq(package_count("deposit-over-limit", "2026-06-30"), 1);
	package.facts->obligations.items[0].kind = KIND_RETENTION;
	cr_expect_eq(package_count("deposit-over-limit", "2026-06-30"), 0);
}

static void deposit(enum deposit_kind kind, fen_t amount)
{
	struct obligation_fact *row = facts_add_obligation(package.facts);

	row->obligation_no = "D";
	row->contract_no = package.contract->contract_no;
	row->kind = KIND_DEPOSIT;
	row->deposit_kind = kind;
	row->amount_fen = amount;
}

Test(findings_procurement, n2_deposits_of_different_kinds_are_not_tested_together)
{
	deposit(DEPOSIT_PERFORMANCE, 100000);
	deposit(DEPOSIT_BID, 20000);
	deposit(DEPOSIT_QUALITY, 30000);
	deposit(DEPOSIT_WAGE, 200000);
	cr_expect_eq(package_count("deposit-over-limit", "2026-06-30"), 0, "each within its limit");
	deposit(DEPOSIT_UNSTATED, 60000);
	deposit(DEPOSIT_UNSTATED, 60000);
	cr_expect_eq(
		package_count("deposit-over-limit", "2026-06-30"), 0, "they may be of two kinds");
	deposit(DEPOSIT_PERFORMANCE, 1);
	cr_expect_eq(package_count("deposit-over-limit", "2026-06-30"), 1, "two parts of one kind");
	package.facts->obligations.items[package.facts->obligations.count - 1].amount_fen = 0;
	deposit(DEPOSIT_UNSTATED, 100001);
	cr_expect_eq(
		package_count("deposit-over-limit", "2026-06-30"), 1, "over it whatever its kind");
}

Test(findings_procurement, n2_a_bid_deposit_is_at_most_a_fiftieth_of_the_budget)
{
	package.contract->amount_fen = 500000;
	deposit(DEPOSIT_BID, 20000);
	cr_expect_eq(
		package_count("bid-deposit-over-limit", "2026-06-30"), 0, "of the budget, exactly");
	package.facts->obligations.items[0].amount_fen = 20001;
	cr_expect_eq(package_count("bid-deposit-over-limit", "2026-06-30"), 1);
	cr_expect_eq(package_count("deposit-over-limit", "2026-06-30"), 0);
	package.facts->budget_items.items[0].budget_fen = 0;
	cr_expect_eq(
		package_count("bid-deposit-over-limit", "2026-06-30"), 0, "no budget is on record");
	package.facts->budget_items.items[0].budget_fen = 1000000;
	package.facts->budget_items.items[0].project_code = "B";
	cr_expect_eq(package_count("bid-deposit-over-limit", "2026-06-30"), 0, "nor the project");
}

Test(findings_procurement, e3_too_high_a_deposit_is_act_5_of_a_public_body)
{
	struct obligation_fact *deposit = facts_add_obligation(package.facts);
	struct package_found found;

	deposit->obligation_no = "D-1";
	deposit->contract_no = package.contract->contract_no;
	deposit->kind = KIND_DEPOSIT;
	deposit->amount_fen = 100001;
	found = package_find("deposit-over-limit", QUOTA_YEAR, "2026-06-30");
	cr_assert_eq(found.count, 1);
	cr_assert_not_null(found.act);
	cr_expect_str_eq(found.act, "31-5");
	for (size_t unit = 0; unit < package.facts->units.count; unit++)
		package.facts->units.items[unit].kind = DEBTOR_LARGE_ENTERPRISE;
	found = package_find("deposit-over-limit", QUOTA_YEAR, "2026-06-30");
	cr_expect_null(found.act, "an enterprise");
}

/* An authority's answer about a supplier's class. */
static void answer(
	struct register_book *book, const char *number, const char *supplier, const char *class)
{
	struct register_entry entry = { .entry_no = number,
		.name = REGISTER_SIZE,
		.unit_code = "",
		.project_code = "",
		.package_no = "",
		.supplier_uscc = supplier,
		.contract_no = "",
		.field = "",
		.value = class,
		.reason = "",
		.evidence = "",
		.approver = "",
		.valid_from = day("2026-01-01"),
		.valid_to = DAY_NONE,
		.withdrawn_on = DAY_NONE };

	register_book_add(book, &entry);
}

static int upward(enum size_class winner, enum size_class sub)
{
	package.contract->declared_size = winner;
	package.facts->contract_parties.items[0].size_class = sub;
	return package_count("subcontract-upward", "2026-06-30");
}

Test(findings_procurement, q7_a_package_of_a_year_did_not_end_in_another)
{
	package.facts->contracts.items[0].project_code = "B";
	package_notice(NOTICE_TERMINATION, "1", "2025-06-20");
	cr_expect_eq(package_count("reserved-package-ended", "2026-06-30"), 0, "before its budget");
	package.facts->notices.items[0].published_on = day("2027-02-01");
	cr_expect_eq(package_count("reserved-package-ended", "2027-06-30"), 0, "after its year");
	package.facts->notices.items[0].published_on = day("2026-12-31");
	cr_expect_eq(package_count("reserved-package-ended", "2027-06-30"), 1);
}

Test(findings_procurement, q7_a_winner_under_the_policy_does_not_subcontract_upward)
{
	struct contract_party_fact *party = facts_add_contract_party(package.facts);

	party->contract_no = package.contract->contract_no;
	party->role = ROLE_SUBCONTRACTOR;
	cr_expect_eq(upward(SIZE_MICRO, SIZE_SMALL), 0, "small and micro alike");
	cr_expect_eq(upward(SIZE_SMALL, SIZE_MEDIUM), 1);
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_MEDIUM), 0);
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_LARGE), 1);
	cr_expect_eq(upward(SIZE_LARGE, SIZE_LARGE), 0, "no winner under the policy");
	cr_expect_eq(upward(SIZE_SMALL, SIZE_BLANK), 0, "unknown is no claim");
	package.facts->contract_parties.items[0].role = ROLE_MEMBER;
	cr_expect_eq(upward(SIZE_SMALL, SIZE_LARGE), 0, "a partner");
}

Test(findings_procurement, q7_a_winners_class_is_that_of_the_award_authoritys_answer_first)
{
	struct register_book *book = register_book_new();
	struct contract_party_fact *party = facts_add_contract_party(package.facts);
	struct supplier_fact *supplier = facts_add_supplier(package.facts);

	party->contract_no = package.contract->contract_no;
	party->supplier_id = "P-1";
	party->role = ROLE_SUBCONTRACTOR;
	supplier->uscc = package.facts->contracts.items[0].supplier_uscc = "W-1";
	supplier->industry_code = "C"; /* 20 to 300 persons and 3 to 20 million yuan: small */
	supplier->employees = 100;
	supplier->revenue_fen = 1000000000;
	cr_expect_eq(upward(SIZE_BLANK, SIZE_MEDIUM), 1, "computed");
	package.facts->suppliers.items[0].size_class = SIZE_MEDIUM;
	cr_expect_eq(upward(SIZE_BLANK, SIZE_MEDIUM), 0, "as the supplier's record says");
	package.csv->law.registers = book;
	answer(book, "E-1", "W-1", "S");
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_MEDIUM), 1, "declared medium, found small");
	answer(book, "E-2", "P-1", "S");
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_MEDIUM), 0, "and so is the subcontractor");
	answer(book, "E-3", "W-1", "L");
	answer(book, "E-4", "P-1", "L");
	cr_expect_eq(upward(SIZE_SMALL, SIZE_MEDIUM), 0, "no winner under the policy");
	package.csv->law.registers = NULL;
	register_book_free(book);
}

Test(findings_procurement, q7_a_reserved_package_that_ended_without_award_is_doubtful)
{
	package_notice(NOTICE_TERMINATION, "1", "2026-02-20");
	cr_expect_eq(
		package_count("reserved-package-ended", "2026-02-28"), 1, "before the contract");
	cr_expect_eq(package_count("reserved-package-ended", "2026-02-19"), 0);
	cr_expect_eq(package_count("reserved-package-ended", "2026-03-01"), 0, "awarded after all");
	package.facts->budget_items.items[0].withdrawn_on = day("2026-02-25");
	cr_expect_eq(package_count("reserved-package-ended", "2026-02-28"), 0, "somebody said so");
}

Test(findings_procurement, q7_fewer_than_three_qualified_is_named_as_such)
{
	package_notice(NOTICE_TERMINATION, "1", "2026-02-20");
	package.facts->notices.items[0].end_reason = "符合资格条件的中小企业不足三家";
	cr_expect_eq(package_count("fewer-than-three-qualified", "2026-02-28"), 1);
	cr_expect_eq(package_count("reserved-package-ended", "2026-02-28"), 0, "once");
	cr_expect_eq(
		package_count("fewer-than-three-qualified", "2026-03-01"), 0, "awarded after all");
	package.facts->notices.items[0].end_reason = "采购任务取消";
	cr_expect_eq(package_count("fewer-than-three-qualified", "2026-02-28"), 0);
	cr_expect_eq(package_count("reserved-package-ended", "2026-02-28"), 1);
}

Test(findings_procurement, q5_q13_twins_are_named_once)
{
	struct contract_fact *twin = quota_contract(package.facts, "100", "A", 1000000);

	twin->package_no = "1";
	twin->supplier_uscc = package.facts->contracts.items[0].supplier_uscc =
		"91110000000000000X";
	cr_expect_eq(package_count("award-possible-duplicate", "2026-06-30"), 1);
	package.facts->contracts.items[1].amount_fen = 1000001;
	cr_expect_eq(package_count("award-possible-duplicate", "2026-06-30"), 0);
	quota_item(package.facts, "200", "A", 1000000)->package_no = "1";
	cr_expect_eq(package_count("plan-possible-duplicate", "2026-06-30"), 1);
	package.facts->budget_items.items[1].budget_fen = 999999;
	cr_expect_eq(package_count("plan-possible-duplicate", "2026-06-30"), 0);
}
