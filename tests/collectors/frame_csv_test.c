#include "collectors/frame_csv.h"

#include <string.h>

#include <criterion/criterion.h>

#include "core/buf.h"

/* Writes what the framing says as lines: "H 1@0 a|b", "R 2@4 1|2", "X 3@8 row-width", "S 4@12 total". */
static void note(struct buf *out, const char *what, const struct frame_row *row)
{
	buf_format(out, "%s %lld@%lld ", what, (long long)row->number, (long long)row->offset);
	for (size_t i = 0; i < row->count; i++) {
		cr_expect_eq(strlen(row->cell[i].text), row->cell[i].length);
		buf_format(out, "%s%s", i ? "|" : "", row->cell[i].text);
	}
	buf_add_char(out, '\n');
}

static int on_header(void *arg, const struct frame_row *row, struct err *err)
{
	(void)err;
	note(arg, "H", row);
	return 0;
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	if (row->count > 0 && strcmp(row->cell[0].text, "stop") == 0)
		return err_set(err, ERR_REFUSED, "told to stop");
	note(arg, "R", row);
	return 0;
}

static int on_refused(void *arg, const struct frame_row *row, const char *code, const char *reason,
	struct err *err)
{
	(void)err, (void)reason;
	note(arg, code, row);
	return 0;
}

static int on_skipped(void *arg, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	(void)err;
	note(arg, why == FRAME_SKIP_TOTAL ? "total" : "again", row);
	return 0;
}

static const struct frame_handler handler = { on_header, on_row, on_refused, on_skipped };

static int frame(const struct frame_csv_options *options, const char *text, size_t step,
	struct buf *out, struct err *err)
{
	struct frame_csv *csv = frame_csv_new(options, &handler, out);
	size_t count = strlen(text);
	int answer = 0;

	for (size_t at = 0; answer == 0 && at < count; at += step)
		answer = frame_csv_feed(csv, text + at, count - at < step ? count - at : step, err);
	if (answer == 0)
		answer = frame_csv_finish(csv, err);
	frame_csv_free(csv);
	return answer;
}

static const size_t steps[] = { 1, 2, 3, 7, 100000 };

static void expect_with(struct frame_csv_options options, const char *text, const char *wanted)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct err err = ERR_INIT;
		struct buf out;
		buf_init(&out, 1 << 20);
		cr_expect_eq(frame(&options, text, steps[i], &out, &err), 0, "step %zu: %s",
			steps[i], err.text);
		cr_expect_str_eq(out.data, wanted, "step %zu:\n%s", steps[i], out.data);
		buf_free(&out);
	}
}

static void expect_error(struct frame_csv_options options, const char *text, const char *part)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct err err = ERR_INIT;
		struct buf out;
		buf_init(&out, 1 << 20);
		cr_expect_lt(frame(&options, text, steps[i], &out, &err), 0, "step %zu", steps[i]);
		cr_expect(strstr(err.text, part), "step %zu: %s", steps[i], err.text);
		buf_free(&out);
	}
}

static const struct frame_csv_options plain = { .delimiter = ',' };

Test(frame_csv, records_have_number_and_place_however_the_bytes_are_cut)
{
	expect_with(
		plain, "a,b\r\n1,2\r\n\"x\r\ny\",3\r\n", "H 1@0 a|b\nR 2@5 1|2\nR 3@10 x\r\ny|3\n");
	expect_with(plain, "a,b\n\n1,2\n\n\n3,4", "H 1@0 a|b\nR 3@5 1|2\nR 6@11 3|4\n");
	expect_with(plain, "a,b\r1,2\r\r3,4\r", "H 1@0 a|b\nR 2@4 1|2\nR 4@9 3|4\n");
	expect_with(plain, "a,b\r\n\r\n1,2\r\n", "H 1@0 a|b\nR 3@7 1|2\n");
}

Test(frame_csv, cells_come_verbatim)
{
	expect_with(plain, "a,b\n 1 ,\"say \"\"hi\"\", ok\"\n",
		"H 1@0 a|b\nR 2@4  1 |say \"hi\", ok\n");
	expect_with((struct frame_csv_options){ .delimiter = ';', .quote = '\'' }, "a;b\n'x;y';2\n",
		"H 1@0 a|b\nR 2@4 x;y|2\n");
}

Test(frame_csv, header_may_lie_below_a_title)
{
	static const char text[] = "Title,,\n,,\nDate,Amount,Name\n1,2,3\n";
	expect_with((struct frame_csv_options){ .header_row = 3 }, text,
		"H 3@11 Date|Amount|Name\nR 4@28 1|2|3\n");
	expect_with((struct frame_csv_options){ .header_contains = "amount" }, text,
		"H 3@11 Date|Amount|Name\nR 4@28 1|2|3\n");
	expect_error((struct frame_csv_options){ .header_row = 9 }, text, "header-not-found");
	expect_error(
		(struct frame_csv_options){ .header_contains = "合同" }, text, "header-not-found");
	expect_error(plain, "", "header-not-found: the file is empty");
	expect_error(plain, "\n\n", "header-not-found");
}

Test(frame_csv, two_line_header_is_joined)
{
	expect_with((struct frame_csv_options){ .header_lines = 2 },
		"单位,金额,\n,合同,已付\nx,1,2\n",
		"H 2@15 单位|金额/合同|金额/已付\nR 3@30 x|1|2\n");
	expect_error((struct frame_csv_options){ .header_lines = 2 }, "单位,金额\n",
		"header of several lines");
}

