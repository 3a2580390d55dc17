#include "collectors/header.h"

#include <string.h>

#include "collectors/value_text.h"
#include "core/mem.h"
#include "core/text.h"

enum { HEADER_MAX = 4096 };

static const struct {
	const char *tail;
	enum header_unit unit;
} unit_tails[] = {
	{ "(元)", HEADER_UNIT_YUAN },
	{ "(万元)", HEADER_UNIT_WAN },
	{ "(亿元)", HEADER_UNIT_YI },
	{ "(%)", HEADER_UNIT_PERCENT },
	{ "(天)", HEADER_UNIT_DAY },
	{ "(日)", HEADER_UNIT_DAY },
	{ "(工作日)", HEADER_UNIT_WORKDAY },
	{ "(人)", HEADER_UNIT_PERSON },
	{ "(人民币元)", HEADER_UNIT_YUAN },
	{ "(单位:元)", HEADER_UNIT_YUAN },
	{ "(单位:万元)", HEADER_UNIT_WAN },
	{ "(单位:亿元)", HEADER_UNIT_YI },
};

static const struct {
	const char *from;
	const char *to;
} brackets[] = {
	{ "【", "(" },
	{ "】", ")" },
	{ "〔", "(" },
	{ "〕", ")" },
	{ "﹝", "(" },
	{ "﹞", ")" },
	{ "［", "(" },
	{ "］", ")" },
	{ "[", "(" },
	{ "]", ")" },
	{ "《", "(" },
	{ "》", ")" },
};

/* Blanks, '*' and marks deleted, brackets unified, letters lower-case; in place, never longer. */
static void unify(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0';) {
		size_t i = 0;
		while (i < sizeof(brackets) / sizeof(*brackets) &&
			!value_skip(&from, brackets[i].from))
			i++;
		if (i < sizeof(brackets) / sizeof(*brackets)) {
			*to++ = *brackets[i].to;
			continue;
		}
		char c = *from++;
		if (c != ' ' && c != '*')
			*to++ = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	*to = '\0';
}

/* Past 一、 1. 1、 (1) (一) at the start; a number that is the whole text, or 2026年, stays. */
static const char *skip_numbering(const char *text)
{
	static const char *const figures[] = { "一", "二", "三", "四", "五", "六", "七", "八", "九",
		"十", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL };
	const char *at = text;
	bool bracket = value_skip(&at, "("), any = false;

	for (size_t i = 0; figures[i]; i++) {
		if (value_skip(&at, figures[i])) {
			any = true;
			i = (size_t)-1;
		}
	}
	if (!any)
		return text;
	bool mark = bracket ? value_skip(&at, ")") : value_skip(&at, "、") || value_skip(&at, ".");
	return mark && *at != '\0' ? at : text;
}

static void drop_colon(char *text)
{
	size_t length = strlen(text);
	while (length > 0 && text[length - 1] == ':')
		text[--length] = '\0';
}

static enum header_unit split_unit(char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < sizeof(unit_tails) / sizeof(*unit_tails); i++) {
		size_t tail = strlen(unit_tails[i].tail);
		if (length > tail && value_ends_with(text, length, unit_tails[i].tail)) {
			text[length - tail] = '\0';
			return unit_tails[i].unit;
		}
	}
	return HEADER_UNIT_NONE;
}

bool header_read(const char *text, size_t length, struct header *ret)
{
	if (length > HEADER_MAX)
		return false;
	_cleanup_free_ char *wide = text_nfkc(text, length);
	if (!wide)
		return false;
	size_t size = strlen(wide) + 1;
	_cleanup_free_ char *name = mem_alloc(size);
	if (!value_fold(wide, size - 1, name, size))
		return false;
	unify(name);
	drop_colon(name);
	enum header_unit unit = split_unit(name);
	drop_colon(name);
	ret->name = mem_text(skip_numbering(name));
	ret->unit = unit;
	return true;
}

void header_free(struct header *header)
{
	free(header->name);
	*header = (struct header){ 0 };
}

bool header_equal(const char *a, const char *b)
{
	struct header left = { 0 }, right = { 0 };
	bool equal = header_read(a, strlen(a), &left) && header_read(b, strlen(b), &right) &&
		     strcmp(left.name, right.name) == 0;

	header_free(&left);
	header_free(&right);
	return equal;
}
