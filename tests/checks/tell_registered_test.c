/* What was found before anybody was registered to hear it. */
#include "checks/tell.h"

#include <criterion/criterion.h>

#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/pg.h"
#include "sql/embed.h"

TestSuite(tell_registered, .init = district_rig_set_up, .fini = district_rig_tear_down);

static void register_all(const char *channel)
{
	char sql[400];

	snprintf(sql, sizeof(sql),
		"INSERT INTO channel (name, kind) VALUES ('%s', 'webhook');"
		"INSERT INTO channel_recipient VALUES ('%s', '');"
		"INSERT INTO route VALUES ('all', '%s', '{*}', '{*}')",
		channel, channel, channel);
	pg_exec(district.db, sql);
	pg_exec(district.db, sql_text_outbox_registered);
}

Test(tell_registered, is_told_by_the_next_run_although_nothing_has_changed_since)
{
	struct check_report report;
	int64_t units;

	report = evaluate(district.base, district.link, "2026-10-20");
	cr_assert_gt(report.findings_opened, 0);
	cr_assert_eq(report.messages_queued, 0);
	register_all("hook");
	report = evaluate_changes(district.base, district.link, "2026-10-20");
	cr_expect_eq(report.findings_opened, 0);
	units = pg_int(district.db,
		"SELECT count(DISTINCT unit_code) FROM finding WHERE code IN "
		"('arrears-overdue', 'arrears-due-soon') AND state <> 'closed'");
	cr_assert_gt(units, 0);
	cr_expect_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE case_key LIKE 'arrears/%' AND "
			     "event = 'opened'"),
		units);
	cr_expect_gt(
		pg_int(district.db, "SELECT count(*) FROM message WHERE case_key LIKE 'quota/%'"),
		0);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM untold"), 0);
	cr_expect_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding f WHERE state <> 'closed' AND code = "
			     "'arrears-overdue' AND NOT EXISTS (SELECT FROM message_finding m "
			     "WHERE m.finding_id = f.finding_id)"),
		0);
}

Test(tell_registered, is_not_told_again_to_those_who_come_later_or_after_a_restart)
{
	struct check_report report;

	evaluate(district.base, district.link, "2026-10-20");
	register_all("hook");
	cr_assert_gt(evaluate(district.base, district.link, "2026-10-20").messages_queued, 0);
	pg_exec(district.db, sql_text_outbox_registered);
	report = evaluate_changes(district.base, district.link, "2026-10-20");
	cr_expect_eq(report.messages_queued, 0, "the same registration");
	register_all("second");
	report = evaluate(district.base, district.link, "2026-10-20");
	cr_expect_eq(report.messages_queued, 0);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM untold"), 0);
}

Test(tell_registered, a_first_run_of_a_past_day_tells_nobody_and_the_next_run_what_is_still_so)
{
	struct check_report report;

	register_all("hook");
	report = evaluate_quietly(district.base, district.link, "2026-09-20");
	cr_expect_gt(report.findings_opened, 0);
	cr_expect_eq(report.messages_queued, 0);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM message"), 0);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM quota_told"), 0);
	evaluate_changes(district.base, district.link, "2026-10-20");
	cr_expect_eq(pg_int(district.db,
			     "SELECT count(DISTINCT unit_code) FROM message WHERE case_key LIKE "
			     "'arrears/%' AND event = 'opened'"),
		pg_int(district.db,
			"SELECT count(DISTINCT unit_code) FROM finding WHERE code IN "
			"('arrears-overdue', 'arrears-due-soon') AND state <> 'closed'"));
	cr_expect_gt(
		pg_int(district.db, "SELECT count(*) FROM message WHERE case_key LIKE 'quota/%'"),
		0);
}

Test(tell_registered, a_later_run_of_a_named_day_tells_as_ever)
{
	register_all("hook");
	evaluate(district.base, district.link, "2026-09-20");
	pg_exec(district.db, "DELETE FROM message_finding; DELETE FROM message");
	cr_expect_gt(
		evaluate_quietly(district.base, district.link, "2026-10-20").messages_queued, 0);
}

/* What nobody could hear does not wait with every run; who is registered later is told all the same. */
Test(tell_registered, nothing_waits_while_nobody_is_registered)
{
	evaluate_quietly(district.base, district.link, "2026-09-20");
	evaluate_changes(district.base, district.link, "2026-10-20");
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM untold"), 0);
	register_all("hook");
	cr_expect_gt(
		evaluate_changes(district.base, district.link, "2026-10-20").messages_queued, 0);
}
