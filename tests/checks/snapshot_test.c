/* The whole snapshot of both made-up districts on every day for which one is written down. */
#include "checks/snapshot.h"

#include "core/mem.h"
#include "lib/days.h"
#include "lib/facts_csv.h"
#include "lib/json_diff.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

static json_t *made(const struct law *law, const char *folder, struct snapshot_options options)
{
	struct facts *facts = facts_csv_read(folder);
	struct buf buf;
	struct json_out out;
	struct err err = ERR_INIT;
	json_error_t error;
	json_t *document;

	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert(snapshot_write(law, facts, &options, &out, &err) == 0, "%s", err.text);
	document = json_loads(buf.data, JSON_REJECT_DUPLICATES, &error);
	cr_assert(document != NULL, "line %d: %s", error.line, error.text);
	buf_free(&buf);
	facts_free(facts);
	return document;
}

static json_t *written(const char *folder, const char *file)
{
	_cleanup_free_ char *path =
		mem_format("%s/tests/golden/%s/%s", SETASIDE_SOURCE_DIR, folder, file);
	json_error_t error;
	json_t *document = json_load_file(path, 0, &error);

	cr_assert(document != NULL, "%s:%d: %s", path, error.line, error.text);
	return document;
}

static void compare(const char *folder, const char *file)
{
	static const struct json_diff_rules rules = { "flags", "obligation_no", 60 };
	struct law_csv *csv = law_csv_read();
	json_t *expected = written(folder, file);
	const char *as_of = json_string_value(json_object_get(expected, "as_of"));
	json_t *found = made(&csv->law, folder, (struct snapshot_options){ .as_of = day(as_of) });

	cr_expect(json_diff(expected, found, &rules, stderr) == 0, "%s/%s", folder, file);
	json_decref(expected);
	json_decref(found);
	law_csv_free(csv);
}

Test(snapshot, district_on_20_october_2026)
{
	compare("district", "expected.json");
}

Test(snapshot, district_on_the_last_day_of_the_known_calendar)
{
	compare("district", "expected-2026-12-31.json");
}

Test(snapshot, corner_cases_on_30_june_2026)
{
	compare("corner", "expected-2026-06-30.json");
}

Test(snapshot, corner_cases_in_the_holiday_week)
{
	compare("corner", "expected-2026-10-06.json");
}

Test(snapshot, corner_cases_in_the_year_without_calendar)
{
	compare("corner", "expected-2027-01-15.json");
}

Test(snapshot, a_selection_leaves_the_other_members_out)
{
	struct law_csv *csv = law_csv_read();
	json_t *found = made(&csv->law, "corner",
		(struct snapshot_options){ .as_of = day("2026-10-06"),
			.fiscal_year = 2025,
			.members = SNAPSHOT_QUOTA });

	cr_expect_eq(json_object_size(found), 3);
	cr_expect_not_null(json_object_get(found, "quota"));
	cr_expect_eq(json_integer_value(json_object_get(found, "fiscal_year")), 2025);
	json_decref(found);
	law_csv_free(csv);
}

static json_int_t projects_sum(const json_t *document, const char *department, const char *member)
{
	const json_t *projects = json_object_get(document, "notice_projects"), *project;
	json_int_t sum = 0;
	size_t i;

	json_array_foreach(projects, i,
		project) if (strcmp(department,
				     json_string_value(json_object_get(project, "department"))) ==
			     0) sum += json_integer_value(json_object_get(project, member));
	return sum;
}

