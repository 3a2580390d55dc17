/* The outbox against endpoints that fail, refuse or ask for a pause. */
#include <criterion/criterion.h>

#include "alerts/outbox.h"
#include "lib/alerting.h"
#include "lib/outbox_rig.h"

Test(outbox_endpoint, disables_an_endpoint_that_is_gone_until_its_configuration_changes)
{
	struct sink_answer answers[] = { { 410, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 2, "in-flight = 1");
	rig_queue("A-20261006-000001", "a");
	rig_queue("A-20261006-000002", "b");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM channel WHERE NOT enabled AND disabled_reason LIKE 'HTTP "
		  "410%'",
		1);
	cr_expect_str_eq(rig_state_of("A-20261006-000001"), "rejected");
	pg_loop_for(rig.base, 300);
	cr_expect_str_eq(rig_state_of("A-20261006-000002"), "queued");
	cr_expect_eq(sink_count(rig.sink), 1);
	pump_stop(&pump, 1000);
	pump_open(&pump);
	pg_loop_for(rig.base, 300);
	cr_expect_eq(sink_count(rig.sink), 1, "a restart alone woke a dead endpoint");
	pump_stop(&pump, 1000);
	pg_exec(rig.db, "UPDATE channel SET print = 'another address'");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	pump_stop(&pump, 1000);
	rig_end();
}

/* The body of none of these can be read: a chunk that is none, an encoding nobody asked for. */
Test(outbox_endpoint, is_judged_by_the_head_of_its_answer_whatever_becomes_of_the_body)
{
	struct sink_answer answers[] = { { 200, "Transfer-Encoding: chunked\r\n", 0 },
		{ 429, "Retry-After: 86400\r\nContent-Encoding: br\r\n", 0 },
		{ 410, "Transfer-Encoding: chunked\r\n", 0 } };
	struct pump pump;

	rig_begin(answers, 3, "in-flight = 1");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	rig_queue("A-20261006-000002", "b");
	outbox_wake(pump.outbox);
	rig_until("SELECT count(*) FROM message WHERE state = 'retry'", 1);
	/* A pause of a day is a day's pause. */
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM channel WHERE probe_at BETWEEN now() + "
				    "interval '23 hours 59 minutes' AND now() + interval '1 day'"),
		1);
	pg_exec(rig.db, "UPDATE channel SET probe_at = now()");
	pg_exec(rig.db, "UPDATE message SET next_try_at = now() WHERE state = 'retry'");
	outbox_wake(pump.outbox);
	rig_until("SELECT count(*) FROM channel WHERE NOT enabled", 1);
	cr_expect_eq(sink_count(rig.sink), 3);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_endpoint,
	that_asks_for_a_pause_beyond_all_numbers_is_left_alone_as_long_as_messages_wait)
{
	struct sink_answer answers[] = { { 503, "Retry-After: 99999999999999999999\r\n", 0 } };
	struct pump pump;

	rig_begin(answers, 1, "give-up = 2d");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE state = 'retry'", 1);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE next_try_at BETWEEN now() + "
			       "interval '47 hours' AND now() + interval '2 days'"),
		1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_endpoint, of_a_robot_with_another_key_in_the_same_file_is_another_one)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	const char *key = alerting_file("the-old-key");
	char block[500];
	struct pump pump;
	FILE *file;

	snprintf(block, sizeof(block),
		"kind = wecom key-file = \"%s\" base-url = \"http://127.0.0.1:%%d\" tls = none "
		"allow = { \"127.0.0.1\" }",
		key);
	rig_begin_kind(answers, 1, block);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM route", 1);
	pump_stop(&pump, 1000);
	pg_exec(rig.db, "UPDATE channel SET enabled = false, disabled_reason = '93000'");
	file = fopen(key, "w");
	fputs("the-new-key", file);
	fclose(file);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM channel WHERE enabled", 1);
	pump_stop(&pump, 1000);
	rig_end();
}

/* The wait is over, as it were. */
static void let_time_pass(struct pump *pump)
{
	pg_exec(rig.db, "UPDATE channel SET probe_at = now()");
	outbox_wake(pump->outbox);
}

