/* wanted, unmatched, sources: what is to be asked for, to be matched, and to be looked after. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/listing.h"
#include "daemon/tabulate_xlsx.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_quarantine.h"

#define COUNT(columns) ((int)(sizeof(columns) / sizeof(*(columns))))

static void param_given(struct sql_params *params, const struct command_value *value)
{
	sql_param_text(params, value->given ? value->text : NULL);
}

/* Requests for data --------------------------------------------------------------------------- */

enum { W_UNIT, W_MONTH, W_FORMAT, W_OUT, W_EACH };
static const struct command_option wanted_options[] = {
	[W_UNIT] = { "unit", OPTION_TEXT, "CODE", "of this unit", NULL },
	[W_MONTH] = { "month", OPTION_TEXT, "YYYY-MM", "of this month", NULL },
	[W_FORMAT] = { "format", OPTION_WORD, "json, csv, table, xlsx",
		"how to lay it out (table, or what FILE says)", listing_format_words },
	[W_OUT] = { "out", OPTION_TEXT, "FILE", "into this file", NULL },
	[W_EACH] = { "each", OPTION_TEXT, "DIR",
		"one workbook UNIT-YYYY-MM.xlsx for each unit and month into DIR", NULL },
	{ .name = NULL },
};

static const struct tab_column wanted_columns[] = {
	{ "unit_code", NULL, "unit_code", "单位编码", TAB_TEXT },
	{ "unit_name", NULL, "unit_name", "单位名称", TAB_TEXT },
	{ "month", NULL, "month", "月份", TAB_TEXT },
	{ "kind", NULL, "kind", "记录类型", TAB_WORD },
	{ "subject", NULL, "subject", "编号", TAB_TEXT },
	{ "field", NULL, "field", "待补信息", TAB_WORD },
	{ "amount_fen", NULL, "amount_yuan", "金额（元）", TAB_FEN },
	{ "currency", NULL, "currency", "币种", TAB_TEXT },
};

static const char *text_of(const json_t *row, const char *member)
{
	const char *text = json_string_value(json_object_get(row, member));

	return text ? text : "";
}

static bool same_list(const json_t *a, const json_t *b)
{
	return strcmp(text_of(a, "unit_code"), text_of(b, "unit_code")) == 0 &&
	       strcmp(text_of(a, "month"), text_of(b, "month")) == 0;
}

/* A code may hold anything: what is no letter or digit does not get into a file name. */
static char *list_path(const char *directory, const json_t *row)
{
	const char *unit = text_of(row, "unit_code"), *month = text_of(row, "month");
	char *path = mem_format(
		"%s/%s-%s.xlsx", directory, *unit ? unit : "unknown", *month ? month : "undated");

	for (char *c = path + strlen(directory) + 1; *c; c++)
		if ((unsigned char)*c < 0x80 && !isalnum((unsigned char)*c) && !strchr("-.", *c))
			*c = '_';
	return path;
}

/* Rows come unit by unit and month by month. */
static int write_each(const json_t *rows, const char *directory, struct err *err)
{
	size_t count = json_array_size(rows), lists = 0;

	if (mkdir(directory, 0777) < 0 && errno != EEXIST)
		return err_set_errno(err, ERR_IO, "cannot make %s", directory);
	for (size_t start = 0, end; start < count; start = end, lists++) {
		const json_t *first = json_array_get(rows, start);
		_cleanup_free_ char *path = list_path(directory, first);
		json_t *part = json_array();

		for (end = start; end < count && same_list(first, json_array_get(rows, end)); end++)
			json_array_append(part, json_array_get(rows, end));
		int result = tab_write_xlsx(path, wanted_columns, COUNT(wanted_columns), part, err);
		json_decref(part);
		if (result < 0)
			return -1;
	}
	printf("%zu lists in %s\n", lists, directory);
	return 0;
}

static int run_each(struct session *session, const struct listing *listing, const char *directory)
{
	struct err err = ERR_INIT;
	json_t *rows = listing_rows(session, listing);

	if (!rows)
		return session->status;
	if (json_array_size(rows) >= LISTING_ROWS_MAX)
		err_set(&err, ERR_LIMIT, "more than %d values are wanted: name a unit or a month",
			LISTING_ROWS_MAX - 1);
	else
		write_each(rows, directory, &err);
	json_decref(rows);
	return err.code == ERR_NONE ? STATUS_DONE : command_failed(&err);
}

static int run_wanted(struct command_call *call)
{
	struct session session = { .finished = false };
	struct sql_params params = SQL_PARAMS_INIT;
	const struct command_value *value = call->value;
	struct listing listing = { .sql = sql_text_wanted_list,
		.params = &params,
		.columns = wanted_columns,
		.count = COUNT(wanted_columns),
		.format = &value[W_FORMAT],
		.out = &value[W_OUT] };
	int status = session_open(&session, call, SESSION_CURRENT_SCHEMA);

	param_given(&params, &value[W_UNIT]);
	param_given(&params, &value[W_MONTH]);
	sql_param_int(&params, LISTING_ROWS_MAX);
	if (status == STATUS_DONE)
		status = value[W_EACH].given ? run_each(&session, &listing, value[W_EACH].text)
					     : listing_run(&session, &listing);
	session_close(&session);
	return status;
}

