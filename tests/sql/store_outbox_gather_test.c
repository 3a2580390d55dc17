#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>

#include "alerts/payload.h"
#include "core/mem.h"
#include "lib/payloads.h"
#include "lib/pg.h"
#include "lib/sql_run.h"
#include "sql/store_outbox.h"

/* The statements before a lease, without a pump: what waits on channel "hook". */
static struct event_base *base;
static struct pg_db *db;
static struct sql_link *link_;

static void begin(void)
{
	base = pg_loop_new();
	db = pg_db_new();
	link_ = sql_run_link(base, pg_db_dsn(db));
	sql_run_until_ready(base, link_);
	pg_exec(db, "INSERT INTO channel (name, kind) VALUES ('hook', 'webhook'); INSERT INTO "
		    "channel_recipient VALUES ('hook', '')");
}

static void end(void)
{
	sql_link_free(link_);
	pg_loop_free(base);
	pg_db_free(db);
}

static void gather(int64_t digest_bytes)
{
	struct sql_heard heard = { 0 };
	struct err err = ERR_INIT;

	cr_assert_eq(store_outbox_gather(link_, "hook", digest_bytes, sql_heard_done, &heard, &err),
		0, "%s", err.text);
	pg_loop_until(base, &heard.done, 10000);
	cr_assert_eq(heard.outcome.err.code, ERR_NONE, "%s", heard.outcome.err.text);
}

static char *insertion(const char *kase, const char *event, const char *severity)
{
	return mem_format("INSERT INTO message (ref, case_key, event, rule_id, severity, "
			  "unit_code, channel, payload) VALUES (message_ref('2026-10-06'), '%s', "
			  "'%s', 'Q-3', '%s', '026', 'hook', $json$%s$json$)",
		kase, event, severity, payload_quota);
}

static void queue(const char *kase, const char *event, const char *severity)
{
	char *sql = insertion(kase, event, severity);

	pg_exec(db, sql);
	free(sql);
}

Test(store_outbox_gather, a_message_that_a_run_is_just_writing_stays_the_later_one)
{
	struct sql_link *run;
	struct sql_tx *tx;
	char *closed;

	begin();
	run = sql_run_link(base, pg_db_dsn(db));
	sql_run_until_ready(base, run);
	queue("c", "opened", "notice");
	queue("c", "updated", "notice");
	tx = sql_run_begin(base, run, SQL_TX_WRITE, 10000);
	closed = insertion("c", "closed", "notice");
	cr_assert_eq(sql_run_in(base, tx, closed).outcome.err.code, ERR_NONE);
	free(closed);
	gather(0);
	cr_assert_eq(sql_run_commit(base, tx).outcome.err.code, ERR_NONE);
	cr_expect_str_eq(
		pg_text(db, "SELECT string_agg(event || ' ' || state || ' ' || coalesce((SELECT "
			    "n.event FROM message n WHERE n.message_id = m.superseded_by), '-'), "
			    "', ' ORDER BY message_id) FROM message m"),
		"opened superseded updated, updated queued -, closed queued -");
	gather(0);
	cr_expect_str_eq(
		pg_text(db, "SELECT string_agg(event || ' ' || state, ', ' ORDER BY message_id) "
			    "FROM message"),
		"opened superseded, updated superseded, closed queued");
	cr_expect_str_eq(
		pg_text(db,
			"SELECT string_agg(p ->> 'event', ' ' ORDER BY n) FROM message, "
			"jsonb_array_elements(payload -> 'preceded') WITH ORDINALITY AS x (p, n) "
			"WHERE event = 'closed'"),
		"opened updated");
	sql_link_free(run);
	end();
}

Test(store_outbox_gather, the_merged_message_is_as_urgent_as_its_most_urgent)
{
	begin();
	queue("c", "opened", "urgent");
	queue("c", "updated", "warning");
	pg_exec(db, "UPDATE message SET held = true, next_try_at = now() + interval '9 h' WHERE "
		    "severity = 'warning'");
	gather(0);
	cr_expect_str_eq(
		pg_text(db,
			"SELECT event || ' ' || severity || ' ' || (payload ->> 'severity') || ' ' "
			"|| held || ' ' || (next_try_at <= now()) FROM message WHERE state = "
			"'queued'"),
		"updated urgent urgent false true");
	/* What is over is not urgent. */
	queue("c", "closed", "notice");
	pg_exec(db,
		"UPDATE message SET next_try_at = now() + interval '9 h' WHERE event = 'closed'");
	gather(0);
	cr_expect_str_eq(
		pg_text(db, "SELECT event || ' ' || severity || ' ' || (next_try_at > now()) FROM "
			    "message WHERE state = 'queued'"),
		"closed notice true");
	end();
}

