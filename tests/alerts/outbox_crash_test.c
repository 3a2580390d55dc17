/* The outbox over crashes, stops and outages of the database. */
#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "alerts/outbox.h"
#include "core/fetch.h"
#include "lib/outbox_rig.h"
#include "lib/sql_run.h"
#include "sql/migrate.h"

Test(outbox_crash,
	takes_a_crash_between_answer_and_commit_as_unknown_and_sends_once_more_with_the_same_id)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	pg_exec(rig.db, "INSERT INTO channel (name, kind) VALUES ('hook', 'webhook')");
	/* What a killed pump leaves: leased, answered by the sink, not recorded. */
	rig_queue("A-20261006-000001", "a");
	pg_exec(rig.db, "UPDATE message SET state = 'sending', attempts = 1, lease_epoch = 1, "
			"first_try_at = now(), "
			"next_try_at = now(), lease_until = now() + interval '1 hour'");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM route", 1);
	pg_loop_for(rig.base, 300);
	cr_expect_eq(sink_count(rig.sink), 0, "the lease was not over yet");
	pg_exec(rig.db, "UPDATE message SET lease_until = now() - interval '1 s'");
	pump_stop(&pump, 1000);
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	cr_expect_eq(sink_count(rig.sink), 1);
	cr_expect_str_eq(
		sink_get(rig.sink, 0, "setaside-maybe-repeated", rig.room, sizeof(rig.room)), "1");
	cr_expect_str_eq(pg_text(rig.db, "SELECT string_agg(class || attempt, ' ' ORDER BY "
					 "delivery_no) FROM delivery"),
		"unknown1 acknowledged2");
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_crash, does_not_repeat_what_is_acknowledged_after_it_was_killed)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	pump_kill(&pump);
	pump_open(&pump);
	pg_loop_for(rig.base, 500);
	cr_expect_eq(sink_count(rig.sink), 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_crash, keeps_its_schedule_over_a_restart)
{
	struct sink_answer answers[] = { { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;
	char due[64];

	rig_begin(answers, 2, "retry-first = 10min retry-cap = 20min");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE state = 'retry'", 1);
	cr_expect(pg_int(
		rig.db, "SELECT (next_try_at > now() + interval '5 minutes')::int FROM message"));
	snprintf(due, sizeof(due), "%s", pg_text(rig.db, "SELECT next_try_at FROM message"));
	pump_stop(&pump, 1000);
	pump_open(&pump);
	pg_loop_for(rig.base, 500);
	cr_expect_str_eq(pg_text(rig.db, "SELECT next_try_at FROM message"), due);
	cr_expect_eq(sink_count(rig.sink), 1);
	pg_exec(rig.db, "UPDATE message SET next_try_at = now()");
	outbox_wake(pump.outbox);
	rig_until(rig_acknowledged, 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_crash, a_stop_gives_back_what_was_leased_ahead_and_not_sent)
{
	struct sink_answer answers[] = { { 200, NULL, 0 }, { 200, NULL, 0 }, { 200, NULL, 0 },
		{ 200, NULL, 0 }, { 200, NULL, 0 }, { 200, NULL, 0 }, { 200, NULL, 0 },
		{ 200, NULL, 0 }, { 200, NULL, 0 }, { SINK_HANG, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 10, "in-flight = 2 timeout = 60s");
	rig_queue_cases(100);
	pump_open(&pump);
	rig_until_heard(11);
	rig_until(rig_acknowledged, 9);
	pump_stop(&pump, 100);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'unknown'"), 2);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'queued' AND attempts "
			       "= 0 AND first_try_at IS NULL"),
		89);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM delivery"), 11);
	rig_expect_gapless();
	rig_end();
}

Test(outbox_crash, stops_within_its_grace_and_says_unknown_of_what_ran)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 2, "timeout = 20s");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until_heard(1);
	pump_stop(&pump, 300);
	cr_expect_str_eq(rig_state_of("A-20261006-000001"), "unknown");
	cr_expect(pg_int(rig.db, "SELECT maybe_sent::int FROM message"));
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_crash, can_be_freed_while_statements_and_tries_run)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	outbox_free(pump.outbox);
	pg_loop_for(rig.base, 200);
	fetch_free(pump.fetch);
	sql_link_free(pump.link);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE state = 'sending'", 1);
	outbox_free(pump.outbox);
	pg_loop_for(rig.base, 200);
	fetch_free(pump.fetch);
	sql_link_free(pump.link);
	rig_end();
}

static bool two_ran_out_of_time(void *arg)
{
	const struct pump *pump = arg;

	return outbox_stats(pump->outbox).unknown == 2;
}

Test(outbox_crash, does_not_send_what_another_sender_took_over_while_it_stood_still)
{
	struct sink_answer answers[] = { { 200, NULL, 0 }, { 200, NULL, 0 }, { 200, NULL, 0 },
		{ 200, NULL, 0 }, { 200, NULL, 0 }, { 200, NULL, 0 }, { 200, NULL, 0 },
		{ 200, NULL, 0 }, { 200, NULL, 0 }, { SINK_HANG, NULL, 0 } };
	struct pump pump;

	/* The two that hang end after the first renewal, with a block of ready ones behind them. */
	rig_begin(answers, 10, "in-flight = 2 timeout = 12s");
	rig_queue_cases(100);
	pump_open(&pump);
	rig_until_heard(11);
	rig_until(rig_acknowledged, 9);
	cr_assert_gt(pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'sending'"), 2,
		"nothing was leased ahead");
	pg_exec(rig.db, "UPDATE message SET state = 'acknowledged', lease_until = NULL, "
			"lease_epoch = lease_epoch + 2");
	rig_until_true(two_ran_out_of_time, &pump);
	pg_loop_for(rig.base, 500);
	cr_expect_eq(sink_count(rig.sink), 11, "sent what was not its own any more");
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'acknowledged'"), 100);
	pump_stop(&pump, 1000);
	rig_end();
}

