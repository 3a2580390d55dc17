#include "alerts/mail_compose.h"

#include <criterion/criterion.h>
#include <openssl/evp.h>

#include "core/mem.h"
#include "core/text.h"
#include "lib/mailbox.h"

static struct mail_parts parts_of(const char *subject)
{
	return (struct mail_parts){ .from_name = "采购监测",
		.from = "monitor@xc.example",
		.to = "unit12@xc.example",
		.subject = subject,
		.text = "第一行\n第二行\n",
		.html = "<p>一</p>\n",
		.ref = "A-20260302-000123",
		.case_key = "arrears/026003",
		.as_of = "2026-03-02",
		.rules = "P-1 P-3",
		.first_try_at = 1772413205 };
}

static char *compose(const struct mail_parts *parts)
{
	struct err err = ERR_INIT;
	struct buf out;
	char *mail;

	buf_init(&out, MAIL_BYTES_MAX);
	cr_assert_eq(mail_compose(parts, &out, &err), 0, "%s", err.text);
	mail = buf_take(&out);
	buf_free(&out);
	return mail;
}

/* Every line ends in CRLF, has at most 76 bytes, no lone CR or LF, only ASCII. */
static void expect_wire_form(const char *mail)
{
	size_t column = 0;

	for (const char *c = mail; *c; c++) {
		if (c[0] == '\r' && c[1] == '\n') {
			column = 0;
			c++;
			continue;
		}
		cr_assert(*c != '\r' && *c != '\n', "lone line end");
		cr_assert((unsigned char)*c < 0x80, "byte above ASCII");
		cr_assert_leq(++column, 76, "line too long");
	}
	cr_assert_eq(column, 0, "last line has no end");
}

/* Undoes one folded header: joins lines, decodes words, and looks that each word is whole UTF-8. */
static void decode_header(const char *mail, const char *name, char *room, size_t size)
{
	char start[64];
	const char *at;
	size_t used = 0;

	snprintf(start, sizeof(start), "%s: ", name);
	at = strstr(mail, start);
	cr_assert_not_null(at, "no %s", name);
	at += strlen(start);
	while (strncmp(at, "\r\n", 2) != 0 || at[2] == ' ') {
		if (strncmp(at, "\r\n ", 3) == 0) {
			at += 3;
		} else if (strncmp(at, "=?UTF-8?B?", 10) == 0) {
			const char *end = strstr(at, "?=");
			int got = EVP_DecodeBlock((unsigned char *)room + used,
				(const unsigned char *)at + 10, (int)(end - at - 10));

			cr_assert_leq(end + 2 - at, 75, "encoded word too long");
			while (end[-1] == '=' && got > 0) {
				got--;
				end--;
			}
			if (end[0] == '=' && end[1] == '=')
				end += 0;
			cr_assert(text_utf8_valid(room + used, (size_t)got, NULL),
				"a word splits a character");
			used += (size_t)got;
			at = strstr(at, "?=") + 2;
		} else {
			room[used++] = *at++;
		}
		cr_assert_lt(used, size);
	}
	room[used] = '\0';
}

Test(mail_compose, says_the_same_bytes_on_every_try)
{
	struct mail_parts parts = parts_of("疑似逾期（待核实）：示例中学 3笔");
	char *first = compose(&parts);
	char *second = compose(&parts);

	cr_assert_str_eq(first, second);
	cr_assert_not_null(strstr(first, "\r\nMessage-ID: <A-20260302-000123.r1."));
	cr_assert_not_null(strstr(first, "Date: Mon, 02 Mar 2026 09:00:05 +0800\r\n"));
	cr_assert_not_null(strstr(first, "Auto-Submitted: auto-generated\r\n"));
	cr_assert_not_null(
		strstr(first, "From: =?UTF-8?B?6YeH6LSt55uR5rWL?=\r\n <monitor@xc.example>\r\n"));
	cr_assert_not_null(strstr(first, "To: unit12@xc.example\r\n"));
	cr_assert_not_null(strstr(first, "multipart/alternative"));
	cr_assert_lt(strstr(first, "text/plain"), strstr(first, "text/html"));
	expect_wire_form(first);
	free(first);
	free(second);
}

