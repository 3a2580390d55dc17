/* snapshot and the commands that show one part of it, and explain. Figures have one definition: all of these read the
 * document that checks/run.h builds; here they are only cut, filtered and laid out. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/run.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"

/* One option table for all: the position of an option is the same everywhere. */
enum { AS_OF, KNOWN_AT, FISCAL_YEAR, OUT, FORMAT, UNIT, NO_OBLIGATIONS = FORMAT, ALL = UNIT + 1 };

#define COMMON_OPTIONS                                                                             \
	[AS_OF] = { "as-of", OPTION_DAY, "DATE", "the legal date the figures are of (today)",      \
		NULL },                                                                            \
	[KNOWN_AT] = { "known-at", OPTION_TEXT, "TIME",                                            \
		"use the ledger as it was known at this time (now)", NULL },                       \
	[FISCAL_YEAR] = { "fiscal-year", OPTION_INT, "YEAR", "the budget year (that of the date)", \
		NULL },                                                                            \
	[OUT] = { "out", OPTION_TEXT, "FILE", "write to this file instead of the standard output", \
		NULL }

static const struct command_option snapshot_options_table[] = {
	COMMON_OPTIONS,
	[NO_OBLIGATIONS] = { "no-obligations", OPTION_FLAG, NULL,
		"leave the list of obligations out", NULL },
	{ .name = NULL },
};

static const struct command_option part_options[] = {
	COMMON_OPTIONS,
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table", "how to lay it out (table)",
		tab_format_words },
	[UNIT] = { "unit", OPTION_TEXT, "CODE", "only this unit or department", NULL },
	[ALL] = { "all", OPTION_FLAG, NULL, "arrears: also the rows without an overdue part",
		NULL },
	{ .name = NULL },
};

static const struct tab_column quota_columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "name", NULL, "name", "名称", TAB_TEXT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "plan.strict_base_fen", NULL, "plan_strict_base_yuan", "预算（全口径）", TAB_FEN },
	{ "plan.sme_fen", NULL, "plan_sme_yuan", "预留中小企业", TAB_FEN },
	{ "plan.sme_fen", "plan.strict_base_fen", "plan_sme_share_percent", "占比%", TAB_SHARE },
	{ "plan.sme_status", NULL, "plan_sme_status", "测算结果", TAB_WORD },
	{ "plan.sme_gap_fen", NULL, "plan_sme_gap_yuan", "差额", TAB_FEN },
	{ "plan.small_micro_fen", NULL, "plan_small_micro_yuan", "其中小微", TAB_FEN },
	{ "plan.small_micro_fen", "plan.sme_fen", "plan_small_micro_share_percent", "占比%",
		TAB_SHARE },
	{ "plan.small_micro_status", NULL, "plan_small_micro_status", "测算结果", TAB_WORD },
	{ "award.base_fen", NULL, "award_base_yuan", "合同口径", TAB_FEN },
	{ "award.sme_fen", NULL, "award_sme_yuan", "合同授予中小企业", TAB_FEN },
	{ "award.small_micro_fen", NULL, "award_small_micro_yuan", "其中小微", TAB_FEN },
};

static const struct tab_column arrears_columns[] = {
	{ "obligation_no", NULL, "obligation_no", "款项编号", TAB_TEXT },
	{ "contract_no", NULL, "contract_no", "合同编号", TAB_TEXT },
	{ "status", NULL, "status", "测算结果", TAB_WORD },
	{ "due", NULL, "due", "应付日", TAB_TEXT },
	{ "due_source", NULL, "due_source", "期限依据", TAB_TEXT },
	{ "overdue_days", NULL, "overdue_days", "逾期天数", TAB_INT },
	{ "overdue_fen", NULL, "overdue_yuan", "逾期金额", TAB_FEN },
	{ "outstanding_fen", NULL, "outstanding_yuan", "未付金额", TAB_FEN },
	{ "disputed_fen", NULL, "disputed_yuan", "有分歧金额", TAB_FEN },
	{ "amount_fen", NULL, "amount_yuan", "应付金额", TAB_FEN },
	{ "paid_fen", NULL, "paid_yuan", "已付金额", TAB_FEN },
};

