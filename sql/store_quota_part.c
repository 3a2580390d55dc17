#include "sql/store_quota_part.h"

#include <stdlib.h>

#include "core/mem.h"
#include "sql/array.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { STEP_DEADLINE_MS = 600000, UNITS_BYTES_MAX = 16 << 20 };

struct quota_part_store {
	struct sql_tx *tx;

	/* The step under way. */
	struct sql_array units;
	bool any;
	quota_touched_fn touched;
	quota_part_row_fn row;
	quota_part_done_fn done;
	void *arg;
};

struct quota_part_store *quota_part_store_new(struct sql_tx *tx)
{
	struct quota_part_store *store = mem_zero(1, sizeof(*store));
	store->tx = tx;
	sql_array_init(&store->units, UNITS_BYTES_MAX);
	return store;
}

void quota_part_store_free(struct quota_part_store *store)
{
	if (!store)
		return;
	sql_array_free(&store->units);
	free(store);
}

static void begin(struct quota_part_store *store, void *arg)
{
	if (store->touched || store->done)
		BUG("two steps of one run at once");
	store->arg = arg;
}

static void call(struct quota_part_store *store, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done)
{
	sql_tx_call(store->tx, &(struct sql_call){
				       .text = text,
				       .params = params,
				       .row = row,
				       .done = done,
				       .arg = store,
				       .deadline_ms = STEP_DEADLINE_MS,
				       .stream = row != NULL,
			       });
}

/* Touched -------------------------------------------------------------------------------------- */

static void on_unit(void *arg, const struct sql_row *row)
{
	struct quota_part_store *store = arg;
	store->any = true;
	if (!sql_row_null(row, 0))
		sql_array_add_text(&store->units, sql_row_text(row, 0));
}

static void on_units(void *arg, const struct sql_outcome *outcome)
{
	struct quota_part_store *store = arg;
	quota_touched_fn done = store->touched;
	struct err err = outcome->err;
	const char *units = sql_array_text(&store->units);
	store->touched = NULL;
	if (!err.code && !units)
		err_set(&err, ERR_LIMIT, "the codes of the touched units do not fit");
	done(store->arg, err.code ? &err : NULL, store->any, err.code ? NULL : units);
}

void quota_part_store_touched(struct quota_part_store *store, int64_t after, int fiscal_year,
	bool paid, quota_touched_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	begin(store, arg);
	store->touched = done;
	store->any = false;
	sql_array_free(&store->units);
	sql_array_init(&store->units, UNITS_BYTES_MAX);
	sql_param_int(&params, after);
	sql_param_int(&params, fiscal_year);
	sql_param_bool(&params, paid);
	call(store, sql_text_quota_touched, &params, on_unit, on_units);
}

/* Keep and read -------------------------------------------------------------------------------- */

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct quota_part_store *store = arg;
	quota_part_done_fn done = store->done;
	store->done = NULL;
	done(store->arg, outcome->err.code ? &outcome->err : NULL);
}

void quota_part_store_keep(struct quota_part_store *store, int fiscal_year, const char *units,
	const char *parts, quota_part_done_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	begin(store, arg);
	store->done = done;
	sql_param_int(&params, fiscal_year);
	sql_param_text(&params, units);
	sql_param_text(&params, parts);
	call(store, sql_text_quota_part_keep, &params, NULL, on_done);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct quota_part_store *store = arg;
	struct quota_part_row part = {
		.unit_code = sql_row_text(row, 0),
		.department = sql_row_text(row, 1),
		.numbers = sql_row_text(row, 2),
		.questions = sql_row_text(row, 3),
	};
	store->row(store->arg, &part);
}

void quota_part_store_read(struct quota_part_store *store, int fiscal_year, const char *units,
	quota_part_row_fn row, quota_part_done_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	begin(store, arg);
	store->row = row;
	store->done = done;
	sql_param_int(&params, fiscal_year);
	sql_param_text(&params, units);
	call(store, sql_text_quota_part_read, &params, on_row, on_done);
}
