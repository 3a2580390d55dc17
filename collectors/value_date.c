#include "collectors/value_date.h"

#include <string.h>

#include "collectors/value_numeral.h"
#include "collectors/value_text.h"

enum { YEAR_MIN = 1990, YEAR_MAX = 2100, SERIAL_EPOCH = -25569, SERIAL_1904 = 1462 };
enum { SERIAL_MIN = 32874, SERIAL_MAX = 73415, DAY_SECONDS = 86400 };

static const char *const words_not_applicable[] = { "-", "--", "—", "——", "–", "/", "\\", "无",
	"n/a", "不涉及", "不适用", NULL };
static const char *const words_open[] = { "长期", "永久", "至今", "长期有效", NULL };
static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
	"sep", "oct", "nov", "dec", NULL };

static const char *const CODE_TEXT = "text-date";
static const char *const CODE_IMPOSSIBLE = "date-impossible";

/* A date as written, before it is judged. */
struct written {
	int year, month, dom;
	int second; /* of the day as written; 0 when no time is written */
	int zone;   /* seconds east of UTC */
	bool zoned;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads up to max digits; returns how many. */
static int digits_skip(const char **at, int max, int *ret)
{
	int count = 0, value = 0;

	while (count < max && is_digit(**at)) {
		value = value * 10 + (*(*at)++ - '0');
		count++;
	}
	*ret = value;
	return count;
}

static const char *judge_day(day_t day, day_t *ret)
{
	int year = day_year(day);
	if (year < YEAR_MIN || year > YEAR_MAX)
		return "date-out-of-range";
	*ret = day;
	return NULL;
}

/* Dates that programs write when they have none. */
static bool is_sentinel(const struct written *at)
{
	return (at->year == 0 && at->month == 0 && at->dom == 0) ||
	       (at->year == 1900 && at->month == 1 && at->dom == 0) ||
	       (at->year == 1899 && at->month == 12 && at->dom == 30) ||
	       (at->year == 1970 && at->month == 1 && at->dom == 1);
}

/* NULL and the day, or the code. A time of exactly midnight keeps the written date whatever the zone says: it stands
 * for "no time", not for an instant. */
static const char *judge(const struct written *at, day_t *ret)
{
	day_t day;

	if (is_sentinel(at))
		return "sentinel";
	if (!day_from_civil(at->year, at->month, at->dom, &day))
		return CODE_IMPOSSIBLE;
	if (at->zoned && at->second != 0) {
		int64_t seconds = (int64_t)day * DAY_SECONDS + at->second - at->zone;
		day = day_of_unix(seconds);
	}
	return judge_day(day, ret);
}

/* "Z", "+08:00", "-0500" to the end of the text. */
static const char *scan_zone(const char *at, struct written *written)
{
	int hours, minutes = 0;

	if (*at == '\0')
		return NULL;
	written->zoned = true;
	if (strcmp(at, "z") == 0)
		return NULL;
	int sign = *at == '-' ? -1 : 1;
	if ((*at != '+' && *at != '-') || (at++, digits_skip(&at, 2, &hours) != 2))
		return CODE_TEXT;
	at += *at == ':';
	if (*at != '\0' && (digits_skip(&at, 2, &minutes) != 2 || *at != '\0'))
		return CODE_TEXT;
	if (hours > 14 || minutes > 59)
		return CODE_IMPOSSIBLE;
	written->zone = sign * (hours * 3600 + minutes * 60);
	return NULL;
}

/* A clock time up to the end: 8:30, 20:13:39.5, 22时00分, 24:00. Blanks are already gone. */
static const char *scan_time(const char *at, struct written *written)
{
	int hour, minute = 0, second = 0, ignored;

	if (*at == '\0')
		return NULL;
	(void)(value_skip(&at, "t") || value_skip(&at, "上午") || value_skip(&at, "下午"));
	if (digits_skip(&at, 2, &hour) == 0)
		return CODE_TEXT;
	bool words = value_skip(&at, "时") || value_skip(&at, "点");
	if (words ? is_digit(*at) : value_skip(&at, ":")) {
		if (digits_skip(&at, 2, &minute) == 0)
			return CODE_TEXT;
		if (words ? value_skip(&at, "分") && is_digit(*at) : value_skip(&at, ":")) {
			if (digits_skip(&at, 2, &second) == 0)
				return CODE_TEXT;
			(void)(words && value_skip(&at, "秒"));
		}
	} else if (!words) {
		return CODE_TEXT;
	}
	if (!words && value_skip(&at, "."))
		digits_skip(&at, 9, &ignored);
	if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && minute + second > 0))
		return CODE_IMPOSSIBLE;
	written->second = hour == 24 ? 0 : hour * 3600 + minute * 60 + second;
	return scan_zone(at, written);
}

