/* Workbooks as three office programs write them (tests/collectors/books/make) read alike: the same header, the same cells,
 * the same records, in both date systems. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "collectors/frame_xlsx.h"
#include "core/buf.h"
#include "lib/pg.h"
#include "lib/pull.h"
#include "lib/pulled.h"

#define BOOKS SETASIDE_SOURCE_DIR "/tests/collectors/books/"

static const char *const writers[] = { "libreoffice", "openpyxl", "xlsxwriter" };
enum { WRITERS = 3 };

/* Cells --------------------------------------------------------------------------------------- */

/* Fifteen digits of a stored number are what it promises; writers spell more. */
static void add_number(struct buf *text, const struct frame_cell *cell)
{
	size_t length = cell->length < 16 ? cell->length : 16;

	while (memchr(cell->text, '.', length) && strchr(".0", cell->text[length - 1]))
		length--;
	buf_format(text, " #[%.*s]", (int)length, cell->text);
}

static int add_row(struct buf *text, const char *what, const struct frame_row *row)
{
	size_t count = row->count;

	/* A writer may or may not store empty cells behind the last one. */
	while (count > 0 && row->cell[count - 1].length == 0)
		count--;
	buf_format(text, "%s %lld:", what, (long long)row->number);
	for (size_t i = 0; i < count; i++) {
		const struct frame_cell *cell = &row->cell[i];
		if (cell->number)
			add_number(text, cell);
		else
			buf_format(
				text, " [%.*s]", (int)cell->length, cell->text ? cell->text : "");
	}
	return buf_add_char(text, '\n');
}

static int on_header(void *arg, const struct frame_row *row, struct err *err)
{
	(void)err;
	return add_row(arg, "header", row);
}

static int on_row(void *arg, const struct frame_row *row, struct err *err)
{
	(void)err;
	return add_row(arg, "row", row);
}

static int on_skipped(void *arg, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	(void)err;
	return add_row(arg, why == FRAME_SKIP_TOTAL ? "total" : "again", row);
}

static void read_book(const char *name, struct buf *text)
{
	static const struct frame_handler handler = {
		.header = on_header, .row = on_row, .skipped = on_skipped
	};
	struct frame_xlsx_options options = { .table = { .header_contains = "台账编号",
						      .header_lines = 2 } };
	struct frame_xlsx *xlsx = frame_xlsx_new(&options, &handler, text);
	struct err err = ERR_INIT;
	char path[256], room[65536];
	bool more = true;

	snprintf(path, sizeof(path), BOOKS "%s.xlsx", name);
	FILE *file = fopen(path, "re");
	cr_assert_not_null(file, "%s", path);
	size_t count = fread(room, 1, sizeof(room), file);
	fclose(file);
	cr_assert_eq(frame_xlsx_feed(xlsx, room, count, &err), 0, "%s: %s", name, err.text);
	cr_assert_eq(frame_xlsx_open(xlsx, &err), 0, "%s: %s", name, err.text);
	cr_expect_str_eq(frame_xlsx_sheet(xlsx), "台账", "the hidden sheet is not read");
	while (more)
		cr_assert_eq(frame_xlsx_step(xlsx, &more, &err), 0, "%s: %s", name, err.text);
	frame_xlsx_free(xlsx);
}

Test(books, three_writers_give_the_same_cells)
{
	static const char want[] =
		"header 3: [台账编号] [单位/编码] [单位/名称] [欠款金额（万元）] [应付日期] "
		"[备注]\n"
		"row 4: [TZ-001] [026001] [示例中学] #[12.5] #[46082] [第一批]\n"
		"row 5: [TZ-002] [026002] [示例小学] [1,234.56] #[46081] [金额为文本\n两行]\n"
		"total 6: [小计] [] [] #[1247.06]\n"
		"row 7: [TZ-003] [000003] [示例医院] #[0.07] [2026年3月5日]\n"
		"row 9: [TZ-004] [026004] [示例街道办] #[100] #[45351] [公式]\n"
		"total 10: [合计] [] [] #[1347.13]\n";

	for (int i = 0; i < WRITERS; i++) {
		struct buf text;
		buf_init(&text, 1 << 16);
		read_book(writers[i], &text);
		cr_expect_str_eq(text.data, want, "%s:\n%s", writers[i], text.data);
		buf_free(&text);
	}
}

/* Records ------------------------------------------------------------------------------------- */

static void collect_book(struct pull *pull, const char *name)
{
	static char *map[] = { (char *)"单位/编码 -> unit_code", (char *)"单位/名称 -> -",
		(char *)"欠款金额(万元) -> amount_yuan outstanding=yes",
		(char *)"应付日期 -> declared_due_on", NULL };
	struct source_config config = pulled_config("file");
	char path[256];

	snprintf(path, sizeof(path), BOOKS "%s.xlsx", name);
	config.format = "xlsx";
	config.record = (char *)"obligation";
	config.path = path;
	config.sheet = (char *)"";
	config.header_contains = (char *)"台账编号";
	config.header_lines = 2;
	config.map = map;
	pull_run(pull, &config, NULL);
	cr_assert_not(pull->failed, "%s: %s", name, pull->err.text);
	cr_expect_eq(pull->report.counts.skipped, 2, "%s", name);
	cr_expect_eq(pull->report.counts.refused, 0, "%s: %s", name, pull->report.sample[0]);
}

Test(books, three_writers_and_two_date_systems_give_the_same_records, .timeout = 120)
{
	static const char *const epochs[] = { "", "-1904" };
	static const char want[] = "TZ-001 026001 12500000 2026-03-01,"
				   "TZ-002 026002 1234560000 2026-02-28,"
				   "TZ-003 000003 70000 2026-03-05,"
				   "TZ-004 026004 100000000 2024-02-29";
	struct pull pull;
	char name[64];

	pull_setup(&pull);
	for (int i = 0; i < 2 * WRITERS; i++) {
		snprintf(name, sizeof(name), "%s%s", writers[i / 2], epochs[i % 2]);
		collect_book(&pull, name);
		cr_expect_str_eq(
			pg_text(pull.db,
				"SELECT string_agg(concat_ws(' ', obligation_no, unit_code, "
				"outstanding_fen, declared_due_on), ',' ORDER BY "
				"obligation_no) FROM obligation"),
			want, "%s", name);
		/* The next one says nothing new, by whom it may be written. */
		cr_expect_eq(pull.report.counts.new_rows, i == 0 ? 4 : 0, "%s", name);
		cr_expect_eq(pull.report.counts.changed, 0, "%s", name);
		cr_expect_str_eq(pg_text(pull.db, "SELECT profile #> '{obligation,totals}' FROM "
						  "batch ORDER BY batch_id DESC LIMIT 1"),
			"[]", "%s: the totals add up", name);
	}
	pull_teardown(&pull);
}
