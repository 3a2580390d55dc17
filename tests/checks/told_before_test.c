/* What is new and what was cleared since yesterday's list, in a ledger whose runs have looked at both days. */
#include "checks/told_before.h"

#include <criterion/criterion.h>
#include <jansson.h>

#include "checks/snapshot.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

static void set_up(void)
{
	district_rig_set_up();
	evaluate(district.base, district.link, "2026-10-19");
}

TestSuite(told_before, .init = set_up, .fini = district_rig_tear_down, .timeout = 120);

/* The work list of a day; of all units unless one is named. */
static json_t *work_list(const char *as_of, const char *unit)
{
	struct err err = ERR_INIT;
	struct snapshot_request request = {
		.as_of = day(as_of),
		.known_batch = -1,
		.members = SNAPSHOT_WORK_LIST,
		.unit_code = unit,
		.jurisdiction = "beijing-xicheng",
	};
	json_t *document = evaluate_document(district.base, district.link, &request, &err), *list;

	cr_assert_not_null(document, "%s", err.text);
	list = json_incref(json_object_get(document, "work_list"));
	json_decref(document);
	return list;
}

/* Numbers of the rows that are new, or of what was cleared, joined. */
static char *numbers(json_t *list, const char *member)
{
	char *text = mem_text("");
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(list, member), i, row)
	{
		char *longer;

		if (json_object_get(row, "new") && !json_is_true(json_object_get(row, "new")))
			continue;
		longer = mem_format(
			"%s%s ", text, json_string_value(json_object_get(row, "obligation_no")));
		free(text);
		text = longer;
	}
	return text;
}

static void expect_list(const char *as_of, const char *unit, const char *since, const char *fresh,
	const char *cleared)
{
	json_t *list = work_list(as_of, unit);
	_cleanup_free_ char *is_new = numbers(list, "rows"), *gone = numbers(list, "cleared");

	cr_expect_str_eq(json_string_value(json_object_get(list, "since")), since);
	cr_expect_str_eq(is_new, fresh, "%s new: %s", as_of, is_new);
	cr_expect_str_eq(gone, cleared, "%s cleared: %s", as_of, gone);
	json_decref(list);
}

/* A debt of 001001 that is told as overdue, and its payment in full by a voucher of long ago. */
static char *a_debt(void)
{
	return mem_text(pg_text(district.db,
		"SELECT subject FROM finding WHERE unit_code = '001001' AND code = "
		"'arrears-overdue' AND state <> 'closed' ORDER BY amount_fen, subject LIMIT 1"));
}

static void pay_long_ago(const char *number)
{
	_cleanup_free_ char *sql = mem_format(
		"INSERT INTO payment SELECT md5('new')::uuid, md5('new')::uuid, 2, 1, NULL, 'NEW', "
		"o.contract_no, o.obligation_no, s.unit_code, s.supplier_uscc, '', "
		"s.outstanding_fen, 'CNY', '2026-10-12', NULL, NULL, 'cash', NULL, '' FROM "
		"obligation_state s JOIN obligation o USING (obligation_no) WHERE obligation_no = "
		"'%s'",
		number);

	district_batch(district.db);
	pg_exec(district.db, sql);
}

Test(told_before, a_payment_of_last_week_that_came_today_clears_what_was_on_yesterdays_list)
{
	_cleanup_free_ char *number = a_debt(), *cleared = mem_format("%s ", number);

	pay_long_ago(number);
	evaluate(district.base, district.link, "2026-10-20");
	expect_list("2026-10-20", "001001", "2026-10-19", "", cleared);
	expect_list("2026-10-20", "002001", "2026-10-19", "", "");
	evaluate(district.base, district.link, "2026-10-21");
	expect_list("2026-10-21", "001001", "2026-10-20", "", "");
}

Test(told_before, a_debt_that_came_today_with_a_due_day_of_long_ago_is_new)
{
	pg_exec(district.db,
		"CREATE TEMP TABLE come AS SELECT o.* FROM obligation o JOIN finding f ON "
		"f.subject "
		"= o.obligation_no WHERE f.code = 'arrears-overdue' AND f.unit_code = '001001' "
		"ORDER BY f.amount_fen, f.subject LIMIT 1; UPDATE come SET key = md5('o')::uuid, "
		"obligation_no = 'O-LATE'; INSERT INTO obligation SELECT * FROM come");
	evaluate(district.base, district.link, "2026-10-20");
	expect_list("2026-10-20", "001001", "2026-10-19", "O-LATE ", "");
	expect_list("2026-10-20", "002001", "2026-10-19", "", "");
}

Test(told_before, a_debt_that_is_gone_from_the_records_is_cleared)
{
	_cleanup_free_ char *number = a_debt(), *cleared = mem_format("%s ", number);
	_cleanup_free_ char *sql =
		mem_format("DELETE FROM obligation WHERE obligation_no = '%s'", number);

	pg_exec(district.db, sql);
	evaluate(district.base, district.link, "2026-10-20");
	expect_list("2026-10-20", "001001", "2026-10-19", "", cleared);
}

Test(told_before, before_the_first_run_the_same_records_say_what_yesterday_was)
{
	_cleanup_free_ char *number = a_debt(), *cleared = mem_format("%s ", number);

	pay_long_ago(number);
	expect_list("2026-10-19", "001001", "2026-10-18", "", "");
	expect_list("2026-10-12", "001001", "2026-10-11", "", cleared);
}
