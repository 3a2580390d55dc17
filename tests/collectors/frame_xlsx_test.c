#include "collectors/frame_xlsx.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "core/buf.h"
#include "core/mem.h"

/* A workbook of hand-written parts: odd ones that no writer makes, too. */
struct parts {
	const char *sheet, *strings, *styles, *book;
};

static const char plain_book[] =
	"<workbook xmlns:r='x'><sheets><sheet name='台账' r:id='r1'/></sheets></workbook>";
static const char relations[] =
	"<Relationships>"
	"<Relationship Id='r1' Type='http://x/worksheet' Target='worksheets/sheet1.xml'/>"
	"<Relationship Id='r2' Type='http://x/worksheet' Target='/xl/worksheets/sheet2.xml'/>"
	"<Relationship Id='r3' Type='http://x/sharedStrings' Target='sharedStrings.xml'/>"
	"<Relationship Id='r4' Type='http://x/styles' Target='styles.xml'/>"
	"</Relationships>";
static const char second_sheet[] =
	"<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>二</t></is></c></row>"
	"</sheetData></worksheet>";

static void add_part(zip_t *archive, const char *name, const char *text)
{
	if (!text)
		return;
	zip_source_t *source = zip_source_buffer(archive, text, strlen(text), 0);
	cr_assert_geq(zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8), 0);
}

static void make_workbook(const struct parts *parts, struct buf *out)
{
	zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *archive = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	char room[4096];
	zip_int64_t count;

	cr_assert_not_null(archive);
	zip_source_keep(memory);
	add_part(archive, "xl/workbook.xml", parts->book ? parts->book : plain_book);
	add_part(archive, "xl/_rels/workbook.xml.rels", relations);
	add_part(archive, "xl/worksheets/sheet1.xml", parts->sheet);
	add_part(archive, "xl/worksheets/sheet2.xml", second_sheet);
	add_part(archive, "xl/sharedStrings.xml", parts->strings ? parts->strings : "<sst/>");
	add_part(archive, "xl/styles.xml", parts->styles);
	cr_assert_eq(zip_close(archive), 0);
	cr_assert_eq(zip_source_open(memory), 0);
	while ((count = zip_source_read(memory, room, sizeof(room))) > 0)
		cr_assert_eq(buf_add(out, room, (size_t)count), 0);
	zip_source_close(memory);
	zip_source_free(memory);
}

