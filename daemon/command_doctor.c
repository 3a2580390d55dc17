/* doctor: what an operator would look at first, in one list. Each line is ok, warn or fail with what to do. */
#include <event2/event.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/day.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/link.h"
#include "sql/migrate.h"

enum { JSON };
static const struct command_option options[] = {
	[JSON] = { "json", OPTION_FLAG, NULL, "the list as JSON", NULL },
	{ .name = NULL },
};

enum { EVENT_FLOOR = 0x02010c00, SERVER_FLOOR = 150000, QUEUE_WARN = 1000 };

struct doctor {
	struct session session;
	json_t *list;
	bool failed;
};

static void note(struct doctor *doctor, const char *subject, const char *verdict, const char *text)
{
	json_array_append_new(doctor->list,
		json_pack("{s:s, s:s, s:s}", "subject", subject, "verdict", verdict, "text", text));
	doctor->failed |= strcmp(verdict, "fail") == 0;
}

static void look_at_files(struct doctor *doctor)
{
	const struct config *config = doctor->session.config;
	struct err err = ERR_INIT;
	note(doctor, "configuration", "ok", conf_path(config->conf));
	if (access(config->state, R_OK | W_OK | X_OK) == 0)
		note(doctor, "state directory", "ok", config->state);
	else
		note(doctor, "state directory", "fail",
			"it is missing or not writable for this user");
	if (!config->password_path)
		return;
	char *secret = conf_secret_read(config->password_path, &err);
	note(doctor, "database password", secret ? "ok" : "fail",
		secret ? config->password_path : err.text);
	conf_secret_free(secret);
}

static void look_at_libraries(struct doctor *doctor)
{
	if (event_get_version_number() >= EVENT_FLOOR)
		note(doctor, "libevent", "ok", event_get_version());
	else
		note(doctor, "libevent", "fail",
			"2.1.12 with the distribution's fixes is the oldest that is safe");
}

static void on_ledger_row(void *arg, const struct sql_row *row)
{
	struct doctor *doctor = arg;
	char text[160];
	snprintf(text, sizeof(text), "batch %lld, last evaluation %s",
		(long long)sql_row_int(row, 1), sql_row_int(row, 2) ? "on record" : "never");
	note(doctor, "ledger", sql_row_int(row, 2) ? "ok" : "warn", text);
	snprintf(text, sizeof(text), "%lld messages wait", (long long)sql_row_int(row, 3));
	note(doctor, "outbox", sql_row_int(row, 3) < QUEUE_WARN ? "ok" : "warn", text);
}

static void on_calendar_row(void *arg, const struct sql_row *row)
{
	struct doctor *doctor = arg;
	char text[160];
	int64_t last = sql_row_int_or(row, 0, 0);
	bool enough = last >= day_year(day_today());
	snprintf(text, sizeof(text), "known to the end of %lld%s", (long long)last,
		enough ? ""
		       : ": due days of this year cannot be computed, load the published days");
	note(doctor, "working-day calendar", enough ? "ok" : "fail", text);
}

static void on_looked(void *arg, const struct sql_outcome *outcome)
{
	struct doctor *doctor = arg;
	if (outcome->err.code != ERR_NONE)
		note(doctor, "ledger", "fail", outcome->err.text);
	session_finish(&doctor->session, NULL);
}

static void look_at_ledger(struct doctor *doctor)
{
	struct err err = ERR_INIT;
	struct sql_call state = {
		.text = sql_text_monitor_state, .row = on_ledger_row, .arg = doctor
	};
	struct sql_call calendar = { .text = sql_text_doctor_calendar,
		.row = on_calendar_row,
		.done = on_looked,
		.arg = doctor };
	if (sql_submit(doctor->session.link, &state, &err) &&
		sql_submit(doctor->session.link, &calendar, &err))
		return;
	note(doctor, "ledger", "fail", err.text);
	session_finish(&doctor->session, NULL);
}

static void on_schema(void *arg, const struct err *err, int version)
{
	struct doctor *doctor = arg;
	char text[64];
	if (err && err->code != ERR_NONE) {
		bool away = err->code == ERR_DB_DOWN || err->code == ERR_TIMEOUT;
		note(doctor, away ? "database" : "schema", "fail", err->text);
		session_finish(&doctor->session, NULL);
		return;
	}
	int server = sql_link_server_version(doctor->session.link);
	snprintf(text, sizeof(text), "PostgreSQL %d.%d", server / 10000, server % 10000);
	note(doctor, "database", server >= SERVER_FLOOR ? "ok" : "fail", text);
	snprintf(text, sizeof(text), "version %d", version);
	note(doctor, "schema", "ok", text);
	look_at_ledger(doctor);
}

static void print_list(const struct doctor *doctor, bool as_json)
{
	size_t index;
	json_t *line;
	if (as_json) {
		json_dumpf(doctor->list, stdout, JSON_INDENT(1));
		putchar('\n');
		return;
	}
	json_array_foreach(doctor->list, index, line)
		printf("%-5s %-21s %s\n", json_string_value(json_object_get(line, "verdict")),
			json_string_value(json_object_get(line, "subject")),
			json_string_value(json_object_get(line, "text")));
}

static int run_doctor(struct command_call *call)
{
	struct doctor doctor = { .list = json_array() };
	int status = session_open(&doctor.session, call, SESSION_ANY_SCHEMA);
	if (status == STATUS_DONE) {
		look_at_files(&doctor);
		look_at_libraries(&doctor);
		sql_schema_check(doctor.session.link, on_schema, &doctor);
		session_run(&doctor.session);
		print_list(&doctor, call->value[JSON].given);
		status = doctor.failed ? STATUS_FAILED : STATUS_DONE;
	}
	json_decref(doctor.list);
	session_close(&doctor.session);
	return status;
}

const struct command command_doctor = {
	.name = "doctor",
	.usage = "",
	.help = "Looks at configuration, files, libraries, database and ledger; says what is "
		"wrong.",
	.options = options,
	.run = run_doctor,
};
