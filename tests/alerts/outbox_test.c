#include "alerts/outbox.h"

#include <criterion/criterion.h>

#include "core/mem.h"
#include "lib/alerting.h"
#include "lib/outbox_rig.h"
#include "lib/payloads.h"
#include "lib/smtpd.h"

Test(outbox, registers_channels_recipients_and_routes)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	pg_exec(rig.db, "INSERT INTO channel (name, kind, enabled, disabled_reason) VALUES "
			"('old', 'mail', true, ''), ('ended', 'wecom', false, 'no such robot')");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM route", 1);
	cr_expect_str_eq(pg_text(rig.db, "SELECT kind || enabled FROM channel WHERE name = 'hook'"),
		"webhooktrue");
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM channel_recipient WHERE channel = 'hook' AND "
			       "recipient = ''"),
		1);
	cr_expect_str_eq(pg_text(rig.db, "SELECT disabled_reason FROM channel WHERE name = 'old'"),
		"not in the configuration");
	cr_expect_str_eq(
		pg_text(rig.db, "SELECT disabled_reason FROM channel WHERE name = 'ended'"),
		"not in the configuration", "a fault of a channel that is no more");
	cr_expect_str_eq(
		pg_text(rig.db, "SELECT rules[1] || units[1] || channel FROM route"), "**hook");
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox, delivers_signed_and_records_it)
{
	struct sink_answer answers[] = { { 204, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	rig_queue("A-20261006-000001", "quota/2026/026");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	cr_expect_eq(sink_count(rig.sink), 1);
	cr_expect_str_eq(sink_get(rig.sink, 0, "webhook-id", rig.room, sizeof(rig.room)),
		"A-20261006-000001");
	cr_expect_eq(strncmp(sink_get(rig.sink, 0, "webhook-signature", rig.room, sizeof(rig.room)),
			     "v1,", 3),
		0);
	cr_expect_str_eq(
		sink_get(rig.sink, 0, "setaside-maybe-repeated", rig.room, sizeof(rig.room)), "");
	sink_get(rig.sink, 0, "body", rig.room, sizeof(rig.room));
	cr_expect_eq(strncmp(rig.room,
			     "{\"type\":\"sme.quota.gap\",\"timestamp\":\"2026-10-06T01:00:00Z\","
			     "\"data\":{",
			     67),
		0);
	cr_expect_not_null(strstr(rig.room, "\"ref\":\"A-20261006-000001\""));
	cr_expect_str_eq(
		pg_text(rig.db, "SELECT class || ' ' || answer || ' ' || attempt FROM delivery"),
		"acknowledged HTTP 204 1");
	cr_expect_gt(pg_int(rig.db, "SELECT bytes FROM delivery"), 500);
	cr_expect(pg_int(rig.db,
		"SELECT (finished_at - started_at < interval '5 s' AND finished_at >= "
		"started_at)::int FROM delivery"));
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox, retries_after_500_and_counts_every_try)
{
	struct sink_answer answers[] = { { 500, NULL, 0 }, { 500, NULL, 0 }, { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 3, "");
	rig_queue("A-20261006-000001", "c");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	cr_expect_eq(sink_count(rig.sink), 3);
	cr_expect_eq(sink_count_id(rig.sink, "A-20261006-000001"), 3);
	cr_expect_str_eq(
		pg_text(rig.db, "SELECT string_agg(class, ' ' ORDER BY delivery_no) FROM delivery"),
		"retry-later retry-later acknowledged");
	cr_expect_eq(pg_int(rig.db, "SELECT failures FROM channel"), 0);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox, sends_again_with_the_same_id_and_body_and_a_mark_when_no_answer_came)
{
	struct sink_answer answers[] = { { SINK_HANG, NULL, 0 }, { SINK_DROP, NULL, 0 },
		{ 200, NULL, 0 } };
	static char first[30000];
	struct pump pump;

	rig_begin(answers, 3, "");
	rig_queue("A-20261006-000001", "c");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	cr_expect_eq(sink_count_id(rig.sink, "A-20261006-000001"), 3);
	sink_get(rig.sink, 0, "body", first, sizeof(first));
	cr_expect_str_eq(sink_get(rig.sink, 2, "body", rig.room, sizeof(rig.room)), first);
	cr_expect_str_eq(
		sink_get(rig.sink, 0, "setaside-maybe-repeated", rig.room, sizeof(rig.room)), "");
	cr_expect_str_eq(
		sink_get(rig.sink, 1, "setaside-maybe-repeated", rig.room, sizeof(rig.room)), "1");
	cr_expect_str_eq(
		pg_text(rig.db, "SELECT string_agg(class, ' ' ORDER BY delivery_no) FROM delivery"),
		"unknown unknown acknowledged");
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox, keeps_the_order_of_a_case_and_lets_other_cases_pass)
{
	struct sink_answer answers[] = { { SINK_DROP, NULL, 0 }, { SINK_DROP, NULL, 0 },
		{ 200, NULL, 0 } };
	static const char *const order[] = { "A-20261006-000001", "A-20261006-000002",
		"A-20261006-000003" };
	struct pump pump;
	int at = 0;

	rig_begin(answers, 3, "in-flight = 4");
	for (int i = 0; i < 3; i++)
		rig_queue(order[i], "arrears/1");
	/* What may have arrived is never merged with what follows it. */
	pg_exec(rig.db,
		"UPDATE message SET state = 'unknown', maybe_sent = true, attempts = 1 WHERE ref = "
		"'A-20261006-000001'");
	rig_queue("A-20261006-000009", "arrears/2");
	pump_open(&pump);
	rig_until(rig_acknowledged, 4);
	for (int i = 0; i < sink_count(rig.sink); i++) {
		sink_get(rig.sink, i, "webhook-id", rig.room, sizeof(rig.room));
		if (strcmp(rig.room, "A-20261006-000009") == 0)
			continue;
		if (at < 2 && strcmp(rig.room, order[at]) != 0)
			at++;
		cr_expect_str_eq(rig.room, order[at]);
	}
	cr_expect_eq(at, 2);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

static bool in_reserve(void *arg)
{
	const struct pump *pump = arg;

	return outbox_stats(pump->outbox).reserve;
}

Test(outbox, of_two_pumps_one_sends_and_the_other_waits_in_reserve_until_it_has_ended)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump one;
	struct pump two;

	rig_begin(answers, 1, "in-flight = 8");
	pump_open(&one);
	rig_until("SELECT count(*) FROM route", 1);
	pg_exec(rig.db, "DELETE FROM route");
	pump_open(&two);
	rig_until_true(in_reserve, &two);
	rig_queue_cases(120);
	outbox_wake(one.outbox);
	outbox_wake(two.outbox);
	rig_until(rig_acknowledged, 120);
	cr_expect_eq(sink_count(rig.sink), 120);
	cr_expect_eq(outbox_stats(two.outbox).acknowledged, 0);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM route"), 0,
		"the one in reserve has registered");
	pump_kill(&one);
	rig_queue("A-20261006-000121", "case/121");
	rig_until(rig_acknowledged, 121);
	cr_expect_eq(outbox_stats(two.outbox).acknowledged, 1);
	cr_expect_not(outbox_stats(two.outbox).reserve);
	pump_stop(&two, 1000);
	rig_end();
}

Test(outbox, that_lost_its_session_to_another_sender_waits_in_reserve_itself)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM route", 1);
	/* In one statement with the end of its session, before it can come again. */
	pg_exec(rig.db, "SELECT pg_terminate_backend(l.pid, 10000), pg_advisory_lock(831172027) "
			"FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
			"WHERE d.datname = current_database() AND l.locktype = 'advisory' "
			"AND l.objid = 831172027");
	rig_queue("A-20261006-000001", "a");
	outbox_wake(pump.outbox);
	rig_until_true(in_reserve, &pump);
	pg_loop_for(rig.base, 500);
	cr_expect_eq(sink_count(rig.sink), 0, "sent beside another sender");
	cr_expect_str_eq(rig_state_of("A-20261006-000001"), "queued");
	pg_exec(rig.db, "SELECT pg_advisory_unlock_all()");
	rig_until(rig_acknowledged, 1);
	cr_expect_eq(sink_count(rig.sink), 1);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox, rejects_a_message_that_cannot_be_composed_and_goes_on)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	rig_queue("A-20261006-000001", "a");
	rig_queue("A-20261006-000002", "b");
	pg_exec(rig.db, "UPDATE message SET payload = '{\"type\": \"nonsense\"}' WHERE ref = "
			"'A-20261006-000001'");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	cr_expect_str_eq(rig_state_of("A-20261006-000001"), "rejected");
	cr_expect_not_null(
		strstr(pg_text(rig.db, "SELECT last_answer FROM message WHERE state = 'rejected'"),
			"payload.type"));
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox, mails_each_recipient_by_itself)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct smtpd_script script = { .rcpt = { "550 5.1.1 no such user", "250 ok" } };
	struct smtpd *smtpd = smtpd_start(&script);
	struct pump pump;
	char *sql;

	rig_begin(answers, 1, "");
	conf_free(rig.conf);
	rig.conf = alerting_conf(
		"channel \"office\" { kind = mail server = \"smtp://localhost:%d\" from = "
		"\"m@xc.example\" "
		"to = { \"a@xc.example\", \"b@xc.example\" } tls = none in-flight = 1 }\n",
		smtpd_port(smtpd));
	for (int i = 0; i < 2; i++) {
		sql = mem_format("INSERT INTO message (ref, case_key, event, rule_id, severity, "
				 "channel, recipient, payload) "
				 "VALUES ('A-20261006-00000%d', 'c', 'opened', 'Q-2', 'notice', "
				 "'office', '%s@xc.example', $json$%s$json$)",
			i + 1, i ? "b" : "a", payload_quota);
		pg_exec(rig.db, sql);
		free(sql);
	}
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM channel_recipient"), 2);
	cr_expect_str_eq(rig_state_of("A-20261006-000001"), "rejected");
	cr_expect_str_eq(
		pg_text(rig.db, "SELECT string_agg(recipient || ' ' || class, ', ' ORDER BY "
				"delivery_no) FROM delivery"),
		"a@xc.example rejected-permanent, b@xc.example acknowledged");
	pump_stop(&pump, 1000);
	smtpd_stop(smtpd);
	rig_end();
}
