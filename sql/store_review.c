#include "sql/store_review.h"

#include <stdlib.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

struct adding {
	int64_t review_id; /* 0 = none was added */
	store_review_fn done;
	void *arg;
};

static void on_row(void *arg, const struct sql_row *row)
{
	((struct adding *)arg)->review_id = sql_row_int(row, 0);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct adding adding = *(struct adding *)arg;
	struct err err = outcome->err;

	free(arg);
	if (err.code == ERR_NONE && adding.review_id == 0)
		err_set(&err, ERR_REFUSED,
			"the debt is not overdue, or has changed since it was looked at");
	adding.done(adding.arg, err.code ? &err : NULL, adding.review_id);
}

int store_review_add(struct sql_link *link, const struct store_review *review, store_review_fn done,
	void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct adding *adding = mem_zero(1, sizeof(*adding));

	adding->done = done;
	adding->arg = arg;
	sql_param_text(&params, review->obligation_no);
	sql_param_text(&params, review->verdict);
	sql_param_text(&params, review->reviewer);
	sql_param_text(&params, review->note);
	sql_param_day(&params, review->overdue_since);
	sql_param_int(&params, review->overdue);
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
	free(adding);
	return -1;
}
