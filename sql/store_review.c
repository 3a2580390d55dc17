#include "sql/store_review.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

struct adding {
	char *obligation_no, *verdict;
	bool seen, same;
	char standing[32];
	struct store_reviewed reviewed; /* review_id 0 = none was added */
	store_review_fn done;
	void *arg;
};

static void adding_free(struct adding *adding)
{
	free(adding->obligation_no);
	free(adding->verdict);
	free(adding);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct adding *adding = arg;

	adding->seen = true;
	snprintf(adding->standing, sizeof(adding->standing), "%s", sql_row_text(row, 0));
	adding->reviewed.overdue_since = sql_row_day(row, 1);
	adding->reviewed.overdue = sql_row_int(row, 2);
	adding->same = sql_row_bool(row, 3);
	adding->reviewed.review_id = sql_row_int_or(row, 4, 0);
}

/* Why nothing was added. */
static void refuse(const struct adding *adding, struct err *err)
{
	char day[DAY_TEXT_MAX], amount[MONEY_TEXT_MAX];

	if (!adding->seen)
		err_set(err, ERR_REFUSED, "%s is not a covered overdue debt",
			adding->obligation_no);
	else if (!adding->same)
		err_set(err, ERR_REFUSED,
			"%s has changed since it was looked at: %s yuan are overdue since %s",
			adding->obligation_no, money_text(adding->reviewed.overdue, amount),
			day_text(adding->reviewed.overdue_since, day));
	else
		err_set(err, ERR_REFUSED, "%s is %s: it cannot be %s from there",
			adding->obligation_no, adding->standing, adding->verdict);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct adding *adding = arg;
	struct err err = outcome->err;

	if (err.code == ERR_NONE && adding->reviewed.review_id == 0)
		refuse(adding, &err);
	adding->done(adding->arg, err.code ? &err : NULL, err.code ? NULL : &adding->reviewed);
	adding_free(adding);
}

static int check(const struct store_review *review, struct err *err)
{
	if (!*review->reviewer || strlen(review->reviewer) > REVIEW_REVIEWER_MAX)
		return err_set(err, ERR_USAGE,
			"the reviewer's name is missing or longer than %d bytes",
			REVIEW_REVIEWER_MAX);
	if (!*review->note || strlen(review->note) > REVIEW_NOTE_MAX)
		return err_set(err, ERR_USAGE, "the reason is missing or longer than %d bytes",
			REVIEW_NOTE_MAX);
	return 0;
}

static void fill(struct sql_params *params, const struct store_review *review)
{
	sql_param_text(params, review->obligation_no);
	sql_param_text(params, review->verdict);
	sql_param_text(params, review->reviewer);
	sql_param_text(params, review->note);
	sql_param_day(params, review->overdue_since);
	if (review->overdue == REVIEW_AS_IT_STANDS)
		sql_param_null(params);
	else
		sql_param_int(params, review->overdue);
	sql_param_text(params, review->allowed);
}

int store_review_add(struct sql_link *link, const struct store_review *review, store_review_fn done,
	void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct adding *adding;

	if (check(review, err))
		return -1;
	adding = mem_zero(1, sizeof(*adding));
	adding->obligation_no = mem_text(review->obligation_no);
	adding->verdict = mem_text(review->verdict);
	adding->done = done;
	adding->arg = arg;
	fill(&params, review);
	if (sql_submit(link,
		    &(struct sql_call){
			    .text = sql_text_review_add,
			    .params = &params,
			    .row = on_row,
			    .done = on_done,
			    .arg = adding,
		    },
		    err))
		return 0;
	adding_free(adding);
	return -1;
}
