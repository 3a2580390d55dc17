/* Preferences announced in notices: the bands of their day and class. */
#include "checks/findings.h"

#include <criterion/criterion.h>

#include "lib/one_package.h"

TestSuite(findings_preference, .init = package_set_up, .fini = package_tear_down);

/* A notice of package 1 of project A on the day, with these preferences in percent (-1 = not stated). */
static void preference(const char *published, int whole, int part)
{
	package_notice(NOTICE_OTHER, "1", published);
	if (whole >= 0)
		package.facts->notices.items[package.facts->notices.count - 1].preference_ppm =
			whole * 10000;
	if (part >= 0)
		package.facts->notices.items[package.facts->notices.count - 1].part_preference_ppm =
			part * 10000;
}

/* One notice at a time on a package, of the budget of its year, that is not reserved. */
static int outside(enum procurement_class class, const char *published, int whole, int part)
{
	package.facts->budget_items.items[0].reserve_form = RESERVE_NONE;
	package.facts->budget_items.items[0].class = class;
	package.facts->budget_items.items[0].fiscal_year = day_year(day(published));
	package.facts->budget_items.items[0].approved_on = day("2020-01-15");
	package.facts->notices.count = 0;
	preference(published, whole, part);
	return package_count_of_year(
		"preference-outside-band", day_year(day(published)), "2026-06-30");
}

Test(findings_preference, q10_a_preference_is_within_the_band_of_its_day_and_class)
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

Test(findings_preference, q10_there_is_no_preference_inside_a_reserved_package)
{
	preference("2026-03-01", 10, -1);
	package.facts->notices.items[0].kind = NOTICE_TENDER;
	cr_expect_eq(package_count("preference-in-reserved-package", "2026-02-28"), 0,
		"not yet published");
	cr_expect_eq(package_count("preference-in-reserved-package", "2026-03-01"), 1);
	cr_expect_eq(package_count("preference-outside-band", "2026-03-01"), 0);
	package.facts->budget_items.items[0].withdrawn_on =
		day("2026-02-20"); /* announced anew, unreserved */
	cr_expect_eq(package_count("preference-in-reserved-package", "2026-03-01"), 0);
}
