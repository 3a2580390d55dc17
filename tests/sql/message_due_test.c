/* When a message may leave: the hours, days and digests of its route. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "lib/pg.h"

static struct pg_db *db;

static const char *due(const char *args)
{
	char sql[400];

	snprintf(sql, sizeof(sql),
		"SELECT to_char(message_due_at(%s) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD "
		"HH24:MI')",
		args);
	return pg_text(db, sql);
}

Test(message_due, a_route_lets_messages_leave_at_its_hours_and_on_its_days)
{
	db = pg_db_new();
#define OFF "'off', '20:00', '08:00', true, 'c', "
	cr_expect_str_eq(due(OFF "'notice', '2026-03-03 10:00+08'"), "2026-03-03 10:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-03-03 21:00+08'"), "2026-03-04 08:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-03-03 03:00+08'"), "2026-03-03 08:00");
	/* Saturday waits for Monday; a Saturday that is worked does not; 1 October waits for the 8th. */
	cr_expect_str_eq(due(OFF "'notice', '2026-03-07 10:00+08'"), "2026-03-09 08:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-02-14 10:00+08'"), "2026-02-14 10:00");
	cr_expect_str_eq(due(OFF "'notice', '2026-10-01 10:00+08'"), "2026-10-08 08:00");
	cr_expect_str_eq(due(OFF "'urgent', '2026-10-01 23:00+08'"), "2026-10-01 23:00");
	cr_expect_str_eq(due("'off', NULL, NULL, false, 'c', 'notice', '2026-03-07 23:00+08'"),
		"2026-03-07 23:00");
	/* A year that the calendar does not know delays nothing. */
	cr_expect_str_eq(due(OFF "'notice', '2031-03-04 10:00+08'"), "2031-03-04 10:00");
	cr_expect_str_eq(
		pg_text(db, "SELECT bool_and(m BETWEEN 1 AND 29)::text FROM (SELECT extract("
			    "minute FROM message_due_at('daily', NULL, NULL, false, i::text, "
			    "'notice', '2026-03-03 10:00+08') AT TIME ZONE 'Asia/Shanghai') AS "
			    "m FROM generate_series(1, 60) AS i) AS x"),
		"true");
	cr_expect_eq(strncmp(due("'daily', NULL, NULL, true, 'c', 'notice', '2026-03-06 10:00+08'"),
			     "2026-03-09 09:", 14),
		0);
	cr_expect_eq(
		strncmp(due("'weekly', NULL, NULL, true, 'c', 'notice', '2026-09-30 10:00+08'"),
			"2026-10-08 09:", 14),
		0, "%s", due("'weekly', NULL, NULL, true, 'c', 'notice', '2026-09-30 10:00+08'"));
	pg_db_free(db);
}
