/* Hints about procurement: each rule at its edge. */
#include "checks/findings.h"
#include "checks/words.h"

#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <string.h>

static struct law_csv *csv;
static struct facts *facts;
static struct contract_fact *contract;

static void set_up(void)
{
	csv = law_csv_read();
	facts = quota_facts();
	quota_reserved(facts, "100", "A", 1000000, RESERVED_FOR_SME)->package_no = "1";
	contract = quota_contract(facts, "100", "A", 1000000);
	contract->package_no = "1";
	contract->reserve_form = RESERVE_PACKAGE;
	contract->declared_size = SIZE_SMALL;
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(findings_procurement, .init = set_up, .fini = tear_down);

struct found {
	const char *code;
	int count;
	const char *act; /* of the last one; NULL: none */
};

static void on_finding(void *arg, const struct data_finding *finding)
{
	struct found *found = arg;

	if (strcmp(finding->code, found->code) != 0)
		return;
	found->count++;
	found->act = NULL;
	for (int i = 0; i < FINDING_VALUES_MAX && finding->values[i].name; i++)
		if (strcmp(finding->values[i].name, "act") == 0)
			found->act = finding->values[i].text;
}

static struct found find(const char *code, int fiscal_year, const char *as_of)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct found found = { .code = code };

	findings_of_procurement(&csv->law, index, units, fiscal_year,
		text_day(as_of, strlen(as_of)), on_finding, &found);
	unit_tree_free(units);
	facts_index_free(index);
	return found;
}

static int count_of_year(const char *code, int fiscal_year, const char *as_of)
{
	return find(code, fiscal_year, as_of).count;
}

static int count(const char *code, const char *as_of)
{
	return count_of_year(code, QUOTA_YEAR, as_of);
}

static void notice(enum notice_kind kind, const char *package, const char *published)
{
	struct notice_fact *row = facts_add_notice(facts);

	row->unit_code = "100";
	row->project_code = "A";
	row->package_no = package;
	row->kind = kind;
	row->published_on = text_day(published, strlen(published));
}

static day_t day(const char *text)
{
	return text_day(text, strlen(text));
}

/* 30 days from 29 January 2026 end on Saturday 28 February, which is a make-up working day; from 30
 * January on Sunday 1 March, rolled to Monday. */
Test(findings_procurement, n2_a_contract_is_signed_within_thirty_days_of_the_award_notice)
{
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 0, "no notice, no claim");
	notice(NOTICE_AWARD, "", "2026-01-30");
	contract->signed_on = day("2026-03-02");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 0, "the last day was a Sunday");
	contract->signed_on = day("2026-03-03");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 1);
	notice(NOTICE_AWARD, "2", "2026-02-20");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 1, "of another package");
	notice(NOTICE_AWARD, "1", "2026-02-20");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 0, "awarded anew");
}

Test(findings_procurement, n2_a_contract_is_published_within_two_working_days)
{
	contract->signed_on =
		day("2026-04-30"); /* then the holiday: 6 and 7 May are the next two */
	cr_expect_eq(count("contract-published-late", "2026-06-30"), 0);
	notice(NOTICE_CONTRACT, "1", "2026-05-07");
	cr_expect_eq(count("contract-published-late", "2026-06-30"), 0);
	facts->notices.items[0].published_on = day("2026-05-08");
	cr_expect_eq(count("contract-published-late", "2026-06-30"), 1);
	cr_expect_eq(count("contract-published-late", "2026-05-07"), 0, "not published yet");
}

Test(findings_procurement, n2_supplements_are_at_most_a_tenth_of_the_contract)
{
	struct amendment_fact *amendment = facts_add_amendment(facts);

	amendment->contract_no = contract->contract_no;
	amendment->amended_on = day("2026-04-01");
	amendment->amount_change_fen = 100000;
	cr_expect_eq(count("supplement-over-limit", "2026-06-30"), 0, "exactly a tenth");
	facts->amendments.items[0].amount_change_fen = 100001;
	cr_expect_eq(count("supplement-over-limit", "2026-06-30"), 1);
	cr_expect_eq(count("supplement-over-limit", "2026-03-31"), 0, "not yet");
	facts->amendments.items[0].amount_change_fen = -500000;
	cr_expect_eq(count("supplement-over-limit", "2026-06-30"), 0, "a reduction");
}

