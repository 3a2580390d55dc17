/* quarantine: refused rows (待更正数据), as a person reads, exports, settles and corrects them. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/source.h"
#include "core/mem.h"
#include "core/text.h"
#include "daemon/command.h"
#include "daemon/correcting.h"
#include "daemon/listing.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_quarantine.h"

enum { SOURCE, KIND, FIELD, CODE, BATCH, SINCE, STATE, FORMAT, OUT, BY, REASON };
static const char *const state_words[] = { "open", "settled", "all", NULL };
static const struct command_option options[] = {
	[SOURCE] = { "source", OPTION_TEXT, "NAME", "list, counts: rows of this source", NULL },
	[KIND] = { "kind", OPTION_TEXT, "KIND", "list: of this record kind", NULL },
	[FIELD] = { "field", OPTION_TEXT, "NAME", "list: refused for this column", NULL },
	[CODE] = { "code", OPTION_TEXT, "CODE", "list: refused for this reason", NULL },
	[BATCH] = { "batch", OPTION_INT, "N", "list: of this batch", NULL },
	[SINCE] = { "since", OPTION_DAY, "DATE", "list: refused on this day or later", NULL },
	[STATE] = { "state", OPTION_WORD, "open, settled, all", "list: which of them (open)",
		state_words },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table, xlsx",
		"list, counts: how to lay it out (table, or what FILE says)",
		listing_format_words },
	[OUT] = { "out", OPTION_TEXT, "FILE", "list, counts: into this file", NULL },
	[BY] = { "by", OPTION_TEXT, "NAME", "settle, correct: who decides", NULL },
	[REASON] = { "reason", OPTION_TEXT, "TEXT", "settle, correct: why", NULL },
	{ .name = NULL },
};

/* The reason stands beside the value; the row as it came is last. */
static const struct tab_column list_columns[] = {
	{ "quarantine_id", NULL, "quarantine_id", "编号", TAB_INT },
	{ "source", NULL, "source", "数据来源", TAB_TEXT },
	{ "batch_id", NULL, "batch_id", "批次", TAB_INT },
	{ "refused_on", NULL, "refused_on", "日期", TAB_TEXT },
	{ "file", NULL, "file", "文件", TAB_TEXT },
	{ "place", NULL, "place", "行", TAB_INT },
	{ "kind", NULL, "kind", "记录类型", TAB_TEXT },
	{ "field", NULL, "field", "字段", TAB_TEXT },
	{ "value", NULL, "value", "原值", TAB_TEXT },
	{ "reason", NULL, "reason", "原因", TAB_TEXT },
	{ "code", NULL, "code", "原因代码", TAB_TEXT },
	{ "settled_how", NULL, "settled_how", "处理方式", TAB_TEXT },
	{ "settled_by", NULL, "settled_by", "处理人", TAB_TEXT },
	{ "settled_because", NULL, "settled_because", "处理理由", TAB_TEXT },
	{ "row_text", NULL, "row_text", "原始行", TAB_TEXT },
};
static const struct tab_column count_columns[] = {
	{ "day", NULL, "day", "日期", TAB_TEXT },
	{ "source", NULL, "source", "数据来源", TAB_TEXT },
	{ "came", NULL, "came", "新增", TAB_INT },
	{ "settled", NULL, "settled", "已处理", TAB_INT },
	{ "open", NULL, "open", "待更正", TAB_INT },
};

static void param_given(struct sql_params *params, const struct command_value *value)
{
	sql_param_text(params, value->given ? value->text : NULL);
}

static int run_list(struct session *session, const struct command_call *call)
{
	const struct command_value *value = call->value;
	struct sql_params params = SQL_PARAMS_INIT;

	if (value[BATCH].given)
		sql_param_int(&params, value[BATCH].number);
	else
		sql_param_null(&params);
	param_given(&params, &value[KIND]);
	param_given(&params, &value[SOURCE]);
	param_given(&params, &value[FIELD]);
	param_given(&params, &value[CODE]);
	sql_param_text(&params, value[STATE].given ? value[STATE].text : "open");
	sql_param_day(&params, value[SINCE].given ? value[SINCE].day : DAY_NONE);
	sql_param_int(&params, LISTING_ROWS_MAX);
	sql_param_null(&params);
	return listing_run(
		session, &(struct listing){ .sql = sql_text_api_quarantine,
				 .params = &params,
				 .columns = list_columns,
				 .count = (int)(sizeof(list_columns) / sizeof(*list_columns)),
				 .format = &value[FORMAT],
				 .out = &value[OUT] });
}

