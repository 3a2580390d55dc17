/* Days of procurement that passed: contracts signed and published, awards without a contract, yearly notices. */
#include "checks/findings.h"

#include <criterion/criterion.h>

#include "lib/one_package.h"

TestSuite(findings_clocks, .init = package_set_up, .fini = package_tear_down);

/* 30 days from 29 January 2026 end on Saturday 28 February, which is a make-up working day; from 30
 * January on Sunday 1 March, rolled to Monday. */
Test(findings_clocks, n2_a_contract_is_signed_within_thirty_days_of_the_award_notice)
{
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0, "no notice, no claim");
	package_notice(NOTICE_AWARD, "", "2026-01-29");
	package.contract->signed_on = day("2026-02-28");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0, "the last day itself");
	package.contract->signed_on = day("2026-03-01");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 1, "no day of rolling");
	package.facts->notices.items[0].published_on = day("2026-01-30");
	package.contract->signed_on = day("2026-03-02");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0,
		"the last day was a Sunday");
	package.contract->signed_on = day("2026-03-03");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 1);
	package_notice(NOTICE_AWARD, "2", "2026-02-20");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 1, "of another package");
	package_notice(NOTICE_AWARD, "1", "2026-02-20");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0, "awarded anew");
}

Test(findings_clocks, n2_a_contract_is_published_within_two_working_days)
{
	package.contract->signed_on =
		day("2026-04-30"); /* then the holiday: 6 and 7 May are the next two */
	cr_expect_eq(package_count("contract-published-late", "2026-06-30"), 0);
	package_notice(NOTICE_CONTRACT, "1", "2026-05-07");
	cr_expect_eq(package_count("contract-published-late", "2026-06-30"), 0);
	package.facts->notices.items[0].published_on = day("2026-05-08");
	cr_expect_eq(package_count("contract-published-late", "2026-06-30"), 1);
	cr_expect_eq(
		package_count("contract-published-late", "2026-05-07"), 0, "not published yet");
}

Test(findings_clocks, n2_an_award_without_a_contract_is_named_when_the_days_have_passed)
{
	package.facts->contracts.items[0].project_code = "B";
	cr_expect_eq(package_count("contract-not-signed", "2026-06-30"), 0, "no notice, no claim");
	package_notice(NOTICE_AWARD, "", "2026-01-30");
	cr_expect_eq(package_count("contract-not-signed", "2026-03-02"), 0, "the last day, rolled");
	cr_expect_eq(package_count("contract-not-signed", "2026-03-03"), 1);
	package.facts->contracts.items[0].project_code = "A";
	package.facts->contracts.items[0].signed_on = day("2026-03-10");
	cr_expect_eq(package_count("contract-not-signed", "2026-03-09"), 1, "not signed yet");
	cr_expect_eq(package_count("contract-not-signed", "2026-03-10"), 0, "signed, if late");
	package.facts->contracts.items[0].project_code = "B";
	package_notice(NOTICE_TERMINATION, "1", "2026-02-10");
	cr_expect_eq(package_count("contract-not-signed", "2026-06-30"), 0, "the award fell");
}

Test(findings_clocks, n2_a_missing_contract_notice_is_named_only_where_the_units_others_are_known)
{
	package.facts->contracts.items[0].signed_on = day("2026-04-30");
	cr_expect_eq(
		package_count("contract-not-published", "2026-06-30"), 0, "no notices, no claim");
	package_notice(NOTICE_CONTRACT, "9", "2026-04-01");
	package.facts->notices.items[0].project_code = "OTHER";
	cr_expect_eq(package_count("contract-not-published", "2026-05-07"), 0, "its last day");
	cr_expect_eq(package_count("contract-not-published", "2026-05-08"), 1);
	package.facts->notices.items[0].published_on = day("2026-05-01");
	cr_expect_eq(package_count("contract-not-published", "2026-06-30"), 0,
		"signed before the records hold any");
	package.facts->notices.items[0].published_on = day("2026-04-01");
	package_notice(NOTICE_CONTRACT, "1", "2026-05-20");
	cr_expect_eq(
		package_count("contract-not-published", "2026-06-30"), 0, "published, if late");
}

/* 60 days after 31 December 2025 end on Sunday, 1 March. */
Test(findings_clocks, n1_a_departments_yearly_notice_is_asked_for_after_its_day)
{
	struct year_mark_fact *mark;

	for (size_t i = 0; i < package.facts->budget_items.count; i++)
		package.facts->budget_items.items[i].fiscal_year = 2025;
	package.facts->budget_items.items[0].approved_on = day("2025-01-15");
	cr_expect_eq(package_count_of_year("yearly-notice-late", 2025, "2026-03-02"), 0, "rolled");
	cr_expect_eq(package_count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1);
	mark = facts_add_year_mark(package.facts);
	mark->fiscal_year = 2025;
	mark->unit_code = "100";
	mark->mark = MARK_CLOSED;
	mark->marked_on = day("2026-02-20");
	cr_expect_eq(
		package_count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1, "closed only");
	mark->mark = MARK_NOTICE_PUBLISHED;
	cr_expect_eq(package_count_of_year("yearly-notice-late", 2025, "2026-03-03"), 0);
	mark->unit_code = "200";
	cr_expect_eq(
		package_count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1, "another's");
	mark->fiscal_year = 2026;
	mark->unit_code = "100";
	cr_expect_eq(
		package_count_of_year("yearly-notice-late", 2025, "2026-03-03"), 1, "another year");
}

