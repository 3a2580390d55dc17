#include "sql/store_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sql/array.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/pump.h"
#include "sql/state_rows.h"
#include "sql/state_sums.h"

enum {
	STEP_DEADLINE_MS = 600000, /* a first run writes every state */
	YEARS_BYTES = 64 * 1024
};

struct check_store {
	struct event_base *base;
	struct sql_tx *tx;
	struct pump *pump;

	/* The step under way. */
	check_opened_fn opened_fn;
	check_counted_fn counted_fn;
	void *arg;
	struct check_opened opened;
	struct err lock_err; /* why the statement after the lock fails too */
	int64_t written, removed;

	/* States */
	bool first;
	struct state_sums *sums; /* of a first exchange */
	day_t as_of;
	int64_t run_id;
	struct state_changes changes; /* of the piece under way */
	struct group_changes groups;  /* likewise */
	int64_t states_written, states_removed;

	struct group_choice choice;
	bool strays_differ;
	check_year_fn year_fn;
	check_print_fn print_fn;
	int64_t messages;
};

struct check_store *check_store_new(struct event_base *base, struct sql_tx *tx)
{
	struct check_store *store = mem_zero(1, sizeof(*store));
	store->base = base;
	store->tx = tx;
	return store;
}

void check_store_free(struct check_store *store)
{
	if (!store)
		return;
	pump_free(store->pump);
	state_sums_free(store->sums);
	free(store);
}

static void finish(struct check_store *store, const struct err *err)
{
	check_counted_fn done = store->counted_fn;
	store->counted_fn = NULL;
	done(store->arg, err, store->written, store->removed);
}

static void expect(struct check_store *store, check_counted_fn done, void *arg)
{
	if (store->counted_fn || store->opened_fn)
		BUG("two steps of one run at once");
	store->counted_fn = done;
	store->arg = arg;
	store->written = store->removed = 0;
}

static void call(struct check_store *store, const char *text, const struct sql_params *params,
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

/* Open -------------------------------------------------------------------------------------- */

static void on_open_row(void *arg, const struct sql_row *row)
{
	struct check_store *store = arg;
	store->opened.run_id = sql_row_int(row, 0);
	snprintf(store->opened.started_at, sizeof(store->opened.started_at), "%s",
		sql_row_text(row, 1));
	store->opened.overtaken = sql_row_bool(row, 2);
	store->opened.differs = sql_row_bool(row, 3);
	store->opened.alike = sql_row_bool(row, 4);
	store->opened.last_as_of = sql_row_day(row, 5);
	store->opened.last_batch = sql_row_int_or(row, 6, -1);
	store->opened.any_state = sql_row_bool(row, 7);
	store->opened.registered = sql_row_bool(row, 8);
	store->opened.silent = sql_row_bool(row, 9);
}

static void on_opened(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	check_opened_fn done = store->opened_fn;
	const struct err *err = store->lock_err.code ? &store->lock_err : &outcome->err;
	store->opened_fn = NULL;
	done(store->arg, err->code ? err : NULL, err->code ? NULL : &store->opened);
}

static void on_locked(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	store->lock_err = outcome->err;
}

void check_store_open(
	struct check_store *store, const struct check_run_row *row, check_opened_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	if (store->counted_fn || store->opened_fn)
		BUG("two steps of one run at once");
	store->opened_fn = done;
	store->arg = arg;
	/* The lock comes first and alone: the next statement's snapshot is taken after it. */
	call(store, sql_text_writer_lock_take, NULL, NULL, on_locked);
	sql_param_day(&params, row->as_of);
	sql_param_int(&params, row->known_batch);
	sql_param_text(&params, row->jurisdiction);
	sql_param_text(&params, row->program);
	if (row->part == CHECK_LAW)
		sql_param_bool(&params, row->quiet_start);
	call(store, row->part == CHECK_RECORDS ? sql_text_record_open : sql_text_check_open,
		&params, on_open_row, on_opened);
}

/* States ------------------------------------------------------------------------------------ */

static void put_row(void *arg, struct copy_bytes *out, size_t index)
{
	struct check_store *store = arg;
	const struct state_changes *changes = &store->changes;
	struct state_row row = { 0 };
	if (index >= changes->written_count) {
		state_rows_gone(out, changes->gone[index - changes->written_count]);
		return;
	}
	changes->fill(changes->fill_arg, changes->written[index], &row);
	state_rows_put(
		out, &changes->keys[changes->written[index]], &row, store->as_of, store->run_id);
	if (store->first)
		state_sums_add(store->sums, &row);
}

static void on_answered(void *arg, const struct sql_outcome *outcome)
{
	finish(arg, outcome->err.code ? &outcome->err : NULL);
}

static void on_first_planned(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_state_first_clear, NULL, NULL, on_answered);
}

static void on_states_made_room(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code || !store->first)
		finish(store, outcome->err.code ? &outcome->err : NULL);
	else
		call(store, sql_text_state_first_plan, NULL, NULL, on_first_planned);
}