Test(findings_procurement, n2_a_performance_deposit_is_at_most_a_tenth)
{
	struct obligation_fact *deposit = facts_add_obligation(facts);

	deposit->obligation_no = "D-1";
	deposit->contract_no = contract->contract_no;
	deposit->kind = KIND_DEPOSIT;
	deposit->amount_fen = 100000;
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 0);
	facts->obligations.items[0].amount_fen = 100001;
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 1);
	facts->obligations.items[0].kind = KIND_RETENTION;
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 0);
}

static void deposit(enum deposit_kind kind, fen_t amount)
{
	struct obligation_fact *row = facts_add_obligation(facts);

	row->obligation_no = "D";
	row->contract_no = contract->contract_no;
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
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 0, "each within its limit");
	deposit(DEPOSIT_UNSTATED, 60000);
	deposit(DEPOSIT_UNSTATED, 60000);
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 0, "they may be of two kinds");
	deposit(DEPOSIT_PERFORMANCE, 1);
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 1, "two parts of one kind");
	facts->obligations.items[facts->obligations.count - 1].amount_fen = 0;
	deposit(DEPOSIT_UNSTATED, 100001);
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 1, "over it whatever its kind");
}

Test(findings_procurement, n2_a_bid_deposit_is_at_most_a_fiftieth_of_the_budget)
{
	contract->amount_fen = 500000;
	deposit(DEPOSIT_BID, 20000);
	cr_expect_eq(count("bid-deposit-over-limit", "2026-06-30"), 0, "of the budget, exactly");
	facts->obligations.items[0].amount_fen = 20001;
	cr_expect_eq(count("bid-deposit-over-limit", "2026-06-30"), 1);
	cr_expect_eq(count("deposit-over-limit", "2026-06-30"), 0);
	facts->budget_items.items[0].budget_fen = 0;
	cr_expect_eq(count("bid-deposit-over-limit", "2026-06-30"), 0, "no budget is on record");
	facts->budget_items.items[0].budget_fen = 1000000;
	facts->budget_items.items[0].project_code = "B";
	cr_expect_eq(count("bid-deposit-over-limit", "2026-06-30"), 0, "nor the project");
}

Test(findings_procurement, e3_too_high_a_deposit_is_act_5_of_a_public_body)
{
	struct obligation_fact *deposit = facts_add_obligation(facts);
	struct found found;

	deposit->obligation_no = "D-1";
	deposit->contract_no = contract->contract_no;
	deposit->kind = KIND_DEPOSIT;
	deposit->amount_fen = 100001;
	found = find("deposit-over-limit", QUOTA_YEAR, "2026-06-30");
	cr_assert_eq(found.count, 1);
	cr_assert_not_null(found.act);
	cr_expect_str_eq(found.act, "31-5");
	for (size_t unit = 0; unit < facts->units.count; unit++)
		facts->units.items[unit].kind = DEBTOR_LARGE_ENTERPRISE;
	found = find("deposit-over-limit", QUOTA_YEAR, "2026-06-30");
	cr_expect_null(found.act, "an enterprise");
}

Test(findings_procurement, e4_contracts_of_a_package_are_at_most_its_budget)
{
	struct amendment_fact *amendment;

	contract->amount_fen = 1000000;
	cr_expect_eq(count("contracts-over-budget", "2026-06-30"), 0, "exactly its budget");
	amendment = facts_add_amendment(facts);
	amendment->contract_no = contract->contract_no;
	amendment->amended_on = day("2026-06-01");
	amendment->amount_change_fen = 1;
	cr_expect_eq(count("contracts-over-budget", "2026-06-30"), 1);
	cr_expect_eq(count("contracts-over-budget", "2026-05-31"), 0, "not changed yet");
	facts->budget_items.items[0].budget_fen = 0;
	cr_expect_eq(count("contracts-over-budget", "2026-06-30"), 0, "no budget is on record");
}

