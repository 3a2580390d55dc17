/* Findings, messages and deliveries by HTTP: what they are searched by. */
#include <criterion/criterion.h>

#include "lib/api_world.h"

static struct world *w;

static void set_up(void)
{
	w = world_new();
	pg_exec(w->db,
		"INSERT INTO channel (name, kind) VALUES ('mail', 'mail'), ('robot', 'wecom')");
	pg_exec(w->db,
		"INSERT INTO message (ref, case_key, event, rule_id, severity, unit_code, channel, "
		"recipient, payload, state, created_at) VALUES "
		"('A-20261006-000001', 'quota/1', 'opened', 'Q-1', 'notice', '026', 'mail', "
		" 'a@x.example', '{}', 'acknowledged', '2026-10-06 00:00:00+08'), "
		"('A-20261006-000002', 'quota/2', 'opened', 'Q-1', 'urgent', '027', 'mail', "
		" 'b@x.example', '{}', 'failed', '2026-10-06 23:59:59+08'), "
		"('A-20261007-000003', 'arrears/1', 'closed', 'P-1', 'notice', '026', 'robot', '', "
		" '{}', 'queued', '2026-10-07 00:00:00+08')");
	pg_exec(w->db,
		"INSERT INTO delivery (delivery_no, message_id, attempt, channel, recipient, "
		"started_at, finished_at, bytes, class, answer) "
		"SELECT row_number() OVER (ORDER BY message_id, n), message_id, n, channel, "
		"recipient, "
		"created_at, created_at, 10, CASE WHEN n = 1 THEN 'retry-later' ELSE "
		"'acknowledged' END, "
		"'ok' FROM message, generate_series(1, 2) AS n WHERE state <> 'queued'");
}

static void tear_down(void)
{
	world_free(w);
}

TestSuite(api_alerts, .init = set_up, .fini = tear_down, .timeout = 60);

/* What the list gives, one member of each row joined by blanks. */
static void expect(const char *path, const char *member, const char *wanted)
{
	json_t *page = world_ask_json(w, path), *row;
	char got[600] = "";
	size_t i;

	json_array_foreach(json_object_get(page, "items"), i, row)
	{
		const json_t *value = json_object_get(row, member);
		size_t used = strlen(got);

		if (json_is_integer(value))
			snprintf(got + used, sizeof(got) - used, "%s%lld", i ? " " : "",
				(long long)json_integer_value(value));
		else
			snprintf(got + used, sizeof(got) - used, "%s%s", i ? " " : "",
				json_string_value(value));
	}
	cr_expect_str_eq(got, wanted, "%s: %s", path, got);
	json_decref(page);
}

static void expect_refused(const char *path, const char *why)
{
	cr_expect_eq(world_ask(w, path), 400, "%s", path);
	cr_expect(strstr(w->body, why), "%s: %s", path, w->body);
}

Test(api_alerts, messages_are_found_by_each_column_alone_and_by_all_together)
{
	static const struct {
		const char *query, *ids;
	} cases[] = { { "", "3 2 1" }, { "?state=failed", "2" }, { "?channel=robot", "3" },
		{ "?recipient=a%40x.example", "1" }, { "?unit_code=026", "3 1" },
		{ "?rule_id=P-1", "3" }, { "?severity=urgent", "2" }, { "?event=closed", "3" },
		{ "?ref=A-20261006", "2 1" }, { "?ref=A-20261006-000002", "2" }, { "?ref=%25", "" },
		{ "?channel=mail&unit_code=026&state=acknowledged", "1" },
		{ "?channel=mail&unit_code=028", "" } };
	char path[200];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(path, sizeof(path), "/api/v1/alerts%s", cases[i].query);
		expect(path, "message_id", cases[i].ids);
	}
}

