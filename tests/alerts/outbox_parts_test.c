/* Messages in parts and the budget of a robot: over restarts, kills and clocks that are off it is never overdrawn. */
#include <criterion/criterion.h>

#include "alerts/outbox.h"
#include "core/mem.h"
#include "lib/alert_rig.h"
#include "lib/dir.h"
#include "lib/robot_rig.h"

TestSuite(outbox_parts, .timeout = 120);

Test(outbox_parts, a_restart_does_not_burst)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_DINGTALK,
		.window_ms = ROBOT_WINDOW_MS };

	robot_begin(&rules, "dingtalk", "");
	pg_exec(rig.db, "INSERT INTO channel (name, kind) VALUES ('robot', 'dingtalk')");
	for (int round = 0; round < 4; round++) {
		robot_queue_cases(7);
		robot_send_all(10000);
		if (round < 3)
			pump_stop(&robot_pump, 1000);
	}
	robot_expect_content();
	robot_expect_cases(28);
	robot_end();
}

/* As many rows as four parts take, and more. */
static void queue_long(const char *kase)
{
	char *payload = alert_rig_arrears(200,
		"北京市西城区一个名字相当长的示例中学校园后勤服务有限责任公司北京市西城区一个"
		"名字相当长的示例中学校园后勤服务有限责任公司北京市西城区一个名字相当长的示例"
		"中学校园后勤服务有限责任公司");

	robot_queue(kase, "opened", payload);
	free(payload);
}

Test(outbox_parts, a_message_of_four_parts_waits_until_the_budget_has_room_for_four)
{
	/* The robot punishes the first message above the channel's own budget. */
	static const struct robotd_rules rules = {
		.vendor = ROBOTD_WECOM, .limit = 5, .window_ms = 1500
	};

	robot_begin_window(&rules, "wecom rate = 5 in-flight = 2 suppliers = yes", "", 1500);
	queue_long("arrears/a");
	queue_long("arrears/b");
	robot_send_all(20000);
	robot_expect_content();
	cr_expect_eq(robotd_accepted(robot), 8);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM delivery WHERE requests = 4"), 2);
	robot_end();
}

static bool two_parts_arrived(void *arg)
{
	(void)arg;
	return robotd_accepted(robot) == 2;
}

/* The sender's clock is the one that sets the times of a try. */
static void let_the_senders_clock_be_off(const char *by)
{
	char *sql =
		mem_format("CREATE FUNCTION off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
			   "NEW.started_at = NEW.started_at + interval '%s'; "
			   "NEW.finished_at = NEW.finished_at + interval '%s'; RETURN NEW; END $$",
			by, by);

	pg_exec(rig.db, sql);
	pg_exec(rig.db,
		"CREATE TRIGGER off BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION off()");
	free(sql);
}

static void send_thirty_with_a_clock_off(const char *by)
{
	static const struct robotd_rules rules = {
		.vendor = ROBOTD_WECOM, .limit = 5, .window_ms = ROBOT_WINDOW_MS
	};

	robot_begin(&rules, "wecom rate = 5", "");
	let_the_senders_clock_be_off(by);
	pg_exec(rig.db, "INSERT INTO channel (name, kind) VALUES ('robot', 'wecom')");
	pump_open(&robot_pump);
	for (int i = 0; i < 15; i++) {
		robot_queue_cases(2);
		outbox_wake(robot_pump.outbox);
		robot_until_all_left(10000);
	}
	robot_expect_content();
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'acknowledged'"), 30);
	robot_end();
}

Test(outbox_parts, the_budget_holds_when_the_senders_clock_is_behind)
{
	send_thirty_with_a_clock_off("-1 minute");
}

Test(outbox_parts, the_budget_refills_when_the_senders_clock_is_ahead)
{
	send_thirty_with_a_clock_off("1 minute");
}

static const char mark[] = "可能重复发送";

Test(outbox_parts,
	of_a_message_in_parts_a_kill_repeats_at_most_the_part_on_its_way_and_marks_what_follows)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };
	char directory[DIR_PATH_MAX];

	dir_make(directory);
	rig.state = directory;
	robot_begin_window(&rules, "wecom suppliers = yes", "", 60000);
	queue_long("arrears/a");
	pump_open(&robot_pump);
	pg_loop_until_true(rig.base, two_parts_arrived, NULL, 10000);
	pump_kill(&robot_pump);
	pump_open(&robot_pump);
	pg_exec(rig.db, "UPDATE delivery SET metered_at = metered_at - interval '2 minutes'");
	robot_until_all_left(20000);
	cr_expect_eq(robotd_count(robot, "(1/4)"), 1);
	cr_expect_leq(robotd_count(robot, "(2/4)"), 2);
	cr_expect_eq(robotd_count(robot, "(4/4)"), 1);
	cr_expect_eq(robotd_count(robot, mark), robotd_accepted(robot) - 2);
	robot_end();
	dir_remove(directory);
}

Test(outbox_parts, where_nothing_is_known_of_the_last_try_every_part_is_marked)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_WECOM };

	robot_begin_window(&rules, "wecom suppliers = yes", "", 60000);
	queue_long("arrears/a");
	pg_exec(rig.db, "UPDATE message SET state = 'unknown', maybe_sent = true");
	robot_send_all(20000);
	cr_expect_eq(robotd_accepted(robot), 4);
	cr_expect_eq(robotd_count(robot, mark), 4);
	robot_end();
}

Test(outbox_parts, a_channel_whose_budget_is_below_four_sends_shorter_messages)
{
	static const struct robotd_rules rules = {
		.vendor = ROBOTD_WECOM, .limit = 2, .window_ms = ROBOT_WINDOW_MS
	};

	robot_begin(&rules, "wecom rate = 2 suppliers = yes", "");
	queue_long("arrears/a");
	robot_send_all(20000);
	robot_expect_content();
	cr_expect_eq(robotd_accepted(robot), 2);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'acknowledged'"), 1);
	robot_end();
}

Test(outbox_parts, parts_and_messages_keep_to_the_vendors_second)
{
	static const struct robotd_rules rules = { .vendor = ROBOTD_FEISHU };

	robot_begin_window(&rules, "feishu suppliers = yes", "", 60000);
	robot_queue_cases(2);
	queue_long("arrears/long");
	queue_long("arrears/longer");
	robot_send_all(30000);
	robot_expect_content();
	cr_expect_eq(robotd_accepted(robot), 10);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'acknowledged'"), 4);
	robot_end();
}