Test(store_outbox_gather, a_long_row_of_earlier_messages_is_named_in_part_and_counted)
{
	struct err err = ERR_INIT;
	struct payload *payload;
	const char *text;

	begin();
	for (int i = 0; i < 131; i++)
		queue("c", i == 0 ? "opened" : "updated", "notice");
	gather(0);
	queue("c", "updated", "notice");
	gather(0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'queued'"), 1);
	cr_expect_str_eq(
		pg_text(db,
			"SELECT jsonb_array_length(payload -> 'preceded') || ' ' || (payload ->> "
			"'preceded_more') || ' ' || ((payload #>> '{preceded,49,ref}') = (SELECT "
			"ref "
			"FROM message WHERE message_id = 131)) FROM message WHERE state = "
			"'queued'"),
		"50 81 true");
	text = pg_text(db, "SELECT payload FROM message WHERE state = 'queued'");
	payload = payload_parse(text, strlen(text), &err);
	cr_assert_not_null(payload, "%s", err.text);
	cr_expect_eq(payload->preceded_count, 50);
	cr_expect_eq(payload->preceded_more, 81);
	payload_free(payload);
	end();
}

Test(store_outbox_gather, what_may_have_arrived_is_merged_with_nothing)
{
	begin();
	queue("c", "opened", "notice");
	queue("c", "updated", "notice");
	pg_exec(db, "UPDATE message SET state = 'retry', maybe_sent = true WHERE event = 'opened'");
	queue("c", "updated", "notice");
	gather(0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'superseded'"), 0);
	end();
}

static void queue_held(int cases)
{
	for (int i = 0; i < cases; i++) {
		char kase[40];

		snprintf(kase, sizeof(kase), "quota/2026/%03d", i);
		queue(kase, "opened", "notice");
	}
	pg_exec(db, "UPDATE message SET held = true");
}

Test(store_outbox_gather, thousands_are_gathered_in_shares, .timeout = 60)
{
	char *first = insertion("quota/2026/x", "opened", "notice");

	begin();
	pg_exec(db, first);
	free(first);
	pg_exec(db,
		"INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, "
		"payload, held) SELECT message_ref('2026-10-06'), 'quota/2026/' || i, 'opened', "
		"rule_id, "
		"severity, unit_code, channel, payload, true FROM message, generate_series(1, "
		"2600) AS i");
	gather(0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'superseded'"), 2601);
	cr_expect_eq(pg_int(db, "SELECT sum(jsonb_array_length(payload #> '{digest,items}')) FROM "
				"message WHERE case_key LIKE 'digest/%'"),
		2601);
	end();
}

Test(store_outbox_gather, a_digest_holds_no_more_bytes_than_its_channel_takes)
{
	begin();
	queue_held(80);
	gather(5000);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%' AND "
				"octet_length((payload #> '{digest,items}')::text) > 5500"),
		0);
	cr_expect_gt(pg_int(db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%'"), 2);
	cr_expect_eq(pg_int(db, "SELECT sum(jsonb_array_length(payload #> '{digest,items}')) FROM "
				"message WHERE case_key LIKE 'digest/%'"),
		80);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message m JOIN message d ON d.message_id = "
				"m.superseded_by WHERE d.payload #> '{digest,items}' @> "
				"jsonb_build_array(jsonb_build_object('ref', m.ref))"),
		80);
	end();
}

Test(store_outbox_gather, the_cases_of_a_refused_digest_leave_by_themselves)
{
	struct store_outbox_outcome refused = {
		.class = "rejected-permanent", .answer = "no", .state = "rejected"
	};
	struct sql_heard heard = { 0 };
	struct err err = ERR_INIT;

	begin();
	queue_held(3);
	queue("quota/2026/000", "updated", "notice");
	gather(0);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'superseded'"), 4);
	pg_exec(db, "UPDATE message SET state = 'sending', lease_epoch = 1 WHERE case_key LIKE "
		    "'digest/%'");
	refused.message_id =
		pg_int(db, "SELECT message_id FROM message WHERE case_key LIKE 'digest/%'");
	refused.lease_epoch = 1;
	cr_assert_eq(store_outbox_record(link_, &refused, 1, sql_heard_done, &heard, &err), 0);
	pg_loop_until(base, &heard.done, 10000);
	cr_assert_eq(heard.outcome.err.code, ERR_NONE, "%s", heard.outcome.err.text);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'queued' AND "
				"superseded_by IS NULL AND NOT held AND next_try_at <= now()"),
		4);
	/* Never again in a digest, though a later one of the case may say it. */
	pg_exec(db, "UPDATE channel SET rate_count = 2");
	gather(0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%'"), 1);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'queued'"), 3);
	queue("quota/2026/000", "closed", "notice");
	gather(0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE case_key LIKE 'digest/%'"), 1);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'queued'"), 3);
	end();
}

