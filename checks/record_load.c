#include "checks/record_load.h"

#include <stdlib.h>

#include "checks/load_rows.h"
#include "checks/register_book.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { READ_DEADLINE_MS = 600000 };

struct record_load {
	struct sql_link *link;
	struct sql_tx *tx;
	struct load *law;
	struct ledger *ledger;
	char *jurisdiction;
	int fiscal_year;
	size_t step;
	record_load_fn done;
	void *arg;
};

/* Each with $1 known batch, $2 fiscal year. */
static const struct record_step {
	const char *text;
	void (*fact)(struct facts *facts, const struct sql_row *row, int first);
} steps[] = {
	{ sql_text_load_record_supplier, fact_row_supplier },
	{ sql_text_load_record_budget_item, fact_row_budget_item },
	{ sql_text_load_record_contract, fact_row_contract },
	{ sql_text_load_record_amendment, fact_row_amendment },
	{ sql_text_load_record_deposit, fact_row_obligation },
	{ sql_text_load_record_mark, fact_row_year_mark },
	{ sql_text_load_record_notice, fact_row_notice },
	{ sql_text_load_record_party, fact_row_contract_party },
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static void load_free(struct record_load *load)
{
	ledger_free(load->ledger);
	free(load->jurisdiction);
	free(load);
}

/* A transaction that wrote nothing: how it ends makes no difference to anybody. */
static void finish(struct record_load *load, const struct err *err)
{
	record_load_fn done = load->done;
	void *arg = load->arg;
	struct ledger *ledger = err ? NULL : load->ledger;
	struct err copy = err ? *err : (struct err)ERR_INIT;

	if (load->tx)
		sql_tx_rollback(load->tx, NULL, NULL);
	if (ledger)
		load->ledger = NULL; /* the receiver's */
	load_free(load);
	done(arg, err ? &copy : NULL, ledger);
}

static void next_step(struct record_load *load);

static void on_row(void *arg, const struct sql_row *row)
{
	struct record_load *load = arg;

	steps[load->step].fact(load->ledger->facts, row, 0);
}

static void on_step_done(void *arg, const struct sql_outcome *outcome)
{
	struct record_load *load = arg;

	if (outcome->err.code) {
		finish(load, &outcome->err);
	} else if (++load->step == STEPS) {
		register_book_correct(load->ledger->law.registers, load->ledger->facts);
		finish(load, NULL);
	} else {
		next_step(load);
	}
}

static void next_step(struct record_load *load)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_int(&params, load->ledger->known_batch);
	sql_param_int(&params, load->fiscal_year);
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

static void on_law(void *arg, const struct err *err, struct ledger *ledger)
{
	struct record_load *load = arg;

	load->law = NULL;
	load->ledger = ledger;
	if (err)
		finish(load, err);
	else
		next_step(load);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct record_load *load = arg;

	load->tx = tx;
	if (outcome->err.code)
		finish(load, &outcome->err);
	else
		load->law = load_law_start(tx,
			&(struct load_request){
				.known_batch = -1, .jurisdiction = load->jurisdiction },
			on_law, load);
}

struct record_load *record_load_start(struct sql_link *link, const char *jurisdiction,
	int fiscal_year, record_load_fn done, void *arg, struct err *err)
{
	struct record_load *load = mem_zero(1, sizeof(*load));

	load->link = link;
	load->jurisdiction = mem_text(jurisdiction);
	load->fiscal_year = fiscal_year;
	load->done = done;
	load->arg = arg;
	if (sql_tx_begin(link, SQL_TX_SNAPSHOT, READ_DEADLINE_MS, on_begun, load, err) == 0)
		return load;
	load_free(load);
	return NULL;
}

void record_load_cancel(struct record_load *load)
{
	if (!load)
		return;
	load_cancel(load->law);
	if (load->tx)
		sql_tx_abandon(load->tx);
	else
		sql_tx_begin_cancel(load->link, load);
	load_free(load);
}
