#include "checks/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/lpr.h"
#include "checks/size.h"
#include "checks/words.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { READ_DEADLINE_MS = 600000, CITATIONS_MAX = 256 };

struct citation {
	char *rule_id, *name, *text;
};

struct ledger_parts {
	struct parameters parameters;
	struct day_calendar *calendar;
	struct lpr_table *lpr;
	struct size_standard *sizes;
	struct citation *citations;
	size_t citation_count, citation_cap;
};

struct load {
	struct sql_link *link;
	struct sql_tx *tx;
	struct ledger *ledger;
	char *known_at, *jurisdiction;
	int64_t known_batch;
	bool found; /* the jurisdiction */
	size_t step;
	struct err err; /* the first row that means nothing */
	load_done_fn done;
	void *arg;
};

/* Ledger ------------------------------------------------------------------------------------ */

static struct ledger *ledger_new(void)
{
	struct ledger *ledger = mem_zero(1, sizeof(*ledger));
	struct ledger_parts *parts = mem_zero(1, sizeof(*parts));
	ledger->facts = facts_new();
	ledger->parts = parts;
	parameters_clear(&parts->parameters);
	parts->calendar = day_calendar_new();
	parts->lpr = lpr_new();
	parts->sizes = size_standard_new();
	ledger->law = (struct law){
		.parameters = &parts->parameters,
		.calendar = parts->calendar,
		.lpr = parts->lpr,
		.sizes = parts->sizes,
	};
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	struct ledger_parts *parts = ledger->parts;
	for (size_t i = 0; i < parts->citation_count; i++) {
		free(parts->citations[i].rule_id);
		free(parts->citations[i].name);
		free(parts->citations[i].text);
	}
	free(parts->citations);
	day_calendar_free(parts->calendar);
	lpr_free(parts->lpr);
	size_standard_free(parts->sizes);
	facts_free(ledger->facts);
	free(parts);
	free(ledger);
}

const char *ledger_citation(const struct ledger *ledger, const char *rule_id, const char *name)
{
	for (size_t i = 0; i < ledger->parts->citation_count; i++) {
		const struct citation *citation = &ledger->parts->citations[i];
		if (strcmp(citation->rule_id, rule_id) == 0 && strcmp(citation->name, name) == 0)
			return citation->text;
	}
	return "";
}

/* Rows of the law, in the column order of the .sql file of the same name --------------------- */

static void take_known(struct load *load, const struct sql_row *row)
{
	struct ledger *ledger = load->ledger;
	load->found = true;
	ledger->known_batch = sql_row_int(row, 0);
	snprintf(ledger->known_at, sizeof(ledger->known_at), "%s", sql_row_text(row, 1));
	ledger->state_version = sql_row_int(row, 2);
	ledger->demonstration = sql_row_bool(row, 3);
	snprintf(ledger->jurisdiction, sizeof(ledger->jurisdiction), "%s", load->jurisdiction);
	snprintf(ledger->jurisdiction_name, sizeof(ledger->jurisdiction_name), "%s",
		sql_row_text(row, 4));
}

static void take_calendar(struct load *load, const struct sql_row *row)
{
	enum day_kind kind =
		strcmp(sql_row_text(row, 1), "workday") == 0 ? DAY_KIND_WORKDAY : DAY_KIND_HOLIDAY;
	if (!day_calendar_add(load->ledger->parts->calendar, sql_row_day(row, 0), kind))
		err_set(&load->err, ERR_DATA, "the calendar names %s twice", sql_row_text(row, 0));
}

static void take_lpr(struct load *load, const struct sql_row *row)
{
	lpr_add(load->ledger->parts->lpr, sql_row_day(row, 0), sql_row_int(row, 1));
}

static void take_size(struct load *load, const struct sql_row *row)
{
	size_standard_add(load->ledger->parts->sizes, sql_row_text(row, 0), sql_row_text(row, 1),
		sql_row_text(row, 2), sql_row_text(row, 3), sql_row_int(row, 4),
		sql_row_int(row, 5), sql_row_int(row, 6), &load->err);
}

static void take_parameter(struct load *load, const struct sql_row *row)
{
	struct ledger_parts *parts = load->ledger->parts;
	parameters_take(&parts->parameters, sql_row_text(row, 0), sql_row_text(row, 1),
		sql_row_day(row, 2), sql_row_day(row, 3), sql_row_text(row, 4), &load->err);
	if (parts->citation_count == CITATIONS_MAX)
		return;
	MEM_GROW(parts->citations, parts->citation_count, parts->citation_cap);
	parts->citations[parts->citation_count++] = (struct citation){
		.rule_id = mem_text(sql_row_text(row, 0)),
		.name = mem_text(sql_row_text(row, 1)),
		.text = mem_text(sql_row_text(row, 5)),
	};
}

