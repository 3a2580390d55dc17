#include "collectors/charset.h"

#include <stdbool.h>
#include <string.h>

#include <criterion/criterion.h>

#include "core/buf.h"
#include "core/text.h"

/* Every piece must be whole characters: the sink checks it. */
static int keep(void *arg, const char *utf8, size_t count, struct err *err)
{
	(void)err;
	cr_assert(text_utf8_valid(utf8, count, NULL));
	return buf_add(arg, utf8, count);
}

/* Converts bytes in pieces of `step`. Returns the text (in out) or the error. */
static int convert(const char *name, const char *bytes, size_t count, size_t step, struct buf *out,
	char found[32], struct err *err)
{
	struct charset *charset = charset_new(name, keep, out, err);
	int answer = charset ? 0 : -1;

	for (size_t at = 0; answer == 0 && at < count; at += step)
		answer = charset_feed(
			charset, bytes + at, count - at < step ? count - at : step, err);
	if (answer == 0)
		answer = charset_finish(charset, err);
	if (charset && found)
		snprintf(found, 32, "%s", charset_name(charset));
	charset_free(charset);
	return answer;
}

/* The answer must not depend on how the bytes are cut. */
static void expect_text(
	const char *name, const char *bytes, size_t count, const char *text, const char *encoding)
{
	static const size_t steps[] = { 1, 2, 3, 5, 7, 4096 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct err err = ERR_INIT;
		struct buf out;
		char found[32];
		buf_init(&out, 1 << 20);
		cr_assert_eq(convert(name, bytes, count, steps[i], &out, found, &err), 0, "%s",
			err.text);
		cr_expect_str_eq(out.data, text, "step %zu", steps[i]);
		cr_expect_str_eq(found, encoding);
		buf_free(&out);
	}
}

static void expect_error(const char *name, const char *bytes, size_t count, const char *part)
{
	static const size_t steps[] = { 1, 2, 3, 4096 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct err err = ERR_INIT;
		struct buf out;
		buf_init(&out, 1 << 20);
		cr_expect_lt(convert(name, bytes, count, steps[i], &out, NULL, &err), 0, "step %zu",
			steps[i]);
		cr_expect(strstr(err.text, part), "step %zu: %s", steps[i], err.text);
		buf_free(&out);
	}
}

#define BYTES(text) (text), sizeof(text) - 1

Test(charset, ascii_and_utf8_pass_unchanged)
{
	expect_text(NULL, BYTES(""), "", "ASCII");
	expect_text(NULL, BYTES("a,b\r\n1,2\r\n"), "a,b\r\n1,2\r\n", "ASCII");
	expect_text(NULL, BYTES("a,单位,€,😀\n"), "a,单位,€,😀\n", "UTF-8");
	expect_text("UTF-8", BYTES("单位"), "单位", "UTF-8");
}

Test(charset, byte_order_marks_decide_and_are_not_data)
{
	expect_text(NULL, BYTES("\xEF\xBB\xBF单位"), "单位", "UTF-8");
	expect_text("UTF-8", BYTES("\xEF\xBB\xBF单位"), "单位", "UTF-8");
	expect_text(NULL,
		BYTES("\xFF\xFE"
		      "a\0\x55\x53"),
		"a单", "UTF-16LE");
	expect_text(NULL, BYTES("\xFE\xFF\0a\x53\x55"), "a单", "UTF-16BE");
	expect_text(NULL, BYTES("\xEF\xBB\xBF"), "", "UTF-8");
}

Test(charset, gb18030_is_recognised_when_it_is_chinese)
{
	/* 单位,金额; below, a four-byte character */
	expect_text(NULL, BYTES("\xB5\xA5\xCE\xBB,\xBD\xF0\xB6\xEE\n"), "单位,金额\n", "GB18030");
	expect_text("GB18030", BYTES("\xB5\xA5\x81\x39\xEF\x30"), "单㐁", "GB18030");
}

Test(charset, single_byte_encodings_are_read_only_when_named)
{
	expect_error(NULL, BYTES("Vlera e kontrat\x91s, \x82mimi"), "configure the encoding");
	expect_error(NULL,
		BYTES("Secretar\xED"
		      "a de Finanzas"),
		"configure the encoding");
	expect_text("MACINTOSH", BYTES("kontrat\x91s \x82mimi \xDB 1"), "kontratës Çmimi € 1",
		"MACINTOSH");
	expect_text("ISO-8859-1",
		BYTES("Secretar\xED"
		      "a"),
		"Secretaría", "ISO-8859-1");
}

Test(charset, latin_text_that_is_valid_gb18030_is_not_taken_for_chinese)
{
	expect_error(NULL, BYTES("f\xFCr M\xFCller"), "configure the encoding");
}

Test(charset, broken_bytes_name_their_offset)
{
	expect_error("UTF-8", BYTES("abc\xFFz"), "byte 0xFF at offset 3");
	expect_error("UTF-8", BYTES("ab\xC3(z"), "offset 2");
	expect_error("UTF-8", BYTES("ab\xE5\x8D"), "ends inside a character at byte 2");
	expect_error("GB18030", BYTES("ab\xB5"), "ends inside a character at byte 2");
	expect_error("UTF-8", BYTES("\xED\xA0\x80 surrogate"), "offset 0");
	expect_error(NULL, BYTES("abc\0d"), "NUL at byte 3");
	expect_error("ISO-8859-1", BYTES("abc\0d"), "NUL");
	expect_error("NO-SUCH-ENCODING", BYTES("a"), "not known to iconv");
}

Test(charset, a_late_fault_is_an_error_and_not_a_change_of_mind)
{
	size_t count = CHARSET_WINDOW * 2;
	char *bytes = malloc(count);
	struct err err = ERR_INIT;
	struct buf out;

	for (size_t i = 0; i + 2 < count; i += 3)
		memcpy(bytes + i, "单", 3);
	bytes[count - 2] = 'a';
	bytes[count - 1] = '\xFE';
	buf_init(&out, count);
	cr_expect_lt(convert(NULL, bytes, count, 1000, &out, NULL, &err), 0);
	cr_expect(strstr(err.text, "is not UTF-8"), "%s", err.text);
	buf_free(&out);
	free(bytes);
}

static int refuse(void *arg, const char *utf8, size_t count, struct err *err)
{
	(void)arg, (void)utf8, (void)count;
	return err_set(err, ERR_LIMIT, "enough");
}

Test(charset, refusal_of_the_sink_ends_the_conversion)
{
	struct err err = ERR_INIT;
	struct charset *charset = charset_new("UTF-8", refuse, NULL, &err);
	cr_expect_lt(charset_feed(charset, "abc", 3, &err), 0);
	cr_expect_str_eq(err.text, "enough");
	charset_free(charset);
}