const struct command command_wanted = {
	.name = "wanted",
	.help = "What to ask units for (待补信息): one list per unit and month, largest amounts "
		"first.",
	.options = wanted_options,
	.usage = "",
	.run = run_wanted,
};

/* Payments without a contract ----------------------------------------------------------------- */

enum { U_UNIT, U_FORMAT, U_OUT };
static const struct command_option unmatched_options[] = {
	[U_UNIT] = { "unit", OPTION_TEXT, "CODE", "of this unit", NULL },
	[U_FORMAT] = { "format", OPTION_WORD, "json, csv, table, xlsx",
		"how to lay it out (table, or what FILE says)", listing_format_words },
	[U_OUT] = { "out", OPTION_TEXT, "FILE", "into this file", NULL },
	{ .name = NULL },
};

static const struct tab_column unmatched_columns[] = {
	{ "voucher_no", NULL, "voucher_no", "凭证号", TAB_TEXT },
	{ "unit_code", NULL, "unit_code", "单位编码", TAB_TEXT },
	{ "payee_uscc", NULL, "payee_uscc", "收款方代码", TAB_TEXT },
	{ "payee_name", NULL, "payee_name", "收款方", TAB_TEXT },
	{ "amount_fen", NULL, "amount_yuan", "金额（元）", TAB_FEN },
	{ "currency", NULL, "currency", "币种", TAB_TEXT },
	{ "paid_on", NULL, "paid_on", "支付日期", TAB_TEXT },
	{ "stated_contract_no", NULL, "stated_contract_no", "凭证所载合同号", TAB_TEXT },
	{ "candidates", NULL, "candidates", "可能合同数", TAB_INT },
	{ "likely_contract_no", NULL, "likely_contract_no", "可能对应的合同", TAB_TEXT },
	{ "likely_because", NULL, "likely_because", "理由", TAB_WORD },
};

static int run_unmatched(struct command_call *call)
{
	struct session session = { .finished = false };
	struct sql_params params = SQL_PARAMS_INIT;
	struct listing listing = { .sql = sql_text_api_unmatched_payments,
		.params = &params,
		.columns = unmatched_columns,
		.count = COUNT(unmatched_columns),
		.format = &call->value[U_FORMAT],
		.out = &call->value[U_OUT] };
	int status = session_open(&session, call, SESSION_CURRENT_SCHEMA);

	param_given(&params, &call->value[U_UNIT]);
	sql_param_int(&params, LISTING_ROWS_MAX);
	sql_param_null(&params);
	if (status == STATUS_DONE)
		status = listing_run(&session, &listing);
	session_close(&session);
	return status;
}

const struct command command_unmatched = {
	.name = "unmatched",
	.help = "Payments that no contract number ties to a contract (待匹配支付), with likely "
		"matches.",
	.options = unmatched_options,
	.usage = "",
	.run = run_unmatched,
};

/* Sources --------------------------------------------------------------------------------------- */

enum { S_BY, S_REASON, S_FORMAT };
static const struct command_option source_options[] = {
	[S_BY] = { "by", OPTION_TEXT, "NAME", "accept: who looked", NULL },
	[S_REASON] = { "reason", OPTION_TEXT, "TEXT", "accept: why it is right", NULL },
	[S_FORMAT] = { "format", OPTION_WORD, "json, csv, table",
		"faults: how to lay it out (table)", tab_format_words },
	{ .name = NULL },
};

static const struct tab_column fault_columns[] = {
	{ "source", NULL, "source", "数据来源", TAB_TEXT },
	{ "fault", NULL, "fault", "异常", TAB_WORD },
	{ "detail", NULL, "detail", "说明", TAB_TEXT },
};

static void on_accepted(void *arg, const struct err *err, int64_t batch)
{
	if (!err)
		printf("accepted as of batch %" PRId64 "\n", batch);
	session_finish(arg, err);
}

static int run_source_verb(struct session *session, const struct command_call *call)
{
	struct store_decision decision = { call->value[S_BY].text, call->value[S_REASON].text };
	struct err err = ERR_INIT;

	if (call->arguments == 1 && strcmp(call->argument[0], "faults") == 0)
		return listing_run(session, &(struct listing){ .sql = sql_text_source_faults,
						    .columns = fault_columns,
						    .count = COUNT(fault_columns),
						    .format = &call->value[S_FORMAT] });
	if (call->arguments != 2 || strcmp(call->argument[0], "accept") != 0) {
		err_set(&err, ERR_USAGE, "usage: setaside sources %s", command_sources.usage);
		return command_failed(&err);
	}
	if (store_source_accept(
		    session->link, call->argument[1], &decision, on_accepted, session, &err))
		return command_failed(&err);
	return session_run(session);
}

static int run_sources(struct command_call *call)
{
	return session_with(call, run_source_verb);
}

const struct command command_sources = {
	.name = "sources",
	.usage = "faults | accept SOURCE",
	.least = 1,
	.most = 2,
	.help = "What is wrong with the sources; a named person accepts one as it is now.",
	.options = source_options,
	.run = run_sources,
};