Test(mail_compose, gives_other_recipients_another_id_and_the_same_thread)
{
	struct mail_parts parts = parts_of("x");
	char *one = compose(&parts);
	char *two;
	char *id_one;
	char *id_two;

	parts.to = "unit13@xc.example";
	two = compose(&parts);
	id_one = strstr(one, "Message-ID:");
	id_two = strstr(two, "Message-ID:");
	cr_assert(strncmp(id_one, id_two, 60) != 0);
	cr_assert_eq(strncmp(strstr(one, "References:"), strstr(two, "References:"), 48), 0);
	free(one);
	free(two);
}

Test(mail_compose, folds_long_subjects_between_characters_and_loses_none)
{
	/* One to three and four byte characters, combining marks, at every offset against the word length. */
	static const char *const units[] = { "逾", "a", "é", "\xF0\xA0\xAE\xB7", "e\xCC\x81", "（",
		" " };

	for (size_t shift = 0; shift < 7; shift++) {
		for (int length = 1; length < 90; length += 3) {
			char subject[600] = "";
			char back[2000];
			size_t used = 0;
			char *mail;
			struct mail_parts parts;

			for (int i = 0; i < length && used < 400; i++)
				used += (size_t)snprintf(subject + used, sizeof(subject) - used,
					"%s", units[((size_t)i * (shift + 1) + shift) % 7]);
			used += (size_t)snprintf(subject + used, sizeof(subject) - used, "末");
			parts = parts_of(subject);
			mail = compose(&parts);
			expect_wire_form(mail);
			decode_header(mail, "Subject", back, sizeof(back));
			cr_assert_str_eq(back, subject);
			free(mail);
		}
	}
}

Test(mail_compose, keeps_a_cluster_longer_than_a_word_in_whole_characters)
{
	char subject[400] = "e";
	char back[2000];
	struct mail_parts parts;
	char *mail;

	for (int i = 0; i < 80; i++)
		memcpy(subject + 1 + 2 * i, "\xCC\x81", 3);
	parts = parts_of(subject);
	mail = compose(&parts);
	expect_wire_form(mail);
	decode_header(mail, "Subject", back, sizeof(back));
	cr_assert_str_eq(back, subject);
	free(mail);
}

static int count_of(const char *haystack, const char *needle)
{
	int count = 0;

	for (const char *at = haystack; (at = strstr(at, needle)); at++)
		count++;
	return count;
}

Test(mail_compose, makes_no_header_or_part_out_of_data)
{
	static const char *const evil[] = { "示例\r\nBcc: all@example.org\r\n", "a\nBcc: x@y.z",
		"a\rBcc: x@y.z", "a\r\n\r\n<html>", "\r\n.\r\nMAIL FROM:<x@y.z>\r\n",
		"=?UTF-8?B?AAAA?=",
		"a\xE2\x80\xAE"
		"b\x07\x1B[2J",
		"\xFF\xFE\xC3(", "--setaside-0000000000000000" };

	for (size_t i = 0; i < sizeof(evil) / sizeof(*evil); i++) {
		struct mail_parts parts = parts_of(evil[i]);
		char back[4000];
		char *mail;

		parts.text = evil[i];
		parts.html = evil[i];
		parts.as_of = evil[i];
		mail = compose(&parts);
		expect_wire_form(mail);
		cr_expect_eq(count_of(mail, "\r\nBcc:"), 0);
		cr_expect_eq(count_of(mail, "\r\n.\r\n"), 0);
		cr_expect_eq(count_of(mail, "\r\nMAIL"), 0);
		cr_expect_eq(count_of(mail, "\r\n--setaside-"), 3);
		cr_expect_eq(count_of(mail, "\r\nSubject: "), 1);
		decode_header(mail, "Subject", back, sizeof(back));
		cr_expect(text_utf8_valid(back, strlen(back), NULL));
		cr_expect_null(strstr(back, "\xE2\x80\xAE"));
		free(mail);
	}
}