static int run_counts(struct session *session, const struct command_call *call)
{
	struct sql_params params = SQL_PARAMS_INIT;

	param_given(&params, &call->value[SOURCE]);
	sql_param_int(&params, LISTING_ROWS_MAX);
	sql_param_null(&params);
	return listing_run(
		session, &(struct listing){ .sql = sql_text_api_quarantine_days,
				 .params = &params,
				 .columns = count_columns,
				 .count = (int)(sizeof(count_columns) / sizeof(*count_columns)),
				 .format = &call->value[FORMAT],
				 .out = &call->value[OUT] });
}

static void on_settled(void *arg, const struct err *err, int64_t number)
{
	(void)number;
	session_finish(arg, err);
}

static int run_settle(struct session *session, const struct command_call *call, int64_t id)
{
	struct store_decision decision = { call->value[BY].text, call->value[REASON].text };
	struct err err = ERR_INIT;

	if (store_quarantine_settle(session->link, id, &decision, on_settled, session, &err))
		return command_failed(&err);
	if (session_run(session) == STATUS_DONE)
		printf("row %" PRId64 " is settled by %s\n", id, decision.person);
	return session->status;
}

/* FIELD=VALUE… as a JSON object; free. */
static char *read_assignments(const struct command_call *call, struct err *err)
{
	json_t *changes = json_object();
	char *text = NULL;

	for (int i = 2; i < call->arguments && err->code == ERR_NONE; i++) {
		const char *one = call->argument[i], *equals = strchr(one, '=');
		_cleanup_free_ char *field =
			equals ? mem_text_n(one, (size_t)(equals - one)) : mem_text("");
		if (!*field)
			err_set(err, ERR_USAGE, "\"%s\" is not of the form FIELD=VALUE", one);
		else if (json_object_get(changes, field) ||
			 json_object_set_new(changes, field, json_string(equals + 1)) < 0)
			err_set(err, ERR_USAGE, "\"%s\" comes twice or is not UTF-8", field);
	}
	if (err->code == ERR_NONE)
		text = json_dumps(changes, JSON_COMPACT);
	json_decref(changes);
	return text;
}

struct corrected {
	struct session *session;
	int64_t id;
	const struct command_call *call;
};

static void on_corrected(void *arg, const struct err *err, int64_t batch)
{
	struct corrected *corrected = arg;

	if (!err)
		printf("row %" PRId64 " is corrected by %s: batch %" PRId64 "\n", corrected->id,
			corrected->call->value[BY].text, batch);
	session_finish(corrected->session, err);
}

static int run_correct(struct session *session, const struct command_call *call, int64_t id)
{
	struct corrected corrected = { .session = session, .id = id, .call = call };
	struct source_env env;
	struct err err = ERR_INIT;
	_cleanup_free_ char *changes = read_assignments(call, &err);
	int status = changes ? session_open_sources(session, false, &env) : command_failed(&err);
	struct correction_wish wish = { .quarantine_id = id,
		.person = call->value[BY].text,
		.reason = call->value[REASON].text,
		.changes = changes };

	if (status != STATUS_DONE)
		return status;
	if (!correcting_start(&env, session->config, &wish, on_corrected, &corrected, &err))
		return command_failed(&err);
	return session_run(session);
}

static int run_verb(struct session *session, const struct command_call *call)
{
	const char *verb = call->argument[0];
	struct err err = ERR_INIT;
	int64_t id;
	bool with_id = call->arguments > 1 && text_to_int64(call->argument[1], &id);

	if (call->arguments == 1 && strcmp(verb, "list") == 0)
		return run_list(session, call);
	if (call->arguments == 1 && strcmp(verb, "counts") == 0)
		return run_counts(session, call);
	if (with_id && call->arguments == 2 && strcmp(verb, "settle") == 0)
		return run_settle(session, call, id);
	if (with_id && call->arguments > 2 && strcmp(verb, "correct") == 0)
		return run_correct(session, call, id);
	err_set(&err, ERR_USAGE, "usage: setaside quarantine %s", command_quarantine.usage);
	return command_failed(&err);
}

static int run_quarantine(struct command_call *call)
{
	return session_with(call, run_verb);
}

const struct command command_quarantine = {
	.name = "quarantine",
	.usage = "list | counts | settle ID | correct ID FIELD=VALUE...",
	.least = 1,
	.most = 42,
	.help = "Refused rows: lists and exports them, counts them per source and day; a named "
		"person settles or "
		"corrects one.",
	.more = "settle: the row is no record. correct: FIELD is a header of the source or a "
		"column of the exchange\n"
		"profile; the row is tried first and refused if it would be refused again, then "
		"enters the ledger\n"
		"as a batch of the source \"corrections\". Who, when, why, old and new are kept.",
	.options = options,
	.run = run_quarantine,
};
