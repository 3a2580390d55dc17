#include "alerts/mail_list.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "core/mem.h"
#include "lib/alert_rig.h"
#include "lib/payloads.h"

enum { ROOM = 4 * 1024 * 1024 };

static struct buf book;
static char *part_text;

static struct payload *parsed(const char *text)
{
	struct err err = ERR_INIT;
	struct payload *payload = payload_parse(text, strlen(text), &err);

	cr_assert_not_null(payload, "%s", err.text);
	return payload;
}

static void write_book(const char *text, bool interest)
{
	struct wording_options options = { .contact = "", .link = "", .interest = interest };
	struct payload *payload = parsed(text);
	struct err err = ERR_INIT;

	buf_init(&book, ROOM);
	cr_assert_gt(mail_list_rows(payload), 0);
	cr_assert_eq(
		mail_list_write(payload, "A-20261006-000001", 1790000000, &options, &book, &err), 0,
		"%s", err.text);
	payload_free(payload);
}

/* One file inside the workbook, as another library finds it. Lent until the next call. */
static const char *inside(const char *name)
{
	zip_error_t error;
	zip_source_t *source = zip_source_buffer_create(book.data, book.used, 0, &error);
	zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
	zip_stat_t stat;
	zip_file_t *file;

	cr_assert_not_null(zip, "no zip");
	cr_assert_eq(zip_stat(zip, name, 0, &stat), 0, "no %s", name);
	file = zip_fopen(zip, name, 0);
	free(part_text);
	part_text = mem_zero((size_t)stat.size + 1, 1);
	cr_assert_eq(zip_fread(file, part_text, stat.size), (zip_int64_t)stat.size);
	zip_fclose(file);
	zip_discard(zip);
	return part_text;
}

static void tear_down(void)
{
	buf_free(&book);
	free(part_text);
}

TestSuite(mail_list, .fini = tear_down);

static void expect_text(const char *needle)
{
	cr_expect_not_null(
		strstr(inside("xl/sharedStrings.xml"), needle), "no %s in %s", needle, part_text);
}

Test(mail_list, holds_every_row_with_amounts_days_and_what_it_rests_on)
{
	write_book(payload_arrears, false);
	expect_text(">编号：A-20261006-000001<");
	expect_text("数据依据：截至2026-10-06");
	expect_text("以上为程序测算结果");
	expect_text(">疑似逾期（待核实）");
	cr_expect_null(strstr(part_text, "利息"), "interest is internal");
	inside("xl/worksheets/sheet1.xml");
	cr_expect_not_null(strstr(part_text, "<v>100000</v>"), "as a number: %s", part_text);
	cr_expect_not_null(strstr(part_text, "<v>20000</v>"), "%s", part_text);
	cr_expect_not_null(strstr(part_text, "<autoFilter ref=\"A5:H7\"/>"), "%s", part_text);
}

Test(mail_list, shows_interest_only_where_the_channel_does)
{
	write_book(payload_arrears, true);
	expect_text("逾期利息（测算，仅供内部参考）");
}

Test(mail_list, is_the_same_bytes_for_the_same_message)
{
	struct buf first;

	write_book(payload_arrears, false);
	first = book;
	write_book(payload_arrears, false);
	cr_expect_eq(first.used, book.used);
	cr_expect_arr_eq(first.data, book.data, book.used);
	buf_free(&first);
}

Test(mail_list, takes_no_name_for_a_formula_a_link_or_markup)
{
	static const char *const names[] = { "=HYPERLINK(\\\"http://x.example\\\",\\\"click\\\")",
		"+cmd|' /C calc'!A0", "@SUM(1)", "http://x.example/", "<b>&amp;</b>",
		"mailto:a@x.example", "\\u0007\\u202Eevil" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *payload = alert_rig_arrears(3, names[i]);

		write_book(payload, false);
		inside("xl/worksheets/sheet1.xml");
		cr_expect_null(strstr(part_text, "<f>"), "%s became a formula", names[i]);
		cr_expect_null(strstr(part_text, "<hyperlink"), "%s became a link", names[i]);
		inside("xl/sharedStrings.xml");
		cr_expect_null(strstr(part_text, "<b>&"), "%s became markup", names[i]);
		cr_expect_null(strchr(part_text, 7), "a control byte in the workbook");
		cr_expect_null(strstr(part_text, "\xE2\x80\xAE"), "a bidi control in the workbook");
		buf_free(&book);
		free(payload);
	}
}

Test(mail_list, of_a_digest_names_every_case)
{
	write_book(payload_digest, false);
	expect_text(">A-20261006-000007<");
	expect_text(">A-20261006-000008<");
	expect_text(">示例中学<");
	expect_text(">到期提醒<");
	cr_expect_null(strstr(part_text, "疑似逾期"), "what is due soon is not overdue");
	cr_expect_not_null(
		strstr(inside("xl/worksheets/sheet1.xml"), "<v>5</v>"), "5.00 yuan: %s", part_text);
}

Test(mail_list, stops_at_its_ceiling)
{
	struct wording_options options = { .contact = "", .link = "" };
	struct payload *payload = parsed(payload_arrears);
	struct err err = ERR_INIT;

	buf_init(&book, 1000);
	cr_expect_eq(mail_list_write(payload, "A-1", 0, &options, &book, &err), -1);
	cr_expect_eq(err.code, ERR_LIMIT);
	payload_free(payload);
}

Test(mail_list, is_for_lists_alone)
{
	struct payload *payload = parsed(payload_quota);

	cr_expect_eq(mail_list_rows(payload), 0);
	payload_free(payload);
}