Test(mail_compose, takes_only_addresses_that_cannot_become_commands)
{
	static const char *const bad[] = { "", "@", "a@", "@b.c", "a b@c.d", "a@b c",
		"a@b\r\nRCPT TO:<x@y>", "<a@b.c>", "a@b.c>", "\"a b\"@c.d", "a@b@c.d ", "a..b@c.d",
		".a@b.c", "a@b..c", "单位@c.d", "a@[127.0.0.1]", "a,b@c.d", "a@b.c,d@e.f" };
	static const char *const good[] = { "a@b", "unit12@xc.example",
		"a.b-c_d+e@x-y.example.cn" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_not(mail_address_valid(bad[i]), "\"%s\" was taken", bad[i]);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		cr_expect(mail_address_valid(good[i]), "%s was refused", good[i]);
}

Test(mail_compose, refuses_a_bad_recipient_or_reference)
{
	struct mail_parts parts = parts_of("x");
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, MAIL_BYTES_MAX);
	parts.to = "a@b\r\nDATA";
	cr_expect_lt(mail_compose(&parts, &out, &err), 0);
	parts = parts_of("x");
	parts.ref = "A-1>\r\nX: y";
	err_clear(&err);
	cr_expect_lt(mail_compose(&parts, &out, &err), 0);
	cr_expect_eq(err.code, ERR_DATA);
	buf_free(&out);
}

Test(mail_compose, carries_a_list_with_its_name_for_old_and_new_readers)
{
	struct mail_parts parts = parts_of("清单");
	struct buf list;
	size_t length = 0;
	char *mail, *back;

	buf_init(&list, 100000);
	for (int i = 0; i < 20000; i++)
		buf_add_char(&list, (char)(i * 7));
	parts.list = &list;
	parts.list_name = "清单-A-1.xlsx";
	parts.list_name_ascii = "list-A-1.xlsx";
	mail = compose(&parts);
	expect_wire_form(mail);
	cr_expect_not_null(strstr(mail, "\r\n filename=\"list-A-1.xlsx\";\r\n"));
	cr_expect_not_null(strstr(mail, " filename*=UTF-8''%E6%B8%85%E5%8D%95-A-1.xlsx\r\n"));
	cr_expect_not_null(strstr(mail, "Content-Type: multipart/mixed;"));
	cr_expect_lt(strstr(mail, "text/plain"), strstr(mail, "text/html"));
	cr_expect_lt(strstr(mail, "text/html"), strstr(mail, "spreadsheetml"));
	back = mailbox_part(mail, "\r\n application/vnd.openxmlformats-officedocument", &length);
	cr_assert_not_null(back);
	cr_expect_eq(length, list.used);
	cr_expect_arr_eq(back, list.data, list.used);
	free(back);
	back = mailbox_part(mail, "text/plain", NULL);
	cr_expect_str_eq(back, "第一行\r\n第二行\r\n");
	free(back);
	free(mail);
	buf_free(&list);
}

Test(mail_compose, stops_at_its_ceiling)
{
	struct mail_parts parts = parts_of("x");
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 300);
	cr_expect_lt(mail_compose(&parts, &out, &err), 0);
	cr_expect_eq(err.code, ERR_LIMIT);
	buf_free(&out);
}

Test(mail_compose, reads_senders_with_and_without_names)
{
	char name[256];
	char address[MAIL_ADDRESS_MAX + 1];
	struct err err = ERR_INIT;

	cr_assert_eq(mail_address_parse("采购监测 <m@xc.example>", name, address, &err), 0);
	cr_assert_str_eq(name, "采购监测");
	cr_assert_str_eq(address, "m@xc.example");
	cr_assert_eq(mail_address_parse("m@xc.example", name, address, &err), 0);
	cr_assert_str_eq(name, "");
	cr_assert_lt(mail_address_parse("x <m@xc.example", name, address, &err), 0);
	err_clear(&err);
	cr_assert_lt(mail_address_parse("x <>", name, address, &err), 0);
}