Test(findings_procurement, e4_a_package_that_is_not_in_its_projects_budget_is_asked_about)
{
	cr_expect_eq(count("contract-without-budget", "2026-06-30"), 0);
	contract->package_no = "2";
	cr_expect_eq(count("contract-without-budget", "2026-06-30"), 1);
	contract->package_no = "";
	cr_expect_eq(count("contract-without-budget", "2026-06-30"), 0, "the whole project");
	contract->package_no = "2";
	quota_reserved(facts, "100", "A", 1000000, RESERVED_FOR_SME);
	cr_expect_eq(count("contract-without-budget", "2026-06-30"), 0, "budgeted as a whole");
	contract->project_code = "B";
	cr_expect_eq(count("contract-without-budget", "2026-06-30"), 0, "no budget is on record");
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
	contract->declared_size = winner;
	facts->contract_parties.items[0].size_class = sub;
	return count("subcontract-upward", "2026-06-30");
}

Test(findings_procurement, n2_an_award_without_a_contract_is_named_when_the_days_have_passed)
{
	facts->contracts.items[0].project_code = "B";
	cr_expect_eq(count("contract-not-signed", "2026-06-30"), 0, "no notice, no claim");
	notice(NOTICE_AWARD, "", "2026-01-30");
	cr_expect_eq(count("contract-not-signed", "2026-03-02"), 0, "the last day, rolled");
	cr_expect_eq(count("contract-not-signed", "2026-03-03"), 1);
	facts->contracts.items[0].project_code = "A";
	facts->contracts.items[0].signed_on = day("2026-03-10");
	cr_expect_eq(count("contract-not-signed", "2026-03-09"), 1, "not signed yet");
	cr_expect_eq(count("contract-not-signed", "2026-03-10"), 0, "signed, if late");
	facts->contracts.items[0].project_code = "B";
	notice(NOTICE_TERMINATION, "1", "2026-02-10");
	cr_expect_eq(count("contract-not-signed", "2026-06-30"), 0, "the award fell");
}

Test(findings_procurement,
	n2_a_missing_contract_notice_is_named_only_where_the_units_others_are_known)
{
	facts->contracts.items[0].signed_on = day("2026-04-30");
	cr_expect_eq(count("contract-not-published", "2026-06-30"), 0, "no notices, no claim");
	notice(NOTICE_CONTRACT, "9", "2026-04-01");
	facts->notices.items[0].project_code = "OTHER";
	cr_expect_eq(count("contract-not-published", "2026-05-07"), 0, "its last day");
	cr_expect_eq(count("contract-not-published", "2026-05-08"), 1);
	facts->notices.items[0].published_on = day("2026-05-01");
	cr_expect_eq(count("contract-not-published", "2026-06-30"), 0,
		"signed before the records hold any");
	facts->notices.items[0].published_on = day("2026-04-01");
	notice(NOTICE_CONTRACT, "1", "2026-05-20");
	cr_expect_eq(count("contract-not-published", "2026-06-30"), 0, "published, if late");
}

/* 60 days after 31 December 2025 end on Sunday, 1 March. */
Test(findings_procurement, n1_a_departments_yearly_notice_is_asked_for_after_its_day)
{
	struct year_mark_fact *mark;

	for (size_t i = 0; i < facts->budget_items.count; i++)
		facts->budget_items.items[i].fiscal_year = 2025;
	facts->budget_items.items[0].approved_on = day("2025-01-15");
	cr_expect_eq(count_of_year("yearly-notice-late", 2025, "2026-03-02"), 0, "rolled");
	cr_expect_eq(count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1);
	mark = facts_add_year_mark(facts);
	mark->fiscal_year = 2025;
	mark->unit_code = "100";
	mark->mark = MARK_CLOSED;
	mark->marked_on = day("2026-02-20");
	cr_expect_eq(count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1, "closed only");
	mark->mark = MARK_NOTICE_PUBLISHED;
	cr_expect_eq(count_of_year("yearly-notice-late", 2025, "2026-03-03"), 0);
	mark->unit_code = "200";
	cr_expect_eq(count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1, "another's");
	mark->fiscal_year = 2026;
	mark->unit_code = "100";
	cr_expect_eq(count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1, "another year");
}

