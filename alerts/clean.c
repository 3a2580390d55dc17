#include "alerts/clean.h"

#include <stdint.h>

#include "core/text.h"

/* Length of the UTF-8 character at bytes, 0 when there is none; its code point in *ret. */
static size_t character_at(const char *bytes, size_t left, uint32_t *ret)
{
	unsigned char first = (unsigned char)bytes[0];
	size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	uint32_t code = first;

	if (length > left || (first >= 0x80 && !text_utf8_valid(bytes, length, NULL)))
		return 0;
	if (length > 1)
		code = first & (0xFFu >> (length + 1));
	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)bytes[i] & 0x3Fu);
	*ret = code;
	return length;
}

/* Marks that reorder or hide what is read. */
static bool is_deceptive(uint32_t code)
{
	return code == 0x061C || code == 0x200E || code == 0x200F ||
	       (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
	       code == 0xFEFF;
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

void clean_add(struct buf *out, const char *text, size_t length)
{
	bool blank = false;

	for (size_t at = 0; at < length;) {
		uint32_t code = 0;
		size_t step = character_at(text + at, length - at, &code);

		if (step == 0) {
			buf_add_text(out, "\xEF\xBF\xBD");
			step = 1;
			blank = false;
		} else if (is_control(code)) {
			if (!blank && (code == '\r' || code == '\n' || code == '\t'))
				buf_add_char(out, ' ');
			blank = true;
		} else if (!is_deceptive(code)) {
			buf_add(out, text + at, step);
			blank = false;
		}
		at += step;
	}
}

char *clean_line(const char *text, size_t length, char *room, size_t size)
{
	struct buf line;
	size_t keep = length < 4 * size ? length : 4 * size;

	buf_init(&line, 16 * size + 16);
	clean_add(&line, text, keep);
	while (line.used > 0 && line.data[line.used - 1] == ' ')
		line.used--;
	keep = line.used < size ? line.used : text_cut(line.data, line.used, size - 1);
	memcpy(room, line.data, keep);
	room[keep] = '\0';
	buf_free(&line);
	return room;
}

void clean_add_html(struct buf *out, const char *text)
{
	struct buf line;

	buf_init(&line, 4 * strlen(text) + 16);
	clean_add(&line, text, strlen(text));
	for (size_t i = 0; i < line.used; i++) {
		switch (line.data[i]) {
		case '&':
			buf_add_text(out, "&amp;");
			break;
		case '<':
			buf_add_text(out, "&lt;");
			break;
		case '>':
			buf_add_text(out, "&gt;");
			break;
		case '"':
			buf_add_text(out, "&quot;");
			break;
		case '\'':
			buf_add_text(out, "&#39;");
			break;
		default:
			buf_add_char(out, line.data[i]);
		}
	}
	buf_free(&line);
}
