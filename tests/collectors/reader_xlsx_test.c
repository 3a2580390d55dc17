#include "collectors/reader_xlsx.h"

#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <xlsxwriter.h>

#include "collectors/source_config.h"
#include "core/buf.h"

/* What reached the sink, one line each. */
struct heard {
	struct buf text;
	const struct reader *reader;
};

static int on_row(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct heard *heard = arg;
	const struct kind_value *key = &row->value[kind_column_find(row->kind, "obligation_no")];

	(void)err;
	return buf_format(&heard->text, "row %d:%lld %.*s %lld %s\n", file_no,
		(long long)row->place, (int)key->length, key->text,
		(long long)row->value[kind_column_find(row->kind, "amount_fen")].number,
		row->extra ? row->extra : "");
}

static int on_refused(void *arg, int file_no, const struct reader_refusal *refusal, struct err *err)
{
	struct heard *heard = arg;

	(void)err;
	buf_format(&heard->text, "refused %d:%lld %s %s ", file_no, (long long)refusal->place,
		refusal->field, refusal->code);
	reader_xlsx.text(heard->reader, &heard->text);
	return buf_add_char(&heard->text, '\n');
}

static void on_skipped(void *arg, int file_no, int64_t place)
{
	struct heard *heard = arg;
	buf_format(&heard->text, "skipped %d:%lld\n", file_no, (long long)place);
}

static void on_unknown(void *arg, int file_no, const char *header)
{
	struct heard *heard = arg;
	buf_format(&heard->text, "unknown %d %s\n", file_no, header);
}

static void make_ledger(const char *number, const char *amount, struct buf *bytes)
{
	char path[] = "/tmp/setaside-ledger-XXXXXX", room[4096];
	int file = mkstemp(path);
	ssize_t count;

	cr_assert_geq(file, 0);
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *sheet = workbook_add_worksheet(book, "台账");
	worksheet_write_string(sheet, 0, 0, "拖欠账款台账", NULL);
	worksheet_write_string(sheet, 1, 0, "台账编号", NULL);
	worksheet_write_string(sheet, 1, 1, "欠款金额（万元）", NULL);
	worksheet_write_string(sheet, 1, 2, "备注", NULL);
	worksheet_write_string(sheet, 2, 0, number, NULL);
	worksheet_write_number(sheet, 2, 1, 12.5, NULL);
	worksheet_write_string(sheet, 2, 2, "x", NULL);
	worksheet_write_string(sheet, 3, 0, "B2", NULL);
	worksheet_write_string(sheet, 3, 1, amount, NULL);
	worksheet_write_string(sheet, 4, 0, "合计", NULL);
	worksheet_write_number(sheet, 4, 1, 12.5, NULL);
	cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
	while ((count = read(file, room, sizeof(room))) > 0)
		cr_assert_eq(buf_add(bytes, room, (size_t)count), 0);
	close(file);
	unlink(path);
}

static struct source_config config(void)
{
	static char rule[] = "欠款金额(万元) -> amount_yuan", *map[] = { rule, NULL };
	static char record[] = "obligation", header[] = "台账编号", sheet[] = "";
	return (struct source_config){
		.record = record, .header_contains = header, .sheet = sheet, .map = map
	};
}

static int read_file(struct reader *reader, int file_no, const struct buf *bytes, struct err *err)
{
	if (reader_xlsx.begin(reader, file_no, "monthly.xlsx", err) < 0 ||
		reader_xlsx.feed(reader, bytes->data, bytes->used, err) < 0)
		return -1;
	return reader_xlsx.end(reader, err);
}

static struct reader *open_reader(const struct source_config *source, struct heard *heard)
{
	struct err err = ERR_INIT;
	struct reader_sink sink = { .row = on_row,
		.refused = on_refused,
		.skipped = on_skipped,
		.unknown = on_unknown,
		.arg = heard };

	buf_init(&heard->text, 1 << 16);
	heard->reader = reader_xlsx.open(source, &sink, &err);
	return (struct reader *)(uintptr_t)heard->reader;
}

static int read_rest(struct reader *reader, struct err *err)
{
	bool more = true;
	int answer = 0;

	while (answer == 0 && more)
		answer = reader_xlsx.finish(reader, &more, err);
	return answer;
}

Test(reader_xlsx, ledgers_come_in_file_order_with_their_refusals)
{
	struct source_config source = config();
	struct err err = ERR_INIT;
	struct heard heard;
	struct reader *reader = open_reader(&source, &heard);
	struct buf first, second;

	buf_init(&first, 1 << 20);
	buf_init(&second, 1 << 20);
	make_ledger("A1", "约12万元", &first);
	make_ledger("A2", "3元", &second);
	cr_assert_eq(read_file(reader, 1, &first, &err), 0, "%s", err.text);
	cr_assert_eq(read_file(reader, 2, &second, &err), 0, "%s", err.text);
	cr_assert_eq(read_rest(reader, &err), 0, "%s", err.text);
	cr_expect_str_eq(heard.text.data,
		"unknown 1 备注\nrow 1:3 A1 12500000 {\"备注\":\"x\"}\n"
		"refused 1:4 amount_yuan amount-range B2,约12万元,\nskipped 1:5\n"
		"unknown 2 备注\nrow 2:3 A2 12500000 {\"备注\":\"x\"}\nrow 2:4 B2 300 \nskipped "
		"2:5\n",
		"%s", heard.text.data);
	reader_xlsx.close(reader);
	buf_free(&first);
	buf_free(&second);
	buf_free(&heard.text);
}

Test(reader_xlsx, torn_and_foreign_files_end_the_pass_and_leave_nothing)
{
	struct source_config source = config();
	struct err err = ERR_INIT;
	struct heard heard;
	struct reader *reader = open_reader(&source, &heard);
	struct buf bytes;

	buf_init(&bytes, 1 << 20);
	make_ledger("A1", "1", &bytes);
	bytes.used /= 2;
	cr_expect_lt(read_file(reader, 1, &bytes, &err), 0);
	cr_expect(strstr(err.text, "torn"), "%s", err.text);
	reader_xlsx.close(reader);
	buf_free(&bytes);
	buf_free(&heard.text);
}

Test(reader_xlsx, a_header_that_is_not_there_names_the_file)
{
	struct source_config source = config();
	struct err err = ERR_INIT;
	struct heard heard;
	struct buf bytes;

	static char missing[] = "合同编号";
	source.header_contains = missing;
	struct reader *reader = open_reader(&source, &heard);
	buf_init(&bytes, 1 << 20);
	make_ledger("A1", "1", &bytes);
	cr_assert_eq(read_file(reader, 1, &bytes, &err), 0, "%s", err.text);
	cr_expect_lt(read_rest(reader, &err), 0);
	cr_expect(strstr(err.text, "monthly.xlsx: header-not-found"), "%s", err.text);
	reader_xlsx.close(reader);
	buf_free(&bytes);
	buf_free(&heard.text);
}
