/* findings: what the rules and the records gave, with its life: opened, updated, closed. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { STATE, RULE, UNIT, LIMIT, FORMAT };
enum { LIMIT_DEFAULT = 200 };

static const char *const state_words[] = { "open", "acknowledged", "closed", "all", NULL };

static const struct command_option options[] = {
	[STATE] = { "state", OPTION_WORD, "open, acknowledged, closed, all",
		"only those in this state (open)", state_words },
	[RULE] = { "rule", OPTION_TEXT, "ID", "only those of this rule, as Q-8", NULL },
	[UNIT] = { "unit", OPTION_TEXT, "CODE", "only those of this unit or department", NULL },
	[LIMIT] = { "limit", OPTION_INT, "N", "the newest N (200)", NULL },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table", "how to lay it out (table)",
		tab_format_words },
	{ .name = NULL },
};

static const struct tab_column columns[] = {
	{ "finding_id", NULL, "finding_id", "编号", TAB_INT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "code", NULL, "code", "代码", TAB_TEXT },
	{ "words", NULL, "words", "提示事项", TAB_TEXT },
	{ "citation", NULL, "citation", "依据", TAB_TEXT },
	{ "unit_code", NULL, "unit_code", "单位", TAB_TEXT },
	{ "subject_kind", NULL, "subject_kind", "记录", TAB_TEXT },
	{ "subject", NULL, "subject", "对象", TAB_TEXT },
	{ "state", NULL, "state", "状态", TAB_TEXT },
	{ "severity", NULL, "severity", "级别", TAB_TEXT },
	{ "opened_on", NULL, "opened_on", "发现日", TAB_TEXT },
	{ "closed_on", NULL, "closed_on", "消除日", TAB_TEXT },
	{ "amount_fen", NULL, "amount_yuan", "金额", TAB_FEN },
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

struct listing {
	struct session session;
	const struct command_call *call;
	json_t *rows;
};

/* Columns of finding_list.sql: those above, in their order. */
static void on_row(void *arg, const struct sql_row *row)
{
	struct listing *listing = arg;
	json_t *object = json_object();

	for (int i = 0; i < COLUMNS; i++) {
		bool number = columns[i].type == TAB_INT || columns[i].type == TAB_FEN;
		json_object_set_new(object, columns[i].member,
			number ? json_integer(sql_row_int_or(row, i, 0))
			       : json_string(sql_row_text(row, i)));
	}
	json_array_append_new(listing->rows, object);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct listing *listing = arg;
	const struct command_value *format = &listing->call->value[FORMAT];

	if (outcome->err.code == ERR_NONE && format->given && format->number == TAB_JSON) {
		json_dumpf(listing->rows, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (outcome->err.code == ERR_NONE) {
		tab_write(stdout, format->given ? (enum tab_format)format->number : TAB_TABLE,
			columns, COLUMNS, listing->rows);
	}
	session_finish(&listing->session, &outcome->err);
}

static int list(struct listing *listing)
{
	const struct command_value *value = listing->call->value;
	const char *state = value[STATE].given ? state_words[value[STATE].number] : "open";
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = { .text = sql_text_finding_list,
		.params = &params,
		.row = on_row,
		.done = on_done,
		.arg = listing };

	sql_param_text(&params, strcmp(state, "all") == 0 ? NULL : state);
	sql_param_text(&params, value[RULE].text);
	sql_param_text(&params, value[UNIT].text);
	sql_param_int(&params, value[LIMIT].given ? value[LIMIT].number : LIMIT_DEFAULT);
	if (!sql_submit(listing->session.link, &call, &err))
		return command_failed(&err);
	return session_run(&listing->session);
}

static int run(struct command_call *call)
{
	struct listing listing = { .call = call, .rows = json_array() };
	int status = session_open(&listing.session, call, SESSION_CURRENT_SCHEMA);

	if (status == STATUS_DONE)
		status = list(&listing);
	session_close(&listing.session);
	json_decref(listing.rows);
	return status;
}

const struct command command_findings = {
	.name = "findings",
	.usage = "",
	.help = "What rules and records gave, with its life: opened, updated, closed.",
	.options = options,
	.run = run,
};