/* Project codes are a unit's own, and may be used again in another year. */
Test(findings_procurement, n2_notices_of_another_unit_say_nothing_of_a_contract)
{
	notice(NOTICE_AWARD, "1", "2026-01-05");
	facts->notices.items[0].unit_code = "200";
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 0);
	facts->notices.items[0].unit_code = "";
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 1, "no unit is stated");
	facts->contracts.items[0].signed_on = day("2026-07-15");
	facts->notices.items[0].unit_code = "200";
	cr_expect_eq(count("contract-not-signed", "2026-06-30"), 0);
	facts->notices.items[0].unit_code = "100";
	cr_expect_eq(count("contract-not-signed", "2026-06-30"), 1);
	facts->notices.items[0].kind = NOTICE_TERMINATION;
	cr_expect_eq(count("reserved-package-ended", "2026-06-30"), 1);
	facts->notices.items[0].unit_code = "200";
	cr_expect_eq(count("reserved-package-ended", "2026-06-30"), 0);
}

Test(findings_procurement, n2_a_contract_of_another_unit_signs_no_award)
{
	notice(NOTICE_AWARD, "1", "2026-01-05");
	facts->contracts.items[0].unit_code = "200";
	cr_expect_eq(count("contract-not-signed", "2026-06-30"), 1);
	facts->contracts.items[0].unit_code = "100";
	facts->contracts.items[0].signed_on = day("2024-03-01");
	cr_expect_eq(count("contract-not-signed", "2026-06-30"), 1, "the code of an earlier year");
}

Test(findings_procurement, n2_an_award_of_an_earlier_year_is_not_of_a_code_used_again)
{
	struct contract_fact *before;

	notice(NOTICE_AWARD, "1", "2025-09-01");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 0, "budgeted this year");
	cr_expect_eq(count("contract-not-signed", "2026-02-15"), 0);
	facts->budget_items.items[0].approved_on = day("2025-08-20");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 1, "approved before the award");
	facts->budget_items.items[0].fiscal_year = 2025;
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 1, "of last year's budget");
	before = quota_contract(facts, "100", "A", 1000000);
	before->package_no = "1";
	before->signed_on = day("2025-10-20");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 0, "signed last year");
	facts->contracts.items[1].unit_code = "200";
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 1, "by another unit");
	facts->notices.items[0].published_on = day("2024-12-31");
	cr_expect_eq(count("contract-signed-late", "2026-06-30"), 0, "two years ago");
}

Test(findings_procurement, n2_what_came_of_a_december_award_is_looked_for_in_january)
{
	struct budget_item_fact *item = &facts->budget_items.items[0];

	item->fiscal_year = 2025;
	item->approved_on = day("2025-01-15");
	notice(NOTICE_AWARD, "1", "2025-12-10");
	facts->contracts.items[0].signed_on = day("2026-01-20");
	cr_expect_eq(count_of_year("contract-not-signed", 2025, "2026-01-19"), 1);
	cr_expect_eq(count_of_year("contract-not-signed", 2025, "2026-01-20"), 0, "signed");
	facts->contracts.items[0].project_code = "B";
	notice(NOTICE_TERMINATION, "1", "2026-01-15");
	cr_expect_eq(count_of_year("contract-not-signed", 2025, "2026-01-14"), 1);
	cr_expect_eq(count_of_year("contract-not-signed", 2025, "2026-01-15"), 0, "it fell");
	facts->notices.items[0].published_on = day("2026-02-01");
	facts->notices.items[1].published_on = day("2026-01-10");
	cr_expect_eq(count_of_year("contract-not-signed", 2025, "2026-06-30"), 0,
		"an award of the next year is of its budget");
}

Test(findings_procurement, q7_a_package_of_a_year_did_not_end_in_another)
{
	facts->contracts.items[0].project_code = "B";
	notice(NOTICE_TERMINATION, "1", "2025-06-20");
	cr_expect_eq(count("reserved-package-ended", "2026-06-30"), 0, "before its budget");
	facts->notices.items[0].published_on = day("2027-02-01");
	cr_expect_eq(count("reserved-package-ended", "2027-06-30"), 0, "after its year");
	facts->notices.items[0].published_on = day("2026-12-31");
	cr_expect_eq(count("reserved-package-ended", "2027-06-30"), 1);
}