static void note(struct buf *out, const char *what, const struct frame_row *row)
{
	buf_format(out, "%s%lld ", what, (long long)row->number);
	for (size_t i = 0; i < row->count; i++) {
		cr_expect_eq(strlen(row->cell[i].text), row->cell[i].length);
		buf_format(out, "%s%s%s%s", i ? "|" : "", row->cell[i].number ? "#" : "",
			row->cell[i].date1904 ? "4" : "", row->cell[i].text);
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
	if (strcmp(row->cell[0].text, "stop") == 0)
		return err_set(err, ERR_REFUSED, "told to stop");
	note(arg, "R", row);
	return 0;
}

static int on_skipped(void *arg, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	(void)err, (void)why;
	note(arg, "S", row);
	return 0;
}

static int read_bytes(const struct frame_xlsx_options *options, const char *bytes, size_t count,
	struct buf *out, struct err *err)
{
	static const struct frame_handler handler = {
		.header = on_header, .row = on_row, .skipped = on_skipped
	};
	struct frame_xlsx *xlsx = frame_xlsx_new(options, &handler, out);
	bool more = true;
	int answer = 0;

	for (size_t at = 0; answer == 0 && at < count; at += 1000)
		answer = frame_xlsx_feed(
			xlsx, bytes + at, count - at < 1000 ? count - at : 1000, err);
	if (answer == 0)
		answer = frame_xlsx_open(xlsx, err);
	while (answer == 0 && more)
		answer = frame_xlsx_step(xlsx, &more, err);
	frame_xlsx_free(xlsx);
	return answer;
}

static void expect_rows(
	const struct frame_xlsx_options *options, const struct parts *parts, const char *wanted)
{
	struct err err = ERR_INIT;
	struct buf file, out;

	buf_init(&file, 1 << 20);
	buf_init(&out, 1 << 20);
	make_workbook(parts, &file);
	cr_expect_eq(read_bytes(options, file.data, file.used, &out, &err), 0, "%s", err.text);
	cr_expect_str_eq(out.data, wanted, "%s", out.data);
	buf_free(&file);
	buf_free(&out);
}

static void expect_error(
	const struct frame_xlsx_options *options, const struct parts *parts, const char *part)
{
	struct err err = ERR_INIT;
	struct buf file, out;

	buf_init(&file, 1 << 20);
	buf_init(&out, 1 << 20);
	make_workbook(parts, &file);
	cr_expect_lt(read_bytes(options, file.data, file.used, &out, &err), 0);
	cr_expect(strstr(err.text, part), "%s", err.text);
	buf_free(&file);
	buf_free(&out);
}

static const struct frame_xlsx_options plain = { .sheet = NULL };

Test(frame_xlsx, cells_of_every_type_come_as_stored)
{
	static const struct parts parts = {
		.strings = "<sst><si><t>编号</t></si><si><r><t>金</t></r><r><t "
			   "xml:space='preserve'>额 </t></r>"
			   "<rPh sb='0' eb='1'><t>jin</t></rPh></si></sst>",
		.sheet = "<x:worksheet xmlns:x='y'><x:sheetData>"
			 "<x:row r='1'><x:c r='A1' t='s'><x:v>0</x:v></x:c><x:c r='B1' "
			 "t='s'><x:v>1</x:v></x:c>"
			 "<x:c r='C1' t='inlineStr'><x:is><x:t>备&amp;注</x:t></x:is></x:c><x:c "
			 "r='D1' t='str'><x:v>d</x:v></x:c></x:row>"
			 "<x:row r='3'><x:c r='A3'><x:v>1001</x:v></x:c><x:c r='C3' "
			 "t='b'><x:v>1</x:v></x:c>"
			 "<x:c r='D3' t='e'><x:v>#REF!</x:v></x:c></x:row>"
			 "<x:row><x:c><x:f>1+1</x:f></x:c><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c></"
			 "x:row>"
			 "</x:sheetData></x:worksheet>",
	};
	expect_rows(&plain, &parts,
		"H1 编号|金额 |备&注|d\nR3 #1001||1|#REF!\nR4 #N/A (formula without a stored "
		"value)|#2||\n");
}

Test(frame_xlsx, percent_formats_keep_their_meaning)
{
	static const struct parts parts = {
		.styles = "<styleSheet><numFmts><numFmt numFmtId='164' "
			  "formatCode='0.000%'/></numFmts>"
			  "<cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
			  "<cellXfs><xf numFmtId='0'/><xf numFmtId='9'/><xf "
			  "numFmtId='164'/></cellXfs></styleSheet>",
		.sheet = "<worksheet><sheetData><row r='1'><c "
			 "t='inlineStr'><is><t>a</t></is></c></row>"
			 "<row r='2'><c s='0'><v>0.4</v></c></row><row r='3'><c "
			 "s='1'><v>0.4</v></c></row>"
			 "<row r='4'><c s='2'><v>5.0000000000000003E-2</v></c></row>"
			 "<row r='5'><c s='7'><v>1</v></c></row></sheetData></worksheet>",
	};
	expect_rows(
		&plain, &parts, "H1 a\nR2 #0.4\nR3 #0.4E2%\nR4 #5.0000000000000003E0%\nR5 #1\n");
}

Test(frame_xlsx, hidden_sheets_are_skipped_and_names_chosen)
{
	static const struct parts parts = {
		.book = "<workbook><workbookPr date1904='1'/><sheets><sheet name='旧' "
			"state='hidden' r:id='r1' xmlns:r='x'/>"
			"<sheet name='新' r:id='r2' xmlns:r='x'/></sheets></workbook>",
		.sheet = "<worksheet/>",
	};
	expect_rows(&plain, &parts, "H1 二\n");
	expect_rows(&(struct frame_xlsx_options){ .sheet = "新" }, &parts, "H1 二\n");
	expect_error(&(struct frame_xlsx_options){ .sheet = "旧" }, &parts, "sheet-not-found");
}

Test(frame_xlsx, merged_header_and_totals_follow_the_common_rules)
{
	static const struct parts parts = {
		.book = "<workbook><workbookPr date1904='true'/><sheets><sheet name='a' r:id='r1' "
			"xmlns:r='x'/></sheets></workbook>",
		.sheet =
			"<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>表</v></c></row>"
			"<row r='2'><c r='A2' t='str'><v>单位</v></c><c r='B2' "
			"t='str'><v>金额</v></c></row>"
			"<row r='3'><c r='B3' t='str'><v>合同</v></c><c r='C3' "
			"t='str'><v>已付</v></c></row>"
			"<row r='4'><c r='A4' t='str'><v>甲</v></c><c r='C4'><v>44621</v></c></row>"
			"<row r='5'><c r='A5' "
			"t='str'><v>合计</v></c></row></sheetData></worksheet>",
	};
	struct frame_xlsx_options options = { .table = { .header_row = 2, .header_lines = 2 } };
	expect_rows(&options, &parts, "H3 单位|金额/合同|金额/已付\nR4 甲||#444621\nS5 合计\n");
}

Test(frame_xlsx, a_cell_merged_over_several_records_is_the_value_of_each)
{
	static const struct parts parts = {
		.sheet = "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>单位</v></c><c "
			 "r='B1' t='str'><v>编号</v></c></row>"
			 "<row r='2'><c r='A2' t='str'><v>甲</v></c><c r='B2' "
			 "t='str'><v>1</v></c></row>"
			 "<row r='3'><c r='A3'/><c r='B3' t='str'><v>2</v></c></row>"
			 "<row r='4'><c r='B4' t='str'><v>3</v></c></row>"
			 "<row r='5'><c r='A5'/></row>"
			 "<row r='6'><c r='B6' t='str'><v>4</v></c></row></sheetData>"
			 "<mergeCells count='3'><mergeCell ref='A2:A5'/><mergeCell ref='A6:B6'/>"
			 "<mergeCell ref='nonsense'/></mergeCells></worksheet>",
	};
	expect_rows(&plain, &parts, "H1 单位|编号\nR2 甲|1\nR3 甲|2\nR4 甲|3\nR6 |4\n");
}

Test(frame_xlsx, a_label_ends_with_its_rows_and_at_the_end_of_a_short_one)
{
	static const struct parts parts = {
		.sheet = "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>编号</v></c><c "
			 "r='B1' t='str'><v>单位</v></c></row>"
			 "<row r='2'><c r='A2' t='str'><v>1</v></c><c r='B2' "
			 "t='str'><v>甲</v></c></row>"
			 "<row r='3'><c r='A3' t='str'><v>2</v></c></row>"
			 "<row r='4'><c r='A4' t='str'><v>3</v></c></row></sheetData>"
			 "<mergeCells><mergeCell ref='B2:B3'/></mergeCells></worksheet>",
	};
	expect_rows(&plain, &parts, "H1 编号|单位\nR2 1|甲\nR3 2|甲\nR4 3|\n");
}

static const char two_sheets[] =
	"<workbook xmlns:r='x'><sheets><sheet name='1月' r:id='r1'/><sheet name='2月' r:id='r2'/>"
	"</sheets></workbook>";
static const char first_sheet[] =
	"<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>编号</v></c></row>"
	"<row r='2'><c r='A2' t='str'><v>甲</v></c></row></sheetData></worksheet>";

Test(frame_xlsx, all_visible_sheets_are_read_when_asked_for)
{
	struct frame_xlsx_options all = { .sheet = "*" };

	expect_rows(&all, &(struct parts){ .book = two_sheets, .sheet = first_sheet },
		"H1 编号\nR2 甲\nH20000001 二\n");
	expect_rows(&all, &(struct parts){ .book = two_sheets, .sheet = "<worksheet/>" },
		"H20000001 二\n");
}

static void on_unread(void *arg, const char *sheet)
{
	buf_format(arg, "U %s\n", sheet);
}

Test(frame_xlsx, a_sheet_that_nobody_reads_is_told)
{
	struct frame_xlsx_options options = { .unread = on_unread };
	struct parts parts = { .book = two_sheets, .sheet = first_sheet };

	expect_rows(&options, &parts, "H1 编号\nR2 甲\nU 2月\n");
	options.sheet = "2月";
	expect_rows(&options, &parts, "H1 二\n");
	options.sheet = NULL;
	parts.book = "<workbook xmlns:r='x'><sheets><sheet name='2月' r:id='r2'/>"
		     "<sheet name='空' r:id='r1'/></sheets></workbook>";
	parts.sheet = "<worksheet><sheetData><row r='1'/></sheetData></worksheet>";
	expect_rows(&options, &parts, "H1 二\n");
}

/* A workbook with 90 MB of shared texts, none twice, made and read in processes of their own: what a process once used shows for ever. */
enum { MANY = 700000, PIECE_BYTES = 16 * 1024, GROWTH_KB = 24 * 1024 };

static void write_many(const char *path)
{
	struct buf texts, sheet, file;

	buf_init(&texts, 128 << 20);
	buf_init(&sheet, 128 << 20);
	buf_init(&file, 128 << 20);
	buf_add_text(&texts, "<sst><si><t>编号</t></si>");
	buf_add_text(&sheet, "<worksheet><sheetData><row><c t='s'><v>0</v></c></row>");
	for (int i = 1; i <= MANY; i++) {
		buf_format(&texts, "<si><t>%090d北京某某科技发展有限公司</t></si>", i);
		buf_format(&sheet, "<row><c t='s'><v>%d</v></c></row>", i);
	}
	buf_add_text(&texts, "</sst>");
	buf_add_text(&sheet, "</sheetData></worksheet>");
	make_workbook(&(struct parts){ .sheet = sheet.data, .strings = texts.data }, &file);
	FILE *out = fopen(path, "w");
	cr_assert_eq(fwrite(file.data, 1, file.used, out), file.used);
	fclose(out);
	buf_free(&texts);
	buf_free(&sheet);
	buf_free(&file);
}

static int count_row(void *arg, const struct frame_row *row, struct err *err)
{
	int *rows = arg;
	char number[16];

	(void)err;
	snprintf(number, sizeof(number), "%d", ++*rows);
	return strstr(row->cell[0].text, number) ? 0 : err_set(err, ERR_DATA, "another text");
}

/* 0 = good; what else is wrong otherwise. */
static int read_many(const char *path)
{
	static const struct frame_handler handler = { .row = count_row };
	struct frame_xlsx_options options = { .sheet = NULL };
	struct err err = ERR_INIT;
	struct rusage before, after;
	static char room[PIECE_BYTES];
	bool more = true;
	int rows = 0, steps = 0;
	size_t count;

	getrusage(RUSAGE_SELF, &before);
	FILE *in = fopen(path, "r");
	struct frame_xlsx *xlsx = frame_xlsx_new(&options, &handler, &rows);
	while ((count = fread(room, 1, sizeof(room), in)) > 0)
		if (frame_xlsx_feed(xlsx, room, count, &err) < 0)
			return 1;
	fclose(in);
	if (frame_xlsx_open(xlsx, &err) < 0)
		return 2;
	for (; more; steps++)
		if (frame_xlsx_step(xlsx, &more, &err) < 0)
			return 3;
	frame_xlsx_free(xlsx);
	getrusage(RUSAGE_SELF, &after);
	if (rows != MANY)
		return 4;
	/* The texts alone unpack to that many pieces. */
	if (steps < MANY / PIECE_BYTES * 100)
		return 5;
	return after.ru_maxrss - before.ru_maxrss > GROWTH_KB ? 6 : 0;
}

static int in_child(int (*work)(const char *path), const char *path)
{
	int status = 0;

	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		_exit(work(path));
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int write_many_to(const char *path)
{
	write_many(path);
	return 0;
}

Test(frame_xlsx, memory_is_flat_in_the_number_of_texts_and_no_step_is_long)
{
	char path[] = "/tmp/setaside-many-XXXXXX";
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	cr_expect_eq(in_child(write_many_to, path), 0);
	int answer = in_child(read_many, path);
	cr_expect_eq(answer, 0, "%d", answer);
	unlink(path);
}

Test(frame_xlsx, broken_workbooks_are_refused_by_name)
{
	expect_error(&plain,
		&(struct parts){ .sheet = "<worksheet><sheetData><row r='2'/><row "
					  "r='1'/></sheetData></worksheet>" },
		"bad-workbook: the rows");
	expect_error(&plain,
		&(struct parts){
			.sheet = "<worksheet><row r='1'><c r='B1'/><c r='A1'/></row></worksheet>" },
		"bad-workbook: the cells");
	expect_error(&plain,
		&(struct parts){ .sheet = "<worksheet><row r='1'><c r='1A'/></row></worksheet>" },
		"bad-workbook: the cells");
	expect_error(&plain,
		&(struct parts){
			.sheet = "<worksheet><row r='1'><c t='s'><v>5</v></c></row></worksheet>" },
		"bad-workbook: a cell names a shared text");
	expect_error(&plain, &(struct parts){ .sheet = "<worksheet><row>" },
		"bad-workbook: part xl/worksheets/sheet1.xml");
	expect_error(&plain, &(struct parts){ .sheet = NULL }, "bad-workbook: the part");
	expect_error(&plain, &(struct parts){ .sheet = "<worksheet/>" }, "header-not-found");
	expect_error(&plain,
		&(struct parts){ .sheet = "<worksheet><row r='1'><c r='ZZZ1'/></row></worksheet>" },
		"too-wide");
	expect_error(&plain, &(struct parts){ .book = "<workbook/>" }, "sheet-not-found");
}

Test(frame_xlsx, declarations_that_could_expand_are_refused)
{
	static const struct parts parts = {
		.sheet = "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b "
			 "'&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
			 "<worksheet><row><c t='str'><v>&b;</v></c></row></worksheet>",
	};
	expect_error(&plain, &parts, "bad-workbook: a part declares a document type");
}

Test(frame_xlsx, ceilings_hold)
{
	static const struct parts parts = {
		.strings = "<sst><si><t>12345678901234567890</t></si></sst>",
		.sheet = "<worksheet><row><c "
			 "t='str'><v>12345678901234567890</v></c></row></worksheet>",
	};
	expect_error(
		&(struct frame_xlsx_options){ .file_max = 100 }, &parts, "too-large: the workbook");
	expect_error(&(struct frame_xlsx_options){ .part_max = 50 }, &parts, "too-large: part");
	expect_error(&(struct frame_xlsx_options){ .strings_max = 10 }, &parts,
		"too-large: the shared texts");
	expect_error(
		&(struct frame_xlsx_options){ .table.cell_max = 10 }, &parts, "too-long: a cell");
}

Test(frame_xlsx, old_workbooks_and_other_files_are_not_tables)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 4096);
	cr_expect_lt(read_bytes(&plain, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, &out, &err), 0);
	cr_expect(strstr(err.text, "请另存为xlsx"), "%s", err.text);
	err_clear(&err);
	cr_expect_lt(read_bytes(&plain, "a,b\n", 4, &out, &err), 0);
	cr_expect(strstr(err.text, "not-a-table"), "%s", err.text);
	err_clear(&err);
	cr_expect_lt(read_bytes(&plain, "PK\3\4 torn", 9, &out, &err), 0);
	cr_expect(strstr(err.text, "torn"), "%s", err.text);
	buf_free(&out);
}

