/* snapshot and the commands that show one part of it, and explain. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/run.h"
#include "checks/worklist.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/figures_part.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"

/* One option table for all: the position of an option is the same everywhere. */
enum {
	AS_OF,
	KNOWN_AT,
	FISCAL_YEAR,
	OUT,
	FORMAT,
	UNIT,
	NO_OBLIGATIONS = FORMAT,
	ALL = UNIT + 1,
	GROUP_BY,
	WORK_LIST,
	OFFICIAL,
	ORDER,
	PAYMENT_ORDER,
	BASIS = ALL + 1,
	EXPLAIN_ORDER = FORMAT
};

#define COMMON_OPTIONS                                                                             \
	[AS_OF] = { "as-of", OPTION_DAY, "DATE", "the legal date the figures are of (today)",      \
		NULL },                                                                            \
	[KNOWN_AT] = { "known-at", OPTION_TEXT, "TIME",                                            \
		"use the ledger as it was known at this time (now)", NULL },                       \
	[FISCAL_YEAR] = { "fiscal-year", OPTION_YEAR, "YEAR",                                      \
		"the budget year (that of the date)", NULL },                                      \
	[OUT] = { "out", OPTION_TEXT, "FILE", "write to this file instead of the standard output", \
		NULL }

static const struct command_option snapshot_options_table[] = {
	COMMON_OPTIONS,
	[NO_OBLIGATIONS] = { "no-obligations", OPTION_FLAG, NULL,
		"leave the list of obligations out", NULL },
	{ .name = NULL },
};

static const char *const part_format_words[] = { "json", "csv", "table", "xlsx", NULL };
enum { FORMAT_XLSX = 3 };

#define PART_OPTIONS                                                                               \
	COMMON_OPTIONS,                                                                            \
		[FORMAT] = { "format", OPTION_WORD, "json, csv, table, xlsx",                      \
			"how to lay it out (table); xlsx needs --out", part_format_words },        \
		[UNIT] = { "unit", OPTION_TEXT, "CODE", "only this unit or department", NULL },    \
		[ALL] = { "all", OPTION_FLAG, NULL,                                                \
			"arrears: also the rows without an overdue part", NULL }

static const struct command_option quota_options[] = {
	PART_OPTIONS,
	[BASIS] = { "basis", OPTION_WORD, "plan, award, paid, mixed, snapshots",
		"one basis alone; mixed is the one of circulars (通报口径), never the headline; "
		"snapshots: initial, adjusted and final budget side by side",
		figures_basis_words },
	{ .name = NULL },
};

static const struct command_option part_options[] = {
	PART_OPTIONS,
	{ .name = NULL },
};

static const char *const payment_orders[] = { "principal", "legal", NULL };
#define PAYMENT_ORDER_OPTION                                                                       \
	{                                                                                          \
		"payment-order", OPTION_WORD, "principal, legal",                                  \
			"principal first, or costs, interest, principal by Civil Code art. 560, "  \
			"561 (principal)",                                                         \
			payment_orders                                                             \
	}

/* In the order of enum ageing_by. */
static const char *const group_words[] = { "unit", "department", "debtor-kind", "supplier",
	"contract-year", "baseline", NULL };
static const struct command_option arrears_options[] = {
	PART_OPTIONS,
	[GROUP_BY] = { "group-by", OPTION_WORD,
		"unit, department, debtor-kind, supplier, contract-year, baseline",
		"the ageing of what is owed, one row for each", group_words },
	[WORK_LIST] = { "work-list", OPTION_FLAG, NULL, "the overdue rows in the order of work",
		NULL },
	[OFFICIAL] = { "official", OPTION_TEXT, "NAME",
		"work list: only what this person answers for", NULL },
	[ORDER] = { "order", OPTION_TEXT, "WORDS",
		"work list: its order (work-order of the configuration)", NULL },
	[PAYMENT_ORDER] = PAYMENT_ORDER_OPTION,
	{ .name = NULL },
};

struct figures {
	struct session session;
	const struct command_call *call;
	const struct figures_part *part; /* NULL = the document as it is */
	const char *explain;             /* the id to explain, or NULL */
};

static bool wants_workbook(const struct command_call *call, const struct figures_part *part)
{
	return part && call->value[FORMAT].given && call->value[FORMAT].number == FORMAT_XLSX;
}

/* workbook: where a workbook goes; NULL = to out. */
static int write_document(struct figures *figures, FILE *out, const char *workbook,
	const char *json, size_t length, struct err *err)
{
	json_error_t fault;
	if (!figures->part) {
		fwrite(json, 1, length, out);
		return 0;
	}
	int answer = 0;
	json_t *document = json_loadb(json, length, 0, &fault);
	if (!document)
		return err_set(err, ERR_DATA, "the snapshot is not JSON: %s", fault.text);
	const struct command_value *value = figures->call->value;
	if (figures->part == &figures_ageing)
		json_object_set_new(
			document, "group_by", json_string(group_words[value[GROUP_BY].number]));
	struct figures_layout layout = {
		.format = value[FORMAT].given ? (enum tab_format)value[FORMAT].number : TAB_TABLE,
		.unit = value[UNIT].text,
		.official = figures->part == &figures_work_list ? value[OFFICIAL].text : NULL,
		.all = value[ALL].given
	};
	if (workbook)
		answer = figures_part_write_xlsx(workbook, figures->part, &layout, document, err);
	else
		figures_part_write(out, figures->part, &layout, document);
	json_decref(document);
	return answer;
}