Test(findings_procurement, n2_a_contract_notice_after_the_next_contract_may_be_of_that_one)
{
	struct contract_fact *next = quota_contract(facts, "100", "A", 500000);

	next->package_no = "1";
	next->signed_on = day("2026-05-18");
	facts->contracts.items[0].signed_on = day("2026-03-10");
	notice(NOTICE_CONTRACT, "1", "2026-05-19");
	cr_expect_eq(count("contract-published-late", "2026-06-30"), 0);
	cr_expect_eq(count("contract-not-published", "2026-06-30"), 0);
	facts->contracts.items[1].signed_on = day("2026-05-20");
	cr_expect_eq(count("contract-published-late", "2026-06-30"), 1, "before the next one");
	facts->notices.items[0].published_on = day("2025-05-20");
	facts->notices.items[0].package_no = "1";
	cr_expect_eq(count("contract-not-published", "2026-06-30"), 2,
		"last year's notice is of last year's contract");
}

Test(findings_procurement, q7_a_winner_under_the_policy_does_not_subcontract_upward)
{
	struct contract_party_fact *party = facts_add_contract_party(facts);

	party->contract_no = contract->contract_no;
	party->role = ROLE_SUBCONTRACTOR;
	cr_expect_eq(upward(SIZE_MICRO, SIZE_SMALL), 0, "small and micro alike");
	cr_expect_eq(upward(SIZE_SMALL, SIZE_MEDIUM), 1);
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_MEDIUM), 0);
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_LARGE), 1);
	cr_expect_eq(upward(SIZE_LARGE, SIZE_LARGE), 0, "no winner under the policy");
	cr_expect_eq(upward(SIZE_SMALL, SIZE_BLANK), 0, "unknown is no claim");
	facts->contract_parties.items[0].role = ROLE_MEMBER;
	cr_expect_eq(upward(SIZE_SMALL, SIZE_LARGE), 0, "a partner");
}

Test(findings_procurement, q7_a_winners_class_is_that_of_the_award_authoritys_answer_first)
{
	struct register_book *book = register_book_new();
	struct contract_party_fact *party = facts_add_contract_party(facts);
	struct supplier_fact *supplier = facts_add_supplier(facts);

	party->contract_no = contract->contract_no;
	party->supplier_id = "P-1";
	party->role = ROLE_SUBCONTRACTOR;
	supplier->uscc = facts->contracts.items[0].supplier_uscc = "W-1";
	supplier->industry_code = "C"; /* 20 to 300 persons and 3 to 20 million yuan: small */
	supplier->employees = 100;
	supplier->revenue_fen = 1000000000;
	cr_expect_eq(upward(SIZE_BLANK, SIZE_MEDIUM), 1, "computed");
	facts->suppliers.items[0].size_class = SIZE_MEDIUM;
	cr_expect_eq(upward(SIZE_BLANK, SIZE_MEDIUM), 0, "as the supplier's record says");
	csv->law.registers = book;
	answer(book, "E-1", "W-1", "S");
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_MEDIUM), 1, "declared medium, found small");
	answer(book, "E-2", "P-1", "S");
	cr_expect_eq(upward(SIZE_MEDIUM, SIZE_MEDIUM), 0, "and so is the subcontractor");
	answer(book, "E-3", "W-1", "L");
	answer(book, "E-4", "P-1", "L");
	cr_expect_eq(upward(SIZE_SMALL, SIZE_MEDIUM), 0, "no winner under the policy");
	csv->law.registers = NULL;
	register_book_free(book);
}

Test(findings_procurement, q7_a_reserved_package_that_ended_without_award_is_doubtful)
{
	notice(NOTICE_TERMINATION, "1", "2026-02-20");
	cr_expect_eq(count("reserved-package-ended", "2026-02-28"), 1, "before the contract");
	cr_expect_eq(count("reserved-package-ended", "2026-02-19"), 0);
	cr_expect_eq(count("reserved-package-ended", "2026-03-01"), 0, "awarded after all");
	facts->budget_items.items[0].withdrawn_on = day("2026-02-25");
	cr_expect_eq(count("reserved-package-ended", "2026-02-28"), 0, "somebody said so");
}