static void on_groups_made_room(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_state_change_make, NULL, NULL, on_states_made_room);
}

void check_store_states_begin(struct check_store *store, bool first, day_t as_of, int64_t run_id,
	check_counted_fn done, void *arg)
{
	expect(store, done, arg);
	store->first = first;
	store->as_of = as_of;
	store->run_id = run_id;
	store->states_written = store->states_removed = 0;
	if (first)
		store->sums = state_sums_new();
	call(store, sql_text_group_change_make, NULL, NULL, on_groups_made_room);
}

static void pump(struct check_store *store, const char *text, size_t count, pump_row_fn row,
	sql_done_fn done)
{
	store->pump = pump_start(store->base, store->tx,
		&(struct pump_call){
			.text = text,
			.count = count,
			.row = row,
			.done = done,
			.arg = store,
			.deadline_ms = STEP_DEADLINE_MS,
		});
}

static void on_pumped(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	pump_free(store->pump);
	store->pump = NULL;
	finish(store, outcome->err.code ? &outcome->err : NULL);
}

static void put_paid(void *arg, struct copy_bytes *out, size_t index)
{
	struct check_store *store = arg;
	state_sums_put(store->sums, out, index);
}

static void on_paid_pumped(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	state_sums_clear(store->sums);
	on_pumped(store, outcome);
}

static void on_states_pumped(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	size_t contracts = store->first ? state_sums_contracts(store->sums) : 0;
	if (outcome->err.code || contracts == 0) {
		on_pumped(store, outcome);
		return;
	}
	pump_free(store->pump);
	pump(store, sql_text_contract_paid_copy, contracts, put_paid, on_paid_pumped);
}

void check_store_states_put(struct check_store *store, const struct state_changes *changes,
	check_counted_fn done, void *arg)
{
	expect(store, done, arg);
	if (store->first && changes->gone_count)
		BUG("a state is gone that was never there");
	store->changes = *changes;
	store->states_written += (int64_t)changes->written_count;
	store->states_removed += (int64_t)changes->gone_count;
	pump(store, store->first ? sql_text_state_first_copy : sql_text_state_change_copy,
		changes->written_count + changes->gone_count, put_row, on_states_pumped);
}

static void put_group(void *arg, struct copy_bytes *out, size_t index)
{
	struct check_store *store = arg;
	const struct group_changes *changes = &store->groups;
	if (index < changes->written_count)
		state_rows_group(out, &changes->keys[changes->written[index]], false);
	else
		state_rows_group(out, &changes->gone[index - changes->written_count], true);
}

void check_store_groups_put(struct check_store *store, const struct group_changes *changes,
	check_counted_fn done, void *arg)
{
	expect(store, done, arg);
	store->groups = *changes;
	pump(store, sql_text_group_change_copy, changes->written_count + changes->gone_count,
		put_group, on_pumped);
}

/* Groups last: nothing else of the exchange reads them. */
static void apply_groups(struct check_store *store)
{
	call(store, sql_text_group_change_apply, NULL, NULL, on_answered);
}

static void on_states_applied(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		apply_groups(store);
}

static void on_indexed(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_array years, obligations;
	if (outcome->err.code) {
		finish(store, &outcome->err);
		return;
	}
	sql_array_init(&years, YEARS_BYTES);
	sql_array_init(&obligations, YEARS_BYTES);
	state_sums_years(store->sums, &years, &obligations);
	sql_param_text(&params, sql_array_text(&years));
	sql_param_text(&params, sql_array_text(&obligations));
	call(store, sql_text_state_first_years, &params, NULL, on_states_applied);
	sql_array_free(&years);
	sql_array_free(&obligations);
}

static void on_removed(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_state_change_apply, NULL, NULL, on_states_applied);
}

static void on_analyzed(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else if (store->first)
		call(store, sql_text_state_first_index, NULL, NULL, on_indexed);
	else if (store->written + store->removed == 0)
		apply_groups(store);
	else
		call(store, sql_text_state_change_remove, NULL, NULL, on_removed);
}

void check_store_states_end(struct check_store *store, check_counted_fn done, void *arg)
{
	expect(store, done, arg);
	store->written = store->states_written;
	store->removed = store->states_removed;
	call(store, sql_text_state_change_analyze, NULL, NULL, on_analyzed);
}

/* Groups --------------------------------------------------------------------------------------- */

static void on_contracts(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_work_contract_analyze, NULL, NULL, on_answered);
}

static void on_contracts_made(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_work_contract_fill, NULL, NULL, on_contracts);
}

static void on_groups_analyzed(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_work_contract_make, NULL, NULL, on_contracts_made);
}

static void on_groups(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	store->written = outcome->affected;
	if (outcome->err.code || store->written == 0)
		finish(store, outcome->err.code ? &outcome->err : NULL);
	else
		call(store, sql_text_work_group_analyze, NULL, NULL, on_groups_analyzed);
}

