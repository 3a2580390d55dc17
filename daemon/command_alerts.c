/* alerts: the outbox and the ledger of deliveries, as a person sees and moves them. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/life.h"
#include "core/buf.h"
#include "core/mem.h"
#include "daemon/command_alerts_own.h"
#include "daemon/config.h"
#include "sql/embed.h"
#include "sql/job.h"

static const char *const format_words[] = { "json", "csv", "table", "xlsx", NULL };

static const struct command_option options[] = {
	[ALERTS_LIMIT] = { "limit", OPTION_INT, "N", "lists: the newest N rows (50)", NULL },
	[ALERTS_FORMAT] = { "format", OPTION_WORD, "json, csv, table, xlsx",
		"lists: how to lay them out (table); xlsx needs --out", format_words },
	[ALERTS_OUT] = { "out", OPTION_TEXT, "FILE", "lists: write to this file", NULL },
	[ALERTS_CHANNEL] = { "channel", OPTION_TEXT, "NAME", "lists, retry: of this channel",
		NULL },
	[ALERTS_STATE] = { "state", OPTION_TEXT, "WORD",
		"list, retry: in this state; deliveries: of this class", NULL },
	[ALERTS_UNIT] = { "unit", OPTION_TEXT, "CODE", "lists: about this unit", NULL },
	[ALERTS_CASE] = { "case", OPTION_TEXT, "KEY", "lists: of this case, like arrears/301",
		NULL },
	[ALERTS_TEXT] = { "text", OPTION_TEXT, "WORDS",
		"lists: these words in reference, recipient, answer or unit", NULL },
	[ALERTS_SINCE] = { "since", OPTION_DAY, "DATE", "lists, retry, dry-run: from this day",
		NULL },
	[ALERTS_UNTIL] = { "until", OPTION_DAY, "DATE",
		"lists, retry, dry-run: to this day; silence: its last day", NULL },
	[ALERTS_BY] = { "by", OPTION_TEXT, "NAME", "the person who asks for it", NULL },
	[ALERTS_REASON] = { "reason", OPTION_TEXT, "TEXT", "why, in that person's words", NULL },
	[ALERTS_TO] = { "to", OPTION_TEXT, "NAME", "assign, escalate: to whom", NULL },
	{ .name = NULL },
};

const char *alerts_text(const struct alerts *alerts, enum alerts_option option)
{
	const struct command_value *value = &alerts->call->value[option];

	return value->given ? value->text : NULL;
}

enum { STATES_MAX = 256 };

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
	if (sql_row_bool(row, 2)) {
		printf("%s is queued again\n", sql_row_text(row, 0));
		return;
	}
	alerts->refused++;
	fprintf(stderr, "setaside: %s is %s, only given-up or postponed messages are tried again\n",
		sql_row_text(row, 0), sql_row_text(row, 1));
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
	if (err.code == ERR_NONE && alerts->seen == 0 && alerts->call->arguments > 1)
		err_set(&err, ERR_DATA, "there is no message or channel %s in the database",
			alerts->call->argument[1]);
	else if (err.code == ERR_NONE && alerts->seen == 0)
		err_set(&err, ERR_DATA, "no message that could be tried again matches");
	session_finish(&alerts->session, &err);
	if (alerts->refused > 0)
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

static int run_show(struct alerts *alerts)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .text = sql_text_alert_show,
		.params = &params,
		.row = on_show_row,
		.done = on_done,
		.arg = alerts };
	sql_param_text(&params, alerts->call->argument[1]);
	return submit(alerts, &call);
}

static void param_text(struct sql_params *params, const char *text)
{
	if (text)
		sql_param_text(params, text);
	else
		sql_param_null(params);
}

/* Whoever runs the command, unless it says who asked. */
static const char *person_of(const struct alerts *alerts)
{
	const char *person = alerts_text(alerts, ALERTS_BY);

	if (!person || !*person)
		person = getenv("SUDO_USER");
	if (!person || !*person)
		person = getenv("USER");
	return person && *person ? person : "the operator";
}

