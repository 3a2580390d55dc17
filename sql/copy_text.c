#include "sql/copy_text.h"

#include <string.h>

enum { NUMBER_ROOM = 24 };

void copy_text_null(struct copy_bytes *out)
{
	memcpy(copy_bytes_room(out, 3), "\\N\t", 3);
	out->used += 3;
}

/* The letter after the backslash, 0 = the byte stands for itself. */
static char escape_of(unsigned char c)
{
	switch (c) {
	case '\\':
		return '\\';
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	case '\v':
		return 'v';
	default:
		return 0;
	}
}

void copy_text_field(struct copy_bytes *out, const char *value, size_t length)
{
	char *at = copy_bytes_room(out, 2 * length + 1);

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)value[i];
		char letter = c <= '\r' || c == '\\' ? escape_of(c) : 0;
		if (letter != 0) {
			*at++ = '\\';
			*at++ = letter;
		} else {
			*at++ = (char)c;
		}
	}
	*at++ = '\t';
	out->used = (size_t)(at - out->data);
}

void copy_text_int(struct copy_bytes *out, int64_t value)
{
	char digits[NUMBER_ROOM];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	digits[--at] = '\t';
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		digits[--at] = '-';
	memcpy(copy_bytes_room(out, NUMBER_ROOM), digits + at, sizeof(digits) - at);
	out->used += sizeof(digits) - at;
}

void copy_text_day(struct copy_bytes *out, day_t day)
{
	char text[DAY_TEXT_MAX];

	if (day == DAY_NONE) {
		copy_text_null(out);
		return;
	}
	day_text(day, text);
	copy_text_field(out, text, strlen(text));
}

void copy_text_hash(struct copy_bytes *out, const struct kind_hash *hash)
{
	static const char digits[] = "0123456789abcdef";

	if (hash == NULL) {
		copy_text_null(out);
		return;
	}
	char *at = copy_bytes_room(out, 2 * sizeof(hash->byte) + 1);
	for (size_t i = 0; i < sizeof(hash->byte); i++) {
		*at++ = digits[hash->byte[i] >> 4];
		*at++ = digits[hash->byte[i] & 15];
	}
	*at++ = '\t';
	out->used = (size_t)(at - out->data);
}

void copy_text_end(struct copy_bytes *out)
{
	out->data[out->used - 1] = '\n';
}
