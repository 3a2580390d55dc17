/* identity: names that may stand for a code (身份待认定), and what a person decides about them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/command.h"
#include "daemon/listing.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_quarantine.h"

enum { ROLE, STATE, BY, REASON, FORMAT, OUT };
static const char *const role_words[] = { "supplier", "unit", NULL };
static const char *const state_words[] = { "proposed", "accepted", "rejected", "withdrawn", "all",
	NULL };
static const struct command_option options[] = {
	[ROLE] = { "role", OPTION_WORD, "supplier, unit", "whose name it is (supplier)",
		role_words },
	[STATE] = { "state", OPTION_WORD, "proposed, accepted, rejected, withdrawn, all",
		"list: only these (proposed)", state_words },
	[BY] = { "by", OPTION_TEXT, "NAME", "the person who decides", NULL },
	[REASON] = { "reason", OPTION_TEXT, "TEXT", "why, in that person's words", NULL },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table, xlsx",
		"list: how to lay it out (table, or what FILE says)", listing_format_words },
	[OUT] = { "out", OPTION_TEXT, "FILE", "list: into this file", NULL },
	{ .name = NULL },
};

static const struct tab_column columns[] = {
	{ "role", NULL, "role", "类别", TAB_WORD },
	{ "name", NULL, "name", "记录所载名称", TAB_TEXT },
	{ "records", NULL, "records", "记录数", TAB_INT },
	{ "amount_fen", NULL, "amount_yuan", "金额（元）", TAB_FEN },
	{ "code", NULL, "code", "可能的代码", TAB_TEXT },
	{ "known_name", NULL, "known_name", "该代码的名称", TAB_TEXT },
	{ "because", NULL, "because", "依据", TAB_WORD },
	{ "candidates", NULL, "candidates", "候选数", TAB_INT },
	{ "state", NULL, "state", "状态", TAB_WORD },
	{ "person", NULL, "person", "认定人", TAB_TEXT },
	{ "reason", NULL, "reason", "理由", TAB_TEXT },
};

static int run_list(struct session *session, const struct command_call *call)
{
	const struct command_value *state = &call->value[STATE];
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, !state->given                     ? "proposed"
				: strcmp(state->text, "all") == 0 ? NULL
								  : state->text);
	sql_param_text(&params, call->value[ROLE].given ? call->value[ROLE].text : NULL);
	sql_param_int(&params, LISTING_ROWS_MAX);
	sql_param_null(&params);
	return listing_run(session, &(struct listing){ .sql = sql_text_api_identity_proposals,
					    .params = &params,
					    .columns = columns,
					    .count = (int)(sizeof(columns) / sizeof(*columns)),
					    .format = &call->value[FORMAT],
					    .out = &call->value[OUT] });
}

static void on_decided(void *arg, const struct err *err, int64_t decision)
{
	if (!err)
		printf("decision %" PRId64 "; it takes effect as sources are collected\n",
			decision);
	session_finish(arg, err);
}

static int run_decide(struct session *session, const struct command_call *call, const char *verdict)
{
	struct store_identity identity = { call->value[ROLE].given ? call->value[ROLE].text
								   : "supplier",
		call->argument[1], call->argument[2], verdict };
	struct store_decision decision = { call->value[BY].text, call->value[REASON].text };
	struct err err = ERR_INIT;

	if (store_identity_decide(session->link, &identity, &decision, on_decided, session, &err))
		return command_failed(&err);
	return session_run(session);
}

static int run_verb(struct session *session, const struct command_call *call)
{
	static const char *const verbs[][2] = { { "accept", "accepted" }, { "reject", "rejected" },
		{ "withdraw", "withdrawn" } };
	struct err err = ERR_INIT;

	if (call->arguments == 1 && strcmp(call->argument[0], "list") == 0)
		return run_list(session, call);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs) && call->arguments == 3; i++)
		if (strcmp(call->argument[0], verbs[i][0]) == 0)
			return run_decide(session, call, verbs[i][1]);
	err_set(&err, ERR_USAGE, "usage: setaside identity %s", command_identity.usage);
	return command_failed(&err);
}

static int run_identity(struct command_call *call)
{
	return session_with(call, run_verb);
}

const struct command command_identity = {
	.name = "identity",
	.usage = "list | accept NAME CODE | reject NAME CODE | withdraw NAME CODE",
	.least = 1,
	.most = 3,
	.help = "Records that only a name links (身份待认定): proposals, and what a named person "
		"decides.",
	.more = "Nothing is merged by itself. Once a name is accepted for a code, records that "
		"give that very name\n"
		"and no code get the code when their source is collected next.",
	.options = options,
	.run = run_identity,
};
