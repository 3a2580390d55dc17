#include "collectors/value_text.h"

#include <string.h>

#include <utf8proc.h>

static bool is_mark(utf8proc_int32_t c)
{
	return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 ||
	       c == 0xFEFF || c == 0x00AD;
}

static bool is_blank(utf8proc_int32_t c)
{
	return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
	       c == 0x205F || c == 0x3000;
}

static utf8proc_int32_t fold(utf8proc_int32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFEE0;
	if (c == 0xFFE5)
		return 0xA5;
	return is_blank(c) ? ' ' : c;
}

static void trim(char *room, size_t used)
{
	size_t start = 0;

	while (used > 0 && room[used - 1] == ' ')
		used--;
	while (start < used && room[start] == ' ')
		start++;
	if (start < used && room[start] == '\'') {
		start++;
		while (start < used && room[start] == ' ')
			start++;
	}
	memmove(room, room + start, used - start);
	room[used - start] = '\0';
}

bool value_fold(const char *text, size_t length, char *room, size_t size)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	size_t used = 0;

	while (length > 0) {
		if (*at < 0x80 && *at != 0 && used + 1 < size) {
			room[used++] = is_blank(*at) ? ' ' : (char)*at;
			at++;
			length--;
			continue;
		}
		utf8proc_int32_t c;
		utf8proc_ssize_t step = utf8proc_iterate(at, (utf8proc_ssize_t)length, &c);
		if (step <= 0 || c == 0)
			return false;
		at += step;
		length -= (size_t)step;
		if (is_mark(c))
			continue;
		utf8proc_uint8_t bytes[4];
		size_t width = (size_t)utf8proc_encode_char(fold(c), bytes);
		if (used + width >= size)
			return false;
		memcpy(room + used, bytes, width);
		used += width;
	}
	if (used >= size)
		return false;
	trim(room, used);
	return true;
}

bool value_fold_word(const char *text, size_t length, char *room, size_t size)
{
	char *to = room;

	if (!value_fold(text, length, room, size))
		return false;
	for (const char *from = room; *from != '\0'; from++) {
		if (*from == ' ')
			continue;
		*to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
	}
	*to = '\0';
	return true;
}

bool value_skip(const char **at, const char *prefix)
{
	if (**at != *prefix && *prefix != '\0') /* most calls end here */
		return false;
	size_t length = strlen(prefix);
	if (strncmp(*at, prefix, length) != 0)
		return false;
	*at += length;
	return true;
}

bool value_ends_with(const char *text, size_t length, const char *suffix)
{
	size_t tail = strlen(suffix);
	return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

bool value_one_of(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (strcmp(text, *words) == 0)
			return true;
	}
	return false;
}

bool value_contains(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (strstr(text, *words))
			return true;
	}
	return false;
}