Test(frame_csv, a_header_of_several_lines_is_recognised_when_it_comes_again)
{
	expect_with((struct frame_csv_options){ .header_lines = 2 },
		"单位,金额,\n,合同,已付\nx,1,2\n单位,金额,\n,合同,已付\ny,3,4\n,合同,已付\n",
		"H 2@15 单位|金额/合同|金额/已付\nR 3@30 x|1|2\nagain 4@36 单位|金额|\n"
		"again 5@51 |合同|已付\nR 6@66 y|3|4\nR 7@72 |合同|已付\n");
	expect_with((struct frame_csv_options){ .header_lines = 3 }, "a,b,\n,c,d\n,e,\n1,2,3\n",
		"H 3@10 a|b/c/e|b/d\nR 4@14 1|2|3\n");
}

Test(frame_csv, cells_stand_in_the_quotes_that_are_configured)
{
	expect_with((struct frame_csv_options){ .quote = '\'' }, "a,b\n'x,y',\"z\n",
		"H 1@0 a|b\nR 2@4 x,y|\"z\n");
}

Test(frame_csv, repeated_headers_totals_and_blank_rows_are_no_records)
{
	expect_with(plain, "no,sum\n1,2\nno,sum\n,,\n合 计：,2\n 本页合计 ,2\n合计单位,3\n",
		"H 1@0 no|sum\nR 2@7 1|2\nagain 3@11 no|sum\ntotal 5@21 合 计：|2\n"
		"total 6@34  本页合计 |2\nR 7@51 合计单位|3\n");
	expect_with((struct frame_csv_options){ .keep_totals = true }, "name,sum\n合计,2\n",
		"H 1@0 name|sum\nR 2@9 合计|2\n");
}

Test(frame_csv, ragged_rows_follow_the_policy)
{
	static const char text[] = "a,b,c\n1,2\n1,2,3,\n1,2,3,4\n";
	expect_with(plain, text,
		"H 1@0 a|b|c\nrow-width 2@6 1|2\nrow-width 3@10 1|2|3|\nrow-width 4@17 1|2|3|4\n");
	expect_with((struct frame_csv_options){ .ragged = FRAME_RAGGED_PAD }, text,
		"H 1@0 a|b|c\nR 2@6 1|2|\nR 3@10 1|2|3\nrow-width 4@17 1|2|3|4\n");
}

Test(frame_csv, web_pages_and_workbooks_are_not_tables)
{
	expect_error(plain, "\n\n\n\n   <!DOCTYPE HTML>\n<html>", "not-a-table");
	struct err err = ERR_INIT;
	struct frame_csv *csv = frame_csv_new(&plain, &handler, NULL);
	cr_expect_lt(frame_csv_feed(csv, "PK\3\4....", 8, &err), 0);
	cr_expect(strstr(err.text, "not-a-table"), "%s", err.text);
	frame_csv_free(csv);
	err_clear(&err);
	csv = frame_csv_new(&plain, &handler, NULL);
	cr_expect_lt(frame_csv_feed(csv, "a\0b\n", 4, &err), 0);
	cr_expect(strstr(err.text, "NUL"), "%s", err.text);
	frame_csv_free(csv);
}

Test(frame_csv, torn_files_are_errors_that_name_the_record)
{
	expect_error(plain, "a,b\n1,2\n3,\"unfinis",
		"torn: the file ends inside quotes, in the record 3 that starts at byte 8");
	expect_error(
		plain, "a,b,c\n1,2,3\n4,5", "torn: the file ends in record 3 after 2 of 3 cells");
	expect_error((struct frame_csv_options){ .last = FRAME_LAST_REFUSE }, "a,b\n1,2\n3,4",
		"torn: record 3");
	expect_with((struct frame_csv_options){ .last = FRAME_LAST_REFUSE }, "a,b\n1,2\n",
		"H 1@0 a|b\nR 2@4 1|2\n");
}

Test(frame_csv, misplaced_quotes_end_the_parse)
{
	expect_error(plain, "a,b\n1,2\n3\"x,4\n", "bad-quoting: record 3");
	expect_error(plain, "a,b\n\"1\"x,2\n", "bad-quoting: record 2");
}

Test(frame_csv, ceilings_hold)
{
	expect_error((struct frame_csv_options){ .columns_max = 2 }, "a,b\n1,2,3\n",
		"too-wide: record 2");
	expect_error((struct frame_csv_options){ .cell_max = 4 }, "a,b\n12345,2\n",
		"too-long: record 2");
	expect_error((struct frame_csv_options){ .row_max = 16 },
		"a,b\n\"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n2\n3\n", "too-long: record 2");
}

Test(frame_csv, refusal_of_the_receiver_ends_the_parse)
{
	struct err err = ERR_INIT;
	struct buf out;
	buf_init(&out, 4096);
	cr_expect_lt(frame(&plain, "a\n1\nstop\n2\n", 100, &out, &err), 0);
	cr_expect_str_eq(err.text, "told to stop");
	cr_expect_str_eq(out.data, "H 1@0 a\nR 2@2 1\n");
	buf_free(&out);
}
