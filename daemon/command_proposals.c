/* proposals: next steps on verified overdue debts, which a person confirms or declines. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "checks/ladder.h"
#include "core/text.h"
#include "daemon/command.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_proposal.h"

enum { STATE, BY, REASON, FORMAT };
enum { LIST_MAX = 500 };

static const char *const states[] = { "proposed", "confirmed", "declined", "lapsed", "all", NULL };
static const struct command_option options[] = {
	[STATE] = { "state", OPTION_WORD, "proposed, confirmed, declined, lapsed, all",
		"list: only these (proposed)", states },
	[BY] = { "by", OPTION_TEXT, "NAME", "the person who decides", NULL },
	[REASON] = { "reason", OPTION_TEXT, "TEXT", "why, in that person's words", NULL },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table", "how to lay it out (table)",
		tab_format_words },
	{ .name = NULL },
};

static const struct tab_column columns[] = {
	{ "proposal_id", NULL, "proposal_id", "编号", TAB_INT },
	{ "step", NULL, "step", "拟办", TAB_WORD },
	{ "addressee", NULL, "addressee", "对象", TAB_TEXT },
	{ "unit_code", NULL, "unit_code", "单位", TAB_TEXT },
	{ "unit_name", NULL, "unit_name", "名称", TAB_TEXT },
	{ "obligations", NULL, "obligations", "笔数", TAB_INT },
	{ "overdue_fen", NULL, "overdue_yuan", "逾期金额", TAB_FEN },
	{ "overdue_since", NULL, "overdue_since", "最早应付日", TAB_TEXT },
	{ "proposed_on", NULL, "proposed_on", "提出日", TAB_TEXT },
	{ "state", NULL, "state", "状态", TAB_WORD },
	{ "decided_by", NULL, "decided_by", "决定人", TAB_TEXT },
	{ "decided_at", NULL, "decided_at", "决定时间", TAB_TEXT },
	{ "reason", NULL, "reason", "理由", TAB_TEXT },
};

struct proposals {
	struct session session;
	const struct command_call *call;
	json_t *rows;
	int64_t proposal_id;
};

static enum tab_format format_of(const struct proposals *proposals)
{
	const struct command_value *format = &proposals->call->value[FORMAT];

	return format->given ? (enum tab_format)format->number : TAB_TABLE;
}

/* Showing ------------------------------------------------------------------------------------- */

/* Columns as api_proposals.sql selects them. */
static void on_row(void *arg, const struct sql_row *row)
{
	static const struct {
		const char *name;
		int column;
	} texts[] = { { "step", 1 }, { "unit_code", 2 }, { "unit_name", 3 }, { "department", 4 },
		{ "state", 5 }, { "proposed_on", 6 }, { "overdue_since", 9 }, { "decided_by", 10 },
		{ "decided_at", 11 }, { "reason", 12 } };
	struct proposals *proposals = arg;
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		json_object_set_new(
			object, texts[i].name, json_string(sql_row_text(row, texts[i].column)));
	json_object_set_new(object, "proposal_id", json_integer(sql_row_int(row, 0)));
	json_object_set_new(object, "obligations", json_integer(sql_row_int(row, 7)));
	json_object_set_new(object, "overdue_fen", json_integer(sql_row_int(row, 8)));
	json_object_set_new(object, "told", json_boolean(sql_row_bool(row, 13)));
	json_object_set_new(object, "rows", json_loads(sql_row_text(row, 14), 0, NULL));
	json_object_set_new(object, "addressee",
		json_string(ladder_step_addressee(ladder_step_parse(sql_row_text(row, 1)))));
	json_array_append_new(proposals->rows, object);
}

