#include <criterion/criterion.h>

#include "collectors/ocds_hold.h"
#include "collectors/ocds_row.h"
#include "core/buf.h"
#include "core/mem.h"

static struct ocds_hold *hold;
static struct buf out;

static void set_up(void)
{
	hold = ocds_hold_new(1 << 20);
	buf_init(&out, 1 << 20);
}

static void tear_down(void)
{
	ocds_hold_free(hold);
	buf_free(&out);
}

TestSuite(ocds_hold, .init = set_up, .fini = tear_down);

static int add(const char *name, int64_t instant, const char *title, struct err *err)
{
	struct kind_row row;
	bool replaced = false;

	if (!ocds_hold_begin(hold, name, instant, &replaced))
		return 1;
	ocds_row_begin(&row, "award", 7);
	ocds_row_text(&row, "award_id", name);
	ocds_row_text(&row, "title", title);
	ocds_row_day(&row, "awarded_on", 20000);
	return ocds_hold_row(hold, 3, &row, err);
}

static int note(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	(void)err;
	if (arg)
		return -1;
	cr_expect_eq(file_no, 3);
	cr_expect_eq(row->place, 7);
	buf_format(&out, "%s:%s ", row->value[kind_column_find(row->kind, "award_id")].text,
		row->value[kind_column_find(row->kind, "title")].text);
	cr_expect_eq(row->value[kind_column_find(row->kind, "awarded_on")].day, 20000);
	cr_expect(row->value[kind_column_find(row->kind, "amount_fen")].null);
	return 0;
}

static const char *all(void)
{
	int64_t cursor = 0;
	int status = 0;

	while (ocds_hold_each(hold, kind_find("award"), &cursor, 1, note, NULL, &status, NULL))
		;
	cr_assert_eq(status, 0);
	return out.data;
}

Test(ocds_hold, the_newest_version_wins_in_whatever_order_they_come)
{
	cr_assert_eq(add("a", 5, "old", NULL), 0);
	cr_assert_eq(add("b", 5, "only", NULL), 0);
	cr_assert_eq(add("a", 9, "new", NULL), 0);
	cr_assert_eq(add("a", 7, "between", NULL), 1);
	cr_assert_str_eq(all(), "a:new b:only ");
}

Test(ocds_hold, of_equal_dates_the_later_one_wins)
{
	add("a", 5, "first", NULL);
	add("a", 5, "second", NULL);
	add("b", INT64_MIN, "undated", NULL);
	add("b", INT64_MIN, "undated too", NULL);
	cr_assert_str_eq(all(), "a:second b:undated too ");
}

Test(ocds_hold, a_newer_group_without_rows_keeps_the_older_one)
{
	bool replaced = false;

	add("a", 5, "good", NULL);
	cr_assert(ocds_hold_begin(hold, "a", 9, &replaced));
	cr_assert(replaced);
	add("b", 1, "other", NULL);
	cr_assert_str_eq(all(), "a:good b:other ");
	cr_assert(ocds_hold_begin(hold, "a", 6, &replaced), "the version of 9 was never held");
}

Test(ocds_hold, thousands_of_groups_are_found_again)
{
	char name[16];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5000; i++) {
			snprintf(name, sizeof(name), "n%d", i);
			cr_assert_eq(add(name, round, round ? "2" : "1", NULL), 0);
		}
	cr_assert_eq(ocds_hold_groups(hold), 5000);
	cr_assert(strncmp(all(), "n0:2 n1:2 n2:2 ", 15) == 0);
}

Test(ocds_hold, the_ceiling_is_an_error_that_says_what_to_do)
{
	struct err err = ERR_INIT;
	char *large = mem_alloc(400001);

	memset(large, 'x', 400000);
	large[400000] = '\0';
	cr_assert_eq(add("a", 1, large, &err), 0);
	cr_assert_eq(add("a", 2, large, &err), 0, "a replaced version frees its room");
	cr_assert_eq(add("b", 1, large, &err), 0);
	cr_assert_lt(add("c", 1, large, &err), 0);
	cr_assert_eq(err.code, ERR_LIMIT);
	cr_assert(strstr(err.text, "pages"), "%s", err.text);
	free(large);
}

Test(ocds_hold, the_receivers_failure_stops_the_hand_out)
{
	int64_t cursor = 0;
	int status = 0;

	add("a", 1, "x", NULL);
	cr_assert_not(ocds_hold_each(
		hold, kind_find("award"), &cursor, 10, note, &cursor, &status, NULL));
	cr_assert_lt(status, 0);
}
