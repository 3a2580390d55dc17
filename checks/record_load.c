#include "checks/record_load.h"

#include <stdlib.h>

#include "checks/load_rows.h"
#include "checks/register_book.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { READ_DEADLINE_MS = 600000 };

struct record_load {
	struct sql_tx *tx;
	struct record_piece piece;
	struct facts *facts;
	size_t step;
	record_load_fn done;
	void *arg;
};

/* Each with $1 known batch, and of a piece $2 and $3, its procurements; those of a year have the fiscal year last. */
static const struct record_step {
	const char *text;
	void (*fact)(struct facts *facts, const struct sql_row *row, int first);
	bool piece, year;
} steps[] = {
	{ sql_text_load_record_supplier, fact_row_supplier, true, false },
	{ sql_text_load_record_budget_item, fact_row_budget_item, true, true },
	{ sql_text_load_record_contract, fact_row_contract, true, false },
	{ sql_text_load_record_amendment, fact_row_amendment, true, false },
	{ sql_text_load_record_deposit, fact_row_obligation, true, false },
	{ sql_text_load_record_payment, fact_row_payment, true, false },
	{ sql_text_load_record_mark, fact_row_year_mark, false, true },
	{ sql_text_load_record_notice, fact_row_notice, true, true },
	{ sql_text_load_record_party, fact_row_contract_party, true, false },
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

void record_load_cancel(struct record_load *load)
{
	if (!load)
		return;
	facts_free(load->facts);
	free(load);
}

static void finish(struct record_load *load, const struct err *err)
{
	record_load_fn done = load->done;
	void *arg = load->arg;
	struct facts *facts = err ? NULL : load->facts;
	struct err copy = err ? *err : (struct err)ERR_INIT;

	if (facts)
		load->facts = NULL; /* the receiver's */
	record_load_cancel(load);
	done(arg, err ? &copy : NULL, facts);
}

static void next_step(struct record_load *load);

static void on_row(void *arg, const struct sql_row *row)
{
	struct record_load *load = arg;

	steps[load->step].fact(load->facts, row, 0);
}

static void on_step_done(void *arg, const struct sql_outcome *outcome)
{
	struct record_load *load = arg;

	if (outcome->err.code) {
		finish(load, &outcome->err);
	} else if (++load->step == STEPS) {
		register_book_correct(load->piece.registers, load->facts);
		finish(load, NULL);
	} else {
		next_step(load);
	}
}

static void next_step(struct record_load *load)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_int(&params, load->piece.known_batch);
	if (steps[load->step].piece) {
		sql_param_int(&params, load->piece.first);
		sql_param_int(&params, load->piece.end);
	}
	if (steps[load->step].year)
		sql_param_int(&params, load->piece.fiscal_year);
	sql_tx_call(load->tx, &(struct sql_call){
				      .text = steps[load->step].text,
				      .params = &params,
				      .row = on_row,
				      .done = on_step_done,
				      .arg = load,
				      .deadline_ms = READ_DEADLINE_MS,
				      .stream = true,
			      });
}

struct record_load *record_load_start(
	struct sql_tx *tx, const struct record_piece *piece, record_load_fn done, void *arg)
{
	struct record_load *load = mem_zero(1, sizeof(*load));

	load->tx = tx;
	load->piece = *piece;
	load->facts = facts_new();
	load->done = done;
	load->arg = arg;
	next_step(load);
	return load;
}
