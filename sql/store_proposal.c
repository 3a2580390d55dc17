#include "sql/store_proposal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sql/array.h"
#include "sql/embed.h"
#include "sql/job.h"

enum {
	STEP_DEADLINE_MS = 300000,
	NUMBERS_BYTES_MAX = 16 << 20,
	PERSON_MAX = 200,
	REASON_MAX = 4000
};

struct proposal_store {
	struct sql_tx *tx;
	struct sql_array numbers, steps;

	/* The step under way. */
	proposal_candidate_fn candidate;
	proposal_row_fn row;
	proposal_done_fn done;
	proposal_kept_fn kept;
	int64_t changed;
	void *arg;
};

struct proposal_store *proposal_store_new(struct sql_tx *tx)
{
	struct proposal_store *store = mem_zero(1, sizeof(*store));

	store->tx = tx;
	sql_array_init(&store->numbers, NUMBERS_BYTES_MAX);
	sql_array_init(&store->steps, NUMBERS_BYTES_MAX);
	return store;
}

void proposal_store_free(struct proposal_store *store)
{
	if (!store)
		return;
	sql_array_free(&store->numbers);
	sql_array_free(&store->steps);
	free(store);
}

static void call(struct proposal_store *store, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done)
{
	sql_tx_call(store->tx, &(struct sql_call){
				       .text = text,
				       .params = params,
				       .row = row,
				       .done = done,
				       .arg = store,
				       .deadline_ms = STEP_DEADLINE_MS,
				       .stream = true,
			       });
}

static void begin(struct proposal_store *store, proposal_done_fn done, void *arg)
{
	if (store->done || store->kept)
		BUG("two steps of one run at once");
	store->done = done;
	store->arg = arg;
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct proposal_store *store = arg;
	proposal_done_fn done = store->done;

	store->done = NULL;
	done(store->arg, outcome->err.code ? &outcome->err : NULL);
}

/* Candidates ---------------------------------------------------------------------------------- */

static void on_candidate(void *arg, const struct sql_row *row)
{
	struct proposal_store *store = arg;

	store->candidate(store->arg, sql_row_text(row, 0), sql_row_int(row, 1));
}

void proposal_store_candidates(struct proposal_store *store, day_t as_of,
	proposal_candidate_fn candidate, proposal_done_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;

	begin(store, done, arg);
	store->candidate = candidate;
	sql_param_day(&params, as_of);
	call(store, sql_text_proposal_candidates, &params, on_candidate, on_done);
}

void proposal_store_stands(
	struct proposal_store *store, const char *obligation_no, const char *step)
{
	sql_array_add_text(&store->numbers, obligation_no);
	sql_array_add_text(&store->steps, step);
}

/* Keep ---------------------------------------------------------------------------------------- */

static void on_kept_row(void *arg, const struct sql_row *row)
{
	struct proposal_store *store = arg;

	store->changed = sql_row_int(row, 0) + sql_row_int(row, 1);
}

static void on_kept(void *arg, const struct sql_outcome *outcome)
{
	struct proposal_store *store = arg;
	proposal_kept_fn kept = store->kept;

	store->kept = NULL;
	kept(store->arg, outcome->err.code ? &outcome->err : NULL, store->changed);
}

int proposal_store_keep(struct proposal_store *store, int64_t run_id, day_t as_of,
	proposal_kept_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	const char *numbers = sql_array_text(&store->numbers);
	const char *steps = sql_array_text(&store->steps);

	if (!numbers || !steps)
		return err_set(
			err, ERR_LIMIT, "more verified debts than proposals can be made for");
	begin(store, NULL, arg);
	store->kept = done;
	store->changed = 0;
	sql_param_int(&params, run_id);
	sql_param_day(&params, as_of);
	sql_param_text(&params, numbers);
	sql_param_text(&params, steps);
	call(store, sql_text_proposal_keep, &params, on_kept_row, on_kept);
	return 0;
}

/* Tell ---------------------------------------------------------------------------------------- */

