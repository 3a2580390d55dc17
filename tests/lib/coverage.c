#include "lib/coverage.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/mem.h"
#include "lib/source_text.h"

/* Cases in tables: the test that goes through every row of the table. */
static const struct {
	const char *table, *test, *named;
} readers[] = {
	{ "tests/golden/quota_item.csv", "tests/checks/plan_item_test.c", "every_golden_row" },
	{ "tests/golden/award_item.csv", "tests/checks/award_item_test.c", "every_golden_row" },
	{ "tests/golden/size_class.csv", "tests/checks/size_test.c", "every_golden_row" },
	{ "tests/golden/due_date.csv", "tests/checks/due_test.c", "every_golden_row" },
	{ "tests/golden/interest.csv", "tests/checks/interest_test.c", "every_golden_row" },
	{ "tests/golden/allocation.csv", "tests/checks/arrears_test.c",
		"every_golden_row_of_allocation" },
	{ "tests/golden/dispute.csv", "tests/checks/arrears_test.c",
		"every_golden_row_of_dispute" },
	{ "tests/golden/disclosure.csv", "tests/checks/arrears_test.c",
		"every_golden_row_of_disclosure" },
	{ "tests/golden/ageing.csv", "tests/checks/arrears_report_test.c",
		"every_golden_row_of_ageing" },
	{ "tests/golden/complaint_clock.csv", "tests/checks/complaint_test.c", "every_golden_row" },
	{ "tests/golden/corner/", "tests/checks/snapshot_test.c", "corner_cases_on_30_june_2026" },
};

static bool is_inside_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "Q-1" is not named by "Q-10". */
static bool names(const char *text, const char *rule)
{
	size_t length = strlen(rule);

	for (const char *at = strstr(text, rule); at; at = strstr(at + 1, rule))
		if (!is_inside_word(at[length]) && (at == text || !is_inside_word(at[-1])))
			return true;
	return false;
}

/* The name of the table as its test opens it: "quota_item.csv", "corner". */
static char *opened_as(const char *table)
{
	const char *name = table + strlen("tests/golden/");
	size_t length = strlen(name);

	return mem_format("\"%.*s\"", (int)(name[length - 1] == '/' ? length - 1 : length), name);
}

/* A case of a table is held by the test that reads the table. */
static void expect_read(const char *table)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		_cleanup_free_ char *test = NULL, *name = NULL;

		if (strncmp(table, readers[i].table, strlen(readers[i].table)) != 0)
			continue;
		test = source_text(readers[i].test);
		name = opened_as(readers[i].table);
		cr_expect_not_null(strstr(test, readers[i].named), "%s", readers[i].test);
		cr_expect_not_null(
			strstr(test, name), "%s does not read %s", readers[i].test, name);
		return;
	}
	cr_expect_fail("no test reads %s", table);
}

/* A test of that name or a word in quotes; in a table, a cell that begins a row or stands between commas. */
static bool holds(const char *path, const char *text, const char *named)
{
	static const char *const in_code[] = { ", %s)", "\"%s\"" };
	static const char *const in_table[] = { "\n%s,", ",%s," };
	const char *const *forms = strstr(path, ".csv") ? in_table : in_code;

	for (int i = 0; i < 2; i++) {
		_cleanup_free_ char *form = mem_format(forms[i], named);

		if (strstr(text, form))
			return true;
	}
	return false;
}

void coverage_expect(const struct covered *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *source = source_text(rows[i].source);
		_cleanup_free_ char *test = source_text(rows[i].test);

		cr_expect(names(source, rows[i].rule), "%s does not name %s", rows[i].source,
			rows[i].rule);
		cr_expect(holds(rows[i].test, test, rows[i].named), "%s of %s is not in %s",
			rows[i].named, rows[i].rule, rows[i].test);
		if (strstr(rows[i].test, ".csv"))
			expect_read(rows[i].test);
	}
}

bool coverage_has(const struct covered *rows, size_t count, const char *rule)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].rule, rule) == 0)
			return true;
	return false;
}