Test(outbox_endpoint, waits_as_long_as_the_endpoint_asks_and_gives_back_what_was_ready)
{
	struct sink_answer answers[] = { { 429, "Retry-After: 600\r\n", 300 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 2, "in-flight = 1");
	rig_queue_cases(2);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM delivery", 1);
	cr_expect_geq(
		pg_int(rig.db, "SELECT extract(epoch FROM probe_at - now())::bigint FROM channel"),
		500);
	pg_loop_for(rig.base, 300);
	cr_expect_eq(sink_count(rig.sink), 1);
	cr_expect_str_eq(rig_state_of("A-20261006-000002"), "queued");
	pg_exec(rig.db, "UPDATE message SET next_try_at = now() WHERE state = 'retry'");
	let_time_pass(&pump);
	rig_until(rig_acknowledged, 2);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_endpoint, follows_no_redirect)
{
	struct sink_answer answers[] = { { 302, "Location: http://127.0.0.1:1/\r\n", 0 },
		{ 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 2, "");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	cr_expect_str_eq(
		pg_text(rig.db, "SELECT left(answer, 8) FROM delivery WHERE delivery_no = 1"),
		"HTTP 302");
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_endpoint, gives_up_after_its_patience_and_leaves_the_message_to_a_person)
{
	struct sink_answer answers[] = { { 500, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "give-up = 1min");
	rig_queue("A-20261006-000001", "a");
	pg_exec(rig.db,
		"UPDATE message SET attempts = 3, first_try_at = now() - interval '2 minutes', "
		"state = 'retry'");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE state = 'failed'", 1);
	pg_loop_for(rig.base, 300);
	cr_expect_eq(sink_count(rig.sink), 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_endpoint, opens_the_circuit_after_five_faults_probes_alone_and_frees_all_on_return)
{
	struct sink_answer answers[] = { { 500, NULL, 0 }, { 500, NULL, 0 }, { 500, NULL, 0 },
		{ 500, NULL, 0 }, { 500, NULL, 0 }, { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 7, "in-flight = 1 retry-first = 10min retry-cap = 60min");
	rig_queue_cases(7);
	pump_open(&pump);
	rig_until(
		"SELECT count(*) FROM channel WHERE broken_since IS NOT NULL AND failures = 5", 1);
	cr_expect_eq(sink_count(rig.sink), 5);
	cr_expect(
		pg_int(rig.db, "SELECT (probe_at BETWEEN now() + interval '5 minutes' AND now() + "
			       "interval '10 minutes')::int FROM channel"));
	let_time_pass(&pump);
	rig_until("SELECT count(*) FROM channel WHERE failures = 6", 1);
	cr_expect_eq(sink_count(rig.sink), 6, "a probe goes alone");
	/* Its own retries are far in the future: they must not outlive the return of the endpoint. */
	let_time_pass(&pump);
	rig_until(rig_acknowledged, 7);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM channel WHERE broken_since IS NULL AND "
				    "failures = 0"),
		1);
	cr_expect_eq(sink_count(rig.sink), 13);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_endpoint, that_returns_does_not_end_a_silence)
{
	struct sink_answer answers[] = { { 500, NULL, 0 }, { 500, NULL, 0 }, { 500, NULL, 0 },
		{ 500, NULL, 0 }, { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 6, "in-flight = 1 retry-first = 10min retry-cap = 60min");
	rig_queue_cases(7);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM channel WHERE broken_since IS NOT NULL", 1);
	/* Its last try was in doubt. */
	pg_exec(rig.db, "UPDATE message SET state = 'unknown' WHERE ref = 'A-20261006-000001'");
	pg_exec(rig.db, "INSERT INTO silence (case_key, author, reason, ends_at) SELECT case_key, "
			"'李明', '已约谈', now() + interval '1 day' FROM message "
			"WHERE ref = 'A-20261006-000001'");
	let_time_pass(&pump);
	rig_until(rig_acknowledged, 6);
	cr_expect(pg_int(rig.db, "SELECT (state = 'unknown' AND next_try_at > now() + interval '23 "
				 "hours')::int FROM message WHERE ref = 'A-20261006-000001'"));
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_endpoint, does_not_run_a_whole_block_into_an_endpoint_that_fails)
{
	struct sink_answer answers[] = { { 503, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "in-flight = 2 retry-first = 10min retry-cap = 60min");
	rig_queue_cases(100);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM channel WHERE broken_since IS NOT NULL", 1);
	rig_until("SELECT count(*) FROM message WHERE state = 'sending'", 0);
	cr_expect_leq(sink_count(rig.sink), 5 + 2, "%d requests", sink_count(rig.sink));
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE state = 'queued' AND attempts "
			       "= 0 AND first_try_at IS NULL AND lease_until IS NULL"),
		100 - sink_count(rig.sink));
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}
