/* Receivers that are away for three days, under a simulated clock: what waited arrives soon after their return, in order,
 * and without a storm. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/time.h>

#include "core/mem.h"
#include "lib/payloads.h"
#include "lib/pg.h"
#include "lib/robotd.h"
#include "lib/simulated.h"
#include "lib/sql_run.h"
#include "sql/embed.h"

/* The program under test lives in the simulation's time. */
int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	(void)zone;
	*now = (struct timeval){ .tv_sec = simulated_seconds() };
	return 0;
}

time_t time(time_t *ret)
{
	time_t now = (time_t)simulated_seconds();

	if (ret)
		*ret = now;
	return now;
}

static const char routes[] =
	"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { \"hook\", "
	"\"group\" } }\n";

static void queue(int from, int to, const char *event)
{
	char *sql = mem_format(
		"INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, "
		"payload) SELECT message_ref('2026-03-02'), 'arrears/' || i, '%s', 'P-1', "
		"'notice', "
		"'026', channel, jsonb_set($json$%s$json$, '{event}', to_jsonb('%s'::text)) FROM "
		"generate_series(%d, %d) AS i CROSS JOIN (VALUES ('hook'), ('group')) AS c "
		"(channel)",
		event, payload_arrears, event, from, to);

	pg_exec(simulated_db(), sql);
	free(sql);
}

static int64_t number(const char *sql)
{
	return pg_int(simulated_db(), sql);
}

enum { HOURS = 72, NIGHT = 5, CASES = 120 };

/* Cases open during the first two days; some of them close on the third. The first night passes probe by probe. */
static void live_through_the_outage(void)
{
	static const char *const days[] = { "2026-03-02", "2026-03-03", "2026-03-04" };

	for (int hour = 0; hour < HOURS; hour++) {
		if (hour < NIGHT)
			simulated_wait(days[0], hour, 10);
		else
			simulated_leap(days[hour / 24], hour % 24, 10);
		if (hour < 48)
			queue(hour * CASES / 48, (hour + 1) * CASES / 48 - 1, "opened");
		else
			queue((hour - 48) * 2, (hour - 48) * 2 + 1, "closed");
	}
	simulated_leap("2026-03-05", 0, 10);
}

static const char probes_too_often[] =
	"SELECT count(*) FROM (SELECT started_at - lag(started_at) OVER (PARTITION BY channel "
	"ORDER BY "
	"delivery_no) AS gap, started_at FROM delivery) d WHERE gap < interval '10 minutes' AND "
	"started_at BETWEEN '2026-03-02 02:00+08' AND '2026-03-02 04:10+08'";
static const char probes_too_seldom[] =
	"SELECT count(*) FROM (SELECT started_at - lag(started_at) OVER (PARTITION BY channel "
	"ORDER BY "
	"delivery_no) AS gap, started_at FROM delivery) d WHERE gap > interval '12 minutes' AND "
	"started_at BETWEEN '2026-03-02 02:00+08' AND '2026-03-02 04:10+08'";
/* Acknowledged out of the order of their case. */
static const char disorder[] = "SELECT count(*) FROM (SELECT d.delivery_no, lag(d.delivery_no) "
			       "OVER (PARTITION BY m.case_key, "
			       "m.channel ORDER BY m.message_id) AS before FROM message m JOIN "
			       "delivery d USING (message_id) "
			       "WHERE d.class = 'acknowledged') x WHERE delivery_no < before";
static const char unfinished[] = "SELECT count(*) FROM message WHERE state NOT IN ('acknowledged', "
				 "'superseded')";
static const char carried_by_nobody[] = "WITH RECURSIVE told AS (SELECT message_id FROM message "
					"WHERE state = 'acknowledged' UNION ALL "
					"SELECT m.message_id FROM message m JOIN told t ON "
					"m.superseded_by = t.message_id) SELECT (SELECT "
					"count(*) FROM message) - (SELECT count(*) FROM told)";