static void on_migrated(void *arg, const struct err *err, int version, int applied)
{
	(void)version;
	(void)applied;
	cr_assert_eq(err->code, ERR_NONE, "%s", err->text);
	*(bool *)arg = true;
}

static bool acknowledged_in_memory(void *arg)
{
	const struct pump *pump = arg;

	return outbox_stats(pump->outbox).acknowledged == 1;
}

Test(outbox_crash, records_after_an_outage_what_was_answered_during_it_and_does_not_repeat_it)
{
	struct sink_answer answers[] = { { 200, NULL, 700 } };
	struct pg_server *server = pg_server_new();
	struct sql_link *link;
	bool migrated = false;
	struct pump pump;

	rig.base = pg_loop_new();
	link = sql_run_link(rig.base, pg_server_dsn(server));
	sql_migrate(link, false, on_migrated, &migrated);
	pg_loop_until(rig.base, &migrated, 20000);
	rig_begin_on(pg_server_db(server), answers, 1, "timeout = 60s");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until_heard(1);
	pg_server_stop(server, PG_STOP_FAST);
	rig_until_true(acknowledged_in_memory, &pump);
	cr_expect_eq(outbox_stats(pump.outbox).unrecorded, 1);
	pg_server_start(server);
	/* Longer than its lease, as it were. */
	pg_exec(rig.db, "UPDATE message SET lease_until = now() - interval '1 minute'");
	rig_until(rig_acknowledged, 1);
	pg_loop_for(rig.base, 500);
	cr_expect_eq(sink_count(rig.sink), 1);
	cr_expect_eq(pg_int(rig.db, "SELECT maybe_sent::int FROM message"), 0);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	sql_link_free(link);
	rig_end_but_database();
	pg_server_free(server);
}

static char state_directory[32];

static void keep_a_journal(void)
{
	snprintf(state_directory, sizeof(state_directory), "/tmp/ss-outbox.XXXXXX");
	cr_assert_not_null(mkdtemp(state_directory));
	rig.state = state_directory;
}

static void drop_the_journal(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/tries", state_directory);
	unlink(path);
	rmdir(state_directory);
}

static bool an_answer_waits(void *arg)
{
	const struct pump *pump = arg;

	return outbox_stats(pump->outbox).unrecorded == 1;
}

Test(outbox_crash,
	what_was_answered_and_not_committed_when_it_was_killed_is_recorded_and_not_repeated)
{
	struct sink_answer answers[] = { { 200, NULL, 0 }, { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 3, "retry-first = 10min retry-cap = 20min");
	keep_a_journal();
	rig_queue_cases(3);
	pg_exec(rig.db, "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
			"RAISE EXCEPTION 'not now'; END $$");
	pg_exec(rig.db, "CREATE TRIGGER refuse BEFORE INSERT ON delivery FOR EACH ROW EXECUTE "
			"FUNCTION refuse()");
	pump_open(&pump);
	rig_until_true(an_answer_waits, &pump);
	pump_kill(&pump);
	cr_expect_eq(pg_int(rig.db, rig_acknowledged), 0);
	pg_exec(rig.db, "DROP TRIGGER refuse ON delivery");
	pump_open(&pump);
	rig_until(rig_acknowledged, 2);
	rig_until("SELECT count(*) FROM message WHERE state = 'retry'", 1);
	pg_loop_for(rig.base, 300);
	cr_expect_eq(sink_count(rig.sink), 3);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE maybe_sent"), 0);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM delivery WHERE answer LIKE 'HTTP %'"), 3);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	drop_the_journal();
	rig_end();
}

Test(outbox_crash, of_all_that_was_leased_when_it_was_killed_only_the_one_under_way_is_in_doubt)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 2, "timeout = 60s");
	keep_a_journal();
	rig_queue_cases(40);
	pump_open(&pump);
	rig_until_heard(1);
	pump_kill(&pump);
	pump_open(&pump);
	rig_until(rig_acknowledged, 40);
	cr_expect_eq(sink_count(rig.sink), 41);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE maybe_sent"), 1);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE attempts > 1"), 1);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	drop_the_journal();
	rig_end();
}

Test(outbox_crash, without_a_journal_the_next_message_waits_for_the_commit_of_the_one_before)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	rig_queue_cases(20);
	pg_exec(rig.db, "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
			"RAISE EXCEPTION 'not now'; END $$");
	pg_exec(rig.db, "CREATE TRIGGER refuse BEFORE INSERT ON delivery FOR EACH ROW EXECUTE "
			"FUNCTION refuse()");
	pump_open(&pump);
	rig_until_heard(1);
	pg_loop_for(rig.base, 500);
	cr_expect_eq(sink_count(rig.sink), 1);
	pg_exec(rig.db, "DROP TRIGGER refuse ON delivery");
	rig_until(rig_acknowledged, 20);
	cr_expect_eq(sink_count(rig.sink), 20);
	pump_stop(&pump, 1000);
	rig_end();
}
