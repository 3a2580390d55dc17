#include "core/uscc.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

static const char outer_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static const char inner_alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const int outer_weight[17] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30,
	28 };
static const int inner_weight[8] = { 3, 7, 9, 10, 5, 8, 4, 2 };

enum { DIVISION_START = 2, DIVISION_END = 8, SUBJECT_START = 8, SUBJECT_LENGTH = 9 };

static const struct {
	char prefix[3];
	enum uscc_kind kind;
} prefixes[] = {
	{ "11", USCC_KIND_ORGAN },
	{ "12", USCC_KIND_INSTITUTION },
	{ "13", USCC_KIND_GROUP },
	{ "19", USCC_KIND_OTHER },
	{ "31", USCC_KIND_LEGAL_SERVICE },
	{ "32", USCC_KIND_LEGAL_SERVICE },
	{ "33", USCC_KIND_LEGAL_SERVICE },
	{ "34", USCC_KIND_LEGAL_SERVICE },
	{ "35", USCC_KIND_LEGAL_SERVICE },
	{ "39", USCC_KIND_LEGAL_SERVICE },
	{ "51", USCC_KIND_SOCIAL_ORGANISATION },
	{ "52", USCC_KIND_SOCIAL_ORGANISATION },
	{ "53", USCC_KIND_SOCIAL_ORGANISATION },
	{ "71", USCC_KIND_OTHER },
	{ "72", USCC_KIND_OTHER },
	{ "81", USCC_KIND_GROUP },
	{ "91", USCC_KIND_ENTERPRISE },
	{ "92", USCC_KIND_INDIVIDUAL },
	{ "93", USCC_KIND_COOPERATIVE },
	{ "A1", USCC_KIND_MILITARY },
	{ "N1", USCC_KIND_COLLECTIVE },
	{ "N2", USCC_KIND_COLLECTIVE },
	{ "N3", USCC_KIND_COLLECTIVE },
	{ "Y1", USCC_KIND_OTHER },
};

const char *uscc_reason_name(enum uscc_reason reason)
{
	switch (reason) {
	case USCC_OK:
		return "ok";
	case USCC_EMPTY:
		return "empty";
	case USCC_BAD_LENGTH:
		return "length";
	case USCC_BAD_ALPHABET:
		return "alphabet";
	case USCC_BAD_DIVISION:
		return "division";
	case USCC_BAD_OUTER_CHECK:
		return "outer-check";
	case USCC_BAD_INNER_CHECK:
		return "inner-check";
	}
	return "unknown";
}

const char *uscc_kind_name(enum uscc_kind kind)
{
	static const char *const names[] = {
		[USCC_KIND_UNKNOWN] = "unknown",
		[USCC_KIND_ORGAN] = "organ",
		[USCC_KIND_INSTITUTION] = "institution",
		[USCC_KIND_GROUP] = "group",
		[USCC_KIND_ENTERPRISE] = "enterprise",
		[USCC_KIND_INDIVIDUAL] = "individual",
		[USCC_KIND_COOPERATIVE] = "cooperative",
		[USCC_KIND_COLLECTIVE] = "collective",
		[USCC_KIND_LEGAL_SERVICE] = "legal_service",
		[USCC_KIND_SOCIAL_ORGANISATION] = "social_organisation",
		[USCC_KIND_MILITARY] = "military",
		[USCC_KIND_OTHER] = "other",
	};
	return names[kind];
}

enum uscc_kind uscc_kind(const char *code)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		if (strncmp(code, prefixes[i].prefix, 2) == 0)
			return prefixes[i].kind;
	}
	return USCC_KIND_UNKNOWN;
}

/* Blanks, hyphens of all lengths, zero-width marks and the byte order mark are not part of a code. */
static bool is_noise(utf8proc_int32_t c)
{
	switch (c) {
	case 0x00A0:
	case 0x00AD:
	case 0x2212:
	case 0x2060:
	case 0x3000:
	case 0xFE63:
	case 0xFEFF:
	case 0xFF0D:
	case '-':
		return true;
	default:
		return (c >= '\t' && c <= '\r') || c == ' ' || (c >= 0x2000 && c <= 0x2015) ||
		       c == 0x202F || c == 0x205F;
	}
}

static utf8proc_int32_t fold(utf8proc_int32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	return c;
}

/* Returns the number of characters of the normal form; ret->text holds as many as fit. A byte that is no UTF-8 stands
 * as '?', which is in no alphabet. */
static size_t normalise(const char *text, size_t length, struct uscc *ret)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	size_t characters = 0, used = 0;
	bool room = true;

	while (length > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t step = utf8proc_iterate(at, (utf8proc_ssize_t)length, &c);
		if (step <= 0) {
			step = 1;
			c = '?';
		}
		at += step;
		length -= (size_t)step;
		c = fold(c);
		if (is_noise(c) || (characters == 0 && (c == '\'' || c == 0x2018 || c == 0x2019)))
			continue;
		characters++;
		utf8proc_uint8_t bytes[4];
		size_t width = (size_t)utf8proc_encode_char(c == 0 ? '?' : c, bytes);
		room = room && used + width < sizeof(ret->text);
		if (room) {
			memcpy(ret->text + used, bytes, width);
			used += width;
		}
	}
	ret->text[used] = '\0';
	return characters;
}

/* Index of c in the alphabet; c must be in it. */
static int value_of(const char *alphabet, char c)
{
	const char *found = strchr(alphabet, c);
	return found ? (int)(found - alphabet) : 0;
}

static bool outer_right(const char *code)
{
	int sum = 0;
	for (int i = 0; i < USCC_LENGTH - 1; i++)
		sum += value_of(outer_alphabet, code[i]) * outer_weight[i];
	/* The outer modulus matters: a sum that is a multiple of 31 has the check character 0. */
	return outer_alphabet[(31 - sum % 31) % 31] == code[USCC_LENGTH - 1];
}

bool uscc_org_code_valid(const char *code)
{
	int sum = 0;
	for (int i = 0; i < SUBJECT_LENGTH; i++) {
		if (code[i] == '\0' || !strchr(inner_alphabet, code[i]))
			return false;
	}
	for (int i = 0; i < SUBJECT_LENGTH - 1; i++)
		sum += value_of(inner_alphabet, code[i]) * inner_weight[i];
	int check = 11 - sum % 11;
	char wanted = check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
	return code[SUBJECT_LENGTH - 1] == wanted;
}

static enum uscc_reason judge(const char *code, size_t characters)
{
	if (characters == 0)
		return USCC_EMPTY;
	if (characters != USCC_LENGTH)
		return USCC_BAD_LENGTH;
	if (strspn(code, outer_alphabet) != USCC_LENGTH)
		return USCC_BAD_ALPHABET;
	for (int i = DIVISION_START; i < DIVISION_END; i++) {
		if (!isdigit((unsigned char)code[i]))
			return USCC_BAD_DIVISION;
	}
	if (!outer_right(code))
		return USCC_BAD_OUTER_CHECK;
	if (!uscc_org_code_valid(code + SUBJECT_START))
		return USCC_BAD_INNER_CHECK;
	return USCC_OK;
}

void uscc_read(const char *text, size_t length, struct uscc *ret)
{
	size_t characters = normalise(text, length, ret);
	ret->reason = judge(ret->text, characters);
	ret->unknown_prefix = ret->reason == USCC_OK && uscc_kind(ret->text) == USCC_KIND_UNKNOWN;
}
