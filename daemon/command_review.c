/* review: what a person found out about a suspected overdue debt, and what others found before. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/review.h"
#include "core/buf.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/store_review.h"

enum { BY, REASON, SINCE, OVERDUE, FORMAT };
enum { ALLOWED_MAX = 256 };

static const struct command_option options[] = {
	[BY] = { "by", OPTION_TEXT, "NAME", "the person who looked", NULL },
	[REASON] = { "reason", OPTION_TEXT, "TEXT", "what was found, in that person's words",
		NULL },
	[SINCE] = { "overdue-since", OPTION_DAY, "DATE",
		"the oldest due day that the person saw (as it stands)", NULL },
	[OVERDUE] = { "overdue", OPTION_TEXT, "YUAN",
		"the overdue amount that the person saw (as it stands)", NULL },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table",
		"without VERDICT: how to lay the reviews out (table)", tab_format_words },
	{ .name = NULL },
};

static const struct tab_column columns[] = {
	{ "review_id", NULL, "review_id", "编号", TAB_INT },
	{ "reviewed_at", NULL, "reviewed_at", "时间", TAB_TEXT },
	{ "verdict", NULL, "verdict", "结论", TAB_WORD },
	{ "reviewer", NULL, "reviewer", "核实人", TAB_TEXT },
	{ "note", NULL, "note", "说明", TAB_TEXT },
	{ "overdue_since", NULL, "overdue_since", "当时应付日", TAB_TEXT },
	{ "overdue_fen", NULL, "overdue_yuan", "当时逾期金额", TAB_FEN },
};

struct reviewing {
	struct session session;
	const struct command_call *call;
	json_t *rows;
};

/* Adding -------------------------------------------------------------------------------------- */

static void on_added(void *arg, const struct err *err, const struct store_reviewed *reviewed)
{
	struct reviewing *reviewing = arg;
	char day[DAY_TEXT_MAX], amount[MONEY_TEXT_MAX];

	if (reviewed)
		printf("%s is %s by %s: review %lld, %s yuan overdue since %s\n",
			reviewing->call->argument[0], reviewing->call->argument[1],
			reviewing->call->value[BY].text, (long long)reviewed->review_id,
			money_text_grouped(reviewed->overdue, amount),
			day_text(reviewed->overdue_since, day));
	session_finish(&reviewing->session, err);
}

static int read_call(const struct command_call *call, struct store_review *ret, struct buf *allowed,
	struct err *err)
{
	const struct command_value *value = call->value;

	*ret = (struct store_review){ .obligation_no = call->argument[0],
		.verdict = call->argument[1],
		.reviewer = value[BY].given ? value[BY].text : "",
		.note = value[REASON].given ? value[REASON].text : "",
		.overdue_since = value[SINCE].day,
		.overdue = REVIEW_AS_IT_STANDS };
	if (!review_allowed(call->argument[1], allowed))
		return err_set(err, ERR_USAGE,
			"\"%s\" is not one of verified, contested, not-paid, refuted, withdrawn",
			call->argument[1]);
	ret->allowed = allowed->data;
	if (value[OVERDUE].given && money_parse(value[OVERDUE].text, strlen(value[OVERDUE].text),
					    &ret->overdue) != MONEY_PARSE_OK)
		return err_set(err, ERR_USAGE, "--overdue \"%s\" is not an amount in yuan",
			value[OVERDUE].text);
	return 0;
}

static int run_add(struct reviewing *reviewing)
{
	_cleanup_(buf_free) struct buf allowed;
	struct store_review review;
	struct err err = ERR_INIT;

	buf_init(&allowed, ALLOWED_MAX);
	if (read_call(reviewing->call, &review, &allowed, &err) ||
		store_review_add(reviewing->session.link, &review, on_added, reviewing, &err))
		return command_failed(&err);
	return session_run(&reviewing->session);
}

/* Showing ------------------------------------------------------------------------------------- */

/* Columns as api_reviews.sql selects them. */
static void on_row(void *arg, const struct sql_row *row)
{
	struct reviewing *reviewing = arg;

	json_array_append_new(reviewing->rows,
		json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I}", "review_id",
			(json_int_t)sql_row_int(row, 0), "reviewed_at", sql_row_text(row, 2),
			"verdict", sql_row_text(row, 3), "reviewer", sql_row_text(row, 4), "note",
			sql_row_text(row, 5), "overdue_since", sql_row_text(row, 6), "overdue_fen",
			(json_int_t)sql_row_int(row, 7)));
}

static void on_rows(void *arg, const struct sql_outcome *outcome)
{
	struct reviewing *reviewing = arg;
	const struct command_value *format = &reviewing->call->value[FORMAT];

	if (outcome->err.code == ERR_NONE && format->given && format->number == TAB_JSON) {
		json_dumpf(reviewing->rows, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (outcome->err.code == ERR_NONE) {
		tab_write(stdout, format->given ? (enum tab_format)format->number : TAB_TABLE,
			columns, (int)(sizeof(columns) / sizeof(*columns)), reviewing->rows);
	}
	session_finish(&reviewing->session, &outcome->err);
}

static int run_show(struct reviewing *reviewing)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = { .text = sql_text_api_reviews,
		.params = &params,
		.row = on_row,
		.done = on_rows,
		.arg = reviewing };
	int status;

	sql_param_text(&params, reviewing->call->argument[0]);
	sql_param_null(&params);
	sql_param_int(&params, 500);
	sql_param_null(&params);
	reviewing->rows = json_array();
	status = sql_submit(reviewing->session.link, &call, &err) ? session_run(&reviewing->session)
								  : command_failed(&err);
	json_decref(reviewing->rows);
	return status;
}

static int run_review(struct command_call *call)
{
	struct reviewing reviewing = { .call = call };
	int status = session_open(&reviewing.session, call, SESSION_CURRENT_SCHEMA);

	if (status == STATUS_DONE)
		status = call->arguments == 2 ? run_add(&reviewing) : run_show(&reviewing);
	session_close(&reviewing.session);
	return status;
}

const struct command command_review = {
	.name = "review",
	.usage = "OBLIGATION [VERDICT]",
	.least = 1,
	.most = 2,
	.help = "Says what a person found out about a suspected overdue debt, or shows what was "
		"said.",
	.more = "VERDICT is one of:\n"
		"  verified    overdue as calculated; only such rows enter letters, ledgers and "
		"disclosure\n"
		"  contested   the unit gives a reason that must be looked into\n"
		"  not-paid    the unmatched payment was looked at and is for something else\n"
		"  refuted     not overdue: the records are wrong and will be corrected at the "
		"source\n"
		"  withdrawn   the last review is taken back\n"
		"It is refused (status 5) where the debt stands so that it cannot be given, and "
		"when "
		"the debt is no\n"
		"longer as the person saw it. It takes effect with the next run and stays on "
		"record.\n",
	.options = options,
	.run = run_review,
};