/* Four digits of a year, Arabic or Chinese; two digits are told apart. Returns how many. */
static int year_skip(const char **at, int *ret)
{
	int count = digits_skip(at, 4, ret);

	if (count > 0)
		return count;
	*ret = 0;
	for (int digit; count < 4 && (digit = numeral_digit_skip(at)) >= 0; count++)
		*ret = *ret * 10 + digit;
	return count;
}

/* The part of a Chinese date before `mark`: 3, 03 or 十二. */
static bool part_skip(const char **at, const char *mark, int *ret)
{
	char room[32];
	const char *end = strstr(*at, mark);

	if (!end || end == *at || (size_t)(end - *at) >= sizeof(room))
		return false;
	memcpy(room, *at, (size_t)(end - *at));
	room[end - *at] = '\0';
	const char *digits = room;
	if (!(digits_skip(&digits, 2, ret) > 0 && *digits == '\0') &&
		!numeral_small_read(room, ret))
		return false;
	*at = end + strlen(mark);
	return true;
}

/* 2026年3月2日 and its kin. */
static const char *read_chinese(const char *at, struct written *written)
{
	static const char *const year_tails[] = { "", "底", "末", "初", "度", "内", NULL };
	static const char *const month_tails[] = { "", "底", "末", "初", "份", "上旬", "中旬",
		"下旬", NULL };
	int count = year_skip(&at, &written->year);

	if ((count != 4 && count != 2) || !value_skip(&at, "年"))
		return CODE_TEXT;
	if (count == 4 && value_one_of(at, year_tails))
		return "date-year-only";
	if (!part_skip(&at, "月", &written->month))
		return CODE_TEXT;
	if (count == 4 && value_one_of(at, month_tails))
		return "date-month-only";
	if (!part_skip(&at, "日", &written->dom) && !part_skip(&at, "号", &written->dom))
		return CODE_TEXT;
	return count == 2 ? "date-two-digit-year" : scan_time(at, written);
}

static int month_name_skip(const char **at)
{
	for (int i = 0; month_names[i]; i++) {
		if (value_skip(at, month_names[i]))
			return i + 1;
	}
	return 0;
}

/* Which of the three parts is what, once their widths are known. */
static const char *arrange(const int part[3], const int width[3], enum value_date_order order,
	int named, struct written *written)
{
	if (width[0] == 4) {
		*written = (struct written){ .year = part[0], .month = part[1], .dom = part[2] };
		return named >= 0 && named != 1 ? CODE_TEXT : NULL;
	}
	if (width[2] != 4)
		return width[2] == 2 || width[2] == 1 ? "date-two-digit-year" : CODE_TEXT;
	if (order == VALUE_ORDER_NONE)
		return "date-order-unknown";
	/* a month written as a word says itself where it stands */
	bool month_first = named >= 0 ? named == 0 : order == VALUE_ORDER_MDY;
	*written = (struct written){ .year = part[2],
		.month = part[month_first ? 0 : 1],
		.dom = part[month_first ? 1 : 0] };
	return NULL;
}