static const struct tab_column notice_columns[] = {
	{ "period", NULL, "period", "期间", TAB_TEXT },
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "plan_base_fen", NULL, "plan_base_yuan", "采购预算", TAB_FEN },
	{ "plan_sme_fen", NULL, "plan_sme_yuan", "预留中小企业", TAB_FEN },
	{ "plan_small_micro_fen", NULL, "plan_small_micro_yuan", "其中小微", TAB_FEN },
	{ "reserved_contracts", NULL, "reserved_contracts", "预留合同数", TAB_INT },
	{ "reserved_contract_fen", NULL, "reserved_contract_yuan", "预留合同金额", TAB_FEN },
	{ "sme_fen", NULL, "sme_yuan", "授予中小企业", TAB_FEN },
	{ "small_micro_fen", NULL, "small_micro_yuan", "其中小微", TAB_FEN },
};

static const struct tab_column disclosure_columns[] = {
	{ "period", NULL, "period", "期间", TAB_TEXT },
	{ "counted_at", NULL, "counted_at", "统计时点", TAB_TEXT },
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "contracts", NULL, "contracts", "合同数", TAB_INT },
	{ "obligations", NULL, "obligations", "款项数", TAB_INT },
	{ "amount_fen", NULL, "amount_yuan", "金额", TAB_FEN },
};

static const struct tab_column complaint_columns[] = {
	{ "complaint_no", NULL, "complaint_no", "投诉编号", TAB_TEXT },
	{ "handover_due", NULL, "handover_due", "转办期限", TAB_TEXT },
	{ "handover_status", NULL, "handover_status", "转办", TAB_WORD },
	{ "answer_due", NULL, "answer_due", "答复期限", TAB_TEXT },
	{ "answer_status", NULL, "answer_status", "答复", TAB_WORD },
};

/* Adds the row under a scope unless another unit was asked for. The row is shared, not copied. */
static void add_scope(json_t *rows, json_t *row, const char *scope, const char *unit)
{
	if (!json_is_object(row) || (unit && strcmp(unit, scope) != 0))
		return;
	json_object_set_new(row, "scope", json_string(scope));
	json_array_append(rows, row);
}

static void add_scopes(json_t *rows, json_t *by_code, const char *unit)
{
	const char *code;
	json_t *row;
	json_object_foreach(by_code, code, row) add_scope(rows, row, code, unit);
}

static void quota_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	json_t *quota = json_object_get(document, "quota");
	(void)all;
	add_scope(rows, json_object_get(quota, "district"), "district", unit);
	add_scopes(rows, json_object_get(quota, "departments"), unit);
}

static void arrears_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	size_t index;
	json_t *row;
	json_array_foreach(json_object_get(document, "obligations"), index, row)
	{
		const char *owner = json_string_value(json_object_get(row, "unit_code"));
		if (unit && (!owner || strcmp(owner, unit) != 0))
			continue;
		if (all || json_integer_value(json_object_get(row, "overdue_fen")) > 0)
			json_array_append(rows, row);
	}
}

static void notice_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	static const char *const periods[] = { "previous_year", "this_year_to_date" };
	(void)all;
	for (size_t i = 0; i < 2; i++) {
		json_t *period = json_object_get(json_object_get(document, "notice"), periods[i]);
		size_t first = json_array_size(rows);
		add_scope(rows, json_object_get(period, "district"), "district", unit);
		add_scopes(rows, json_object_get(period, "departments"), unit);
		for (; first < json_array_size(rows); first++)
			json_object_set_new(
				json_array_get(rows, first), "period", json_string(periods[i]));
	}
}

static void disclosure_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	static const char *const periods[] = { "previous_year", "this_year_to_date" };
	(void)all;
	for (size_t i = 0; i < 2; i++) {
		json_t *period =
			json_object_get(json_object_get(document, "disclosure"), periods[i]);
		size_t first = json_array_size(rows);
		add_scope(rows, json_object_get(period, "organ_and_institution"), "district", unit);
		add_scopes(rows, json_object_get(period, "by_department"), unit);
		for (; first < json_array_size(rows); first++) {
			json_t *row = json_array_get(rows, first);
			json_object_set_new(row, "period", json_string(periods[i]));
			json_object_set(row, "counted_at", json_object_get(period, "counted_at"));
		}
	}
}

