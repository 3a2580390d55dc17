#include "checks/parameters.h"

#include "core/mem.h"
#include "core/text.h"
#include "lib/days.h"

#include <criterion/criterion.h>
#include <string.h>

#include "lib/source_text.h"

Test(parameters, defaults_are_complete_and_pass_their_own_check)
{
	struct parameters parameters;
	struct err err = ERR_INIT;
	int earlier[PARAM_COUNT] = { 0 };

	parameters_defaults(&parameters);
	cr_expect_eq(parameters_check(&parameters, &err), 0, "%s", err.text);
	for (int i = 0; i < PARAMETER_EARLIER_COUNT; i++)
		earlier[parameter_earlier[i].of]++;
	for (int i = 0; i < PARAM_COUNT; i++) {
		cr_expect_not_null(parameter_defs[i].citation);
		cr_expect_eq(parameters.of[i].count, (*parameter_defs[i].value != 0) + earlier[i]);
	}
}

Test(parameters, a_value_holds_from_the_first_to_the_last_day_of_its_period)
{
	struct parameters parameters;

	parameters_defaults(&parameters);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q3_SME, day("2025-12-13")), PARAMETER_NONE);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q3_SME, day("2025-12-14")), 400000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q3_SME, day("2028-12-13")), 400000);
	cr_expect_eq(parameter_at(&parameters, PARAM_Q3_SME, day("2028-12-14")), PARAMETER_NONE);
	cr_expect_eq(parameter_near(&parameters, PARAM_Q3_SME, day("2030-01-01")), 400000);
}

Test(parameters, of_two_periods_the_one_of_the_day_counts)
{
	struct parameters parameters;
	struct err err = ERR_INIT;

	parameters_clear(&parameters);
	cr_assert_eq(parameters_take(&parameters, "P-7", "statutory_daily_ppm", DAY_NONE,
			     day("2026-06-30"), "500", &err),
		0);
	cr_assert_eq(parameters_take(&parameters, "P-7", "statutory_daily_ppm", day("2026-07-01"),
			     DAY_NONE, "400", &err),
		0);
	cr_expect_eq(parameter_at(&parameters, PARAM_P7_STATUTORY_DAILY, day("2026-06-30")), 500);
	cr_expect_eq(parameter_at(&parameters, PARAM_P7_STATUTORY_DAILY, day("2026-07-01")), 400);
}

static void expect_refused(
	const char *rule, const char *name, const char *value, const char *in_text)
{
	struct parameters parameters;
	struct err err = ERR_INIT;

	parameters_clear(&parameters);
	cr_expect_eq(parameters_take(&parameters, rule, name, DAY_NONE, DAY_NONE, value, &err), -1);
	cr_expect_eq(err.code, ERR_DATA);
	cr_expect_not_null(strstr(err.text, in_text), "%s", err.text);
}

Test(parameters, what_cannot_be_a_value_is_refused_by_name)
{
	expect_refused("Q-1", "sme_floor_ppm", "1000001", "Q-1 sme_floor_ppm");
	expect_refused("Q-1", "sme_floor_ppm", "0.4", "\"0.4\"");
	expect_refused("DT-5", "roll", "yes", "\"yes\"");
	expect_refused("P-1", "signed_from", "2020-02-30", "2020-02-30");
	expect_refused("P-99", "anything", "1", "P-99 anything");
}

Test(parameters, overlapping_periods_are_refused)
{
	struct parameters parameters;
	struct err err = ERR_INIT;

	parameters_defaults(&parameters);
	cr_expect_eq(parameters_take(&parameters, "Q-3", "sme_floor_ppm", day("2028-12-13"),
			     DAY_NONE, "450000", &err),
		-1);
	cr_expect_not_null(strstr(err.text, "overlap"));
}

Test(parameters, a_missing_value_is_named_unless_it_is_optional)
{
	struct parameters parameters;
	struct err err = ERR_INIT;

	parameters_defaults(&parameters);
	parameters.of[PARAM_Q3_SME].count = 0;
	cr_expect_eq(parameters_check(&parameters, &err), 0);
	parameters.of[PARAM_P2_PUBLIC_TERM].count = 0;
	cr_expect_eq(parameters_check(&parameters, &err), -1);
	cr_expect_not_null(strstr(err.text, "public_term_days"), "%s", err.text);
}

Test(parameters, the_rows_that_a_new_database_gets_are_these_defaults)
{
	_cleanup_free_ char *sql = source_text("sql/migrations/0003_reference_data.sql");

	for (int i = 0; i < PARAM_COUNT; i++) {
		const struct parameter_def *def = &parameter_defs[i];
		_cleanup_free_ char *to =
			*def->valid_to ? mem_format("'%s'", def->valid_to) : mem_text("NULL");
		_cleanup_free_ char *row = mem_format("'%s', '%s', '%s', %s, '%s', '%s', '%s'",
			def->rule_id, def->name, def->valid_from, to, def->value,
			parameter_unit_name(def->unit), def->citation);

		if (*def->value)
			cr_expect_not_null(strstr(sql, row), "%s", row);
		else
			cr_expect_null(strstr(sql, def->name), "%s is no default", def->name);
	}
	for (int i = 0; i < PARAMETER_EARLIER_COUNT; i++) {
		const struct parameter_earlier *earlier = &parameter_earlier[i];
		const struct parameter_def *def = &parameter_defs[earlier->of];
		_cleanup_free_ char *row = mem_format("'%s', '%s', '%s', '%s', '%s', '%s', '%s'",
			def->rule_id, def->name, earlier->valid_from, earlier->valid_to,
			earlier->value, parameter_unit_name(def->unit), earlier->citation);

		cr_expect_not_null(strstr(sql, row), "%s", row);
	}
}
