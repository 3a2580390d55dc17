#include <criterion/criterion.h>

#include "alerts/outbox.h"
#include "core/mem.h"
#include "lib/mailbox.h"
#include "lib/outbox_rig.h"
#include "lib/payloads.h"
#include "lib/smtpd.h"
#include "sql/store_outbox.h"

/* Digests on their way to a webhook and a mail server: whatever happens to one, every case it names is told. */
static void queue_held(int cases)
{
	rig_queue_cases(cases);
	pg_exec(rig.db,
		"UPDATE message SET held = true, payload = jsonb_set(payload, '{unit,name}', "
		"to_jsonb(repeat('示例区市政园林与绿化管理中心', 4)))");
}

static int count_named(int cases, int from)
{
	int named = 0;

	for (int i = 1; i <= cases; i++) {
		char ref[32];
		bool found = false;

		snprintf(ref, sizeof(ref), "A-20261006-%06d", i);
		for (int k = from; !found && k < sink_count(rig.sink); k++)
			found = strstr(
				sink_get(rig.sink, k, "body", rig.room, sizeof(rig.room)), ref);
		named += found;
	}
	return named;
}

Test(outbox_digest, a_full_digest_fits_into_a_webhook, .timeout = 60)
{
	enum { CASES = 160 };
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	queue_held(CASES);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE state IN ('queued', 'sending', 'retry', "
		  "'unknown')",
		0);
	cr_expect_eq(pg_int(rig.db,
			     "SELECT count(*) FROM message WHERE state IN ('rejected', 'failed')"),
		0, "%s",
		pg_text(rig.db, "SELECT answer FROM delivery WHERE class <> 'acknowledged'"));
	cr_expect_eq(count_named(CASES, 0), CASES);
	cr_expect_lt(sink_count(rig.sink), 12);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_digest, the_cases_of_a_digest_that_is_given_up_arrive_one_by_one, .timeout = 60)
{
	enum { CASES = 5 };
	struct sink_answer answers[] = { { 400, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "give-up = 1min");
	queue_held(CASES);
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND state = 'retry'",
		1);
	pg_exec(rig.db,
		"UPDATE message SET first_try_at = now() - interval '2 minutes' WHERE case_key "
		"LIKE 'digest/%'");
	rig_until(
		"SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND state = 'failed'",
		1);
	sink_answer(rig.sink, (struct sink_answer){ 200, NULL, 0 });
	rig_until(rig_acknowledged, CASES);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%'"), 1);
	cr_expect_eq(count_named(CASES, 0), CASES);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_digest, a_full_digest_fits_into_a_mail, .timeout = 60)
{
	struct smtpd *smtpd = smtpd_start(&(struct smtpd_script){ 0 });
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	enum { ROOM = 1024 * 1024 };
	char *block = mem_format("kind = mail server = \"smtp://127.0.0.1:%d\" tls = none from = "
				 "\"monitor@xc.example\" to = { \"unit@xc.example\" }",
		smtpd_port(smtpd));
	char *room = mem_zero(ROOM, 1);
	char *text;
	struct pump pump;

	rig_begin_kind(answers, 1, block);
	queue_held(STORE_OUTBOX_DIGEST_MAX);
	pg_exec(rig.db, "UPDATE message SET recipient = 'unit@xc.example'");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND state = "
		  "'acknowledged'",
		1);
	cr_expect_eq(smtpd_count(smtpd), 1);
	smtpd_message(smtpd, 0, room, ROOM);
	text = mailbox_part(room, "text/plain", NULL);
	cr_assert_not_null(text);
	for (int i = 1; i <= STORE_OUTBOX_DIGEST_MAX; i++) {
		char ref[32];

		snprintf(ref, sizeof(ref), "A-20261006-%06d", i);
		cr_expect_not_null(strstr(text, ref), "%s is not in the mail", ref);
	}
	pump_stop(&pump, 1000);
	free(text);
	free(room);
	free(block);
	rig_end();
	smtpd_stop(smtpd);
}

/* It is the quiet hour of the route "all"; whoever hears of the monitor itself hears at any time. */
static const char quiet_now[] =
	"UPDATE route SET rules = '{Q-2}', digest = 'daily', quiet_from = (now() AT TIME ZONE "
	"'Asia/Shanghai' - interval '1 h')::time, quiet_to = (now() AT TIME ZONE 'Asia/Shanghai' + "
	"interval '1 h')::time; INSERT INTO route (name, channel, rules, units) VALUES ('itself', "
	"'hook', '{M-1}', '{*}')";
static const char digest_in_retry[] =
	"INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, state, "
	"payload) VALUES ('A-20261006-000090', 'digest/hook/90', 'opened', 'digest', 'warning', "
	"'district', 'hook', 'retry', '{}'); UPDATE message SET state = 'superseded', rule_id = "
	"'Q-2', superseded_by = (SELECT message_id FROM message WHERE ref = 'A-20261006-000090') "
	"WHERE ref = 'A-20261006-000001'";

Test(outbox_digest, a_digest_is_as_quiet_as_the_routes_of_what_it_tells, .timeout = 60)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	pump_open(&pump);
	rig_until("SELECT count(*) FROM route", 1);
	pg_exec(rig.db, quiet_now);
	rig_queue_cases(1);
	pg_exec(rig.db, "UPDATE message SET next_try_at = now() + interval '1 hour'");
	pg_exec(rig.db, digest_in_retry);
	outbox_wake(pump.outbox);
	rig_until("SELECT count(*) FROM message WHERE ref = 'A-20261006-000090' AND state = "
		  "'retry' AND attempts = 0 AND quiet_until > now()",
		1);
	cr_expect_eq(sink_count(rig.sink), 0);
	pump_stop(&pump, 1000);
	rig_end();
}

/* What was held as a mild one and took over an urgent one of its case (outbox_merge.sql). */
static const char became_urgent[] =
	"INSERT INTO message (ref, case_key, event, rule_id, severity, channel, quiet_until, "
	"payload) "
	"SELECT 'A-20261006-000091', 'quota/2026/091', 'updated', 'Q-2', 'urgent', 'hook', now() + "
	"interval '9 h', payload FROM message";

Test(outbox_digest, what_became_urgent_leaves_in_the_quiet_hours, .timeout = 60)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	rig_queue_cases(1);
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	pg_exec(rig.db, became_urgent);
	outbox_wake(pump.outbox);
	rig_until(rig_acknowledged, 2);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE quiet_until > now()"), 1,
		"it was not held at all");
	pump_stop(&pump, 1000);
	rig_end();
}

Test(outbox_digest, what_waits_for_the_end_of_quiet_hours_asks_the_routes_that_hold_now,
	.timeout = 60)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin(answers, 1, "");
	rig_queue_cases(1);
	pg_exec(rig.db,
		"UPDATE message SET quiet_until = now() + interval '9 h', next_try_at = now() + "
		"interval '9 h'");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	pump_stop(&pump, 1000);
	rig_end();
}