Test(api_alerts, a_span_of_days_holds_both_its_days_in_shanghai)
{
	expect("/api/v1/alerts?since=2026-10-06&until=2026-10-06", "message_id", "2 1");
	expect("/api/v1/alerts?since=2026-10-07", "message_id", "3");
	expect("/api/v1/alerts?until=2026-10-05", "message_id", "");
	expect("/api/v1/deliveries?until=2026-10-06&class=acknowledged", "delivery_no", "4 2");
}

Test(api_alerts, deliveries_are_found_by_what_their_message_is_about)
{
	expect("/api/v1/deliveries", "delivery_no", "4 3 2 1");
	expect("/api/v1/deliveries?unit_code=027", "delivery_no", "4 3");
	expect("/api/v1/deliveries?rule_id=P-1", "delivery_no", "");
	expect("/api/v1/deliveries?class=retry-later", "delivery_no", "3 1");
	expect("/api/v1/deliveries?recipient=b%40x.example&channel=mail", "delivery_no", "4 3");
	expect("/api/v1/deliveries?ref=A-20261006-000001", "delivery_no", "2 1");
}

Test(api_alerts, a_searched_list_has_pages)
{
	json_t *page =
		world_ask_json(w, "/api/v1/deliveries?channel=mail&class=acknowledged&limit=1");
	char path[200];

	cr_expect_eq(json_array_size(json_object_get(page, "items")), 1);
	snprintf(path, sizeof(path),
		"/api/v1/deliveries?channel=mail&class=acknowledged&limit=1&cursor=%s",
		json_string_value(json_object_get(page, "next")));
	json_decref(page);
	expect(path, "delivery_no", "2");
}

Test(api_alerts, findings_are_found_by_change_and_by_the_message_that_told_of_them)
{
	pg_exec(w->db, world_run_row);
	pg_exec(w->db, "INSERT INTO finding (rule_id, code, subject_kind, subject, unit_code, "
		       "severity, state, "
		       "opened_on, changed_on, evidence, print, first_run, last_run) "
		       "SELECT 'P-1', 'arrears-overdue', 'obligation', 'O' || n, '026', "
		       "CASE n WHEN 1 THEN 'notice' ELSE 'urgent' END, 'open', '2026-10-01', "
		       "date '2026-10-04' + n, '{}', 'x', r.run_id, r.run_id "
		       "FROM generate_series(1, 3) AS n, (SELECT min(run_id) AS run_id FROM "
		       "check_run) AS r");
	pg_exec(w->db, "INSERT INTO message_finding SELECT m.message_id, f.finding_id, 1 "
		       "FROM message m, finding f WHERE m.ref = 'A-20261007-000003' AND "
		       "f.subject = 'O2'");
	expect("/api/v1/findings?ref=A-20261007-000003", "subject", "O2");
	expect("/api/v1/findings?severity=urgent", "subject", "O3 O2");
	expect("/api/v1/findings?since=2026-10-05&until=2026-10-06", "subject", "O2 O1");
	expect("/api/v1/findings?state=closed", "subject", "");
}

Test(api_alerts, what_cannot_be_a_value_is_refused_and_what_could_be_is_named)
{
	expect_refused("/api/v1/alerts?state=sent",
		"state must be one of: queued, sending, acknowledged, rejected");
	expect_refused("/api/v1/alerts?severity=high", "info, notice, warning, urgent");
	expect_refused("/api/v1/alerts?since=06.10.2026", "since must be a date YYYY-MM-DD");
	expect_refused("/api/v1/alerts?since=2026-10-07&until=2026-10-06",
		"until, 2026-10-06, lies before since, 2026-10-07");
	expect_refused("/api/v1/alerts?adresse=x", "unknown parameter adresse");
	expect_refused("/api/v1/alerts?cursor=x", "cursor");
	expect_refused("/api/v1/deliveries?class=fine", "rejected-permanent");
	expect_refused("/api/v1/deliveries?state=queued", "unknown parameter state");
	expect_refused(
		"/api/v1/findings?state=", "state must be one of: open, acknowledged, closed");
}