/* Project codes are a unit's own, and may be used again in another year. */
Test(findings_clocks, n2_notices_of_another_unit_say_nothing_of_a_contract)
{
	package_notice(NOTICE_AWARD, "1", "2026-01-05");
	package.facts->notices.items[0].unit_code = "200";
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0);
	package.facts->notices.items[0].unit_code = "";
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 1, "no unit is stated");
	package.facts->contracts.items[0].signed_on = day("2026-07-15");
	package.facts->notices.items[0].unit_code = "200";
	cr_expect_eq(package_count("contract-not-signed", "2026-06-30"), 0);
	package.facts->notices.items[0].unit_code = "100";
	cr_expect_eq(package_count("contract-not-signed", "2026-06-30"), 1);
	package.facts->notices.items[0].kind = NOTICE_TERMINATION;
	cr_expect_eq(package_count("reserved-package-ended", "2026-06-30"), 1);
	package.facts->notices.items[0].unit_code = "200";
	cr_expect_eq(package_count("reserved-package-ended", "2026-06-30"), 0);
}

Test(findings_clocks, n2_a_contract_of_another_unit_signs_no_award)
{
	package_notice(NOTICE_AWARD, "1", "2026-01-05");
	package.facts->contracts.items[0].unit_code = "200";
	cr_expect_eq(package_count("contract-not-signed", "2026-06-30"), 1);
	package.facts->contracts.items[0].unit_code = "100";
	package.facts->contracts.items[0].signed_on = day("2024-03-01");
	cr_expect_eq(package_count("contract-not-signed", "2026-06-30"), 1,
		"the code of an earlier year");
}

Test(findings_clocks, n2_an_award_of_an_earlier_year_is_not_of_a_code_used_again)
{
	struct contract_fact *before;

	package_notice(NOTICE_AWARD, "1", "2025-09-01");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0, "budgeted this year");
	cr_expect_eq(package_count("contract-not-signed", "2026-02-15"), 0);
	package.facts->budget_items.items[0].approved_on = day("2025-08-20");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 1,
		"approved before the award");
	package.facts->budget_items.items[0].fiscal_year = 2025;
	cr_expect_eq(
		package_count("contract-signed-late", "2026-06-30"), 1, "of last year's budget");
	before = quota_contract(package.facts, "100", "A", 1000000);
	before->package_no = "1";
	before->signed_on = day("2025-10-20");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0, "signed last year");
	package.facts->contracts.items[1].unit_code = "200";
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 1, "by another unit");
	package.facts->notices.items[0].published_on = day("2024-12-31");
	cr_expect_eq(package_count("contract-signed-late", "2026-06-30"), 0, "two years ago");
}

Test(findings_clocks, n2_what_came_of_a_december_award_is_looked_for_in_january)
{
	struct budget_item_fact *item = &package.facts->budget_items.items[0];

	item->fiscal_year = 2025;
	item->approved_on = day("2025-01-15");
	package_notice(NOTICE_AWARD, "1", "2025-12-10");
	package.facts->contracts.items[0].signed_on = day("2026-01-20");
	cr_expect_eq(package_count_of_year("contract-not-signed", 2025, "2026-01-19"), 1);
	cr_expect_eq(package_count_of_year("contract-not-signed", 2025, "2026-01-20"), 0, "signed");
	package.facts->contracts.items[0].project_code = "B";
	package_notice(NOTICE_TERMINATION, "1", "2026-01-15");
	cr_expect_eq(package_count_of_year("contract-not-signed", 2025, "2026-01-14"), 1);
	cr_expect_eq(
		package_count_of_year("contract-not-signed", 2025, "2026-01-15"), 0, "it fell");
	package.facts->notices.items[0].published_on = day("2026-02-01");
	package.facts->notices.items[1].published_on = day("2026-01-10");
	cr_expect_eq(package_count_of_year("contract-not-signed", 2025, "2026-06-30"), 0,
		"an award of the next year is of its budget");
}

Test(findings_clocks, n2_a_contract_notice_after_the_next_contract_may_be_of_that_one)
{
	struct contract_fact *next = quota_contract(package.facts, "100", "A", 500000);

	next->package_no = "1";
	next->signed_on = day("2026-05-18");
	package.facts->contracts.items[0].signed_on = day("2026-03-10");
	package_notice(NOTICE_CONTRACT, "1", "2026-05-19");
	cr_expect_eq(package_count("contract-published-late", "2026-06-30"), 0);
	cr_expect_eq(package_count("contract-not-published", "2026-06-30"), 0);
	package.facts->contracts.items[1].signed_on = day("2026-05-20");
	cr_expect_eq(
		package_count("contract-published-late", "2026-06-30"), 1, "before the next one");
	package.facts->notices.items[0].published_on = day("2025-05-20");
	package.facts->notices.items[0].package_no = "1";
	cr_expect_eq(package_count("contract-not-published", "2026-06-30"), 2,
		"last year's notice is of last year's contract");
}
