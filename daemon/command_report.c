/* report: documents about the ledger as it was known at several times. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/restatement.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/report_snapshot.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"
#include "daemon/tabulate_xlsx.h"

enum { AS_OF, KNOWN_AT, UNTIL, FISCAL_YEAR, OUT };

static const struct command_option options[] = {
	[AS_OF] = { "as-of", OPTION_DAY, "DATE", "the legal date the figures are of (today)",
		NULL },
	[KNOWN_AT] = { "known-at", OPTION_TEXT, "TIME",
		"restatement: when the figures were published", NULL },
	[UNTIL] = { "until", OPTION_TEXT, "TIME",
		"restatement: the ledger to compare with, as known then (now)", NULL },
	[FISCAL_YEAR] = { "fiscal-year", OPTION_YEAR, "YEAR", "the budget year (that of the date)",
		NULL },
	[OUT] = { "out", OPTION_TEXT, "FILE", "where to write: .csv, .html, .json, .xlsx", NULL },
	{ .name = NULL },
};

static const struct tab_column scope_columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "basis", NULL, "basis", "口径", TAB_WORD },
	{ "before.strict_base_fen", NULL, "base_before_yuan", "原基数", TAB_FEN },
	{ "after.strict_base_fen", NULL, "base_after_yuan", "现基数", TAB_FEN },
	{ "before.sme_fen", NULL, "sme_before_yuan", "原中小企业", TAB_FEN },
	{ "after.sme_fen", NULL, "sme_after_yuan", "现中小企业", TAB_FEN },
	{ "before.small_micro_fen", NULL, "small_micro_before_yuan", "原小微企业", TAB_FEN },
	{ "after.small_micro_fen", NULL, "small_micro_after_yuan", "现小微企业", TAB_FEN },
};
static const struct tab_column row_columns[] = {
	{ "basis", NULL, "basis", "口径", TAB_WORD },
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "scope_before", NULL, "scope_before", "原单位", TAB_TEXT },
	{ "key", NULL, "key", "预算行／合同编号", TAB_TEXT },
	{ "change", NULL, "change", "变化", TAB_WORD },
	{ "difference.strict_base_fen", NULL, "base_difference_yuan", "基数变化", TAB_FEN },
	{ "difference.adjusted_base_fen", NULL, "adjusted_base_difference_yuan", "扣除后基数变化",
		TAB_FEN },
	{ "difference.sme_fen", NULL, "sme_difference_yuan", "中小企业变化", TAB_FEN },
	{ "difference.small_micro_fen", NULL, "small_micro_difference_yuan", "小微企业变化",
		TAB_FEN },
	{ "fields_text", NULL, "fields", "变更内容（原→现）", TAB_TEXT },
};
static const struct tab_column trend_columns[] = {
	{ "as_of", NULL, "as_of", "统计日", TAB_TEXT },
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "strict_base_fen", NULL, "strict_base_yuan", "预算（全口径）", TAB_FEN },
	{ "sme_fen", NULL, "sme_yuan", "预留中小企业", TAB_FEN },
	{ "sme_fen", "strict_base_fen", "sme_share_percent", "占比%", TAB_SHARE },
	{ "small_micro_fen", NULL, "small_micro_yuan", "其中小微", TAB_FEN },
	{ "small_micro_fen", "sme_fen", "small_micro_share_percent", "占比%", TAB_SHARE },
};
#define COLUMNS(table) table, (int)(sizeof(table) / sizeof(*table))

struct reporting {
	struct session session;
	const struct command_call *call;
	bool trend;
};

enum format { FORMAT_CSV, FORMAT_HTML, FORMAT_JSON, FORMAT_XLSX, FORMAT_NONE };

static enum format format_of(const char *path)
{
	static const char *const endings[] = { ".csv", ".html", ".json", ".xlsx" };
	size_t length = strlen(path);
	for (int i = 0; i < FORMAT_NONE; i++) {
		size_t ending = strlen(endings[i]);
		if (length > ending && strcmp(path + length - ending, endings[i]) == 0)
			return (enum format)i;
	}
	return FORMAT_NONE;
}

/* "budget_yuan: 1.00→2.00；…" into each row, for the one cell that shows it. */
static void add_field_texts(json_t *rows)
{
	size_t i, j;
	json_t *row, *field;
	json_array_foreach(rows, i, row)
	{
		char *text = mem_text("");
		json_array_foreach(json_object_get(row, "fields"), j, field)
		{
			char *longer = mem_format("%s%s%s: %s→%s", text, j ? "；" : "",
				json_string_value(json_object_get(field, "field")),
				json_string_value(json_object_get(field, "before")),
				json_string_value(json_object_get(field, "after")));
			free(text);
			text = longer;
		}
		json_object_set_new(row, "fields_text", json_string(text));
		free(text);
	}
}

