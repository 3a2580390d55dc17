#include "core/day.h"

#include <criterion/criterion.h>

#include "lib/golden.h"

static day_t on(const char *text)
{
	day_t day;

	cr_assert(day_parse(text, strlen(text), &day), "%s", text);
	return day;
}

static struct day_calendar *published_calendar(void)
{
	struct golden *file = golden_open("domain/calendar.csv");
	struct day_calendar *calendar = day_calendar_new();

	for (size_t i = 0; i < golden_rows(file); i++) {
		bool holiday = strcmp(golden_cell(file, i, "kind"), "holiday") == 0;

		cr_assert(day_calendar_add(calendar, on(golden_cell(file, i, "date")),
			holiday ? DAY_KIND_HOLIDAY : DAY_KIND_WORKDAY));
	}
	golden_free(file);
	return calendar;
}

static void answer(const struct day_calendar *calendar, const char *op, day_t day,
	const char *argument, char *room)
{
	bool working = false;
	day_t result = DAY_NONE;
	int count = 0, missing;

	if (strcmp(op, "is_workday") == 0) {
		missing = day_is_working(calendar, day, &working);
		snprintf(room, 64, "%d", working ? 1 : 0);
	} else if (strcmp(op, "roll") == 0) {
		missing = day_roll(calendar, day, &result);
		day_text(result, room);
	} else if (strcmp(op, "add") == 0) {
		missing = day_add_working(
			calendar, day, (int)strtol(argument, NULL, 10), DAY_NONE, &result);
		day_text(result, room);
	} else {
		cr_assert_str_eq(op, "count");
		missing = day_count_working(calendar, day, on(argument), &count);
		snprintf(room, 64, "%d", count);
	}
	if (missing != DAY_OK)
		snprintf(room, 64, "calendar-missing:%d", missing);
}

Test(day, working_days_equal_every_golden_row)
{
	struct golden *file = golden_open("working_days.csv");
	struct day_calendar *calendar = published_calendar();

	cr_assert_eq(golden_rows(file), 63);
	for (size_t i = 0; i < golden_rows(file); i++) {
		char room[64];

		answer(calendar, golden_cell(file, i, "op"), on(golden_cell(file, i, "date")),
			golden_cell(file, i, "argument"), room);
		cr_expect_str_eq(room, golden_cell(file, i, "expected_result"), "%s: %s",
			golden_cell(file, i, "case_id"), room);
	}
	day_calendar_free(calendar);
	golden_free(file);
}

Test(day, counting_stops_at_the_stop_day_without_asking_the_calendar)
{
	struct day_calendar *calendar = published_calendar();
	day_t result;

	cr_assert_eq(
		day_add_working(calendar, on("2026-12-30"), 5, on("2026-12-31"), &result), DAY_OK);
	cr_assert_eq(result, on("2027-01-01"));
	cr_assert_eq(
		day_add_working(calendar, on("2026-12-30"), 5, on("2027-01-01"), &result), 2027);
	day_calendar_free(calendar);
}

Test(day, every_day_of_the_range_goes_to_text_and_back)
{
	char text[DAY_TEXT_MAX];
	day_t first = on("1900-01-01"), last = on("2199-12-31"), back;

	for (day_t day = first; day <= last; day++) {
		day_text(day, text);
		cr_assert(day_parse(text, strlen(text), &back));
		cr_assert_eq(back, day, "%s", text);
	}
	cr_assert_eq(on("1970-01-01"), 0);
	cr_assert_eq(on("2026-11-24"), 20781);
	cr_assert_eq(day_weekday(on("2026-11-24")), 2);
	cr_assert_eq(day_weekday(on("1969-12-28")), 7);
}

Test(day, impossible_dates_are_refused)
{
	static const char *const bad[] = { "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31",
		"2026-1-01", "1899-12-31", "2200-01-01", "2026-01-01 ", "2026/01/01", "20260101",
		"" };
	day_t day = 7;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_not(day_parse(bad[i], strlen(bad[i]), &day), "%s", bad[i]);
	cr_assert_eq(day, 7);
	cr_assert(day_parse("2024-02-29", 10, &day));
}

Test(day, months_end_on_the_corresponding_day_or_the_months_last)
{
	cr_assert_eq(day_add_months(on("2026-01-31"), 1), on("2026-02-28"));
	cr_assert_eq(day_add_months(on("2024-01-31"), 1), on("2024-02-29"));
	cr_assert_eq(day_add_months(on("2026-11-30"), 3), on("2027-02-28"));
	cr_assert_eq(day_add_months(on("2026-03-15"), -3), on("2025-12-15"));
	cr_assert_eq(day_add_months(on("1900-01-01"), -12), on("1900-01-01"));
	cr_assert_eq(day_add_months(on("2199-06-30"), 30), on("2199-12-31"));
}

Test(day, today_is_the_shanghai_day_whatever_the_hosts_zone)
{
	cr_assert_eq(day_of_unix(57599), 0);
	cr_assert_eq(day_of_unix(57600), 1);
	cr_assert_eq(day_of_unix(-28801), -1);
	cr_assert_eq(day_of_unix(-28800), 0);
}

Test(day, a_day_declared_twice_differently_is_refused)
{
	struct day_calendar *calendar = day_calendar_new();

	cr_assert(day_calendar_add(calendar, on("2026-10-01"), DAY_KIND_HOLIDAY));
	cr_assert(day_calendar_add(calendar, on("2026-10-01"), DAY_KIND_HOLIDAY));
	cr_assert_not(day_calendar_add(calendar, on("2026-10-01"), DAY_KIND_WORKDAY));
	cr_assert(day_calendar_has_year(calendar, 2026));
	cr_assert_not(day_calendar_has_year(calendar, 2027));
	day_calendar_free(calendar);
}
