#include "fuzz/fuzz.h"

#include <string.h>

#include "alerts/mail_compose.h"
#include "core/mem.h"

enum { HEADERS = 14, PARTS = 3 };

/* Names at the begin of lines before the first empty line. */
static int count_headers(const char *mail)
{
	const char *end = strstr(mail, "\r\n\r\n");
	int count = 0;

	MUST(end);
	for (const char *line = mail; line < end + 2; line = strstr(line, "\r\n") + 2)
		count += *line != ' ';
	return count;
}

static int count_text(const char *mail, const char *text)
{
	int count = 0;

	for (const char *at = mail; (at = strstr(at, text)); at++)
		count++;
	return count;
}

/* ASCII, lines of at most 76 bytes that end in CRLF and nothing else. */
static void look_at_lines(const char *mail)
{
	size_t column = 0;

	for (const char *c = mail; *c; c++) {
		if (c[0] == '\r' && c[1] == '\n') {
			column = 0;
			c++;
			continue;
		}
		MUST(*c >= 0x20 && *c <= 0x7E);
		MUST(++column <= 76);
	}
	MUST(column == 0);
}

/* One text, whatever it holds, in every place where data may stand: still one mail with its headers and no others. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct err err = ERR_INIT;
	struct buf out;
	char *text = mem_text_n((const char *)bytes, count < 20000 ? count : 20000);
	struct mail_parts parts = { .from_name = text,
		.from = "monitor@xc.example",
		.to = "unit12@xc.example",
		.subject = text,
		.text = text,
		.html = text,
		.ref = "A-20260302-000123",
		.case_key = text,
		.as_of = text,
		.rules = text,
		.first_try_at = 1772413205 };

	buf_init(&out, MAIL_BYTES_MAX);
	MUST(mail_compose(&parts, &out, &err) == 0);
	look_at_lines(out.data);
	MUST(count_headers(out.data) == HEADERS);
	MUST(count_text(out.data, "\r\n--setaside-") == PARTS);
	MUST(count_text(out.data, "\r\n.") == 0);
	buf_free(&out);
	free(text);
	return 0;
}