/* What a closed case says may not arrive before what opened it. */
Test(store_outbox_gather, what_follows_a_case_in_a_digest_joins_no_other_before_that_has_left)
{
	begin();
	queue_held(2);
	gather(0);
	pg_exec(db, "UPDATE message SET state = 'retry', next_try_at = now() + interval '5 s' "
		    "WHERE case_key LIKE 'digest/%'");
	queue("quota/2026/000", "updated", "notice");
	queue("quota/2026/000", "closed", "notice");
	queue("quota/2026/007", "opened", "notice");
	queue("quota/2026/008", "opened", "notice");
	pg_exec(db, "UPDATE message SET held = true WHERE state = 'queued'");
	gather(0);
	cr_expect_str_eq(
		pg_text(db, "SELECT string_agg(case_key || ' ' || event || ' ' || state, ', ' "
			    "ORDER BY message_id) FROM message WHERE case_key NOT LIKE 'digest/%' "
			    "AND message_id > 3"),
		"quota/2026/000 updated superseded, quota/2026/000 closed queued, "
		"quota/2026/007 opened superseded, quota/2026/008 opened superseded");
	/* When it has left, the next one may take it. */
	pg_exec(db, "UPDATE message SET state = 'acknowledged' WHERE case_key LIKE 'digest/%'");
	queue("quota/2026/009", "opened", "notice");
	pg_exec(db, "UPDATE message SET held = true WHERE state = 'queued'");
	gather(0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE state = 'queued' AND case_key "
				"NOT LIKE 'digest/%'"),
		0);
	end();
}

/* Always quiet but for the hour twelve hours from now. */
static void add_quiet_route(void)
{
	pg_exec(db,
		"INSERT INTO route (name, channel, rules, units, quiet_from, quiet_to) "
		"SELECT 'r', 'hook', '{*}', '{*}', (n + interval '13 h')::time, (n + interval '12 "
		"h')::time FROM (SELECT now() AT TIME ZONE 'Asia/Shanghai' AS n) AS x");
}

static int64_t count_hushed(void)
{
	return pg_int(db, "SELECT count(*) FROM message WHERE quiet_until > now() + interval '11 "
			  "h' AND next_try_at = quiet_until");
}

Test(store_outbox_gather, quiet_hours_hold_for_the_probe_of_an_open_circuit)
{
	begin();
	add_quiet_route();
	queue("a", "opened", "notice");
	queue("b", "opened", "notice");
	pg_exec(db, "UPDATE message SET state = CASE case_key WHEN 'a' THEN 'retry' ELSE 'unknown' "
		    "END, next_try_at = now() + interval '10 min'");
	gather(0);
	cr_expect_eq(count_hushed(), 0);
	pg_exec(db, "UPDATE channel SET broken_since = now(), probe_at = now()");
	gather(0);
	cr_expect_eq(count_hushed(), 2);
	end();
}

Test(store_outbox_gather, a_route_that_does_not_tell_of_a_message_does_not_open_the_quiet_hours)
{
	begin();
	add_quiet_route();
	pg_exec(db, "INSERT INTO route (name, channel, rules, units, severity) VALUES ('duty', "
		    "'hook', '{*}', '{*}', 'urgent')");
	queue("a", "opened", "notice");
	gather(0);
	cr_expect_eq(count_hushed(), 1);
	/* Where it is the only one, it told of the case, and its hours count. */
	pg_exec(db, "DELETE FROM route WHERE name = 'r'");
	queue("b", "closed", "notice");
	gather(0);
	cr_expect_eq(count_hushed(), 1);
	/* Sums reach it as they reach a route when a message is written. */
	add_quiet_route();
	pg_exec(db, "UPDATE route SET severity = 'info', amount_fen = 9000000000000000 WHERE name "
		    "= 'duty'");
	gather(0);
	cr_expect_eq(count_hushed(), 2);
	end();
}

Test(store_outbox_gather, quiet_hours_hold_for_every_try)
{
	begin();
	add_quiet_route();
	queue("a", "opened", "notice");
	queue("b", "opened", "notice");
	queue("c", "opened", "urgent");
	pg_exec(db, "UPDATE message SET state = 'retry' WHERE case_key = 'b'");
	gather(0);
	cr_expect_str_eq(
		pg_text(db, "SELECT string_agg(case_key || ' ' || (next_try_at - now() BETWEEN "
			    "interval '11 h' AND interval '12 h' AND quiet_until = next_try_at), "
			    "', ' ORDER BY case_key) FROM message WHERE next_try_at > now()"),
		"a true, b true");
	/* Another route that is open now lets them leave. */
	pg_exec(db, "UPDATE message SET next_try_at = now(), quiet_until = NULL; INSERT INTO route "
		    "(name, channel, rules, units) VALUES ('s', 'hook', '{Q-3}', '{*}')");
	gather(0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message WHERE next_try_at > now()"), 0);
	end();
}