Test(snapshot, n1_the_listed_projects_of_a_department_add_up_to_its_notice)
{
	static const char *const days[] = { "2026-10-20", "2027-02-20" };
	struct law_csv *csv = law_csv_read();

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		json_t *found = made(&csv->law, "district",
			(struct snapshot_options){ .as_of = day(days[i]),
				.fiscal_year = 2026,
				.members = SNAPSHOT_NOTICE | SNAPSHOT_NOTICE_PROJECTS });
		json_t *departments = json_object_get(
			json_object_get(json_object_get(found, "notice"), "this_year_to_date"),
			"departments");
		const char *code;
		json_t *notice;

		cr_assert_gt(json_object_size(departments), 5);
		json_object_foreach(departments, code, notice)
		{
			cr_expect_eq(projects_sum(found, code, "sme_fen"),
				json_integer_value(json_object_get(notice, "sme_fen")), "%s", code);
			cr_expect_eq(projects_sum(found, code, "small_micro_fen"),
				json_integer_value(json_object_get(notice, "small_micro_fen")),
				"%s", code);
		}
		json_decref(found);
	}
	law_csv_free(csv);
}

Test(snapshot, n1_a_project_is_listed_with_the_contract_that_was_published_for_its_package)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = facts_csv_read("district");
	const struct contract_fact *contract = NULL;
	struct notice_fact *notice;
	struct buf buf;
	struct json_out out;
	struct err err = ERR_INIT;
	struct snapshot_options options = {
		.as_of = day("2027-02-20"), .fiscal_year = 2026, .members = SNAPSHOT_NOTICE_PROJECTS
	};

	for (size_t i = 0; i < facts->contracts.count && !contract; i++)
		if (facts->contracts.items[i].reserve_form == RESERVE_WHOLE &&
			facts->contracts.items[i].signed_on >= day("2026-02-01") &&
			facts->contracts.items[i].signed_on <= day("2026-09-01") &&
			*facts->contracts.items[i].project_code)
			contract = &facts->contracts.items[i];
	cr_assert(contract);
	for (int i = 0; i < 3; i++) {
		static const char *const ids[] = { "http://x.example/early",
			"http://x.example/late", "http://x.example/award" };

		notice = facts_add_notice(facts);
		notice->notice_id = ids[i];
		notice->project_code = contract->project_code;
		notice->package_no = contract->package_no;
		notice->kind = i == 2 ? NOTICE_AWARD : NOTICE_CONTRACT;
		notice->published_on = day("2026-11-01") + i;
	}
	buf_init(&buf, 64 << 20);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(snapshot_write(&csv->law, facts, &options, &out, &err), 0, "%s", err.text);
	cr_expect_not_null(strstr(buf.data, "http://x.example/late"));
	cr_expect_null(strstr(buf.data, "http://x.example/early"));
	cr_expect_null(strstr(buf.data, "http://x.example/award"));
	buf_free(&buf);
	facts_free(facts);
	law_csv_free(csv);
}

Test(snapshot, of_one_unit_only_its_obligations_are_listed)
{
	struct law_csv *csv = law_csv_read();
	json_t *found = made(&csv->law, "corner",
		(struct snapshot_options){ .as_of = day("2026-10-06"),
			.members = SNAPSHOT_OBLIGATIONS,
			.unit_code = "906001" });
	const json_t *rows = json_object_get(found, "obligations");

	cr_assert_eq(json_array_size(rows), 1);
	cr_expect_str_eq(
		json_string_value(json_object_get(json_array_get(rows, 0), "obligation_no")),
		"G51-004-01");
	json_decref(found);
	law_csv_free(csv);
}

Test(snapshot, sums_past_the_range_of_amounts_are_refused_not_wrapped)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = facts_csv_read("corner");
	struct snapshot_options options = { .as_of = day("2026-10-06") };
	struct buf buf;
	struct json_out out;
	struct err err = ERR_INIT;

	for (size_t i = 0; i < facts->obligations.count; i++)
		facts->obligations.items[i].amount_fen = MONEY_FEN_MAX / 2;
	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	cr_expect_eq(snapshot_write(&csv->law, facts, &options, &out, &err), -1);
	cr_expect_eq(err.code, ERR_LIMIT);
	buf_free(&buf);
	facts_free(facts);
	law_csv_free(csv);
}
