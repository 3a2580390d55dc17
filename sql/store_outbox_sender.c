#include "core/mem.h"
#include "core/text.h"
#include "sql/embed.h"
#include "sql/store_outbox.h"

struct sender_job {
	store_outbox_sender_fn done;
	void *arg;
	char other[200];
};

static void on_sender_row(void *arg, const struct sql_row *row)
{
	struct sender_job *job = arg;

	text_copy(job->other, sizeof(job->other), sql_row_text(row, 0));
}

static void on_sender(void *arg, const struct sql_outcome *outcome)
{
	struct sender_job job = *(struct sender_job *)arg;

	free(arg);
	job.done(job.arg, outcome, job.other);
}

int store_outbox_sender(
	struct sql_link *link, store_outbox_sender_fn done, void *arg, struct err *err)
{
	struct sender_job *job = mem_zero(1, sizeof(*job));
	struct sql_call call = {
		.text = sql_text_outbox_sender, .row = on_sender_row, .done = on_sender, .arg = job
	};

	*job = (struct sender_job){ .done = done, .arg = arg };
	if (!sql_submit(link, &call, err)) {
		free(job);
		return -1;
	}
	return 0;
}

int store_outbox_refs(
	struct sql_link *link, int64_t last, sql_done_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = {
		.text = sql_text_outbox_refs, .params = &params, .done = done, .arg = arg
	};

	sql_param_int(&params, last);
	return sql_submit(link, &call, err) ? 0 : -1;
}
