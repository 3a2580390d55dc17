/* Projects that are small enough to be reserved as a whole. */
#include "checks/findings.h"

#include <criterion/criterion.h>

#include "lib/one_package.h"

TestSuite(findings_small_project, .init = package_set_up, .fini = package_tear_down);

Test(findings_small_project,
	q4_g20_a_small_project_is_reserved_as_a_whole_where_the_place_has_a_limit)
{
	static const char code[] = "small-project-not-reserved";
	struct budget_item_fact *item = quota_item(package.facts, "100", "B", 100000000);
	struct err err = ERR_INIT;

	cr_expect_eq(package_count(code, "2026-06-30"), 0, "no limit is on record");
	cr_assert_eq(parameters_take(&package.csv->parameters, "Q-5", "goods_services_limit_fen",
			     day("2026-01-01"), DAY_NONE, "100000000", &err),
		0, "%s", err.text);
	cr_expect_eq(package_count(code, "2026-06-30"), 1, "the limit itself reaches it");
	item->budget_fen = 99999999;
	cr_expect_eq(package_count(code, "2026-06-30"), 0, "below the limit");
	item->budget_fen = 200000000;
	cr_expect_eq(
		package_count(code, "2026-06-30"), 1, "the threshold itself is below it (DT-2)");
	item->budget_fen = 200000001;
	cr_expect_eq(package_count(code, "2026-06-30"), 0, "over the threshold");
	item->budget_fen = 150000000;
	item->class = CLASS_WORKS;
	cr_expect_eq(package_count(code, "2026-06-30"), 0, "works have no limit on record");
	item->class = CLASS_SERVICES;
	item->reserve_form = RESERVE_CONSORTIUM;
	cr_expect_eq(package_count(code, "2026-06-30"), 1, "a part is not the whole");
	item->reserve_form = RESERVE_WHOLE;
	cr_expect_eq(package_count(code, "2026-06-30"), 0);
	item->reserve_form = RESERVE_NONE;
	item->exemption_code = "3";
	item->exemption_reason = item->exemption_approver = "x";
	item->exemption_on = day("2026-02-01");
	cr_expect_eq(package_count(code, "2026-06-30"), 0, "not suitable");
}
