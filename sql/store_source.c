/* What is known of a source outside its batches. */
#include "sql/store_batch.h"

#include "core/log.h"
#include "sql/embed.h"
#include "sql/job.h"

/* The link may be busy with the batch of another source. */
enum { BEHIND_A_BATCH_MS = 60 * 60 * 1000 };

static void row_cursor(void *arg, const struct sql_row *row)
{
	struct store_cursor *cursor = &((struct store_cursor_call *)arg)->cursor;

	snprintf(cursor->watermark, STORE_CURSOR_MAX, "%s", sql_row_text(row, 0));
	snprintf(cursor->etag, STORE_CURSOR_MAX, "%s", sql_row_text(row, 1));
	snprintf(cursor->last_modified, STORE_CURSOR_MAX, "%s", sql_row_text(row, 2));
	snprintf(cursor->next_link, STORE_CURSOR_MAX, "%s", sql_row_text(row, 3));
	cursor->whole_age_s = sql_row_null(row, 4) ? -1 : sql_row_int(row, 4);
	snprintf(cursor->program, STORE_PROGRAM_MAX, "%s", sql_row_text(row, 5));
}

static void on_cursor(void *arg, const struct sql_outcome *outcome)
{
	struct store_cursor_call *call = arg;

	call->job = NULL;
	call->done(call->arg, outcome->err.code == ERR_NONE ? NULL : &outcome->err);
}

int store_cursor_read(
	struct sql_link *link, const char *source, struct store_cursor_call *call, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call sql = { .text = sql_text_source_cursor,
		.params = &params,
		.row = row_cursor,
		.done = on_cursor,
		.arg = call,
		.deadline_ms = BEHIND_A_BATCH_MS };

	call->cursor = (struct store_cursor){ .whole_age_s = -1 };
	sql_param_text(&params, source);
	call->job = sql_submit(link, &sql, err);
	return call->job != NULL ? 0 : -1;
}

void store_cursor_cancel(struct store_cursor_call *call)
{
	if (call->job != NULL)
		sql_job_cancel(call->job);
	call->job = NULL;
}

static void row_name(void *arg, const struct sql_row *row)
{
	struct store_names_call *call = arg;

	call->name(call->arg, sql_row_text(row, 0), sql_row_text(row, 1), sql_row_text(row, 2));
}

static void on_names(void *arg, const struct sql_outcome *outcome)
{
	struct store_names_call *call = arg;

	call->job = NULL;
	call->done(call->arg, outcome->err.code == ERR_NONE ? NULL : &outcome->err);
}

int store_names_read(struct sql_link *link, struct store_names_call *call, struct err *err)
{
	struct sql_call sql = { .text = sql_text_identity_accepted,
		.row = row_name,
		.done = on_names,
		.arg = call,
		.deadline_ms = BEHIND_A_BATCH_MS };

	call->job = sql_submit(link, &sql, err);
	return call->job != NULL ? 0 : -1;
}

void store_names_cancel(struct store_names_call *call)
{
	if (call->job != NULL)
		sql_job_cancel(call->job);
	call->job = NULL;
}

static void fire(struct sql_link *link, const char *text, const struct sql_params *params)
{
	struct sql_call sql = { .text = text, .params = params, .deadline_ms = BEHIND_A_BATCH_MS };
	struct err err = ERR_INIT;

	if (sql_submit(link, &sql, &err) == NULL)
		log_warn("store", "the state of a source was not noted: %s", err.text);
}

void store_source_failed(struct sql_link *link, const char *source, const char *reason)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, source);
	sql_param_text(&params, reason);
	fire(link, sql_text_source_failed, &params);
}

void store_source_watch(struct sql_link *link, const char *sources, bool all)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, sources);
	sql_param_bool(&params, all);
	fire(link, sql_text_source_watch, &params);
}

void store_source_seen(struct sql_link *link, const char *source)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, source);
	fire(link, sql_text_source_seen, &params);
}

void store_source_held(struct sql_link *link, const char *source, const char *files)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, source);
	sql_param_text(&params, files);
	fire(link, sql_text_source_held, &params);
}
