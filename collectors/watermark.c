#include "collectors/watermark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/day.h"

enum mark { MARK_NONE, MARK_INTEGER, MARK_TIME };
enum { DAY_S = 86400, DATE_LENGTH = 10, TIME_LENGTH = 19, ZONE_S = 8 * 3600 };

static enum mark mark_of(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits > 0 && text[digits] == '\0')
		return MARK_INTEGER;
	/* ISO, in one zone: comparing as text is comparing times. */
	if (digits == 4 && text[4] == '-' &&
		strspn(text + 5, "0123456789-+:. ") == strlen(text) - 5)
		return MARK_TIME;
	return MARK_NONE;
}

bool watermark_later(const char *one, const char *other, bool *ret_comparable)
{
	enum mark mark = mark_of(one);
	size_t length = strlen(one), length_other = strlen(other);

	*ret_comparable = mark != MARK_NONE && (other[0] == '\0' || mark == mark_of(other));
	if (other[0] == '\0' || !*ret_comparable)
		return *ret_comparable;
	if (mark == MARK_INTEGER && length != length_other)
		return length > length_other;
	return strcmp(one, other) > 0;
}

static void integer_back(const char *mark, int64_t count, char *room, size_t size)
{
	int64_t value = strtoll(mark, NULL, 10);

	snprintf(room, size, "%" PRId64, value > count ? value - count : 0);
}

/* Seconds since 1970 as if the mark's zone were UTC; *ret_timed is false for a date. */
static bool seconds_of(const char *mark, int64_t *ret, bool *ret_timed)
{
	char date[DATE_LENGTH + 1];
	int hour = 0, minute = 0, second = 0;
	day_t day;

	*ret_timed = strlen(mark) >= DATE_LENGTH && mark[DATE_LENGTH] == ' ';
	snprintf(date, sizeof(date), "%s", mark);
	if (!day_parse(date, strlen(date), &day) ||
		(*ret_timed &&
			(strlen(mark) < TIME_LENGTH || sscanf(mark + DATE_LENGTH, " %2d:%2d:%2d",
							       &hour, &minute, &second) != 3)))
		return false;
	*ret = (int64_t)day * DAY_S + hour * 3600 + minute * 60 + second;
	return true;
}

/* The fraction and the zone behind the seconds stay as they are. */
static bool time_back(const char *mark, int64_t ms, char *room, size_t size)
{
	char day_room[DAY_TEXT_MAX];
	bool timed;
	int64_t at;

	if (!seconds_of(mark, &at, &timed))
		return false;
	at -= timed ? ms / 1000 : (ms / 1000 + DAY_S - 1) / DAY_S * DAY_S;
	int64_t whole = at / DAY_S - (at % DAY_S < 0), left = at - whole * DAY_S;
	if (!timed)
		snprintf(room, size, "%s", day_text((day_t)whole, day_room));
	else
		snprintf(room, size, "%s %02d:%02d:%02d%s", day_text((day_t)whole, day_room),
			(int)(left / 3600), (int)(left / 60 % 60), (int)(left % 60),
			mark + TIME_LENGTH);
	return true;
}

bool watermark_ahead(const char *mark, int64_t now, int64_t ms)
{
	int64_t at;
	bool timed;

	return mark_of(mark) == MARK_TIME && seconds_of(mark, &at, &timed) &&
	       at > now + ZONE_S + ms / 1000;
}

void watermark_back(const char *mark, int64_t count, int64_t ms, char *room, size_t size)
{
	switch (mark_of(mark)) {
	case MARK_INTEGER:
		integer_back(mark, count, room, size);
		return;
	case MARK_TIME:
		if (time_back(mark, ms, room, size))
			return;
		break;
	case MARK_NONE:
		break;
	}
	snprintf(room, size, "%s", mark);
}
