/* Many messages at once, held ones and those of an outage: gathered into digests that fit, and every case is named. */
#include <criterion/criterion.h>
#include <string.h>

#include "alerts/outbox.h"
#include "lib/payloads.h"
#include "lib/robot_rig.h"
#include "sql/store_outbox.h"

TestSuite(outbox_gather, .timeout = 120);

Test(outbox_gather, five_hundred_cases_at_once_reach_a_punishing_robot_as_digests)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_DINGTALK,
		.window_ms = ROBOT_WINDOW_MS };

	robot_begin(&rules, "dingtalk", "");
	robot_queue_cases(500);
	robot_send_all(60000);
	robot_expect_content();
	/* Fewer than a budget of 15 a minute lets through in ten minutes, however slow this machine is. */
	cr_expect_lt(robotd_accepted(robot), 10 * 15);
	robot_expect_cases(500);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message m JOIN message d ON d.message_id = "
			       "m.superseded_by WHERE d.state = 'acknowledged' AND d.case_key LIKE "
			       "'digest/robot/%'"),
		500);
	robot_end();
}

Test(outbox_gather, digests_of_the_smallest_robot_fit_and_name_all)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM,
		.window_ms = ROBOT_WINDOW_MS };

	robot_begin(&rules, "wecom", "");
	robot_queue_cases(300);
	robot_send_all(60000);
	robot_expect_content();
	robot_expect_cases(300);
	robot_end();
}

Test(outbox_gather, what_opened_and_closed_in_an_outage_is_told_in_one_message)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	robot_begin(&rules, "wecom", "");
	robot_queue("arrears/026003", "opened", payload_arrears);
	robot_queue("arrears/026003", "closed", payload_arrears);
	robot_send_all(10000);
	cr_expect_eq(robotd_accepted(robot), 1);
	cr_expect(robot_names("此前未能送达的提示一并告知：A-20260101-000001（出现"));
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'superseded' AND "
				    "superseded_by = (SELECT max(message_id) FROM message)"),
		1);
	robot_end();
}

Test(outbox_gather, what_may_have_arrived_leaves_by_itself_first_and_with_its_own_reference)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	robot_begin(&rules, "wecom", "");
	robot_queue("arrears/026003", "opened", payload_arrears);
	pg_exec(rig.db, "UPDATE message SET state = 'unknown', maybe_sent = true, attempts = 1");
	robot_queue("arrears/026003", "closed", payload_arrears);
	robot_send_all(10000);
	cr_expect_eq(robotd_accepted(robot), 2);
	cr_expect_not_null(strstr(robotd_text(robot, 0), "A-20260101-000001"));
	cr_expect_not_null(strstr(robotd_text(robot, 0), "可能重复发送"));
	cr_expect_not_null(strstr(robotd_text(robot, 1), "A-20260101-000002"));
	robot_end();
}

Test(outbox_gather, held_messages_leave_together_when_their_time_has_come)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	robot_begin(&rules, "wecom", "digest = weekly");
	robot_queue_cases(3);
	pg_exec(rig.db, "UPDATE message SET held = true, next_try_at = now() + interval '1 s'");
	pump_open(&robot_pump);
	pg_loop_for(rig.base, 500);
	cr_expect_eq(robotd_accepted(robot), 0);
	robot_until_all_left(10000);
	cr_expect_eq(robotd_accepted(robot), 1);
	robot_expect_cases(3);
	robot_end();
}

/* Held, and with the heaviest lines that names and sums of a district can make. */
static void make_heavy(void)
{
	pg_exec(rig.db,
		"UPDATE message SET held = true, payload = jsonb_set(jsonb_set(jsonb_set("
		"payload, '{unit,name}', to_jsonb(repeat('示例区市政园林与绿化管理中心', 4))), "
		"'{arrears,rows_total}', '99999'), '{arrears,overdue_fen}', "
		"'99999999999999')");
}

static void expect_full_digest_named(enum robotd_vendor vendor, const char *kind)
{
	const struct robotd_rules rules = { .vendor = vendor, .window_ms = ROBOT_WINDOW_MS };

	robot_begin(&rules, kind, "digest = weekly");
	robot_queue_cases(STORE_OUTBOX_DIGEST_MAX);
	make_heavy();
	robot_send_all(30000);
	cr_expect_eq(robotd_refused(robot), 0, "%s", robotd_last_refusal(robot));
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND "
			       "state = 'acknowledged'"),
		1, "%s", pg_text(rig.db, "SELECT string_agg(DISTINCT answer, ' ') FROM delivery"));
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message"), STORE_OUTBOX_DIGEST_MAX + 1);
	robot_expect_cases(STORE_OUTBOX_DIGEST_MAX);
	robot_end();
}

Test(outbox_gather, a_full_digest_fits_into_wecom)
{
	expect_full_digest_named(ROBOTD_WECOM, "wecom");
}

Test(outbox_gather, a_full_digest_fits_into_dingtalk)
{
	expect_full_digest_named(ROBOTD_DINGTALK, "dingtalk");
}

Test(outbox_gather, a_full_digest_fits_into_feishu)
{
	expect_full_digest_named(ROBOTD_FEISHU, "feishu");
}

/* A channel with a small rate sends a message in few parts: its digests are smaller. */
Test(outbox_gather, digests_of_a_robot_with_a_small_rate_fit_into_its_parts)
{
	static const char *const kinds[] = { "wecom rate = 1", "dingtalk rate = 1",
		"feishu rate = 2" };
	static const enum robotd_vendor vendors[] = { ROBOTD_WECOM, ROBOTD_DINGTALK,
		ROBOTD_FEISHU };

	for (int i = 0; i < 3; i++) {
		const struct robotd_rules rules = { .vendor = vendors[i],
			.window_ms = ROBOT_WINDOW_MS };

		robot_begin(&rules, kinds[i], "digest = weekly");
		robot_queue_cases(STORE_OUTBOX_DIGEST_MAX);
		make_heavy();
		robot_send_all(50000);
		cr_expect_eq(
			pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'rejected'"), 0,
			"%s: %s", kinds[i],
			pg_text(rig.db, "SELECT string_agg(DISTINCT answer, ' ') FROM delivery"));
		robot_expect_cases(STORE_OUTBOX_DIGEST_MAX);
		robot_end();
	}
}

Test(outbox_gather, one_case_is_no_digest_however_small_the_rate)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM,
		.window_ms = ROBOT_WINDOW_MS };

	robot_begin(&rules, "wecom rate = 1", "");
	robot_queue_cases(1);
	robot_send_all(10000);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%'"), 0);
	cr_expect_eq(robotd_accepted(robot), 1);
	robot_end();
}

/* Names of signs that are three times as long when they are made harmless: too long for four parts. */
Test(outbox_gather, the_cases_of_a_digest_that_cannot_be_laid_out_leave_one_by_one)
{
	enum { CASES = 80 };
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM,
		.window_ms = ROBOT_WINDOW_MS };

	robot_begin(&rules, "wecom", "digest = weekly");
	robot_queue_cases(CASES);
	pg_exec(rig.db,
		"UPDATE message SET held = true, payload = jsonb_set(payload, '{unit,name}', "
		"to_jsonb(repeat('<', 120)))");
	robot_send_all(50000);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND "
			       "state = 'rejected'"),
		1);
	robot_expect_content();
	robot_expect_cases(CASES);
	robot_end();
}
