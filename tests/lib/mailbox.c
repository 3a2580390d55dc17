#include "lib/mailbox.h"

#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/text.h"

enum { WORD_MAX = 75, BYTES_MAX = 16 * 1024 * 1024 };

/* Appends the bytes of base64 text of length characters. */
static void add_decoded(struct buf *out, const char *text, size_t length)
{
	unsigned char *room = mem_zero(length + 4, 1);
	int got = EVP_DecodeBlock(room, (const unsigned char *)text, (int)length);

	cr_assert_geq(got, 0, "not base64: %.80s", text);
	for (size_t i = length; i > 0 && text[i - 1] == '='; i--)
		got--;
	buf_add(out, (const char *)room, (size_t)got);
	free(room);
}

static const char *add_word(struct buf *out, const char *at)
{
	const char *end = strstr(at, "?=");
	size_t before = out->used;

	cr_assert_not_null(end);
	cr_assert_leq(end + 2 - at, WORD_MAX, "encoded word too long");
	add_decoded(out, at + 10, (size_t)(end - at - 10));
	cr_assert(text_utf8_valid(out->data + before, out->used - before, NULL),
		"a word splits a character");
	return end + 2;
}

char *mailbox_header(const char *mail, const char *name)
{
	_cleanup_free_ char *start = mem_format("\r\n%s:", name);
	const char *at =
		strncmp(mail, start + 2, strlen(start + 2)) == 0 ? mail - 2 : strstr(mail, start);
	const char *head_end = strstr(mail, "\r\n\r\n");
	struct buf value;
	char *taken;

	buf_init(&value, 65536);
	if (at && head_end && at < head_end) {
		at += strlen(start);
		while (*at == ' ')
			at++;
		while (strncmp(at, "\r\n", 2) != 0 || at[2] == ' ') {
			if (strncmp(at, "\r\n ", 3) == 0)
				at += 3;
			else if (strncmp(at, "=?UTF-8?B?", 10) == 0)
				at = add_word(&value, at);
			else
				buf_add_char(&value, *at++);
		}
	}
	buf_add_text(&value, "");
	taken = buf_take(&value);
	buf_free(&value);
	return taken ? taken : mem_text("");
}

char *mailbox_part(const char *mail, const char *type, size_t *ret_length)
{
	_cleanup_free_ char *start =
		mem_format("\r\nContent-Type:%s%s", *type == '\r' ? "" : " ", type);
	const char *at = strstr(mail, start);
	struct buf bytes;
	char *taken;

	at = at ? strstr(at, "\r\n\r\n") : NULL;
	if (!at)
		return NULL;
	buf_init(&bytes, BYTES_MAX);
	for (at += 4; strncmp(at, "--", 2) != 0; at = strstr(at, "\r\n") + 2)
		add_decoded(&bytes, at, (size_t)(strstr(at, "\r\n") - at));
	if (ret_length)
		*ret_length = bytes.used;
	buf_add_text(&bytes, "");
	taken = buf_take(&bytes);
	buf_free(&bytes);
	return taken ? taken : mem_text("");
}