Test(frame_xlsx, refusal_of_the_receiver_ends_the_parse)
{
	static const struct parts parts = {
		.sheet = "<worksheet><row r='1'><c t='str'><v>a</v></c></row><row r='2'><c "
			 "t='str'><v>stop</v></c></row>"
			 "<row r='3'><c t='str'><v>b</v></c></row></worksheet>",
	};
	expect_error(&plain, &parts, "told to stop");
}

Test(frame_xlsx, a_workbook_of_a_real_writer_is_read)
{
	char path[] = "/tmp/setaside-xlsx-XXXXXX";
	int file = mkstemp(path);
	struct err err = ERR_INIT;
	struct buf bytes, out;
	char room[4096];
	ssize_t count;

	cr_assert_geq(file, 0);
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *hidden = workbook_add_worksheet(book, "说明");
	lxw_worksheet *sheet = workbook_add_worksheet(book, "欠款");
	lxw_format *date = workbook_add_format(book), *percent = workbook_add_format(book);
	format_set_num_format(date, "yyyy-mm-dd");
	format_set_num_format(percent, "0.00%");
	worksheet_activate(sheet);
	worksheet_set_first_sheet(sheet);
	worksheet_hide(hidden);
	worksheet_write_string(sheet, 0, 0, "台账编号", NULL);
	worksheet_write_string(sheet, 0, 1, "应付日期", NULL);
	worksheet_write_string(sheet, 0, 2, "比例", NULL);
	worksheet_write_string(sheet, 1, 0, "0001", NULL);
	worksheet_write_datetime(
		sheet, 1, 1, &(lxw_datetime){ .year = 2026, .month = 3, .day = 2 }, date);
	worksheet_write_number(sheet, 1, 2, 0.4, percent);
	cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
	buf_init(&bytes, 1 << 20);
	buf_init(&out, 4096);
	while ((count = read(file, room, sizeof(room))) > 0)
		buf_add(&bytes, room, (size_t)count);
	close(file);
	unlink(path);
	cr_expect_eq(read_bytes(&plain, bytes.data, bytes.used, &out, &err), 0, "%s", err.text);
	cr_expect_str_eq(
		out.data, "H1 台账编号|应付日期|比例\nR2 0001|#46083|#0.4E2%\n", "%s", out.data);
	buf_free(&bytes);
	buf_free(&out);
}
