/* When a project is taken: what ends that its reservation can be changed, and what does not. */
#include "checks/package.h"

#include "lib/days.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <string.h>

static struct facts *facts;

static void set_up(void)
{
	facts = quota_facts();
	quota_item(facts, "100", "A", 10000)->package_no = "1";
}

static void tear_down(void)
{
	facts_free(facts);
}

TestSuite(package, .init = set_up, .fini = tear_down);

/* Of the only effective row, as of 30 June 2026. */
static bool is_taken(void)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct packages packages;
	bool taken;

	packages_make(index, units, QUOTA_YEAR, day("2026-06-30"), &packages);
	cr_assert_eq(packages.items.count, 1);
	taken = package_taken(&packages, &facts->budget_items.items[packages.items.rows[0]]);
	packages_free(&packages);
	unit_tree_free(units);
	facts_index_free(index);
	return taken;
}

static struct contract_fact *sign(const char *package_no, const char *signed_on)
{
	struct contract_fact *contract = quota_contract(facts, "100", "A", 9000);

	contract->package_no = package_no;
	contract->signed_on = day(signed_on);
	return contract;
}

static struct notice_fact *publish(enum notice_kind kind, const char *published_on)
{
	struct notice_fact *notice = facts_add_notice(facts);

	notice->unit_code = "100";
	notice->project_code = "A";
	notice->package_no = "1";
	notice->kind = kind;
	notice->published_on = day(published_on);
	return notice;
}

Test(package, is_open_until_something_is_done_for_it)
{
	cr_expect_not(is_taken());
	facts->budget_items.items[0].notice_on = day("2026-07-01");
	cr_expect_not(is_taken(), "not yet");
	facts->budget_items.items[0].notice_on = day("2026-06-30");
	cr_expect(is_taken());
}

Test(package, is_taken_by_its_contract)
{
	struct contract_fact *contract = sign("1", "2026-06-30");

	cr_expect(is_taken());
	contract->package_no = "2";
	cr_expect_not(is_taken(), "another package's");
	contract->package_no = "";
	cr_expect(is_taken(), "a contract without a package is for all of them");
	contract->unit_code = "101";
	cr_expect_not(is_taken(), "another unit's");
	contract->unit_code = "100";
	contract->signed_on = day("2026-07-01");
	cr_expect_not(is_taken(), "not yet signed");
	contract->signed_on = day("2026-06-01");
	contract->cancelled = true;
	contract->cancelled_on = day("2026-06-15");
	cr_expect_not(is_taken(), "it can be announced anew");
}

Test(package, is_taken_by_a_contract_signed_after_its_approval_in_the_year_before)
{
	struct contract_fact *contract = sign("1", "2025-12-20");

	cr_expect_not(is_taken(), "before its approval: the code of another year");
	facts->budget_items.items[0].approved_on = day("2025-12-20");
	cr_expect(is_taken());
	contract->signed_on = day("2025-12-19");
	cr_expect_not(is_taken());
	facts->budget_items.items[0].approved_on = day("2024-06-01");
	contract->signed_on = day("2024-12-31");
	cr_expect_not(is_taken(), "no year signs the budget after the next");
}

Test(package, the_first_approval_of_a_project_counts_when_it_is_changed_later)
{
	struct budget_item_fact *adjusted;

	sign("1", "2025-12-20");
	facts->budget_items.items[0].approved_on = day("2025-12-01");
	adjusted = quota_item(facts, "100", "A", 12000);
	adjusted->package_no = "1";
	adjusted->snapshot = SNAPSHOT_ADJUSTED;
	adjusted->approved_on = day("2026-05-01");
	cr_expect(is_taken());
}

Test(package, is_taken_by_a_notice_that_announces_it)
{
	static const struct {
		enum notice_kind kind;
		bool taken;
	} cases[] = { { NOTICE_OTHER, false }, { NOTICE_TENDER, true }, { NOTICE_AWARD, true },
		{ NOTICE_CONTRACT, true }, { NOTICE_TERMINATION, false } };
	struct notice_fact *notice = publish(NOTICE_OTHER, "2026-06-30");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		notice->kind = cases[i].kind;
		cr_expect_eq(is_taken(), cases[i].taken, "kind %d", (int)cases[i].kind);
	}
	notice->kind = NOTICE_TENDER;
	notice->published_on = day("2026-07-01");
	cr_expect_not(is_taken(), "not yet published");
	notice->published_on = day("2025-06-01");
	cr_expect_not(is_taken(), "the code of the year before");
	notice->published_on = day("2026-06-01");
	notice->package_no = "2";
	cr_expect_not(is_taken(), "another package's");
	notice->package_no = "";
	cr_expect(is_taken(), "of all packages");
	notice->unit_code = "200";
	cr_expect_not(is_taken(), "another unit's");
	notice->unit_code = "";
	cr_expect(is_taken(), "no unit is stated");
}

Test(package, is_open_again_when_the_procurement_ended_until_it_is_announced_anew)
{
	publish(NOTICE_TENDER, "2026-03-01");
	publish(NOTICE_TERMINATION, "2026-04-01");
	cr_expect_not(is_taken());
	publish(NOTICE_TENDER, "2026-05-01");
	cr_expect(is_taken());
}

/* Budget rows without a project are many things. */
Test(package, without_a_project_only_its_own_day_takes_a_row)
{
	facts->budget_items.items[0].project_code = "";
	sign("1", "2026-06-01")->project_code = "";
	publish(NOTICE_TENDER, "2026-06-01")->project_code = "";
	cr_expect_not(is_taken());
	facts->budget_items.items[0].notice_on = day("2026-06-01");
	cr_expect(is_taken());
}
