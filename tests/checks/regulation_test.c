/* The two versions of the regulation: the signing day chooses, and each provision has an article in each of them. */
#include "checks/regulation.h"

#include <criterion/criterion.h>
#include <string.h>

#include "lib/days.h"
#include "lib/facts_csv.h"

Test(regulation, the_signing_day_chooses_the_version)
{
	struct law_csv *csv = law_csv_read();

	cr_expect_eq(regulation_of(&csv->law, day("2020-08-31")), REGULATION_NONE);
	cr_expect_eq(regulation_of(&csv->law, day("2020-09-01")), REGULATION_728);
	cr_expect_eq(regulation_of(&csv->law, day("2025-05-31")), REGULATION_728);
	cr_expect_eq(regulation_of(&csv->law, day("2025-06-01")), REGULATION_802);
	cr_expect_eq(regulation_of(&csv->law, DAY_NONE), REGULATION_UNKNOWN);
	law_csv_free(csv);
}

Test(regulation, the_days_come_from_the_parameters)
{
	struct law_csv *csv = law_csv_read();
	struct err err = ERR_INIT;
	day_t from, to;

	regulation_days(&csv->law, REGULATION_728, &from, &to);
	cr_expect_eq(from, day("2020-09-01"));
	cr_expect_eq(to, day("2025-05-31"));
	regulation_days(&csv->law, REGULATION_802, &from, &to);
	cr_expect_eq(from, day("2025-06-01"));
	cr_expect_eq(to, DAY_NONE);
	csv->parameters.of[PARAM_P10_802_FROM].count = 0;
	cr_assert_eq(parameters_take(&csv->parameters, "P-10", "regulation_802_from",
			     day("2025-07-01"), DAY_NONE, "2025-07-01", &err),
		0);
	cr_expect_eq(regulation_of(&csv->law, day("2025-06-30")), REGULATION_728);
	law_csv_free(csv);
}

Test(regulation, transition_is_an_earlier_signing_with_a_later_clock)
{
	struct law_csv *csv = law_csv_read();

	cr_expect(regulation_transition(&csv->law, day("2025-05-31"), day("2025-06-01")));
	cr_expect_not(regulation_transition(&csv->law, day("2025-05-31"), day("2025-05-31")));
	cr_expect_not(regulation_transition(&csv->law, day("2025-06-01"), day("2025-06-01")));
	cr_expect_not(regulation_transition(&csv->law, day("2025-05-31"), DAY_NONE));
	cr_expect_not(regulation_transition(&csv->law, DAY_NONE, day("2025-06-01")));
	law_csv_free(csv);
}

Test(regulation, every_provision_cites_one_decree_in_each_version)
{
	for (int i = 0; i < PROVISION_COUNT; i++) {
		enum provision provision = (enum provision)i;
		const char *earlier = regulation_article(REGULATION_728, provision),
			   *later = regulation_article(REGULATION_802, provision);

		cr_expect_not_null(provision_rule(provision));
		cr_assert_not_null(earlier);
		cr_assert_not_null(later);
		cr_expect(strstr(earlier, "第728号") && !strstr(earlier, "第802号"), "%s", earlier);
		cr_expect(strstr(later, "第802号") && !strstr(later, "第728号"), "%s", later);
		cr_expect_str_eq(regulation_article(REGULATION_UNKNOWN, provision),
			regulation_decree(REGULATION_UNKNOWN));
	}
}

/* The number and the article of a contract come from two tables: they must tell of the same text. */
Test(regulation, the_parameters_of_a_period_cite_the_version_of_that_period)
{
	static const struct {
		enum parameter parameter;
		enum provision provision;
	} pairs[] = { { PARAM_P2_PUBLIC_TERM, PROVISION_TERM_PUBLIC },
		{ PARAM_P2_PUBLIC_CAP, PROVISION_TERM_PUBLIC },
		{ PARAM_P7_STATUTORY_DAILY, PROVISION_INTEREST } };
	size_t found = 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct parameter_def *def = &parameter_defs[pairs[i].parameter];

		cr_expect_str_eq(def->valid_from, "2025-06-01");
		cr_expect_not_null(strstr(
			def->citation, regulation_article(REGULATION_802, pairs[i].provision)));
		for (int e = 0; e < PARAMETER_EARLIER_COUNT; e++) {
			if (parameter_earlier[e].of != pairs[i].parameter)
				continue;
			found++;
			cr_expect_str_eq(parameter_earlier[e].valid_to, "2025-05-31");
			cr_expect_not_null(strstr(parameter_earlier[e].citation,
				regulation_article(REGULATION_728, pairs[i].provision)));
		}
	}
	cr_expect_eq(found, sizeof(pairs) / sizeof(pairs[0]));
}