/* Where a report goes. A workbook is written by name, everything else to the open file. */
struct target {
	enum format format;
	FILE *out;
	const char *path;
};

static int write_restatement(const struct target *target, json_t *document, struct err *err)
{
	json_t *rows = json_object_get(document, "rows");
	const struct tab_part parts[] = {
		{ "数字变化", COLUMNS(scope_columns), json_object_get(document, "scopes") },
		{ "造成变化的记录", COLUMNS(row_columns), rows },
		{ .caption = NULL },
	};
	add_field_texts(rows);
	if (target->format == FORMAT_XLSX)
		return tab_write_xlsx_parts(target->path, parts, err);
	if (target->format == FORMAT_CSV) {
		tab_write(target->out, TAB_CSV, COLUMNS(row_columns), rows);
		return 0;
	}
	_cleanup_free_ char *note = mem_format("统计日 %s，预算年度 %" JSON_INTEGER_FORMAT
					       "；原数据截至 %s，现数据截至 %s。",
		json_string_value(json_object_get(document, "as_of")),
		json_integer_value(json_object_get(document, "fiscal_year")),
		json_string_value(json_object_get(json_object_get(document, "known_before"), "at")),
		json_string_value(json_object_get(json_object_get(document, "known_after"), "at")));
	tab_write_html(target->out, "预留份额数据重述", note, parts);
	return 0;
}

static int write_trend(const struct target *target, json_t *document, struct err *err)
{
	json_t *rows = json_array(), *point, *scope;
	size_t i, j;
	int answer = 0;
	json_array_foreach(json_object_get(document, "points"), i, point)
	{
		json_array_foreach(json_object_get(point, "scopes"), j, scope)
		{
			json_object_set(scope, "as_of", json_object_get(point, "as_of"));
			json_array_append(rows, scope);
		}
	}
	const struct tab_part parts[] = {
		{ "各月末", COLUMNS(trend_columns), rows },
		{ .caption = NULL },
	};
	if (target->format == FORMAT_XLSX)
		answer = tab_write_xlsx_parts(target->path, parts, err);
	else if (target->format == FORMAT_CSV)
		tab_write(target->out, TAB_CSV, COLUMNS(trend_columns), rows);
	else
		tab_write_html(
			target->out, "预留份额变化趋势", "按各月末当时已知的数据测算。", parts);
	json_decref(rows);
	return answer;
}

static int write_document(struct reporting *reporting, const struct target *target,
	const char *json, size_t length, struct err *err)
{
	json_error_t fault;
	int answer;
	if (target->format == FORMAT_JSON) {
		fwrite(json, 1, length, target->out);
		return 0;
	}
	json_t *document = json_loadb(json, length, 0, &fault);
	if (!document)
		return err_set(err, ERR_DATA, "the report is not JSON: %s", fault.text);
	answer = reporting->trend ? write_trend(target, document, err)
				  : write_restatement(target, document, err);
	json_decref(document);
	return answer;
}