static void complaint_rows(json_t *document, const char *unit, bool all, json_t *rows)
{
	(void)unit, (void)all;
	json_array_extend(rows, json_object_get(document, "complaints"));
}

struct part {
	const char *member;
	const char *also; /* second member, or NULL */
	const struct tab_column *columns;
	int count;
	void (*rows)(json_t *document, const char *unit, bool all, json_t *rows);
};
#define COLUMNS(table) table, (int)(sizeof(table) / sizeof(*table))
static const struct part quota_part = { "quota", NULL, COLUMNS(quota_columns), quota_rows };
static const struct part arrears_part = { "arrears", "obligations", COLUMNS(arrears_columns),
	arrears_rows };
static const struct part notice_part = { "notice", NULL, COLUMNS(notice_columns), notice_rows };
static const struct part disclosure_part = { "disclosure", NULL, COLUMNS(disclosure_columns),
	disclosure_rows };
static const struct part complaints_part = { "complaints", NULL, COLUMNS(complaint_columns),
	complaint_rows };

struct figures {
	struct session session;
	const struct command_call *call;
	const struct part *part; /* NULL = the document as it is */
	const char *explain;     /* the id to explain, or NULL */
};

/* JSON of one part: the members asked for; with a unit the rows instead of the whole. */
static json_t *part_json(const struct part *part, json_t *document, const char *unit, json_t *rows)
{
	json_t *answer = json_object();
	json_object_set(answer, "as_of", json_object_get(document, "as_of"));
	json_object_set(answer, "fiscal_year", json_object_get(document, "fiscal_year"));
	if (unit) {
		json_object_set(answer, part->also ? part->also : part->member, rows);
		return answer;
	}
	json_object_set(answer, part->member, json_object_get(document, part->member));
	if (part->also)
		json_object_set(answer, part->also, json_object_get(document, part->also));
	return answer;
}

static void write_part(struct figures *figures, FILE *out, json_t *document)
{
	const struct command_call *call = figures->call;
	const char *unit = call->value[UNIT].text;
	enum tab_format format =
		call->value[FORMAT].given ? (enum tab_format)call->value[FORMAT].number : TAB_TABLE;
	json_t *rows = json_array();
	if (format != TAB_JSON || unit)
		figures->part->rows(document, unit, call->value[ALL].given, rows);
	if (format == TAB_JSON) {
		json_t *answer = part_json(figures->part, document, unit, rows);
		json_dumpf(answer, out, JSON_INDENT(1));
		fputc('\n', out);
		json_decref(answer);
	} else {
		tab_write(out, format, figures->part->columns, figures->part->count, rows);
	}
	json_decref(rows);
}

static int write_document(
	struct figures *figures, FILE *out, const char *json, size_t length, struct err *err)
{
	json_error_t fault;
	if (!figures->part) {
		fwrite(json, 1, length, out);
		return 0;
	}
	json_t *document = json_loadb(json, length, 0, &fault);
	if (!document)
		return err_set(err, ERR_DATA, "the snapshot is not JSON: %s", fault.text);
	write_part(figures, out, document);
	json_decref(document);
	return 0;
}

/* The file is made anew beside its name and renamed: a reader never sees half of it. */
static int write_file(
	struct figures *figures, const char *path, const char *json, size_t length, struct err *err)
{
	_cleanup_free_ char *unfinished = mem_format("%s.unfinished", path);
	FILE *out = fopen(unfinished, "we");
	if (!out)
		return err_set_errno(err, ERR_USAGE, "cannot write %s", unfinished);
	int answer = write_document(figures, out, json, length, err);
	bool broken = ferror(out);
	if (fclose(out) || broken)
		answer = err_set_errno(err, ERR_IO, "cannot write %s", unfinished);
	if (answer == 0 && rename(unfinished, path))
		answer = err_set_errno(err, ERR_IO, "cannot rename %s to %s", unfinished, path);
	if (answer)
		remove(unfinished);
	return answer;
}

