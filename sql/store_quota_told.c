#include "sql/store_quota_told.h"

#include <stdlib.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { STEP_DEADLINE_MS = 300000 };

struct quota_told_store {
	struct sql_tx *tx;

	/* The step under way. */
	int fiscal_year;
	int64_t known_batch, after;
	bool past;
	quota_told_row_fn row;
	quota_told_read_fn read;
	quota_told_done_fn kept;
	void *arg;
};

struct quota_told_store *quota_told_store_new(struct sql_tx *tx)
{
	struct quota_told_store *store = mem_zero(1, sizeof(*store));
	store->tx = tx;
	return store;
}

void quota_told_store_free(struct quota_told_store *store)
{
	free(store);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct quota_told_store *store = arg;
	struct quota_told_row told = {
		.fiscal_year = (int)sql_row_int(row, 0),
		.scope = sql_row_text(row, 1),
		.told_on = sql_row_day(row, 2),
		.open = sql_row_bool(row, 3),
		.grade = sql_row_text(row, 4),
		.sme_gap = sql_row_int(row, 5),
		.small_micro_gap = sql_row_int(row, 6),
		.sme_finding = sql_row_int_or(row, 7, 0),
		.small_micro_finding = sql_row_int_or(row, 8, 0),
	};
	store->row(store->arg, &told);
}

static void call(struct quota_told_store *store, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done)
{
	sql_tx_call(store->tx, &(struct sql_call){
				       .text = text,
				       .params = params,
				       .row = row,
				       .done = done,
				       .arg = store,
				       .deadline_ms = STEP_DEADLINE_MS,
			       });
}

static void begin(struct quota_told_store *store, void *arg)
{
	if (store->read || store->kept)
		BUG("two steps of one run at once");
	store->arg = arg;
}

/* Read ----------------------------------------------------------------------------------------- */

static void finish_read(struct quota_told_store *store, const struct err *err)
{
	quota_told_read_fn done = store->read;
	store->read = NULL;
	done(store->arg, err->code ? err : NULL, store->past);
}

static void on_wanted_row(void *arg, const struct sql_row *row)
{
	struct quota_told_store *store = arg;
	store->past = sql_row_bool(row, 0);
}

static void on_wanted(void *arg, const struct sql_outcome *outcome)
{
	finish_read(arg, &outcome->err);
}

static void on_rows(void *arg, const struct sql_outcome *outcome)
{
	struct quota_told_store *store = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code) {
		finish_read(store, &outcome->err);
		return;
	}
	sql_param_int(&params, store->fiscal_year - 1);
	sql_param_int(&params, store->known_batch);
	if (store->after < 0)
		sql_param_null(&params);
	else
		sql_param_int(&params, store->after);
	call(store, sql_text_quota_past_wanted, &params, on_wanted_row, on_wanted);
}

void quota_told_store_read(struct quota_told_store *store, int fiscal_year, int64_t known_batch,
	int64_t after, quota_told_row_fn row, quota_told_read_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	begin(store, arg);
	store->fiscal_year = fiscal_year;
	store->known_batch = known_batch;
	store->after = after;
	store->past = false;
	store->row = row;
	store->read = done;
	sql_param_int(&params, fiscal_year - 1);
	sql_param_int(&params, fiscal_year);
	call(store, sql_text_quota_told_read, &params, on_row, on_rows);
}

/* Keep ----------------------------------------------------------------------------------------- */

static void on_kept(void *arg, const struct sql_outcome *outcome)
{
	struct quota_told_store *store = arg;
	quota_told_done_fn done = store->kept;
	store->kept = NULL;
	done(store->arg, outcome->err.code ? &outcome->err : NULL);
}

void quota_told_store_keep(struct quota_told_store *store, int64_t run_id,
	const struct quota_told_row *row, quota_told_done_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	begin(store, arg);
	store->kept = done;
	sql_param_int(&params, run_id);
	sql_param_int(&params, row->fiscal_year);
	sql_param_text(&params, row->scope);
	sql_param_day(&params, row->told_on);
	sql_param_bool(&params, row->open);
	sql_param_text(&params, row->grade);
	sql_param_int(&params, row->sme_gap);
	sql_param_int(&params, row->small_micro_gap);
	call(store, sql_text_quota_told_keep, &params, NULL, on_kept);
}
