#include "lib/outbox_rig.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "alerts/alert.h"
#include "alerts/outbox.h"
#include "core/fetch.h"
#include "core/mem.h"
#include "lib/alerting.h"
#include "lib/payloads.h"
#include "lib/sql_run.h"

enum { PATIENCE_MS = 60000 };

struct outbox_rig rig;
const char rig_acknowledged[] = "SELECT count(*) FROM message WHERE state = 'acknowledged'";

void rig_begin_on(
	struct pg_db *database, const struct sink_answer *answers, int count, const char *more)
{
	fetch_global_init();
	rig.db = database;
	rig.sink = sink_start(answers, count);
	snprintf(rig.room, sizeof(rig.room), "http://127.0.0.1:%d/hook?key=secret",
		sink_port(rig.sink));
	rig.conf = alerting_conf(
		"channel \"hook\" { kind = webhook url-file = \"%s\" secret-file = \"%s\" tls = "
		"none "
		"allow = { \"127.0.0.1\" } %s %s %s }\n"
		"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { \"hook\" } }\n",
		alerting_file(rig.room),
		alerting_file("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
		strstr(more, "timeout") ? "" : "timeout = 1s",
		strstr(more, "retry-first") ? "" : "retry-first = 100ms retry-cap = 1s", more);
}

void rig_begin(const struct sink_answer *answers, int count, const char *more)
{
	rig.base = pg_loop_new();
	rig_begin_on(pg_db_new(), answers, count, more);
}

void rig_begin_kind(const struct sink_answer *answers, int count, const char *block_format)
{
	fetch_global_init();
	rig.base = pg_loop_new();
	rig.db = pg_db_new();
	rig.sink = sink_start(answers, count);
	snprintf(rig.room, sizeof(rig.room),
		"channel \"hook\" { %s }\n"
		"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { \"hook\" } }\n",
		block_format);
	rig.conf = alerting_conf(rig.room, sink_port(rig.sink));
}

void rig_end_but_database(void)
{
	conf_free(rig.conf);
	sink_stop(rig.sink);
	pg_loop_free(rig.base);
	fetch_global_free();
	alerting_files_remove();
	rig.state = NULL;
}

void rig_end(void)
{
	rig_end_but_database();
	pg_db_free(rig.db);
}

void pump_open(struct pump *pump)
{
	struct alert_env env = { .base = rig.base, .state = rig.state };
	struct err err = ERR_INIT;

	*pump = (struct pump){ .link = sql_run_link(rig.base, pg_db_dsn(rig.db)) };
	sql_run_until_ready(rig.base, pump->link);
	pump->fetch = fetch_new(rig.base, &err);
	env.fetch = pump->fetch;
	pump->outbox = outbox_new(&env, pump->link, rig.conf, &err);
	cr_assert_not_null(pump->outbox, "%s", err.text);
	outbox_start(pump->outbox);
}

static void on_drained(void *arg)
{
	*(bool *)arg = true;
}

void pump_stop(struct pump *pump, int grace_ms)
{
	outbox_stop(pump->outbox, grace_ms, on_drained, &pump->drained);
	cr_assert_not(pump->drained, "drained inside stop");
	pg_loop_until(rig.base, &pump->drained, 15000);
	outbox_free(pump->outbox);
	fetch_free(pump->fetch);
	sql_link_free(pump->link);
}

void pump_kill(struct pump *pump)
{
	sql_link_free(pump->link);
	outbox_free(pump->outbox);
	fetch_free(pump->fetch);
}

void rig_queue_event(const char *ref, const char *kase, const char *event)
{
	char *sql = mem_format(
		"INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, "
		"payload) VALUES ('%s', '%s', '%s', 'Q-2', 'notice', '026', 'hook', "
		"jsonb_set($json$%s$json$, '{event}', to_jsonb('%s'::text)))",
		ref, kase, event, payload_quota, event);

	pg_exec(rig.db, sql);
	free(sql);
}

void rig_queue(const char *ref, const char *kase)
{
	rig_queue_event(ref, kase, "opened");
}

void rig_queue_cases(int count)
{
	for (int i = 1; i <= count; i++) {
		char ref[32], kase[32];

		snprintf(ref, sizeof(ref), "A-20261006-%06d", i);
		snprintf(kase, sizeof(kase), "case/%d", i);
		rig_queue(ref, kase);
	}
}

const char *rig_state_of(const char *ref)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT state FROM message WHERE ref = '%s'", ref);
	return pg_text(rig.db, sql);
}

struct wanted {
	const char *sql;
	int64_t value;
};

static bool equals(void *arg)
{
	const struct wanted *wanted = arg;

	return pg_int(rig.db, wanted->sql) == wanted->value;
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

/* What is waited for may lie in the database or another thread: nothing else would turn the loop to look at it. */
void rig_until_true(bool (*holds)(void *arg), void *arg)
{
	struct timeval often = { 0, 20000 };
	struct event *tick = event_new(rig.base, -1, EV_PERSIST, on_tick, NULL);

	event_add(tick, &often);
	pg_loop_until_true(rig.base, holds, arg, PATIENCE_MS);
	event_free(tick);
}

void rig_until(const char *sql, int64_t value)
{
	struct wanted wanted = { sql, value };

	rig_until_true(equals, &wanted);
}

static bool heard(void *arg)
{
	return sink_count(rig.sink) >= *(int *)arg;
}

void rig_until_heard(int count)
{
	rig_until_true(heard, &count);
}

void rig_expect_gapless(void)
{
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM delivery"),
		pg_int(rig.db, "SELECT coalesce(max(delivery_no), 0) FROM delivery"));
	cr_expect_eq(pg_int(rig.db, "SELECT coalesce(min(delivery_no), 1) FROM delivery"), 1);
	cr_expect_eq(
		pg_int(rig.db, "SELECT count(*) FROM (SELECT message_id FROM delivery WHERE class "
			       "= 'acknowledged' "
			       "GROUP BY 1 HAVING count(*) > 1) x"),
		0, "acknowledged twice");
}