Test(findings_procurement, q7_fewer_than_three_qualified_is_named_as_such)
{
	notice(NOTICE_TERMINATION, "1", "2026-02-20");
	facts->notices.items[0].end_reason = "符合资格条件的中小企业不足三家";
	cr_expect_eq(count("fewer-than-three-qualified", "2026-02-28"), 1);
	cr_expect_eq(count("reserved-package-ended", "2026-02-28"), 0, "once");
	cr_expect_eq(count("fewer-than-three-qualified", "2026-03-01"), 0, "awarded after all");
	facts->notices.items[0].end_reason = "采购任务取消";
	cr_expect_eq(count("fewer-than-three-qualified", "2026-02-28"), 0);
	cr_expect_eq(count("reserved-package-ended", "2026-02-28"), 1);
}

Test(findings_procurement, q5_q13_twins_are_named_once)
{
	struct contract_fact *twin = quota_contract(facts, "100", "A", 1000000);

	twin->package_no = "1";
	twin->supplier_uscc = facts->contracts.items[0].supplier_uscc = "91110000000000000X";
	cr_expect_eq(count("award-possible-duplicate", "2026-06-30"), 1);
	facts->contracts.items[1].amount_fen = 1000001;
	cr_expect_eq(count("award-possible-duplicate", "2026-06-30"), 0);
	quota_item(facts, "200", "A", 1000000)->package_no = "1";
	cr_expect_eq(count("plan-possible-duplicate", "2026-06-30"), 1);
	facts->budget_items.items[1].budget_fen = 999999;
	cr_expect_eq(count("plan-possible-duplicate", "2026-06-30"), 0);
}

