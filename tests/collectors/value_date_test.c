#include "collectors/value_date.h"

#include <string.h>

#include <criterion/criterion.h>

#include "lib/golden.h"

static struct value_date read_with(const char *text, struct value_date_rule rule)
{
	struct value_date date;
	value_date_read(text, strlen(text), &rule, &date);
	return date;
}

static void expect_day(const char *text, struct value_date_rule rule, const char *day)
{
	char room[DAY_TEXT_MAX];
	struct value_date date = read_with(text, rule);
	cr_expect_eq(date.state, VALUE_GIVEN, "%s: %s", text, date.code);
	cr_expect_str_eq(day_text(date.day, room), day, "%s: %s", text, room);
}

static void expect_code(const char *text, struct value_date_rule rule, const char *code)
{
	struct value_date date = read_with(text, rule);
	cr_expect_neq(date.state, VALUE_GIVEN, "%s", text);
	cr_expect_str_eq(date.code, code, "%s: %s", text, date.code);
}

static const struct value_date_rule plain = { .order = VALUE_ORDER_NONE };

Test(value_date, every_golden_row_holds)
{
	struct golden *golden = golden_open("date_text.csv");
	cr_assert_geq(golden_rows(golden), 79);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		const char *order = golden_cell(golden, i, "order");
		struct value_date_rule rule = {
			.order = strcmp(order, "dmy") == 0   ? VALUE_ORDER_DMY
				 : strcmp(order, "mdy") == 0 ? VALUE_ORDER_MDY
							     : VALUE_ORDER_NONE,
			.open_ok = golden_cell(golden, i, "open_ok")[0] == '1',
		};
		char room[DAY_TEXT_MAX];
		struct value_date date = read_with(golden_cell(golden, i, "text"), rule);
		cr_expect_str_eq(day_text(date.day, room), golden_cell(golden, i, "expected_date"),
			"%s %s", id, room);
		cr_expect_str_eq(
			date.code, golden_cell(golden, i, "expected_code"), "%s %s", id, date.code);
	}
	golden_free(golden);
}

Test(value_date, null_and_refused_are_told_apart)
{
	cr_expect_eq(read_with("", plain).state, VALUE_NULL);
	cr_expect_eq(read_with("另行通知", plain).state, VALUE_NULL);
	cr_expect_eq(read_with("1970-01-01", plain).state, VALUE_NULL);
	cr_expect_eq(read_with("2026-02-30", plain).state, VALUE_REFUSED);
	cr_expect_eq(read_with("02/03/2026", plain).state, VALUE_REFUSED);
}

Test(value_date, period_gives_the_end_that_the_mapping_picks)
{
	static const char text[] = "2026年8月21日22时00分至2026年8月26日18时00分";
	expect_day(text, (struct value_date_rule){ .pick = VALUE_PICK_START }, "2026-08-21");
	expect_day(text, (struct value_date_rule){ .pick = VALUE_PICK_END }, "2026-08-26");
	expect_day("2026-01-05 - 2026-02-06", (struct value_date_rule){ .pick = VALUE_PICK_END },
		"2026-02-06");
	expect_code("2026-01-05 ~ 2026-02-06", plain, "date-range");
}

Test(value_date, workbook_of_1904_counts_from_its_own_day)
{
	expect_day("44621", (struct value_date_rule){ .date1904 = true }, "2026-03-02");
	expect_code("73000", (struct value_date_rule){ .date1904 = true }, "text-date");
}

Test(value_date, order_does_not_disturb_years_first)
{
	expect_day(
		"2026-03-02", (struct value_date_rule){ .order = VALUE_ORDER_DMY }, "2026-03-02");
	expect_day(
		"JUN-30-2012", (struct value_date_rule){ .order = VALUE_ORDER_DMY }, "2012-06-30");
	expect_day("02/03/2026 10:30", (struct value_date_rule){ .order = VALUE_ORDER_DMY },
		"2026-03-02");
}

Test(value_date, broken_forms_are_text_and_never_a_guess)
{
	expect_code("2026-1-5x", plain, "text-date");
	expect_code("2026-01-05T", plain, "text-date");
	expect_code("2026-01-05 10", plain, "text-date");
	expect_code("2026-01-05T10:00:00+08:00x", plain, "text-date");
	expect_code("2026年第一季度", plain, "text-date");
	expect_code("2026-01-05T10:00:00+19:00", plain, "date-impossible");
	expect_code("2026年1月三十二日", plain, "date-impossible");
	expect_code("26年3月2日", plain, "date-two-digit-year");
	expect_code("30-JUN-12", plain, "date-two-digit-year");
	expect_code("123456789012345678901234567890", plain, "text-date");
	expect_code("1234567890123456", plain, "text-date");
}

Test(value_date, month_column_takes_months_and_days)
{
	char room[8];
	cr_assert(value_month_read("202603", 6, room));
	cr_expect_str_eq(room, "2026-03");
	cr_assert(value_month_read("2026年3月", strlen("2026年3月"), room));
	cr_expect_str_eq(room, "2026-03");
	cr_assert(value_month_read("2026年十二月", strlen("2026年十二月"), room));
	cr_expect_str_eq(room, "2026-12");
	cr_assert(value_month_read("2026-03-02", 10, room));
	cr_expect_str_eq(room, "2026-03");
	cr_expect_not(value_month_read("2026-13", 7, room));
	cr_expect_not(value_month_read("2026", 4, room));
	cr_expect_not(value_month_read("", 0, room));
}
