/* What must not leave: messages about a case that a person asked to be silent about, and messages for somebody who is no
 * longer a recipient. */
#include <criterion/criterion.h>

#include "alerts/outbox.h"
#include "core/mem.h"
#include "lib/alerting.h"
#include "lib/outbox_rig.h"
#include "lib/payloads.h"

static const char refused[] = "SELECT count(*) FROM message WHERE state = 'retry'";

static void silence_all(void)
{
	pg_exec(rig.db, "INSERT INTO silence (case_key, author, reason, ends_at) SELECT DISTINCT "
			"case_key, '李明', '已约谈', now() + interval '3 days' FROM message");
}

static void expect_waits_for_the_end(const char *state)
{
	cr_expect_str_eq(rig_state_of("A-20261006-000001"), state);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE next_try_at > now() + "
				    "interval '2 days 23 hours'"),
		1, "next try at %s", pg_text(rig.db, "SELECT next_try_at FROM message"));
}

Test(outbox_withheld, silence_that_is_asked_for_while_a_try_runs_holds_the_next_one)
{
	struct sink_answer answers[] = { { 503, NULL, 700 } };
	struct pump pump;

	rig_begin(answers, 1, "timeout = 20s");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until_heard(1);
	silence_all();
	rig_until(refused, 1);
	expect_waits_for_the_end("retry");
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_withheld, silence_holds_what_is_in_doubt_after_its_sender_died)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "timeout = 20s");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until_heard(1);
	pump_kill(&pump);
	silence_all();
	pg_exec(rig.db, "UPDATE message SET lease_until = now()");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE state = 'unknown'", 1);
	pg_loop_for(rig.base, 500);
	expect_waits_for_the_end("unknown");
	cr_expect_eq(sink_count(rig.sink), 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_withheld, a_probe_is_no_reason_to_break_a_silence)
{
	struct sink_answer answers[] = { { 500, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "retry-first = 10min retry-cap = 60min");
	rig_queue("A-20261006-000001", "a");
	pump_open(&pump);
	rig_until(refused, 1);
	silence_all();
	pg_exec(rig.db,
		"UPDATE message SET state = 'unknown', next_try_at = now() + interval '3 days'");
	pg_exec(rig.db, "UPDATE channel SET failures = 9, broken_since = now(), probe_at = now()");
	outbox_wake(pump.outbox);
	pg_loop_for(rig.base, 1000);
	cr_expect_eq(sink_count(rig.sink), 1, "it was sent in the silence");
	expect_waits_for_the_end("unknown");
	pump_stop(&pump, 1000);
	rig_end();
}

/* A mail channel nobody can reach, with these recipients. */
static void configure(const char *recipients)
{
	conf_free(rig.conf);
	rig.conf = alerting_conf(
		"channel \"office\" { kind = mail server = \"smtp://localhost:%d\" from = "
		"\"m@xc.example\" to = { %s } tls = none retry-first = 10min }\n"
		"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { \"office\" } "
		"}\n",
		sink_port(rig.sink), recipients);
}

static void queue_mail(const char *ref, const char *recipient, const char *state)
{
	char *sql = mem_format(
		"INSERT INTO message (ref, case_key, event, rule_id, severity, channel, recipient, "
		"state, next_try_at, payload) VALUES ('%s', '%s', 'opened', 'Q-2', 'notice', "
		"'office', '%s', '%s', now() + interval '1 hour', $json$%s$json$)",
		ref, ref, recipient, state, payload_quota);

	pg_exec(rig.db, sql);
	free(sql);
}

Test(outbox_withheld, nothing_leaves_for_somebody_who_is_no_longer_a_recipient)
{
	struct sink_answer answers[] = { { SINK_DROP, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	configure("\"a@xc.example\", \"b@xc.example\"");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM channel_recipient WHERE channel = 'office'", 2);
	pump_stop(&pump, 1000);
	queue_mail("A-20261006-000001", "a@xc.example", "queued");
	queue_mail("A-20261006-000002", "b@xc.example", "queued");
	queue_mail("A-20261006-000003", "b@xc.example", "retry");
	queue_mail("A-20261006-000004", "b@xc.example", "unknown");
	configure("\"a@xc.example\"");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE recipient = 'b@xc.example' AND state = "
		  "'failed' AND last_answer LIKE '%no longer%'",
		3);
	cr_expect_str_eq(rig_state_of("A-20261006-000001"), "queued");
	/* Not even what somebody puts back into the queue. */
	pg_exec(rig.db, "UPDATE message SET state = 'queued', next_try_at = now() WHERE ref = "
			"'A-20261006-000002'");
	outbox_wake(pump.outbox);
	pg_loop_for(rig.base, 700);
	cr_expect_eq(pg_int(rig.db, "SELECT sum(attempts) FROM message"), 0);
	cr_expect_eq(sink_count(rig.sink), 0);
	pump_stop(&pump, 1000);
	rig_end();
}