Test(outage, three_days_away_and_all_is_told_in_order_within_a_quarter_of_an_hour, .timeout = 280)
{
	if (!simulated_possible())
		cr_skip_test("libfaketime is not installed");
	simulated_start("2026-03-02", "\"office@xc.example\"", routes);
	simulated_away(true);
	live_through_the_outage();
	cr_expect_eq(number("SELECT count(*) FROM message WHERE state = 'acknowledged'"), 0);
	cr_expect_eq(
		number("SELECT count(*) FROM message WHERE state IN ('failed', 'rejected')"), 0);
	cr_expect_eq(number(probes_too_often), 0);
	cr_expect_eq(number(probes_too_seldom), 0);
	cr_expect_geq(number("SELECT count(*) FROM delivery WHERE started_at BETWEEN '2026-03-02 "
			     "02:00+08' AND '2026-03-02 04:00+08'"),
		2 * 9, "probes of two channels in two hours");
	simulated_away(false);
	simulated_wait("2026-03-05", 0, 25);
	cr_expect_eq(number(unfinished), 0);
	cr_expect_eq(number(carried_by_nobody), 0);
	cr_expect_eq(number(disorder), 0);
	cr_expect_eq(number("SELECT count(*) FROM message m JOIN message d ON d.message_id = "
			    "m.superseded_by WHERE m.event = 'opened' AND d.event = 'closed' AND "
			    "d.channel = 'hook'"),
		48, "opened and closed in the outage are one message");
	cr_expect_eq(robotd_penalties(simulated_robot()), 0);
	cr_expect_eq(
		robotd_refused(simulated_robot()), 0, "%s", robotd_last_refusal(simulated_robot()));
	simulated_stop();
}

static const char given_up[] = "SELECT count(*) FROM message WHERE state = 'failed'";

/* A person asks for another try of all that were given up. */
static void replay_all(void)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_heard heard = { 0 };
	struct err err = ERR_INIT;

	for (int i = 0; i < 5; i++)
		sql_param_null(&params);
	sql_param_text(&params, "office");
	sql_param_text(&params, "the receiver is back");
	sql_param_text(&params, "{failed}");
	cr_assert(sql_submit(simulated_link(),
			  &(struct sql_call){ .text = sql_text_alert_retry,
				  .params = &params,
				  .row = sql_heard_row,
				  .done = sql_heard_done,
				  .arg = &heard },
			  &err),
		"%s", err.text);
	pg_loop_until(simulated_base(), &heard.done, SQL_RUN_PATIENCE_MS);
	cr_expect_eq(heard.rows, 4);
}

/* Two cases, each to two receivers that stay away; from hour to hour only a probe leaves. */
Test(outage, after_five_days_a_message_waits_for_a_person_and_leaves_when_one_says_so,
	.timeout = 280)
{
	static const char *const days[] = { "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05",
		"2026-03-06", "2026-03-07" };

	if (!simulated_possible())
		cr_skip_test("libfaketime is not installed");
	simulated_start("2026-03-02", "\"office@xc.example\"", routes);
	simulated_away(true);
	simulated_goto("2026-03-02", 8, 0);
	queue(0, 1, "opened");
	for (int hour = 8; hour <= 5 * 24 + 7; hour++)
		simulated_leap(days[hour / 24], hour % 24, 1);
	cr_expect_eq(number(given_up), 0, "five days are not over");
	for (int hour = 5 * 24 + 8; hour < 5 * 24 + 16; hour++)
		simulated_leap(days[hour / 24], hour % 24, 30);
	cr_expect_eq(number(given_up), 4);
	simulated_away(false);
	simulated_leap("2026-03-07", 23, 0);
	cr_expect_eq(number("SELECT count(*) FROM delivery WHERE class = 'acknowledged'"), 0,
		"nothing leaves by itself any more");
	replay_all();
	simulated_leap("2026-03-07", 23, 30);
	cr_expect_eq(number("SELECT count(*) FROM message WHERE state = 'acknowledged'"), 4);
	simulated_stop();
}