/* The file is made anew beside its name and renamed: a reader never sees half of it. */
static int write_file(struct reporting *reporting, const char *json, size_t length, struct err *err)
{
	const char *path = reporting->call->value[OUT].text;
	_cleanup_free_ char *unfinished = mem_format("%s.unfinished", path);
	FILE *out = fopen(unfinished, "we");
	if (!out)
		return err_set_errno(err, ERR_USAGE, "cannot write %s", unfinished);
	const struct target target = { format_of(path), out, unfinished };
	int answer = write_document(reporting, &target, json, length, err);
	bool broken = ferror(out);
	if (fclose(out) || broken)
		answer = err_set_errno(err, ERR_IO, "cannot write %s", unfinished);
	if (answer == 0 && rename(unfinished, path))
		answer = err_set_errno(err, ERR_IO, "cannot rename %s to %s", unfinished, path);
	if (answer)
		remove(unfinished);
	return answer;
}

static void on_report(void *arg, const struct err *err, const char *json, size_t length)
{
	struct reporting *reporting = arg;
	struct err fault = ERR_INIT;
	if (json)
		write_file(reporting, json, length, &fault);
	session_finish(&reporting->session, json ? &fault : err);
}

static int start(struct reporting *reporting)
{
	const struct command_value *value = reporting->call->value;
	struct session *session = &reporting->session;
	struct err err = ERR_INIT;
	struct restatement_request request = { .as_of = value[AS_OF].day,
		.fiscal_year = (int)value[FISCAL_YEAR].number,
		.known_before = value[KNOWN_AT].text,
		.known_after = value[UNTIL].text,
		.jurisdiction = session->config->jurisdiction };
	struct restatement *job =
		reporting->trend
			? trend_start(session->link, &request, on_report, reporting, &err)
			: restatement_start(session->link, &request, on_report, reporting, &err);
	return job ? session_run(session) : command_failed(&err);
}

static int run_form(struct command_call *call, const struct report_form *form)
{
	const struct command_value *value = call->value;
	struct report_wanted wanted = { .form = form,
		.as_of = value[AS_OF].day,
		.known_at = value[KNOWN_AT].text,
		.fiscal_year = (int)value[FISCAL_YEAR].number,
		.path = value[OUT].text };
	struct session session;
	struct err err = ERR_INIT;

	if (!value[OUT].given || format_of(wanted.path) == FORMAT_NONE) {
		err_set(&err, ERR_USAGE,
			"--out FILE.csv, FILE.html, FILE.json or FILE.xlsx is needed");
		return command_failed(&err);
	}
	int status = session_open(&session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE)
		status = report_snapshot_run(&session, &wanted);
	session_close(&session);
	return status;
}

static int check(const struct command_call *call, bool *ret_trend, struct err *err)
{
	const struct command_value *value = call->value;
	*ret_trend = strcmp(call->argument[0], "trend") == 0;
	if (!*ret_trend && strcmp(call->argument[0], "restatement") != 0)
		return err_set(err, ERR_USAGE,
			"no report \"%s\": there are monthly, notice, notice-projects, restatement "
			"and trend",
			call->argument[0]);
	if (!value[OUT].given || format_of(value[OUT].text) == FORMAT_NONE)
		return err_set(err, ERR_USAGE,
			"--out FILE.csv, FILE.html, FILE.json or FILE.xlsx is needed");
	if (!*ret_trend && !value[KNOWN_AT].given)
		return err_set(err, ERR_USAGE, "--known-at TIME is needed: when it was published");
	return 0;
}

static int run(struct command_call *call)
{
	struct reporting reporting = { .call = call };
	const struct report_form *form = report_form_find(call->argument[0]);
	struct err err = ERR_INIT;
	if (form)
		return run_form(call, form);
	if (check(call, &reporting.trend, &err) < 0)
		return command_failed(&err);
	int status = session_open(&reporting.session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE)
		status = start(&reporting);
	session_close(&reporting.session);
	return status;
}

const struct command command_report = {
	.name = "report",
	.usage = "monthly|notice|notice-projects|restatement|trend",
	.least = 1,
	.most = 1,
	.help = "The monthly table, the yearly notice's data and its list, what changed published "
		"figures, the "
		"trend.",
	.options = options,
	.run = run,
};