/* Three parts with one kind of separator, then perhaps a time. at is folded and still has its blanks. */
static const char *read_separated(
	const char *at, enum value_date_order order, struct written *written)
{
	int part[3] = { 0 }, width[3] = { 0 }, named = -1;
	char separator = '\0';

	for (int i = 0; i < 3; i++) {
		width[i] = digits_skip(&at, 5, &part[i]);
		if (width[i] == 0 && i < 2 && named < 0 && (part[i] = month_name_skip(&at)) > 0) {
			named = i;
			width[i] = 3;
		}
		if (width[i] == 0 || width[i] > 4)
			return CODE_TEXT;
		if (i == 2)
			break;
		if (i == 1 && *at == '\0' && width[0] == 4 && width[1] <= 2)
			return "date-month-only";
		if (!strchr("-/.", *at) || *at == '\0' || (separator && *at != separator))
			return CODE_TEXT;
		separator = *at++;
	}
	if (width[1] > 2 && named != 1)
		return CODE_TEXT;
	const char *code = arrange(part, width, order, named, written);
	if (code || *at == '\0')
		return code;
	if (*at != ' ' && *at != 't')
		return CODE_TEXT;
	char time[64];
	return value_fold_word(at, strlen(at), time, sizeof(time)) ? scan_time(time, written)
								   : CODE_TEXT;
}

/* Only digits: 20260302, 202603, 2026, epoch seconds or milliseconds. */
static const char *read_number(const char *text, size_t length, day_t *ret)
{
	int64_t number = 0;

	for (size_t i = 0; i < length && i < 18; i++)
		number = number * 10 + (text[i] - '0');
	int year = (int)(length == 8   ? number / 10000
			 : length == 6 ? number / 100
				       : number % 10000);
	bool year_ok = year >= YEAR_MIN && year <= YEAR_MAX;
	if (length == 13)
		return judge_day(day_of_unix(number / 1000), ret);
	if (length == 10)
		return judge_day(day_of_unix(number), ret);
	if (length == 8) {
		struct written written = {
			.year = year, .month = (int)(number / 100 % 100), .dom = (int)(number % 100)
		};
		return judge(&written, ret);
	}
	if (length == 6 && year_ok && number % 100 >= 1 && number % 100 <= 12)
		return "date-month-only";
	return length == 4 && year_ok ? "date-year-only" : CODE_TEXT;
}

/* A spreadsheet's day count; the fraction is a time of day. */
static const char *read_serial(const char *text, bool date1904, day_t *ret)
{
	int serial, ignored;

	if (digits_skip(&text, 5, &serial) != 5)
		return CODE_TEXT;
	if (value_skip(&text, ".")) {
		if (!is_digit(*text))
			return CODE_TEXT;
		while (digits_skip(&text, 9, &ignored) > 0)
			;
	}
	serial += date1904 ? SERIAL_1904 : 0;
	if (*text != '\0' || serial < SERIAL_MIN || serial > SERIAL_MAX)
		return CODE_TEXT;
	return judge_day((day_t)(serial + SERIAL_EPOCH), ret);
}

static bool has_digit(const char *from, const char *end)
{
	for (; from < end; from++) {
		if (is_digit(*from))
			return true;
	}
	return false;
}

/* Where a period is split, NULL if the text is none: A至B. *ret_next is the start of B. */
static char *range_split(char *text, char **ret_next)
{
	static const char *const marks[] = { "至", "到", "~", "～", " - ", "—", " – ", NULL };

	for (int i = 0; marks[i]; i++) {
		char *at = strstr(text, marks[i]);
		if (!at)
			continue;
		char *next = at + strlen(marks[i]);
		if (has_digit(text, at) && has_digit(next, next + strlen(next))) {
			*ret_next = next;
			return at;
		}
	}
	return NULL;
}

