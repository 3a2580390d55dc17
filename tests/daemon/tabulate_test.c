#include "daemon/tabulate.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct tab_column COLUMNS[] = {
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "a.part_fen", NULL, "part_yuan", "金额", TAB_FEN },
	{ "a.part_fen", "a.whole_fen", "share_percent", "占比%", TAB_SHARE },
	{ "status", NULL, "status", "测算结果", TAB_WORD },
	{ "n", NULL, "n", "数", TAB_INT },
};
enum { COUNT = sizeof(COLUMNS) / sizeof(*COLUMNS) };

static void expect_written(const char *rows, enum tab_format format, const char *expected)
{
	char *text = NULL;
	size_t length = 0;
	json_t *array = json_loads(rows, 0, NULL);
	cr_assert_not_null(array);
	FILE *out = open_memstream(&text, &length);
	tab_write(out, format, COLUMNS, COUNT, array);
	fclose(out);
	cr_expect_str_eq(text, expected);
	free(text);
	json_decref(array);
}

Test(tabulate, csv_has_codes_decimal_yuan_and_crlf)
{
	expect_written("[{\"name\":\"教育局\",\"a\":{\"part_fen\":123456,\"whole_fen\":1000000},"
		       "\"status\":\"not-met\",\"n\":3}]",
		TAB_CSV,
		"name,part_yuan,share_percent,status,n\r\n教育局,1234.56,12.34,not-met,3\r\n");
}

Test(tabulate, csv_quotes_what_a_spreadsheet_would_take_for_a_formula)
{
	expect_written("[{\"name\":\"=1+2\"},{\"name\":\"a,\\\"b\\\"\"},{\"a\":{\"part_fen\":-5}}]",
		TAB_CSV,
		"name,part_yuan,share_percent,status,n\r\n\"'=1+2\",,,,\r\n\"a,\"\"b\"\"\",,,,\r\n,"
		"-0.05,,,\r\n");
}

Test(tabulate, a_share_below_its_target_never_reads_as_the_target)
{
	expect_written("[{\"a\":{\"part_fen\":39999999,\"whole_fen\":100000000}},"
		       "{\"a\":{\"part_fen\":1,\"whole_fen\":0}}]",
		TAB_CSV,
		"name,part_yuan,share_percent,status,n\r\n,399999.99,39.99,,\r\n,0.01,,,\r\n");
}

Test(tabulate, a_table_is_aligned_by_display_width_and_speaks_chinese)
{
	expect_written(
		"[{\"name\":\"教育局\",\"a\":{\"part_fen\":123456789},\"status\":\"met\",\"n\":1},"
		"{\"name\":\"ab\",\"a\":{\"part_fen\":5},\"status\":\"new-code\",\"n\":22}]",
		TAB_TABLE,
		"名称            金额  占比%  测算结果  数\n"
		"教育局  1,234,567.89         测算达到   1\n"
		"ab              0.05         new-code  22\n");
}

Test(tabulate, no_rows_give_the_header_alone)
{
	expect_written("[]", TAB_CSV, "name,part_yuan,share_percent,status,n\r\n");
}