/* Rows of the facts ------------------------------------------------------------------------- */

/* Reads a row from left to right, so that a function reads like the SELECT list. */
struct cursor {
	struct facts *facts;
	const struct sql_row *row;
	int column;
};

static const char *next_text(struct cursor *at)
{
	return facts_text(at->facts, sql_row_text(at->row, at->column++));
}

static const char *next_word(struct cursor *at) /* for words_*: not kept */
{
	return sql_row_text(at->row, at->column++);
}

static int64_t next_number(struct cursor *at)
{
	return sql_row_int_or(at->row, at->column++, NUMBER_NONE);
}

static day_t next_day(struct cursor *at)
{
	return sql_row_day(at->row, at->column++);
}

static bool next_true(struct cursor *at)
{
	int column = at->column++;
	return !sql_row_null(at->row, column) && sql_row_bool(at->row, column);
}

static enum tri next_tri(struct cursor *at)
{
	int column = at->column++;
	if (sql_row_null(at->row, column))
		return TRI_UNKNOWN;
	return sql_row_bool(at->row, column) ? TRI_YES : TRI_NO;
}

static struct cursor first_column(struct load *load, const struct sql_row *row)
{
	return (struct cursor){ .facts = load->ledger->facts, .row = row };
}

static void take_unit(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct unit_fact *unit = facts_add_unit(at.facts);
	unit->unit_code = next_text(&at);
	unit->uscc = next_text(&at);
	unit->name = next_text(&at);
	unit->parent_code = next_text(&at);
	unit->kind = words_debtor_kind(next_word(&at));
	unit->valid_from = next_day(&at);
	unit->valid_to = next_day(&at);
}

static void take_supplier(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct supplier_fact *supplier = facts_add_supplier(at.facts);
	supplier->uscc = next_text(&at);
	supplier->name = next_text(&at);
	supplier->industry_code = next_text(&at);
	supplier->size_class = words_size_class(next_word(&at));
	supplier->employees = next_number(&at);
	supplier->revenue_fen = next_number(&at);
	supplier->assets_fen = next_number(&at);
	supplier->size_year = (int)sql_row_int_or(at.row, at.column++, 0);
	supplier->deemed = words_deemed(next_word(&at));
	supplier->large_controlled = next_tri(&at);
}

static void take_budget_item(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct budget_item_fact *item = facts_add_budget_item(at.facts);
	item->fiscal_year = (int)next_number(&at);
	item->unit_code = next_text(&at);
	item->project_code = next_text(&at);
	item->package_no = next_text(&at);
	item->name = next_text(&at);
	item->snapshot = words_snapshot_kind(next_word(&at));
	item->approved_on = next_day(&at);
	item->class = words_procurement_class(next_word(&at));
	item->budget_fen = next_number(&at);
	item->reserve_form = words_reserve_form(next_word(&at));
	item->reserved_for = words_reserved_for(next_word(&at));
	item->required_share_ppm = next_number(&at);
	item->reserved_fen = next_number(&at);
	item->reserved_small_micro_fen = next_number(&at);
	item->exemption_code = next_text(&at);
	item->exemption_reason = next_text(&at);
	item->exemption_approver = next_text(&at);
	item->exemption_on = next_day(&at);
	item->withdrawn_on = next_day(&at);
	item->planned_on = words_month(next_word(&at));
	item->plan_filed_on = next_day(&at);
	item->notice_on = next_day(&at);
}

static void take_contract(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct contract_fact *contract = facts_add_contract(at.facts);
	contract->contract_no = next_text(&at);
	contract->project_code = next_text(&at);
	contract->package_no = next_text(&at);
	contract->unit_code = next_text(&at);
	contract->supplier_uscc = next_text(&at);
	contract->signed_on = next_day(&at);
	contract->amount_fen = next_number(&at);
	contract->reserve_form = words_reserve_form(next_word(&at));
	contract->sme_share_ppm = next_number(&at);
	contract->small_micro_share_ppm = next_number(&at);
	contract->reserved_fen = next_number(&at);
	contract->reserved_small_micro_fen = next_number(&at);
	contract->declared_size = words_size_class(next_word(&at));
	contract->reserved_mark = next_tri(&at);
	contract->agreed_term = next_number(&at);
	contract->term_unit = words_term_unit(next_word(&at));
	contract->clock_basis = words_clock_basis(next_word(&at));
	contract->inspection_days = next_number(&at);
	contract->late_rate_ppm = next_number(&at);
	contract->late_cap_ppm = next_number(&at);
	contract->day_base = next_number(&at);
	contract->cancelled = next_true(&at);
	contract->cancelled_on = next_day(&at);
}