static int run_retry(struct alerts *alerts)
{
	const struct command_value *value = alerts->call->value;
	const char *reason = alerts_text(alerts, ALERTS_REASON);
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct buf from, next;
	struct sql_call call = { .text = sql_text_alert_retry,
		.params = &params,
		.row = on_retry_row,
		.done = on_done,
		.arg = alerts };
	int status;

	if (alerts->call->arguments < 2 && !value[ALERTS_CHANNEL].given &&
		!value[ALERTS_STATE].given && !value[ALERTS_SINCE].given &&
		!value[ALERTS_UNTIL].given) {
		err_set(&err, ERR_USAGE,
			"retry needs a reference, or --channel, --state, --since or --until");
		return command_failed(&err);
	}
	buf_init(&from, STATES_MAX);
	buf_init(&next, STATES_MAX);
	life_steps_of(&life_message, "replayed", LIFE_PERSON, &from, &next);
	param_text(&params, alerts->call->arguments > 1 ? alerts->call->argument[1] : NULL);
	param_text(&params, alerts_text(alerts, ALERTS_CHANNEL));
	param_text(&params, alerts_text(alerts, ALERTS_STATE));
	for (int i = ALERTS_SINCE; i <= ALERTS_UNTIL; i++) {
		if (value[i].given)
			sql_param_day(&params, value[i].day);
		else
			sql_param_null(&params);
	}
	sql_param_text(&params, person_of(alerts));
	sql_param_text(&params, reason ? reason : "");
	sql_param_text(&params, from.data);
	status = submit(alerts, &call);
	buf_free(&from);
	buf_free(&next);
	return status;
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

/* least and most: how many words the verb takes, itself included. */
static const struct verb {
	const char *name, *second;
	int least, most;
	int (*run)(struct alerts *alerts);
	const char *event; /* of a case, instead of run */
} verbs[] = {
	{ "list", NULL, 1, 1, alerts_list, NULL },
	{ "deliveries", NULL, 1, 1, alerts_deliveries, NULL },
	{ "show", NULL, 2, 2, run_show, NULL },
	{ "retry", NULL, 1, 2, run_retry, NULL },
	{ "test", NULL, 2, 2, run_test, NULL },
	{ "enable", NULL, 2, 2, alerts_enable, NULL },
	{ "route", "dry-run", 2, 2, alerts_dry_run, NULL },
	{ "ack", NULL, 2, 2, NULL, "acknowledged" },
	{ "assign", NULL, 2, 2, NULL, "assigned" },
	{ "escalate", NULL, 2, 2, NULL, "escalated" },
	{ "silence", NULL, 2, 2, NULL, "silenced" },
	{ "unsilence", NULL, 2, 2, NULL, "unsilenced" },
};

static const struct verb *find_verb(const struct command_call *call)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		const struct verb *verb = &verbs[i];

		if (strcmp(verb->name, call->argument[0]) == 0 && call->arguments >= verb->least &&
			call->arguments <= verb->most &&
			(!verb->second || strcmp(verb->second, call->argument[1]) == 0))
			return verb;
	}
	return NULL;
}

static int run_verb(struct alerts *alerts)
{
	const struct verb *verb = find_verb(alerts->call);
	const struct command_value *format = &alerts->call->value[ALERTS_FORMAT];
	struct err err = ERR_INIT;

	if (!verb)
		err_set(&err, ERR_USAGE, "usage: setaside alerts %s", command_alerts.usage);
	else if (format->given && format->number == ALERTS_XLSX &&
		 !alerts->call->value[ALERTS_OUT].given)
		err_set(&err, ERR_USAGE, "--format xlsx needs --out FILE");
	if (err.code)
		return command_failed(&err);
	return verb->event ? alerts_act(alerts, verb->event) : verb->run(alerts);
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
	.usage = "list | deliveries | show REF | retry [REF] | test CHANNEL | enable CHANNEL | "
		 "route dry-run | "
		 "ack | assign | escalate | silence | unsilence CASE",
	.least = 1,
	.most = 2,
	.help = "The outbox, the ledger of deliveries, and what persons do to cases.",
	.more = "CASE is the key of a case (arrears/301), the reference of a message, or the "
		"number of a "
		"finding.\n"
		"Silence holds all messages of the case until the end of its last day; then one "
		"says "
		"what stands.\n"
		"enable has a channel work again that its endpoint had ended (an address that is "
		"gone, a robot "
		"that was removed), when it is there again; another address in its file does so by "
		"itself "
		"at the next "
		"start. It needs --by.\n"
		"route dry-run says who would have been told what last month by the routes as "
		"configured "
		"now.",
	.options = options,
	.run = run_alerts,
};
