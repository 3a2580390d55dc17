#include "collectors/reader_json.h"

#include <criterion/criterion.h>

#include "collectors/source_config.h"
#include "lib/rows.h"

static struct rows rows;
static char *map[] = { (char *)"id -> voucher_no", (char *)"payee.0.name -> payee_name",
	(char *)"value.amount -> amount_yuan unit=yuan", NULL };
static struct source_config config;

static void set_up(void)
{
	rows_init(&rows);
	config = (struct source_config){ .name = (char *)"test",
		.record = (char *)"payment",
		.records = (char *)"result.rows",
		.encoding = (char *)"",
		.map = map };
}

static void tear_down(void)
{
	rows_free(&rows);
}

TestSuite(reader_json, .init = set_up, .fini = tear_down);

static void read_all(const char *text)
{
	struct err err = ERR_INIT;

	cr_assert_eq(rows_read(&rows, &reader_json, &config, text, strlen(text), 7, &err), 0, "%s",
		err.text);
}

static void fails(const char *text, const char *word)
{
	struct err err = ERR_INIT;

	cr_expect_lt(rows_read(&rows, &reader_json, &config, text, strlen(text), 7, &err), 0);
	cr_expect(strstr(err.text, word), "%s", err.text);
	cr_expect_eq(rows_of(&rows, "payment"), 0);
}

#define ROWS(list) "{\"result\":{\"rows\":[" list "],\"total\":1}}"

Test(reader_json, paths_lead_through_objects_and_lists)
{
	read_all(ROWS("{\"id\":\"1\",\"payee\":[{\"name\":\"甲\"},{\"name\":\"乙\"}],"
		      "\"value\":{\"amount\":10.10}}"));
	cr_expect_eq(rows_sum(&rows, "payment"), 1010);
	cr_expect(strstr(rows.text.data, "payee_name=甲"), "%s", rows.text.data);
}

Test(reader_json, a_member_that_is_missing_or_null_states_nothing)
{
	read_all(ROWS("{\"id\":\"1\",\"value\":{\"amount\":1}},"
		      "{\"id\":\"2\",\"value\":{\"amount\":2},\"payee\":null},"
		      "{\"id\":\"3\",\"value\":null}"));
	cr_expect_eq(rows_of(&rows, "payment"), 2);
	cr_expect_eq(rows.refused, 1);
	cr_expect(strstr(rows.text.data, "value-missing"), "%s", rows.text.data);
	cr_expect(strstr(rows.text.data, "{\"id\":\"3\",\"value\":null}"),
		"the record is not quoted: %s", rows.text.data);
}

Test(reader_json, a_member_that_comes_late_is_a_column_from_there_on)
{
	read_all(ROWS("{\"id\":\"1\",\"value\":{\"amount\":1}},"
		      "{\"id\":\"2\",\"value\":{\"amount\":2},\"contract_no\":\"C9\"}"));
	cr_expect(strstr(rows.text.data, "contract_no=C9"), "%s", rows.text.data);
}

Test(reader_json, the_object_at_the_path_is_a_record_itself)
{
	config.records = (char *)"data";
	read_all("{\"data\":{\"id\":\"1\",\"value\":{\"amount\":5}}}");
	cr_expect_eq(rows_sum(&rows, "payment"), 500);
}

Test(reader_json, without_a_path_arrays_and_lines_are_read)
{
	config.records = (char *)"";
	read_all("[{\"id\":\"1\",\"value\":{\"amount\":1}},{\"id\":\"2\",\"value\":{\"amount\":2}}"
		 "]");
	read_all("{\"id\":\"3\",\"value\":{\"amount\":3}}\n{\"id\":\"4\",\"value\":{\"amount\":4}}"
		 "\n");
	cr_expect_eq(rows_sum(&rows, "payment"), 1000);
}

Test(reader_json, an_empty_list_is_a_page_without_records)
{
	read_all(ROWS(""));
	cr_expect_eq(rows_of(&rows, "payment"), 0);
}

Test(reader_json, what_is_no_page_fails_by_name)
{
	fails("{\"error\":\"quota exceeded\"}", "json-shape");
	fails("<html></html>", "not-json");
	fails(ROWS("{\"id\":\"1\",\"value\":{\"amount\":NaN}}"), "NaN is not a JSON number");
	fails("{\"result\":{\"rows\":[{\"id\":", "json-torn");
}

Test(reader_json, what_is_no_record_is_refused_and_the_next_one_read)
{
	read_all(ROWS("7,{\"id\":\"1\\u0000\",\"value\":{\"amount\":1}},"
		      "{\"id\":\"2\",\"value\":{\"amount\":2}}"));
	cr_expect_eq(rows.refused, 2);
	cr_expect_eq(rows_sum(&rows, "payment"), 200);
}

Test(reader_json, equal_records_without_a_key_are_told_apart)
{
	map[0] = (char *)"@row -> voucher_no";
	read_all(ROWS("{\"value\":{\"amount\":1}},{\"value\":{\"amount\":1}},{\"value\":{"
		      "\"amount\":2}}"));
	map[0] = (char *)"id -> voucher_no";
	cr_expect_eq(rows_of(&rows, "payment"), 3);
	cr_expect(strstr(rows.text.data, "-2 "), "%s", rows.text.data);
}