static void take_amendment(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct amendment_fact *amendment = facts_add_amendment(at.facts);
	amendment->contract_no = next_text(&at);
	amendment->amended_on = next_day(&at);
	amendment->amount_change_fen = next_number(&at);
}

static void take_obligation(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct obligation_fact *obligation = facts_add_obligation(at.facts);
	obligation->obligation_no = next_text(&at);
	obligation->contract_no = next_text(&at);
	obligation->kind = words_obligation_kind(next_word(&at));
	obligation->amount_fen = next_number(&at);
	obligation->delivered_on = next_day(&at);
	obligation->accepted_on = next_day(&at);
	obligation->settled_on = next_day(&at);
	obligation->contract_due_on = next_day(&at);
	obligation->disputed_fen = next_number(&at);
	obligation->dispute_opened_on = next_day(&at);
	obligation->dispute_settled_on = next_day(&at);
}

static void take_payment(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct payment_fact *payment = facts_add_payment(at.facts);
	payment->voucher_no = next_text(&at);
	payment->contract_no = next_text(&at);
	payment->obligation_no = next_text(&at);
	payment->unit_code = next_text(&at);
	payment->payee_uscc = next_text(&at);
	payment->amount_fen = next_number(&at);
	payment->voucher_on = next_day(&at);
	payment->cleared_on = next_day(&at);
	payment->received_on = next_day(&at);
	payment->instrument = words_instrument(next_word(&at));
	payment->matures_on = next_day(&at);
	payment->reverses_voucher_no = next_text(&at);
}

static void take_complaint(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct complaint_fact *complaint = facts_add_complaint(at.facts);
	complaint->complaint_no = next_text(&at);
	complaint->contract_no = next_text(&at);
	complaint->accepted_on = next_day(&at);
	complaint->handed_over_on = next_day(&at);
	complaint->answered_on = next_day(&at);
	complaint->extended = next_true(&at);
}

static void take_year_mark(struct load *load, const struct sql_row *row)
{
	struct cursor at = first_column(load, row);
	struct year_mark_fact *mark = facts_add_year_mark(at.facts);
	mark->fiscal_year = (int)next_number(&at);
	mark->unit_code = next_text(&at);
	mark->mark = words_year_mark(next_word(&at));
	mark->marked_on = next_day(&at);
	mark->marked_by = next_text(&at);
}

static void take_award(struct load *load, const struct sql_row *row)
{
	enum { FIRST_PARTY_COLUMN = 6 };
	struct cursor at = first_column(load, row);
	struct facts *facts = at.facts;
	const char *award_id = next_text(&at);
	/* Texts of one pool: equal texts are one copy. */
	if (facts->awards.count == 0 ||
		facts->awards.items[facts->awards.count - 1].award_id != award_id) {
		struct award_fact *award = facts_add_award(facts);
		award->award_id = award_id;
		award->unit_code = next_text(&at);
		award->buyer_name = next_text(&at);
		award->awarded_on = next_day(&at);
		award->amount_fen = next_number(&at);
		award->currency = next_text(&at);
	}
	at.column = FIRST_PARTY_COLUMN;
	if (sql_row_null(row, at.column))
		return;
	struct party_fact *party = facts_add_party(facts);
	party->supplier_id = next_text(&at);
	party->name = next_text(&at);
	party->size_class = words_size_class(next_word(&at));
	party->deemed = words_deemed(next_word(&at));
	party->related_to_large = next_tri(&at);
}

/* The steps ----------------------------------------------------------------------------------- */

struct load_step {
	const char *text;
	void (*take)(struct load *load, const struct sql_row *row);
};

static void next_step(struct load *load);

