#include "collectors/correction.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pulled.h"

static struct source_config config;
static struct buf out;
static struct err err;

static int write_row(
	const char *kind, const char *header, const char *row, const char *field, const char *value)
{
	struct correction correction = {
		.config = &config, .kind = kind, .header = header, .row_text = row
	};
	struct correction_change change = { .field = field, .value = value };

	err = (struct err)ERR_INIT;
	buf_reset(&out);
	int result = correction_write(&correction, &change, 1, &out, &err);
	free(change.old);
	return result;
}

static void set_up(void)
{
	static char *map[] = { (char *)"金额(万元) -> amount_yuan", (char *)"票号 -> voucher_no",
		NULL };

	buf_init(&out, 1 << 20);
	config = pulled_config("file");
	config.map = map;
}

static void tear_down(void)
{
	buf_free(&out);
}

TestSuite(correction, .init = set_up, .fini = tear_down);

#define HEADER "[\"票号\", \"金额(万元)\", \"摘要\"]"

Test(correction, a_cell_is_found_by_its_header_or_by_its_column)
{
	static const char want[] =
		"\"票号\",\"金额(万元)\",\"摘要\"\r\n\"V1\",\"1.5\",\"说 \"\"好\"\"\"\r\n";

	cr_assert_eq(write_row("payment", HEADER, "V1,1o5,\"说 \"\"好\"\"\"", "金额(万元)", "1.5"),
		0, "%s", err.text);
	cr_expect_str_eq(out.data, want);
	cr_assert_eq(
		write_row("payment", HEADER, "V1,1o5,\"说 \"\"好\"\"\"", "amount_yuan", "1.5"), 0);
	cr_expect_str_eq(out.data, want);
}

Test(correction, a_column_the_table_lacks_is_added_and_a_short_row_is_filled)
{
	cr_assert_eq(write_row("payment", HEADER, "V1,1.5", "unit_code", "026"), 0, "%s", err.text);
	cr_expect_str_eq(out.data,
		"\"票号\",\"金额(万元)\",\"摘要\",\"unit_code\"\r\n\"V1\",\"1.5\","
		"\"\",\"026\"\r\n");
}

Test(correction, the_sources_own_delimiter_is_understood)
{
	config.delimiter = ';';
	cr_assert_eq(write_row("payment", HEADER, "V1;1,5;a", "摘要", "b"), 0, "%s", err.text);
	cr_expect(strstr(out.data, "\"V1\",\"1,5\",\"b\""), "%s", out.data);
}

Test(correction, what_only_the_source_can_correct_is_refused_by_name)
{
	cr_expect_lt(write_row("payment", "[]", "{\"a\":1}", "amount_yuan", "1"), 0);
	cr_expect_eq(err.code, ERR_REFUSED);
	cr_expect(strstr(err.text, "did not come in a table"), "%s", err.text);
	cr_expect_lt(write_row("amendment", "[\"contract_no\"]", "C1", "contract_no", "1"), 0);
	cr_expect(strstr(err.text, "told apart by their order"), "%s", err.text);
	cr_expect_lt(write_row("", HEADER, "x", "amount_yuan", "1"), 0);
	cr_expect_eq(err.code, ERR_REFUSED);
	cr_expect_lt(write_row("payment", HEADER, "V1,1,a", "没有", "1"), 0);
	cr_expect_eq(err.code, ERR_USAGE);
}

Test(correction, a_json_record_is_corrected_by_member_path_or_column)
{
	static char *map[] = { (char *)"no -> voucher_no", (char *)"to.0.name -> payee_name",
		(char *)"sum -> amount_yuan", NULL };
	static const char record[] = "{\"no\":\"V1\",\"sum\":\"1o5\",\"to\":[{\"name\":\"甲\"}],"
				     "\"big\":12345678901234567.89}";

	config.map = map;
	config.format = "json";
	config.records = (char *)"data.items";
	cr_assert_eq(write_row("payment", NULL, record, "sum", "1.5"), 0, "%s", err.text);
	cr_expect(strstr(out.data, "\"1.5\""), "%s", out.data);
	cr_expect(strstr(out.data, "\"甲\""), "%s", out.data);
	cr_expect(strstr(out.data, "12345678901234567.89"), "digit for digit: %s", out.data);
	cr_assert_eq(write_row("payment", NULL, record, "amount_yuan", "1.5"), 0, "%s", err.text);
	cr_expect(strstr(out.data, "\"1.5\""), "%s", out.data);
	cr_assert_eq(write_row("payment", NULL, record, "to.0.name", "乙"), 0, "%s", err.text);
	cr_expect(strstr(out.data, "\"乙\""), "%s", out.data);
	cr_expect_lt(write_row("payment", NULL, "{\"no\":", "sum", "1.5"), 0);
	cr_expect_lt(write_row("payment", NULL, record, "没有", "1"), 0);
	cr_expect_eq(err.code, ERR_USAGE);
}

Test(correction, a_row_named_by_its_content_would_come_twice_and_is_refused)
{
	static char *map[] = { (char *)"@row -> voucher_no", (char *)"sum -> amount_yuan", NULL };

	config.map = map;
	cr_expect_lt(write_row("payment", "[\"sum\"]", "1o5", "sum", "1.5"), 0);
	cr_expect_eq(err.code, ERR_REFUSED);
	cr_expect(strstr(err.text, "no number of their own"), "%s", err.text);
}