Test(findings_procurement, notices_are_known_by_the_words_of_the_platforms)
{
	cr_expect_eq(words_notice_kind("中标（成交）结果公告"), NOTICE_AWARD);
	cr_expect_eq(words_notice_kind("成交公告"), NOTICE_AWARD);
	cr_expect_eq(words_notice_kind("中标候选人公示"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("合同公告"), NOTICE_CONTRACT);
	cr_expect_eq(words_notice_kind("合同变更公告"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("废标公告"), NOTICE_TERMINATION);
	cr_expect_eq(words_notice_kind("终止公告"), NOTICE_TERMINATION);
	cr_expect_eq(words_notice_kind("公开招标公告"), NOTICE_TENDER);
	cr_expect_eq(words_notice_kind("采购公告"), NOTICE_TENDER);
	cr_expect_eq(words_notice_kind("竞争性磋商公告"), NOTICE_TENDER);
	cr_expect_eq(words_notice_kind("采购意向公告"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("采购公告更正"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("招标公告变更公告"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("单一来源公示"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind(""), NOTICE_OTHER);
}

/* A notice of package 1 of project A on the day, with these preferences in percent (-1 = not stated). */
static void preference(const char *published, int whole, int part)
{
	notice(NOTICE_OTHER, "1", published);
	if (whole >= 0)
		facts->notices.items[facts->notices.count - 1].preference_ppm = whole * 10000;
	if (part >= 0)
		facts->notices.items[facts->notices.count - 1].part_preference_ppm = part * 10000;
}

/* One notice at a time on a package, of the budget of its year, that is not reserved. */
static int outside(enum procurement_class class, const char *published, int whole, int part)
{
	facts->budget_items.items[0].reserve_form = RESERVE_NONE;
	facts->budget_items.items[0].class = class;
	facts->budget_items.items[0].fiscal_year = day_year(day(published));
	facts->budget_items.items[0].approved_on = day("2020-01-15");
	facts->notices.count = 0;
	preference(published, whole, part);
	return count_of_year("preference-outside-band", day_year(day(published)), "2026-06-30");
}

Test(findings_procurement, q10_a_preference_is_within_the_band_of_its_day_and_class)
{
	static const struct {
		enum procurement_class class;
		const char *published;
		int whole, part, findings;
	} cases[] = {
		{ CLASS_GOODS, "2026-03-01", 10, -1, 0 },
		{ CLASS_GOODS, "2026-03-01", 20, 6, 0 },
		{ CLASS_GOODS, "2026-03-01", 9, -1, 1 },
		{ CLASS_SERVICES, "2026-03-01", 21, -1, 1 },
		{ CLASS_SERVICES, "2026-03-01", 10, 3, 1 },
		{ CLASS_SERVICES, "2026-03-01", 9, 7, 2 },
		{ CLASS_SERVICES, "2022-06-30", 6, 2, 0 }, /* the earlier bands */
		{ CLASS_SERVICES, "2022-06-30", 10, 3, 0 },
		{ CLASS_SERVICES, "2022-06-30", 11, 4, 2 },
		{ CLASS_SERVICES, "2022-07-01", 6, 2, 2 },
		{ CLASS_WORKS, "2026-03-01", 3, 1, 0 },
		{ CLASS_WORKS, "2022-06-30", 5, 2, 0 },
		{ CLASS_WORKS, "2026-03-01", 10, 4, 2 },
		{ CLASS_GOODS, "2020-12-31", 50, -1, 0 }, /* no band on record */
		{ CLASS_GOODS, "2026-03-01", 0, 0, 0 },
		{ CLASS_UNKNOWN, "2026-03-01", 50, -1, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_eq(
			outside(cases[i].class, cases[i].published, cases[i].whole, cases[i].part),
			cases[i].findings, "case %zu", i);
}

Test(findings_procurement, q10_there_is_no_preference_inside_a_reserved_package)
{
	preference("2026-03-01", 10, -1);
	facts->notices.items[0].kind = NOTICE_TENDER;
	cr_expect_eq(count("preference-in-reserved-package", "2026-02-28"), 0, "not yet published");
	cr_expect_eq(count("preference-in-reserved-package", "2026-03-01"), 1);
	cr_expect_eq(count("preference-outside-band", "2026-03-01"), 0);
	facts->budget_items.items[0].withdrawn_on =
		day("2026-02-20"); /* announced anew, unreserved */
	cr_expect_eq(count("preference-in-reserved-package", "2026-03-01"), 0);
}

Test(findings_procurement,
	q4_g20_a_small_project_is_reserved_as_a_whole_where_the_place_has_a_limit)
{
	static const char code[] = "small-project-not-reserved";
	struct budget_item_fact *item = quota_item(facts, "100", "B", 100000000);
	struct err err = ERR_INIT;

	cr_expect_eq(count(code, "2026-06-30"), 0, "no limit is on record");
	cr_assert_eq(parameters_take(&csv->parameters, "Q-5", "goods_services_limit_fen",
			     day("2026-01-01"), DAY_NONE, "100000000", &err),
		0, "%s", err.text);
	cr_expect_eq(count(code, "2026-06-30"), 1, "the limit itself reaches it");
	item->budget_fen = 99999999;
	cr_expect_eq(count(code, "2026-06-30"), 0, "below the limit");
	item->budget_fen = 200000000;
	cr_expect_eq(count(code, "2026-06-30"), 1, "the threshold itself is below it (DT-2)");
	item->budget_fen = 200000001;
	cr_expect_eq(count(code, "2026-06-30"), 0, "over the threshold");
	item->budget_fen = 150000000;
	item->class = CLASS_WORKS;
	cr_expect_eq(count(code, "2026-06-30"), 0, "works have no limit on record");
	item->class = CLASS_SERVICES;
	item->reserve_form = RESERVE_CONSORTIUM;
	cr_expect_eq(count(code, "2026-06-30"), 1, "a part is not the whole");
	item->reserve_form = RESERVE_WHOLE;
	cr_expect_eq(count(code, "2026-06-30"), 0);
	item->reserve_form = RESERVE_NONE;
	item->exemption_code = "3";
	item->exemption_reason = item->exemption_approver = "x";
	item->exemption_on = day("2026-02-01");
	cr_expect_eq(count(code, "2026-06-30"), 0, "not suitable");
}
