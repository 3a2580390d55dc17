/* Civil dates and the working-day calendar (rules DT-4 … DT-8).
 *
 * A day is a count of days since 1970-01-01 in the proleptic Gregorian calendar; it has no time and
 * no zone. "Today" comes from one function and means today in Asia/Shanghai (UTC+8, no summer
 * time), whatever the host's zone. A year that the calendar does not hold is an answer
 * (DAY_CALENDAR_MISSING), never a guess. */
#ifndef SETASIDE_CORE_DAY_H
#define SETASIDE_CORE_DAY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t day_t;
#define DAY_NONE INT32_MIN /* "not stated"; sorts before every date */
enum { DAY_TEXT_MAX = 16 };

bool day_from_civil(int year, int month, int dom, day_t *ret); /* false if there is no such date */
void day_to_civil(day_t day, int *ret_year, int *ret_month, int *ret_dom);
int day_year(day_t day);
int day_weekday(day_t day); /* 1 Monday … 7 Sunday */
/* Strict YYYY-MM-DD over exactly length bytes, years 1900-2199. */
bool day_parse(const char *text, size_t length, day_t *ret);
/* YYYY-MM-DD, or "" for DAY_NONE. Returns room. */
char *day_text(day_t day, char room[DAY_TEXT_MAX]);
/* Same day of the month n months later, else the month's last day (DT-8); the first or last day there is instead of one
 * outside of the years: any date may be asked for, or stand in a record. */
day_t day_add_months(day_t day, int months);
/* Today in Asia/Shanghai. */
day_t day_today(void);
/* The Shanghai civil day of a Unix time in seconds. */
day_t day_of_unix(int64_t seconds);

/* The calendar: days declared as rest or make-up working day, and the set of years that are
 * complete. */
struct day_calendar;
enum day_kind { DAY_KIND_HOLIDAY, DAY_KIND_WORKDAY };
struct day_calendar *day_calendar_new(void);
void day_calendar_free(struct day_calendar *calendar);
/* Adding a day makes its year known. A day added twice with another kind: false. */
bool day_calendar_add(struct day_calendar *calendar, day_t day, enum day_kind kind);
bool day_calendar_has_year(const struct day_calendar *calendar, int year);

/* Answers of the functions below: DAY_OK, or the missing year (> 0). *ret untouched unless DAY_OK.
 */
enum { DAY_OK = 0 };
int day_is_working(const struct day_calendar *calendar, day_t day, bool *ret);
/* day if it is a working day, else the next working day (DT-5). */
int day_roll(const struct day_calendar *calendar, day_t day, day_t *ret);
/* The n-th working day after day; n = 0 gives day itself (DT-4, DT-6). Looks at no day after `stop`
 * when stop is not DAY_NONE: when the n-th working day would lie after stop, *ret is stop + 1 and
 * the answer DAY_OK (G-37). */
int day_add_working(const struct day_calendar *calendar, day_t day, int n, day_t stop, day_t *ret);
/* Working days in (from, to]. */
int day_count_working(const struct day_calendar *calendar, day_t from, day_t to, int *ret);

#endif