static const char *read_one(
	const char *text, const char *word, const struct value_date_rule *rule, day_t *ret)
{
	struct written written = { 0 };
	size_t length = strlen(word);
	const char *code;

	if (strspn(word, "0123456789") == length && length != 5)
		return read_number(word, length, ret);
	if (length >= 5 && strspn(word, "0123456789") == 5 && (word[5] == '\0' || word[5] == '.'))
		return read_serial(word, rule->date1904, ret);
	if (strstr(word, "年"))
		code = read_chinese(word, &written);
	else
		code = read_separated(text, rule->order, &written);
	return code ? code : judge(&written, ret);
}

static const char *read_folded(char *text, const struct value_date_rule *rule, day_t *ret)
{
	char word[VALUE_DATE_TEXT_MAX], *next;
	char *split = range_split(text, &next);

	if (split) {
		if (rule->pick == VALUE_PICK_NONE)
			return "date-range";
		*split = '\0';
		text = rule->pick == VALUE_PICK_START ? text : next + strspn(next, " ");
		size_t length = strlen(text);
		while (length > 0 && text[length - 1] == ' ')
			text[--length] = '\0';
	}
	if (!value_fold_word(text, strlen(text), word, sizeof(word)))
		return CODE_TEXT;
	return read_one(text, word, rule, ret);
}

/* Reasons for "no date" that need no parsing. */
static const char *null_reason(const char *word, const struct value_date_rule *rule)
{
	if (*word == '\0')
		return "empty";
	if (value_one_of(word, words_not_applicable))
		return "not-applicable";
	if (value_one_of(word, words_open))
		return rule->open_ok ? "open" : CODE_TEXT;
	if (rule->open_ok &&
		(strncmp(word, "9999-12-31", 10) == 0 || strncmp(word, "9999/12/31", 10) == 0 ||
			strcmp(word, "99991231") == 0))
		return "open";
	return NULL;
}

static void lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}

void value_date_read(
	const char *text, size_t length, const struct value_date_rule *rule, struct value_date *ret)
{
	char room[VALUE_DATE_TEXT_MAX], word[VALUE_DATE_TEXT_MAX];
	day_t day = DAY_NONE;

	*ret = (struct value_date){ .state = VALUE_NULL, .day = DAY_NONE, .code = CODE_TEXT };
	if (!value_fold(text, length, room, sizeof(room)) ||
		!value_fold_word(text, length, word, sizeof(word)))
		return;
	lower(room);
	const char *code = null_reason(word, rule);
	if (!code) {
		code = read_folded(room, rule, &day);
		if (!code)
			*ret = (struct value_date){ .state = VALUE_GIVEN, .day = day, .code = "" };
		else if (strcmp(code, CODE_TEXT) != 0 && strcmp(code, "sentinel") != 0)
			ret->state = VALUE_REFUSED;
	}
	if (code)
		ret->code = code;
}

bool value_month_read(const char *text, size_t length, char ret_text[8])
{
	static const struct value_date_rule plain = { .order = VALUE_ORDER_NONE };
	char word[VALUE_DATE_TEXT_MAX];
	struct value_date date;
	int year, month, dom;

	if (!value_fold_word(text, length, word, sizeof(word)))
		return false;
	const char *at = word;
	value_date_read(text, length, &plain, &date);
	if (date.state == VALUE_GIVEN) {
		day_to_civil(date.day, &year, &month, &dom);
	} else if (strcmp(date.code, "date-month-only") == 0) {
		if (year_skip(&at, &year) != 4)
			return false;
		if (!value_skip(&at, "年"))
			at += strspn(at, "-/.");
		if (digits_skip(&at, 2, &month) == 0 && !part_skip(&at, "月", &month))
			return false;
	} else {
		return false;
	}
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12)
		return false;
	snprintf(ret_text, 8, "%04u-%02u", (unsigned)year % 10000, (unsigned)month % 100);
	return true;
}
