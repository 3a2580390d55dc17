/* Contracts against the budget of their package. */
#include "checks/findings.h"

#include <criterion/criterion.h>

#include "lib/one_package.h"

TestSuite(findings_budget, .init = package_set_up, .fini = package_tear_down);

Test(findings_budget, e4_contracts_of_a_package_are_at_most_its_budget)
{
	struct amendment_fact *amendment;

	package.contract->amount_fen = 1000000;
	cr_expect_eq(package_count("contracts-over-budget", "2026-06-30"), 0, "exactly its budget");
	amendment = facts_add_amendment(package.facts);
	amendment->contract_no = package.contract->contract_no;
	amendment->amended_on = day("2026-06-01");
	amendment->amount_change_fen = 1;
	cr_expect_eq(package_count("contracts-over-budget", "2026-06-30"), 1);
	cr_expect_eq(package_count("contracts-over-budget", "2026-05-31"), 0, "not changed yet");
	package.facts->budget_items.items[0].budget_fen = 0;
	cr_expect_eq(
		package_count("contracts-over-budget", "2026-06-30"), 0, "no budget is on record");
}

Test(findings_budget, e4_a_package_that_is_not_in_its_projects_budget_is_asked_about)
{
	cr_expect_eq(package_count("contract-without-budget", "2026-06-30"), 0);
	package.contract->package_no = "2";
	cr_expect_eq(package_count("contract-without-budget", "2026-06-30"), 1);
	package.contract->package_no = "";
	cr_expect_eq(
		package_count("contract-without-budget", "2026-06-30"), 0, "the whole project");
	package.contract->package_no = "2";
	quota_reserved(package.facts, "100", "A", 1000000, RESERVED_FOR_SME);
	cr_expect_eq(
		package_count("contract-without-budget", "2026-06-30"), 0, "budgeted as a whole");
	package.contract->project_code = "B";
	cr_expect_eq(package_count("contract-without-budget", "2026-06-30"), 0,
		"no budget is on record");
}