static const struct load_step load_steps[] = {
	{ sql_text_load_known, take_known }, /* $1 time, $2 batch, $3 jurisdiction */
	{ sql_text_load_parameter, take_parameter },
	{ sql_text_load_calendar, take_calendar },
	{ sql_text_load_lpr, take_lpr },
	{ sql_text_load_size, take_size },
	{ sql_text_load_unit, take_unit },
	{ sql_text_load_supplier, take_supplier },
	{ sql_text_load_budget_item, take_budget_item },
	{ sql_text_load_contract, take_contract },
	{ sql_text_load_amendment, take_amendment },
	{ sql_text_load_obligation, take_obligation },
	{ sql_text_load_payment, take_payment },
	{ sql_text_load_complaint, take_complaint },
	{ sql_text_load_award, take_award },
	{ sql_text_load_year_mark, take_year_mark },
};
enum { STEP_KNOWN, STEP_PARAMETER, STEP_COUNT = sizeof(load_steps) / sizeof(load_steps[0]) };

static void load_free(struct load *load)
{
	ledger_free(load->ledger);
	free(load->known_at);
	free(load->jurisdiction);
	free(load);
}

static void finish(struct load *load)
{
	struct ledger *ledger = load->ledger;
	struct err err = load->err;
	load_done_fn done = load->done;
	void *arg = load->arg;
	if (err.code == ERR_NONE)
		load->ledger = NULL; /* the receiver's */
	load_free(load);
	done(arg, err.code ? &err : NULL, err.code ? NULL : ledger);
}

/* Nothing was written: how the transaction ends makes no difference to anybody. */
static void end_read(struct load *load)
{
	sql_tx_rollback(load->tx, NULL, NULL);
	load->tx = NULL;
	finish(load);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct load *load = arg;
	if (load->err.code == ERR_NONE)
		load_steps[load->step].take(load, row);
}

static void check_step(struct load *load)
{
	if (load->err.code == ERR_NONE && load->step == STEP_KNOWN && !load->found)
		err_set(&load->err, ERR_USAGE, "jurisdiction \"%s\" is not known to the ledger",
			load->jurisdiction);
	if (load->err.code == ERR_NONE && load->step == STEP_PARAMETER)
		parameters_check(&load->ledger->parts->parameters, &load->err);
}

static void on_step_done(void *arg, const struct sql_outcome *outcome)
{
	struct load *load = arg;
	if (outcome->err.code) {
		load->err = outcome->err;
		/* Class 22: the only text that PostgreSQL parses here is the time we were given. */
		if (load->step == STEP_KNOWN && load->known_at &&
			strncmp(outcome->err.sqlstate, "22", 2) == 0) {
			err_clear(&load->err);
			err_set(&load->err, ERR_USAGE, "\"%s\" is not a time", load->known_at);
		}
	}
	check_step(load);
	load->step++;
	if (load->err.code || load->step == STEP_COUNT)
		end_read(load);
	else
		next_step(load);
}

static void next_step(struct load *load)
{
	struct sql_params params = SQL_PARAMS_INIT;
	if (load->step == STEP_KNOWN) {
		sql_param_text(&params, load->known_at);
		sql_param_int(&params, load->known_batch);
		sql_param_text(&params, load->jurisdiction);
	} else {
		sql_param_int(&params, load->ledger->known_batch);
		if (load->step == STEP_PARAMETER)
			sql_param_text(&params, load->jurisdiction);
	}
	sql_tx_call(load->tx, &(struct sql_call){
				      .text = load_steps[load->step].text,
				      .params = &params,
				      .row = on_row,
				      .done = on_step_done,
				      .arg = load,
				      .deadline_ms = READ_DEADLINE_MS,
				      .stream = true,
			      });
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct load *load = arg;
	load->tx = tx;
	if (outcome->err.code) {
		load->tx = NULL;
		load->err = outcome->err;
		finish(load);
		return;
	}
	next_step(load);
}

struct load *load_start(struct sql_link *link, const struct load_request *request,
	load_done_fn done, void *arg, struct err *err)
{
	struct load *load = mem_zero(1, sizeof(*load));
	load->link = link;
	load->ledger = ledger_new();
	load->known_at = request->known_at ? mem_text(request->known_at) : NULL;
	load->known_batch = request->known_batch;
	load->jurisdiction = mem_text(request->jurisdiction);
	load->done = done;
	load->arg = arg;
	if (sql_tx_begin(link, SQL_TX_SNAPSHOT, READ_DEADLINE_MS, on_begun, load, err) < 0) {
		load_free(load);
		return NULL;
	}
	return load;
}

void load_cancel(struct load *load)
{
	if (!load)
		return;
	if (load->tx)
		sql_tx_abandon(load->tx);
	else
		sql_tx_begin_cancel(load->link, load);
	load_free(load);
}