static void on_row(void *arg, const struct sql_row *row)
{
	struct proposal_store *store = arg;

	store->row(store->arg, &(struct proposal_row){
				       .proposal_id = sql_row_int(row, 0),
				       .step = sql_row_text(row, 1),
				       .unit_code = sql_row_text(row, 2),
				       .department = sql_row_text(row, 3),
				       .decided_by = sql_row_text(row, 4),
				       .decided_on = sql_row_day(row, 5),
				       .reason = sql_row_text(row, 6),
				       .rows_total = sql_row_int(row, 7),
				       .overdue_total = sql_row_int(row, 8),
				       .obligation_no = sql_row_text(row, 9),
				       .contract_no = sql_row_text(row, 10),
				       .supplier_name = sql_row_text(row, 11),
				       .supplier_uscc = sql_row_text(row, 12),
				       .overdue_since = sql_row_day(row, 13),
				       .overdue_days = sql_row_int(row, 14),
				       .overdue = sql_row_int(row, 15),
				       .disputed = sql_row_int(row, 16),
				       .interest = sql_row_null(row, 17) ? PROPOSAL_NO_INTEREST
									 : sql_row_int(row, 17),
			       });
}

void proposal_store_confirmed(struct proposal_store *store, day_t as_of, proposal_row_fn row,
	proposal_done_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;

	begin(store, done, arg);
	store->row = row;
	sql_param_day(&params, as_of);
	call(store, sql_text_proposal_confirmed, &params, on_row, on_done);
}

void proposal_store_told(struct proposal_store *store, int64_t run_id, int64_t proposal_id,
	proposal_done_fn done, void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;

	begin(store, done, arg);
	sql_param_int(&params, run_id);
	sql_param_int(&params, proposal_id);
	call(store, sql_text_proposal_told, &params, NULL, on_done);
}

/* Decide -------------------------------------------------------------------------------------- */

struct deciding {
	int64_t proposal_id, rows;
	bool seen, decided;
	char state[16];
	proposal_decided_fn done;
	void *arg;
};

static void on_decided_row(void *arg, const struct sql_row *row)
{
	struct deciding *deciding = arg;

	deciding->seen = true;
	snprintf(deciding->state, sizeof(deciding->state), "%s", sql_row_text(row, 0));
	deciding->decided = sql_row_bool(row, 1);
	deciding->rows = sql_row_int(row, 2);
}

static void on_decided(void *arg, const struct sql_outcome *outcome)
{
	struct deciding deciding = *(struct deciding *)arg;
	struct err err = outcome->err;

	free(arg);
	if (err.code == ERR_NONE && !deciding.seen)
		err_set(&err, ERR_DATA, "there is no proposal %" PRId64, deciding.proposal_id);
	else if (err.code == ERR_NONE && !deciding.decided)
		err_set(&err, ERR_REFUSED, "proposal %" PRId64 " does not wait: it %s",
			deciding.proposal_id,
			strcmp(deciding.state, "proposed") == 0    ? "was decided at this moment"
			: strcmp(deciding.state, "lapsed") == 0    ? "has lapsed"
			: strcmp(deciding.state, "confirmed") == 0 ? "is confirmed already"
								   : "is declined already");
	deciding.done(deciding.arg, err.code ? &err : NULL, deciding.rows);
}

static int check(const struct proposal_decision *decision, struct err *err)
{
	if (!*decision->person || strlen(decision->person) > PERSON_MAX)
		return err_set(err, ERR_USAGE,
			"the name of who decides is missing or longer than %d bytes", PERSON_MAX);
	if (!*decision->reason || strlen(decision->reason) > REASON_MAX)
		return err_set(err, ERR_USAGE, "the reason is missing or longer than %d bytes",
			REASON_MAX);
	return 0;
}

int proposal_decide(struct sql_link *link, const struct proposal_decision *decision,
	proposal_decided_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct deciding *deciding;

	if (check(decision, err))
		return -1;
	deciding = mem_zero(1, sizeof(*deciding));
	deciding->proposal_id = decision->proposal_id;
	deciding->done = done;
	deciding->arg = arg;
	sql_param_int(&params, decision->proposal_id);
	sql_param_text(&params, decision->decision);
	sql_param_text(&params, decision->person);
	sql_param_text(&params, decision->reason);
	if (sql_submit(link,
		    &(struct sql_call){
			    .text = sql_text_proposal_decide,
			    .params = &params,
			    .row = on_decided_row,
			    .done = on_decided,
			    .arg = deciding,
		    },
		    err))
		return 0;
	free(deciding);
	return -1;
}
