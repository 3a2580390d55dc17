#include "core/text.h"

#include <errno.h>
#include <utf8proc.h>

/* Length of the sequence that starts with this byte, 0 if no sequence can start so. */
static size_t sequence_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xC2 && c <= 0xDF)
		return 2;
	if (c >= 0xE0 && c <= 0xEF)
		return 3;
	if (c >= 0xF0 && c <= 0xF4)
		return 4;
	return 0;
}

/* Second bytes are narrower after E0 (overlong), ED (surrogates), F0 (overlong) and F4 (past
 * U+10FFFF). */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xE0:
		return second >= 0xA0 && second <= 0xBF;
	case 0xED:
		return second >= 0x80 && second <= 0x9F;
	case 0xF0:
		return second >= 0x90 && second <= 0xBF;
	case 0xF4:
		return second >= 0x80 && second <= 0x8F;
	default:
		return (second & 0xC0) == 0x80;
	}
}

static bool sequence_valid(const unsigned char *s, size_t n, size_t left)
{
	if (n == 0 || n > left || (n == 1 && s[0] == 0))
		return false;
	if (n > 1 && !second_byte_fits(s[0], s[1]))
		return false;
	for (size_t i = 2; i < n; i++)
		if ((s[i] & 0xC0) != 0x80)
			return false;
	return true;
}

bool text_utf8_valid(const char *bytes, size_t count, size_t *ret_at)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t i = 0;

	while (i < count) {
		/* Eight ASCII bytes at a time: most of what we read. */
		while (count - i >= 8) {
			uint64_t word, zero;

			memcpy(&word, s + i, 8);
			zero = (word - 0x0101010101010101u) & ~word;
			if ((word | zero) & 0x8080808080808080u)
				break;
			i += 8;
		}
		if (i == count)
			break;
		size_t n = sequence_length(s[i]);

		if (!sequence_valid(s + i, n, count - i)) {
			if (ret_at)
				*ret_at = i;
			return false;
		}
		i += n;
	}
	return true;
}

void text_trim_partial(char *text)
{
	size_t length = strlen(text), back = 0;

	while (back < 3 && back < length && ((unsigned char)text[length - 1 - back] & 0xC0) == 0x80)
		back++;
	if (back == length)
		return;
	unsigned char first = (unsigned char)text[length - 1 - back];
	size_t want = sequence_length(first);

	if (first >= 0x80 && want != back + 1)
		text[length - 1 - back] = 0;
}

char *text_copy(char *room, size_t size, const char *text)
{
	size_t length = strnlen(text, size - 1);
	memcpy(room, text, length);
	room[length] = '\0';
	text_trim_partial(room);
	return room;
}

/* A code point that belongs to the one before it: combining marks, joiners, variation selectors,
 * skin tones. */
static bool extends(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
	       category == UTF8PROC_CATEGORY_ME || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) ||
	       (c >= 0x1F3FB && c <= 0x1F3FF) || (c >= 0xE0100 && c <= 0xE01EF);
}

static size_t decode(const char *text, size_t length, utf8proc_int32_t *ret)
{
	utf8proc_ssize_t n =
		utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, ret);

	if (n <= 0) {
		*ret = 0xFFFD;
		return 1;
	}
	return (size_t)n;
}

size_t text_cut(const char *text, size_t length, size_t max)
{
	size_t at = 0, cluster = 0;
	bool joined = false;

	if (length <= max)
		return length;
	while (at < length) {
		utf8proc_int32_t c;
		size_t n = decode(text + at, length - at, &c);

		if (!extends(c) && !joined)
			cluster = at;
		if (at + n > max)
			return cluster;
		joined = c == 0x200D;
		at += n;
	}
	return cluster;
}

size_t text_escape_control(const char *text, char *room, size_t size)
{
	size_t used = 0;

	if (size == 0)
		return 0;
	for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
		if (*s >= 0x20 && *s != 0x7F) {
			if (used + 2 > size)
				break;
			room[used++] = (char)*s;
		} else {
			if (used + 5 > size)
				break;
			used += (size_t)snprintf(room + used, size - used, "\\x%02X", *s);
		}
	}
	room[used] = 0;
	text_trim_partial(room);
	return strlen(room);
}

char *text_nfkc(const char *text, size_t length)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length,
		&out, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);

	return n < 0 ? NULL : (char *)out;
}

static bool blank(utf8proc_int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x00A0 || c == 0x3000 || c == 0xFEFF ||
	       c == 0x180E || (c >= 0x2000 && c <= 0x200D) || c == 0x2028 || c == 0x2029 ||
	       c == 0x202F || c == 0x205F || c == 0x2060;
}

char *text_trim(char *text)
{
	size_t length = strlen(text), start = 0, end = 0, at = 0;
	bool seen = false;

	while (at < length) {
		utf8proc_int32_t c;
		size_t n = decode(text + at, length - at, &c);

		if (!blank(c)) {
			if (!seen)
				start = at;
			seen = true;
			end = at + n;
		}
		at += n;
	}
	if (!seen)
		start = end = 0;
	memmove(text, text + start, end - start);
	text[end - start] = 0;
	return text;
}

bool text_to_int64(const char *text, int64_t *ret_value)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	char *end;
	long long value;

	if (*digits < '0' || *digits > '9')
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end)
		return false;
	*ret_value = value;
	return true;
}

bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}