/* The file is made anew beside its name and renamed: a reader never sees half of it. */
static int write_file(
	struct figures *figures, const char *path, const char *json, size_t length, struct err *err)
{
	_cleanup_free_ char *unfinished = mem_format("%s.unfinished", path);
	bool workbook = wants_workbook(figures->call, figures->part);
	FILE *out = workbook ? NULL : fopen(unfinished, "we");
	if (!out && !workbook)
		return err_set_errno(err, ERR_USAGE, "cannot write %s", unfinished);
	int answer = write_document(figures, out, workbook ? unfinished : NULL, json, length, err);
	bool broken = out && ferror(out);
	if ((out && fclose(out)) || broken)
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
		write_document(figures, stdout, NULL, json, length, &fault);
	session_finish(&figures->session, &fault);
}

static bool legal_order(const struct figures *figures)
{
	const struct command *command = figures->call->command;
	const struct command_value *value = figures->call->value;

	if (command == &command_arrears)
		return value[PAYMENT_ORDER].number == 1;
	return command == &command_explain && value[EXPLAIN_ORDER].number == 1;
}

/* NULL: the default. The text is valid. */
static const char *work_order(const struct figures *figures)
{
	const struct command_value *value = figures->call->value;

	if (figures->call->command == &command_arrears && value[ORDER].given)
		return value[ORDER].text;
	return figures->session.config->work_order;
}

static int check_order(const struct command_call *call, struct err *err)
{
	struct worklist_order order;

	if (call->command != &command_arrears || !call->value[ORDER].given ||
		worklist_order_parse(call->value[ORDER].text, &order))
		return 0;
	return err_set(err, ERR_USAGE,
		"--order \"%s\" is not a list of verified-undisputed, small-debt, amount-days, "
		"amount, "
		"days, limitation",
		call->value[ORDER].text);
}

static int build(struct figures *figures, bool with_obligations)
{
	const struct command_value *value = figures->call->value;
	struct session *session = &figures->session;
	struct err err = ERR_INIT;
	struct snapshot_request options = { .as_of = value[AS_OF].day,
		.known_at = value[KNOWN_AT].text,
		.known_batch = -1,
		.fiscal_year = (int)value[FISCAL_YEAR].number,
		.with_obligations = with_obligations,
		.members = figures->part ? figures->part->members : 0,
		.unit_code = figures->part ? value[UNIT].text : NULL,
		.jurisdiction = session->config->jurisdiction,
		.work_order = work_order(figures),
		.legal_order = legal_order(figures) };
	struct snapshot_job *job = figures->explain
					   ? explain_build(session->base, session->link, &options,
						     figures->explain, on_document, figures, &err)
					   : snapshot_build(session->base, session->link, &options,
						     on_document, figures, &err);
	return job ? session_run(session) : command_failed(&err);
}

static int run_figures(struct command_call *call, const struct figures_part *part,
	bool with_obligations, const char *explain)
{
	struct figures figures = { .call = call, .part = part, .explain = explain };
	struct err err = ERR_INIT;
	if (check_order(call, &err))
		return command_failed(&err);
	if (wants_workbook(call, part) && !call->value[OUT].given) {
		err_set(&err, ERR_USAGE, "a workbook needs --out FILE.xlsx");
		return command_failed(&err);
	}
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
	const struct figures_part *basis =
		call->value[BASIS].given ? figures_basis((int)call->value[BASIS].number) : NULL;
	return run_figures(call, basis ? basis : &figures_quota, false, NULL);
}

static int run_arrears(struct command_call *call)
{
	if (call->value[WORK_LIST].given)
		return run_figures(call, &figures_work_list, true, NULL);
	if (call->value[GROUP_BY].given)
		return run_figures(call, &figures_ageing, false, NULL);
	return run_figures(call, &figures_arrears, true, NULL);
}

static int run_disclosure(struct command_call *call)
{
	return run_figures(call, &figures_disclosure, false, NULL);
}

static int run_notice(struct command_call *call)
{
	return run_figures(call, &figures_notice, false, NULL);
}

static int run_complaints(struct command_call *call)
{
	return run_figures(call, &figures_complaints, false, NULL);
}

static int run_open_items(struct command_call *call)
{
	return run_figures(call, &figures_open_items, false, NULL);
}

static int run_hints(struct command_call *call)
{
	return run_figures(call, &figures_hints, false, NULL);
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
	.help = "The set-aside quota: district and departments; plan, award and paid basis, strict "
		"and adjusted.",
	.options = quota_options,
	.run = run_quota,
};
const struct command command_arrears = {
	.name = "arrears",
	.usage = "",
	.help = "Suspected overdue payments, one row for each obligation.",
	.options = arrears_options,
	.run = run_arrears,
};
const struct command command_disclosure = {
	.name = "disclosure",
	.usage = "",
	.help = "The overdue sums that are to be published each year by 31 March (D-1), and what "
		"each enterprise and institution reports for itself (D-2, D-3), none as zero.",
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
const struct command command_open_items = {
	.name = "open-items",
	.usage = "",
	.help = "What can still be reserved, or named for small and micro enterprises, by "
		"department.",
	.options = part_options,
	.run = run_open_items,
};
const struct command command_hints = {
	.name = "hints",
	.usage = "",
	.help = "What the records themselves ask to be looked at; internal, told to nobody.",
	.options = part_options,
	.run = run_hints,
};
static const struct command_option explain_options[] = {
	COMMON_OPTIONS,
	[EXPLAIN_ORDER] = PAYMENT_ORDER_OPTION,
	{ .name = NULL },
};
const struct command command_explain = {
	.name = "explain",
	.usage = "ID",
	.least = 1,
	.most = 1,
	.help = "Why: quota/plan/UNIT/YEAR (or initial, adjusted, final, award, paid, mixed, "
		"notice, q4), "
		"obligation/NO, contract/NO, "
		"budget_item/YEAR/UNIT/PROJECT/PACKAGE, finding/ID, rules, rule/ID.",
	.options = explain_options,
	.run = run_explain,
};