static void on_document(void *arg, const struct err *err, const struct snapshot_source *source,
	const char *json, size_t length)
{
	struct figures *figures = arg;
	struct err fault = ERR_INIT;
	(void)source;
	if (!json) {
		session_finish(&figures->session, err);
		return;
	}
	const char *path = figures->call->value[OUT].text;
	if (path)
		write_file(figures, path, json, length, &fault);
	else
		write_document(figures, stdout, json, length, &fault);
	session_finish(&figures->session, &fault);
}

static int build(struct figures *figures, bool with_obligations)
{
	const struct command_value *value = figures->call->value;
	struct session *session = &figures->session;
	struct err err = ERR_INIT;
	struct snapshot_options options = { .as_of = value[AS_OF].day,
		.known_at = value[KNOWN_AT].text,
		.known_batch = -1,
		.fiscal_year = (int)value[FISCAL_YEAR].number,
		.with_obligations = with_obligations,
		.jurisdiction = session->config->jurisdiction };
	struct snapshot_job *job = figures->explain
					   ? explain_build(session->base, session->link, &options,
						     figures->explain, on_document, figures, &err)
					   : snapshot_build(session->base, session->link, &options,
						     on_document, figures, &err);
	return job ? session_run(session) : command_failed(&err);
}

static int check_year(const struct command_call *call, struct err *err)
{
	const struct command_value *year = &call->value[FISCAL_YEAR];
	if (year->given && (year->number < 1900 || year->number > 2199))
		return err_set(err, ERR_USAGE, "--fiscal-year %s is not a year from 1900 to 2199",
			year->text);
	return 0;
}

static int run_figures(struct command_call *call, const struct part *part, bool with_obligations,
	const char *explain)
{
	struct figures figures = { .call = call, .part = part, .explain = explain };
	struct err err = ERR_INIT;
	if (check_year(call, &err))
		return command_failed(&err);
	int status = session_open(&figures.session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE)
		status = build(&figures, with_obligations);
	session_close(&figures.session);
	return status;
}

static int run_snapshot(struct command_call *call)
{
	return run_figures(call, NULL, !call->value[NO_OBLIGATIONS].given, NULL);
}

static int run_quota(struct command_call *call)
{
	return run_figures(call, &quota_part, false, NULL);
}

static int run_arrears(struct command_call *call)
{
	return run_figures(call, &arrears_part, true, NULL);
}

static int run_disclosure(struct command_call *call)
{
	return run_figures(call, &disclosure_part, false, NULL);
}

static int run_notice(struct command_call *call)
{
	return run_figures(call, &notice_part, false, NULL);
}

static int run_complaints(struct command_call *call)
{
	return run_figures(call, &complaints_part, false, NULL);
}

static int run_explain(struct command_call *call)
{
	return run_figures(call, NULL, true, call->argument[0]);
}

const struct command command_snapshot = {
	.name = "snapshot",
	.usage = "",
	.help = "Every published figure of one day in one JSON document.",
	.options = snapshot_options_table,
	.run = run_snapshot,
};
const struct command command_figures = {
	.name = "figures",
	.usage = "",
	.help = "The set-aside quota: district and departments, plan and award basis.",
	.options = part_options,
	.run = run_quota,
};
const struct command command_arrears = {
	.name = "arrears",
	.usage = "",
	.help = "Suspected overdue payments, one row for each obligation.",
	.options = part_options,
	.run = run_arrears,
};
const struct command command_disclosure = {
	.name = "disclosure",
	.usage = "",
	.help = "The overdue sums that are to be published each year by 31 March.",
	.options = part_options,
	.run = run_disclosure,
};
const struct command command_notice = {
	.name = "notice",
	.usage = "",
	.help = "The execution of the set-aside, by department and form of reservation.",
	.options = part_options,
	.run = run_notice,
};
const struct command command_complaints = {
	.name = "complaints",
	.usage = "",
	.help = "The two clocks of each complaint.",
	.options = part_options,
	.run = run_complaints,
};
static const struct command_option explain_options[] = {
	COMMON_OPTIONS,
	{ .name = NULL },
};
const struct command command_explain = {
	.name = "explain",
	.usage = "ID",
	.least = 1,
	.most = 1,
	.help = "Why: quota/plan/UNIT/YEAR, obligation/NO, contract/NO, "
		"budget/YEAR/UNIT/PROJECT/PACKAGE, finding/ID.",
	.options = explain_options,
	.run = run_explain,
};