static void on_groups_made(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	const struct group_choice *choice = &store->choice;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code) {
		finish(store, &outcome->err);
		return;
	}
	if (!choice->all) {
		sql_param_int(&params, choice->after);
		sql_param_day(&params, choice->last_day);
		sql_param_day(&params, choice->as_of);
	}
	call(store, choice->all ? sql_text_work_group_all : sql_text_work_group_touched, &params,
		NULL, on_groups);
}

static void on_astray(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_work_group_make, NULL, NULL, on_groups_made);
}

static void on_strays_row(void *arg, const struct sql_row *row)
{
	struct check_store *store = arg;
	store->strays_differ = sql_row_int(row, 0) > 0;
}

static void on_payees_made(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code) {
		finish(store, &outcome->err);
		return;
	}
	if (!store->choice.all)
		sql_param_int(&params, store->choice.after);
	call(store, store->choice.all ? sql_text_work_astray_all : sql_text_work_astray_touched,
		&params, store->choice.all ? on_strays_row : NULL, on_astray);
}

static void on_planned(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code)
		finish(store, &outcome->err);
	else
		call(store, sql_text_work_payee_make, NULL, NULL, on_payees_made);
}

void check_store_groups(struct check_store *store, const struct group_choice *choice,
	check_counted_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	expect(store, done, arg);
	store->choice = *choice;
	sql_param_bool(&params, choice->all);
	call(store, sql_text_work_plan, &params, NULL, on_planned);
}

bool check_store_strays_differ(const struct check_store *store)
{
	return store->strays_differ;
}

void check_store_strays(struct check_store *store, check_counted_fn done, void *arg)
{
	expect(store, done, arg);
	call(store, sql_text_work_astray_all, NULL, on_strays_row, on_answered);
}

static void on_year_row(void *arg, const struct sql_row *row)
{
	struct check_store *store = arg;
	store->year_fn(store->arg, (int)sql_row_int(row, 0), sql_row_int(row, 1));
}

void check_store_missing_years(
	struct check_store *store, check_year_fn year, check_counted_fn done, void *arg)
{
	expect(store, done, arg);
	store->year_fn = year;
	call(store, sql_text_state_missing_year, NULL, on_year_row, on_answered);
}

/* Figures and the end ------------------------------------------------------------------------ */

static void on_print_row(void *arg, const struct sql_row *row)
{
	struct check_store *store = arg;
	store->print_fn(store->arg, sql_row_text(row, 0), sql_row_text(row, 1));
}

void check_store_figure_prints(struct check_store *store, int fiscal_year, check_print_fn print,
	check_counted_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	expect(store, done, arg);
	store->print_fn = print;
	sql_param_int(&params, fiscal_year);
	call(store, sql_text_figure_print, &params, on_print_row, on_answered);
}

static void on_figures_row(void *arg, const struct sql_row *row)
{
	struct check_store *store = arg;
	store->written = sql_row_int(row, 0);
	store->removed = sql_row_int(row, 1);
}

void check_store_figures(
	struct check_store *store, const struct figure_set *set, check_counted_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	expect(store, done, arg);
	sql_param_int(&params, set->run_id);
	sql_param_day(&params, set->as_of);
	sql_param_int(&params, set->fiscal_year);
	sql_param_text(&params, set->figures);
	sql_param_text(&params, set->scopes);
	call(store, sql_text_figure_write, &params, on_figures_row, on_answered);
}

static void on_summarized(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	if (outcome->err.code || !store->first)
		finish(store, outcome->err.code ? &outcome->err : NULL);
	else
		call(store, sql_text_state_first_analyze, NULL, NULL, on_answered);
}

void check_store_settle(struct check_store *store, bool first, check_counted_fn done, void *arg)
{
	expect(store, done, arg);
	store->first = first;
	call(store, sql_text_ledger_summarize, NULL, NULL, on_summarized);
}

static void on_version(void *arg, const struct sql_row *row)
{
	struct check_store *store = arg;
	store->written = sql_row_int(row, 0);
}

static void on_closed(void *arg, const struct sql_outcome *outcome)
{
	struct check_store *store = arg;
	struct sql_params params = SQL_PARAMS_INIT;
	if (outcome->err.code) {
		finish(store, &outcome->err);
		return;
	}
	sql_param_int(&params, store->written);
	sql_param_int(&params, store->messages);
	call(store, sql_text_check_notify, &params, NULL, on_answered);
}

void check_store_close(struct check_store *store, int64_t run_id, const struct check_counts *counts,
	check_counted_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	expect(store, done, arg);
	store->messages = counts->messages_queued;
	sql_param_int(&params, run_id);
	sql_param_int(&params, counts->obligations);
	sql_param_int(&params, counts->states_written);
	sql_param_int(&params, counts->findings_opened);
	sql_param_int(&params, counts->findings_updated);
	sql_param_int(&params, counts->findings_closed);
	sql_param_int(&params, counts->messages_queued);
	call(store, sql_text_check_close, &params, on_version, on_closed);
}
