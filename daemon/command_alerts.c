/* alerts: the outbox and the ledger of deliveries, as a person sees and moves them. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { LIMIT, FORMAT };
static const struct command_option options[] = {
	[LIMIT] = { "limit", OPTION_INT, "N", "list: the newest N messages (50)", NULL },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table", "list: how to lay it out (table)",
		tab_format_words },
	{ .name = NULL },
};

static const struct tab_column list_columns[] = {
	{ "ref", NULL, "ref", "编号", TAB_TEXT },
	{ "created_at", NULL, "created_at", "时间", TAB_TEXT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "event", NULL, "event", "事件", TAB_TEXT },
	{ "unit", NULL, "unit", "单位", TAB_TEXT },
	{ "channel", NULL, "channel", "渠道", TAB_TEXT },
	{ "recipient", NULL, "recipient", "收件人", TAB_TEXT },
	{ "state", NULL, "state", "状态", TAB_TEXT },
	{ "attempts", NULL, "attempts", "次数", TAB_INT },
	{ "last_answer", NULL, "last_answer", "最近应答", TAB_TEXT },
};

struct alerts {
	struct session session;
	const struct command_call *call;
	json_t *rows;
	int seen;
	bool refused;
};

/* Columns as api_alerts.sql selects them. */
static void on_list_row(void *arg, const struct sql_row *row)
{
	static const struct {
		const char *name;
		int column;
	} texts[] = { { "ref", 1 }, { "event", 2 }, { "rule", 3 }, { "severity", 4 }, { "unit", 5 },
		{ "channel", 6 }, { "recipient", 7 }, { "state", 8 }, { "created_at", 10 },
		{ "last_class", 11 }, { "last_answer", 12 } };
	struct alerts *alerts = arg;
	json_t *object = json_object();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		json_object_set_new(
			object, texts[i].name, json_string(sql_row_text(row, texts[i].column)));
	json_object_set_new(object, "attempts", json_integer(sql_row_int(row, 9)));
	json_array_append_new(alerts->rows, object);
}

static void on_listed(void *arg, const struct sql_outcome *outcome)
{
	struct alerts *alerts = arg;
	const struct command_value *format = &alerts->call->value[FORMAT];
	if (outcome->err.code == ERR_NONE && format->given && format->number == TAB_JSON) {
		json_dumpf(alerts->rows, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (outcome->err.code == ERR_NONE) {
		tab_write(stdout, format->given ? (enum tab_format)format->number : TAB_TABLE,
			list_columns, (int)(sizeof(list_columns) / sizeof(*list_columns)),
			alerts->rows);
	}
	session_finish(&alerts->session, &outcome->err);
}

static void on_show_row(void *arg, const struct sql_row *row)
{
	struct alerts *alerts = arg;
	alerts->seen++;
	json_t *message = json_loads(sql_row_text(row, 0), 0, NULL);
	json_dumpf(message, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(message);
}

static void on_retry_row(void *arg, const struct sql_row *row)
{
	struct alerts *alerts = arg;
	alerts->seen++;
	alerts->refused = !sql_row_bool(row, 2);
	if (alerts->refused)
		fprintf(stderr,
			"setaside: %s is %s, only given-up or postponed messages are tried again\n",
			sql_row_text(row, 0), sql_row_text(row, 1));
	else
		printf("%s is queued again\n", sql_row_text(row, 0));
}

static void on_test_row(void *arg, const struct sql_row *row)
{
	struct alerts *alerts = arg;
	alerts->seen++;
	printf("%s is queued%s%s; setaside alerts show %s tells what became of it\n",
		sql_row_text(row, 0), *sql_row_text(row, 1) ? " for " : "", sql_row_text(row, 1),
		sql_row_text(row, 0));
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct alerts *alerts = arg;
	struct err err = outcome->err;
	if (err.code == ERR_NONE && alerts->seen == 0)
		err_set(&err, ERR_DATA, "there is no message or channel %s in the database",
			alerts->call->argument[1]);
	session_finish(&alerts->session, &err);
	if (alerts->refused)
		alerts->session.status = STATUS_REFUSED;
}

static char *test_payload(const struct config *config)
{
	char day[DAY_TEXT_MAX], timestamp[32];
	time_t now = time(NULL);
	struct tm utc;
	gmtime_r(&now, &utc);
	strftime(timestamp, sizeof(timestamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	json_t *payload = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:b, s:s, s:{s:s, s:s}, s:[], s:s}", "type",
		"sme.channel.test", "event", "opened", "timestamp", timestamp, "as_of",
		day_text(day_today(), day), "case", "test", "severity", "info", "rules", "test",
		"demonstration", 0, "jurisdiction", config->jurisdiction, "unit", "code",
		"district", "name", "", "findings", "program", SETASIDE_VERSION);
	char *text = json_dumps(payload, JSON_COMPACT);
	json_decref(payload);
	return text;
}

static int submit(struct alerts *alerts, const struct sql_call *call)
{
	struct err err = ERR_INIT;
	if (!sql_submit(alerts->session.link, call, &err))
		return command_failed(&err);
	return session_run(&alerts->session);
}

static int run_list(struct alerts *alerts)
{
	struct sql_params params = SQL_PARAMS_INIT;
	const struct command_value *limit = &alerts->call->value[LIMIT];
	struct sql_call call = { .text = sql_text_api_alerts,
		.params = &params,
		.row = on_list_row,
		.done = on_listed,
		.arg = alerts };
	sql_param_int(&params, limit->given ? limit->number : 50);
	sql_param_null(&params);
	alerts->rows = json_array();
	int status = submit(alerts, &call);
	json_decref(alerts->rows);
	return status;
}

static int run_one(struct alerts *alerts, const char *text, sql_row_fn row)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = {
		.text = text, .params = &params, .row = row, .done = on_done, .arg = alerts
	};
	sql_param_text(&params, alerts->call->argument[1]);
	return submit(alerts, &call);
}

static int run_test(struct alerts *alerts)
{
	struct sql_params params = SQL_PARAMS_INIT;
	_cleanup_free_ char *payload = test_payload(alerts->session.config);
	struct sql_call call = { .text = sql_text_alert_test,
		.params = &params,
		.row = on_test_row,
		.done = on_done,
		.arg = alerts };
	sql_param_text(&params, alerts->call->argument[1]);
	sql_param_text(&params, payload);
	sql_param_day(&params, day_today());
	return submit(alerts, &call);
}

static int run_verb(struct alerts *alerts)
{
	const char *verb = alerts->call->argument[0];
	bool with_id = alerts->call->arguments == 2;
	struct err err = ERR_INIT;
	if (!with_id && strcmp(verb, "list") == 0)
		return run_list(alerts);
	if (with_id && strcmp(verb, "show") == 0)
		return run_one(alerts, sql_text_alert_show, on_show_row);
	if (with_id && strcmp(verb, "retry") == 0)
		return run_one(alerts, sql_text_alert_retry, on_retry_row);
	if (with_id && strcmp(verb, "test") == 0)
		return run_test(alerts);
	err_set(&err, ERR_USAGE, "usage: setaside alerts %s", command_alerts.usage);
	return command_failed(&err);
}

static int run_alerts(struct command_call *call)
{
	struct alerts alerts = { .call = call };
	int status = session_open(&alerts.session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE)
		status = run_verb(&alerts);
	session_close(&alerts.session);
	return status;
}

const struct command command_alerts = {
	.name = "alerts",
	.usage = "list | show REF | retry REF | test CHANNEL",
	.least = 1,
	.most = 2,
	.help = "The outbox and the ledger of deliveries.",
	.options = options,
	.run = run_alerts,
};
