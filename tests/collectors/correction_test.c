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