static void on_rows(void *arg, const struct sql_outcome *outcome)
{
	struct proposals *proposals = arg;
	struct err err = outcome->err;

	if (err.code == ERR_NONE && proposals->proposal_id && json_array_size(proposals->rows) == 0)
		err_set(&err, ERR_DATA, "there is no proposal %" PRId64, proposals->proposal_id);
	if (err.code == ERR_NONE && format_of(proposals) == TAB_JSON) {
		json_dumpf(proposals->rows, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (err.code == ERR_NONE) {
		tab_write(stdout, format_of(proposals), columns,
			(int)(sizeof(columns) / sizeof(*columns)), proposals->rows);
	}
	session_finish(&proposals->session, &err);
}

/* state NULL: all; id 0: all. */
static int show(struct proposals *proposals, const char *state)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = { .text = sql_text_api_proposals,
		.params = &params,
		.row = on_row,
		.done = on_rows,
		.arg = proposals };
	int status;

	sql_param_text(&params, state);
	sql_param_null(&params);
	if (proposals->proposal_id)
		sql_param_int(&params, proposals->proposal_id);
	else
		sql_param_null(&params);
	sql_param_int(&params, LIST_MAX);
	sql_param_null(&params);
	proposals->rows = json_array();
	status = sql_submit(proposals->session.link, &call, &err) ? session_run(&proposals->session)
								  : command_failed(&err);
	json_decref(proposals->rows);
	return status;
}

static int run_list(struct proposals *proposals)
{
	const struct command_value *state = &proposals->call->value[STATE];

	if (!state->given)
		return show(proposals, "proposed");
	return show(proposals, strcmp(state->text, "all") == 0 ? NULL : state->text);
}

/* Deciding ------------------------------------------------------------------------------------ */

static void on_decided(void *arg, const struct err *err, int64_t rows)
{
	struct proposals *proposals = arg;

	if (!err)
		printf("proposal %" PRId64 " with %" PRId64 " debts is %s by %s\n",
			proposals->proposal_id, rows,
			ladder_decide("proposed",
				strcmp(proposals->call->argument[0], "confirm") == 0 ? "confirmed"
										     : "declined"),
			proposals->call->value[BY].text);
	session_finish(&proposals->session, err);
}

static int decide(struct proposals *proposals, const char *decision)
{
	const struct command_value *value = proposals->call->value;
	struct err err = ERR_INIT;

	if (proposal_decide(proposals->session.link,
		    &(struct proposal_decision){
			    .proposal_id = proposals->proposal_id,
			    .decision = decision,
			    .person = value[BY].given ? value[BY].text : "",
			    .reason = value[REASON].given ? value[REASON].text : "",
		    },
		    on_decided, proposals, &err))
		return command_failed(&err);
	return session_run(&proposals->session);
}

static int run_verb(struct proposals *proposals)
{
	const struct command_call *call = proposals->call;
	const char *verb = call->arguments > 0 ? call->argument[0] : "list";
	struct err err = ERR_INIT;

	if (call->arguments < 2 && strcmp(verb, "list") == 0)
		return run_list(proposals);
	if (call->arguments == 2 && (!text_to_int64(call->argument[1], &proposals->proposal_id) ||
					    proposals->proposal_id < 1)) {
		err_set(&err, ERR_USAGE, "\"%s\" is not the number of a proposal",
			call->argument[1]);
		return command_failed(&err);
	}
	if (call->arguments == 2 && strcmp(verb, "show") == 0)
		return show(proposals, NULL);
	if (call->arguments == 2 && strcmp(verb, "confirm") == 0)
		return decide(proposals, "confirmed");
	if (call->arguments == 2 && strcmp(verb, "decline") == 0)
		return decide(proposals, "declined");
	err_set(&err, ERR_USAGE, "usage: setaside proposals %s", command_proposals.usage);
	return command_failed(&err);
}

static int run_proposals(struct command_call *call)
{
	struct proposals proposals = { .call = call };
	int status = session_open(&proposals.session, call, SESSION_CURRENT_SCHEMA);

	if (status == STATUS_DONE)
		status = run_verb(&proposals);
	session_close(&proposals.session);
	return status;
}

const struct command command_proposals = {
	.name = "proposals",
	.usage = "[list] | show ID | confirm ID | decline ID",
	.least = 0,
	.most = 2,
	.help = "Next steps (约谈, 督办, 通报) on verified overdue debts: the program proposes, a "
		"person "
		"decides.",
	.more = "confirm and decline need --by and --reason and stay on record. Only what is "
		"confirmed becomes a\n"
		"message, with the next run. A declined step is not proposed again for the same "
		"debts.\n",
	.options = options,
	.run = run_proposals,
};
