/* Another district is a row: its own floors where it states them, its parents' elsewhere, and no change of the program. */
#include <criterion/criterion.h>
#include <jansson.h>

#include "checks/run.h"
#include "lib/days.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

TestSuite(
	jurisdiction, .init = district_rig_set_up, .fini = district_rig_tear_down, .timeout = 120);

static json_t *snapshot_of(const char *jurisdiction, struct err *err)
{
	struct snapshot_request request = {
		.as_of = day("2026-10-20"), .known_batch = -1, .jurisdiction = jurisdiction
	};

	return evaluate_document(district.base, district.link, &request, err);
}

static json_t *document_of(const char *jurisdiction)
{
	struct err err = ERR_INIT;
	json_t *document = snapshot_of(jurisdiction, &err);

	cr_assert_not_null(document, "%s", err.text);
	return document;
}

/* "district" or a department: its member of the plan, or a text of the scope itself. */
static json_t *scope_of(json_t *document, const char *scope)
{
	json_t *quota = json_object_get(document, "quota");
	json_t *found = strcmp(scope, "district") == 0
				? json_object_get(quota, "district")
				: json_object_get(json_object_get(quota, "departments"), scope);

	cr_assert_not_null(found, "%s", scope);
	return found;
}

static const char *rule_of(json_t *document, const char *scope)
{
	return json_string_value(json_object_get(scope_of(document, scope), "rule"));
}

static int64_t plan_of(json_t *document, const char *scope, const char *member)
{
	return json_integer_value(
		json_object_get(json_object_get(scope_of(document, scope), "plan"), member));
}

static const char *status_of(json_t *document, const char *scope)
{
	return json_string_value(
		json_object_get(json_object_get(scope_of(document, scope), "plan"), "sme_status"));
}

/* Department 001001 has exactly 40 %. A district of another city asks for half from 2026 on, and states nothing else. */
Test(jurisdiction, another_district_is_a_row_with_its_own_floor)
{
	json_t *ours = document_of("beijing-xicheng"), *theirs;
	int64_t strict = plan_of(ours, "001001", "strict_base_fen");

	cr_expect_str_eq(status_of(ours, "001001"), "met");
	pg_exec(district.db,
		"INSERT INTO jurisdiction VALUES ('shiyan', 'national', '实验市', 'Shiyan'), "
		"('shiyan-dong', 'shiyan', '实验市东区', 'Dong District, Shiyan');"
		"INSERT INTO rule_parameter (jurisdiction, rule_id, name, valid_from, value, "
		"unit, citation, from_batch) VALUES "
		"('shiyan', 'Q-2', 'sme_floor_ppm', '2026-01-01', '500000', 'ppm', 'x', 0), "
		"('shiyan', 'Q-2', 'small_micro_floor_ppm', '2026-01-01', '600000', 'ppm', "
		"'x', 0), "
		"('shiyan', 'Q-2', 'fiscal_year_from', '2026-01-01', '2026', 'year', 'x', 0)");
	theirs = document_of("shiyan-dong");
	cr_expect_str_eq(rule_of(theirs, "001001"), "Q-2");
	cr_expect_str_eq(rule_of(theirs, "district"), "Q-2", "it has no target of its own");
	cr_expect_str_eq(status_of(theirs, "001001"), "not-met");
	cr_expect_eq(plan_of(theirs, "001001", "strict_base_fen"), strict);
	cr_expect_eq(plan_of(theirs, "001001", "sme_gap_fen"), (strict + 1) / 2 - strict * 2 / 5);
	json_decref(ours);
	json_decref(theirs);
}

/* A province without rules of its own stands under the national floor of 30 %. */
Test(jurisdiction, without_rows_of_its_own_the_parents_hold)
{
	json_t *theirs;

	pg_exec(district.db,
		"INSERT INTO jurisdiction VALUES ('shiyan', 'national', '实验市', 'Shiyan')");
	theirs = document_of("shiyan");
	cr_expect_str_eq(rule_of(theirs, "district"), "Q-1");
	cr_expect_str_eq(status_of(theirs, "002001"), "met");
	json_decref(theirs);
}

Test(jurisdiction, a_place_nobody_described_is_refused_by_name)
{
	struct err err = ERR_INIT;

	cr_expect_null(snapshot_of("nowhere", &err));
	cr_expect_eq(err.code, ERR_USAGE);
	cr_expect(strstr(err.text, "nowhere"), "%s", err.text);
}
