#include "core/day.h"

#include "core/err.h"
#include "core/mem.h"

enum { FIRST_YEAR = 1900, LAST_YEAR = 2199, SHANGHAI_OFFSET = 8 * 3600, DAY_SECONDS = 86400 };

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && leap(year) ? 29 : length[month - 1];
}

/* Days before 1 January of the year, counted from year 0 of the proleptic Gregorian calendar, years
 * >= 1. */
static int32_t days_before_year(int year)
{
	int y = year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400;
}

static int day_of_year(int year, int month, int dom)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };

	return before[month - 1] + dom - 1 + (month > 2 && leap(year) ? 1 : 0);
}

bool day_from_civil(int year, int month, int dom, day_t *ret)
{
	if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || dom < 1 ||
		dom > month_length(year, month))
		return false;
	*ret = days_before_year(year) - days_before_year(1970) + day_of_year(year, month, dom);
	return true;
}

void day_to_civil(day_t day, int *ret_year, int *ret_month, int *ret_dom)
{
	int32_t n = day + days_before_year(1970);
	int year = n / 366 + 1, month = 1;

	/* n / 366 is never past the year; at most a few steps for our range. */
	while (days_before_year(year + 1) <= n)
		year++;
	n -= days_before_year(year);
	while (n >= month_length(year, month))
		n -= month_length(year, month++);
	*ret_year = year;
	*ret_month = month;
	*ret_dom = n + 1;
}

int day_year(day_t day)
{
	int year, month, dom;

	day_to_civil(day, &year, &month, &dom);
	return year;
}

int day_weekday(day_t day)
{
	/* 1970-01-01 was a Thursday (4). */
	int w = (day + 3) % 7;

	return (w < 0 ? w + 7 : w) + 1;
}

static bool digits(const char *text, int count, int *ret)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*ret = value;
	return true;
}

bool day_parse(const char *text, size_t length, day_t *ret)
{
	int year, month, dom;

	if (length != 10 || text[4] != '-' || text[7] != '-')
		return false;
	if (!digits(text, 4, &year) || !digits(text + 5, 2, &month) || !digits(text + 8, 2, &dom))
		return false;
	return day_from_civil(year, month, dom, ret);
}

static char *two_digits(char *at, int value)
{
	*at++ = (char)('0' + value / 10);
	*at++ = (char)('0' + value % 10);
	return at;
}

/* Without formatted printing: every row that is written has several days. */
char *day_text(day_t day, char room[DAY_TEXT_MAX])
{
	int year, month, dom;
	char *at = room;

	if (day != DAY_NONE) {
		day_to_civil(day, &year, &month, &dom);
		at = two_digits(at, year / 100 % 100);
		at = two_digits(at, year % 100);
		*at++ = '-';
		at = two_digits(at, month);
		*at++ = '-';
		at = two_digits(at, dom);
	}
	*at = '\0';
	return room;
}

day_t day_add_months(day_t day, int months)
{
	int year, month, dom, index;
	day_t moved;

	day_to_civil(day, &year, &month, &dom);
	index = year * 12 + month - 1 + months;
	year = index / 12;
	month = index % 12 + 1;
	if (dom > month_length(year, month))
		dom = month_length(year, month);
	if (!day_from_civil(year, month, dom, &moved))
		day_from_civil(months < 0 ? FIRST_YEAR : LAST_YEAR, months < 0 ? 1 : 12,
			months < 0 ? 1 : 31, &moved);
	return moved;
}

day_t day_of_unix(int64_t seconds)
{
	int64_t local = seconds + SHANGHAI_OFFSET, day = local / DAY_SECONDS;

	return (day_t)(local % DAY_SECONDS < 0 ? day - 1 : day);
}

day_t day_today(void)
{
	return day_of_unix((int64_t)time(NULL));
}

/* One byte per day of the range, so that the hot question "working day?" is one look: bit 7 says
 * that the day's year is known, the low bits hold kind + 1 of a declared day. */
enum {
	RANGE_YEARS = LAST_YEAR - FIRST_YEAR + 1,
	RANGE_DAYS = RANGE_YEARS * 366,
	YEAR_KNOWN = 0x80,
	KIND_BITS = 0x7F
};

struct day_calendar {
	day_t first;
	uint8_t mark[RANGE_DAYS];
};

struct day_calendar *day_calendar_new(void)
{
	struct day_calendar *calendar = mem_zero(1, sizeof(*calendar));

	if (!day_from_civil(FIRST_YEAR, 1, 1, &calendar->first))
		BUG("the calendar's first day does not exist");
	return calendar;
}

void day_calendar_free(struct day_calendar *calendar)
{
	free(calendar);
}

static void know_year(struct day_calendar *calendar, int year)
{
	int32_t first = days_before_year(year) - days_before_year(FIRST_YEAR);

	for (int i = 0; i < 365 + (leap(year) ? 1 : 0); i++)
		calendar->mark[first + i] |= YEAR_KNOWN;
}

bool day_calendar_add(struct day_calendar *calendar, day_t day, enum day_kind kind)
{
	int year = day_year(day);
	uint8_t *mark, wanted = (uint8_t)(kind + 1);

	if (year < FIRST_YEAR || year > LAST_YEAR)
		return false;
	mark = &calendar->mark[day - calendar->first];
	if ((*mark & KIND_BITS) && (*mark & KIND_BITS) != wanted)
		return false;
	if (!(*mark & YEAR_KNOWN))
		know_year(calendar, year);
	*mark = (uint8_t)(YEAR_KNOWN | wanted);
	return true;
}

bool day_calendar_has_year(const struct day_calendar *calendar, int year)
{
	return year >= FIRST_YEAR && year <= LAST_YEAR &&
	       (calendar->mark[days_before_year(year) - days_before_year(FIRST_YEAR)] & YEAR_KNOWN);
}

int day_is_working(const struct day_calendar *calendar, day_t day, bool *ret)
{
	int32_t at = day - calendar->first;
	uint8_t mark = at >= 0 && at < RANGE_DAYS ? calendar->mark[at] : 0;

	if (!(mark & YEAR_KNOWN))
		return day_year(day);
	mark &= KIND_BITS;
	*ret = mark ? mark == DAY_KIND_WORKDAY + 1 : day_weekday(day) <= 5;
	return DAY_OK;
}

int day_roll(const struct day_calendar *calendar, day_t day, day_t *ret)
{
	for (;; day++) {
		bool working = false;
		int missing = day_is_working(calendar, day, &working);

		if (missing)
			return missing;
		if (working) {
			*ret = day;
			return DAY_OK;
		}
	}
}

int day_add_working(const struct day_calendar *calendar, day_t day, int n, day_t stop, day_t *ret)
{
	while (n > 0) {
		bool working = false;
		int missing;

		day++;
		if (stop != DAY_NONE && day > stop)
			break;
		missing = day_is_working(calendar, day, &working);
		if (missing)
			return missing;
		n -= working ? 1 : 0;
	}
	*ret = day;
	return DAY_OK;
}

int day_count_working(const struct day_calendar *calendar, day_t from, day_t to, int *ret)
{
	int count = 0;

	for (day_t day = from + 1; day <= to; day++) {
		bool working = false;
		int missing = day_is_working(calendar, day, &working);

		if (missing)
			return missing;
		count += working ? 1 : 0;
	}
	*ret = count;
	return DAY_OK;
}
