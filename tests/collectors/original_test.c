#include "collectors/original.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>
#include <xlsxwriter.h>

#include "collectors/reader.h"
#include "core/buf.h"
#include "lib/pull_rig.h"

static bool done;
static struct err answer_err;
static char text[4096], file[64], kind[64], source[64];
static int64_t locator;

TestSuite(original, .init = pull_rig_set_up, .fini = pull_rig_tear_down, .timeout = 120);

static void on_original(void *arg, const struct original *original, const struct err *err)
{
	(void)arg;
	done = true;
	answer_err = err != NULL ? *err : (struct err)ERR_INIT;
	if (original == NULL)
		return;
	snprintf(text, sizeof(text), "%s", original->text);
	snprintf(file, sizeof(file), "%s", original->file);
	snprintf(kind, sizeof(kind), "%s", original->kind);
	snprintf(source, sizeof(source), "%s", original->source);
	locator = original->locator;
}

static struct source_config config;

static const struct source_config *config_of(void *arg, const char *name)
{
	(void)arg;
	return config.name && strcmp(config.name, name) == 0 ? &config : NULL;
}

static void ask(int64_t batch, int64_t place)
{
	struct err err = ERR_INIT;

	done = false;
	text[0] = 0;
	cr_assert_not_null(original_start(pull.base, pull.link, pull.archive, batch, place,
		config_of, on_original, NULL, &err));
	pg_loop_until(pull.base, &done, 10000);
}

Test(original, the_line_of_every_ledger_row_is_found_again)
{
	dir_write(pull.data, "complaint.csv",
		"complaint_no,contract_no,备注\r\nT1,C1,\r\n\r\nT2,C2,\"two\r\nlines, "
		"\"\"quoted\"\"\"\r\nT3,C3,last");
	dir_write(pull.data, "unit.csv",
		"unit_code,uscc,name,parent_code,kind,valid_from,valid_to\n001,,教委,,organ,,\n");
	pull_import(&pull, false);
	cr_assert_not(pull.failed, "%s", pull.err.text);

	ask(1, pg_int(pull.db, "SELECT place FROM complaint WHERE complaint_no = 'T2'"));
	cr_assert_eq(answer_err.code, ERR_NONE, "%s", answer_err.text);
	cr_assert_str_eq(text, "T2,C2,\"two\r\nlines, \"\"quoted\"\"\"");
	cr_assert_str_eq(file, "complaint.csv");
	cr_assert_str_eq(kind, "complaint");
	cr_assert_str_eq(source, "import");
	ask(1, pg_int(pull.db, "SELECT place FROM complaint WHERE complaint_no = 'T3'"));
	cr_assert_str_eq(text, "T3,C3,last");
	ask(1, pg_int(pull.db, "SELECT place FROM unit"));
	cr_assert_str_eq(text, "001,,教委,,organ,,");
	cr_assert_str_eq(file, "unit.csv");
	cr_assert_eq(locator, 2);
}

Test(original, an_unknown_batch_place_or_lost_file_is_an_error)
{
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	pull_import(&pull, false);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	ask(7, 2);
	cr_assert_eq(answer_err.code, ERR_DATA);
	ask(1, 99);
	cr_assert_eq(answer_err.code, ERR_DATA);
	pg_exec(pull.db, "UPDATE batch_file SET sha256 = repeat('0', 64)");
	ask(1, 2);
	cr_assert_eq(answer_err.code, ERR_IO);
}

Test(original, a_cancelled_search_calls_nobody)
{
	struct err err = ERR_INIT;

	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	pull_import(&pull, false);
	done = false;
	struct original_read *read = original_start(
		pull.base, pull.link, pull.archive, 1, 2, NULL, on_original, NULL, &err);
	event_base_loop(pull.base, EVLOOP_ONCE);
	original_cancel(read);
	pg_loop_for(pull.base, 100);
	cr_assert_not(done);
}

Test(original, records_are_counted_alike_whatever_the_pieces)
{
	const char *bytes = "a,b\n1,\"x\ny\"\r\n\r\n2,z\r3,\"\"\"q\"\n";
	const char *expected[] = { "a,b", "1,\"x\ny\"", "", "2,z", "3,\"\"\"q\"" };
	const struct reader_type *type = reader_find("csv");

	for (int place = 1; place <= 5; place++) {
		for (size_t piece = 1; piece <= 5; piece++) {
			_Alignas(max_align_t) char scan[READER_SCAN_BYTES] = { 0 };
			bool found = false;
			struct buf out;
			buf_init(&out, 1000);
			for (size_t at = 0; at < strlen(bytes) && !found; at += piece) {
				size_t left = strlen(bytes) - at;
				found = type->find(
					scan, bytes + at, left < piece ? left : piece, place, &out);
			}
			cr_assert(found, "record %d", place);
			cr_assert_str_eq(out.data, expected[place - 1]);
			buf_free(&out);
		}
	}
}

static void collect(const char *name, const char *format)
{
	static char path[DIR_PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", pull.data, name);
	config.path = path;
	config.format = format;
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
}

Test(original, the_encoding_is_the_one_of_the_configuration)
{
	config = pulled_config("file");
	config.encoding = (char *)"MACINTOSH";
	dir_write(pull.data, "mac.csv", "voucher_no,payee_name,amount_yuan\nV1,Caf\x8e,5\n");
	collect("mac.csv", "csv");
	ask(1, pg_int(pull.db, "SELECT place FROM payment"));
	cr_assert_eq(answer_err.code, ERR_NONE, "%s", answer_err.text);
	cr_assert_str_eq(text, "V1,Café,5");
}

Test(original, the_row_of_a_workbook_is_shown_as_its_cells)
{
	char path[DIR_PATH_MAX + 32];

	config = pulled_config("file");
	config.sheet = (char *)"";
	snprintf(path, sizeof(path), "%s/book.xlsx", pull.data);
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
	const char *cells[3][3] = { { "voucher_no", "payee_name", "amount_yuan" },
		{ "V1", "甲", "1.00" }, { "V2", "乙", "2.00" } };
	for (lxw_row_t row = 0; row < 3; row++)
		for (lxw_col_t column = 0; column < 3; column++)
			worksheet_write_string(sheet, row, column, cells[row][column], NULL);
	cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
	collect("book.xlsx", "xlsx");
	ask(1, pg_int(pull.db, "SELECT place FROM payment WHERE voucher_no = 'V2'"));
	cr_assert_eq(answer_err.code, ERR_NONE, "%s", answer_err.text);
	cr_assert_str_eq(text, "V2,乙,2.00");
	ask(1, 99);
	cr_assert_eq(answer_err.code, ERR_DATA);
}
