/* The end of a batch: quarantine, files, counts, cursors, wake-ups, COMMIT. */
#include "sql/store_batch_own.h"

#include "sql/embed.h"

static void on_committed(void *arg, const struct sql_outcome *outcome)
{
	struct store_batch *batch = arg;
	struct store_batch_events events = batch->events;

	if (batch->abandoned) {
		batch_free(batch);
	} else if (outcome->err.code != ERR_NONE) {
		batch_fail(batch, outcome);
	} else {
		batch_free(batch);
		events.committed(events.arg);
	}
}

static void step_commit(struct store_batch *batch)
{
	struct sql_tx *tx = batch->tx;

	batch->tx = NULL;
	batch->committing = true;
	if (batch->rehearsal)
		sql_tx_rollback(tx, on_committed, batch);
	else
		sql_tx_commit(tx, on_committed, batch);
}

static bool first_load(const struct store_batch *batch)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		if (batch->kind[i].empty && batch->kind[i].new_rows > 0)
			return true;
	}
	return false;
}

static void step_ledger_analyze(struct store_batch *batch)
{
	if (first_load(batch))
		batch_call(batch, sql_text_ledger_analyze, NULL, NULL, step_commit);
	else
		step_commit(batch);
}

static void step_notify(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (batch->counts.new_rows + batch->counts.changed + batch->counts.closed == 0) {
		step_ledger_analyze(batch);
		return;
	}
	sql_param_int(&params, batch->number);
	batch_call(batch, sql_text_batch_notify, &params, NULL, step_ledger_analyze);
}

static void step_bump(struct store_batch *batch)
{
	batch_call(batch, sql_text_batch_bump, NULL, NULL, step_notify);
}

static void step_cursor(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;
	const struct store_cursor *cursor = batch->cursor;

	sql_param_int(&params, batch->source_id);
	sql_param_text(&params, cursor != NULL ? cursor->watermark : NULL);
	sql_param_text(&params, cursor != NULL ? cursor->etag : NULL);
	sql_param_text(&params, cursor != NULL ? cursor->last_modified : NULL);
	sql_param_text(&params, cursor != NULL ? cursor->next_link : NULL);
	sql_param_text(&params, cursor != NULL ? cursor->ahead : NULL);
	batch_call(batch, sql_text_batch_cursor, &params, NULL, step_bump);
}

static void step_released(struct store_batch *batch)
{
	batch_release_keep(batch, step_cursor);
}

static void step_counts(struct store_batch *batch)
{
	const struct store_batch_counts *counts = &batch->counts;
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_int(&params, batch->number);
	sql_param_int(&params, counts->read);
	sql_param_int(&params, counts->new_rows);
	sql_param_int(&params, counts->changed);
	sql_param_int(&params, counts->unchanged);
	sql_param_int(&params, counts->closed);
	sql_param_int(&params, counts->refused);
	sql_param_int(&params, counts->duplicate);
	sql_param_int(&params, counts->skipped);
	sql_param_int(&params, counts->bytes);
	sql_param_text(&params, batch->cursor != NULL ? batch->cursor->watermark : "");
	sql_param_text(&params, batch->profile);
	batch_call(batch, sql_text_batch_finish, &params, NULL, step_released);
}

static void step_quarantine_add(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_int(&params, batch->number);
	batch_call(batch, sql_text_quarantine_add, &params, NULL, step_counts);
}

static void step_quarantine_settle(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_int(&params, batch->number);
	sql_param_bool(&params, batch->differs);
	batch_call(batch, sql_text_quarantine_settle, &params, NULL, step_quarantine_add);
}

/* The same bytes again: no row was read, so none is missing. */
static void step_quarantine(struct store_batch *batch)
{
	if (batch->again)
		step_counts(batch);
	else
		step_quarantine_settle(batch);
}

static void step_files(struct store_batch *batch)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (batch->file_at == batch->file_count) {
		step_quarantine(batch);
		return;
	}
	const struct batch_file *file = &batch->files[batch->file_at++];
	sql_param_int(&params, batch->number);
	sql_param_int(&params, file->file_no);
	sql_param_text(&params, file->name);
	sql_param_text(&params, file->kind);
	sql_param_text(&params, file->format);
	sql_param_text(&params, file->sha256);
	sql_param_int(&params, file->bytes);
	batch_call(batch, sql_text_batch_file, &params, NULL, step_files);
}

void batch_finish_start(struct store_batch *batch)
{
	batch_copy_flush(batch, step_files);
}
